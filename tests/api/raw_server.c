#include "support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

static int send_all(struct raw_server *raw, int fd, const char *data, size_t len)
{
    while (len > 0 && !__atomic_load_n(&raw->stop, __ATOMIC_SEQ_CST)) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            struct pollfd writable = {fd, POLLOUT, 0};
            poll(&writable, 1, 20);
            continue;
        }
        if (n <= 0) return -1;
        __atomic_add_fetch(&raw->sent, n, __ATOMIC_SEQ_CST);
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

static void answer_raw(struct raw_server *raw, int fd)
{
    char request[65536];
    size_t len = 0;
    struct timeval limit = {5, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    /* What comes is never larger than the buffer, and a body never comes later than its head. */
    while (len < sizeof request - 1) {
        ssize_t n = recv(fd, request + len, sizeof request - 1 - len, 0);
        if (n <= 0) return;
        len += (size_t)n;
        request[len] = '\0';
        if (strstr(request, "\r\n\r\n") || request[0] == 0x16 /* a TLS handshake */) break;
    }
    snprintf(raw->request, sizeof raw->request, "%s", request);
    if (__atomic_fetch_add(&raw->requests, 1, __ATOMIC_SEQ_CST) < raw->firsts) {
        if (send_all(raw, fd, raw->first, strlen(raw->first)) < 0) return;
    } else {
        if (send_all(raw, fd, raw->head, strlen(raw->head)) < 0) return;
        for (int64_t i = 0; i < raw->blocks; i++)
            if (send_all(raw, fd, raw->block, strlen(raw->block)) < 0) return;
    }
    /* A close with unread bytes would be a reset, which may overtake the answer. */
    shutdown(fd, SHUT_WR);
    while (recv(fd, request, sizeof request, 0) > 0) continue;
}

static void *run_raw(void *of)
{
    struct raw_server *raw = of;
    while (!__atomic_load_n(&raw->stop, __ATOMIC_SEQ_CST)) {
        struct pollfd waiting = {raw->fd, POLLIN, 0};
        if (poll(&waiting, 1, 5) <= 0) continue;
        int fd = accept(raw->fd, NULL, NULL);
        if (fd < 0) continue;
        answer_raw(raw, fd);
        close(fd);
    }
    return NULL;
}

static struct raw_server *begin_raw_server(const char *first, int firsts, const char *head, const char *block,
                                           int64_t blocks)
{
    struct raw_server *raw = calloc(1, sizeof *raw);
    struct sockaddr_in address = {0};
    socklen_t size = sizeof address;
    int small = 65536;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    raw->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(raw->fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    if (bind(raw->fd, (struct sockaddr *)&address, size) < 0 || listen(raw->fd, 64) < 0)
        fail_msg("no port: %s", strerror(errno));
    getsockname(raw->fd, (struct sockaddr *)&address, &size);
    raw->port = ntohs(address.sin_port);
    snprintf(raw->url, sizeof raw->url, "http://127.0.0.1:%d", raw->port);
    raw->first = strdup(first ? first : "");
    raw->firsts = firsts;
    raw->head = strdup(head);
    raw->block = strdup(block);
    raw->blocks = blocks;
    if (pthread_create(&raw->thread, NULL, run_raw, raw) != 0) fail_msg("no thread");
    return track(raw, end_raw_server);
}

struct raw_server *new_raw_server(const char *head, const char *block, int64_t blocks)
{
    return begin_raw_server(NULL, 0, head, block, blocks);
}

struct raw_server *new_raw_sequence(const char *first, int firsts, const char *then)
{
    return begin_raw_server(first, firsts, then, "", 0);
}

int raw_requests(struct raw_server *raw) { return __atomic_load_n(&raw->requests, __ATOMIC_SEQ_CST); }
int64_t raw_sent(struct raw_server *raw) { return __atomic_load_n(&raw->sent, __ATOMIC_SEQ_CST); }

void await_standstill(struct raw_server *raw)
{
    AWAIT(raw_sent(raw) > 0);
    for (int64_t before = -1; before != raw_sent(raw); pause_ms(200)) before = raw_sent(raw);
}

void end_raw_server(void *of)
{
    struct raw_server *raw = of;
    __atomic_store_n(&raw->stop, 1, __ATOMIC_SEQ_CST);
    pthread_join(raw->thread, NULL);
    close(raw->fd);
    free(raw->first);
    free(raw->head);
    free(raw->block);
    free(raw);
}
