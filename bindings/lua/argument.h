/*
 * What Lua gives to a function of the library, looked at before it is taken for anything. What is
 * not right raises, with the name of the function, at the line where the program called this
 * library.
 */
#ifndef K8SC_LUA_ARGUMENT_H
#define K8SC_LUA_ARGUMENT_H

#include "compat.h"

/* Raises with a text as lua_pushfstring makes it. */
int k8sc_lua_raise(lua_State *L, const char *format, ...);
/* library(prefix): what the names of the files begin with that are this library, and not the
 * program that calls it. */
int k8sc_lua_library(lua_State *L);

/* `function` is the name that SWIG gives: "client_new", or "Client_close" for a method, whose
 * argument 1 is what it is called on. */
int k8sc_lua_is_method(const char *function);
int k8sc_lua_bad_argument(lua_State *L, int index, const char *function, const char *expected);
void k8sc_lua_check_count(lua_State *L, const char *function, int least, int most);
/* NULL for nil. Without `len` the text must not contain a zero byte. */
const char *k8sc_lua_text(lua_State *L, int index, const char *function, size_t *len);
int k8sc_lua_boolean(lua_State *L, int index, const char *function);
double k8sc_lua_number(lua_State *L, int index, const char *function);
int64_t k8sc_lua_integer(lua_State *L, int index, const char *function);
int32_t k8sc_lua_int32(lua_State *L, int index, const char *function);

/* What a value is called in a message: the name of its type where it has one. Pushes nothing; the
 * text lives as long as the value. */
const char *k8sc_lua_type_name(lua_State *L, int index);

#endif
