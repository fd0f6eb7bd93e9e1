/*
 * The functions that wait for a server: other Ruby threads run meanwhile. Each has a frame for its
 * arguments, since what runs without Ruby's lock is told one pointer, and a function that drops what
 * it answered, where the call was interrupted and nobody takes it. unlocked.c has the rest.
 */
%{
/* Of an argument: what it is the place of, if it is one. */
#define K8SC_RB_DROP(ARGUMENT) \
    _Generic((ARGUMENT), k8sc_error **: k8sc_rb_drop_error, k8sc_object **: k8sc_rb_drop_object, \
             k8sc_list **: k8sc_rb_drop_list, char **: k8sc_rb_drop_text, \
             k8sc_result **: k8sc_rb_drop_result, k8sc_resource **: k8sc_rb_drop_resource, \
             k8sc_informer **: k8sc_rb_drop_informer, k8sc_rest_mapping **: k8sc_rb_drop_mapping, \
             k8sc_rest_mappings **: k8sc_rb_drop_mappings, \
             k8sc_manifest_results **: k8sc_rb_drop_results, \
             default: k8sc_rb_drop_nothing)(0, (ARGUMENT))
%}
%define %k8sc_unlocked_2(NAME, FUNCTION, T1, T2)
%{
typedef struct { T1 a1; T2 a2; k8sc_status status; } FUNCTION ## _frame;
static void FUNCTION ## _run(void *data)
{
    FUNCTION ## _frame *frame = data;
    frame->status = FUNCTION(frame->a1, frame->a2);
}
static void FUNCTION ## _drop(void *data)
{
    FUNCTION ## _frame *frame = data;
    K8SC_RB_DROP(frame->a1);
    K8SC_RB_DROP(frame->a2);
}
%}
%feature("action") NAME %{
    {
        FUNCTION ## _frame frame = {arg1, arg2, 0};
        k8sc_rb_unlocked(FUNCTION ## _run, FUNCTION ## _drop, &frame);
        result = frame.status;
    }
%}
%enddef
%define %k8sc_unlocked_3(NAME, FUNCTION, T1, T2, T3)
%{
typedef struct { T1 a1; T2 a2; T3 a3; k8sc_status status; } FUNCTION ## _frame;
static void FUNCTION ## _run(void *data)
{
    FUNCTION ## _frame *frame = data;
    frame->status = FUNCTION(frame->a1, frame->a2, frame->a3);
}
static void FUNCTION ## _drop(void *data)
{
    FUNCTION ## _frame *frame = data;
    K8SC_RB_DROP(frame->a1);
    K8SC_RB_DROP(frame->a2);
    K8SC_RB_DROP(frame->a3);
}
%}
%feature("action") NAME %{
    {
        FUNCTION ## _frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(FUNCTION ## _run, FUNCTION ## _drop, &frame);
        result = frame.status;
    }
%}
%enddef
%define %k8sc_unlocked_4(NAME, FUNCTION, T1, T2, T3, T4)
%{
typedef struct { T1 a1; T2 a2; T3 a3; T4 a4; k8sc_status status; } FUNCTION ## _frame;
static void FUNCTION ## _run(void *data)
{
    FUNCTION ## _frame *frame = data;
    frame->status = FUNCTION(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void FUNCTION ## _drop(void *data)
{
    FUNCTION ## _frame *frame = data;
    K8SC_RB_DROP(frame->a1);
    K8SC_RB_DROP(frame->a2);
    K8SC_RB_DROP(frame->a3);
    K8SC_RB_DROP(frame->a4);
}
%}
%feature("action") NAME %{
    {
        FUNCTION ## _frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(FUNCTION ## _run, FUNCTION ## _drop, &frame);
        result = frame.status;
    }
%}
%enddef
%define %k8sc_unlocked_5(NAME, FUNCTION, T1, T2, T3, T4, T5)
%{
typedef struct { T1 a1; T2 a2; T3 a3; T4 a4; T5 a5; k8sc_status status; } FUNCTION ## _frame;
static void FUNCTION ## _run(void *data)
{
    FUNCTION ## _frame *frame = data;
    frame->status = FUNCTION(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5);
}
static void FUNCTION ## _drop(void *data)
{
    FUNCTION ## _frame *frame = data;
    K8SC_RB_DROP(frame->a1);
    K8SC_RB_DROP(frame->a2);
    K8SC_RB_DROP(frame->a3);
    K8SC_RB_DROP(frame->a4);
    K8SC_RB_DROP(frame->a5);
}
%}
%feature("action") NAME %{
    {
        FUNCTION ## _frame frame = {arg1, arg2, arg3, arg4, arg5, 0};
        k8sc_rb_unlocked(FUNCTION ## _run, FUNCTION ## _drop, &frame);
        result = frame.status;
    }
%}
%enddef
%define %k8sc_unlocked_6(NAME, FUNCTION, T1, T2, T3, T4, T5, T6)
%{
typedef struct { T1 a1; T2 a2; T3 a3; T4 a4; T5 a5; T6 a6; k8sc_status status; } FUNCTION ## _frame;
static void FUNCTION ## _run(void *data)
{
    FUNCTION ## _frame *frame = data;
    frame->status = FUNCTION(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6);
}
static void FUNCTION ## _drop(void *data)
{
    FUNCTION ## _frame *frame = data;
    K8SC_RB_DROP(frame->a1);
    K8SC_RB_DROP(frame->a2);
    K8SC_RB_DROP(frame->a3);
    K8SC_RB_DROP(frame->a4);
    K8SC_RB_DROP(frame->a5);
    K8SC_RB_DROP(frame->a6);
}
%}
%feature("action") NAME %{
    {
        FUNCTION ## _frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, 0};
        k8sc_rb_unlocked(FUNCTION ## _run, FUNCTION ## _drop, &frame);
        result = frame.status;
    }
%}
%enddef
%define %k8sc_unlocked_8(NAME, FUNCTION, T1, T2, T3, T4, T5, T6, T7, T8)
%{
typedef struct { T1 a1; T2 a2; T3 a3; T4 a4; T5 a5; T6 a6; T7 a7; T8 a8; k8sc_status status; } FUNCTION ## _frame;
static void FUNCTION ## _run(void *data)
{
    FUNCTION ## _frame *frame = data;
    frame->status = FUNCTION(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6, frame->a7, frame->a8);
}
static void FUNCTION ## _drop(void *data)
{
    FUNCTION ## _frame *frame = data;
    K8SC_RB_DROP(frame->a1);
    K8SC_RB_DROP(frame->a2);
    K8SC_RB_DROP(frame->a3);
    K8SC_RB_DROP(frame->a4);
    K8SC_RB_DROP(frame->a5);
    K8SC_RB_DROP(frame->a6);
    K8SC_RB_DROP(frame->a7);
    K8SC_RB_DROP(frame->a8);
}
%}
%feature("action") NAME %{
    {
        FUNCTION ## _frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, 0};
        k8sc_rb_unlocked(FUNCTION ## _run, FUNCTION ## _drop, &frame);
        result = frame.status;
    }
%}
%enddef
%define %k8sc_unlocked_9(NAME, FUNCTION, T1, T2, T3, T4, T5, T6, T7, T8, T9)
%{
typedef struct { T1 a1; T2 a2; T3 a3; T4 a4; T5 a5; T6 a6; T7 a7; T8 a8; T9 a9; k8sc_status status; } FUNCTION ## _frame;
static void FUNCTION ## _run(void *data)
{
    FUNCTION ## _frame *frame = data;
    frame->status = FUNCTION(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6, frame->a7, frame->a8, frame->a9);
}
static void FUNCTION ## _drop(void *data)
{
    FUNCTION ## _frame *frame = data;
    K8SC_RB_DROP(frame->a1);
    K8SC_RB_DROP(frame->a2);
    K8SC_RB_DROP(frame->a3);
    K8SC_RB_DROP(frame->a4);
    K8SC_RB_DROP(frame->a5);
    K8SC_RB_DROP(frame->a6);
    K8SC_RB_DROP(frame->a7);
    K8SC_RB_DROP(frame->a8);
    K8SC_RB_DROP(frame->a9);
}
%}
%feature("action") NAME %{
    {
        FUNCTION ## _frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, 0};
        k8sc_rb_unlocked(FUNCTION ## _run, FUNCTION ## _drop, &frame);
        result = frame.status;
    }
%}
%enddef


%k8sc_unlocked_5(k8sc_resource::create, k8sc_resource_create, k8sc_resource *, const k8sc_object *, const k8sc_options *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_5(k8sc_resource::update, k8sc_resource_update, k8sc_resource *, const k8sc_object *, const k8sc_options *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_5(k8sc_resource::update_status, k8sc_resource_update_status, k8sc_resource *, const k8sc_object *, const k8sc_options *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_5(k8sc_resource::delete, k8sc_resource_delete, k8sc_resource *, const char *, const k8sc_options *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_5(k8sc_resource::get, k8sc_resource_get, k8sc_resource *, const char *, const k8sc_options *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_4(k8sc_resource::delete_collection, k8sc_resource_delete_collection, k8sc_resource *, const k8sc_options *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_4(k8sc_resource::list, k8sc_resource_list, k8sc_resource *, const k8sc_options *, k8sc_list **, k8sc_error **)
%k8sc_unlocked_4(k8sc_resource::list_all, k8sc_resource_list_all, k8sc_resource *, const k8sc_options *, k8sc_list **, k8sc_error **)
%k8sc_unlocked_8(k8sc_resource::patch, k8sc_resource_patch, k8sc_resource *, const char *, int32_t, const char *, size_t, const k8sc_options *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_6(k8sc_resource::apply, k8sc_resource_apply, k8sc_resource *, const char *, const k8sc_object *, const k8sc_options *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_6(k8sc_resource::apply_status, k8sc_resource_apply_status, k8sc_resource *, const char *, const k8sc_object *, const k8sc_options *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_8(k8sc_resource::wait_for_condition, k8sc_resource_wait_for_condition, k8sc_resource *, const char *, const char *, const char *, const k8sc_options *, int64_t, k8sc_object **, k8sc_error **)
%k8sc_unlocked_5(k8sc_resource::wait_for_deletion, k8sc_resource_wait_for_deletion, k8sc_resource *, const char *, const k8sc_options *, int64_t, k8sc_error **)
%k8sc_unlocked_3(k8sc_pager::next, k8sc_pager_next, k8sc_pager *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_3(k8sc_client::close, k8sc_client_close, k8sc_client *, int64_t, k8sc_error **)
%k8sc_unlocked_3(k8sc_request::do, k8sc_request_do, k8sc_request *, k8sc_result **, k8sc_error **)
%k8sc_unlocked_5(k8sc_informer_factory::for_kind, k8sc_informer_factory_for_kind, k8sc_informer_factory *, const char *, const char *, k8sc_informer **, k8sc_error **)
%k8sc_unlocked_3(k8sc_informer_factory::wait_for_sync, k8sc_informer_factory_wait_for_sync, k8sc_informer_factory *, int64_t, k8sc_error **)
%k8sc_unlocked_4(k8sc_informer_factory::wait_for_cache_sync, k8sc_informer_factory_wait_for_cache_sync, k8sc_informer_factory *, int64_t, char **, k8sc_error **)
%k8sc_unlocked_2(k8sc_informer_factory::shutdown, k8sc_informer_factory_shutdown, k8sc_informer_factory *, k8sc_error **)
%k8sc_unlocked_3(k8sc_informer::wait_for_sync, k8sc_informer_wait_for_sync, k8sc_informer *, int64_t, k8sc_error **)
%k8sc_unlocked_4(k8sc_informer::wait_for_resource_version, k8sc_informer_wait_for_resource_version, k8sc_informer *, const char *, int64_t, k8sc_error **)
%k8sc_unlocked_2(k8sc_informer::stop, k8sc_informer_stop, k8sc_informer *, k8sc_error **)
%k8sc_unlocked_3(k8sc_discovery::server_groups, k8sc_discovery_server_groups, k8sc_discovery *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_3(k8sc_discovery::server_version, k8sc_discovery_server_version, k8sc_discovery *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_3(k8sc_discovery::openapi_v2, k8sc_discovery_openapi_v2, k8sc_discovery *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_3(k8sc_discovery::openapi_v3, k8sc_discovery_openapi_v3, k8sc_discovery *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_4(k8sc_discovery::server_resources_for_group_version, k8sc_discovery_server_resources_for_group_version, k8sc_discovery *, const char *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_4(k8sc_discovery::openapi_v3_document, k8sc_discovery_openapi_v3_document, k8sc_discovery *, const char *, k8sc_object **, k8sc_error **)
%k8sc_unlocked_5(k8sc_discovery::server_groups_and_resources, k8sc_discovery_server_groups_and_resources, k8sc_discovery *, k8sc_object **, k8sc_list **, k8sc_error **, k8sc_error **)
%k8sc_unlocked_4(k8sc_discovery::server_preferred_resources, k8sc_discovery_server_preferred_resources, k8sc_discovery *, k8sc_list **, k8sc_error **, k8sc_error **)
%k8sc_unlocked_4(k8sc_discovery::server_preferred_namespaced_resources, k8sc_discovery_server_preferred_namespaced_resources, k8sc_discovery *, k8sc_list **, k8sc_error **, k8sc_error **)
%k8sc_unlocked_4(k8sc_discovery::supports_version, k8sc_discovery_supports_version, k8sc_discovery *, const char *, int *, k8sc_error **)
%k8sc_unlocked_5(k8sc_discovery::is_resource_enabled, k8sc_discovery_is_resource_enabled, k8sc_discovery *, const char *, const char *, int *, k8sc_error **)
%k8sc_unlocked_6(k8sc_rest_mapper::mapping_for_kind, k8sc_rest_mapper_mapping_for_kind, k8sc_rest_mapper *, const char *, const char *, const char *, k8sc_rest_mapping **, k8sc_error **)
%k8sc_unlocked_6(k8sc_rest_mapper::mapping_for_resource, k8sc_rest_mapper_mapping_for_resource, k8sc_rest_mapper *, const char *, const char *, const char *, k8sc_rest_mapping **, k8sc_error **)
%k8sc_unlocked_6(k8sc_rest_mapper::mappings_for_kind, k8sc_rest_mapper_mappings_for_kind, k8sc_rest_mapper *, const char *, const char *, const char *, k8sc_rest_mappings **, k8sc_error **)
%k8sc_unlocked_6(k8sc_rest_mapper::mappings_for_resource, k8sc_rest_mapper_mappings_for_resource, k8sc_rest_mapper *, const char *, const char *, const char *, k8sc_rest_mappings **, k8sc_error **)
%k8sc_unlocked_4(k8sc_rest_mapper::mappings_for_category, k8sc_rest_mapper_mappings_for_category, k8sc_rest_mapper *, const char *, k8sc_rest_mappings **, k8sc_error **)
%k8sc_unlocked_4(k8sc_rest_mapper::find, k8sc_rest_mapper_find, k8sc_rest_mapper *, const char *, k8sc_rest_mapping **, k8sc_error **)
%k8sc_unlocked_6(k8sc_rest_mapper::resource_for_kind, k8sc_rest_mapper_resource_for_kind, k8sc_rest_mapper *, const char *, const char *, const char *, k8sc_resource **, k8sc_error **)
%k8sc_unlocked_5(k8sc_rest_mapper::resource_for_object, k8sc_rest_mapper_resource_for_object, k8sc_rest_mapper *, const k8sc_object *, const char *, k8sc_resource **, k8sc_error **)
%k8sc_unlocked_2(k8sc_rest_mapper::reset, k8sc_rest_mapper_reset, k8sc_rest_mapper *, k8sc_error **)
%k8sc_unlocked_9(k8sc_binding_manifest, k8sc_binding_manifest, k8sc_rest_mapper *, const char *, const char *, size_t, const char *, const k8sc_options *, bool, k8sc_manifest_results **, k8sc_error **)
%k8sc_unlocked_2(k8sc_discovery::invalidate, k8sc_discovery_invalidate,
                 k8sc_discovery *, k8sc_error **)
%k8sc_unlocked_3(k8sc_informer_factory::remove, k8sc_informer_factory_remove,
                 k8sc_informer_factory *, k8sc_informer *, k8sc_error **)
%k8sc_unlocked_3(k8sc_client::metrics_json, k8sc_client_metrics_json,
                 k8sc_client *, char **, k8sc_error **)
%k8sc_unlocked_3(k8sc_client::metrics_prometheus, k8sc_client_metrics_prometheus,
                 k8sc_client *, char **, k8sc_error **)
%k8sc_unlocked_3(k8sc_rate_limiter::accept, k8sc_rate_limiter_accept,
                 k8sc_rate_limiter *, int64_t, k8sc_error **)
