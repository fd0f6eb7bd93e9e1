/*
 * Walks JSON text in place, without Lua. The text was checked when its object was frozen; nothing here leaves its
 * bounds all the same.
 */
#ifndef K8SC_LUA_SCAN_H
#define K8SC_LUA_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *begin, *end;
} scan_text;

/* Where a walk over an array or an object stands: at the next element or member. */
typedef struct {
    const char *at, *end;
    bool keys;
} scan_walk;

/* The value that begins at or after `p`. */
scan_text scan_value(const char *p, const char *end);
/* Begins a walk over the array or object in `text`. */
scan_walk scan_begin(scan_text text);
/* The next element or member; false at the end. `key` is the inside of a string, still escaped. */
bool scan_next(scan_walk *walk, scan_text *key, scan_text *value);

bool scan_has_escape(scan_text text);
/* Unescapes the inside of a string into `out`, which has room for its length; answers how much was written. */
size_t scan_unescape(scan_text text, char *out);
/* True where `text` is an integer that fits. */
bool scan_integer(scan_text text, int64_t *value);

#endif
