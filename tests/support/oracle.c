#include "oracle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fault(struct oracle *oracle, const k8sc_event *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void fault(struct oracle *oracle, const k8sc_event *event, const char *format, ...)
{
    const k8sc_object *object = k8sc_event_object(event);
    va_list args;
    int n;
    if (*oracle->fault) return;
    n = snprintf(oracle->fault, sizeof oracle->fault, "%s %s/%s at %s: ", k8sc_event_kind_name(event),
                 object ? k8sc_object_namespace(object) : "", object ? k8sc_object_name(object) : "",
                 object ? k8sc_object_resource_version(object) : "");
    va_start(args, format);
    vsnprintf(oracle->fault + n, sizeof oracle->fault - (size_t)n, format, args);
    va_end(args);
}

static int is_named(const k8sc_object *object, const char *in_namespace, const char *name)
{
    return strcmp(k8sc_object_name(object), name) == 0 && strcmp(k8sc_object_namespace(object), in_namespace) == 0;
}

static int index_of(const struct oracle *oracle, const char *in_namespace, const char *name)
{
    int i;
    for (i = 0; i < oracle->count; i++)
        if (is_named(oracle->objects[i], in_namespace, name)) return i;
    return -1;
}

k8sc_object *oracle_find(const struct oracle *oracle, const char *in_namespace, const char *name)
{
    int i = index_of(oracle, in_namespace, name);
    return i < 0 ? NULL : oracle->objects[i];
}

static long long version(const k8sc_object *object) { return atoll(k8sc_object_resource_version(object)); }

static int same(const k8sc_object *one, const k8sc_object *other)
{
    return strcmp(k8sc_object_json(one, NULL), k8sc_object_json(other, NULL)) == 0;
}

static void added(struct oracle *oracle, const k8sc_event *event, int index)
{
    oracle->adds++;
    if (index >= 0)
        fault(oracle, event, "is known already, at %s", k8sc_object_resource_version(oracle->objects[index]));
    if (k8sc_event_old_object(event)) fault(oracle, event, "has an old object");
    if (k8sc_event_is_initial(event)) {
        oracle->initial_adds++;
        if (oracle->syncs) fault(oracle, event, "is initial, but after SYNC");
    } else if (!oracle->syncs) {
        fault(oracle, event, "is not initial, but before SYNC");
    }
    if (oracle->count == oracle_size)
        fault(oracle, event, "is one too many for the oracle");
    else if (index < 0)
        oracle->objects[oracle->count++] = k8sc_object_ref(k8sc_event_object(event));
}

static void updated(struct oracle *oracle, const k8sc_event *event, int index)
{
    const k8sc_object *before = k8sc_event_old_object(event);
    k8sc_object *object = k8sc_event_object(event);
    oracle->updates++;
    if (index < 0) {
        fault(oracle, event, "is not known");
        return;
    }
    if (!before)
        fault(oracle, event, "has no old object");
    else if (!same(before, oracle->objects[index]))
        fault(oracle, event, "has another old object than the last seen: %s", k8sc_object_json(before, NULL));
    /* A new list repeats what it finds unchanged. */
    if (version(object) == version(oracle->objects[index])) oracle->repeats++;
    if (version(object) < version(oracle->objects[index]))
        fault(oracle, event, "is older than %s", k8sc_object_resource_version(oracle->objects[index]));
    k8sc_object_unref(oracle->objects[index]);
    oracle->objects[index] = k8sc_object_ref(object);
}

static void deleted(struct oracle *oracle, const k8sc_event *event, int index)
{
    const k8sc_object *object = k8sc_event_object(event);
    oracle->deletes++;
    if (index < 0) {
        fault(oracle, event, "is not known");
        return;
    }
    if (strcmp(k8sc_object_uid(object), k8sc_object_uid(oracle->objects[index])) != 0)
        fault(oracle, event, "has another uid");
    if (k8sc_event_is_inferred(event)) {
        oracle->inferred++;
        if (!same(object, oracle->objects[index]))
            fault(oracle, event, "is inferred, but not the object that was last seen");
    } else if (version(object) <= version(oracle->objects[index])) {
        fault(oracle, event, "is no newer than %s", k8sc_object_resource_version(oracle->objects[index]));
    }
    k8sc_object_unref(oracle->objects[index]);
    oracle->objects[index] = oracle->objects[--oracle->count];
}

int oracle_on_event(const k8sc_event *event, void *user_data)
{
    struct oracle *oracle = user_data;
    const k8sc_object *object = k8sc_event_object(event);
    int index = object ? index_of(oracle, k8sc_object_namespace(object), k8sc_object_name(object)) : -1;
    switch (k8sc_event_kind(event)) {
    case K8SC_EVENT_ADD: added(oracle, event, index); break;
    case K8SC_EVENT_UPDATE: updated(oracle, event, index); break;
    case K8SC_EVENT_DELETE: deleted(oracle, event, index); break;
    case K8SC_EVENT_SYNC:
        if (oracle->syncs++) fault(oracle, event, "comes again");
        break;
    case K8SC_EVENT_ERROR:
        oracle->errors++;
        snprintf(oracle->last_error, sizeof oracle->last_error, "%s", k8sc_error_message(k8sc_event_error(event)));
        break;
    default: fault(oracle, event, "is no event for a handler");
    }
    if (oracle->destroyed) fault(oracle, event, "comes after destroy");
    return 0;
}

void oracle_destroyed(void *oracle) { ((struct oracle *)oracle)->destroyed++; }

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

const char *oracle_difference(const struct oracle *oracle, const k8sc_list *list)
{
    return difference(oracle->objects, oracle->count, list);
}

const char *list_difference(const k8sc_list *one, const k8sc_list *other)
{
    k8sc_object *objects[oracle_size];
    int64_t i, count = k8sc_list_size(one);
    if (count > oracle_size) return "too long to be compared";
    for (i = 0; i < count; i++) objects[i] = k8sc_list_at(one, i);
    return difference(objects, count, other);
}

void oracle_clear(struct oracle *oracle)
{
    while (oracle->count) k8sc_object_unref(oracle->objects[--oracle->count]);
    memset(oracle, 0, sizeof *oracle);
}
