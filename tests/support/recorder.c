#include "recorder.h"

#include "clock.h"
#include "expect.h"

static struct recorder *recorders;

struct recorder *new_recorder(void)
{
    struct recorder *made = calloc(1, sizeof *made);
    if (!made) abort();
    pthread_mutex_init(&made->mutex, NULL);
    made->next = recorders;
    recorders = made;
    return made;
}

int release_recorders(void)
{
    int wrong = 0;
    while (recorders) {
        struct recorder *gone = recorders;
        recorders = gone->next;
        if (gone->used && gone->destroyed != 1) print_error("a handler's destroy ran %d times\n", gone->destroyed);
        if (gone->late) print_error("a handler was called %d times after its destroy\n", gone->late);
        wrong += gone->late || (gone->used && gone->destroyed != 1);
        for (size_t i = 0; i < gone->count; i++) {
            k8sc_object_unref(gone->records[i].object);
            k8sc_error_free(gone->records[i].error);
        }
        free(gone->records);
        pthread_mutex_destroy(&gone->mutex);
        free(gone);
    }
    return wrong;
}

static void copy(char *to, size_t size, const char *from) { snprintf(to, size, "%s", from ? from : ""); }

/* Of an informer: its objects are not kept, so that the cache alone decides how long they live. */
static int is_cached(int32_t kind)
{
    return kind == K8SC_EVENT_ADD || kind == K8SC_EVENT_UPDATE || kind == K8SC_EVENT_DELETE || kind == K8SC_EVENT_SYNC;
}

static void make_record(const k8sc_event *event, struct record *out)
{
    k8sc_object *object = k8sc_event_object(event), *old = k8sc_event_old_object(event);
    memset(out, 0, sizeof *out);
    out->at_ms = now_ms();
    out->kind = k8sc_event_kind(event);
    out->http_status = k8sc_result_http_status(k8sc_event_result(event));
    out->attempts = k8sc_result_attempts(k8sc_event_result(event));
    out->initial = k8sc_event_is_initial(event);
    out->inferred = k8sc_event_is_inferred(event);
    if (object && !is_cached(out->kind)) out->object = k8sc_object_ref(object);
    if (object) {
        copy(out->space, sizeof out->space, k8sc_object_namespace(object));
        copy(out->name, sizeof out->name, k8sc_object_name(object));
        copy(out->uid, sizeof out->uid, k8sc_object_uid(object));
        copy(out->version, sizeof out->version, k8sc_object_resource_version(object));
        copy(out->value, sizeof out->value, k8sc_object_str(object, "/data/v", NULL));
    }
    if (old) {
        out->has_old = 1;
        copy(out->old_uid, sizeof out->old_uid, k8sc_object_uid(old));
        copy(out->old_version, sizeof out->old_version, k8sc_object_resource_version(old));
        copy(out->old_value, sizeof out->old_value, k8sc_object_str(old, "/data/v", NULL));
        out->same = old == object;
    }
    out->error = k8sc_error_copy(k8sc_event_error(event));
    out->code = k8sc_error_code(out->error);
    out->http = k8sc_error_http_status(out->error);
    out->message = out->error ? k8sc_error_message(out->error) : "";
}

void keep_record(struct recorder *recorder, const k8sc_event *event)
{
    struct record made;
    make_record(event, &made);
    pthread_mutex_lock(&recorder->mutex);
    if (recorder->destroyed) recorder->late++;
    if (recorder->count == recorder->room) {
        recorder->room = recorder->room ? 2 * recorder->room : 16;
        recorder->records = realloc(recorder->records, recorder->room * sizeof *recorder->records);
        if (!recorder->records) abort();
    }
    recorder->records[recorder->count++] = made;
    if (made.kind == K8SC_EVENT_DATA) {
        size_t len = 0;
        const char *data = k8sc_event_data(event, &len);
        recorder->bytes += len;
        for (size_t i = 0; i < len; i++) recorder->sum += (unsigned char)data[i];
    }
    recorder->thread = pthread_self();
    pthread_mutex_unlock(&recorder->mutex);
}

int on_event(const k8sc_event *event, void *user_data)
{
    struct recorder *recorder = user_data;
    keep_record(recorder, event);
    if (recorder->hook) recorder->hook(recorder, event);
    return recorder->answer;
}

void on_destroy(void *user_data)
{
    struct recorder *recorder = user_data;
    pthread_mutex_lock(&recorder->mutex);
    recorder->destroyed++;
    pthread_mutex_unlock(&recorder->mutex);
}

int destroyed(struct recorder *recorder)
{
    pthread_mutex_lock(&recorder->mutex);
    int times = recorder->destroyed;
    pthread_mutex_unlock(&recorder->mutex);
    return times;
}

/* One round; fails when the time is over. */
static void run_once(k8sc_queue *queue, int64_t until, const char *what, struct recorder *recorder)
{
    if (now_ms() > until) fail_msg("no %s; there was: %s", what, kinds(recorder));
    OK(k8sc_queue_wait(queue, 100, NULL, &err));
    OK(k8sc_queue_dispatch(queue, 0, NULL, &err));
}

void run_until_count(k8sc_queue *queue, struct recorder *recorder, size_t count)
{
    int64_t until = now_ms() + PATIENCE_MS;
    while (recorder->count < count) run_once(queue, until, "further event", recorder);
}

struct record *run_until(k8sc_queue *queue, struct recorder *recorder, int32_t kind)
{
    int64_t until = now_ms() + 2 * PATIENCE_MS;
    char what[32];
    snprintf(what, sizeof what, "event of kind %d", (int)kind);
    for (size_t i = 0;; i++) {
        while (i >= recorder->count) run_once(queue, until, what, recorder);
        if (recorder->records[i].kind == kind) return &recorder->records[i];
    }
}

void run_until_destroyed(k8sc_queue *queue, struct recorder *recorder)
{
    int64_t until = now_ms() + PATIENCE_MS;
    while (!recorder->destroyed) run_once(queue, until, "destroy", recorder);
}

static int is_wanted(const struct record *one, int32_t kind, const char *name)
{
    return (kind == 0 || one->kind == kind) && (!name || strcmp(one->name, name) == 0);
}

size_t count_of(struct recorder *recorder, int32_t kind, const char *name)
{
    size_t found = 0;
    pthread_mutex_lock(&recorder->mutex);
    for (size_t i = 0; i < recorder->count; i++) found += is_wanted(&recorder->records[i], kind, name) ? 1 : 0;
    pthread_mutex_unlock(&recorder->mutex);
    return found;
}

struct record record_of(struct recorder *recorder, int32_t kind, const char *name, int nth)
{
    struct record found;
    int wanted = nth < 0 ? (int)count_of(recorder, kind, name) + nth : nth, seen = 0, has = 0;
    memset(&found, 0, sizeof found);
    pthread_mutex_lock(&recorder->mutex);
    for (size_t i = 0; i < recorder->count && !has; i++)
        if (is_wanted(&recorder->records[i], kind, name) && seen++ == wanted) {
            found = recorder->records[i];
            has = 1;
        }
    pthread_mutex_unlock(&recorder->mutex);
    if (!has)
        fail_msg("there is no record number %d of kind %d and name %s in: %s", nth, (int)kind, name ? name : "*",
                 history(recorder, 0));
    return found;
}

static const char *kind_name(int32_t kind)
{
    static const char *const names[] = {"?",       "ADD",      "UPDATE", "DELETE",    "SYNC", "ADDED", "MODIFIED",
                                        "DELETED", "BOOKMARK", "ERROR",  "COMPLETED", "DATA", "CLOSED"};
    return kind > 0 && (size_t)kind < sizeof names / sizeof *names ? names[kind] : "?";
}

const char *kinds(struct recorder *recorder)
{
    static char joined[4096];
    joined[0] = '\0';
    for (size_t i = 0; i < recorder->count && strlen(joined) < sizeof joined - 16; i++) {
        if (recorder->records[i].kind == K8SC_EVENT_DATA) continue;
        if (joined[0]) strcat(joined, " ");
        strcat(joined, kind_name(recorder->records[i].kind));
    }
    return joined;
}

const char *history(struct recorder *recorder, size_t from)
{
    static char text[8192];
    size_t at = 0;
    text[0] = '\0';
    pthread_mutex_lock(&recorder->mutex);
    for (size_t i = from; i < recorder->count && at < sizeof text - 200; i++) {
        struct record *one = &recorder->records[i];
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s%s%s", at ? ", " : "", kind_name(one->kind),
                               one->name[0] ? " " : "", one->name);
    }
    pthread_mutex_unlock(&recorder->mutex);
    return text;
}
