/* A host that loads the library at run time, uses it, and lets go of it: twice. It is not linked to it. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "k8sc.h"

/* ISO C has no conversion from a data pointer to a function pointer; POSIX wants it to work. */
#define FUNCTION(name) \
    __typeof__(k8sc_##name) *name; \
    *(void **)&name = dlsym(library, "k8sc_" #name); \
    if (!name) return fail("no k8sc_" #name)

static int fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return 1;
}

static int on_event(const k8sc_event *event, void *user_data)
{
    (void)event;
    *(int *)user_data += 1;
    return 0;
}

static int use(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    k8sc_config *config;
    k8sc_client *client;
    k8sc_queue *queue, *own;
    k8sc_informer *informer;
    int events = 0;
    if (!library) return fail(dlerror());
    {
        FUNCTION(version);
        FUNCTION(config_new);
        FUNCTION(config_set_server);
        FUNCTION(config_free);
        FUNCTION(client_new);
        FUNCTION(client_queue);
        FUNCTION(client_close);
        FUNCTION(client_unref);
        FUNCTION(queue_new);
        FUNCTION(queue_wait);
        FUNCTION(queue_dispatch);
        FUNCTION(queue_unref);
        FUNCTION(informer_new);
        FUNCTION(informer_add_handler);
        FUNCTION(informer_start);
        FUNCTION(informer_unref);

        if (strcmp(version(), K8SC_VERSION) != 0) return fail("another version");
        if (config_new(&config, NULL) < 0 || config_set_server(config, "http://127.0.0.1:1", NULL) < 0 ||
            client_new(config, &client, NULL) < 0 || queue_new(&own, NULL) < 0 ||
            informer_new(client, "", "v1", "pods", NULL, &informer, NULL) < 0 ||
            informer_add_handler(informer, on_event, &events, NULL, NULL, NULL) < 0 ||
            informer_start(informer, NULL) < 0)
            return fail("set-up failed");
        queue = client_queue(client);
        while (events == 0)
            if (queue_wait(queue, 10000, NULL, NULL) < 0 || queue_dispatch(queue, 0, NULL, NULL) < 0)
                return fail("no event");
        if (client_close(client, -1, NULL) < 0) return fail("close failed");
        informer_unref(informer);
        queue_unref(own);
        config_free(config);
        /* The last unref leaves the rest to the library, whose code must stay. */
        client_unref(client);
    }
    return dlclose(library) ? fail("dlclose failed") : 0;
}

/* Lets go while the thread runs. */
static int leave(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    k8sc_config *config;
    k8sc_client *client;
    if (!library) return fail(dlerror());
    {
        FUNCTION(config_new);
        FUNCTION(config_set_server);
        FUNCTION(config_free);
        FUNCTION(client_new);
        FUNCTION(client_unref);
        if (config_new(&config, NULL) < 0 || config_set_server(config, "http://127.0.0.1:1", NULL) < 0 ||
            client_new(config, &client, NULL) < 0)
            return fail("set-up failed");
        config_free(config);
        client_unref(client);
    }
    return dlclose(library) ? fail("dlclose failed") : 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) return fail("usage: test_dlopen LIBRARY");
    /* Nothing here is linked to the library. */
    if (dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD)) return fail("the library is there already");
    if (use(argv[1]) || use(argv[1]) || leave(argv[1])) return 1;
    puts("loaded and let go of three times");
    return 0;
}
