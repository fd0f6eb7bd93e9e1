/*
 * bindings/generate.py has written this from the public headers and bindings/bindings.toml.
 *
 * The functions that wait: other Ruby threads run meanwhile. Each has a frame for its arguments, since what runs without Ruby's lock is
 * told one pointer, and a function that frees what it returned where the call was interrupted. unlocked.c has the rest.
 */

%{
typedef struct { const char *a1; k8sc_kubeconfig **a2; k8sc_error **a3; k8sc_status status; } k8sc_kubeconfig_load_frame;
static void k8sc_kubeconfig_load_run(void *data)
{
    k8sc_kubeconfig_load_frame *frame = data;
    frame->status = k8sc_kubeconfig_load(frame->a1, frame->a2, frame->a3);
}
static void k8sc_kubeconfig_load_drop(void *data)
{
    k8sc_kubeconfig_load_frame *frame = data;
    k8sc_rb_drop_kubeconfig(frame->a2);
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_kubeconfig_load %{
    {
        k8sc_kubeconfig_load_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_kubeconfig_load_run, k8sc_kubeconfig_load_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_kubeconfig *a1; const char *a2; k8sc_error **a3; k8sc_status status; } k8sc_kubeconfig_write_frame;
static void k8sc_kubeconfig_write_run(void *data)
{
    k8sc_kubeconfig_write_frame *frame = data;
    frame->status = k8sc_kubeconfig_write(frame->a1, frame->a2, frame->a3);
}
static void k8sc_kubeconfig_write_drop(void *data)
{
    k8sc_kubeconfig_write_frame *frame = data;
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_kubeconfig::write %{
    {
        k8sc_kubeconfig_write_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_kubeconfig_write_run, k8sc_kubeconfig_write_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_rate_limiter *a1; int64_t a2; k8sc_error **a3; k8sc_status status; } k8sc_rate_limiter_accept_frame;
static void k8sc_rate_limiter_accept_run(void *data)
{
    k8sc_rate_limiter_accept_frame *frame = data;
    frame->status = k8sc_rate_limiter_accept(frame->a1, frame->a2, frame->a3);
}
static void k8sc_rate_limiter_accept_drop(void *data)
{
    k8sc_rate_limiter_accept_frame *frame = data;
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_rate_limiter::accept %{
    {
        k8sc_rate_limiter_accept_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_rate_limiter_accept_run, k8sc_rate_limiter_accept_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_client *a1; int64_t a2; k8sc_error **a3; k8sc_status status; } k8sc_client_close_frame;
static void k8sc_client_close_run(void *data)
{
    k8sc_client_close_frame *frame = data;
    frame->status = k8sc_client_close(frame->a1, frame->a2, frame->a3);
}
static void k8sc_client_close_drop(void *data)
{
    k8sc_client_close_frame *frame = data;
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_client::close %{
    {
        k8sc_client_close_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_client_close_run, k8sc_client_close_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_request *a1; k8sc_result **a2; k8sc_error **a3; k8sc_status status; } k8sc_request_do_frame;
static void k8sc_request_do_run(void *data)
{
    k8sc_request_do_frame *frame = data;
    frame->status = k8sc_request_do(frame->a1, frame->a2, frame->a3);
}
static void k8sc_request_do_drop(void *data)
{
    k8sc_request_do_frame *frame = data;
    k8sc_rb_drop_result(frame->a2);
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_request::do %{
    {
        k8sc_request_do_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_request_do_run, k8sc_request_do_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const k8sc_object *a2; const k8sc_options *a3; k8sc_object **a4; k8sc_error **a5; k8sc_status status; } k8sc_resource_create_frame;
static void k8sc_resource_create_run(void *data)
{
    k8sc_resource_create_frame *frame = data;
    frame->status = k8sc_resource_create(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5);
}
static void k8sc_resource_create_drop(void *data)
{
    k8sc_resource_create_frame *frame = data;
    k8sc_rb_drop_object(frame->a4);
    k8sc_rb_drop_error(frame->a5);
}
%}
%feature("action") k8sc_resource::create %{
    {
        k8sc_resource_create_frame frame = {arg1, arg2, arg3, arg4, arg5, 0};
        k8sc_rb_unlocked(k8sc_resource_create_run, k8sc_resource_create_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const k8sc_object *a2; const k8sc_options *a3; k8sc_object **a4; k8sc_error **a5; k8sc_status status; } k8sc_resource_update_frame;
static void k8sc_resource_update_run(void *data)
{
    k8sc_resource_update_frame *frame = data;
    frame->status = k8sc_resource_update(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5);
}
static void k8sc_resource_update_drop(void *data)
{
    k8sc_resource_update_frame *frame = data;
    k8sc_rb_drop_object(frame->a4);
    k8sc_rb_drop_error(frame->a5);
}
%}
%feature("action") k8sc_resource::update %{
    {
        k8sc_resource_update_frame frame = {arg1, arg2, arg3, arg4, arg5, 0};
        k8sc_rb_unlocked(k8sc_resource_update_run, k8sc_resource_update_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const k8sc_object *a2; const k8sc_options *a3; k8sc_object **a4; k8sc_error **a5; k8sc_status status; } k8sc_resource_update_status_frame;
static void k8sc_resource_update_status_run(void *data)
{
    k8sc_resource_update_status_frame *frame = data;
    frame->status = k8sc_resource_update_status(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5);
}
static void k8sc_resource_update_status_drop(void *data)
{
    k8sc_resource_update_status_frame *frame = data;
    k8sc_rb_drop_object(frame->a4);
    k8sc_rb_drop_error(frame->a5);
}
%}
%feature("action") k8sc_resource::update_status %{
    {
        k8sc_resource_update_status_frame frame = {arg1, arg2, arg3, arg4, arg5, 0};
        k8sc_rb_unlocked(k8sc_resource_update_status_run, k8sc_resource_update_status_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const char *a2; const k8sc_options *a3; k8sc_object **a4; k8sc_error **a5; k8sc_status status; } k8sc_resource_delete_frame;
static void k8sc_resource_delete_run(void *data)
{
    k8sc_resource_delete_frame *frame = data;
    frame->status = k8sc_resource_delete(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5);
}
static void k8sc_resource_delete_drop(void *data)
{
    k8sc_resource_delete_frame *frame = data;
    k8sc_rb_drop_object(frame->a4);
    k8sc_rb_drop_error(frame->a5);
}
%}
%feature("action") k8sc_resource::delete %{
    {
        k8sc_resource_delete_frame frame = {arg1, arg2, arg3, arg4, arg5, 0};
        k8sc_rb_unlocked(k8sc_resource_delete_run, k8sc_resource_delete_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const k8sc_options *a2; k8sc_object **a3; k8sc_error **a4; k8sc_status status; } k8sc_resource_delete_collection_frame;
static void k8sc_resource_delete_collection_run(void *data)
{
    k8sc_resource_delete_collection_frame *frame = data;
    frame->status = k8sc_resource_delete_collection(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_resource_delete_collection_drop(void *data)
{
    k8sc_resource_delete_collection_frame *frame = data;
    k8sc_rb_drop_object(frame->a3);
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_resource::delete_collection %{
    {
        k8sc_resource_delete_collection_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_resource_delete_collection_run, k8sc_resource_delete_collection_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const char *a2; const k8sc_options *a3; k8sc_object **a4; k8sc_error **a5; k8sc_status status; } k8sc_resource_get_frame;
static void k8sc_resource_get_run(void *data)
{
    k8sc_resource_get_frame *frame = data;
    frame->status = k8sc_resource_get(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5);
}
static void k8sc_resource_get_drop(void *data)
{
    k8sc_resource_get_frame *frame = data;
    k8sc_rb_drop_object(frame->a4);
    k8sc_rb_drop_error(frame->a5);
}
%}
%feature("action") k8sc_resource::get %{
    {
        k8sc_resource_get_frame frame = {arg1, arg2, arg3, arg4, arg5, 0};
        k8sc_rb_unlocked(k8sc_resource_get_run, k8sc_resource_get_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const k8sc_options *a2; k8sc_list **a3; k8sc_error **a4; k8sc_status status; } k8sc_resource_list_frame;
static void k8sc_resource_list_run(void *data)
{
    k8sc_resource_list_frame *frame = data;
    frame->status = k8sc_resource_list(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_resource_list_drop(void *data)
{
    k8sc_resource_list_frame *frame = data;
    k8sc_rb_drop_list(frame->a3);
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_resource::list %{
    {
        k8sc_resource_list_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_resource_list_run, k8sc_resource_list_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const k8sc_options *a2; k8sc_list **a3; k8sc_error **a4; k8sc_status status; } k8sc_resource_list_all_frame;
static void k8sc_resource_list_all_run(void *data)
{
    k8sc_resource_list_all_frame *frame = data;
    frame->status = k8sc_resource_list_all(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_resource_list_all_drop(void *data)
{
    k8sc_resource_list_all_frame *frame = data;
    k8sc_rb_drop_list(frame->a3);
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_resource::list_all %{
    {
        k8sc_resource_list_all_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_resource_list_all_run, k8sc_resource_list_all_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const char *a2; int32_t a3; const char *a4; size_t a5; const k8sc_options *a6; k8sc_object **a7; k8sc_error **a8; k8sc_status status; } k8sc_resource_patch_frame;
static void k8sc_resource_patch_run(void *data)
{
    k8sc_resource_patch_frame *frame = data;
    frame->status = k8sc_resource_patch(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6, frame->a7, frame->a8);
}
static void k8sc_resource_patch_drop(void *data)
{
    k8sc_resource_patch_frame *frame = data;
    k8sc_rb_drop_object(frame->a7);
    k8sc_rb_drop_error(frame->a8);
}
%}
%feature("action") k8sc_resource::patch %{
    {
        k8sc_resource_patch_frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, 0};
        k8sc_rb_unlocked(k8sc_resource_patch_run, k8sc_resource_patch_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const char *a2; const k8sc_object *a3; const k8sc_options *a4; k8sc_object **a5; k8sc_error **a6; k8sc_status status; } k8sc_resource_apply_frame;
static void k8sc_resource_apply_run(void *data)
{
    k8sc_resource_apply_frame *frame = data;
    frame->status = k8sc_resource_apply(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6);
}
static void k8sc_resource_apply_drop(void *data)
{
    k8sc_resource_apply_frame *frame = data;
    k8sc_rb_drop_object(frame->a5);
    k8sc_rb_drop_error(frame->a6);
}
%}
%feature("action") k8sc_resource::apply %{
    {
        k8sc_resource_apply_frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, 0};
        k8sc_rb_unlocked(k8sc_resource_apply_run, k8sc_resource_apply_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const char *a2; const k8sc_object *a3; const k8sc_options *a4; k8sc_object **a5; k8sc_error **a6; k8sc_status status; } k8sc_resource_apply_status_frame;
static void k8sc_resource_apply_status_run(void *data)
{
    k8sc_resource_apply_status_frame *frame = data;
    frame->status = k8sc_resource_apply_status(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6);
}
static void k8sc_resource_apply_status_drop(void *data)
{
    k8sc_resource_apply_status_frame *frame = data;
    k8sc_rb_drop_object(frame->a5);
    k8sc_rb_drop_error(frame->a6);
}
%}
%feature("action") k8sc_resource::apply_status %{
    {
        k8sc_resource_apply_status_frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, 0};
        k8sc_rb_unlocked(k8sc_resource_apply_status_run, k8sc_resource_apply_status_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const char *a2; const char *a3; const char *a4; const k8sc_options *a5; int64_t a6; k8sc_object **a7; k8sc_error **a8; k8sc_status status; } k8sc_resource_wait_for_condition_frame;
static void k8sc_resource_wait_for_condition_run(void *data)
{
    k8sc_resource_wait_for_condition_frame *frame = data;
    frame->status = k8sc_resource_wait_for_condition(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6, frame->a7, frame->a8);
}
static void k8sc_resource_wait_for_condition_drop(void *data)
{
    k8sc_resource_wait_for_condition_frame *frame = data;
    k8sc_rb_drop_object(frame->a7);
    k8sc_rb_drop_error(frame->a8);
}
%}
%feature("action") k8sc_resource::wait_for_condition %{
    {
        k8sc_resource_wait_for_condition_frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, 0};
        k8sc_rb_unlocked(k8sc_resource_wait_for_condition_run, k8sc_resource_wait_for_condition_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_resource *a1; const char *a2; const k8sc_options *a3; int64_t a4; k8sc_error **a5; k8sc_status status; } k8sc_resource_wait_for_deletion_frame;
static void k8sc_resource_wait_for_deletion_run(void *data)
{
    k8sc_resource_wait_for_deletion_frame *frame = data;
    frame->status = k8sc_resource_wait_for_deletion(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5);
}
static void k8sc_resource_wait_for_deletion_drop(void *data)
{
    k8sc_resource_wait_for_deletion_frame *frame = data;
    k8sc_rb_drop_error(frame->a5);
}
%}
%feature("action") k8sc_resource::wait_for_deletion %{
    {
        k8sc_resource_wait_for_deletion_frame frame = {arg1, arg2, arg3, arg4, arg5, 0};
        k8sc_rb_unlocked(k8sc_resource_wait_for_deletion_run, k8sc_resource_wait_for_deletion_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_pager *a1; k8sc_object **a2; k8sc_error **a3; k8sc_status status; } k8sc_pager_next_frame;
static void k8sc_pager_next_run(void *data)
{
    k8sc_pager_next_frame *frame = data;
    frame->status = k8sc_pager_next(frame->a1, frame->a2, frame->a3);
}
static void k8sc_pager_next_drop(void *data)
{
    k8sc_pager_next_frame *frame = data;
    k8sc_rb_drop_object(frame->a2);
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_pager::next %{
    {
        k8sc_pager_next_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_pager_next_run, k8sc_pager_next_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; k8sc_error **a2; k8sc_status status; } k8sc_discovery_invalidate_frame;
static void k8sc_discovery_invalidate_run(void *data)
{
    k8sc_discovery_invalidate_frame *frame = data;
    frame->status = k8sc_discovery_invalidate(frame->a1, frame->a2);
}
static void k8sc_discovery_invalidate_drop(void *data)
{
    k8sc_discovery_invalidate_frame *frame = data;
    k8sc_rb_drop_error(frame->a2);
}
%}
%feature("action") k8sc_discovery::invalidate %{
    {
        k8sc_discovery_invalidate_frame frame = {arg1, arg2, 0};
        k8sc_rb_unlocked(k8sc_discovery_invalidate_run, k8sc_discovery_invalidate_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; k8sc_object **a2; k8sc_error **a3; k8sc_status status; } k8sc_discovery_server_groups_frame;
static void k8sc_discovery_server_groups_run(void *data)
{
    k8sc_discovery_server_groups_frame *frame = data;
    frame->status = k8sc_discovery_server_groups(frame->a1, frame->a2, frame->a3);
}
static void k8sc_discovery_server_groups_drop(void *data)
{
    k8sc_discovery_server_groups_frame *frame = data;
    k8sc_rb_drop_object(frame->a2);
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_discovery::server_groups %{
    {
        k8sc_discovery_server_groups_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_discovery_server_groups_run, k8sc_discovery_server_groups_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; const char *a2; k8sc_object **a3; k8sc_error **a4; k8sc_status status; } k8sc_discovery_server_resources_for_group_version_frame;
static void k8sc_discovery_server_resources_for_group_version_run(void *data)
{
    k8sc_discovery_server_resources_for_group_version_frame *frame = data;
    frame->status = k8sc_discovery_server_resources_for_group_version(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_discovery_server_resources_for_group_version_drop(void *data)
{
    k8sc_discovery_server_resources_for_group_version_frame *frame = data;
    k8sc_rb_drop_object(frame->a3);
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_discovery::server_resources_for_group_version %{
    {
        k8sc_discovery_server_resources_for_group_version_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_discovery_server_resources_for_group_version_run, k8sc_discovery_server_resources_for_group_version_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; k8sc_object **a2; k8sc_list **a3; k8sc_error **a4; k8sc_error **a5; k8sc_status status; } k8sc_discovery_server_groups_and_resources_frame;
static void k8sc_discovery_server_groups_and_resources_run(void *data)
{
    k8sc_discovery_server_groups_and_resources_frame *frame = data;
    frame->status = k8sc_discovery_server_groups_and_resources(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5);
}
static void k8sc_discovery_server_groups_and_resources_drop(void *data)
{
    k8sc_discovery_server_groups_and_resources_frame *frame = data;
    k8sc_rb_drop_object(frame->a2);
    k8sc_rb_drop_list(frame->a3);
    k8sc_rb_drop_error(frame->a4);
    k8sc_rb_drop_error(frame->a5);
}
%}
%feature("action") k8sc_discovery::server_groups_and_resources %{
    {
        k8sc_discovery_server_groups_and_resources_frame frame = {arg1, arg2, arg3, arg4, arg5, 0};
        k8sc_rb_unlocked(k8sc_discovery_server_groups_and_resources_run, k8sc_discovery_server_groups_and_resources_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; k8sc_list **a2; k8sc_error **a3; k8sc_error **a4; k8sc_status status; } k8sc_discovery_server_preferred_resources_frame;
static void k8sc_discovery_server_preferred_resources_run(void *data)
{
    k8sc_discovery_server_preferred_resources_frame *frame = data;
    frame->status = k8sc_discovery_server_preferred_resources(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_discovery_server_preferred_resources_drop(void *data)
{
    k8sc_discovery_server_preferred_resources_frame *frame = data;
    k8sc_rb_drop_list(frame->a2);
    k8sc_rb_drop_error(frame->a3);
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_discovery::server_preferred_resources %{
    {
        k8sc_discovery_server_preferred_resources_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_discovery_server_preferred_resources_run, k8sc_discovery_server_preferred_resources_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; k8sc_list **a2; k8sc_error **a3; k8sc_error **a4; k8sc_status status; } k8sc_discovery_server_preferred_namespaced_resources_frame;
static void k8sc_discovery_server_preferred_namespaced_resources_run(void *data)
{
    k8sc_discovery_server_preferred_namespaced_resources_frame *frame = data;
    frame->status = k8sc_discovery_server_preferred_namespaced_resources(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_discovery_server_preferred_namespaced_resources_drop(void *data)
{
    k8sc_discovery_server_preferred_namespaced_resources_frame *frame = data;
    k8sc_rb_drop_list(frame->a2);
    k8sc_rb_drop_error(frame->a3);
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_discovery::server_preferred_namespaced_resources %{
    {
        k8sc_discovery_server_preferred_namespaced_resources_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_discovery_server_preferred_namespaced_resources_run, k8sc_discovery_server_preferred_namespaced_resources_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; k8sc_object **a2; k8sc_error **a3; k8sc_status status; } k8sc_discovery_server_version_frame;
static void k8sc_discovery_server_version_run(void *data)
{
    k8sc_discovery_server_version_frame *frame = data;
    frame->status = k8sc_discovery_server_version(frame->a1, frame->a2, frame->a3);
}
static void k8sc_discovery_server_version_drop(void *data)
{
    k8sc_discovery_server_version_frame *frame = data;
    k8sc_rb_drop_object(frame->a2);
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_discovery::server_version %{
    {
        k8sc_discovery_server_version_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_discovery_server_version_run, k8sc_discovery_server_version_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; k8sc_object **a2; k8sc_error **a3; k8sc_status status; } k8sc_discovery_openapi_v2_frame;
static void k8sc_discovery_openapi_v2_run(void *data)
{
    k8sc_discovery_openapi_v2_frame *frame = data;
    frame->status = k8sc_discovery_openapi_v2(frame->a1, frame->a2, frame->a3);
}
static void k8sc_discovery_openapi_v2_drop(void *data)
{
    k8sc_discovery_openapi_v2_frame *frame = data;
    k8sc_rb_drop_object(frame->a2);
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_discovery::openapi_v2 %{
    {
        k8sc_discovery_openapi_v2_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_discovery_openapi_v2_run, k8sc_discovery_openapi_v2_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; k8sc_object **a2; k8sc_error **a3; k8sc_status status; } k8sc_discovery_openapi_v3_frame;
static void k8sc_discovery_openapi_v3_run(void *data)
{
    k8sc_discovery_openapi_v3_frame *frame = data;
    frame->status = k8sc_discovery_openapi_v3(frame->a1, frame->a2, frame->a3);
}
static void k8sc_discovery_openapi_v3_drop(void *data)
{
    k8sc_discovery_openapi_v3_frame *frame = data;
    k8sc_rb_drop_object(frame->a2);
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_discovery::openapi_v3 %{
    {
        k8sc_discovery_openapi_v3_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_discovery_openapi_v3_run, k8sc_discovery_openapi_v3_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; const char *a2; k8sc_object **a3; k8sc_error **a4; k8sc_status status; } k8sc_discovery_openapi_v3_document_frame;
static void k8sc_discovery_openapi_v3_document_run(void *data)
{
    k8sc_discovery_openapi_v3_document_frame *frame = data;
    frame->status = k8sc_discovery_openapi_v3_document(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_discovery_openapi_v3_document_drop(void *data)
{
    k8sc_discovery_openapi_v3_document_frame *frame = data;
    k8sc_rb_drop_object(frame->a3);
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_discovery::openapi_v3_document %{
    {
        k8sc_discovery_openapi_v3_document_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_discovery_openapi_v3_document_run, k8sc_discovery_openapi_v3_document_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; const char *a2; int *a3; k8sc_error **a4; k8sc_status status; } k8sc_discovery_supports_version_frame;
static void k8sc_discovery_supports_version_run(void *data)
{
    k8sc_discovery_supports_version_frame *frame = data;
    frame->status = k8sc_discovery_supports_version(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_discovery_supports_version_drop(void *data)
{
    k8sc_discovery_supports_version_frame *frame = data;
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_discovery::supports_version %{
    {
        k8sc_discovery_supports_version_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_discovery_supports_version_run, k8sc_discovery_supports_version_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_discovery *a1; const char *a2; const char *a3; int *a4; k8sc_error **a5; k8sc_status status; } k8sc_discovery_is_resource_enabled_frame;
static void k8sc_discovery_is_resource_enabled_run(void *data)
{
    k8sc_discovery_is_resource_enabled_frame *frame = data;
    frame->status = k8sc_discovery_is_resource_enabled(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5);
}
static void k8sc_discovery_is_resource_enabled_drop(void *data)
{
    k8sc_discovery_is_resource_enabled_frame *frame = data;
    k8sc_rb_drop_error(frame->a5);
}
%}
%feature("action") k8sc_discovery::is_resource_enabled %{
    {
        k8sc_discovery_is_resource_enabled_frame frame = {arg1, arg2, arg3, arg4, arg5, 0};
        k8sc_rb_unlocked(k8sc_discovery_is_resource_enabled_run, k8sc_discovery_is_resource_enabled_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_rest_mapper *a1; k8sc_error **a2; k8sc_status status; } k8sc_rest_mapper_reset_frame;
static void k8sc_rest_mapper_reset_run(void *data)
{
    k8sc_rest_mapper_reset_frame *frame = data;
    frame->status = k8sc_rest_mapper_reset(frame->a1, frame->a2);
}
static void k8sc_rest_mapper_reset_drop(void *data)
{
    k8sc_rest_mapper_reset_frame *frame = data;
    k8sc_rb_drop_error(frame->a2);
}
%}
%feature("action") k8sc_rest_mapper::reset %{
    {
        k8sc_rest_mapper_reset_frame frame = {arg1, arg2, 0};
        k8sc_rb_unlocked(k8sc_rest_mapper_reset_run, k8sc_rest_mapper_reset_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_rest_mapper *a1; const char *a2; const char *a3; const char *a4; k8sc_rest_mapping **a5; k8sc_error **a6; k8sc_status status; } k8sc_rest_mapper_mapping_for_kind_frame;
static void k8sc_rest_mapper_mapping_for_kind_run(void *data)
{
    k8sc_rest_mapper_mapping_for_kind_frame *frame = data;
    frame->status = k8sc_rest_mapper_mapping_for_kind(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6);
}
static void k8sc_rest_mapper_mapping_for_kind_drop(void *data)
{
    k8sc_rest_mapper_mapping_for_kind_frame *frame = data;
    k8sc_rb_drop_mapping(frame->a5);
    k8sc_rb_drop_error(frame->a6);
}
%}
%feature("action") k8sc_rest_mapper::mapping_for_kind %{
    {
        k8sc_rest_mapper_mapping_for_kind_frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, 0};
        k8sc_rb_unlocked(k8sc_rest_mapper_mapping_for_kind_run, k8sc_rest_mapper_mapping_for_kind_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_rest_mapper *a1; const char *a2; const char *a3; const char *a4; k8sc_rest_mapping **a5; k8sc_error **a6; k8sc_status status; } k8sc_rest_mapper_mapping_for_resource_frame;
static void k8sc_rest_mapper_mapping_for_resource_run(void *data)
{
    k8sc_rest_mapper_mapping_for_resource_frame *frame = data;
    frame->status = k8sc_rest_mapper_mapping_for_resource(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6);
}
static void k8sc_rest_mapper_mapping_for_resource_drop(void *data)
{
    k8sc_rest_mapper_mapping_for_resource_frame *frame = data;
    k8sc_rb_drop_mapping(frame->a5);
    k8sc_rb_drop_error(frame->a6);
}
%}
%feature("action") k8sc_rest_mapper::mapping_for_resource %{
    {
        k8sc_rest_mapper_mapping_for_resource_frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, 0};
        k8sc_rb_unlocked(k8sc_rest_mapper_mapping_for_resource_run, k8sc_rest_mapper_mapping_for_resource_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_rest_mapper *a1; const char *a2; const char *a3; const char *a4; k8sc_rest_mappings **a5; k8sc_error **a6; k8sc_status status; } k8sc_rest_mapper_mappings_for_kind_frame;
static void k8sc_rest_mapper_mappings_for_kind_run(void *data)
{
    k8sc_rest_mapper_mappings_for_kind_frame *frame = data;
    frame->status = k8sc_rest_mapper_mappings_for_kind(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6);
}
static void k8sc_rest_mapper_mappings_for_kind_drop(void *data)
{
    k8sc_rest_mapper_mappings_for_kind_frame *frame = data;
    k8sc_rb_drop_mappings(frame->a5);
    k8sc_rb_drop_error(frame->a6);
}
%}
%feature("action") k8sc_rest_mapper::mappings_for_kind %{
    {
        k8sc_rest_mapper_mappings_for_kind_frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, 0};
        k8sc_rb_unlocked(k8sc_rest_mapper_mappings_for_kind_run, k8sc_rest_mapper_mappings_for_kind_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_rest_mapper *a1; const char *a2; const char *a3; const char *a4; k8sc_rest_mappings **a5; k8sc_error **a6; k8sc_status status; } k8sc_rest_mapper_mappings_for_resource_frame;
static void k8sc_rest_mapper_mappings_for_resource_run(void *data)
{
    k8sc_rest_mapper_mappings_for_resource_frame *frame = data;
    frame->status = k8sc_rest_mapper_mappings_for_resource(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6);
}
static void k8sc_rest_mapper_mappings_for_resource_drop(void *data)
{
    k8sc_rest_mapper_mappings_for_resource_frame *frame = data;
    k8sc_rb_drop_mappings(frame->a5);
    k8sc_rb_drop_error(frame->a6);
}
%}
%feature("action") k8sc_rest_mapper::mappings_for_resource %{
    {
        k8sc_rest_mapper_mappings_for_resource_frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, 0};
        k8sc_rb_unlocked(k8sc_rest_mapper_mappings_for_resource_run, k8sc_rest_mapper_mappings_for_resource_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_rest_mapper *a1; const char *a2; k8sc_rest_mappings **a3; k8sc_error **a4; k8sc_status status; } k8sc_rest_mapper_mappings_for_category_frame;
static void k8sc_rest_mapper_mappings_for_category_run(void *data)
{
    k8sc_rest_mapper_mappings_for_category_frame *frame = data;
    frame->status = k8sc_rest_mapper_mappings_for_category(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_rest_mapper_mappings_for_category_drop(void *data)
{
    k8sc_rest_mapper_mappings_for_category_frame *frame = data;
    k8sc_rb_drop_mappings(frame->a3);
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_rest_mapper::mappings_for_category %{
    {
        k8sc_rest_mapper_mappings_for_category_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_rest_mapper_mappings_for_category_run, k8sc_rest_mapper_mappings_for_category_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_rest_mapper *a1; const char *a2; k8sc_rest_mapping **a3; k8sc_error **a4; k8sc_status status; } k8sc_rest_mapper_find_frame;
static void k8sc_rest_mapper_find_run(void *data)
{
    k8sc_rest_mapper_find_frame *frame = data;
    frame->status = k8sc_rest_mapper_find(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_rest_mapper_find_drop(void *data)
{
    k8sc_rest_mapper_find_frame *frame = data;
    k8sc_rb_drop_mapping(frame->a3);
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_rest_mapper::find %{
    {
        k8sc_rest_mapper_find_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_rest_mapper_find_run, k8sc_rest_mapper_find_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_rest_mapper *a1; const char *a2; const char *a3; const char *a4; k8sc_resource **a5; k8sc_error **a6; k8sc_status status; } k8sc_rest_mapper_resource_for_kind_frame;
static void k8sc_rest_mapper_resource_for_kind_run(void *data)
{
    k8sc_rest_mapper_resource_for_kind_frame *frame = data;
    frame->status = k8sc_rest_mapper_resource_for_kind(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6);
}
static void k8sc_rest_mapper_resource_for_kind_drop(void *data)
{
    k8sc_rest_mapper_resource_for_kind_frame *frame = data;
    k8sc_rb_drop_resource(frame->a5);
    k8sc_rb_drop_error(frame->a6);
}
%}
%feature("action") k8sc_rest_mapper::resource_for_kind %{
    {
        k8sc_rest_mapper_resource_for_kind_frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, 0};
        k8sc_rb_unlocked(k8sc_rest_mapper_resource_for_kind_run, k8sc_rest_mapper_resource_for_kind_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_rest_mapper *a1; const k8sc_object *a2; const char *a3; k8sc_resource **a4; k8sc_error **a5; k8sc_status status; } k8sc_rest_mapper_resource_for_object_frame;
static void k8sc_rest_mapper_resource_for_object_run(void *data)
{
    k8sc_rest_mapper_resource_for_object_frame *frame = data;
    frame->status = k8sc_rest_mapper_resource_for_object(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5);
}
static void k8sc_rest_mapper_resource_for_object_drop(void *data)
{
    k8sc_rest_mapper_resource_for_object_frame *frame = data;
    k8sc_rb_drop_resource(frame->a4);
    k8sc_rb_drop_error(frame->a5);
}
%}
%feature("action") k8sc_rest_mapper::resource_for_object %{
    {
        k8sc_rest_mapper_resource_for_object_frame frame = {arg1, arg2, arg3, arg4, arg5, 0};
        k8sc_rb_unlocked(k8sc_rest_mapper_resource_for_object_run, k8sc_rest_mapper_resource_for_object_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_informer_factory *a1; const char *a2; const char *a3; k8sc_informer **a4; k8sc_error **a5; k8sc_status status; } k8sc_informer_factory_for_kind_frame;
static void k8sc_informer_factory_for_kind_run(void *data)
{
    k8sc_informer_factory_for_kind_frame *frame = data;
    frame->status = k8sc_informer_factory_for_kind(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5);
}
static void k8sc_informer_factory_for_kind_drop(void *data)
{
    k8sc_informer_factory_for_kind_frame *frame = data;
    k8sc_rb_drop_informer(frame->a4);
    k8sc_rb_drop_error(frame->a5);
}
%}
%feature("action") k8sc_informer_factory::for_kind %{
    {
        k8sc_informer_factory_for_kind_frame frame = {arg1, arg2, arg3, arg4, arg5, 0};
        k8sc_rb_unlocked(k8sc_informer_factory_for_kind_run, k8sc_informer_factory_for_kind_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_informer_factory *a1; int64_t a2; k8sc_error **a3; k8sc_status status; } k8sc_informer_factory_wait_for_sync_frame;
static void k8sc_informer_factory_wait_for_sync_run(void *data)
{
    k8sc_informer_factory_wait_for_sync_frame *frame = data;
    frame->status = k8sc_informer_factory_wait_for_sync(frame->a1, frame->a2, frame->a3);
}
static void k8sc_informer_factory_wait_for_sync_drop(void *data)
{
    k8sc_informer_factory_wait_for_sync_frame *frame = data;
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_informer_factory::wait_for_sync %{
    {
        k8sc_informer_factory_wait_for_sync_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_informer_factory_wait_for_sync_run, k8sc_informer_factory_wait_for_sync_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_informer_factory *a1; int64_t a2; char **a3; k8sc_error **a4; k8sc_status status; } k8sc_informer_factory_wait_for_cache_sync_frame;
static void k8sc_informer_factory_wait_for_cache_sync_run(void *data)
{
    k8sc_informer_factory_wait_for_cache_sync_frame *frame = data;
    frame->status = k8sc_informer_factory_wait_for_cache_sync(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_informer_factory_wait_for_cache_sync_drop(void *data)
{
    k8sc_informer_factory_wait_for_cache_sync_frame *frame = data;
    k8sc_rb_drop_text(frame->a3);
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_informer_factory::wait_for_cache_sync %{
    {
        k8sc_informer_factory_wait_for_cache_sync_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_informer_factory_wait_for_cache_sync_run, k8sc_informer_factory_wait_for_cache_sync_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_informer_factory *a1; k8sc_informer *a2; k8sc_error **a3; k8sc_status status; } k8sc_informer_factory_remove_frame;
static void k8sc_informer_factory_remove_run(void *data)
{
    k8sc_informer_factory_remove_frame *frame = data;
    frame->status = k8sc_informer_factory_remove(frame->a1, frame->a2, frame->a3);
}
static void k8sc_informer_factory_remove_drop(void *data)
{
    k8sc_informer_factory_remove_frame *frame = data;
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_informer_factory::remove %{
    {
        k8sc_informer_factory_remove_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_informer_factory_remove_run, k8sc_informer_factory_remove_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_informer_factory *a1; k8sc_error **a2; k8sc_status status; } k8sc_informer_factory_shutdown_frame;
static void k8sc_informer_factory_shutdown_run(void *data)
{
    k8sc_informer_factory_shutdown_frame *frame = data;
    frame->status = k8sc_informer_factory_shutdown(frame->a1, frame->a2);
}
static void k8sc_informer_factory_shutdown_drop(void *data)
{
    k8sc_informer_factory_shutdown_frame *frame = data;
    k8sc_rb_drop_error(frame->a2);
}
%}
%feature("action") k8sc_informer_factory::shutdown %{
    {
        k8sc_informer_factory_shutdown_frame frame = {arg1, arg2, 0};
        k8sc_rb_unlocked(k8sc_informer_factory_shutdown_run, k8sc_informer_factory_shutdown_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_informer *a1; k8sc_error **a2; k8sc_status status; } k8sc_informer_stop_frame;
static void k8sc_informer_stop_run(void *data)
{
    k8sc_informer_stop_frame *frame = data;
    frame->status = k8sc_informer_stop(frame->a1, frame->a2);
}
static void k8sc_informer_stop_drop(void *data)
{
    k8sc_informer_stop_frame *frame = data;
    k8sc_rb_drop_error(frame->a2);
}
%}
%feature("action") k8sc_informer::stop %{
    {
        k8sc_informer_stop_frame frame = {arg1, arg2, 0};
        k8sc_rb_unlocked(k8sc_informer_stop_run, k8sc_informer_stop_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_informer *a1; int64_t a2; k8sc_error **a3; k8sc_status status; } k8sc_informer_wait_for_sync_frame;
static void k8sc_informer_wait_for_sync_run(void *data)
{
    k8sc_informer_wait_for_sync_frame *frame = data;
    frame->status = k8sc_informer_wait_for_sync(frame->a1, frame->a2, frame->a3);
}
static void k8sc_informer_wait_for_sync_drop(void *data)
{
    k8sc_informer_wait_for_sync_frame *frame = data;
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_informer::wait_for_sync %{
    {
        k8sc_informer_wait_for_sync_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_informer_wait_for_sync_run, k8sc_informer_wait_for_sync_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_informer *a1; const char *a2; int64_t a3; k8sc_error **a4; k8sc_status status; } k8sc_informer_wait_for_resource_version_frame;
static void k8sc_informer_wait_for_resource_version_run(void *data)
{
    k8sc_informer_wait_for_resource_version_frame *frame = data;
    frame->status = k8sc_informer_wait_for_resource_version(frame->a1, frame->a2, frame->a3, frame->a4);
}
static void k8sc_informer_wait_for_resource_version_drop(void *data)
{
    k8sc_informer_wait_for_resource_version_frame *frame = data;
    k8sc_rb_drop_error(frame->a4);
}
%}
%feature("action") k8sc_informer::wait_for_resource_version %{
    {
        k8sc_informer_wait_for_resource_version_frame frame = {arg1, arg2, arg3, arg4, 0};
        k8sc_rb_unlocked(k8sc_informer_wait_for_resource_version_run, k8sc_informer_wait_for_resource_version_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_client *a1; char **a2; k8sc_error **a3; k8sc_status status; } k8sc_client_metrics_json_frame;
static void k8sc_client_metrics_json_run(void *data)
{
    k8sc_client_metrics_json_frame *frame = data;
    frame->status = k8sc_client_metrics_json(frame->a1, frame->a2, frame->a3);
}
static void k8sc_client_metrics_json_drop(void *data)
{
    k8sc_client_metrics_json_frame *frame = data;
    k8sc_rb_drop_text(frame->a2);
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_client::metrics_json %{
    {
        k8sc_client_metrics_json_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_client_metrics_json_run, k8sc_client_metrics_json_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_client *a1; char **a2; k8sc_error **a3; k8sc_status status; } k8sc_client_metrics_prometheus_frame;
static void k8sc_client_metrics_prometheus_run(void *data)
{
    k8sc_client_metrics_prometheus_frame *frame = data;
    frame->status = k8sc_client_metrics_prometheus(frame->a1, frame->a2, frame->a3);
}
static void k8sc_client_metrics_prometheus_drop(void *data)
{
    k8sc_client_metrics_prometheus_frame *frame = data;
    k8sc_rb_drop_text(frame->a2);
    k8sc_rb_drop_error(frame->a3);
}
%}
%feature("action") k8sc_client::metrics_prometheus %{
    {
        k8sc_client_metrics_prometheus_frame frame = {arg1, arg2, arg3, 0};
        k8sc_rb_unlocked(k8sc_client_metrics_prometheus_run, k8sc_client_metrics_prometheus_drop, &frame);
        result = frame.status;
    }
%}

%{
typedef struct { k8sc_rest_mapper *a1; const char *a2; const char *a3; size_t a4; const char *a5; const k8sc_options *a6; int a7; k8sc_manifest_results **a8; k8sc_error **a9; k8sc_status status; } k8sc_binding_manifest_frame;
static void k8sc_binding_manifest_run(void *data)
{
    k8sc_binding_manifest_frame *frame = data;
    frame->status = k8sc_binding_manifest(frame->a1, frame->a2, frame->a3, frame->a4, frame->a5, frame->a6, frame->a7, frame->a8, frame->a9);
}
static void k8sc_binding_manifest_drop(void *data)
{
    k8sc_binding_manifest_frame *frame = data;
    k8sc_rb_drop_results(frame->a8);
    k8sc_rb_drop_error(frame->a9);
}
%}
%feature("action") k8sc_binding_manifest %{
    {
        k8sc_binding_manifest_frame frame = {arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, 0};
        k8sc_rb_unlocked(k8sc_binding_manifest_run, k8sc_binding_manifest_drop, &frame);
        result = frame.status;
    }
%}
