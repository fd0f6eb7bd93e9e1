#include "support.h"

#include <time.h>

static size_t collect_frames(char *data, size_t size, size_t count, void *to)
{
    struct watch *watch = to;
    pthread_mutex_lock(&watch->mutex);
    collect(data, size, count, &watch->text);
    pthread_cond_broadcast(&watch->more);
    pthread_mutex_unlock(&watch->mutex);
    return size * count;
}

/* The server has subscribed to what is watched before it sends the head of its answer. */
static size_t note_head(char *data, size_t size, size_t count, void *to)
{
    struct watch *watch = to;
    (void)data;
    pthread_mutex_lock(&watch->mutex);
    watch->answered = 1;
    pthread_cond_broadcast(&watch->more);
    pthread_mutex_unlock(&watch->mutex);
    return size * count;
}

static int check_stopping(void *to, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct watch *watch = to;
    (void)a, (void)b, (void)c, (void)d;
    pthread_mutex_lock(&watch->mutex);
    const int stopping = watch->stopping;
    pthread_mutex_unlock(&watch->mutex);
    return stopping;
}

static void *run_watch(void *to)
{
    struct watch *watch = to;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = aim(curl, watch->path, NULL);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect_frames);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, watch);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, note_head);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, watch);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_stopping);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, watch);
    const CURLcode result = curl_easy_perform(curl);
    pthread_mutex_lock(&watch->mutex);
    watch->result = result;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &watch->code);
    watch->ended = 1;
    pthread_cond_broadcast(&watch->more);
    pthread_mutex_unlock(&watch->mutex);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return NULL;
}

struct watch *start_watch(const char *path, const char *parameters)
{
    struct watch *watch = calloc(1, sizeof *watch);
    pthread_mutex_init(&watch->mutex, NULL);
    pthread_cond_init(&watch->more, NULL);
    snprintf(watch->path, sizeof watch->path, "%s?watch=true&%s", path, parameters);
    pthread_create(&watch->thread, NULL, run_watch, watch);
    pthread_mutex_lock(&watch->mutex);
    while (!watch->answered && !watch->ended) pthread_cond_wait(&watch->more, &watch->mutex);
    pthread_mutex_unlock(&watch->mutex);
    return watch;
}

json_t *frame(struct watch *watch, int wanted)
{
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 5;
    json_decref(watch->frame);
    watch->frame = NULL;
    pthread_mutex_lock(&watch->mutex);
    for (;;) {
        const char *line = watch->text.data, *end = line ? strchr(line, '\n') : NULL;
        for (int i = 0; i < wanted && end; i++) {
            line = end + 1;
            end = strchr(line, '\n');
        }
        if (end) watch->frame = json_loadb(line, (size_t)(end - line), 0, NULL);
        if (end || watch->ended || pthread_cond_timedwait(&watch->more, &watch->mutex, &deadline) != 0) break;
    }
    pthread_mutex_unlock(&watch->mutex);
    return watch->frame;
}

void assert_frame(struct watch *watch, int wanted, const char *type, const char *name)
{
    json_t *found = frame(watch, wanted);
    assert_non_null(found);
    assert_string_equal(json_string_value(at(found, "type")), type);
    assert_string_equal(json_string_value(at(found, "object.metadata.name")), name);
}

int64_t frame_version(struct watch *watch)
{
    return atoll(json_string_value(at(watch->frame, "object.metadata.resourceVersion")));
}

void join_watch(struct watch *watch)
{
    if (!watch->joined) pthread_join(watch->thread, NULL);
    watch->joined = 1;
}

void end_watch(struct watch *watch)
{
    pthread_mutex_lock(&watch->mutex);
    watch->stopping = 1;
    pthread_mutex_unlock(&watch->mutex);
    join_watch(watch);
    json_decref(watch->frame);
    free(watch->text.data);
    pthread_cond_destroy(&watch->more);
    pthread_mutex_destroy(&watch->mutex);
    free(watch);
}
