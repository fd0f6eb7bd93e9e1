/* Several who write at once: some at the server itself, and one over HTTP, whose requests meet all mishaps. */
#include "chaos.h"

/* What objects of a cluster have: labels that selectors look at, annotations, managedFields, and text that needs to be
 * escaped. */
static void make_text(const struct life *life, int place, const char *value, const char *side, struct chance *chance,
                      char *text, size_t size)
{
    static const char padding[] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-";
    char name[8], big[2100];
    size_t len = draw(chance, 4) == 0 ? draw(chance, sizeof big - 1) : draw(chance, 60);
    for (size_t i = 0; i < len; i++) big[i] = padding[(i * 7 + len) % (sizeof padding - 1)];
    big[len] = '\0';
    name_of_place(place, name);
    snprintf(text, size,
             "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\",\"labels\":{"
             "\"side\":\"%s\"%s},"
             "\"annotations\":{\"noise/a\":\"%s\",\"noise/b\":\"\\\"}]\"%s},"
             "\"managedFields\":[{\"manager\":\"chaos\",\"operation\":\"Update\",\"fieldsV1\":{\"f:data\":{\".\":{},"
             "\"f:v\":{}}}}]},"
             "\"data\":{\"v\":\"%s\",\"big\":\"%s\",\"odd\":\"\xc3\xbc\\\\\\\"\\u0001\\n{[\"}}",
             life->api_version, life->kind, name, space_names[place / names_each], side,
             place % names_each == 0 ? ",\"end\":\"1\"" : "", value, draw(chance, 2) ? ",\"keep\":\"1\"" : "", value,
             big);
}

int write_place(struct life *life, int place, const char *value, const char *side, struct chance *chance)
{
    char text[4096];
    k8sc_error *err;
    make_text(life, place, value, side, chance, text, sizeof text);
    return PASSES(life, k8sc_testing_server_put(life->server, text, strlen(text), &err), err);
}

/* Each may fail: that the object is not there, or the server. */
static void write_remotely(struct life *life, k8sc_options *options, int place, const char *value, const char *side,
                           struct chance *chance)
{
    char text[4096], name[8], patch[64];
    k8sc_resource *resource;
    k8sc_object *object = NULL;
    k8sc_error *err;
    name_of_place(place, name);
    if (!PASSES(life,
                k8sc_client_resource(life->client, life->group, "v1", life->plural, space_names[place / names_each],
                                     &resource, &err),
                err))
        return;
    make_text(life, place, value, side, chance, text, sizeof text);
    snprintf(patch, sizeof patch, "{\"data\":{\"v\":\"%s\"}}", value);
    uint32_t what = draw(chance, 4);
    if (what == 0) {
        k8sc_resource_delete(resource, name, options, NULL, NULL);
    } else if (what == 1) {
        k8sc_resource_patch(resource, name, K8SC_PATCH_MERGE, patch, strlen(patch), options, NULL, NULL);
    } else if (PASSES(life, k8sc_object_parse_json(text, strlen(text), &object, &err), err)) {
        if (what == 2) k8sc_resource_create(resource, object, options, NULL, NULL);
        if (what == 3) k8sc_resource_update(resource, object, options, NULL, NULL);
    }
    k8sc_object_unref(object);
    k8sc_resource_unref(resource);
}

static void write_directly(struct life *life, int place, const char *value, const char *side, struct chance *chance)
{
    char name[8];
    name_of_place(place, name);
    /* That it is not there is no fault. */
    if (draw(chance, 3) == 0)
        k8sc_testing_server_remove(life->server, life->group, "v1", life->plural, space_names[place / names_each], name,
                                   NULL);
    else
        write_place(life, place, value, side, chance);
}

static int is_quiet(struct life *life)
{
    pthread_mutex_lock(&life->mutex);
    int quiet = life->quiet;
    pthread_mutex_unlock(&life->mutex);
    return quiet;
}

static void *write_on(void *data)
{
    struct writer *self = data;
    struct chance *chance = &self->chance;
    k8sc_options *options;
    k8sc_error *err;
    int64_t count = 0;
    if (!PASSES(self->life, k8sc_options_new(&options, &err), err)) return NULL;
    PASSES(self->life, k8sc_options_set_timeout(options, 500, &err), err);
    PASSES(self->life, k8sc_options_set_max_retries(options, 0, &err), err);
    for (; !is_quiet(self->life); count++) {
        char value[32];
        int place = (int)draw(chance, spaces) * names_each + 1 + (int)draw(chance, names_each - 1);
        const char *side = draw(chance, 2) ? "left" : "right";
        snprintf(value, sizeof value, "%d-%lld", self->number, (long long)count);
        if (self->remote)
            write_remotely(self->life, options, place, value, side, chance);
        else
            write_directly(self->life, place, value, side, chance);
        /* Several at once now and then. */
        if (draw(chance, 3)) pause_ms(1 + draw(chance, 24));
    }
    k8sc_options_free(options);
    pthread_mutex_lock(&self->life->mutex);
    self->life->writes += count;
    pthread_mutex_unlock(&self->life->mutex);
    return NULL;
}

void begin_writers(struct life *life)
{
    pthread_mutex_lock(&life->mutex);
    life->quiet = 0;
    pthread_mutex_unlock(&life->mutex);
    life->writer_count = 2 + (int)draw(&life->chance, most_writers - 1);
    for (int i = 0; i < life->writer_count; i++) {
        struct writer *writer = &life->writers[i];
        writer->life = life;
        writer->number = i;
        writer->remote = i == 0;
        writer->chance.state = ((uint64_t)draw(&life->chance, UINT32_MAX) << 32) + draw(&life->chance, UINT32_MAX);
        if (pthread_create(&writer->thread, NULL, write_on, writer) != 0) abort();
    }
}

/* Whatever is in their way ends by itself. */
void end_writers(struct life *life)
{
    pthread_mutex_lock(&life->mutex);
    life->quiet = 1;
    pthread_mutex_unlock(&life->mutex);
    for (int i = 0; i < life->writer_count; i++) pthread_join(life->writers[i].thread, NULL);
    life->writer_count = 0;
}
