/* The dynamic client's verbs, lists, pages and watches. Lists are values of their own in Lua and Ruby. */

%extend k8sc_resource {
    ~k8sc_resource() { k8sc_resource_unref($self); }
    k8sc_status create(const k8sc_object *object, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
    k8sc_status update(const k8sc_object *object, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
    k8sc_status update_status(const k8sc_object *object, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
    k8sc_status delete(const char *name, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
    k8sc_status delete_collection(const k8sc_options *options, k8sc_object **out, k8sc_error **err);
    k8sc_status get(const char *name, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
    k8sc_status list(const k8sc_options *options, k8sc_list **out, k8sc_error **err);
    k8sc_status list_all(const k8sc_options *options, k8sc_list **out, k8sc_error **err);
    k8sc_status patch(const char *name, int32_t patch_type, const char *text, size_t text_len, const k8sc_options *options,
                      k8sc_object **out, k8sc_error **err);
    k8sc_status apply(const char *name, const k8sc_object *object, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
    k8sc_status apply_status(const char *name, const k8sc_object *object, const k8sc_options *options, k8sc_object **out,
                             k8sc_error **err);
    k8sc_status pages(const k8sc_options *options, k8sc_pager **out, k8sc_error **err);
    k8sc_status watch(const k8sc_options *options, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_watch **out,
                      k8sc_error **err);
    k8sc_status retry_watch(const k8sc_options *options, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_watch **out,
                            k8sc_error **err);
    k8sc_status wait_for_condition(const char *name, const char *type, const char *status, const k8sc_options *options, int64_t timeout_ms,
                                   k8sc_object **out, k8sc_error **err);
    k8sc_status wait_for_deletion(const char *name, const k8sc_options *options, int64_t timeout_ms, k8sc_error **err);
}

%extend k8sc_watch {
    ~k8sc_watch() { k8sc_watch_unref($self); }
    void cancel();
}

#if !defined(SWIGLUA) && !defined(SWIGRUBY)
%extend k8sc_list {
    ~k8sc_list() { k8sc_list_free($self); }
    int64_t size();
    k8sc_object *at(int64_t index);
    k8sc_status object(int64_t index, k8sc_object **out, k8sc_error **err);
    const char *resource_version();
    const char *continue();
    int64_t remaining_item_count();
}
#endif

%extend k8sc_pager {
    ~k8sc_pager() { k8sc_pager_free($self); }
    k8sc_status next(k8sc_object **out, k8sc_error **err);
}
