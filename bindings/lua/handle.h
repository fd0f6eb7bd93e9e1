/*
 * Handles of the library as Lua holds them. Lua's finalizers run in any order, and at its end for
 * everything that is there still: so a handle knows when what it stood for is gone, and whoever
 * uses it then is told. A userdata is looked at only once its metatable says that it is a handle.
 */
#ifndef K8SC_LUA_HANDLE_H
#define K8SC_LUA_HANDLE_H

#include "argument.h"

/* Makes the metatable of a type, which is known by an address: with the name that messages have,
 * such as "client", and its methods. */
void k8sc_lua_add_type(lua_State *L, const void *type, const char *name, const luaL_Reg *methods);
/* nil for NULL. Without `destroy` it stays its owner's. */
void k8sc_lua_push_handle(lua_State *L, void *pointer, const void *type, void (*destroy)(void *));
/* What argument `index` stands for; NULL for nil, but not of argument 1 of a method. Raises for all
 * else. */
void *k8sc_lua_to_handle(lua_State *L, int index, const void *type, const char *name, const char *function);
/* release(handle): lets go of it now rather than at some collection. Twice is fine. */
int k8sc_lua_release(lua_State *L);

#endif
