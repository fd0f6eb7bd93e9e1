/* Discovery, the REST mapper and manifests. Mappings are tables in Lua. */

k8sc_status k8sc_discovery_new(k8sc_client *client, k8sc_discovery **out, k8sc_error **err);
k8sc_status k8sc_discovery_new_cached(k8sc_client *client, k8sc_discovery **out, k8sc_error **err);
k8sc_status k8sc_discovery_new_disk_cached(k8sc_client *client, const char *directory, int64_t ttl_ms, k8sc_discovery **out, k8sc_error **err);

%extend k8sc_discovery {
    ~k8sc_discovery() { k8sc_discovery_unref($self); }
    k8sc_status invalidate(k8sc_error **err);
    bool is_fresh();
    k8sc_status server_groups(k8sc_object **out, k8sc_error **err);
    k8sc_status server_resources_for_group_version(const char *group_version, k8sc_object **out, k8sc_error **err);
    /* What failed comes beside the answer. */
    k8sc_status server_groups_and_resources(k8sc_object **groups, k8sc_list **out, k8sc_error **partial, k8sc_error **err);
    k8sc_status server_preferred_resources(k8sc_list **out, k8sc_error **partial, k8sc_error **err);
    k8sc_status server_preferred_namespaced_resources(k8sc_list **out, k8sc_error **partial, k8sc_error **err);
    k8sc_status server_version(k8sc_object **out, k8sc_error **err);
    k8sc_status openapi_v2(k8sc_object **out, k8sc_error **err);
    k8sc_status openapi_v3(k8sc_object **out, k8sc_error **err);
    k8sc_status openapi_v3_document(const char *group_version, k8sc_object **out, k8sc_error **err);
    k8sc_status supports_version(const char *group_version, int *yes, k8sc_error **err);
    k8sc_status is_resource_enabled(const char *group_version, const char *resource, int *yes, k8sc_error **err);
}

k8sc_status k8sc_rest_mapper_new(k8sc_discovery *discovery, k8sc_rest_mapper **out, k8sc_error **err);

%extend k8sc_rest_mapper {
    ~k8sc_rest_mapper() { k8sc_rest_mapper_unref($self); }
    k8sc_status reset(k8sc_error **err);
    k8sc_status mapping_for_kind(const char *group, const char *version, const char *kind, k8sc_rest_mapping **out, k8sc_error **err);
    k8sc_status mapping_for_resource(const char *group, const char *version, const char *resource, k8sc_rest_mapping **out, k8sc_error **err);
    k8sc_status mappings_for_kind(const char *group, const char *version, const char *kind, k8sc_rest_mappings **out, k8sc_error **err);
    k8sc_status mappings_for_resource(const char *group, const char *version, const char *resource, k8sc_rest_mappings **out, k8sc_error **err);
    k8sc_status mappings_for_category(const char *category, k8sc_rest_mappings **out, k8sc_error **err);
    k8sc_status find(const char *argument, k8sc_rest_mapping **out, k8sc_error **err);
    k8sc_status resource_for_kind(const char *api_version, const char *kind, const char *ns, k8sc_resource **out, k8sc_error **err);
    k8sc_status resource_for_object(const k8sc_object *object, const char *default_ns, k8sc_resource **out, k8sc_error **err);
}

%{
#include "manifest.h"
%}
/* Reads a manifest and does what `verb` says with its objects. */
%rename(manifest) k8sc_binding_manifest;
k8sc_status k8sc_binding_manifest(k8sc_rest_mapper *mapper, const char *verb, const char *text, size_t text_len, const char *ns,
                              const k8sc_options *options, bool ignore_not_found, k8sc_manifest_results **out, k8sc_error **err);

/* Lua and Ruby have tables and hashes for these. */
#if !defined(SWIGLUA) && !defined(SWIGRUBY)
%extend k8sc_rest_mapping {
    ~k8sc_rest_mapping() { k8sc_rest_mapping_free($self); }
    const char *group();
    const char *version();
    const char *resource();
    const char *kind();
    const char *singular();
    bool is_namespaced();
}

/* An element is its list's, so it is read through that. */
%extend k8sc_rest_mappings {
    ~k8sc_rest_mappings() { k8sc_rest_mappings_free($self); }
    int64_t size();
    const char *group(int64_t index) { return k8sc_rest_mapping_group(k8sc_rest_mappings_at($self, index)); }
    const char *version(int64_t index) { return k8sc_rest_mapping_version(k8sc_rest_mappings_at($self, index)); }
    const char *resource(int64_t index) { return k8sc_rest_mapping_resource(k8sc_rest_mappings_at($self, index)); }
    const char *kind(int64_t index) { return k8sc_rest_mapping_kind(k8sc_rest_mappings_at($self, index)); }
    const char *singular(int64_t index) { return k8sc_rest_mapping_singular(k8sc_rest_mappings_at($self, index)); }
    bool is_namespaced(int64_t index) { return k8sc_rest_mapping_is_namespaced(k8sc_rest_mappings_at($self, index)); }
}

%extend k8sc_manifest_results {
    ~k8sc_manifest_results() { k8sc_manifest_results_free($self); }
    int64_t size();
    int64_t failures();
    k8sc_object *source(int64_t index);
    k8sc_object *object(int64_t index);
    const k8sc_error *error(int64_t index);
}
#endif
