/*
 * Serves canned objects over plain HTTP/1.1, so that a benchmark measures the client and nothing else:
 *
 *   GET /api/v1/pods                     one list; limit and resourceVersion are ignored, as a server that answers from
 * its cache does GET /api/v1/pods?watch=...           a watch: a bookmark each minute, and what /play asks for GET
 * /apis/bench.example.com/v1/...   any other resource: an empty list, and a watch with bookmarks GET
 * /play?events=N&rate=R            all watches on pods get N MODIFIED events, R each second; 0: as fast as they are
 * read a watch with sendInitialEvents=true  422, as from a server that has no streaming lists anything else 404
 *
 *   replay_server --pods N [--protobuf FILE] [--chunked] [--port PORT]
 *
 * Pods are JSON, or protobuf for who accepts it where FILE has the pods that `peer_client_go convert` made. Prints its
 * URL once it listens, and runs until it is killed. One thread for each connection.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "pods.h"
#include "replay_pods.h"

/* Chunks of the size in which Go's server flushes a large answer; events leave in blocks, each a chunk of its own. */
enum { chunk_size = 32 * 1024, block_size = 256 * 1024, bookmark_seconds = 60 };

static struct replay_pods json, protobuf;
static int chunked;

/* What /play asked for last. */
static pthread_mutex_t play_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t play_changed;
static struct play {
    unsigned turn, events, rate;
} play;

static int send_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t n = send(fd, data, size, MSG_NOSIGNAL);
        if (n <= 0) return -1;
        data += n;
        size -= (size_t)n;
    }
    return 0;
}

static int send_text(int fd, const char *text) { return send_all(fd, text, strlen(text)); }

/* A whole chunk in one call, since each would wake the client. `data` has 24 bytes to spare before it and 2 after it.
 */
static int send_chunk(int fd, char *data, size_t size)
{
    char head[24];
    int len = snprintf(head, sizeof head, "%zx\r\n", size);
    memcpy(data - len, head, (size_t)len);
    memcpy(data + size, "\r\n", 2);
    return send_all(fd, data - len, size + (size_t)len + 2);
}

static int send_answer(int fd, const char *status, const char *type, const char *body, size_t size)
{
    char head[256];
    snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", status, type, size);
    return send_text(fd, head) < 0 ? -1 : send_all(fd, body, size);
}

static int send_stream_head(int fd, const char *type)
{
    char head[256];
    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n", type);
    return send_text(fd, head);
}

static int send_pods(int fd, const struct replay_pods *pods)
{
    const char *type = pods->protobuf ? "application/vnd.kubernetes.protobuf" : "application/json";
    char block[24 + chunk_size + 2];
    size_t at, n;
    if (!chunked) return send_answer(fd, "200 OK", type, pods->list.data, pods->list.size);
    if (send_stream_head(fd, type) < 0) return -1;
    for (at = 0; at < pods->list.size; at += n) {
        n = pods->list.size - at < chunk_size ? pods->list.size - at : chunk_size;
        memcpy(block + 24, pods->list.data + at, n);
        if (send_chunk(fd, block + 24, n) < 0) return -1;
    }
    return send_text(fd, "0\r\n\r\n");
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Puts one event into a block as a chunk; answers its size there. */
static size_t event_chunk(const struct replay_pods *pods, unsigned number, unsigned version, char *frame, char *out)
{
    size_t size = replay_frame(pods, number % pods->count, version, now_ns(), frame);
    int len = sprintf(out, "%zx\r\n", size);
    memcpy(out + len, frame, size);
    memcpy(out + len + size, "\r\n", 2);
    return (size_t)len + size + 2;
}

static int send_events(int fd, const struct replay_pods *pods, struct play asked, unsigned *version)
{
    char *frame = malloc(block_size), *block = malloc(2 * block_size);
    size_t size = 0;
    int64_t due = now_ns();
    unsigned i;
    int failed = !frame || !block;
    for (i = 0; i < asked.events && !failed; i++) {
        if (asked.rate) {
            struct timespec at;
            due += 1000000000 / asked.rate;
            at.tv_sec = due / 1000000000;
            at.tv_nsec = due % 1000000000;
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
        }
        size += event_chunk(pods, i, ++*version, frame, block + size);
        if (!asked.rate && size < block_size && i + 1 < asked.events) continue;
        failed = send_all(fd, block, size) < 0;
        size = 0;
    }
    free(frame);
    free(block);
    return failed ? -1 : 0;
}

/* Until the client is gone. `pods` is NULL for another resource. */
static void send_watch(int fd, const struct replay_pods *pods)
{
    char bookmark[24 + 512 + 2];
    unsigned version = pod_list_version(json.count), seen;
    int binary = pods && pods->protobuf;
    pthread_mutex_lock(&play_lock);
    seen = play.turn;
    pthread_mutex_unlock(&play_lock);
    if (send_stream_head(fd, binary ? "application/vnd.kubernetes.protobuf;stream=watch" : "application/json") < 0)
        return;
    while (1) {
        struct timespec until;
        struct play asked;
        size_t size;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += bookmark_seconds;
        pthread_mutex_lock(&play_lock);
        while (play.turn == seen && pthread_cond_timedwait(&play_changed, &play_lock, &until) != ETIMEDOUT) {
        }
        asked = play;
        pthread_mutex_unlock(&play_lock);
        if (asked.turn != seen) {
            seen = asked.turn;
            if (pods && send_events(fd, pods, asked, &version) < 0) return;
            continue;
        }
        size = replay_bookmark(binary, pods ? "Pod" : "Thing", pods ? "v1" : "bench.example.com/v1", ++version,
                               bookmark + 24);
        if (send_chunk(fd, bookmark + 24, size) < 0) return;
    }
}

static int send_empty_list(int fd)
{
    char body[256];
    snprintf(body, sizeof body,
             "{\"kind\":\"ThingList\",\"apiVersion\":\"bench.example.com/"
             "v1\",\"metadata\":{\"resourceVersion\":\"%u\"},\"items\":[]}\n",
             pod_list_version(json.count));
    return send_answer(fd, "200 OK", "application/json", body, strlen(body));
}

static int send_no_streaming_list(int fd)
{
    static const char body[] =
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":"
        "\"sendInitialEvents: "
        "Forbidden: not without the feature gate WatchList\",\"reason\":\"Invalid\",\"code\":422}\n";
    return send_answer(fd, "422 Unprocessable Entity", "application/json", body, sizeof body - 1);
}

static int start_play(int fd, const char *query)
{
    unsigned events, rate;
    if (sscanf(query, "events=%u&rate=%u", &events, &rate) != 2)
        return send_answer(fd, "400 Bad Request", "text/plain", "", 0);
    pthread_mutex_lock(&play_lock);
    play.turn++;
    play.events = events;
    play.rate = rate;
    pthread_cond_broadcast(&play_changed);
    pthread_mutex_unlock(&play_lock);
    return send_answer(fd, "200 OK", "text/plain", "", 0);
}

/* What goes after a path and its question mark; NULL for another path. `last` may be the path's beginning alone. */
static const char *query_of(const char *target, const char *path, int prefix)
{
    size_t len = strlen(path);
    if (strncmp(target, path, len) != 0) return NULL;
    if (prefix) len += strcspn(target + len, " ?");
    return target[len] == '?' ? target + len + 1 : target[len] == ' ' ? target + len : NULL;
}

/* Answers one request, whose head is NUL-terminated. -1 where the connection is of no more use. */
static int answer(int fd, char *head)
{
    const struct replay_pods *pods =
        protobuf.count && strstr(head, "application/vnd.kubernetes.protobuf") ? &protobuf : &json;
    const char *query;
    int other = 0;
    head[strcspn(head, "\r\n")] = '\0';
    if (strncmp(head, "GET ", 4) != 0) return send_answer(fd, "404 Not Found", "text/plain", "", 0);
    if ((query = query_of(head + 4, "/play", 0))) return start_play(fd, query);
    if (!(query = query_of(head + 4, "/api/v1/pods", 0))) {
        if (!(query = query_of(head + 4, "/apis/bench.example.com/v1/", 1)))
            return send_answer(fd, "404 Not Found", "text/plain", "", 0);
        other = 1;
    }
    if (!strstr(query, "watch=true") && !strstr(query, "watch=1"))
        return other ? send_empty_list(fd) : send_pods(fd, pods);
    if (strstr(query, "sendInitialEvents=true")) return send_no_streaming_list(fd);
    send_watch(fd, other ? NULL : pods);
    return -1;
}

static void *serve(void *argument)
{
    char *buffer = argument;
    int fd;
    size_t size = 0;
    memcpy(&fd, buffer, sizeof fd);
    /* Requests have no bodies here, so each ends with its head. */
    while (1) {
        char *end;
        ssize_t n = recv(fd, buffer + size, 8191 - size, 0);
        if (n <= 0) break;
        size += (size_t)n;
        buffer[size] = '\0';
        end = strstr(buffer, "\r\n\r\n");
        if (!end && size == 8191) break;
        if (!end) continue;
        *end = '\0';
        if (answer(fd, buffer) < 0) break;
        size -= (size_t)(end + 4 - buffer);
        memmove(buffer, end + 4, size);
    }
    close(fd);
    free(buffer);
    return NULL;
}

static int listen_on(unsigned port)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 64) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        return -1;
    printf("http://127.0.0.1:%u\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static int usage(void)
{
    fputs("usage: replay_server --pods N [--protobuf FILE] [--chunked] [--port PORT]\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    const char *file = NULL;
    pthread_condattr_t monotonic;
    unsigned pods = 0, port = 0;
    int i, fd;
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--chunked") == 0)
            chunked = 1;
        else if (i + 1 == argc)
            return usage();
        else if (strcmp(argv[i], "--pods") == 0)
            pods = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--protobuf") == 0)
            file = argv[++i];
        else if (strcmp(argv[i], "--port") == 0)
            port = (unsigned)strtoul(argv[++i], NULL, 10);
        else
            return usage();
    }
    if (!pods) return usage();
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&play_changed, &monotonic);
    if (replay_pods_make(&json, pods) < 0 || (file && replay_pods_read(&protobuf, pods, file) < 0) ||
        (fd = listen_on(port)) < 0) {
        perror("replay_server");
        return 1;
    }
    while (1) {
        pthread_t thread;
        int one = 1, connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
        char *buffer = connection < 0 ? NULL : malloc(8192);
        if (!buffer) continue;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        memcpy(buffer, &connection, sizeof connection);
        if (pthread_create(&thread, NULL, serve, buffer) != 0) {
            close(connection);
            free(buffer);
            continue;
        }
        pthread_detach(thread);
    }
}
