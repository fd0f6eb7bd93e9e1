/* What the measured programs have in common: a client with one informer on all pods and one handler. */
#ifndef BENCH_POD_INFORMER_H
#define BENCH_POD_INFORMER_H

#include <k8sc.h>

#include "arguments.h"
#include "run_server.h"

struct pod_informer {
    struct run_server server; /* its own, where the arguments name none */
    const char *url;
    k8sc_client *client;
    k8sc_informer *informer;
    unsigned added, updated;
    int synced, failed;
    /* NULL, or called for each UPDATE. */
    void (*on_update)(const k8sc_object *pod, void *user_data);
    void *user_data;
};

/* A client for the arguments' server, or for one that is started. 0, or -1 after a message on stderr; pod_informer_end
 * is due either way, and returns the program's exit code. */
int pod_informer_client(struct pod_informer *pods, const struct arguments *arguments);
/* The same with the informer: made, and not started yet. */
int pod_informer_begin(struct pod_informer *pods, const struct arguments *arguments);
/* Starts it and dispatches until the handler has seen each pod. */
int pod_informer_sync(struct pod_informer *pods, const struct arguments *arguments);
/* Has the server play events, and dispatches until the handler has seen them. */
int pod_informer_play(struct pod_informer *pods, const struct arguments *arguments);
/* Says what went wrong, and gives the error back; -1. */
int pod_informer_fail(k8sc_error *err);
int pod_informer_end(struct pod_informer *pods, int status);

#endif
