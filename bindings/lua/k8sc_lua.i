/*
 * What k8sc_core has for Lua beside typemaps.i: objects that read as tables, answers that are unpacked at once, and functions of its own.
 */
%include "lua/typemaps.i"
%{
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>
%}

/* Objects. */
%typemap(in, numinputs=0) k8sc_object **out (k8sc_object *out = NULL) %{ $1 = &out; %}
%typemap(argout) k8sc_object **out %{ k8sc_lua_push_object(L, *$1); SWIG_arg++; %}
%typemap(in) const k8sc_object *object (int at) %{ at = $input; %}
%typemap(check) const k8sc_object *object %{
    $1 = k8sc_lua_to_object(L, at$argnum);
    if (!$1) k8sc_lua_bad_argument(L, at$argnum, "$symname", "object");
%}

/* What is unpacked at once. */
%define %k8sc_unpacked(TYPE, PUSH)
%typemap(in, numinputs=0) TYPE **out (TYPE *out = NULL) %{ $1 = &out; %}
%typemap(argout) TYPE **out %{ SWIG_arg += PUSH(L, *$1); %}
%enddef
%k8sc_unpacked(k8sc_event, k8sc_lua_push_event)
%k8sc_unpacked(k8sc_list, k8sc_lua_push_list)
%k8sc_unpacked(k8sc_strings, k8sc_lua_push_strings)
%k8sc_unpacked(k8sc_rest_mapping, k8sc_lua_push_mapping)
%k8sc_unpacked(k8sc_rest_mappings, k8sc_lua_push_mappings)
%typemap(in, numinputs=0) k8sc_object **groups (k8sc_object *groups = NULL) %{ $1 = &groups; %}
%typemap(argout) k8sc_object **groups %{ k8sc_lua_push_object(L, *$1); SWIG_arg++; %}
%typemap(in, numinputs=0) int *yes (int yes = 0) %{ $1 = &yes; %}
%typemap(argout) int *yes %{ lua_pushboolean(L, *$1); SWIG_arg++; %}

/* What failed of an answer that is there all the same: nil where nothing did. */
%typemap(in, numinputs=0) k8sc_error **partial (k8sc_error *partial = NULL) %{ $1 = &partial; %}
%typemap(argout) k8sc_error **partial %{
    if (*$1) k8sc_lua_push_error(L, *$1);
    else lua_pushnil(L);
    k8sc_error_free(*$1);
    SWIG_arg++;
%}
/* A manifest's results are there also where some of it failed: then behind the error. */
%typemap(in, numinputs=0) (k8sc_manifest_results **out, k8sc_error **err) (k8sc_manifest_results *results = NULL, k8sc_error *failure = NULL)
%{ $1 = &results; $2 = &failure; %}
%typemap(argout) (k8sc_manifest_results **out, k8sc_error **err) %{
    if (*$2) {
        lua_pushnil(L);
        k8sc_lua_push_error(L, *$2);
        k8sc_error_free(*$2);
        SWIG_arg = 2;
    }
    SWIG_arg += k8sc_lua_push_results(L, *$1);
%}

/* Two that are borrowed from another handle, and counted. */
%typemap(out) k8sc_queue * %{ push_owned(L, k8sc_queue_ref($1), class_of($descriptor)); SWIG_arg++; %}
%typemap(out) k8sc_rate_limiter * %{
    push_owned(L, k8sc_rate_limiter_ref($1), class_of($descriptor));
    SWIG_arg++;
%}

/* Subscriptions are pulled: an integer takes the place of the callback triple and comes back with each event. So no C code
 * ever calls into Lua. */
%typemap(in) (k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy)
%{ $1 = NULL; $2 = (void *)(intptr_t)k8sc_lua_integer(L, $input, "$symname"); $3 = NULL; %}

%native(library) int k8sc_lua_library(lua_State *L);
%native(release) int k8sc_lua_release(lua_State *L);
%native(metatable) int k8sc_lua_metatable(lua_State *L);
%native(set_object_methods) int k8sc_lua_set_object_methods(lua_State *L);
%native(tojson) int k8sc_lua_tojson(lua_State *L);
%native(totable) int k8sc_lua_totable(lua_State *L);
%native(whole) int k8sc_lua_whole(lua_State *L);
%native(is_array) int k8sc_lua_is_array(lua_State *L);
%native(member) int k8sc_lua_member(lua_State *L);
%native(pairs) int k8sc_lua_pairs(lua_State *L);
%native(decode) int k8sc_lua_decode(lua_State *L);
%native(new_error) int k8sc_lua_new_error(lua_State *L);
%native(int64) int k8sc_lua_int64(lua_State *L);
%native(integer_text) int k8sc_lua_integer_text(lua_State *L);

/* Waits as k8sc_queue_wait does, but ends at a signal too, so that the interpreter can act on Ctrl-C. A signal that comes just
 * before poll() is noticed with the next one; the caller bounds the time. */
%extend k8sc_queue {
    k8sc_status poll(int64_t timeout_ms, k8sc_error **err) {
        struct pollfd one = {k8sc_queue_fd($self), POLLIN, 0};
        /* -1 in a forked child, where poll() would ignore it: let the wait below say so. */
        int most = timeout_ms > INT_MAX ? INT_MAX : (int)timeout_ms;
        if (one.fd >= 0 && poll(&one, 1, most) < 0 && errno == EINTR) return K8SC_OK;
        return k8sc_queue_wait($self, 0, NULL, err);
    }
}

/* Milliseconds of a clock that nobody sets. */
%inline %{
static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}
%}

%init %{ k8sc_lua_setup(L); %}
