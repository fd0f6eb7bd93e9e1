/* Requests built by hand, sent and waited for. Their setters keep the first failure, so their statuses are not looked at. */

%extend k8sc_rest_client {
    ~k8sc_rest_client() { k8sc_rest_client_unref($self); }
    k8sc_status verb(const char *verb, k8sc_request **out, k8sc_error **err);
    k8sc_status get(k8sc_request **out, k8sc_error **err);
    k8sc_status post(k8sc_request **out, k8sc_error **err);
    k8sc_status put(k8sc_request **out, k8sc_error **err);
    k8sc_status delete(k8sc_request **out, k8sc_error **err);
    k8sc_status patch(int32_t patch_type, k8sc_request **out, k8sc_error **err);
    const char *group();
    const char *version();
    k8sc_rate_limiter *rate_limiter();
}

%rename(send) k8sc_request::do;
%extend k8sc_request {
    ~k8sc_request() { k8sc_request_free($self); }
    k8sc_status set_namespace(const char *name);
    k8sc_status set_resource(const char *resource);
    k8sc_status set_name(const char *name);
    k8sc_status set_subresource(const char *subresource);
    k8sc_status set_suffix(const char *suffix);
    k8sc_status set_abs_path(const char *path);
    k8sc_status set_request_uri(const char *uri);
    k8sc_status set_relative_uri(const char *uri);
    k8sc_status add_param(const char *name, const char *value);
    k8sc_status set_header(const char *name, const char *value);
    k8sc_status set_body(const char *text, size_t text_len, const char *content_type);
    k8sc_status set_object(const k8sc_object *object);
    k8sc_status set_timeout(int64_t timeout_ms);
    k8sc_status set_max_retries(int32_t retries);
    k8sc_status set_cancel(k8sc_cancel *cancel);
    const char *url();
    k8sc_status do(k8sc_result **out, k8sc_error **err);
    k8sc_status start_stream(k8sc_queue *queue, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_call **out, k8sc_error **err);
}

%extend k8sc_call {
    ~k8sc_call() { k8sc_call_unref($self); }
    void cancel();
}

%extend k8sc_result {
    ~k8sc_result() { k8sc_result_free($self); }
    int32_t http_status();
    const char *body(size_t *len);
    const char *header(const char *name);
    k8sc_status object(k8sc_object **out, k8sc_error **err);
    k8sc_status list(k8sc_list **out, k8sc_error **err);
    int64_t throttled_ms();
    int32_t attempts();
}
