#include "storm.h"

#include <time.h>

#include "support.h"

enum { thread_count = 3, names_each = 40 };

static unsigned seed;

static struct writer {
    pthread_t thread;
    k8sc_resource *resource;
    unsigned random;
    int number, writes;
    int present[names_each];
    char fault[512];
} writers[thread_count];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int done, running, cancelled;

unsigned storm_seed(void)
{
    seed = getenv("K8SC_SEED") ? (unsigned)strtoul(getenv("K8SC_SEED"), NULL, 10)
                               : (unsigned)time(NULL) ^ ((unsigned)getpid() << 16);
    printf("# seed %u (K8SC_SEED repeats it)\n", seed);
    fflush(stdout);
    return seed;
}

/* Half of the updates move the object to the other side, which selectors look at. */
static k8sc_status write_one(struct writer *writer, int which, int *present, k8sc_error **failure)
{
    k8sc_object *object = NULL;
    k8sc_status status;
    char name[32], text[512];
    snprintf(name, sizeof name, "w%d-%02d", writer->number, which);
    if (*present && rand_r(&writer->random) % 3 == 0) {
        *present = 0;
        return k8sc_resource_delete(writer->resource, name, NULL, NULL, failure);
    }
    snprintf(text, sizeof text, "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"side\":\"%s\"}},\"data\":{\"n\":\"%d\"}}",
             name, rand_r(&writer->random) % 2 ? "left" : "right", rand_r(&writer->random));
    if ((status = k8sc_object_parse_json(text, strlen(text), &object, failure)) < 0) return status;
    status = *present ? k8sc_resource_update(writer->resource, object, NULL, NULL, failure)
                      : k8sc_resource_create(writer->resource, object, NULL, NULL, failure);
    k8sc_object_unref(object);
    *present = 1;
    return status;
}

static int server_is_away(const k8sc_error *failure)
{
    /* A server that has just begun does not know its namespaces and roles yet. */
    return k8sc_error_code(failure) != K8SC_E_API || k8sc_error_http_status(failure) >= 500 ||
           k8sc_error_is_forbidden(failure);
}

static int is_cancelled(void)
{
    int now;
    pthread_mutex_lock(&lock);
    now = cancelled;
    pthread_mutex_unlock(&lock);
    return now;
}

static void *write_many(void *data)
{
    struct writer *writer = data;
    int left = writer->writes;
    while (left > 0 && !*writer->fault && !is_cancelled()) {
        int which = rand_r(&writer->random) % names_each, present = writer->present[which];
        k8sc_error *failure = NULL;
        if (write_one(writer, which, &present, &failure) == K8SC_OK) {
            writer->present[which] = present;
            left--;
            pthread_mutex_lock(&lock);
            done++;
            pthread_mutex_unlock(&lock);
        } else if (k8sc_error_is_already_exists(failure)) {
            writer->present[which] = 1; /* a write whose answer was lost */
        } else if (k8sc_error_is_not_found(failure)) {
            writer->present[which] = 0;
        } else if (server_is_away(failure)) {
            pause_ms(10);
        } else {
            snprintf(writer->fault, sizeof writer->fault, "%s", k8sc_error_message(failure));
        }
        k8sc_error_free(failure);
    }
    pthread_mutex_lock(&lock);
    running--;
    pthread_mutex_unlock(&lock);
    return NULL;
}

void storm_begin(int writes)
{
    int i;
    done = 0, running = thread_count, cancelled = 0;
    for (i = 0; i < thread_count; i++) {
        struct writer *writer = &writers[i];
        writer->random = seed++;
        writer->number = i;
        writer->writes = writes / thread_count + (i < writes % thread_count);
        writer->resource = resource_in(client_of(config_of("admin")), "", "v1", "configmaps", ns);
        *writer->fault = '\0';
        memset(writer->present, 0, sizeof writer->present); /* what is there already is found out */
        pthread_create(&writer->thread, NULL, write_many, writer);
    }
}

int storm_done(void)
{
    int now;
    pthread_mutex_lock(&lock);
    now = done;
    pthread_mutex_unlock(&lock);
    return now;
}

int storm_is_over(void)
{
    int now;
    pthread_mutex_lock(&lock);
    now = running == 0;
    pthread_mutex_unlock(&lock);
    return now;
}

void storm_cancel(void)
{
    pthread_mutex_lock(&lock);
    cancelled = 1;
    pthread_mutex_unlock(&lock);
}

void storm_end(void)
{
    int i;
    for (i = 0; i < thread_count; i++) pthread_join(writers[i].thread, NULL);
    for (i = 0; i < thread_count; i++)
        if (*writers[i].fault) fail_msg("a writer: %s", writers[i].fault);
}
