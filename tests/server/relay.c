#include "relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { max_pairs = 128, chunk = 16384, interval_ms = 20 };

/* Two sockets; what was read from one and not yet written to the other. */
struct pair {
    int ends[2];
    char buffer[2][chunk];
    size_t filled[2];
    size_t ends_after; /* so many bytes more to the client; 0: no end */
    int swallows;
};

static struct {
    pthread_t thread;
    pthread_mutex_t lock;
    int port, target, listener, quit, stalled, accepted, count;
    struct pair *pairs[max_pairs];
} relay = {.lock = PTHREAD_MUTEX_INITIALIZER, .listener = -1};

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    return address;
}

static int listen_at(int port)
{
    struct sockaddr_in address = loopback(port);
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 64) == 0) return fd;
    close(fd);
    return -1;
}

static void accept_one(void)
{
    struct sockaddr_in address = loopback(relay.target);
    int client = accept4(relay.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), server;
    struct pair *pair;
    if (client < 0) return;
    server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (relay.count == max_pairs || connect(server, (struct sockaddr *)&address, sizeof address)) {
        close(client), close(server);
        return;
    }
    pair = calloc(1, sizeof *pair);
    pair->ends[0] = client, pair->ends[1] = server;
    relay.pairs[relay.count++] = pair;
    relay.accepted++;
}

static void drop(int index)
{
    struct pair *pair = relay.pairs[index];
    close(pair->ends[0]), close(pair->ends[1]);
    free(pair);
    relay.pairs[index] = relay.pairs[--relay.count];
}

/* Moves what can be moved from one end to the other; 0 when the pair is over. */
static int move(struct pair *pair, int from)
{
    ssize_t n;
    if (pair->filled[from] < chunk) {
        n = recv(pair->ends[from], pair->buffer[from] + pair->filled[from], chunk - pair->filled[from], MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN)) return 0;
        if (n > 0 && !pair->swallows) pair->filled[from] += (size_t)n;
    }
    if (pair->filled[from] > 0) {
        size_t size =
            from == 1 && pair->ends_after && pair->ends_after < pair->filled[1] ? pair->ends_after : pair->filled[from];
        n = send(pair->ends[!from], pair->buffer[from], size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN) return 0;
        if (n > 0) {
            if (from == 1 && pair->ends_after && (size_t)n >= pair->ends_after) return 0;
            if (from == 1 && pair->ends_after) pair->ends_after -= (size_t)n;
            pair->filled[from] -= (size_t)n;
            memmove(pair->buffer[from], pair->buffer[from] + n, pair->filled[from]);
        }
    }
    return 1;
}

static void *run(void *unused)
{
    struct pollfd fds[1 + 2 * max_pairs];
    int i;
    (void)unused;
    for (;;) {
        nfds_t n = 0;
        pthread_mutex_lock(&relay.lock);
        if (relay.quit) break;
        if (relay.listener >= 0) fds[n++] = (struct pollfd){relay.listener, POLLIN, 0};
        for (i = 0; i < 2 * relay.count && !relay.stalled; i++) {
            struct pair *pair = relay.pairs[i / 2];
            short wanted = (short)((pair->filled[i % 2] < chunk ? POLLIN : 0) | (pair->filled[!(i % 2)] ? POLLOUT : 0));
            fds[n++] = (struct pollfd){pair->ends[i % 2], wanted, 0};
        }
        pthread_mutex_unlock(&relay.lock);
        poll(fds, n, interval_ms); /* what is cut meanwhile is noticed at the next round */
        pthread_mutex_lock(&relay.lock);
        if (relay.listener >= 0) accept_one();
        for (i = relay.count - 1; i >= 0 && !relay.stalled; i--)
            if (!move(relay.pairs[i], 0) || !move(relay.pairs[i], 1)) drop(i);
        pthread_mutex_unlock(&relay.lock);
    }
    pthread_mutex_unlock(&relay.lock);
    return NULL;
}

/* The port is below those that the kernel gives to outgoing connections: a client that tries it while it is closed must
 * not get itself. */
int relay_start(int target_port)
{
    relay.target = target_port;
    relay.quit = relay.stalled = relay.accepted = 0;
    for (relay.port = 20000 + (int)getpid() % 10000; (relay.listener = listen_at(relay.port)) < 0;
         relay.port = 20000 + (relay.port + 1) % 10000) {
    }
    pthread_create(&relay.thread, NULL, run, NULL);
    return relay.port;
}

int relay_port(void) { return relay.port; }

void relay_cut(void)
{
    pthread_mutex_lock(&relay.lock);
    if (relay.listener >= 0) close(relay.listener);
    relay.listener = -1;
    while (relay.count) drop(relay.count - 1);
    pthread_mutex_unlock(&relay.lock);
}

void relay_mend(void)
{
    pthread_mutex_lock(&relay.lock);
    relay.stalled = 0;
    while (relay.listener < 0) relay.listener = listen_at(relay.port);
    pthread_mutex_unlock(&relay.lock);
}

void relay_reset(void)
{
    const struct linger now = {1, 0};
    pthread_mutex_lock(&relay.lock);
    for (int i = 0; i < relay.count; i++) setsockopt(relay.pairs[i]->ends[0], SOL_SOCKET, SO_LINGER, &now, sizeof now);
    while (relay.count) drop(relay.count - 1);
    pthread_mutex_unlock(&relay.lock);
}

void relay_end_after(size_t bytes)
{
    pthread_mutex_lock(&relay.lock);
    for (int i = 0; i < relay.count; i++) relay.pairs[i]->ends_after = bytes;
    pthread_mutex_unlock(&relay.lock);
}

void relay_stall(void)
{
    pthread_mutex_lock(&relay.lock);
    relay.stalled = 1;
    pthread_mutex_unlock(&relay.lock);
}

static void spoil(int deaf)
{
    /* A filter that takes nothing: the kernel behaves as if the packets had not come. */
    struct sock_filter nothing = {BPF_RET | BPF_K, 0, 0, 0};
    struct sock_fprog program = {1, &nothing};
    pthread_mutex_lock(&relay.lock);
    for (int i = 0; i < relay.count; i++) {
        relay.pairs[i]->swallows = 1;
        relay.pairs[i]->filled[0] = relay.pairs[i]->filled[1] = 0;
        if (deaf) setsockopt(relay.pairs[i]->ends[0], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
    }
    pthread_mutex_unlock(&relay.lock);
}

void relay_swallow(void) { spoil(0); }
void relay_go_deaf(void) { spoil(1); }

int relay_accepted(void)
{
    int accepted;
    pthread_mutex_lock(&relay.lock);
    accepted = relay.accepted;
    pthread_mutex_unlock(&relay.lock);
    return accepted;
}

void relay_stop(void)
{
    pthread_mutex_lock(&relay.lock);
    relay.quit = 1;
    pthread_mutex_unlock(&relay.lock);
    pthread_join(relay.thread, NULL);
    relay_cut();
}
