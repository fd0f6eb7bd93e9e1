/* Configuration, client, queue, events, cancel tokens. */

const char *k8sc_version(void);
int32_t k8sc_version_number(void);
const char *k8sc_status_name(int32_t status);

k8sc_status k8sc_config_new(k8sc_config **out, k8sc_error **err);
k8sc_status k8sc_config_load(const char *path, const char *context, k8sc_config **out, k8sc_error **err);
k8sc_status k8sc_config_parse(const char *text, size_t text_len, const char *context, k8sc_config **out, k8sc_error **err);
k8sc_status k8sc_config_load_in_cluster(k8sc_config **out, k8sc_error **err);

k8sc_status k8sc_kubeconfig_load(const char *path, k8sc_kubeconfig **out, k8sc_error **err);
k8sc_status k8sc_kubeconfig_parse(const char *text, size_t text_len, k8sc_kubeconfig **out, k8sc_error **err);

%extend k8sc_kubeconfig {
    ~k8sc_kubeconfig() { k8sc_kubeconfig_free($self); }
    const char *current_context();
    int32_t context_count();
    const char *context_name(int32_t index);
    k8sc_status get_context(const char *name, k8sc_object **out, k8sc_error **err);
}

%extend k8sc_config {
    ~k8sc_config() { k8sc_config_free($self); }
    k8sc_status copy(k8sc_config **out, k8sc_error **err);
    k8sc_status set_server(const char *url, k8sc_error **err);
    k8sc_status set_token(const char *token, k8sc_error **err);
    k8sc_status set_token_file(const char *path, k8sc_error **err);
    k8sc_status set_ca(const char *text, size_t text_len, k8sc_error **err);
    k8sc_status set_client_certificate(const char *text, size_t text_len, const char *key, size_t key_len, k8sc_error **err);
    k8sc_status set_insecure(bool insecure, k8sc_error **err);
    k8sc_status set_tls_server_name(const char *name, k8sc_error **err);
    k8sc_status set_namespace(const char *name, k8sc_error **err);
    k8sc_status set_user_agent(const char *user_agent, k8sc_error **err);
    k8sc_status add_user_agent(const char *suffix, k8sc_error **err);
    k8sc_status set_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_connect_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_idle_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_watch_idle_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_probe(int64_t after_ms, int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_rate_limit(double qps, int32_t burst, k8sc_error **err);
    k8sc_status set_rate_limiter(k8sc_rate_limiter *limiter, k8sc_error **err);
    k8sc_status set_http2(bool enabled, k8sc_error **err);
    k8sc_status set_max_object_bytes(int64_t bytes, k8sc_error **err);
    k8sc_status set_max_answer_bytes(int64_t bytes, k8sc_error **err);
    k8sc_status set_exec_interactive(bool allowed, k8sc_error **err);
    k8sc_status set_proxy(const char *url, k8sc_error **err);
    k8sc_status set_compression(bool enabled, k8sc_error **err);
    k8sc_status set_unix_socket(const char *path, k8sc_error **err);
    k8sc_status set_bind_address(const char *address, k8sc_error **err);
    k8sc_status set_tls_versions(const char *min, const char *max, k8sc_error **err);
    k8sc_status set_tls_ciphers(const char *tls12_ciphers, const char *tls13_suites, k8sc_error **err);
    k8sc_status set_server_key_pins(const char *pins, k8sc_error **err);
    k8sc_status set_basic_auth(const char *user, const char *password, k8sc_error **err);
    k8sc_status set_impersonation(const char *user, const char *uid, k8sc_error **err);
    k8sc_status add_impersonation_group(const char *group, k8sc_error **err);
    k8sc_status add_impersonation_extra(const char *key, const char *value, k8sc_error **err);
    k8sc_status set_ca_file(const char *path, k8sc_error **err);
    k8sc_status set_client_certificate_files(const char *certificate_path, const char *key_path, k8sc_error **err);
    k8sc_status set_exec(const char *json, k8sc_error **err);
    k8sc_status set_exec_policy(const char *policy, k8sc_error **err);
    k8sc_status add_exec_allowed(const char *command, k8sc_error **err);
    k8sc_status set_exec_timeout(int64_t timeout_ms, k8sc_error **err);
    const char *server();
    const char *namespace();
    const char *context();
    const char *user_agent();
    const char *tls_server_name();
    bool insecure();
    bool has_credentials();
}

k8sc_status k8sc_client_new(const k8sc_config *config, k8sc_client **out, k8sc_error **err);
k8sc_status k8sc_client_new_shared(const k8sc_config *config, k8sc_client *other, k8sc_client **out, k8sc_error **err);

%extend k8sc_client {
    ~k8sc_client() { k8sc_client_unref($self); }
    k8sc_status close(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_token(const char *token, k8sc_error **err);
    k8sc_queue *queue();
    const char *server();
    const char *namespace();
    k8sc_status set_rate_limit(double qps, int32_t burst, k8sc_error **err);
    k8sc_status resource(const char *group, const char *version, const char *resource, const char *ns, k8sc_resource **out,
                         k8sc_error **err);
    k8sc_status rest(const char *group, const char *version, k8sc_rest_client **out, k8sc_error **err);
}

k8sc_status k8sc_queue_new(k8sc_queue **out, k8sc_error **err);

%extend k8sc_queue {
    ~k8sc_queue() { k8sc_queue_unref($self); }
    int fd();
    k8sc_status take(k8sc_event **out, k8sc_error **err);
    int64_t depth();
    void wakeup();
}

/* Lua and Ruby get what an event holds, not the event (lua/event.c, ruby/unpack.c). */
#if !defined(SWIGLUA) && !defined(SWIGRUBY)
%extend k8sc_event {
    ~k8sc_event() { k8sc_event_free($self); }
    int32_t kind();
    const char *kind_name();
    k8sc_object *object();
    k8sc_object *old_object();
    bool is_initial();
    bool is_inferred();
    const k8sc_error *error();
    void *user_data();
}
#endif

k8sc_status k8sc_cancel_new(k8sc_cancel **out, k8sc_error **err);
#ifdef SWIGCSHARP
/* For the layer, which keeps the token: a script could let go of it. */
%csmethodmodifiers k8sc_cancel_bind "internal";
void k8sc_cancel_bind(k8sc_cancel *cancel);
#endif

%extend k8sc_cancel {
    ~k8sc_cancel() { k8sc_cancel_unref($self); }
    void cancel();
    bool is_cancelled();
}

k8sc_status k8sc_rate_limiter_new(double qps, int32_t burst, k8sc_rate_limiter **out, k8sc_error **err);

%extend k8sc_rate_limiter {
    ~k8sc_rate_limiter() { k8sc_rate_limiter_unref($self); }
    bool try_accept();
    k8sc_status accept(int64_t timeout_ms, k8sc_error **err);
    double qps();
}
