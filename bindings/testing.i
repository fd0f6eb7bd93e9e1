/* The fake API server of k8sc_testing.h, for Lua: a module of its own, since who uses the client need not have it. */
%module k8sc_testing_core

%{
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "k8sc_testing.h"
%}

%include <stdint.i>
%nodefaultctor;
%nodefaultdtor;
%rename("%(strip:[k8sc_testing_])s", %$isfunction, %$isglobal) "";
typedef int32_t k8sc_status;
%include "lua/typemaps.i"
%typemap(argout) char **out %{ lua_pushstring(L, *$1); SWIG_arg++; k8sc_testing_string_free(*$1); %}
/* What the server keeps. */
%typemap(argout) const char **out %{ k8sc_lua_push_text(L, *$1); SWIG_arg++; %}
%typemap(in, numinputs=0) int64_t *out (int64_t out = 0) %{ $1 = &out; %}
%typemap(argout) int64_t *out %{ k8sc_lua_push_integer(L, *$1); SWIG_arg++; %}

%include "generated/testing.i"
