/* Errors as Lua sees them: plain tables with a metatable, complete, so that they outlive what they came from. */
#include <string.h>

#include "k8sc_lua.h"

static void set_text(lua_State *L, const char *name, const char *text)
{
    lua_pushstring(L, text ? text : "");
    lua_setfield(L, -2, name);
}

static void push_causes(lua_State *L, const k8sc_error *error)
{
    int32_t i, count = k8sc_error_cause_count(error);
    lua_createtable(L, count, 0);
    for (i = 0; i < count; i++) {
        lua_createtable(L, 0, 3);
        set_text(L, "type", k8sc_error_cause_type(error, i));
        set_text(L, "field", k8sc_error_cause_field(error, i));
        set_text(L, "message", k8sc_error_cause_message(error, i));
        lua_rawseti(L, -2, i + 1);
    }
}

/* What the predicates say, under the names of the methods. */
static void push_predicates(lua_State *L, const k8sc_error *error)
{
    const struct {
        const char *name;
        int holds;
    } all[] = {
        {"is_not_found", k8sc_error_is_not_found(error)},
        {"is_already_exists", k8sc_error_is_already_exists(error)},
        {"is_conflict", k8sc_error_is_conflict(error)},
        {"is_invalid", k8sc_error_is_invalid(error)},
        {"is_gone", k8sc_error_is_gone(error)},
        {"is_forbidden", k8sc_error_is_forbidden(error)},
        {"is_unauthorized", k8sc_error_is_unauthorized(error)},
        {"is_too_many_requests", k8sc_error_is_too_many_requests(error)},
        {"is_timeout", k8sc_error_is_timeout(error)},
        {"is_retriable", k8sc_error_is_retriable(error)},
        {"is_not_processed", k8sc_error_is_not_processed(error)},
    };
    size_t i;
    lua_createtable(L, 0, (int)(sizeof all / sizeof *all));
    for (i = 0; i < sizeof all / sizeof *all; i++) {
        lua_pushboolean(L, all[i].holds);
        lua_setfield(L, -2, all[i].name);
    }
}

void k8sc_lua_push_error(lua_State *L, const k8sc_error *error)
{
    const char *status = k8sc_error_status_json(error);
    int64_t retry_after = k8sc_error_retry_after_ms(error);
    luaL_checkstack(L, 6, "no room for an error");
    lua_createtable(L, 0, 9);
    lua_pushinteger(L, k8sc_error_code(error));
    lua_setfield(L, -2, "code");
    set_text(L, "name", k8sc_status_name(k8sc_error_code(error)));
    set_text(L, "message", k8sc_error_message(error));
    lua_pushinteger(L, k8sc_error_http_status(error));
    lua_setfield(L, -2, "status");
    set_text(L, "reason", k8sc_error_reason(error));
    push_causes(L, error);
    lua_setfield(L, -2, "causes");
    if (retry_after >= 0) {
        lua_pushnumber(L, (lua_Number)retry_after / 1000);
        lua_setfield(L, -2, "retry_after");
    }
    if (status) {
        k8sc_lua_push_table(L, scan_value(status, status + strlen(status)));
        lua_setfield(L, -2, "body");
    }
    push_predicates(L, error);
    lua_setfield(L, -2, "is");
    luaL_setmetatable(L, K8SC_LUA_ERROR);
}

int k8sc_lua_new_error(lua_State *L)
{
    k8sc_error *error = k8sc_error_new((k8sc_status)luaL_checkinteger(L, 1), luaL_checkstring(L, 2));
    if (!error) return luaL_error(L, "not enough memory for an error");
    k8sc_lua_push_error(L, error);
    k8sc_error_free(error);
    return 1;
}
