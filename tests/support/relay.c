#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "expect.h"
#include "fixtures.h"

struct connection {
    struct relay *relay;
    pthread_t thread;
    int fd; /* of the client; -1 when it is closed, which takes the relay's mutex */
    SSL *tls;
    int is_cut; /* atomic */
    int swallows;
    size_t ends_after; /* so many more bytes to the client; 0: no end */
    struct connection *next;
};

struct relay {
    struct relay_settings settings;
    int fd, port; /* fd: -1 while it refuses connections */
    int stalled;
    pthread_t thread;
    pthread_mutex_t mutex;
    struct connection *connections;
    int count, stop, gone; /* stop and gone: atomic */
    SSL_CTX *context;
    char ca[4096], pin[128], url[64];
    char seen[8192], peer[64], offered[128], cipher[128], copy[8192];
};

/* ---- certificate */

static void make_certificate(struct relay *relay)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    unsigned char *spki = NULL, digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    const char *common_name = relay->settings.common_name ? relay->settings.common_name : "relay";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)common_name, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    /* One of neither kind that a host can have. */
    const char *alternatives =
        relay->settings.common_name ? "email:relay@kubernetes.test" : "IP:127.0.0.1,DNS:kubernetes.test";
    X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, alternatives);
    X509_EXTENSION *constraints = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "critical,CA:TRUE");
    if (!relay->settings.common_name || !relay->settings.no_alternatives) X509_add_ext(certificate, names, -1);
    X509_add_ext(certificate, constraints, -1);
    X509_EXTENSION_free(names);
    X509_EXTENSION_free(constraints);
    X509_sign(certificate, key, EVP_sha256());
    SSL_CTX_use_certificate(relay->context, certificate);
    SSL_CTX_use_PrivateKey(relay->context, key);

    BIO *text = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(text, certificate);
    int length = BIO_read(text, relay->ca, sizeof relay->ca - 1);
    relay->ca[length > 0 ? length : 0] = '\0';
    BIO_free(text);
    int spki_length = i2d_PUBKEY(key, &spki);
    EVP_Digest(spki, (size_t)spki_length, digest, &size, EVP_sha256(), NULL);
    OPENSSL_free(spki);
    strcpy(relay->pin, "sha256//");
    EVP_EncodeBlock((unsigned char *)relay->pin + strlen(relay->pin), digest, (int)size);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static int choose_protocol(SSL *tls, const unsigned char **out, unsigned char *out_length, const unsigned char *in,
                           unsigned in_length, void *of)
{
    struct relay *relay = of;
    int answer = SSL_TLSEXT_ERR_NOACK;
    (void)tls;
    pthread_mutex_lock(&relay->mutex);
    size_t before = strlen(relay->offered);
    if (before > 0 && before + 1 < sizeof relay->offered) strcpy(relay->offered + before, " ");
    for (unsigned i = 0; i < in_length; i += in[i] + 1u) {
        snprintf(relay->offered + strlen(relay->offered), sizeof relay->offered - strlen(relay->offered), "%s%.*s",
                 i ? "," : "", in[i], (const char *)in + i + 1);
        const char *wanted = relay->settings.alpn;
        if (wanted && strlen(wanted) == in[i] && memcmp(wanted, in + i + 1, in[i]) == 0) {
            *out = in + i + 1;
            *out_length = in[i];
            answer = SSL_TLSEXT_ERR_OK;
        }
    }
    pthread_mutex_unlock(&relay->mutex);
    return answer;
}

/* ---- bytes */

static int stopped(struct relay *relay) { return __atomic_load_n(&relay->stop, __ATOMIC_SEQ_CST); }

static int over(struct connection *c) { return stopped(c->relay) || __atomic_load_n(&c->is_cut, __ATOMIC_SEQ_CST); }

/* Waits until there is something to read; false when the connection is over. */
static int readable(struct connection *c)
{
    if (c->tls && SSL_pending(c->tls)) return 1;
    while (!over(c)) {
        struct pollfd waiting = {c->fd, POLLIN, 0};
        if (poll(&waiting, 1, 10) > 0) return 1;
    }
    return 0;
}

static ssize_t get_some(struct connection *c, void *data, size_t size)
{
    if (!readable(c)) return -1;
    return c->tls ? SSL_read(c->tls, data, (int)size) : recv(c->fd, data, size, 0);
}

static int get(struct connection *c, void *data, size_t size)
{
    for (size_t have = 0; have < size;) {
        ssize_t n = get_some(c, (char *)data + have, size - have);
        if (n <= 0) return 0;
        have += (size_t)n;
    }
    return 1;
}

static int put(struct connection *c, const void *data, size_t size)
{
    const char *left = data;
    while (size > 0 && !over(c)) {
        ssize_t n = c->tls ? SSL_write(c->tls, left, (int)size) : send(c->fd, left, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && !c->tls && errno == EAGAIN) {
            struct pollfd writable = {c->fd, POLLOUT, 0};
            poll(&writable, 1, 10);
            continue;
        }
        if (n <= 0) return 0;
        left += n;
        size -= (size_t)n;
    }
    return size == 0;
}

static void note(struct relay *relay, char *where, size_t size, const char *text)
{
    pthread_mutex_lock(&relay->mutex);
    snprintf(where, size, "%s", text);
    pthread_mutex_unlock(&relay->mutex);
}

/* A head, up to the empty line. */
static int get_head(struct connection *c, char *head, size_t size)
{
    size_t length = 0;
    while (length < size - 1) {
        if (!get(c, head + length, 1)) return 0;
        head[++length] = '\0';
        if (strstr(head, "\r\n\r\n")) break;
    }
    note(c->relay, c->relay->seen, sizeof c->relay->seen, head);
    return 1;
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    return address;
}

static int dial(int port)
{
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

enum { chunk = 16384 };

/* What was read from one end and not yet written to the other. */
struct flow {
    char bytes[chunk];
    size_t filled;
    int ended; /* no more will come */
};

/* As for recv and send: -1 with EAGAIN where it has to wait. */
static ssize_t tls_result(SSL *tls, int n)
{
    if (n > 0) return n;
    const int why = SSL_get_error(tls, n);
    errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : EPIPE;
    return why == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

/* Moves what can be moved from one end, 0 for the client's, to the other; 0 when the connection is over. */
static int move(struct connection *c, const int ends[2], struct flow *flow, int from)
{
    ssize_t n;
    if (flow->filled < chunk && !flow->ended) {
        const size_t room = chunk - flow->filled;
        n = from == 0 && c->tls ? tls_result(c->tls, SSL_read(c->tls, flow->bytes + flow->filled, (int)room))
                                : recv(ends[from], flow->bytes + flow->filled, room, MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN) return 0;
        if (n == 0) flow->ended = 1;
        if (n > 0 && !c->swallows) flow->filled += (size_t)n;
    }
    if (flow->filled > 0) {
        const int is_last = from == 1 && c->ends_after && c->ends_after <= flow->filled;
        const size_t size = is_last ? c->ends_after : flow->filled;
        n = from == 1 && c->tls ? tls_result(c->tls, SSL_write(c->tls, flow->bytes, (int)size))
                                : send(ends[!from], flow->bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN) return 0;
        if (n > 0) {
            if (is_last && (size_t)n == size) return 0;
            if (from == 1 && c->ends_after) c->ends_after -= (size_t)n;
            flow->filled -= (size_t)n;
            memmove(flow->bytes, flow->bytes + n, flow->filled);
        }
    }
    return !flow->ended || flow->filled > 0;
}

static void pass_on(struct connection *c, int port)
{
    struct flow flows[2];
    int ends[2] = {c->fd, dial(port)}, alive = ends[1] >= 0;
    flows[0].filled = flows[1].filled = 0;
    flows[0].ended = flows[1].ended = 0;
    if (c->tls) {
        fcntl(c->fd, F_SETFL, fcntl(c->fd, F_GETFL) | O_NONBLOCK);
        SSL_set_mode(c->tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    }
    while (alive && !over(c)) {
        struct pollfd fds[2];
        int stalled;
        for (int i = 0; i < 2; i++) {
            short wanted = 0;
            if (flows[i].filled < chunk && !flows[i].ended) wanted |= POLLIN;
            if (flows[!i].filled > 0) wanted |= POLLOUT;
            fds[i] = (struct pollfd){wanted ? ends[i] : -1, wanted, 0};
        }
        /* What is cut meanwhile is noticed at the next round. */
        if (poll(fds, 2, c->tls && SSL_pending(c->tls) && flows[0].filled < chunk ? 0 : 10) < 0) break;
        pthread_mutex_lock(&c->relay->mutex);
        stalled = c->relay->stalled;
        if (c->swallows) flows[0].filled = flows[1].filled = 0;
        if (!stalled) alive = move(c, ends, &flows[0], 0) && move(c, ends, &flows[1], 1);
        pthread_mutex_unlock(&c->relay->mutex);
        if (stalled) pause_ms(5);
    }
    if (ends[1] >= 0) close(ends[1]);
}

/* ---- proxies */

static void socks5(struct connection *c)
{
    const struct relay_settings *s = &c->relay->settings;
    unsigned char head[4], size, port[2];
    char user[256] = "", password[256] = "", host[256] = "", text[1024];
    unsigned char methods[256];
    int wanted = s->user ? 2 : 0;
    if (!get(c, head, 2) || head[0] != 5 || !get(c, methods, head[1])) return;
    if (!memchr(methods, wanted, head[1])) wanted = 0xff;
    if (!put(c, (char[]){5, (char)wanted}, 2) || wanted == 0xff) return;
    if (wanted == 2) {
        if (!get(c, head, 2) || head[0] != 1 || !get(c, user, head[1])) return;
        if (!get(c, &size, 1) || !get(c, password, size)) return;
        int right = strcmp(user, s->user) == 0 && strcmp(password, s->password) == 0;
        if (!put(c, (char[]){1, (char)!right}, 2) || !right) return;
    }
    if (!get(c, head, 4)) return;
    if (head[3] == 3) {
        if (!get(c, &size, 1) || !get(c, host, size)) return;
    } else {
        unsigned char address[16];
        if (!get(c, address, head[3] == 1 ? 4 : 16)) return;
        inet_ntop(head[3] == 1 ? AF_INET : AF_INET6, address, host, sizeof host);
    }
    if (!get(c, port, 2)) return;
    snprintf(text, sizeof text, "%s:%s %s:%d", user, password, host, port[0] << 8 | port[1]);
    note(c->relay, c->relay->seen, sizeof c->relay->seen, text);
    if (put(c, (char[]){5, 0, 0, 1, 127, 0, 0, 1, 0, 0}, 10)) pass_on(c, port[0] << 8 | port[1]);
}

static void connect_method(struct connection *c)
{
    char head[8192], answer[256];
    const char *refusal = c->relay->settings.refusal;
    int port = 0;
    if (!get_head(c, head, sizeof head)) return;
    if (strncmp(head, "CONNECT ", 8) == 0 && strchr(head + 8, ':')) port = atoi(strchr(head + 8, ':') + 1);
    snprintf(answer, sizeof answer, "HTTP/1.1 %s\r\n%s\r\n", refusal ? refusal : "200 Connection established",
             refusal ? "Content-Length: 0\r\n" : "");
    if (put(c, answer, strlen(answer)) && !refusal) pass_on(c, port);
}

static void answer(struct connection *c)
{
    char head[8192];
    if (!get_head(c, head, sizeof head)) return;
    const char *first = c->relay->settings.first;
    if (first && relay_connections(c->relay) == 1) put(c, first, strlen(first));
    for (int i = first && relay_connections(c->relay) == 1 ? 8 : 0; i < 8 && c->relay->settings.pieces[i]; i++) {
        while (i > __atomic_load_n(&c->relay->gone, __ATOMIC_SEQ_CST) && !over(c)) pause_ms(2);
        if (!put(c, c->relay->settings.pieces[i], c->relay->settings.lengths[i])) return;
    }
    shutdown(c->fd, SHUT_WR);
    while (get_some(c, head, sizeof head) > 0) continue;
}

static void *serve(void *of)
{
    struct connection *c = of;
    struct relay *relay = c->relay;
    if (relay->settings.tls) {
        char text[128];
        c->tls = SSL_new(relay->context);
        SSL_set_fd(c->tls, c->fd);
        if (!readable(c) || SSL_accept(c->tls) != 1) goto end;
        snprintf(text, sizeof text, "%s %s", SSL_get_version(c->tls), SSL_get_cipher_name(c->tls));
        note(relay, relay->cipher, sizeof relay->cipher, text);
    }
    switch (relay->settings.kind) {
    case RELAY: pass_on(c, relay->settings.port); break;
    case RELAY_SOCKS5: socks5(c); break;
    case RELAY_CONNECT: connect_method(c); break;
    case RELAY_ANSWER: answer(c); break;
    }
end:
    if (c->tls) SSL_free(c->tls);
    pthread_mutex_lock(&relay->mutex);
    close(c->fd);
    c->fd = -1;
    pthread_mutex_unlock(&relay->mutex);
    return NULL;
}

static void *accept_all(void *of)
{
    struct relay *relay = of;
    while (!stopped(relay)) {
        struct sockaddr_in from = {0};
        socklen_t size = sizeof from;
        pthread_mutex_lock(&relay->mutex);
        struct pollfd waiting = {relay->fd, POLLIN, 0};
        pthread_mutex_unlock(&relay->mutex);
        if (poll(&waiting, 1, 10) <= 0) continue;
        pthread_mutex_lock(&relay->mutex);
        int fd = relay->fd < 0 ? -1 : accept4(relay->fd, (struct sockaddr *)&from, &size, SOCK_CLOEXEC);
        if (fd >= 0) {
            struct timeval limit = {5, 0};
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
            struct connection *c = calloc(1, sizeof *c);
            c->relay = relay;
            c->fd = fd;
            if (from.sin_family == AF_INET) inet_ntop(AF_INET, &from.sin_addr, relay->peer, sizeof relay->peer);
            relay->count++;
            c->next = relay->connections;
            relay->connections = c;
            pthread_create(&c->thread, NULL, serve, c);
        }
        pthread_mutex_unlock(&relay->mutex);
    }
    return NULL;
}

/* Ends all connections, by a reset where that is wanted, and waits for their threads. */
static void end_connections(struct relay *relay, int refuses, int resets)
{
    const struct linger at_once = {1, 0};
    pthread_mutex_lock(&relay->mutex);
    if (refuses && relay->fd >= 0) {
        close(relay->fd);
        relay->fd = -1;
    }
    struct connection *ending = relay->connections;
    relay->connections = NULL;
    for (struct connection *c = ending; c; c = c->next) {
        if (resets && c->fd >= 0) setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        __atomic_store_n(&c->is_cut, 1, __ATOMIC_SEQ_CST);
    }
    pthread_mutex_unlock(&relay->mutex);
    while (ending) {
        struct connection *c = ending;
        ending = c->next;
        pthread_join(c->thread, NULL);
        free(c);
    }
}

static void end_relay(void *of)
{
    struct relay *relay = of;
    __atomic_store_n(&relay->stop, 1, __ATOMIC_SEQ_CST);
    pthread_join(relay->thread, NULL);
    end_connections(relay, 1, 0);
    if (relay->settings.path) unlink(relay->settings.path);
    SSL_CTX_free(relay->context);
    pthread_mutex_destroy(&relay->mutex);
    free(relay);
}

/* A socket that listens; -1 where there is none to be had. */
static int listen_on(int family, const void *address, socklen_t size)
{
    int on = 1, fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address, size) == 0 && listen(fd, 64) == 0) return fd;
    close(fd);
    return -1;
}

static int listen_at_port(int port)
{
    struct sockaddr_in address = loopback(port);
    return listen_on(AF_INET, &address, sizeof address);
}

static void begin_to_listen(struct relay *relay)
{
    const char *path = relay->settings.path;
    if (path) {
        struct sockaddr_un local = {0};
        local.sun_family = AF_UNIX;
        strncpy(local.sun_path, path, sizeof local.sun_path - 1);
        relay->fd = listen_on(AF_UNIX, &local, sizeof local);
    } else {
        /* A port below those that the kernel gives to outgoing connections: a client that tries it while it is closed
         * must not get itself. */
        int tries = 10000, port = 20000 + (int)getpid() % 10000;
        while ((relay->fd = listen_at_port(port)) < 0 && --tries) port = 20000 + (port + 1) % 10000;
        relay->port = port;
    }
    if (relay->fd < 0) fail_msg("no socket: %s", strerror(errno));
}

struct relay *new_relay(const struct relay_settings *settings)
{
    struct relay *relay = calloc(1, sizeof *relay);
    relay->settings = *settings;
    pthread_mutex_init(&relay->mutex, NULL);
    begin_to_listen(relay);
    if (settings->tls) {
        /* OpenSSL writes to a client that has gone as to any other. */
        signal(SIGPIPE, SIG_IGN);
        relay->context = SSL_CTX_new(TLS_server_method());
        make_certificate(relay);
        /* Old versions need more than being allowed. */
        SSL_CTX_set_cipher_list(relay->context, "ALL:@SECLEVEL=0");
        SSL_CTX_set_min_proto_version(relay->context, settings->tls_min);
        SSL_CTX_set_max_proto_version(relay->context, settings->tls_max);
        SSL_CTX_set_alpn_select_cb(relay->context, choose_protocol, relay);
    }
    if (pthread_create(&relay->thread, NULL, accept_all, relay) != 0) fail_msg("no thread");
    return track(relay, end_relay);
}

const char *relay_url(struct relay *relay, const char *scheme)
{
    snprintf(relay->url, sizeof relay->url, "%s://127.0.0.1:%d", scheme, relay->port);
    return relay->url;
}

const char *relay_ca(struct relay *relay) { return relay->ca; }
const char *relay_pin(struct relay *relay) { return relay->pin; }

static const char *copied(struct relay *relay, const char *text)
{
    pthread_mutex_lock(&relay->mutex);
    snprintf(relay->copy, sizeof relay->copy, "%s", text);
    pthread_mutex_unlock(&relay->mutex);
    return relay->copy;
}

const char *relay_seen(struct relay *relay) { return copied(relay, relay->seen); }
const char *relay_peer(struct relay *relay) { return copied(relay, relay->peer); }
const char *relay_offered(struct relay *relay)
{
    const char *offered = copied(relay, relay->offered);
    pthread_mutex_lock(&relay->mutex);
    relay->offered[0] = '\0';
    pthread_mutex_unlock(&relay->mutex);
    return offered;
}

const char *relay_cipher(struct relay *relay) { return copied(relay, relay->cipher); }

int relay_connections(struct relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    int count = relay->count;
    pthread_mutex_unlock(&relay->mutex);
    return count;
}

void relay_go(struct relay *relay) { __atomic_add_fetch(&relay->gone, 1, __ATOMIC_SEQ_CST); }

/* ---- mishaps */

void relay_cut(struct relay *relay) { end_connections(relay, 1, 0); }
void relay_reset(struct relay *relay) { end_connections(relay, 0, 1); }

void relay_mend(struct relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    relay->stalled = 0;
    while (relay->fd < 0) relay->fd = listen_at_port(relay->port);
    pthread_mutex_unlock(&relay->mutex);
}

void relay_end_after(struct relay *relay, size_t bytes)
{
    pthread_mutex_lock(&relay->mutex);
    for (struct connection *c = relay->connections; c; c = c->next) c->ends_after = bytes;
    pthread_mutex_unlock(&relay->mutex);
}

void relay_stall(struct relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    relay->stalled = 1;
    pthread_mutex_unlock(&relay->mutex);
}

static void swallow(struct relay *relay, int deaf)
{
    /* A filter that takes nothing: the kernel behaves as if the packets had not come. */
    struct sock_filter nothing = {BPF_RET | BPF_K, 0, 0, 0};
    struct sock_fprog program = {1, &nothing};
    pthread_mutex_lock(&relay->mutex);
    for (struct connection *c = relay->connections; c; c = c->next) {
        c->swallows = 1;
        if (deaf && c->fd >= 0) setsockopt(c->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
    }
    pthread_mutex_unlock(&relay->mutex);
}

void relay_swallow(struct relay *relay) { swallow(relay, 0); }
void relay_go_deaf(struct relay *relay) { swallow(relay, 1); }
