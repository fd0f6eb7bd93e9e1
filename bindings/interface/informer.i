/* Informers, their factory, handlers and listers. */

k8sc_status k8sc_informer_options_new(k8sc_informer_options **out, k8sc_error **err);

%extend k8sc_informer_options {
    ~k8sc_informer_options() { k8sc_informer_options_free($self); }
    k8sc_status set_namespace(const char *ns, k8sc_error **err);
    k8sc_status set_resync(int64_t period_ms, k8sc_error **err);
    k8sc_status set_custom_resync(const char *group, const char *version, const char *resource, int64_t period_ms, k8sc_error **err);
    k8sc_status set_label_selector(const char *selector, k8sc_error **err);
    k8sc_status set_field_selector(const char *selector, k8sc_error **err);
    k8sc_status set_drop_managed_fields(bool drop, k8sc_error **err);
    k8sc_status drop_annotations(const char *prefix, k8sc_error **err);
    k8sc_status drop_path(const char *pointer, k8sc_error **err);
    k8sc_status keep_path(const char *pointer, k8sc_error **err);
    k8sc_status set_metadata_only(bool metadata_only, k8sc_error **err);
    k8sc_status set_compression_threshold(int64_t from_bytes, k8sc_error **err);
    k8sc_status set_page_size(int64_t size, k8sc_error **err);
    k8sc_status set_watch_idle_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_list_mode(int32_t mode, k8sc_error **err);
    k8sc_status set_queue(k8sc_queue *queue, k8sc_error **err);
}

k8sc_status k8sc_informer_factory_new(k8sc_client *client, const k8sc_informer_options *options, k8sc_informer_factory **out,
                                      k8sc_error **err);

%extend k8sc_informer_factory {
    ~k8sc_informer_factory() { k8sc_informer_factory_unref($self); }
    k8sc_status for_resource(const char *group, const char *version, const char *resource, k8sc_informer **out, k8sc_error **err);
    k8sc_status for_kind(const char *api_version, const char *kind, k8sc_informer **out, k8sc_error **err);
    k8sc_status remove(k8sc_informer *informer, k8sc_error **err);
    k8sc_status start(k8sc_error **err);
    k8sc_status wait_for_sync(int64_t timeout_ms, k8sc_error **err);
    k8sc_status wait_for_cache_sync(int64_t timeout_ms, char **out, k8sc_error **err);
    k8sc_status statistics_json(char **out, k8sc_error **err);
    k8sc_status shutdown(k8sc_error **err);
}

k8sc_status k8sc_informer_new(k8sc_client *client, const char *group, const char *version, const char *resource,
                              const k8sc_informer_options *options, k8sc_informer **out, k8sc_error **err);

%extend k8sc_informer {
    ~k8sc_informer() { k8sc_informer_unref($self); }
    k8sc_status start(k8sc_error **err);
    k8sc_status stop(k8sc_error **err);
    bool is_stopped();
    bool has_synced();
    k8sc_status wait_for_sync(int64_t timeout_ms, k8sc_error **err);
    k8sc_status wait_for_resource_version(const char *resource_version, int64_t timeout_ms, k8sc_error **err);
    k8sc_status last_sync_resource_version(char **out, k8sc_error **err);
    k8sc_status statistics_json(char **out, k8sc_error **err);
    k8sc_status add_handler(k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_registration **out, k8sc_error **err);
    k8sc_status add_handler_with(int64_t resync_ms, k8sc_queue *queue, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy,
                                 k8sc_registration **out, k8sc_error **err);
    k8sc_status remove_handler(k8sc_registration *registration, k8sc_error **err);
    k8sc_status add_pointer_index(const char *name, const char *pointer, k8sc_error **err);
    k8sc_status add_label_index(const char *name, const char *key, k8sc_error **err);
    k8sc_status add_owner_index(const char *name, k8sc_error **err);
    k8sc_status lister(k8sc_lister **out, k8sc_error **err);
}

%extend k8sc_registration {
    ~k8sc_registration() { k8sc_registration_unref($self); }
    bool has_synced();
    k8sc_status set_limit(int32_t policy, int64_t events, k8sc_error **err);
    int64_t depth();
    int64_t coalesced();
}

%extend k8sc_lister {
    ~k8sc_lister() { k8sc_lister_unref($self); }
    k8sc_status get(const char *ns, const char *name, k8sc_object **out, k8sc_error **err);
    k8sc_status list(const char *ns, const char *label_selector, k8sc_list **out, k8sc_error **err);
    k8sc_status select(const char *ns, const k8sc_options *options, k8sc_list **out, k8sc_error **err);
    k8sc_status by_index(const char *index, const char *value, k8sc_list **out, k8sc_error **err);
    k8sc_status index_values(const char *index, k8sc_strings **out, k8sc_error **err);
    int64_t size();
}
