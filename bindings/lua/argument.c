#include "argument.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#define LIBRARY "k8sc.library"

int k8sc_lua_library(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, LIBRARY);
    return 0;
}

static int is_foreign(const lua_Debug *info, const char *library)
{
    return info->currentline > 0 && !(library && strncmp(info->source, library, strlen(library)) == 0);
}

/* Pushes where the program stands: the innermost function that is not of this library. */
static void push_place(lua_State *L)
{
    lua_Debug info;
    const char *library;
    int level;
    lua_getfield(L, LUA_REGISTRYINDEX, LIBRARY);
    library = lua_tostring(L, -1);
    for (level = 0; lua_getstack(L, level, &info); level++) {
        lua_getinfo(L, "Sl", &info);
        if (is_foreign(&info, library)) {
            lua_pushfstring(L, "%s:%d: ", info.short_src, info.currentline);
            lua_remove(L, -2);
            return;
        }
    }
    lua_pop(L, 1);
    lua_pushliteral(L, "");
}

int k8sc_lua_raise(lua_State *L, const char *format, ...)
{
    va_list arguments;
    push_place(L);
    va_start(arguments, format);
    lua_pushvfstring(L, format, arguments);
    va_end(arguments);
    lua_concat(L, 2);
    return lua_error(L);
}

const char *k8sc_lua_type_name(lua_State *L, int index)
{
    const char *name = NULL;
    if (lua_type(L, index) == LUA_TLIGHTUSERDATA) return lua_touserdata(L, index) ? "a light userdata" : "null";
    if (lua_getmetatable(L, index)) {
        lua_pushliteral(L, "__name");
        lua_rawget(L, -2);
        if (lua_type(L, -1) == LUA_TSTRING) name = lua_tostring(L, -1);
        lua_pop(L, 2);
    }
    return name ? name : luaL_typename(L, index);
}

/* Where arguments are counted SWIG writes k8sc_client::close and k8sc_client_new. */
int k8sc_lua_is_method(const char *function) { return isupper((unsigned char)*function) || strstr(function, "::"); }

static const char *bare_name(const char *function)
{
    const char *scope = strstr(function, "::");
    if (scope) return scope + 2;
    if (isupper((unsigned char)*function)) return strchr(function, '_') + 1;
    return strncmp(function, "k8sc_", 5) == 0 ? function + 5 : function;
}

int k8sc_lua_bad_argument(lua_State *L, int index, const char *function, const char *expected)
{
    const char *name = bare_name(function), *got = k8sc_lua_type_name(L, index);
    int is_method = k8sc_lua_is_method(function);
    if (is_method && index == 1) return k8sc_lua_raise(L, "%s: called on what is no %s, but %s", name, expected, got);
    return k8sc_lua_raise(L, "%s: %s expected as argument %d, got %s", name, expected, index - is_method, got);
}

void k8sc_lua_check_count(lua_State *L, const char *function, int least, int most)
{
    int is_method = k8sc_lua_is_method(function), count = lua_gettop(L);
    if (count >= least && count <= most) return;
    k8sc_lua_raise(L, "%s: %d arguments expected, got %d", bare_name(function), least - is_method, count - is_method);
}

const char *k8sc_lua_text(lua_State *L, int index, const char *function, size_t *len)
{
    size_t whole = 0;
    const char *text = lua_tolstring(L, index, &whole);
    if (!text && !lua_isnil(L, index)) k8sc_lua_bad_argument(L, index, function, "string");
    if (len)
        *len = whole;
    else if (text && strlen(text) != whole)
        k8sc_lua_bad_argument(L, index, function, "string without a zero byte");
    return text;
}

int k8sc_lua_boolean(lua_State *L, int index, const char *function)
{
    if (!lua_isboolean(L, index)) k8sc_lua_bad_argument(L, index, function, "boolean");
    return lua_toboolean(L, index);
}

double k8sc_lua_number(lua_State *L, int index, const char *function)
{
    if (!lua_isnumber(L, index)) k8sc_lua_bad_argument(L, index, function, "number");
    return lua_tonumber(L, index);
}

int64_t k8sc_lua_integer(lua_State *L, int index, const char *function)
{
    int64_t value;
    if (!k8sc_lua_to_integer(L, index, &value)) k8sc_lua_bad_argument(L, index, function, "integer");
    return value;
}

int32_t k8sc_lua_int32(lua_State *L, int index, const char *function)
{
    int64_t value = k8sc_lua_integer(L, index, function);
    if (value < INT32_MIN || value > INT32_MAX) k8sc_lua_bad_argument(L, index, function, "integer of 32 bits");
    return (int32_t)value;
}
