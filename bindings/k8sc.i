/*
 * The interface that all languages share: generated/k8sc.i has the public header as classes with methods, and this file what is
 * said otherwise. A method without a body is the library's function of that name: `close` within `%extend k8sc_client` is
 * k8sc_client_close. How arguments and answers look in a language is in <language>/k8sc_<language>.i: errors, text, integers,
 * `out` handles and the callback triple, which every binding uses in its pull form.
 */
%module k8sc

%{
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "k8sc.h"
%}

%include <stdint.i>

/* Handles are made by the functions that have them as `out`, and by nothing else. */
%nodefaultctor;
%nodefaultdtor;
%rename("%(strip:[k8sc_])s", %$isfunction, %$isglobal) "";

typedef int32_t k8sc_status;

#if defined(SWIGLUA)
%include "lua/k8sc_lua.i"
#elif defined(SWIGRUBY)
%include "ruby/k8sc_ruby.i"
#elif defined(SWIGCSHARP)
%include "csharp/k8sc_csharp.i"
#endif

%include "generated/k8sc.i"

%{
#include "manifest.h"
%}
%rename(manifest) k8sc_binding_manifest;
%include "generated/own.i"

#ifdef SWIGCSHARP
/* For the layer, which keeps the token: a program could let go of it. */
%csmethodmodifiers k8sc_cancel_bind "internal";
void k8sc_cancel_bind(k8sc_cancel *cancel);

/* int and bool are no names for a method. */
%extend k8sc_object {
    int64_t integer(const char *pointer, int64_t fallback) { return k8sc_object_int($self, pointer, fallback); }
    bool boolean(const char *pointer, bool fallback) { return k8sc_object_bool($self, pointer, fallback); }
}

/* An element is its list's, so it is read through that. */
%extend k8sc_rest_mappings {
    const char *group(int64_t index) { return k8sc_rest_mapping_group(k8sc_rest_mappings_at($self, index)); }
    const char *version(int64_t index) { return k8sc_rest_mapping_version(k8sc_rest_mappings_at($self, index)); }
    const char *resource(int64_t index) { return k8sc_rest_mapping_resource(k8sc_rest_mappings_at($self, index)); }
    const char *kind(int64_t index) { return k8sc_rest_mapping_kind(k8sc_rest_mappings_at($self, index)); }
    const char *singular(int64_t index) { return k8sc_rest_mapping_singular(k8sc_rest_mappings_at($self, index)); }
    bool is_namespaced(int64_t index) { return k8sc_rest_mapping_is_namespaced(k8sc_rest_mappings_at($self, index)); }
}
#endif
