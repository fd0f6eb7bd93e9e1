/*
 * Integers of 64 bits. Lua 5.3 and later have them. In Lua 5.1 and LuaJIT numbers are doubles, exact up to 2^53; a
 * larger integer becomes a userdata that prints, compares and is sent as what it is.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "k8sc_lua.h"

#if LUA_VERSION_NUM >= 503

void k8sc_lua_push_integer(lua_State *L, int64_t value) { lua_pushinteger(L, (lua_Integer)value); }

int k8sc_lua_to_integer(lua_State *L, int index, int64_t *value)
{
    int is_integer = lua_isinteger(L, index);
    *value = is_integer ? (int64_t)lua_tointeger(L, index) : 0;
    return is_integer;
}

static void setup(lua_State *L) { (void)L; }

#else

#define INT64_META "k8sc.int64"
static const double exact = 9007199254740992.0; /* 2^53 */

void k8sc_lua_push_integer(lua_State *L, int64_t value)
{
    if (value >= -(int64_t)exact && value <= (int64_t)exact) {
        lua_pushnumber(L, (lua_Number)value);
        return;
    }
    *(int64_t *)lua_newuserdata(L, sizeof value) = value;
    luaL_setmetatable(L, INT64_META);
}

int k8sc_lua_to_integer(lua_State *L, int index, int64_t *value)
{
    const int64_t *boxed = luaL_testudata(L, index, INT64_META);
    double number;
    *value = 0;
    if (boxed) {
        *value = *boxed;
        return 1;
    }
    if (lua_type(L, index) != LUA_TNUMBER) return 0;
    number = lua_tonumber(L, index);
    if (!(number >= -9223372036854775808.0 && number < 9223372036854775808.0) || floor(number) != number) return 0;
    *value = (int64_t)number;
    return 1;
}

/* Below zero, zero, or above: the order of two of them, or of one and a number. */
static int order(lua_State *L)
{
    int64_t a, b;
    int has_a = k8sc_lua_to_integer(L, 1, &a), has_b = k8sc_lua_to_integer(L, 2, &b);
    double x, y;
    if (has_a && has_b) return a < b ? -1 : a > b;
    x = has_a ? (double)a : luaL_checknumber(L, 1);
    y = has_b ? (double)b : luaL_checknumber(L, 2);
    return x < y ? -1 : x > y;
}

static int equal(lua_State *L)
{
    lua_pushboolean(L, order(L) == 0);
    return 1;
}

static int less(lua_State *L)
{
    lua_pushboolean(L, order(L) < 0);
    return 1;
}

static int less_or_equal(lua_State *L)
{
    lua_pushboolean(L, order(L) <= 0);
    return 1;
}

static int text(lua_State *L)
{
    char digits[24];
    int64_t value;
    if (!k8sc_lua_to_integer(L, 1, &value)) return luaL_error(L, "int64 expected");
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    lua_pushstring(L, digits);
    return 1;
}

static int concat(lua_State *L)
{
    int i;
    for (i = 1; i <= 2; i++) {
        lua_getglobal(L, "tostring");
        lua_pushvalue(L, i);
        lua_call(L, 1, 1);
    }
    lua_concat(L, 2);
    return 1;
}

static void setup(lua_State *L)
{
    static const luaL_Reg meta[] = {
        {"__eq", equal},      {"__lt", less},       {"__le", less_or_equal},
        {"__tostring", text}, {"__concat", concat}, {NULL, NULL},
    };
    luaL_newmetatable(L, INT64_META);
    luaL_setfuncs(L, meta, 0);
    lua_pop(L, 1);
}

#endif

int k8sc_lua_int64(lua_State *L)
{
    size_t len;
    const char *digits = luaL_checklstring(L, 1, &len);
    scan_text whole = {digits, digits + len};
    int64_t value;
    if (!scan_integer(whole, &value)) return luaL_error(L, "int64: an integer of 64 bits expected, got \"%s\"", digits);
    k8sc_lua_push_integer(L, value);
    return 1;
}

int k8sc_lua_integer_text(lua_State *L)
{
    char digits[24];
    int64_t value;
    if (!k8sc_lua_to_integer(L, 1, &value)) return 0;
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    lua_pushstring(L, digits);
    return 1;
}

void k8sc_lua_setup_int64(lua_State *L) { setup(L); }
