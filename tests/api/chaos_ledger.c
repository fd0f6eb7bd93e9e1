/* What handlers are told must be a history that could have been, and lead to what is there. */
#include "chaos.h"

void ledger_begin(struct ledger *ledger, struct life *life, int number)
{
    memset(ledger, 0, sizeof *ledger);
    pthread_mutex_init(&ledger->mutex, NULL);
    ledger->life = life;
    ledger->number = number;
}

void ledger_end(struct ledger *ledger)
{
    for (int i = 0; i < places; i++) free(ledger->entries[i].text);
    pthread_mutex_destroy(&ledger->mutex);
}

static void refuse(struct ledger *ledger, const k8sc_event *event, const char *why)
{
    const k8sc_object *object = k8sc_event_object(event);
    int place = object ? place_of(object) : -1;
    wrong(ledger->life, "handler %d: %s %s/%s at %s (known: %lld): %s", ledger->number, k8sc_event_kind_name(event),
          object ? k8sc_object_namespace(object) : "", object ? k8sc_object_name(object) : "",
          object ? k8sc_object_resource_version(object) : "",
          place < 0 ? -1LL : (long long)ledger->entries[place].version, why);
}

static void keep(struct entry *entry, const k8sc_object *object)
{
    free(entry->text);
    entry->text = strdup(k8sc_object_json(object, NULL));
    snprintf(entry->uid, sizeof entry->uid, "%s", k8sc_object_uid(object));
    entry->version = atoll(k8sc_object_resource_version(object));
}

static void added(struct ledger *ledger, const k8sc_event *event, struct entry *entry)
{
    if (entry->text) refuse(ledger, event, "is known already");
    if (k8sc_event_old_object(event)) refuse(ledger, event, "has an old object");
    if (!k8sc_event_is_initial(event) != !!ledger->syncs)
        refuse(ledger, event, "is initial after SYNC, or the other way round");
    keep(entry, k8sc_event_object(event));
}

static void updated(struct ledger *ledger, const k8sc_event *event, struct entry *entry)
{
    const k8sc_object *object = k8sc_event_object(event), *before = k8sc_event_old_object(event);
    /* What went and came is one update when merged, from the last state, which was not told. With a selector it may be
     * the same object. */
    int came_back = ledger->merges && (ledger->selects || strcmp(k8sc_object_uid(object), entry->uid) != 0);
    if (!entry->text) {
        refuse(ledger, event, "is not known");
    } else if (!before) {
        refuse(ledger, event, "has no old object");
    } else if (!came_back && strcmp(k8sc_object_json(before, NULL), entry->text) != 0) {
        refuse(ledger, event, "is an update from another state than the last");
    } else if (atoll(k8sc_object_resource_version(object)) < entry->version) {
        refuse(ledger, event, "goes back in time");
    }
    keep(entry, object);
}

static void deleted(struct ledger *ledger, const k8sc_event *event, struct entry *entry)
{
    const k8sc_object *object = k8sc_event_object(event);
    if (!entry->text) {
        refuse(ledger, event, "is not known");
    } else if (atoll(k8sc_object_resource_version(object)) < entry->version) {
        refuse(ledger, event, "goes back in time");
    } else if (!ledger->merges && strcmp(k8sc_object_uid(object), entry->uid) != 0) {
        refuse(ledger, event, "has another uid");
    } else if (!ledger->merges && k8sc_event_is_inferred(event) &&
               strcmp(k8sc_object_json(object, NULL), entry->text) != 0) {
        refuse(ledger, event, "is inferred, but not the last state");
    }
    if (k8sc_event_is_inferred(event)) ledger->inferred++;
    free(entry->text);
    memset(entry, 0, sizeof *entry);
}

int ledger_hear(const k8sc_event *event, void *user_data)
{
    struct ledger *ledger = user_data;
    const k8sc_object *object = k8sc_event_object(event);
    int place = object ? place_of(object) : -1;
    if (ledger->slow_ms) pause_ms(ledger->slow_ms);
    pthread_mutex_lock(&ledger->mutex);
    ledger->events++;
    if (ledger->destroyed) refuse(ledger, event, "comes after destroy");
    if (object && place < 0) refuse(ledger, event, "is about nothing that was written");
    switch (k8sc_event_kind(event)) {
    case K8SC_EVENT_ADD:
        if (place >= 0) added(ledger, event, &ledger->entries[place]);
        break;
    case K8SC_EVENT_UPDATE:
        if (place >= 0) updated(ledger, event, &ledger->entries[place]);
        break;
    case K8SC_EVENT_DELETE:
        if (place >= 0) deleted(ledger, event, &ledger->entries[place]);
        break;
    case K8SC_EVENT_SYNC:
        if (ledger->syncs++) refuse(ledger, event, "comes again");
        break;
    case K8SC_EVENT_ERROR:
        ledger->errors++;
        snprintf(ledger->last_error, sizeof ledger->last_error, "%s", k8sc_error_message(k8sc_event_error(event)));
        break;
    default: refuse(ledger, event, "is no event for a handler");
    }
    pthread_mutex_unlock(&ledger->mutex);
    return 0;
}

void ledger_forget(void *user_data)
{
    struct ledger *ledger = user_data;
    pthread_mutex_lock(&ledger->mutex);
    if (ledger->destroyed++) wrong(ledger->life, "handler %d: destroyed twice", ledger->number);
    pthread_mutex_unlock(&ledger->mutex);
}

int ledger_is_destroyed(struct ledger *ledger)
{
    pthread_mutex_lock(&ledger->mutex);
    int destroyed = ledger->destroyed;
    pthread_mutex_unlock(&ledger->mutex);
    return destroyed;
}

int ledger_is_equal(struct ledger *ledger, const k8sc_list *cached, char *why, size_t size)
{
    int count = 0;
    *why = '\0';
    pthread_mutex_lock(&ledger->mutex);
    if (!ledger->syncs) snprintf(why, size, "handler %d has no SYNC", ledger->number);
    for (int64_t i = 0; i < k8sc_list_size(cached) && !*why; i++) {
        k8sc_object *object = k8sc_list_at(cached, i);
        const struct entry *entry = &ledger->entries[place_of(object)];
        if (!entry->text || strcmp(entry->text, k8sc_object_json(object, NULL)) != 0)
            snprintf(why, size, "handler %d knows %s/%s at %lld, the cache at %s; last error: %s", ledger->number,
                     k8sc_object_namespace(object), k8sc_object_name(object), (long long)entry->version,
                     k8sc_object_resource_version(object), ledger->last_error);
    }
    for (int i = 0; i < places; i++) count += ledger->entries[i].text != NULL;
    if (!*why && count != k8sc_list_size(cached))
        snprintf(why, size, "handler %d knows %d objects, the cache %lld", ledger->number, count,
                 (long long)k8sc_list_size(cached));
    pthread_mutex_unlock(&ledger->mutex);
    return !*why;
}
