/* bindings/generate.py has written this from the public headers and bindings/bindings.toml. */
k8sc_status k8sc_binding_manifest(k8sc_rest_mapper *mapper, const char *verb, const char *text, size_t text_len, const char *ns, const k8sc_options *options, bool ignore_not_found, k8sc_manifest_results **out, k8sc_error **err);
