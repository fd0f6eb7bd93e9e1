/* bindings/generate.py has written this from the public headers and bindings/bindings.toml. */

%constant int32_t STREAMING_REFUSED = K8SC_TESTING_STREAMING_REFUSED;
%constant int32_t STREAMING_IGNORED = K8SC_TESTING_STREAMING_IGNORED;
%constant int32_t STREAMING_SUPPORTED = K8SC_TESTING_STREAMING_SUPPORTED;

%rename(Options) k8sc_testing_options;
typedef struct k8sc_testing_options {} k8sc_testing_options;
%rename(Server) k8sc_testing_server;
typedef struct k8sc_testing_server {} k8sc_testing_server;

k8sc_status k8sc_testing_options_new(k8sc_testing_options **out, k8sc_error **err);
k8sc_status k8sc_testing_server_start(const k8sc_testing_options *options, k8sc_testing_server **out, k8sc_error **err);

%extend k8sc_testing_options {
    ~k8sc_testing_options() { k8sc_testing_options_free($self); }
    k8sc_status set_port(int32_t port, k8sc_error **err);
    k8sc_status set_base_path(const char *path, k8sc_error **err);
    k8sc_status set_tls(bool enabled, k8sc_error **err);
    k8sc_status set_http2(bool enabled, k8sc_error **err);
    k8sc_status set_http2_max_streams(int32_t streams, k8sc_error **err);
    k8sc_status set_http2_upload_window(int64_t bytes, k8sc_error **err);
    k8sc_status set_http2_answer_pings(bool enabled, k8sc_error **err);
    k8sc_status set_token(const char *token, k8sc_error **err);
    k8sc_status add_user(const char *token, const char *name, const char *groups, k8sc_error **err);
    k8sc_status set_authorization(bool enabled, k8sc_error **err);
    k8sc_status add_kind(const char *group, const char *version, const char *plural, const char *kind, bool namespaced, k8sc_error **err);
    k8sc_status set_aggregated_discovery(bool enabled, k8sc_error **err);
    k8sc_status set_allow_any_resource(bool enabled, k8sc_error **err);
    k8sc_status set_strict(bool enabled, k8sc_error **err);
    k8sc_status set_kubernetes_version(const char *version, k8sc_error **err);
    k8sc_status set_bookmark_interval(int64_t interval_ms, k8sc_error **err);
    k8sc_status set_page_limit(int64_t items, k8sc_error **err);
    k8sc_status set_event_window(int64_t events, k8sc_error **err);
    k8sc_status set_partial_objects(bool enabled, k8sc_error **err);
    k8sc_status set_streaming_lists(int32_t how, k8sc_error **err);
    k8sc_status set_expired_at_open(bool enabled, k8sc_error **err);
    k8sc_status set_admin(bool enabled, k8sc_error **err);
}

%extend k8sc_testing_server {
    ~k8sc_testing_server() { k8sc_testing_server_free($self); }
    k8sc_status stop(k8sc_error **err);
    k8sc_status restart(k8sc_error **err);
    k8sc_status pause(k8sc_error **err);
    k8sc_status resume(k8sc_error **err);
    k8sc_status disconnect(k8sc_error **err);
    k8sc_status set_token(const char *token, k8sc_error **err);
    k8sc_status add_token(const char *token, k8sc_error **err);
    k8sc_status set_client_ca(const char *pem, k8sc_error **err);
    k8sc_status prepare_certificate(char **out, k8sc_error **err);
    k8sc_status renew_certificate(char **out, k8sc_error **err);
    k8sc_status set_streaming_lists(int32_t how, k8sc_error **err);
    const char *url();
    const char *ca_pem();
    const char *kubeconfig();
    k8sc_status write_kubeconfig(const char *path, k8sc_error **err);
    k8sc_status kubeconfig_path(const char **out, k8sc_error **err);
    k8sc_status put(const char *text, size_t text_len, k8sc_error **err);
    k8sc_status load(const char *text, size_t text_len, k8sc_error **err);
    k8sc_status remove(const char *group, const char *version, const char *resource, const char *ns, const char *name, k8sc_error **err);
    k8sc_status get(const char *group, const char *version, const char *resource, const char *ns, const char *name, char **out, k8sc_error **err);
    k8sc_status set_pod_log(const char *ns, const char *pod, const char *container, const char *text, size_t text_len, k8sc_error **err);
    k8sc_status append_pod_log(const char *ns, const char *pod, const char *container, const char *text, size_t text_len, k8sc_error **err);
    k8sc_status restart_container(const char *ns, const char *pod, const char *container, k8sc_error **err);
    k8sc_status generate_pods(const char *ns, const char *prefix, int32_t count, k8sc_error **err);
    k8sc_status resource_version(int64_t *out, k8sc_error **err);
    k8sc_status compact(k8sc_error **err);
    k8sc_status clear(k8sc_error **err);
    k8sc_status advance_clock(int64_t ms, k8sc_error **err);
    int64_t request_count(const char *method, const char *path_prefix);
    int64_t watch_count();
    int64_t connection_count();
    k8sc_status last_request(const char *method, const char *path_prefix, char **out, k8sc_error **err);
    k8sc_status request_log(char **out, k8sc_error **err);
    int64_t action_count(const char *verb, const char *resource, const char *ns, const char *name);
    k8sc_status actions(const char *verb, const char *resource, const char *ns, const char *name, char **out, k8sc_error **err);
    k8sc_status forget_requests(k8sc_error **err);
    k8sc_status add_fault(const char *rule_json, int64_t *out, k8sc_error **err);
    k8sc_status remove_fault(int64_t id, k8sc_error **err);
    k8sc_status clear_faults(k8sc_error **err);
    int64_t fault_count(int64_t id);
}
