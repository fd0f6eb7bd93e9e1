/* What a client tells of its work, and what it has counted. Subscriptions are pulled as all others are. */

%extend k8sc_client {
    k8sc_status on_warning(bool repeated, k8sc_queue *queue, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy,
                           k8sc_subscription **out, k8sc_error **err);
    k8sc_status on_log(int32_t level, k8sc_queue *queue, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy,
                       k8sc_subscription **out, k8sc_error **err);
    k8sc_status on_trace(k8sc_queue *queue, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_subscription **out,
                         k8sc_error **err);
    k8sc_status metrics_json(char **out, k8sc_error **err);
    k8sc_status metrics_prometheus(char **out, k8sc_error **err);
}

%extend k8sc_subscription {
    ~k8sc_subscription() { k8sc_subscription_unref($self); }
    void cancel();
}

/* Lua and Ruby get what an event holds, not the event. */
#if !defined(SWIGLUA) && !defined(SWIGRUBY)
%extend k8sc_event {
    const char *text();
    int32_t level();
    const char *component();
    int64_t dropped();
}
#endif

%extend k8sc_result {
    int32_t warning_count();
    const char *warning(int32_t index);
}
