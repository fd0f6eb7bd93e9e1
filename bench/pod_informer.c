#define _POSIX_C_SOURCE 200809L
#include "pod_informer.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int pod_informer_fail(k8sc_error *err)
{
    fprintf(stderr, "bench: %s\n", err ? k8sc_error_message(err) : "failed");
    k8sc_error_free(err);
    return -1;
}

static int on_pod(const k8sc_event *event, void *user_data)
{
    struct pod_informer *pods = user_data;
    switch (k8sc_event_kind(event)) {
    case K8SC_EVENT_ADD:
        if (k8sc_object_name(k8sc_event_object(event))) pods->added++;
        break;
    case K8SC_EVENT_UPDATE:
        pods->updated++;
        if (pods->on_update) pods->on_update(k8sc_event_object(event), pods->user_data);
        break;
    case K8SC_EVENT_SYNC: pods->synced = 1; break;
    case K8SC_EVENT_ERROR:
        fprintf(stderr, "bench: %s\n", k8sc_error_message(k8sc_event_error(event)));
        pods->failed = 1;
        break;
    default: break;
    }
    return 0;
}

int pod_informer_client(struct pod_informer *pods, const struct arguments *arguments)
{
    k8sc_config *config = NULL;
    k8sc_error *err = NULL;
    int status;
    memset(pods, 0, sizeof *pods);
    pods->url = arguments->server;
    if (!pods->url) {
        if (run_server_start(&pods->server, arguments->pods) < 0) return -1;
        pods->url = pods->server.url;
    }
    status = k8sc_config_new(&config, &err) < 0 || k8sc_config_set_server(config, pods->url, &err) < 0 ||
             k8sc_client_new(config, &pods->client, &err) < 0;
    k8sc_config_free(config);
    return status ? pod_informer_fail(err) : 0;
}

int pod_informer_begin(struct pod_informer *pods, const struct arguments *arguments)
{
    k8sc_informer_options *options = NULL;
    k8sc_error *err = NULL;
    int status;
    if (pod_informer_client(pods, arguments) < 0) return -1;
    status = k8sc_informer_options_new(&options, &err) < 0 ||
             k8sc_informer_options_set_drop_managed_fields(options, !arguments->keep_managed_fields, &err) < 0 ||
             (arguments->no_compression && k8sc_informer_options_set_compression_threshold(options, -1, &err) < 0) ||
             k8sc_informer_new(pods->client, "", "v1", "pods", options, &pods->informer, &err) < 0 ||
             k8sc_informer_add_handler(pods->informer, on_pod, pods, NULL, NULL, &err) < 0;
    k8sc_informer_options_free(options);
    return status ? pod_informer_fail(err) : 0;
}

static int dispatch(struct pod_informer *pods)
{
    k8sc_queue *queue = k8sc_client_queue(pods->client);
    k8sc_error *err = NULL;
    if (k8sc_queue_wait(queue, -1, NULL, &err) < 0 || k8sc_queue_dispatch(queue, 0, NULL, &err) < 0)
        return pod_informer_fail(err);
    return pods->failed ? -1 : 0;
}

int pod_informer_sync(struct pod_informer *pods, const struct arguments *arguments)
{
    k8sc_error *err = NULL;
    if (k8sc_informer_start(pods->informer, &err) < 0) return pod_informer_fail(err);
    while (!pods->synced)
        if (dispatch(pods) < 0) return -1;
    if (pods->added == arguments->pods) return 0;
    fprintf(stderr, "bench: %u pods instead of %u\n", pods->added, arguments->pods);
    return -1;
}

/* By hand, so that the measured client has nothing to do with it. */
static int request(const char *url, const char *target)
{
    struct sockaddr_in address;
    char text[128];
    ssize_t n;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)atoi(strrchr(url, ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", target);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        send(fd, text, strlen(text), MSG_NOSIGNAL) < 0 || (n = recv(fd, text, sizeof text - 1, 0)) <= 0) {
        perror(target);
        if (fd >= 0) close(fd);
        return -1;
    }
    close(fd);
    text[n] = '\0';
    if (strncmp(text, "HTTP/1.1 200", 12) == 0) return 0;
    fprintf(stderr, "%s: %.12s\n", target, text);
    return -1;
}

int pod_informer_play(struct pod_informer *pods, const struct arguments *arguments)
{
    char target[64];
    pods->updated = 0;
    snprintf(target, sizeof target, "/play?events=%u&rate=%u", arguments->events, arguments->rate);
    if (request(pods->url, target) < 0) return -1;
    while (pods->updated < arguments->events)
        if (dispatch(pods) < 0) return -1;
    return 0;
}

int pod_informer_end(struct pod_informer *pods, int status)
{
    if (pods->client) k8sc_client_close(pods->client, -1, NULL);
    k8sc_informer_unref(pods->informer);
    k8sc_client_unref(pods->client);
    run_server_stop(&pods->server);
    return status < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
