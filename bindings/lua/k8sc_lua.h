/* What the hand-written half of k8sc_core offers to the half that SWIG writes. */
#ifndef K8SC_LUA_H
#define K8SC_LUA_H

#include "compat.h"
#include "k8sc.h"
#include "scan.h"

/* Pushes an object to be read as a table is; nil for NULL. The reference becomes Lua's. */
void k8sc_lua_push_object(lua_State *L, k8sc_object *object);
/* The object at `index`; NULL where there is something else, or a part of an object. Raises where
 * it was collected. */
k8sc_object *k8sc_lua_to_object(lua_State *L, int index);
/* Pushes the JSON value in `text`: tables all the way down. */
void k8sc_lua_push_table(lua_State *L, scan_text text);
/* Pushes a scalar, and answers true; answers false, without a push, for arrays and objects. */
int k8sc_lua_push_scalar(lua_State *L, scan_text text);
/* Pushes the inside of a JSON string, unescaped. */
void k8sc_lua_push_string(lua_State *L, scan_text text);
/* Pushes an error as a table; the error stays its owner's. */
void k8sc_lua_push_error(lua_State *L, const k8sc_error *error);

/* Each pushes what it is given, frees it, and answers the number of values. */
int k8sc_lua_push_event(lua_State *L, k8sc_event *event);
int k8sc_lua_push_list(lua_State *L, k8sc_list *list);
int k8sc_lua_push_strings(lua_State *L, k8sc_strings *strings);
int k8sc_lua_push_mapping(lua_State *L, k8sc_rest_mapping *mapping);
int k8sc_lua_push_mappings(lua_State *L, k8sc_rest_mappings *mappings);
int k8sc_lua_push_results(lua_State *L, k8sc_manifest_results *results);

/* The name of the metatable that marks a table as a JSON array, and an empty one as [] rather than {}. */
#define K8SC_LUA_ARRAY "k8sc.array"
/* The metatables of objects and of errors. k8sc/object.lua and k8sc/error.lua give them what can be
 * written in Lua. */
#define K8SC_LUA_OBJECT "k8sc.object"
#define K8SC_LUA_ERROR "k8sc.error"

/* Functions of the module, in the form Lua calls. */
int k8sc_lua_metatable(lua_State *L); /* metatable(name): of arrays or errors */
/* set_object_methods(table): what whole objects have as methods */
int k8sc_lua_set_object_methods(lua_State *L);
int k8sc_lua_tojson(lua_State *L);  /* tojson(object): the text of an object or of a part of one */
int k8sc_lua_totable(lua_State *L); /* totable(object): the same as a table */
int k8sc_lua_whole(
    lua_State *L); /* whole(object): true where it is an object, false where a part, nil for other values */
int k8sc_lua_is_array(
    lua_State *L); /* is_array(object): true where it is an array, false where an object, nil for other values */
int k8sc_lua_member(lua_State *L);       /* member(object, key): a field, never a method */
int k8sc_lua_pairs(lua_State *L);        /* pairs(object): what pairs() is where it knows objects */
int k8sc_lua_decode(lua_State *L);       /* decode(text): a table from JSON text that is known to be right */
int k8sc_lua_new_error(lua_State *L);    /* new_error(code, message) */
int k8sc_lua_int64(lua_State *L);        /* int64(text): the integer, exact in each Lua */
int k8sc_lua_integer_text(lua_State *L); /* integer_text(value): the digits of an integer; nil for other values */
int k8sc_lua_setup(lua_State *L);        /* makes the metatables */
void k8sc_lua_setup_int64(lua_State *L);

#endif
