/* What handlers are told must be a history that could have been, and lead to what is there. */
#include "chaos.h"

void replay_begin(struct replay *replay, struct life *life, int number)
{
    memset(replay, 0, sizeof *replay);
    pthread_mutex_init(&replay->mutex, NULL);
    replay->life = life;
    replay->number = number;
}

void replay_end(struct replay *replay)
{
    for (int i = 0; i < places; i++) free(replay->entries[i].text);
    pthread_mutex_destroy(&replay->mutex);
}

static void refuse(struct replay *replay, const k8sc_event *event, const char *why)
{
    const k8sc_object *object = k8sc_event_object(event);
    int place = object ? place_of(object) : -1;
    wrong(replay->life, "handler %d: %s %s/%s at %s (known: %lld): %s", replay->number, k8sc_event_kind_name(event),
          object ? k8sc_object_namespace(object) : "", object ? k8sc_object_name(object) : "",
          object ? k8sc_object_resource_version(object) : "",
          place < 0 ? -1LL : (long long)replay->entries[place].version, why);
}

static void keep(struct entry *entry, const k8sc_object *object)
{
    free(entry->text);
    entry->text = strdup(k8sc_object_json(object, NULL));
    snprintf(entry->uid, sizeof entry->uid, "%s", k8sc_object_uid(object));
    entry->version = atoll(k8sc_object_resource_version(object));
}

static void added(struct replay *replay, const k8sc_event *event, struct entry *entry)
{
    if (entry->text) refuse(replay, event, "is known already");
    if (k8sc_event_old_object(event)) refuse(replay, event, "has an old object");
    if (!k8sc_event_is_initial(event) != !!replay->syncs)
        refuse(replay, event, "is initial after SYNC, or the other way round");
    keep(entry, k8sc_event_object(event));
}

static void updated(struct replay *replay, const k8sc_event *event, struct entry *entry)
{
    const k8sc_object *object = k8sc_event_object(event), *before = k8sc_event_old_object(event);
    /* What went and came is one update when coalesced, from the last state, which was not told. With a selector it may
     * be the same object. */
    int came_back = replay->coalesces && (replay->selects || strcmp(k8sc_object_uid(object), entry->uid) != 0);
    if (!entry->text) {
        refuse(replay, event, "is not known");
    } else if (!before) {
        refuse(replay, event, "has no old object");
    } else if (!came_back && strcmp(k8sc_object_json(before, NULL), entry->text) != 0) {
        refuse(replay, event, "is an update from another state than the last");
    } else if (atoll(k8sc_object_resource_version(object)) < entry->version) {
        refuse(replay, event, "goes back in time");
    }
    keep(entry, object);
}

static void deleted(struct replay *replay, const k8sc_event *event, struct entry *entry)
{
    const k8sc_object *object = k8sc_event_object(event);
    if (!entry->text) {
        refuse(replay, event, "is not known");
    } else if (atoll(k8sc_object_resource_version(object)) < entry->version) {
        refuse(replay, event, "goes back in time");
    } else if (!replay->coalesces && strcmp(k8sc_object_uid(object), entry->uid) != 0) {
        refuse(replay, event, "has another uid");
    } else if (!replay->coalesces && k8sc_event_is_inferred(event) &&
               strcmp(k8sc_object_json(object, NULL), entry->text) != 0) {
        refuse(replay, event, "is inferred, but not the last state");
    }
    if (k8sc_event_is_inferred(event)) replay->inferred++;
    free(entry->text);
    memset(entry, 0, sizeof *entry);
}

int replay_event(const k8sc_event *event, void *user_data)
{
    struct replay *replay = user_data;
    const k8sc_object *object = k8sc_event_object(event);
    int place = object ? place_of(object) : -1;
    if (replay->slow_ms) pause_ms(replay->slow_ms);
    pthread_mutex_lock(&replay->mutex);
    replay->events++;
    if (replay->destroyed) refuse(replay, event, "comes after destroy");
    if (object && place < 0) refuse(replay, event, "is about nothing that was written");
    switch (k8sc_event_kind(event)) {
    case K8SC_EVENT_ADD:
        if (place >= 0) added(replay, event, &replay->entries[place]);
        break;
    case K8SC_EVENT_UPDATE:
        if (place >= 0) updated(replay, event, &replay->entries[place]);
        break;
    case K8SC_EVENT_DELETE:
        if (place >= 0) deleted(replay, event, &replay->entries[place]);
        break;
    case K8SC_EVENT_SYNC:
        if (replay->syncs++) refuse(replay, event, "comes again");
        break;
    case K8SC_EVENT_ERROR:
        replay->errors++;
        snprintf(replay->last_error, sizeof replay->last_error, "%s", k8sc_error_message(k8sc_event_error(event)));
        break;
    default: refuse(replay, event, "is no event for a handler");
    }
    pthread_mutex_unlock(&replay->mutex);
    return 0;
}

void replay_destroyed(void *user_data)
{
    struct replay *replay = user_data;
    pthread_mutex_lock(&replay->mutex);
    if (replay->destroyed++) wrong(replay->life, "handler %d: destroyed twice", replay->number);
    pthread_mutex_unlock(&replay->mutex);
}

int replay_is_destroyed(struct replay *replay)
{
    pthread_mutex_lock(&replay->mutex);
    int destroyed = replay->destroyed;
    pthread_mutex_unlock(&replay->mutex);
    return destroyed;
}

int replay_is_equal(struct replay *replay, const k8sc_list *cached, char *why, size_t size)
{
    int count = 0;
    *why = '\0';
    pthread_mutex_lock(&replay->mutex);
    if (!replay->syncs) snprintf(why, size, "handler %d has no SYNC", replay->number);
    for (int64_t i = 0; i < k8sc_list_size(cached) && !*why; i++) {
        k8sc_object *object = k8sc_list_at(cached, i);
        const struct entry *entry = &replay->entries[place_of(object)];
        if (!entry->text || strcmp(entry->text, k8sc_object_json(object, NULL)) != 0)
            snprintf(why, size, "handler %d knows %s/%s at %lld, the cache at %s; last error: %s", replay->number,
                     k8sc_object_namespace(object), k8sc_object_name(object), (long long)entry->version,
                     k8sc_object_resource_version(object), replay->last_error);
    }
    for (int i = 0; i < places; i++) count += replay->entries[i].text != NULL;
    if (!*why && count != k8sc_list_size(cached))
        snprintf(why, size, "handler %d knows %d objects, the cache %lld", replay->number, count,
                 (long long)k8sc_list_size(cached));
    pthread_mutex_unlock(&replay->mutex);
    return !*why;
}
