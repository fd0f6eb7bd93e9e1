"""The methods beside the verbs: which the typed headers make of the data, and the text of those that are written by hand. In it @C@ is the
kind, @R@ the resource, @CLIENT@ its client and @P@ what names of the group-version begin with."""

# Those of the data that are generated from it.
GENERATED_METHODS = {'GetScale', 'UpdateScale', 'ApplyScale', 'CreateToken', 'UpdateEphemeralContainers', 'UpdateResize', 'UpdateApproval'}

# Those for which another header has a function, so that the two need not include each other.
ELSEWHERE = {'EvictV1beta1'}

# The others, which client-go has written by hand as well.
PROXY = '''/* A GET through the API server to a port of it; `scheme`, `port` and `path` may be NULL. The request is yours; k8sc_request_add_param
 * adds parameters. */
static inline k8sc_status @R@_proxy_get(@CLIENT@ c, const char *scheme, const char *name, const char *port, const char *path, k8sc_request **out,
                                        k8sc_error **err)
{
    return k8sc_typed_proxy_(c.client, scheme, name, port, path, out, err);
}
'''
IN_EVENTS_NAMESPACE = '''/* In the namespace that the event names, whatever the client's. */
static inline k8sc_status @R@_create_with_event_namespace(@CLIENT@ c, @C@_draft draft, @C@ *out, k8sc_error **err)
{
    c.client.ns = NULL;
    return k8sc_typed_send_(K8SC_TYPED_CREATE_, c.client, NULL, NULL, draft.node, NULL, out ? &out->value : NULL, err);
}
static inline k8sc_status @R@_update_with_event_namespace(@CLIENT@ c, @C@_draft draft, @C@ *out, k8sc_error **err)
{
    c.client.ns = NULL;
    return k8sc_typed_send_(K8SC_TYPED_UPDATE_, c.client, NULL, NULL, draft.node, NULL, out ? &out->value : NULL, err);
}
/* A strategic merge patch of the event that `event` is, where it is. */
static inline k8sc_status @R@_patch_with_event_namespace(@CLIENT@ c, @C@ event, const char *patch, size_t len, @C@ *out, k8sc_error **err)
{
    c.client.ns = k8sc_object_namespace(event.value.object);
    return k8sc_typed_patch_(c.client, k8sc_object_name(event.value.object), K8SC_PATCH_STRATEGIC_MERGE, patch, len, NULL, NULL,
                             out ? &out->value : NULL, err);
}
'''
HAND_WRITTEN = {
    ('core_v1', 'pods'): ['''/* Assigns the pod to the node that the draft's target names. */
static inline k8sc_status @R@_bind(@CLIENT@ c, const char *name, @P@_binding_draft draft, const k8sc_create_options *options, k8sc_error **err)
{
    return k8sc_typed_send_(K8SC_TYPED_CREATE_, c.client, name, "binding", draft.node, (const k8sc_options *)options, NULL, err);
}
/* Asks for the pod to be evicted, where its disruption budgets allow it; else is_too_many_requests. The draft's name is the pod's. */
static inline k8sc_status @R@_evict(@CLIENT@ c, k8sc_policy_v1_eviction_draft draft, k8sc_error **err)
{
    return k8sc_typed_send_(K8SC_TYPED_CREATE_, c.client, NULL, "eviction", draft.node, NULL, NULL, err);
}
/* The same, by the name that says the version. That of v1beta1, for servers before 1.22, is k8sc_policy_v1beta1_evictions_evict. */
static inline k8sc_status @R@_evict_v1(@CLIENT@ c, k8sc_policy_v1_eviction_draft draft, k8sc_error **err) { return @R@_evict(c, draft, err); }
/* A request for the logs, yours: k8sc_request_do has them whole, k8sc_request_stream piece by piece, which is the way where they are
 * followed. `options` may be NULL. */
static inline k8sc_status @R@_get_logs(@CLIENT@ c, const char *name, const @P@_pod_log_options_draft *options, k8sc_request **out, k8sc_error **err)
{
    k8sc_status status = k8sc_typed_request_(c.client, name, "log", out, err);
    if (status == 0 && options) status = k8sc_typed_params_(*out, options->node, err);
    if (status < 0 && *out) {
        k8sc_request_free(*out);
        *out = NULL;
    }
    return status;
}
''', PROXY],
    ('core_v1', 'services'): [PROXY],
    ('core_v1', 'namespaces'): ['''/* Sets the finalizers in spec: that is how a namespace ends. */
static inline k8sc_status @R@_finalize(@CLIENT@ c, @C@_draft draft, const k8sc_update_options *options, @C@ *out, k8sc_error **err)
{
    return k8sc_typed_send_(K8SC_TYPED_UPDATE_, c.client, NULL, "finalize", draft.node, (const k8sc_options *)options, out ? &out->value : NULL, err);
}
'''],
    ('core_v1', 'nodes'): ['''/* A strategic merge patch of the status. */
static inline k8sc_status @R@_patch_status(@CLIENT@ c, const char *name, const char *patch, size_t len, @C@ *out, k8sc_error **err)
{
    return k8sc_typed_patch_(c.client, name, K8SC_PATCH_STRATEGIC_MERGE, patch, len, NULL, "status", out ? &out->value : NULL, err);
}
'''],
    ('core_v1', 'events'): ['''/* The events about an object. */
static inline k8sc_status @R@_search(@CLIENT@ c, const k8sc_object *object, @C@_list *out, k8sc_error **err)
{
    return k8sc_typed_search_(c.client, object, NULL, -1, out ? &out->list : NULL, err);
}
/* The same with what a context is here: a cancel token, or NULL, and a deadline, or -1. */
static inline k8sc_status @R@_search_with_context(@CLIENT@ c, const k8sc_object *object, k8sc_cancel *cancel, int64_t timeout_ms, @C@_list *out,
                                                  k8sc_error **err)
{
    return k8sc_typed_search_(c.client, object, cancel, timeout_ms, out ? &out->list : NULL, err);
}
/* The field selector by which they are found, for lists, watches and informers; what is NULL or "" may be anything. Writes what fits, and a NUL,
 * into `text`, which may be NULL where `size` is 0. Returns how long it is: it was cut where that is `size` or more. */
static inline size_t @R@_get_field_selector(const char *name, const char *ns, const char *kind, const char *uid, char *text, size_t size)
{
    return k8sc_typed_event_selector_(text, size, name, ns, kind, uid);
}
''', IN_EVENTS_NAMESPACE],
    ('events_v1beta1', 'events'): [IN_EVENTS_NAMESPACE],
}
for _version in ('v1', 'v1beta1'):
    HAND_WRITTEN['policy_' + _version, 'evictions'] = ['''/* Asks for the pod to be evicted that the draft names. */
static inline k8sc_status @R@_evict(@CLIENT@ c, @C@_draft draft, k8sc_error **err)
{
    c.client.group = "";
    c.client.version = "v1";
    c.client.resource = "pods";
    return k8sc_typed_send_(K8SC_TYPED_CREATE_, c.client, NULL, "eviction", draft.node, NULL, NULL, err);
}
''']
