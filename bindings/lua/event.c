/* Answers that Lua unpacks at once, so that what they hold is not held until some collection. */
#include "k8sc_lua.h"

/* The text of a message, and what is told of it. */
static void push_message(lua_State *L, const k8sc_event *event)
{
    lua_pushstring(L, k8sc_event_text(event));
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, k8sc_event_level(event));
    lua_setfield(L, -2, "level");
    lua_pushstring(L, k8sc_event_component(event));
    lua_setfield(L, -2, "component");
    k8sc_lua_push_integer(L, k8sc_event_dropped(event));
    lua_setfield(L, -2, "dropped");
}

/* nil where there is no event; else the subscription's number, the kind, the object, and what more the kind has:
 * is_initial, the old object, is_inferred, or the error. Of a message, its text in the place of an object, and a table;
 * of a piece of a body, the piece. */
int k8sc_lua_push_event(lua_State *L, k8sc_event *event)
{
    const k8sc_error *error = k8sc_event_error(event);
    int32_t kind = k8sc_event_kind(event);
    if (!event) {
        lua_pushnil(L);
        return 1;
    }
    k8sc_lua_push_integer(L, (int64_t)(intptr_t)k8sc_event_user_data(event));
    lua_pushinteger(L, kind);
    if (k8sc_event_text(event)) {
        push_message(L, event);
        k8sc_event_free(event);
        return 4;
    }
    if (kind == K8SC_EVENT_DATA) {
        size_t len = 0;
        const char *data = k8sc_event_data(event, &len);
        lua_pushlstring(L, data, len);
    } else if (kind == K8SC_EVENT_UPDATE) {
        /* In client-go's order: the old state, then the new one. */
        k8sc_lua_push_object(L, k8sc_object_ref(k8sc_event_old_object(event)));
    } else {
        k8sc_lua_push_object(L, k8sc_object_ref(k8sc_event_object(event)));
    }
    if (kind == K8SC_EVENT_ADD)
        lua_pushboolean(L, k8sc_event_is_initial(event));
    else if (kind == K8SC_EVENT_DELETE)
        lua_pushboolean(L, k8sc_event_is_inferred(event));
    else if (kind == K8SC_EVENT_UPDATE)
        k8sc_lua_push_object(L, k8sc_object_ref(k8sc_event_object(event)));
    else if (error)
        k8sc_lua_push_error(L, error);
    else
        lua_pushnil(L);
    k8sc_event_free(event);
    return 4;
}

/* An array of objects that also knows its resourceVersion and how it goes on. */
int k8sc_lua_push_list(lua_State *L, k8sc_list *list)
{
    int64_t i, size = k8sc_list_size(list), remaining = k8sc_list_remaining_item_count(list);
    const char *next = k8sc_list_continue(list);
    lua_createtable(L, (int)(size > 0 ? size : 0), 3);
    for (i = 0; i < size; i++) {
        k8sc_lua_push_object(L, k8sc_object_ref(k8sc_list_at(list, i)));
        lua_rawseti(L, -2, (int)i + 1);
    }
    lua_pushstring(L, k8sc_list_resource_version(list));
    lua_setfield(L, -2, "resource_version");
    if (next && *next) {
        lua_pushstring(L, next);
        lua_setfield(L, -2, "continue");
    }
    if (remaining >= 0) {
        k8sc_lua_push_integer(L, remaining);
        lua_setfield(L, -2, "remaining_item_count");
    }
    k8sc_list_free(list);
    return 1;
}

int k8sc_lua_push_strings(lua_State *L, k8sc_strings *strings)
{
    int64_t i, size = k8sc_strings_size(strings);
    lua_createtable(L, (int)(size > 0 ? size : 0), 0);
    for (i = 0; i < size; i++) {
        size_t len = 0;
        const char *text = k8sc_strings_at(strings, i, &len);
        lua_pushlstring(L, text, len);
        lua_rawseti(L, -2, (int)i + 1);
    }
    k8sc_strings_free(strings);
    return 1;
}
