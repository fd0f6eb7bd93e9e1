/* Between a client and a server: a proxy of TCP connections that the test controls. It can end TLS, listen on a unix
 * socket, speak SOCKS5 or CONNECT, or answer with given bytes itself; it tells what it saw. Its connections can be cut,
 * reset, stalled and swallowed. What real proxies do is tested with real ones. */
#ifndef TESTS_SUPPORT_RELAY_H
#define TESTS_SUPPORT_RELAY_H

#include <stddef.h>

enum relay_kind {
    RELAY,         /* to 127.0.0.1:port */
    RELAY_SOCKS5,  /* to whatever it is asked for, on 127.0.0.1 */
    RELAY_CONNECT, /* the same by HTTP's CONNECT */
    RELAY_ANSWER,  /* to nobody: sends the pieces, and ends */
};

struct relay_settings {
    enum relay_kind kind;
    int port;
    const char *path;            /* listen on a unix socket there */
    const char *user, *password; /* what SOCKS5 wants */
    const char *refusal;         /* what CONNECT is answered, such as "503 Service Unavailable" */
    int tls;                     /* the client speaks TLS to it */
    int tls_min, tls_max;        /* OpenSSL's TLS1_2_VERSION and so on; 0: its defaults */
    const char *common_name;     /* the certificate has this, and no name besides that is a host's */
    int no_alternatives;         /* with common_name: not even the extension */
    const char *alpn;            /* the protocol it chooses, where it is offered; NULL: none */
    const char *first;           /* RELAY_ANSWER: the whole answer to the first connection */
    const char *pieces[8];       /* RELAY_ANSWER: the second and later wait for relay_go */
    size_t lengths[8];
};

struct relay;
/* Until the end of the test. */
struct relay *new_relay(const struct relay_settings *settings);
/* scheme://127.0.0.1:port */
const char *relay_url(struct relay *relay, const char *scheme);
/* Its certificate, which is its own authority, for 127.0.0.1 and kubernetes.test; and its key's pin. */
const char *relay_ca(struct relay *relay);
const char *relay_pin(struct relay *relay);
/* Of the last connection, a copy that lasts until the next call: what a proxy was told, or the head of the request that
 * was answered; the client's address; the protocols it offered for TLS, of each connection since this was last asked;
 * the cipher and version that came out. */
const char *relay_seen(struct relay *relay);
const char *relay_peer(struct relay *relay);
const char *relay_offered(struct relay *relay);
const char *relay_cipher(struct relay *relay);
/* How many it has ever accepted. */
int relay_connections(struct relay *relay);
void relay_go(struct relay *relay);

/* Ends all connections and refuses new ones; returns when that is done. */
void relay_cut(struct relay *relay);
/* Listens again, on the same port, and passes on what was stalled. */
void relay_mend(struct relay *relay);
/* Resets the connections there are; new ones work. */
void relay_reset(struct relay *relay);
/* Ends each connection there is after so many more bytes to the client (at least 1), wherever in a line that is; new
 * ones work. */
void relay_end_after(struct relay *relay, size_t bytes);
/* Keeps the connections but passes nothing on, until mended: bytes that come meanwhile are passed on then. */
void relay_stall(struct relay *relay);
/* What the connections there are send is taken, and passed on to nobody, for ever; new ones work. */
void relay_swallow(struct relay *relay);
/* The connections there are do not even acknowledge what they are sent, as behind a firewall that drops it; new ones
 * work. */
void relay_go_deaf(struct relay *relay);

#endif
