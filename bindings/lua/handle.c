#include "handle.h"

typedef struct {
    void *pointer; /* NULL once it is gone */
    void (*destroy)(void *);
} handle;

/* Its address is a key that nobody else has: in the metatable of each handle, with the type as
 * value. */
static const char mark;

/* NULL where it is no handle. */
static const void *type_of(lua_State *L, int index)
{
    const void *type;
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) return NULL;
    lua_pushlightuserdata(L, (void *)&mark);
    lua_rawget(L, -2);
    type = lua_touserdata(L, -1);
    lua_pop(L, 2);
    return type;
}

static handle *any_handle(lua_State *L, int index) { return type_of(L, index) ? lua_touserdata(L, index) : NULL; }

static const char *name_of(lua_State *L) { return any_handle(L, 1) ? k8sc_lua_type_name(L, 1) : "handle"; }

static void let_go(handle *it)
{
    void *pointer = it->pointer;
    it->pointer = NULL;
    if (pointer && it->destroy) it->destroy(pointer);
}

static int meta_gc(lua_State *L)
{
    handle *it = any_handle(L, 1);
    if (it) let_go(it);
    return 0;
}

/* Two that are there are equal where they stand for the same. */
static int meta_eq(lua_State *L)
{
    const handle *a = any_handle(L, 1), *b = any_handle(L, 2);
    lua_pushboolean(L, a && b && a->pointer && a->pointer == b->pointer && type_of(L, 1) == type_of(L, 2));
    return 1;
}

static int meta_tostring(lua_State *L)
{
    const handle *it = any_handle(L, 1);
    if (it && it->pointer)
        lua_pushfstring(L, "%s: %p", name_of(L), it->pointer);
    else
        lua_pushfstring(L, "%s (closed or collected)", name_of(L));
    return 1;
}

static int meta_newindex(lua_State *L) { return k8sc_lua_raise(L, "a handle has no fields to set"); }

void k8sc_lua_add_type(lua_State *L, const void *type, const char *name, const luaL_Reg *methods)
{
    static const luaL_Reg meta[] = {
        {"__gc", meta_gc}, {"__eq", meta_eq}, {"__tostring", meta_tostring}, {"__newindex", meta_newindex},
        {NULL, NULL},
    };
    lua_newtable(L);
    luaL_setfuncs(L, meta, 0);
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    /* What getmetatable() answers. */
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__metatable");
    lua_pushlightuserdata(L, (void *)&mark);
    lua_pushlightuserdata(L, (void *)type);
    lua_rawset(L, -3);
    lua_rawsetp(L, LUA_REGISTRYINDEX, type);
}

void k8sc_lua_push_handle(lua_State *L, void *pointer, const void *type, void (*destroy)(void *))
{
    handle *it;
    if (!pointer) {
        lua_pushnil(L);
        return;
    }
    it = lua_newuserdatauv(L, sizeof *it, 0);
    it->pointer = pointer;
    it->destroy = destroy;
    lua_rawgetp(L, LUA_REGISTRYINDEX, type);
    lua_setmetatable(L, -2);
}

void *k8sc_lua_to_handle(lua_State *L, int index, const void *type, const char *name, const char *function)
{
    const handle *it;
    if (lua_isnil(L, index) && !(index == 1 && k8sc_lua_is_method(function))) return NULL;
    if (type_of(L, index) != type) k8sc_lua_bad_argument(L, index, function, name);
    it = lua_touserdata(L, index);
    if (!it->pointer) k8sc_lua_raise(L, "the %s is closed or collected", name);
    return it->pointer;
}

int k8sc_lua_release(lua_State *L)
{
    handle *it = any_handle(L, 1);
    if (!it) k8sc_lua_bad_argument(L, 1, "release", "handle");
    let_go(it);
    return 0;
}
