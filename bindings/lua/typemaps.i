/*
 * Lua 5.4, 5.1 and LuaJIT: how arguments and answers of the interfaces look there. A function answers its `out`, or true, or nil and
 * an error. Integers are exact: SWIG's own typemaps would make floats of them.
 */
%{
#include "k8sc_lua.h"
%}

%typemap(in, checkfn="k8sc_lua_is_integer") int64_t, int32_t %{ $1 = ($1_ltype)k8sc_lua_integer(L, $input); %}
%typemap(out) int64_t, int32_t, int %{ k8sc_lua_push_integer(L, $1); SWIG_arg++; %}
%typemap(in, checkfn="lua_isboolean") bool %{ $1 = lua_toboolean(L, $input) != 0; %}

/* Text with its length; nil is NULL. */
%typemap(in, checkfn="SWIG_lua_isnilstring") (const char *text, size_t text_len), (const char *key, size_t key_len)
%{ $1 = ($1_ltype)lua_tolstring(L, $input, &$2); %}
/* The length belongs to the text that the function answers. */
%typemap(in, numinputs=0) size_t *len (size_t len = 0) %{ $1 = &len; %}
%typemap(argout) size_t *len %{
    if (result) {
        lua_pop(L, 1);
        lua_pushlstring(L, result, *$1);
    }
%}
%typemap(in, numinputs=0) char **out (char *out = NULL) %{ $1 = &out; %}
%typemap(argout) char **out %{ lua_pushstring(L, *$1); SWIG_arg++; k8sc_string_free(*$1); %}

/* Answers. `err` is always last, so what came before it is on the stack already. */
%typemap(out) k8sc_status ""
%typemap(in, numinputs=0) SWIGTYPE **out ($*1_ltype out = NULL) %{ $1 = &out; %}
%typemap(argout) SWIGTYPE **out %{ SWIG_NewPointerObj(L, (void *)*$1, $*1_descriptor, SWIG_POINTER_OWN); SWIG_arg++; %}
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
