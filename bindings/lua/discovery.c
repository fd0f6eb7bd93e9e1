/* Mappings and the results of manifests, as tables. */
#include <string.h>

#include "k8sc_lua.h"

static void push_mapping(lua_State *L, const k8sc_rest_mapping *mapping)
{
    lua_createtable(L, 0, 6);
    lua_pushstring(L, k8sc_rest_mapping_group(mapping));
    lua_setfield(L, -2, "group");
    lua_pushstring(L, k8sc_rest_mapping_version(mapping));
    lua_setfield(L, -2, "version");
    lua_pushstring(L, k8sc_rest_mapping_resource(mapping));
    lua_setfield(L, -2, "resource");
    lua_pushstring(L, k8sc_rest_mapping_kind(mapping));
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, k8sc_rest_mapping_singular(mapping));
    lua_setfield(L, -2, "singular");
    lua_pushboolean(L, k8sc_rest_mapping_is_namespaced(mapping));
    lua_setfield(L, -2, "namespaced");
}

int k8sc_lua_push_mapping(lua_State *L, k8sc_rest_mapping *mapping)
{
    push_mapping(L, mapping);
    k8sc_rest_mapping_free(mapping);
    return 1;
}

int k8sc_lua_push_mappings(lua_State *L, k8sc_rest_mappings *mappings)
{
    int64_t i, size = k8sc_rest_mappings_size(mappings);
    lua_createtable(L, (int)size, 0);
    for (i = 0; i < size; i++) {
        push_mapping(L, k8sc_rest_mappings_at(mappings, i));
        lua_rawseti(L, -2, (int)i + 1);
    }
    k8sc_rest_mappings_free(mappings);
    return 1;
}

/* Nothing where there are none. Each is a table of the source, and the answer or the error. */
int k8sc_lua_push_results(lua_State *L, k8sc_manifest_results *results)
{
    int64_t i, size = k8sc_manifest_results_size(results);
    if (!results) return 0;
    lua_createtable(L, (int)size, 1);
    for (i = 0; i < size; i++) {
        const k8sc_error *error = k8sc_manifest_results_error(results, i);
        lua_createtable(L, 0, 2);
        k8sc_lua_push_object(L, k8sc_object_ref(k8sc_manifest_results_source(results, i)));
        lua_setfield(L, -2, "source");
        if (error)
            k8sc_lua_push_error(L, error);
        else
            k8sc_lua_push_object(L, k8sc_object_ref(k8sc_manifest_results_object(results, i)));
        lua_setfield(L, -2, error ? "error" : "object");
        lua_rawseti(L, -2, (int)i + 1);
    }
    k8sc_lua_push_integer(L, k8sc_manifest_results_failures(results));
    lua_setfield(L, -2, "failures");
    k8sc_manifest_results_free(results);
    return 1;
}
