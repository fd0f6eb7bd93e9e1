/* bindings/generate.py has written this from the public headers and bindings/bindings.toml. */

%constant int32_t OK = K8SC_OK;
%constant int32_t E_INVALID = K8SC_E_INVALID;
%constant int32_t E_NOMEM = K8SC_E_NOMEM;
%constant int32_t E_CLOSED = K8SC_E_CLOSED;
%constant int32_t E_FORKED = K8SC_E_FORKED;
%constant int32_t E_BUSY = K8SC_E_BUSY;
%constant int32_t E_REENTRANT = K8SC_E_REENTRANT;
%constant int32_t E_CALLBACK = K8SC_E_CALLBACK;
%constant int32_t E_CANCELLED = K8SC_E_CANCELLED;
%constant int32_t E_TIMEOUT = K8SC_E_TIMEOUT;
%constant int32_t E_STATE = K8SC_E_STATE;
%constant int32_t E_IO = K8SC_E_IO;
%constant int32_t E_CONFIG = K8SC_E_CONFIG;
%constant int32_t E_NOT_IN_CLUSTER = K8SC_E_NOT_IN_CLUSTER;
%constant int32_t E_PARSE = K8SC_E_PARSE;
%constant int32_t E_RESOLVE = K8SC_E_RESOLVE;
%constant int32_t E_CONNECT = K8SC_E_CONNECT;
%constant int32_t E_TLS = K8SC_E_TLS;
%constant int32_t E_TRANSPORT = K8SC_E_TRANSPORT;
%constant int32_t E_DECODE = K8SC_E_DECODE;
%constant int32_t E_TOO_LARGE = K8SC_E_TOO_LARGE;
%constant int32_t E_API = K8SC_E_API;
%constant int32_t E_INTERNAL = K8SC_E_INTERNAL;
%constant int32_t E_CREDENTIALS = K8SC_E_CREDENTIALS;
%constant int32_t E_UNKNOWN_KIND = K8SC_E_UNKNOWN_KIND;
%constant int32_t TYPE_ABSENT = K8SC_TYPE_ABSENT;
%constant int32_t TYPE_NULL = K8SC_TYPE_NULL;
%constant int32_t TYPE_BOOL = K8SC_TYPE_BOOL;
%constant int32_t TYPE_INTEGER = K8SC_TYPE_INTEGER;
%constant int32_t TYPE_NUMBER = K8SC_TYPE_NUMBER;
%constant int32_t TYPE_STRING = K8SC_TYPE_STRING;
%constant int32_t TYPE_ARRAY = K8SC_TYPE_ARRAY;
%constant int32_t TYPE_OBJECT = K8SC_TYPE_OBJECT;
%constant int32_t EVENT_ADD = K8SC_EVENT_ADD;
%constant int32_t EVENT_UPDATE = K8SC_EVENT_UPDATE;
%constant int32_t EVENT_DELETE = K8SC_EVENT_DELETE;
%constant int32_t EVENT_SYNC = K8SC_EVENT_SYNC;
%constant int32_t EVENT_ADDED = K8SC_EVENT_ADDED;
%constant int32_t EVENT_MODIFIED = K8SC_EVENT_MODIFIED;
%constant int32_t EVENT_DELETED = K8SC_EVENT_DELETED;
%constant int32_t EVENT_BOOKMARK = K8SC_EVENT_BOOKMARK;
%constant int32_t EVENT_ERROR = K8SC_EVENT_ERROR;
%constant int32_t EVENT_COMPLETED = K8SC_EVENT_COMPLETED;
%constant int32_t EVENT_DATA = K8SC_EVENT_DATA;
%constant int32_t EVENT_CLOSED = K8SC_EVENT_CLOSED;
%constant int32_t EVENT_WARNING = K8SC_EVENT_WARNING;
%constant int32_t EVENT_LOG = K8SC_EVENT_LOG;
%constant int32_t EVENT_TRACE = K8SC_EVENT_TRACE;
%constant int32_t PATCH_JSON = K8SC_PATCH_JSON;
%constant int32_t PATCH_MERGE = K8SC_PATCH_MERGE;
%constant int32_t PATCH_STRATEGIC_MERGE = K8SC_PATCH_STRATEGIC_MERGE;
%constant int32_t PATCH_APPLY = K8SC_PATCH_APPLY;
%constant int32_t LIST_AUTO = K8SC_LIST_AUTO;
%constant int32_t LIST_STREAM = K8SC_LIST_STREAM;
%constant int32_t LIST_PAGES = K8SC_LIST_PAGES;
%constant int32_t LIMIT_COALESCE = K8SC_LIMIT_COALESCE;
%constant int32_t LIMIT_BACKPRESSURE = K8SC_LIMIT_BACKPRESSURE;
%constant int32_t LIMIT_NONE = K8SC_LIMIT_NONE;
%constant int32_t FIELD_STRING = K8SC_FIELD_STRING;
%constant int32_t FIELD_BOOLEAN = K8SC_FIELD_BOOLEAN;
%constant int32_t FIELD_INTEGER = K8SC_FIELD_INTEGER;
%constant int32_t FIELD_NUMBER = K8SC_FIELD_NUMBER;
%constant int32_t FIELD_BYTES = K8SC_FIELD_BYTES;
%constant int32_t FIELD_ARRAY = K8SC_FIELD_ARRAY;
%constant int32_t FIELD_MAP = K8SC_FIELD_MAP;
%constant int32_t FIELD_OBJECT = K8SC_FIELD_OBJECT;
%constant int32_t FIELD_QUANTITY = K8SC_FIELD_QUANTITY;
%constant int32_t FIELD_INT_OR_STRING = K8SC_FIELD_INT_OR_STRING;
%constant int32_t FIELD_TIME = K8SC_FIELD_TIME;
%constant int32_t FIELD_MICRO_TIME = K8SC_FIELD_MICRO_TIME;
%constant int32_t FIELD_DURATION = K8SC_FIELD_DURATION;
%constant int32_t FIELD_ANY = K8SC_FIELD_ANY;
%constant int32_t LOG_ERROR = K8SC_LOG_ERROR;
%constant int32_t LOG_WARNING = K8SC_LOG_WARNING;
%constant int32_t LOG_INFO = K8SC_LOG_INFO;
%constant int32_t LOG_DEBUG = K8SC_LOG_DEBUG;
%constant int32_t LOG_TRACE = K8SC_LOG_TRACE;

%rename(Client) k8sc_client;
typedef struct k8sc_client {} k8sc_client;
%rename(Queue) k8sc_queue;
typedef struct k8sc_queue {} k8sc_queue;
%rename(RestClient) k8sc_rest_client;
typedef struct k8sc_rest_client {} k8sc_rest_client;
%rename(RateLimiter) k8sc_rate_limiter;
typedef struct k8sc_rate_limiter {} k8sc_rate_limiter;
%rename(Resource) k8sc_resource;
typedef struct k8sc_resource {} k8sc_resource;
%rename(Call) k8sc_call;
typedef struct k8sc_call {} k8sc_call;
%rename(Watch) k8sc_watch;
typedef struct k8sc_watch {} k8sc_watch;
%rename(Cancel) k8sc_cancel;
typedef struct k8sc_cancel {} k8sc_cancel;
#if defined(SWIGCSHARP)
%rename(Document) k8sc_object;
typedef struct k8sc_object {} k8sc_object;
#endif
%rename(InformerFactory) k8sc_informer_factory;
typedef struct k8sc_informer_factory {} k8sc_informer_factory;
%rename(Informer) k8sc_informer;
typedef struct k8sc_informer {} k8sc_informer;
%rename(Registration) k8sc_registration;
typedef struct k8sc_registration {} k8sc_registration;
%rename(Discovery) k8sc_discovery;
typedef struct k8sc_discovery {} k8sc_discovery;
%rename(RestMapper) k8sc_rest_mapper;
typedef struct k8sc_rest_mapper {} k8sc_rest_mapper;
%rename(Lister) k8sc_lister;
typedef struct k8sc_lister {} k8sc_lister;
%rename(Subscription) k8sc_subscription;
typedef struct k8sc_subscription {} k8sc_subscription;
%rename(Config) k8sc_config;
typedef struct k8sc_config {} k8sc_config;
%rename(Kubeconfig) k8sc_kubeconfig;
typedef struct k8sc_kubeconfig {} k8sc_kubeconfig;
%rename(Overrides) k8sc_overrides;
typedef struct k8sc_overrides {} k8sc_overrides;
%rename(RetryPolicy) k8sc_retry_policy;
typedef struct k8sc_retry_policy {} k8sc_retry_policy;
%rename(CallOptions) k8sc_options;
typedef struct k8sc_options {} k8sc_options;
%rename(InformerOptions) k8sc_informer_options;
typedef struct k8sc_informer_options {} k8sc_informer_options;
%rename(Request) k8sc_request;
typedef struct k8sc_request {} k8sc_request;
%rename(Result) k8sc_result;
typedef struct k8sc_result {} k8sc_result;
#if defined(SWIGCSHARP)
%rename(Event) k8sc_event;
typedef struct k8sc_event {} k8sc_event;
#endif
#if defined(SWIGCSHARP)
%rename(ObjectList) k8sc_list;
typedef struct k8sc_list {} k8sc_list;
#endif
%rename(Pager) k8sc_pager;
typedef struct k8sc_pager {} k8sc_pager;
#if defined(SWIGCSHARP)
%rename(Strings) k8sc_strings;
typedef struct k8sc_strings {} k8sc_strings;
#endif
#if defined(SWIGCSHARP)
%rename(RestMapping) k8sc_rest_mapping;
typedef struct k8sc_rest_mapping {} k8sc_rest_mapping;
#endif
#if defined(SWIGCSHARP)
%rename(RestMappings) k8sc_rest_mappings;
typedef struct k8sc_rest_mappings {} k8sc_rest_mappings;
#endif
#if defined(SWIGCSHARP)
%rename(ManifestResults) k8sc_manifest_results;
typedef struct k8sc_manifest_results {} k8sc_manifest_results;
#endif
%rename(SchemaResource) k8sc_schema_resource;
typedef struct k8sc_schema_resource {} k8sc_schema_resource;
%rename(SchemaType) k8sc_schema_type;
typedef struct k8sc_schema_type {} k8sc_schema_type;
%rename(SchemaField) k8sc_schema_field;
typedef struct k8sc_schema_field {} k8sc_schema_field;

%rename(send) k8sc_request::do;
const char *k8sc_version(void);
int32_t k8sc_version_number(void);
const char *k8sc_status_name(int32_t status);
k8sc_status k8sc_object_parse_json(const char *text, size_t text_len, k8sc_object **out, k8sc_error **err);
k8sc_status k8sc_object_parse_yaml(const char *text, size_t text_len, k8sc_object **out, k8sc_error **err);
#if defined(SWIGLUA) || defined(SWIGRUBY)
k8sc_status k8sc_object_to_yaml(const k8sc_object *object, char **out, k8sc_error **err);
#endif
k8sc_status k8sc_config_new(k8sc_config **out, k8sc_error **err);
k8sc_status k8sc_config_load(const char *path, const char *context, k8sc_config **out, k8sc_error **err);
k8sc_status k8sc_config_parse(const char *text, size_t text_len, const char *context, k8sc_config **out, k8sc_error **err);
k8sc_status k8sc_config_load_in_cluster(k8sc_config **out, k8sc_error **err);
k8sc_status k8sc_overrides_new(k8sc_overrides **out, k8sc_error **err);
k8sc_status k8sc_config_load_with(const char *path, const k8sc_overrides *overrides, k8sc_config **out, k8sc_error **err);
k8sc_status k8sc_kubeconfig_new(k8sc_kubeconfig **out, k8sc_error **err);
k8sc_status k8sc_kubeconfig_load(const char *path, k8sc_kubeconfig **out, k8sc_error **err);
k8sc_status k8sc_kubeconfig_parse(const char *text, size_t text_len, k8sc_kubeconfig **out, k8sc_error **err);
k8sc_status k8sc_rate_limiter_new(double qps, int32_t burst, k8sc_rate_limiter **out, k8sc_error **err);
k8sc_status k8sc_retry_policy_new(k8sc_retry_policy **out, k8sc_error **err);
k8sc_status k8sc_client_new(const k8sc_config *config, k8sc_client **out, k8sc_error **err);
k8sc_status k8sc_client_new_shared(const k8sc_config *config, k8sc_client *other, k8sc_client **out, k8sc_error **err);
k8sc_status k8sc_queue_new(k8sc_queue **out, k8sc_error **err);
k8sc_status k8sc_cancel_new(k8sc_cancel **out, k8sc_error **err);
k8sc_status k8sc_options_new(k8sc_options **out, k8sc_error **err);
k8sc_status k8sc_discovery_new(k8sc_client *client, k8sc_discovery **out, k8sc_error **err);
k8sc_status k8sc_discovery_new_cached(k8sc_client *client, k8sc_discovery **out, k8sc_error **err);
k8sc_status k8sc_discovery_new_disk_cached(k8sc_client *client, const char *directory, int64_t ttl_ms, k8sc_discovery **out, k8sc_error **err);
k8sc_status k8sc_rest_mapper_new(k8sc_discovery *discovery, k8sc_rest_mapper **out, k8sc_error **err);
k8sc_status k8sc_informer_options_new(k8sc_informer_options **out, k8sc_error **err);
k8sc_status k8sc_informer_factory_new(k8sc_client *client, const k8sc_informer_options *options, k8sc_informer_factory **out, k8sc_error **err);
k8sc_status k8sc_informer_new(k8sc_client *client, const char *group, const char *version, const char *resource, const k8sc_informer_options *options, k8sc_informer **out, k8sc_error **err);
int32_t k8sc_schema_resource_count(void);
const k8sc_schema_resource *k8sc_schema_resource_at(int32_t index);
const k8sc_schema_resource *k8sc_schema_resource_find(const char *group, const char *version, const char *resource);
const k8sc_schema_resource *k8sc_schema_resource_find_kind(const char *api_version, const char *kind);
int32_t k8sc_schema_type_count(void);
const k8sc_schema_type *k8sc_schema_type_at(int32_t index);
const k8sc_schema_type *k8sc_schema_type_find(const char *name);
const k8sc_schema_type *k8sc_schema_type_find_kind(const char *api_version, const char *kind);
k8sc_status k8sc_schema_validate(const k8sc_object *object, const k8sc_schema_type *type, k8sc_error **err);

%extend k8sc_client {
    ~k8sc_client() { k8sc_client_unref($self); }
    k8sc_status close(int64_t timeout_ms, k8sc_error **err);
    k8sc_queue *queue();
    const char *server();
    const char *namespace();
    k8sc_status set_token(const char *token, k8sc_error **err);
    k8sc_status set_rate_limit(double qps, int32_t burst, k8sc_error **err);
    k8sc_status rest(const char *group, const char *version, k8sc_rest_client **out, k8sc_error **err);
    k8sc_status resource(const char *group, const char *version, const char *resource, const char *ns, k8sc_resource **out, k8sc_error **err);
    k8sc_status on_warning(bool repeated, k8sc_queue *queue, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_subscription **out, k8sc_error **err);
    k8sc_status on_log(int32_t level, k8sc_queue *queue, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_subscription **out, k8sc_error **err);
    k8sc_status on_trace(k8sc_queue *queue, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_subscription **out, k8sc_error **err);
    k8sc_status metrics_json(char **out, k8sc_error **err);
    k8sc_status metrics_prometheus(char **out, k8sc_error **err);
}

%extend k8sc_queue {
    ~k8sc_queue() { k8sc_queue_unref($self); }
    int fd();
    k8sc_status take(k8sc_event **out, k8sc_error **err);
    int64_t depth();
    void wakeup();
}

%extend k8sc_rest_client {
    ~k8sc_rest_client() { k8sc_rest_client_unref($self); }
    const char *group();
    const char *version();
    k8sc_rate_limiter *rate_limiter();
    k8sc_status verb(const char *verb, k8sc_request **out, k8sc_error **err);
    k8sc_status get(k8sc_request **out, k8sc_error **err);
    k8sc_status post(k8sc_request **out, k8sc_error **err);
    k8sc_status put(k8sc_request **out, k8sc_error **err);
    k8sc_status delete(k8sc_request **out, k8sc_error **err);
    k8sc_status patch(int32_t patch_type, k8sc_request **out, k8sc_error **err);
}

%extend k8sc_rate_limiter {
    ~k8sc_rate_limiter() { k8sc_rate_limiter_unref($self); }
    bool try_accept();
    k8sc_status accept(int64_t timeout_ms, k8sc_error **err);
    double qps();
}

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
    k8sc_status patch(const char *name, int32_t patch_type, const char *text, size_t text_len, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
    k8sc_status apply(const char *name, const k8sc_object *object, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
    k8sc_status apply_status(const char *name, const k8sc_object *object, const k8sc_options *options, k8sc_object **out, k8sc_error **err);
    k8sc_status watch(const k8sc_options *options, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_watch **out, k8sc_error **err);
    k8sc_status retry_watch(const k8sc_options *options, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_watch **out, k8sc_error **err);
    k8sc_status wait_for_condition(const char *name, const char *type, const char *status, const k8sc_options *options, int64_t timeout_ms, k8sc_object **out, k8sc_error **err);
    k8sc_status wait_for_deletion(const char *name, const k8sc_options *options, int64_t timeout_ms, k8sc_error **err);
    k8sc_status pages(const k8sc_options *options, k8sc_pager **out, k8sc_error **err);
}

%extend k8sc_call {
    ~k8sc_call() { k8sc_call_unref($self); }
    void cancel();
}

%extend k8sc_watch {
    ~k8sc_watch() { k8sc_watch_unref($self); }
    void cancel();
}

%extend k8sc_cancel {
    ~k8sc_cancel() { k8sc_cancel_unref($self); }
    void cancel();
    bool is_cancelled();
}

#if defined(SWIGCSHARP)
%extend k8sc_object {
    ~k8sc_object() { k8sc_object_unref($self); }
    const char *json(size_t *len);
    k8sc_status to_yaml(char **out, k8sc_error **err);
    const char *name();
    const char *namespace();
    const char *uid();
    const char *resource_version();
    const char *kind();
    const char *api_version();
    const char *label(const char *key);
    const char *annotation(const char *key);
    int32_t type(const char *pointer);
    const char *str(const char *pointer, size_t *len);
    double number(const char *pointer, double fallback);
    int64_t size(const char *pointer);
    const char *key(const char *pointer, int64_t index, size_t *len);
    const char *raw(const char *pointer, size_t *len);
}
#endif

%extend k8sc_informer_factory {
    ~k8sc_informer_factory() { k8sc_informer_factory_unref($self); }
    k8sc_status for_resource(const char *group, const char *version, const char *resource, k8sc_informer **out, k8sc_error **err);
    k8sc_status for_kind(const char *api_version, const char *kind, k8sc_informer **out, k8sc_error **err);
    k8sc_status start(k8sc_error **err);
    k8sc_status wait_for_sync(int64_t timeout_ms, k8sc_error **err);
    k8sc_status wait_for_cache_sync(int64_t timeout_ms, char **out, k8sc_error **err);
    k8sc_status statistics_json(char **out, k8sc_error **err);
    k8sc_status remove(k8sc_informer *informer, k8sc_error **err);
    k8sc_status shutdown(k8sc_error **err);
}

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
    k8sc_status add_handler_with(int64_t resync_ms, k8sc_queue *queue, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_registration **out, k8sc_error **err);
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

%extend k8sc_discovery {
    ~k8sc_discovery() { k8sc_discovery_unref($self); }
    k8sc_status invalidate(k8sc_error **err);
    bool is_fresh();
    k8sc_status server_groups(k8sc_object **out, k8sc_error **err);
    k8sc_status server_resources_for_group_version(const char *group_version, k8sc_object **out, k8sc_error **err);
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

%extend k8sc_lister {
    ~k8sc_lister() { k8sc_lister_unref($self); }
    k8sc_status get(const char *ns, const char *name, k8sc_object **out, k8sc_error **err);
    k8sc_status list(const char *ns, const char *label_selector, k8sc_list **out, k8sc_error **err);
    k8sc_status select(const char *ns, const k8sc_options *options, k8sc_list **out, k8sc_error **err);
    k8sc_status by_index(const char *index, const char *value, k8sc_list **out, k8sc_error **err);
    k8sc_status index_values(const char *index, k8sc_strings **out, k8sc_error **err);
    int64_t size();
}

%extend k8sc_subscription {
    ~k8sc_subscription() { k8sc_subscription_unref($self); }
    void cancel();
}

%extend k8sc_config {
    ~k8sc_config() { k8sc_config_free($self); }
    k8sc_status copy(k8sc_config **out, k8sc_error **err);
    k8sc_status set_server(const char *url, k8sc_error **err);
    k8sc_status set_namespace(const char *name, k8sc_error **err);
    k8sc_status set_user_agent(const char *user_agent, k8sc_error **err);
    k8sc_status add_user_agent(const char *suffix, k8sc_error **err);
    k8sc_status set_token(const char *token, k8sc_error **err);
    k8sc_status set_token_file(const char *path, k8sc_error **err);
    k8sc_status set_basic_auth(const char *user, const char *password, k8sc_error **err);
    k8sc_status set_client_certificate(const char *text, size_t text_len, const char *key, size_t key_len, k8sc_error **err);
    k8sc_status set_client_certificate_files(const char *certificate_path, const char *key_path, k8sc_error **err);
    k8sc_status set_exec(const char *json, k8sc_error **err);
    k8sc_status set_exec_policy(const char *policy, k8sc_error **err);
    k8sc_status add_exec_allowed(const char *command, k8sc_error **err);
    k8sc_status set_exec_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_exec_interactive(bool allowed, k8sc_error **err);
    k8sc_status set_impersonation(const char *user, const char *uid, k8sc_error **err);
    k8sc_status add_impersonation_group(const char *group, k8sc_error **err);
    k8sc_status add_impersonation_extra(const char *key, const char *value, k8sc_error **err);
    k8sc_status set_ca(const char *text, size_t text_len, k8sc_error **err);
    k8sc_status set_ca_file(const char *path, k8sc_error **err);
    k8sc_status set_insecure(bool insecure, k8sc_error **err);
    k8sc_status set_tls_server_name(const char *name, k8sc_error **err);
    k8sc_status set_tls_versions(const char *min, const char *max, k8sc_error **err);
    k8sc_status set_tls_ciphers(const char *tls12_ciphers, const char *tls13_suites, k8sc_error **err);
    k8sc_status set_server_key_pins(const char *pins, k8sc_error **err);
    k8sc_status set_proxy(const char *url, k8sc_error **err);
    k8sc_status set_compression(bool enabled, k8sc_error **err);
    k8sc_status set_unix_socket(const char *path, k8sc_error **err);
    k8sc_status set_bind_address(const char *address, k8sc_error **err);
    k8sc_status set_http2(bool enabled, k8sc_error **err);
    k8sc_status set_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_connect_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_idle_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_watch_idle_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_probe(int64_t after_ms, int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_rate_limit(double qps, int32_t burst, k8sc_error **err);
    k8sc_status set_rate_limiter(k8sc_rate_limiter *limiter, k8sc_error **err);
    k8sc_status set_max_object_bytes(int64_t bytes, k8sc_error **err);
    k8sc_status set_max_answer_bytes(int64_t bytes, k8sc_error **err);
    const char *server();
    const char *namespace();
    const char *context();
    const char *user_agent();
    const char *tls_server_name();
    bool insecure();
    bool has_credentials();
    k8sc_status set_retry_policy(const k8sc_retry_policy *policy, k8sc_error **err);
}

%extend k8sc_kubeconfig {
    ~k8sc_kubeconfig() { k8sc_kubeconfig_free($self); }
    const char *current_context();
    int32_t context_count();
    const char *context_name(int32_t index);
    int32_t cluster_count();
    const char *cluster_name(int32_t index);
    int32_t user_count();
    const char *user_name(int32_t index);
    k8sc_status get_context(const char *name, k8sc_object **out, k8sc_error **err);
    k8sc_status get_cluster(const char *name, k8sc_object **out, k8sc_error **err);
    k8sc_status get_user(const char *name, k8sc_object **out, k8sc_error **err);
    k8sc_status set_context(const char *name, const char *text, size_t text_len, k8sc_error **err);
    k8sc_status set_cluster(const char *name, const char *text, size_t text_len, k8sc_error **err);
    k8sc_status set_user(const char *name, const char *text, size_t text_len, k8sc_error **err);
    k8sc_status set_current_context(const char *name, k8sc_error **err);
    k8sc_status delete_context(const char *name, k8sc_error **err);
    k8sc_status delete_cluster(const char *name, k8sc_error **err);
    k8sc_status delete_user(const char *name, k8sc_error **err);
    k8sc_status write(const char *path, k8sc_error **err);
    k8sc_status validate(k8sc_error **err);
    k8sc_status minify(const char *context, k8sc_kubeconfig **out, k8sc_error **err);
    k8sc_status flatten(k8sc_kubeconfig **out, k8sc_error **err);
    k8sc_status to_yaml(char **out, k8sc_error **err);
    k8sc_status redacted(char **out, k8sc_error **err);
    k8sc_status config(const k8sc_overrides *overrides, k8sc_config **out, k8sc_error **err);
}

%extend k8sc_overrides {
    ~k8sc_overrides() { k8sc_overrides_free($self); }
    k8sc_status set_context(const char *name, k8sc_error **err);
    k8sc_status set_cluster(const char *name, k8sc_error **err);
    k8sc_status set_user(const char *name, k8sc_error **err);
    k8sc_status set_namespace(const char *name, k8sc_error **err);
    k8sc_status set_server(const char *url, k8sc_error **err);
    k8sc_status set_tls_server_name(const char *name, k8sc_error **err);
    k8sc_status set_insecure(bool insecure, k8sc_error **err);
    k8sc_status set_proxy(const char *url, k8sc_error **err);
    k8sc_status set_ca_file(const char *path, k8sc_error **err);
    k8sc_status set_token(const char *token, k8sc_error **err);
    k8sc_status set_client_certificate_files(const char *certificate_path, const char *key_path, k8sc_error **err);
    k8sc_status set_impersonation(const char *user, const char *uid, k8sc_error **err);
    k8sc_status add_impersonation_group(const char *group, k8sc_error **err);
    k8sc_status add_impersonation_extra(const char *key, const char *value, k8sc_error **err);
    k8sc_status set_timeout(int64_t timeout_ms, k8sc_error **err);
}

%extend k8sc_retry_policy {
    ~k8sc_retry_policy() { k8sc_retry_policy_free($self); }
    k8sc_status set_max_retries(int32_t retries, k8sc_error **err);
    k8sc_status set_retry_after_cap(int64_t cap_ms, k8sc_error **err);
    k8sc_status set_backoff(int64_t first_ms, int64_t max_ms, k8sc_error **err);
    k8sc_status add_status(int32_t status, k8sc_error **err);
    k8sc_status set_unsent(bool retry, k8sc_error **err);
    k8sc_status set_conditional_writes(bool retry, k8sc_error **err);
}

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
    k8sc_status set_retry_policy(const k8sc_retry_policy *policy, k8sc_error **err);
    k8sc_status set_queue(k8sc_queue *queue, k8sc_error **err);
}

%extend k8sc_informer_options {
    ~k8sc_informer_options() { k8sc_informer_options_free($self); }
    k8sc_status set_namespace(const char *ns, k8sc_error **err);
    k8sc_status set_label_selector(const char *selector, k8sc_error **err);
    k8sc_status set_field_selector(const char *selector, k8sc_error **err);
    k8sc_status set_resync(int64_t period_ms, k8sc_error **err);
    k8sc_status set_custom_resync(const char *group, const char *version, const char *resource, int64_t period_ms, k8sc_error **err);
    k8sc_status set_page_size(int64_t size, k8sc_error **err);
    k8sc_status set_watch_idle_timeout(int64_t timeout_ms, k8sc_error **err);
    k8sc_status set_queue(k8sc_queue *queue, k8sc_error **err);
    k8sc_status set_list_mode(int32_t mode, k8sc_error **err);
    k8sc_status set_compression_threshold(int64_t from_bytes, k8sc_error **err);
    k8sc_status set_drop_managed_fields(bool drop, k8sc_error **err);
    k8sc_status drop_annotations(const char *prefix, k8sc_error **err);
    k8sc_status drop_path(const char *pointer, k8sc_error **err);
    k8sc_status keep_path(const char *pointer, k8sc_error **err);
    k8sc_status set_metadata_only(bool metadata_only, k8sc_error **err);
}

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
    k8sc_status set_retry_policy(const k8sc_retry_policy *policy);
    k8sc_status set_cancel(k8sc_cancel *cancel);
    const char *url();
    k8sc_status do(k8sc_result **out, k8sc_error **err);
    k8sc_status start_stream(k8sc_queue *queue, k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy, k8sc_call **out, k8sc_error **err);
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
    int32_t warning_count();
    const char *warning(int32_t index);
}

#if defined(SWIGCSHARP)
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
    const char *text();
    int32_t level();
    const char *component();
    int64_t dropped();
}
#endif

#if defined(SWIGCSHARP)
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

#if defined(SWIGCSHARP)
%extend k8sc_strings {
    ~k8sc_strings() { k8sc_strings_free($self); }
    int64_t size();
    const char *at(int64_t index, size_t *len);
}
#endif

#if defined(SWIGCSHARP)
%extend k8sc_rest_mapping {
    ~k8sc_rest_mapping() { k8sc_rest_mapping_free($self); }
    const char *group();
    const char *version();
    const char *resource();
    const char *kind();
    const char *singular();
    bool is_namespaced();
}
#endif

#if defined(SWIGCSHARP)
%extend k8sc_rest_mappings {
    ~k8sc_rest_mappings() { k8sc_rest_mappings_free($self); }
    int64_t size();
}
#endif

#if defined(SWIGCSHARP)
%extend k8sc_manifest_results {
    ~k8sc_manifest_results() { k8sc_manifest_results_free($self); }
    int64_t size();
    int64_t failures();
    k8sc_object *source(int64_t index);
    k8sc_object *object(int64_t index);
    const k8sc_error *error(int64_t index);
}
#endif

%extend k8sc_schema_resource {
    ~k8sc_schema_resource() {}
    const char *group();
    const char *version();
    const char *api_version();
    const char *package();
    const char *name();
    const char *kind();
    bool is_namespaced();
    const k8sc_schema_type *type();
    const char *verb(int32_t index);
    bool has_verb(const char *verb);
    int32_t method_count();
    const char *method_name(int32_t index);
    const char *method_verb(int32_t index);
    const char *method_subresource(int32_t index);
    const k8sc_schema_type *method_input(int32_t index);
    const k8sc_schema_type *method_result(int32_t index);
}

%extend k8sc_schema_type {
    ~k8sc_schema_type() {}
    const char *name();
    const char *kind();
    const char *api_version();
    int32_t field_count();
    const k8sc_schema_field *field_at(int32_t index);
    const k8sc_schema_field *find_field(const char *name);
}

%extend k8sc_schema_field {
    ~k8sc_schema_field() {}
    const char *name();
    int32_t type();
    const k8sc_schema_type *object_type();
    const k8sc_schema_field *element();
    bool is_required();
    bool is_pointer();
    int32_t bits();
    const char *list_type();
    const char *list_map_key(int32_t index);
    const char *map_type();
    const char *patch_strategy();
    const char *patch_merge_key();
    int32_t protobuf_number(int32_t index);
}
