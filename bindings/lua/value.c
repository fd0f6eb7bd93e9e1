/*
 * Objects as Lua sees them: a userdata that reads like a table and copies nothing until a string or number is asked
 * for. Each one holds a reference to its object and the text of one array or object within it.
 */
#include <string.h>

#include "argument.h"
#include "k8sc_lua.h"

typedef struct {
    /* NULL once it was collected: finalizers that run later may still look at it. */
    k8sc_object *object;
    scan_text text;
    int64_t size; /* -1 until it was counted */
    /* An array read in order is walked once: where the walk stands, and the index of the element before it. */
    scan_walk walk;
    int64_t walked;
} value;

/* Where a pairs() stands. It holds the object itself: in a finalizer what it walks over may be gone
 * already. */
typedef struct {
    k8sc_object *object;
    scan_walk walk;
    lua_Integer count;
} iteration;
#define ITERATION "k8sc.iteration"

static int gone(lua_State *L) { return k8sc_lua_raise(L, "the object is collected"); }

/* NULL for other values. */
static value *test(lua_State *L, int index)
{
    value *v = luaL_testudata(L, index, K8SC_LUA_OBJECT);
    if (v && !v->object) gone(L);
    return v;
}

static value *check(lua_State *L, int index)
{
    value *v = test(L, index);
    if (!v) k8sc_lua_raise(L, "object expected, got %s", k8sc_lua_type_name(L, index));
    return v;
}

static int is_array(const value *v) { return *v->text.begin == '['; }

/* Takes over one reference. */
static void push_part(lua_State *L, k8sc_object *object, scan_text text)
{
    value *v = lua_newuserdatauv(L, sizeof *v, 0);
    v->object = object;
    v->text = text;
    v->size = -1;
    v->walk = scan_begin(text);
    v->walked = 0;
    luaL_setmetatable(L, K8SC_LUA_OBJECT);
}

/* The collector sees a few bytes where kilobytes are held. Told of them in portions, it keeps pace. */
static void tell_collector(lua_State *L, size_t bytes)
{
    static const char key;
    enum { portion = 256 * 1024 };
    size_t owed;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key);
    owed = (size_t)lua_tointeger(L, -1) + bytes;
    lua_pop(L, 1);
    lua_pushinteger(L, (lua_Integer)(owed % portion));
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
    if (owed >= portion) lua_gc(L, LUA_GCSTEP, (int)(owed / portion * portion / 1024));
}

void k8sc_lua_push_object(lua_State *L, k8sc_object *object)
{
    scan_text text;
    size_t len = 0;
    if (!object) {
        lua_pushnil(L);
        return;
    }
    text.begin = k8sc_object_json(object, &len);
    text.end = text.begin + len;
    push_part(L, object, text);
    tell_collector(L, len);
}

k8sc_object *k8sc_lua_to_object(lua_State *L, int index)
{
    value *v = test(L, index);
    return v && v->text.begin == k8sc_object_json(v->object, NULL) ? v->object : NULL;
}

static void push(lua_State *L, k8sc_object *object, scan_text text)
{
    if (!k8sc_lua_push_scalar(L, text)) push_part(L, k8sc_object_ref(object), text);
}

static int same_key(lua_State *L, scan_text key, const char *wanted, size_t len)
{
    int same;
    if (!scan_has_escape(key)) return (size_t)(key.end - key.begin) == len && memcmp(key.begin, wanted, len) == 0;
    k8sc_lua_push_string(L, key);
    lua_pushlstring(L, wanted, len);
    same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

static int index_member(lua_State *L, value *v)
{
    size_t len;
    const char *wanted = lua_tolstring(L, 2, &len);
    scan_walk walk = scan_begin(v->text);
    scan_text key, found;
    while (scan_next(&walk, &key, &found)) {
        if (same_key(L, key, wanted, len)) {
            push(L, v->object, found);
            return 1;
        }
    }
    return 0;
}

static int index_element(lua_State *L, value *v)
{
    int64_t wanted;
    scan_text key, found;
    if (!k8sc_lua_to_integer(L, 2, &wanted) || wanted < 1) return 0;
    if (wanted <= v->walked) {
        v->walk = scan_begin(v->text);
        v->walked = 0;
    }
    while (scan_next(&v->walk, &key, &found)) {
        if (++v->walked == wanted) {
            push(L, v->object, found);
            return 1;
        }
    }
    v->walked = INT64_MAX; /* at the end: the next look begins again */
    return 0;
}

static int index_any(lua_State *L, value *v)
{
    if (is_array(v)) return index_element(L, v);
    return lua_type(L, 2) == LUA_TSTRING && index_member(L, v);
}

/* Calls `fn` while the object stays: at the end of a Lua state what allocates may run the finalizer
 * of what is in use. */
static int held(lua_State *L, value *v, int (*fn)(lua_State *, value *))
{
    k8sc_object *object = k8sc_object_ref(v->object);
    int count = fn(L, v);
    k8sc_object_unref(object);
    return count;
}

/* A field that is there always wins. Methods exist on whole objects only: their top level has few, known fields, while
 * maps below, such as labels, may have any key. */
static int meta_index(lua_State *L)
{
    if (held(L, check(L, 1), index_any)) return 1;
    if (lua_type(L, 2) != LUA_TSTRING || !k8sc_lua_to_object(L, 1)) return 0;
    lua_getmetatable(L, 1);
    lua_getfield(L, -1, "methods");
    if (!lua_istable(L, -1)) return 0;
    lua_pushvalue(L, 2);
    lua_rawget(L, -2);
    return 1;
}

static int meta_newindex(lua_State *L)
{
    return luaL_error(L, "this object is frozen; change a copy: k8sc.totable(object)");
}

static int meta_len(lua_State *L)
{
    value *v = check(L, 1);
    if (v->size < 0) {
        scan_walk walk = scan_begin(v->text);
        scan_text key, found;
        int64_t size = 0;
        while (scan_next(&walk, &key, &found)) size++;
        v->size = size;
    }
    k8sc_lua_push_integer(L, v->size);
    return 1;
}

static int push_next(lua_State *L, iteration *at, k8sc_object *object)
{
    scan_text key, found;
    if (!scan_next(&at->walk, &key, &found)) return 0;
    if (at->walk.keys)
        k8sc_lua_push_string(L, key);
    else
        lua_pushinteger(L, ++at->count);
    push(L, object, found);
    return 2;
}

/* Upvalue 1 is the iteration. */
static int next(lua_State *L)
{
    iteration *at = lua_touserdata(L, lua_upvalueindex(1));
    k8sc_object *object = k8sc_object_ref(at->object);
    int count = object ? push_next(L, at, object) : gone(L);
    k8sc_object_unref(object);
    return count;
}

static int iteration_gc(lua_State *L)
{
    iteration *at = luaL_checkudata(L, 1, ITERATION);
    k8sc_object_unref(at->object);
    at->object = NULL;
    return 0;
}

static int meta_pairs(lua_State *L)
{
    value *v = check(L, 1);
    iteration *at = lua_newuserdatauv(L, sizeof *at, 0);
    at->object = NULL;
    luaL_setmetatable(L, ITERATION);
    at->object = k8sc_object_ref(v->object);
    at->walk = scan_begin(v->text);
    at->count = 0;
    lua_pushcclosure(L, next, 1);
    return 1;
}

int k8sc_lua_pairs(lua_State *L) { return meta_pairs(L); }

/* Two are equal where they are the same part of the same object. */
static int meta_eq(lua_State *L)
{
    const value *a = test(L, 1), *b = test(L, 2);
    lua_pushboolean(L, a && b && a->object == b->object && a->text.begin == b->text.begin);
    return 1;
}

/* Whether nothing of its content may be shown to anybody who only prints it, whatever part of it that is. */
static int holds_secrets(const k8sc_object *object)
{
    static const char *const kinds[] = {"Secret",       "SecretList",  "List",
                                        "TokenRequest", "TokenReview", "ExecCredential"};
    const char *kind = object ? k8sc_object_kind(object) : "";
    size_t i;
    for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kind, kinds[i])) return 1;
    return 0;
}

static int push_json(lua_State *L, value *v)
{
    lua_pushlstring(L, v->text.begin, (size_t)(v->text.end - v->text.begin));
    return 1;
}

static int push_title(lua_State *L, value *v)
{
    const k8sc_object *object = k8sc_lua_to_object(L, 1);
    const char *kind = k8sc_object_kind(v->object), *name = k8sc_object_name(v->object);
    const char *ns = k8sc_object_namespace(v->object);
    if (object && *kind && *name) {
        lua_pushfstring(L, "%s %s%s%s", kind, ns, *ns ? "/" : "", name);
        return 1;
    }
    if (!holds_secrets(v->object)) return push_json(L, v);
    lua_pushfstring(L, "%s%s%s%s%s%s, which is not shown", object ? "" : "part of ", kind, *name ? " " : "", ns,
                    *ns ? "/" : "", name);
    return 1;
}

static int meta_tostring(lua_State *L) { return held(L, check(L, 1), push_title); }

static int meta_gc(lua_State *L)
{
    value *v = luaL_checkudata(L, 1, K8SC_LUA_OBJECT);
    k8sc_object_unref(v->object);
    v->object = NULL;
    v->text.begin = v->text.end = "";
    v->walk = scan_begin(v->text);
    v->size = -1;
    return 0;
}

int k8sc_lua_tojson(lua_State *L) { return held(L, check(L, 1), push_json); }

/* A value of its own holds the object meanwhile, and lets go of it where this raises, too. */
int k8sc_lua_totable(lua_State *L)
{
    const value *v = check(L, 1);
    scan_text text = v->text;
    push_part(L, k8sc_object_ref(v->object), text);
    k8sc_lua_push_table(L, text);
    return 1;
}

int k8sc_lua_whole(lua_State *L)
{
    if (!test(L, 1)) return 0;
    lua_pushboolean(L, k8sc_lua_to_object(L, 1) != NULL);
    return 1;
}

int k8sc_lua_is_array(lua_State *L)
{
    const value *v = test(L, 1);
    if (!v) return 0;
    lua_pushboolean(L, is_array(v));
    return 1;
}

int k8sc_lua_member(lua_State *L)
{
    value *v = check(L, 1);
    luaL_checkstring(L, 2);
    return is_array(v) ? 0 : held(L, v, index_member);
}

/* Of userdata. What getmetatable() answers is the name: nobody takes a finalizer from there and
 * calls it. */
static void new_metatable(lua_State *L, const char *name, const luaL_Reg *functions)
{
    luaL_newmetatable(L, name);
    luaL_setfuncs(L, functions, 0);
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__metatable");
}

int k8sc_lua_setup(lua_State *L)
{
    static const luaL_Reg iteration_meta[] = {{"__gc", iteration_gc}, {NULL, NULL}};
    static const luaL_Reg meta[] = {
        {"__index", meta_index},
        {"__newindex", meta_newindex},
        {"__len", meta_len},
        {"__pairs", meta_pairs},
        {"__eq", meta_eq},
        {"__gc", meta_gc},
        {"__tostring", meta_tostring},
        {NULL, NULL},
    };
    k8sc_lua_setup_int64(L);
    luaL_newmetatable(L, K8SC_LUA_ARRAY);
    luaL_newmetatable(L, K8SC_LUA_ERROR);
    new_metatable(L, K8SC_LUA_OBJECT, meta);
    new_metatable(L, ITERATION, iteration_meta);
    lua_pop(L, 4);
    return 0;
}

int k8sc_lua_metatable(lua_State *L)
{
    static const char *const names[] = {K8SC_LUA_ARRAY, K8SC_LUA_ERROR, NULL};
    luaL_getmetatable(L, names[luaL_checkoption(L, 1, NULL, names)]);
    return 1;
}

int k8sc_lua_set_object_methods(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_getmetatable(L, K8SC_LUA_OBJECT);
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "methods");
    return 0;
}
