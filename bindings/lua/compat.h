/*
 * What Lua 5.1, and so LuaJIT, lacks of the C API that this module uses. Names are Lua's own, so that the rest of the
 * source is that of Lua 5.4; what exists in both but differs has a name of ours.
 */
#ifndef K8SC_LUA_COMPAT_H
#define K8SC_LUA_COMPAT_H

#include <lauxlib.h>
#include <lua.h>
#include <stdint.h>

/* Pushes an integer as it is: where numbers are doubles, one that a double cannot hold becomes an int64 (see int64.c).
 */
void k8sc_lua_push_integer(lua_State *L, int64_t value);
/* True, and the integer, where there is one at `index`. */
int k8sc_lua_to_integer(lua_State *L, int index, int64_t *value);

/* Pushes text that something else than Lua keeps: nil for NULL. Lua 5.1 collects before it copies,
 * and finalizers may free what it would copy. */
void k8sc_lua_push_text(lua_State *L, const char *text);
void k8sc_lua_push_bytes(lua_State *L, const char *text, size_t len);

#if LUA_VERSION_NUM < 503
/* LuaJIT declares some of these itself, and so does what SWIG writes. */
#undef luaL_setmetatable
#undef luaL_setfuncs
#undef luaL_testudata
#undef lua_rawgetp
#undef lua_rawsetp
#define luaL_setmetatable k8sc_compat_setmetatable
#define luaL_setfuncs k8sc_compat_setfuncs
#define luaL_testudata k8sc_compat_testudata
#define lua_rawgetp k8sc_compat_rawgetp
#define lua_rawsetp k8sc_compat_rawsetp
#define lua_newuserdatauv(L, size, values) lua_newuserdata(L, size)

void k8sc_compat_setmetatable(lua_State *L, const char *name);
void k8sc_compat_setfuncs(lua_State *L, const luaL_Reg *functions, int upvalues);
void *k8sc_compat_testudata(lua_State *L, int index, const char *name);
void k8sc_compat_rawgetp(lua_State *L, int table, const void *key);
void k8sc_compat_rawsetp(lua_State *L, int table, const void *key);
#endif

#endif
