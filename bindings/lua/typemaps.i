/*
 * Lua 5.4, 5.1 and LuaJIT: how arguments and answers of the interfaces look there. A function answers its `out`, or true, or nil and
 * an error. Integers are exact: SWIG's own typemaps would make floats of them. Handles are of our own
 * making (handle.h): SWIG's take any userdata for one.
 */
%{
#include "handle.h"
#include "k8sc_lua.h"

static const swig_lua_class *class_of(const swig_type_info *type)
{
    return (const swig_lua_class *)type->clientdata;
}

/* A handle that lets go of what it stands for when it is collected. */
static void push_owned(lua_State *L, void *pointer, const swig_lua_class *type)
{
    k8sc_lua_push_handle(L, pointer, type, type->destructor);
}

/* "client" for "_p_k8sc_client". */
static const char *type_name(const swig_type_info *type)
{
    const char *name = type->name + strlen("_p_k8sc_"), *testing = "testing_";
    return strncmp(name, testing, strlen(testing)) == 0 ? name + strlen(testing) : name;
}

/* The module as a plain table: no metatable, no globals beside it, and no classes in a registry that
 * all of SWIG's modules share. */
static void register_module(lua_State *L, swig_lua_namespace *module)
{
    swig_lua_class **class;
    lua_newtable(L);
    SWIG_Lua_InstallConstants(L, module->ns_constants);
    luaL_setfuncs(L, module->ns_methods, 0);
    for (class = module->ns_classes; *class; class++)
        k8sc_lua_add_type(L, *class, type_name(*(*class)->type), (*class)->methods);
}
#undef lua_pushglobaltable
#define lua_pushglobaltable(L) lua_newtable(L)
#define SWIG_Lua_namespace_register(L, module, global) register_module(L, module)

#undef SWIG_check_num_args
#define SWIG_check_num_args(function, least, most) k8sc_lua_check_count(L, function, least, most);
%}

%typemap(in) int64_t %{ $1 = k8sc_lua_integer(L, $input, "$symname"); %}
%typemap(in) int32_t %{ $1 = k8sc_lua_int32(L, $input, "$symname"); %}
%typemap(in) double %{ $1 = k8sc_lua_number(L, $input, "$symname"); %}
%typemap(in) bool %{ $1 = k8sc_lua_boolean(L, $input, "$symname") != 0; %}
%typemap(out) int64_t, int32_t, int %{ k8sc_lua_push_integer(L, $1); SWIG_arg++; %}

/* Text with its length, or without zero bytes; nil is NULL. */
%typemap(in) (const char *text, size_t text_len), (const char *key, size_t key_len)
%{ $1 = ($1_ltype)k8sc_lua_text(L, $input, "$symname", &$2); %}
%typemap(in) const char * %{ $1 = ($1_ltype)k8sc_lua_text(L, $input, "$symname", NULL); %}
%typemap(out) const char * %{ k8sc_lua_push_text(L, $1); SWIG_arg++; %}
/* The length belongs to the text that the function answers. */
%typemap(in, numinputs=0) size_t *len (size_t len = 0) %{ $1 = &len; %}
%typemap(argout) size_t *len %{
    if (result) {
        k8sc_lua_push_bytes(L, result, *$1);
        lua_replace(L, -2);
    }
%}
%typemap(in, numinputs=0) char **out (char *out = NULL) %{ $1 = &out; %}
%typemap(argout) char **out %{ lua_pushstring(L, *$1); SWIG_arg++; k8sc_string_free(*$1); %}

/* Handles are looked at last of all arguments: what comes before may run finalizers, which may let
 * go of them. */
%typemap(in) SWIGTYPE * (int at) %{ at = $input; %}
%typemap(check) char *, const char *, size_t *, int *, int64_t *, void *, k8sc_event_fn,
                SWIGTYPE ** ""
%typemap(check) SWIGTYPE * %{
    $1 = ($1_ltype)k8sc_lua_to_handle(L, at$argnum, class_of($descriptor), type_name($descriptor),
                                      "$symname");
%}
%typemap(out) SWIGTYPE * %{
    k8sc_lua_push_handle(L, (void *)$1, class_of($descriptor), NULL);
    SWIG_arg++;
%}

/* Answers. `err` is always last, so what came before it is on the stack already. */
%typemap(out) k8sc_status ""
%typemap(in, numinputs=0) SWIGTYPE **out ($*1_ltype out = NULL) %{ $1 = &out; %}
%typemap(argout) SWIGTYPE **out %{
    push_owned(L, (void *)*$1, class_of($*1_descriptor));
    SWIG_arg++;
%}
%typemap(in, numinputs=0) k8sc_error **err (k8sc_error *err = NULL) %{ $1 = &err; %}
%typemap(argout) k8sc_error **err %{
    if (*$1) {
        lua_pop(L, SWIG_arg);
        lua_pushnil(L);
        k8sc_lua_push_error(L, *$1);
        k8sc_error_free(*$1);
        SWIG_arg = 2;
    } else if (SWIG_arg == 0) {
        lua_pushboolean(L, 1);
        SWIG_arg = 1;
    }
%}
