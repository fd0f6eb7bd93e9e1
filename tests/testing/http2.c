#include "http2.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

static struct stream *find(struct peer *peer, int32_t id)
{
    for (int i = 0; i < peer->count; i++)
        if (peer->streams[i].id == id) return &peer->streams[i];
    return NULL;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_len,
                     const uint8_t *value, size_t value_len, uint8_t flags, void *to)
{
    struct stream *stream = find(to, frame->hd.stream_id);
    (void)session, (void)flags;
    if (name_len == 7 && memcmp(name, ":status", 7) == 0) stream->code = atoi((const char *)value);
    if (name_len == 12 && memcmp(name, "content-type", 12) == 0)
        snprintf(stream->content_type, sizeof stream->content_type, "%.*s", (int)value_len, (const char *)value);
    for (size_t i = 0; i < name_len; i++) assert_false(name[i] >= 'A' && name[i] <= 'Z');
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *data, size_t len, void *to)
{
    (void)session, (void)flags;
    collect((char *)data, 1, len, &find(to, id)->body);
    return 0;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *to)
{
    struct peer *peer = to;
    if (frame->hd.type == NGHTTP2_GOAWAY) {
        peer->went_away = 1;
        peer->last_stream = frame->goaway.last_stream_id;
        peer->goaway_code = frame->goaway.error_code;
    }
    if (frame->hd.type == NGHTTP2_PING && frame->hd.flags & NGHTTP2_FLAG_ACK) peer->pongs++;
    if (frame->hd.type == NGHTTP2_SETTINGS && !(frame->hd.flags & NGHTTP2_FLAG_ACK)) {
        peer->settings = 1;
        peer->max_streams = nghttp2_session_get_remote_settings(session, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
        peer->window = nghttp2_session_get_remote_settings(session, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE);
    }
    if (frame->hd.type == NGHTTP2_DATA && frame->hd.length == 0 && !(frame->hd.flags & NGHTTP2_FLAG_END_STREAM) &&
        find(peer, frame->hd.stream_id))
        find(peer, frame->hd.stream_id)->empty_frames++;
    return 0;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t code, void *to)
{
    struct stream *stream = find(to, id);
    (void)session;
    stream->closed = 1;
    stream->error_code = code;
    return 0;
}

static ssize_t on_send(nghttp2_session *session, int32_t id, uint8_t *data, size_t len, uint32_t *flags,
                       nghttp2_data_source *source, void *to)
{
    struct peer *peer = to;
    struct stream *stream = find(peer, id);
    (void)session, (void)source;
    if (len > stream->left) len = stream->left;
    memcpy(data, stream->sent, len);
    stream->sent += len;
    stream->left -= len;
    peer->sent += len;
    if (stream->left == 0) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)len;
}

void open_peer(struct peer *peer)
{
    memset(peer, 0, sizeof *peer);
    peer->fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons((uint16_t)atoi(strrchr(k8sc_testing_server_url(server), ':') + 1));
    assert_int_equal(connect(peer->fd, (struct sockaddr *)&address, sizeof address), 0);
    nghttp2_session_callbacks *callbacks;
    assert_int_equal(nghttp2_session_callbacks_new(&callbacks), 0);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    assert_int_equal(nghttp2_session_client_new(&peer->session, callbacks, peer), 0);
    nghttp2_session_callbacks_del(callbacks);
    assert_int_equal(nghttp2_submit_settings(peer->session, NGHTTP2_FLAG_NONE, NULL, 0), 0);
}

void close_peer(struct peer *peer)
{
    nghttp2_session_del(peer->session);
    close(peer->fd);
    for (int i = 0; i < peer->count; i++) free(peer->streams[i].body.data);
}

struct stream *ask(struct peer *peer, const char *method, const char *path, const char *body)
{
#define HEADER(name, value) \
    { \
        (uint8_t *)(name), (uint8_t *)(value), strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE \
    }
    const nghttp2_nv headers[] = {HEADER(":method", method), HEADER(":scheme", "http"), HEADER(":path", path),
                                  HEADER(":authority", "localhost"), HEADER("content-type", JSON_TYPE)};
    const nghttp2_data_provider provider = {{0}, on_send};
    assert_true(peer->count < (int)(sizeof peer->streams / sizeof *peer->streams));
    struct stream *stream = &peer->streams[peer->count];
    stream->sent = body;
    stream->left = body ? strlen(body) : 0;
    stream->id = nghttp2_submit_request(peer->session, NULL, headers, body ? 5 : 4, body ? &provider : NULL, NULL);
    assert_true(stream->id > 0);
    peer->count++;
    return stream;
}

static void send_all(struct peer *peer)
{
    const uint8_t *data;
    for (ssize_t len; (len = nghttp2_session_mem_send(peer->session, &data)) > 0;)
        if (send(peer->fd, data, (size_t)len, MSG_NOSIGNAL) != len) {
            peer->ended = 1;
            /* Whoever asks first is told. */
            peer->was_reset = errno == ECONNRESET;
        }
}

static void receive(struct peer *peer, int ms)
{
    uint8_t data[65536];
    struct pollfd ready = {peer->fd, POLLIN, 0};
    if (poll(&ready, 1, ms) <= 0) return;
    const ssize_t len = recv(peer->fd, data, sizeof data, 0);
    if (len <= 0) {
        peer->ended = 1;
        peer->was_reset |= len < 0 && errno == ECONNRESET;
    } else {
        assert_int_equal(nghttp2_session_mem_recv(peer->session, data, (size_t)len), len);
    }
}

static int go_on_until(struct peer *peer, const int *what, int64_t ms)
{
    const int64_t end = now_ms() + ms;
    while (!(what && *what) && !peer->ended && now_ms() < end) {
        send_all(peer);
        receive(peer, 20);
    }
    return what && *what;
}

int until(struct peer *peer, const int *what) { return go_on_until(peer, what, 30000); }
void go_on(struct peer *peer, int64_t ms) { go_on_until(peer, NULL, ms); }

void cancel_stream(struct peer *peer, struct stream *stream)
{
    nghttp2_submit_rst_stream(peer->session, NGHTTP2_FLAG_NONE, stream->id, NGHTTP2_CANCEL);
    send_all(peer);
}

void ping(struct peer *peer) { nghttp2_submit_ping(peer->session, NGHTTP2_FLAG_NONE, (const uint8_t *)"12345678"); }
