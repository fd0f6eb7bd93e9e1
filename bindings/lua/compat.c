#include "compat.h"

#include <stdlib.h>
#include <string.h>

#if LUA_VERSION_NUM >= 503

void k8sc_lua_push_bytes(lua_State *L, const char *text, size_t len) { lua_pushlstring(L, text, len); }

#else

void k8sc_lua_push_bytes(lua_State *L, const char *text, size_t len)
{
    char *copy = malloc(len + 1);
    if (!copy) luaL_error(L, "not enough memory");
    memcpy(copy, text, len);
    lua_pushlstring(L, copy, len);
    free(copy);
}

void k8sc_compat_setmetatable(lua_State *L, const char *name)
{
    luaL_getmetatable(L, name);
    lua_setmetatable(L, -2);
}

/* Without upvalues, which nothing here has. */
void k8sc_compat_setfuncs(lua_State *L, const luaL_Reg *functions, int upvalues)
{
    (void)upvalues;
    for (; functions->name; functions++) {
        lua_pushcfunction(L, functions->func);
        lua_setfield(L, -2, functions->name);
    }
}

void *k8sc_compat_testudata(lua_State *L, int index, const char *name)
{
    void *data = lua_touserdata(L, index);
    int same;
    if (!data || !lua_getmetatable(L, index)) return NULL;
    luaL_getmetatable(L, name);
    same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same ? data : NULL;
}

void k8sc_compat_rawgetp(lua_State *L, int table, const void *key)
{
    lua_pushlightuserdata(L, (void *)key);
    lua_rawget(L, table);
}

/* The only table here is the registry: its index does not move with the stack. */
void k8sc_compat_rawsetp(lua_State *L, int table, const void *key)
{
    lua_pushlightuserdata(L, (void *)key);
    lua_insert(L, -2);
    lua_rawset(L, table);
}

#endif

void k8sc_lua_push_text(lua_State *L, const char *text)
{
    if (text)
        k8sc_lua_push_bytes(L, text, strlen(text));
    else
        lua_pushnil(L);
}
