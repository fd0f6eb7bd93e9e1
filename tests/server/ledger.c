#include "ledger.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fault(struct ledger *ledger, const k8sc_event *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void fault(struct ledger *ledger, const k8sc_event *event, const char *format, ...)
{
    const k8sc_object *object = k8sc_event_object(event);
    va_list args;
    int n;
    if (*ledger->fault) return;
    n = snprintf(ledger->fault, sizeof ledger->fault, "%s %s/%s at %s: ", k8sc_event_kind_name(event),
                 object ? k8sc_object_namespace(object) : "", object ? k8sc_object_name(object) : "",
                 object ? k8sc_object_resource_version(object) : "");
    va_start(args, format);
    vsnprintf(ledger->fault + n, sizeof ledger->fault - (size_t)n, format, args);
    va_end(args);
}

static int is_named(const k8sc_object *object, const char *in_namespace, const char *name)
{
    return strcmp(k8sc_object_name(object), name) == 0 && strcmp(k8sc_object_namespace(object), in_namespace) == 0;
}

static int index_of(const struct ledger *ledger, const char *in_namespace, const char *name)
{
    int i;
    for (i = 0; i < ledger->count; i++)
        if (is_named(ledger->objects[i], in_namespace, name)) return i;
    return -1;
}

k8sc_object *ledger_find(const struct ledger *ledger, const char *in_namespace, const char *name)
{
    int i = index_of(ledger, in_namespace, name);
    return i < 0 ? NULL : ledger->objects[i];
}

static long long version(const k8sc_object *object) { return atoll(k8sc_object_resource_version(object)); }

static int same(const k8sc_object *one, const k8sc_object *other)
{
    return strcmp(k8sc_object_json(one, NULL), k8sc_object_json(other, NULL)) == 0;
}

static void added(struct ledger *ledger, const k8sc_event *event, int index)
{
    ledger->adds++;
    if (index >= 0)
        fault(ledger, event, "is known already, at %s", k8sc_object_resource_version(ledger->objects[index]));
    if (k8sc_event_old_object(event)) fault(ledger, event, "has an old object");
    if (k8sc_event_is_initial(event)) {
        ledger->initial_adds++;
        if (ledger->syncs) fault(ledger, event, "is initial, but after SYNC");
    } else if (!ledger->syncs) {
        fault(ledger, event, "is not initial, but before SYNC");
    }
    if (ledger->count == ledger_size)
        fault(ledger, event, "is one too many for the ledger");
    else if (index < 0)
        ledger->objects[ledger->count++] = k8sc_object_ref(k8sc_event_object(event));
}

static void updated(struct ledger *ledger, const k8sc_event *event, int index)
{
    const k8sc_object *before = k8sc_event_old_object(event);
    k8sc_object *object = k8sc_event_object(event);
    ledger->updates++;
    if (index < 0) {
        fault(ledger, event, "is not known");
        return;
    }
    if (!before)
        fault(ledger, event, "has no old object");
    else if (!same(before, ledger->objects[index]))
        fault(ledger, event, "has another old object than the last seen: %s", k8sc_object_json(before, NULL));
    /* A new list repeats what it finds unchanged. */
    if (version(object) == version(ledger->objects[index])) ledger->repeats++;
    if (version(object) < version(ledger->objects[index]))
        fault(ledger, event, "is older than %s", k8sc_object_resource_version(ledger->objects[index]));
    k8sc_object_unref(ledger->objects[index]);
    ledger->objects[index] = k8sc_object_ref(object);
}

static void deleted(struct ledger *ledger, const k8sc_event *event, int index)
{
    const k8sc_object *object = k8sc_event_object(event);
    ledger->deletes++;
    if (index < 0) {
        fault(ledger, event, "is not known");
        return;
    }
    if (strcmp(k8sc_object_uid(object), k8sc_object_uid(ledger->objects[index])) != 0)
        fault(ledger, event, "has another uid");
    if (k8sc_event_is_inferred(event)) {
        ledger->inferred++;
        if (!same(object, ledger->objects[index]))
            fault(ledger, event, "is inferred, but not the object that was last seen");
    } else if (version(object) <= version(ledger->objects[index])) {
        fault(ledger, event, "is no newer than %s", k8sc_object_resource_version(ledger->objects[index]));
    }
    k8sc_object_unref(ledger->objects[index]);
    ledger->objects[index] = ledger->objects[--ledger->count];
}

int ledger_on_event(const k8sc_event *event, void *user_data)
{
    struct ledger *ledger = user_data;
    const k8sc_object *object = k8sc_event_object(event);
    int index = object ? index_of(ledger, k8sc_object_namespace(object), k8sc_object_name(object)) : -1;
    switch (k8sc_event_kind(event)) {
    case K8SC_EVENT_ADD: added(ledger, event, index); break;
    case K8SC_EVENT_UPDATE: updated(ledger, event, index); break;
    case K8SC_EVENT_DELETE: deleted(ledger, event, index); break;
    case K8SC_EVENT_SYNC:
        if (ledger->syncs++) fault(ledger, event, "comes again");
        break;
    case K8SC_EVENT_ERROR:
        ledger->errors++;
        snprintf(ledger->last_error, sizeof ledger->last_error, "%s", k8sc_error_message(k8sc_event_error(event)));
        break;
    default: fault(ledger, event, "is no event for a handler");
    }
    if (ledger->destroyed) fault(ledger, event, "comes after destroy");
    return 0;
}

void ledger_destroyed(void *ledger) { ((struct ledger *)ledger)->destroyed++; }

static const char *difference(k8sc_object *const *objects, int64_t count, const k8sc_list *list)
{
    static char text[512];
    int64_t i, j;
    *text = '\0';
    for (i = 0; i < k8sc_list_size(list); i++) {
        const k8sc_object *wanted = k8sc_list_at(list, i);
        for (j = 0; j < count && !is_named(objects[j], k8sc_object_namespace(wanted), k8sc_object_name(wanted)); j++) {
        }
        if (j == count)
            snprintf(text, sizeof text, "%s is missing", k8sc_object_name(wanted));
        else if (version(objects[j]) != version(wanted))
            snprintf(text, sizeof text, "%s is at %lld instead of %lld", k8sc_object_name(wanted), version(objects[j]),
                     version(wanted));
        else if (strcmp(k8sc_object_uid(objects[j]), k8sc_object_uid(wanted)) != 0)
            snprintf(text, sizeof text, "%s has another uid", k8sc_object_name(wanted));
        if (*text) return text;
    }
    if (count != k8sc_list_size(list))
        snprintf(text, sizeof text, "%d objects instead of %d", (int)count, (int)k8sc_list_size(list));
    return text;
}

const char *ledger_difference(const struct ledger *ledger, const k8sc_list *list)
{
    return difference(ledger->objects, ledger->count, list);
}

const char *list_difference(const k8sc_list *one, const k8sc_list *other)
{
    k8sc_object *objects[ledger_size];
    int64_t i, count = k8sc_list_size(one);
    if (count > ledger_size) return "too long to be compared";
    for (i = 0; i < count; i++) objects[i] = k8sc_list_at(one, i);
    return difference(objects, count, other);
}

void ledger_clear(struct ledger *ledger)
{
    while (ledger->count) k8sc_object_unref(ledger->objects[--ledger->count]);
    memset(ledger, 0, sizeof *ledger);
}
