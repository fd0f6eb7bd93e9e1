/* JSON text to Lua values. Text comes from frozen objects and from the library, which have checked it. */
#include <locale.h>
#include <string.h>

#include "k8sc_lua.h"

void k8sc_lua_push_string(lua_State *L, scan_text text)
{
    size_t len = text.begin < text.end ? (size_t)(text.end - text.begin) : 0;
    char *buffer;
    if (!scan_has_escape(text)) {
        lua_pushlstring(L, text.begin, len);
        return;
    }
    buffer = lua_newuserdatauv(L, len, 0);
    lua_pushlstring(L, buffer, scan_unescape(text, buffer));
    lua_remove(L, -2);
}

/* Lua's own conversion; Lua 5.1 leaves it to strtod, which may want another decimal point. */
static void push_float(lua_State *L, scan_text text)
{
    lua_pushlstring(L, text.begin, (size_t)(text.end - text.begin));
    if (!lua_isnumber(L, -1)) {
        const char *point = localeconv()->decimal_point;
        luaL_gsub(L, lua_tostring(L, -1), ".", point);
        lua_remove(L, -2);
    }
    lua_pushnumber(L, lua_tonumber(L, -1));
    lua_remove(L, -2);
}

static void push_number(lua_State *L, scan_text text)
{
    int64_t integer;
    if (scan_integer(text, &integer))
        k8sc_lua_push_integer(L, integer);
    else
        push_float(L, text);
}

int k8sc_lua_push_scalar(lua_State *L, scan_text text)
{
    if (text.begin >= text.end) {
        lua_pushnil(L);
        return 1;
    }
    switch (*text.begin) {
    case '{':
    case '[': return 0;
    case '"':
        text.begin++;
        text.end--;
        k8sc_lua_push_string(L, text);
        break;
    case 't':
    case 'f': lua_pushboolean(L, *text.begin == 't'); break;
    case 'n': lua_pushlightuserdata(L, NULL); break;
    default: push_number(L, text);
    }
    return 1;
}

/* By recursion, on whatever stack the caller has. Objects may be deeper, and can be walked. */
#define MOST_DEPTH 1000

static void push_nested(lua_State *L, scan_text text, int depth)
{
    scan_walk walk;
    scan_text key, value;
    int count = 0;
    if (k8sc_lua_push_scalar(L, text)) return;
    if (depth > MOST_DEPTH) luaL_error(L, "JSON is nested deeper than %d levels", MOST_DEPTH);
    luaL_checkstack(L, 4, "JSON is nested too deeply");
    lua_newtable(L);
    walk = scan_begin(text);
    while (scan_next(&walk, &key, &value)) {
        if (walk.keys) {
            k8sc_lua_push_string(L, key);
            /* Of two members with one name the last counts, as everywhere in k8sc. */
            push_nested(L, value, depth + 1);
            lua_rawset(L, -3);
        } else {
            push_nested(L, value, depth + 1);
            lua_rawseti(L, -2, ++count);
        }
    }
    if (!walk.keys) luaL_setmetatable(L, K8SC_LUA_ARRAY);
}

void k8sc_lua_push_table(lua_State *L, scan_text text) { push_nested(L, text, 1); }

int k8sc_lua_decode(lua_State *L)
{
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    k8sc_lua_push_table(L, scan_value(text, text + len));
    return 1;
}
