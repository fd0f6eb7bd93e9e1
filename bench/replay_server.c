/*
 * Serves canned pods over plain HTTP/1.1, so that a benchmark measures the client and nothing else:
 *
 *   GET /api/v1/pods               one list; limit and resourceVersion are ignored, as a server that answers from its cache does
 *   GET /api/v1/pods?watch=...     a quiet watch: a bookmark every ten seconds, and nothing else
 *   anything else                  404
 *
 *   replay_server (--pods N | --file LIST) [--chunked] [--port PORT]
 *
 * Prints its URL once it listens, and runs until it is killed. One thread for each connection.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pods.h"

/* Chunks of the size in which Go's server flushes a large answer. */
enum { chunk_size = 32 * 1024, bookmark_seconds = 10 };

static char *list;
static size_t list_size;
static unsigned list_version;
static int chunked;

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

static int send_chunk(int fd, const char *data, size_t size)
{
    char head[24];
    snprintf(head, sizeof head, "%zx\r\n", size);
    return send_text(fd, head) < 0 || send_all(fd, data, size) < 0 ? -1 : send_text(fd, "\r\n");
}

static int send_list(int fd)
{
    char head[160];
    size_t at, n;
    if (!chunked) {
        snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", list_size);
        return send_text(fd, head) < 0 ? -1 : send_all(fd, list, list_size);
    }
    if (send_text(fd, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n") < 0) return -1;
    for (at = 0; at < list_size; at += n) {
        n = list_size - at < chunk_size ? list_size - at : chunk_size;
        if (send_chunk(fd, list + at, n) < 0) return -1;
    }
    return send_text(fd, "0\r\n\r\n");
}

/* Until the client is gone. */
static void send_watch(int fd)
{
    char bookmark[256];
    unsigned version = list_version;
    if (send_text(fd, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n") < 0) return;
    do {
        sleep(bookmark_seconds);
        snprintf(bookmark, sizeof bookmark,
                 "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"%u\","
                 "\"creationTimestamp\":null},\"spec\":{\"containers\":null},\"status\":{}}}\n",
                 ++version);
    } while (send_chunk(fd, bookmark, strlen(bookmark)) == 0);
}

static int send_not_found(int fd)
{
    return send_text(fd, "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 19\r\n\r\n404 page not found\n");
}

/* Answers one request, whose head is NUL-terminated. -1 where the connection is of no more use. */
static int answer(int fd, char *head)
{
    static const char path[] = "GET /api/v1/pods";
    size_t len = sizeof path - 1;
    char *query = head + len;
    head[strcspn(head, "\r\n")] = '\0';
    if (strncmp(head, path, len) != 0 || (*query != ' ' && *query != '?')) return send_not_found(fd);
    if (!strstr(query, "watch=true") && !strstr(query, "watch=1")) return send_list(fd);
    send_watch(fd);
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
        if (answer(fd, buffer) < 0) break;
        size -= (size_t)(end + 4 - buffer);
        memmove(buffer, end + 4, size);
    }
    close(fd);
    free(buffer);
    return NULL;
}

static int read_list(const char *path)
{
    FILE *in = fopen(path, "r"), *out = open_memstream(&list, &list_size);
    static char block[1 << 16];
    size_t n;
    if (!in || !out) return -1;
    while ((n = fread(block, 1, sizeof block, in)) > 0) fwrite(block, 1, n, out);
    return ferror(in) || fclose(out) != 0 || fclose(in) != 0 ? -1 : 0;
}

static int make_list(unsigned pods)
{
    FILE *out = open_memstream(&list, &list_size);
    if (!out) return -1;
    pod_list_write(out, pods);
    list_version = pod_list_version(pods);
    return fclose(out);
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
    fputs("usage: replay_server (--pods N | --file LIST) [--chunked] [--port PORT]\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    const char *file = NULL;
    unsigned pods = 0, port = 0;
    int i, fd;
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--chunked") == 0)
            chunked = 1;
        else if (i + 1 == argc)
            return usage();
        else if (strcmp(argv[i], "--pods") == 0)
            pods = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--file") == 0)
            file = argv[++i];
        else if (strcmp(argv[i], "--port") == 0)
            port = (unsigned)strtoul(argv[++i], NULL, 10);
        else
            return usage();
    }
    if (!file == !pods) return usage();
    if ((file ? read_list(file) : make_list(pods)) < 0 || (fd = listen_on(port)) < 0) {
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
