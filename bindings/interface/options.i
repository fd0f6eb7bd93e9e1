/* Options of one call. */

k8sc_status k8sc_options_new(k8sc_options **out, k8sc_error **err);

%extend k8sc_options {
    ~k8sc_options() { k8sc_options_free($self); }
    k8sc_status set_label_selector(const char *selector, k8sc_error **err);
    k8sc_status set_field_selector(const char *selector, k8sc_error **err);
    k8sc_status set_limit(int64_t limit, k8sc_error **err);
    k8sc_status set_continue(const char *token, k8sc_error **err);
    k8sc_status set_resource_version(const char *version, k8sc_error **err);
    k8sc_status set_resource_version_match(const char *match, k8sc_error **err);
    k8sc_status set_timeout_seconds(int64_t seconds, k8sc_error **err);
    k8sc_status set_allow_watch_bookmarks(bool allow, k8sc_error **err);
    k8sc_status set_dry_run(bool dry_run, k8sc_error **err);
    k8sc_status set_field_manager(const char *name, k8sc_error **err);
    k8sc_status set_field_validation(const char *directive, k8sc_error **err);
    k8sc_status set_force(bool force, k8sc_error **err);
    k8sc_status set_propagation_policy(const char *policy, k8sc_error **err);
    k8sc_status set_grace_period_seconds(int64_t seconds, k8sc_error **err);
    k8sc_status set_precondition_uid(const char *uid, k8sc_error **err);
    k8sc_status set_precondition_resource_version(const char *version, k8sc_error **err);
    k8sc_status set_subresource(const char *subresource, k8sc_error **err);
    k8sc_status set_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_idle_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_cancel(k8sc_cancel *cancel, k8sc_error **err);
    k8sc_status set_max_retries(int32_t retries, k8sc_error **err);
    k8sc_status set_queue(k8sc_queue *queue, k8sc_error **err);
}
