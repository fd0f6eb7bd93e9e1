/* A client of HTTP/2 that shows every frame, by libnghttp2: what curl would hide or repair. */
#ifndef TESTS_TESTING_HTTP2_H
#define TESTS_TESTING_HTTP2_H

#include <nghttp2/nghttp2.h>

#include "support.h"

struct stream {
    int32_t id;
    int code; /* of the answer, 0 while there is none */
    struct buffer body;
    char content_type[64];
    int empty_frames; /* DATA without data and without an end */
    int closed;
    uint32_t error_code; /* when it is closed */
    const char *sent;    /* what is left of the request's body */
    size_t left;
};

struct peer {
    int fd;
    nghttp2_session *session;
    struct stream streams[16];
    int count;
    int ended;     /* the server has closed the connection */
    int was_reset; /* by a RST of TCP */
    int went_away; /* GOAWAY came, with this last stream and code */
    int32_t last_stream;
    uint32_t goaway_code;
    uint32_t max_streams; /* of the server's SETTINGS */
    uint32_t window;
    int settings; /* they have come */
    int pongs;
    size_t sent; /* bytes of bodies */
};

/* Connects to the server of the test, without TLS, knowing that it speaks HTTP/2. */
void open_peer(struct peer *peer);
void close_peer(struct peer *peer);
/* Sends a request; `body` NULL: without one. */
struct stream *ask(struct peer *peer, const char *method, const char *path, const char *body);
/* Sends and receives until that is true, or for 30 seconds; answers whether it is. */
int until(struct peer *peer, const int *what);
/* Sends and receives for that long. */
void go_on(struct peer *peer, int64_t ms);
/* The number of the stream among the peer's. */
void cancel_stream(struct peer *peer, struct stream *stream);
void ping(struct peer *peer);

#endif
