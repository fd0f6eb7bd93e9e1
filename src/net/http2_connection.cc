#include "net/http2_connection.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "core/clock.h"
#include "net/endpoint.h"
#include "net/http2_session.h"

namespace k8sc {
namespace {

// What is read before the others on the thread have their turn: some pieces of this size.
constexpr size_t read_piece = 64 * 1024;
constexpr int read_pieces = 8;
constexpr size_t write_piece = 64 * 1024;
// In a row: they cost the sender next to nothing.
constexpr int most_empty_frames = 1000;
// Ids do not come again; a connection is given up long before they run out.
constexpr uint32_t last_stream_id = 1u << 30;
// As Go's io_loop.
constexpr int64_t longest_idle_ms = 90 * 1000;

Error connection_lost(std::string why)
{
    Error error(K8SC_E_TRANSPORT, std::move(why));
    error.connection_lost = true;
    return error;
}

}  // namespace

Http2Connection::Http2Connection(const Ref<IoLoop> &io_loop, std::unique_ptr<Connector> connector)
    : io_loop_(io_loop), connector_(std::move(connector)), last_byte_at_(now_ms())
{
    session_ = new_http2_session(this);
}

Http2Connection::~Http2Connection() { nghttp2_session_del(session_); }

void Http2Connection::open(int64_t settings_timeout_ms)
{
    if (settings_timeout_ms >= 0) {
        settings_timer_.set(*io_loop_, deadline_after(settings_timeout_ms),
                            [self = Ref<Http2Connection>(this), settings_timeout_ms] {
                                assert_on_io_thread();
                                self->lost("the server agreed to speak HTTP/2, and did not within " +
                                           std::to_string(settings_timeout_ms) + " ms");
                            });
    }
    connector_->watch(false, [this] {
        assert_on_io_thread();
        receive();
    });
    send();
    if (!ended_) receive();
}

bool Http2Connection::has_room() const
{
    if (!takes_streams()) return false;
    // What the server allows is not known yet: whoever is first finds out.
    if (!known_) return streams_.empty();
    return streams_.size() < nghttp2_session_get_remote_settings(session_, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
}

int32_t Http2Connection::submit(Http2User &user)
{
    // What is submitted has a place: it cannot be taken back.
    std::map<int32_t, Stream> made;
    made[0].user = &user;
    auto place = made.extract(0);
    int32_t id = submit_request(session_, user.request(), user.wants_gzip());
    place.key() = id;
    streams_.insert(std::move(place));
    if (static_cast<uint32_t>(id) > last_stream_id) draining_ = true;
    return id;
}

void Http2Connection::go()
{
    send();
    watch_silence();
}

Http2Connection::Stream *Http2Connection::find(int32_t id)
{
    auto at = streams_.find(id);
    return at == streams_.end() ? nullptr : &at->second;
}

bool Http2Connection::is_unsent(int32_t id) const
{
    auto at = streams_.find(id);
    if (at == streams_.end()) return false;
    // What TLS has begun to write may be on its way.
    uint64_t begun = written_ + (writing_ ? out_.size() - out_at_ : 0);
    return at->second.begins_at >= begun;
}

void Http2Connection::stop(int32_t id)
{
    if (streams_.erase(id) == 0 || ended_) return;
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
    send();
    settle();
}

void Http2Connection::drain()
{
    draining_ = true;
    settle();
}

void Http2Connection::resume(int32_t id)
{
    Ref<Http2Connection> self(this);
    Stream *stream = find(id);
    if (!stream || !stream->held_back || ended_) return;
    stream->held_back = false;
    std::string held = std::exchange(stream->held, {});
    if (deliver_held(id, *stream, held) && find(id)->answer_complete) {
        Http2User *user = stream->user;
        streams_.erase(id);
        user->stream_ended(nullptr);
        settle();
    }
    send();
}

// In pieces: the user may have enough of them before the end.
bool Http2Connection::deliver_held(int32_t id, Stream &stream, std::string_view held)
{
    while (!held.empty()) {
        std::string_view piece = held.substr(0, read_piece);
        held.remove_prefix(piece.size());
        if (deliver(id, stream, piece)) continue;
        if (Stream *still = find(id)) await_memory([&] { still->held.insert(0, held); });
        return false;
    }
    return true;
}

// False where the stream is held back again, or gone.
bool Http2Connection::deliver(int32_t id, Stream &stream, std::string_view data)
{
    if (data.empty()) return true;
    bool more = stream.user->came_data(data);
    Stream *still = find(id);
    if (!still) return false;
    nghttp2_session_consume_stream(session_, id, data.size());
    still->held_back = !more;
    return more;
}

void Http2Connection::reset(int32_t id, uint32_t code, Error why)
{
    Stream *stream = find(id);
    if (!stream || stream->failure) return;
    stream->failure = copy_of(why);
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, code);
}

// Reads what there is, but no more than is fair.
void Http2Connection::receive()
{
    if (ended_ || busy_) return;
    Ref<Http2Connection> self(this);
    char buffer[read_piece];
    for (int left = read_pieces;; left--) {
        if (left == 0) {
            // TLS may hold what the socket no longer shows.
            if (!std::exchange(reading_again_, true))
                io_loop_->next_round([self] {
                    assert_on_io_thread();
                    self->reading_again_ = false;
                    self->receive();
                });
            break;
        }
        size_t length = 0;
        auto step = connector_->read(buffer, sizeof buffer, length);
        if (step == Connector::Step::later) break;
        if (step == Connector::Step::closed) return lost(connector_->error());
        last_byte_at_ = now_ms();
        busy_ = true;
        ssize_t taken = nghttp2_session_mem_recv(session_, reinterpret_cast<uint8_t *>(buffer), length);
        busy_ = false;
        if (broken_.empty() && taken < 0)
            broken_ = concat("not HTTP/2 as it should be: ", nghttp2_strerror(static_cast<int>(taken)));
        if (!broken_.empty()) return lost(broken_);
    }
    send();
    settle();
}

// Writes what there is, as far as the socket takes it. What TLS has begun to write stays where it is until it is
// written.
void Http2Connection::send()
{
    if (ended_ || busy_) return;
    Ref<Http2Connection> self(this);
    bool was_writing = std::exchange(writing_, false);
    while (true) {
        if (out_at_ == out_.size()) flush();
        if (!broken_.empty()) return lost(broken_);
        if (out_.empty()) break;
        size_t length = 0;
        auto step = connector_->write(out_.data() + out_at_, out_.size() - out_at_, length);
        if (step == Connector::Step::closed) return lost(connector_->error());
        out_at_ += length;
        written_ += length;
        if (step == Connector::Step::later) {
            writing_ = true;
            break;
        }
    }
    if (writing_ != was_writing)
        connector_->watch(writing_, [this] {
            assert_on_io_thread();
            Ref<Http2Connection> held(this);
            if (writing_) send();
            receive();
        });
    if (!nghttp2_session_want_read(session_) && !nghttp2_session_want_write(session_)) lost("");
}

// Takes the next frames from nghttp2.
void Http2Connection::flush()
{
    out_.clear();
    out_at_ = 0;
    busy_ = true;
    while (out_.size() < write_piece) {
        const uint8_t *data = nullptr;
        ssize_t length = nghttp2_session_mem_send(session_, &data);
        if (length < 0) broken_ = concat("HTTP/2: ", nghttp2_strerror(static_cast<int>(length)));
        if (length <= 0) break;
        await_memory([&] { out_.append(reinterpret_cast<const char *>(data), static_cast<size_t>(length)); });
        made_ += static_cast<uint64_t>(length);
    }
    busy_ = false;
}

void Http2Connection::settle()
{
    if (draining_ && streams_.empty() && !ended_) {
        ended_ = true;
        if (known_) {
            // A word of goodbye, where it can be said without waiting.
            nghttp2_session_terminate_session(session_, NGHTTP2_NO_ERROR);
            if (out_at_ == out_.size()) flush();
            size_t length = 0;
            if (!out_.empty()) connector_->write(out_.data() + out_at_, out_.size() - out_at_, length);
        }
    }
    if (streams_.empty()) idle_since_ = now_ms();
    watch_idle();
    if (std::exchange(told_, true)) return;
    io_loop_->next_round([self = Ref<Http2Connection>(this)] {
        assert_on_io_thread();
        self->told_ = false;
        if (self->ended_) self->let_go();
        if (self->changed_) self->changed_();
    });
}

// Timers and the socket would keep it alive.
void Http2Connection::let_go()
{
    silence_timer_.cancel();
    settings_timer_.cancel();
    idle_timer_.cancel();
    connector_.reset();
}

void Http2Connection::lost(std::string why)
{
    if (ended_) return;
    close(await_memory([&] {
        std::string text = why.empty() ? "the connection was closed before the answer was complete"
                                       : concat("the connection was lost: ", why);
        if (!goodbye_.empty()) text += concat("; ", goodbye_);
        return connection_lost(std::move(text));
    }));
}

void Http2Connection::close(const Error &error)
{
    if (ended_) return;
    Ref<Http2Connection> self(this);
    ended_ = true;
    await_memory([&] { error_ = error.message; });
    while (!streams_.empty()) {
        auto id = streams_.begin()->first;
        bool unsent = is_unsent(id);
        Stream stream = std::move(streams_.begin()->second);
        streams_.erase(streams_.begin());
        if (unsent)
            stream.user->stream_refused(error.message);
        else
            stream.user->stream_ended(stream.failure ? std::move(stream.failure) : copy_of(error));
    }
    settle();
}

int Http2Connection::on_header(int32_t id, std::string_view name, std::string_view value)
{
    Stream *stream = find(id);
    if (!stream) return 0;
    stream->header_bytes += name.size() + value.size();
    if (stream->header_bytes > most_header_bytes) {
        // nghttp2 resets the stream.
        if (!stream->failure)
            stream->failure =
                std::make_unique<Error>(K8SC_E_TOO_LARGE, concat("the answer's headers are above the limit of ",
                                                                 std::to_string(most_header_bytes), " bytes"));
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    }
    // Trailers are counted, and passed over.
    if (stream->head_given) return 0;
    if (name == ":status")
        stream->head.status = std::atoi(std::string(value).c_str());
    else if (!name.starts_with(':'))
        stream->head.headers.emplace_back(name, value);
    return 0;
}

void Http2Connection::on_frame(const nghttp2_frame &frame)
{
    bool of_answer = frame.hd.type == NGHTTP2_DATA || frame.hd.type == NGHTTP2_HEADERS;
    if (Stream *stream = of_answer && (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) ? find(frame.hd.stream_id) : nullptr)
        stream->end_seen = true;
    switch (frame.hd.type) {
    case NGHTTP2_SETTINGS:
        if (frame.hd.flags & NGHTTP2_FLAG_ACK) return;
        known_ = true;
        settings_timer_.cancel();
        return;
    case NGHTTP2_GOAWAY:
        draining_ = true;
        goodbye_ = concat("the server had said goodbye: ", nghttp2_http2_strerror(frame.goaway.error_code));
        if (frame.goaway.opaque_data_len)
            goodbye_ +=
                concat(" ", quote({reinterpret_cast<char *>(frame.goaway.opaque_data), frame.goaway.opaque_data_len}));
        return;
    case NGHTTP2_DATA: {
        Stream *stream = find(frame.hd.stream_id);
        if (!stream || frame.hd.length > frame.data.padlen || (frame.hd.flags & NGHTTP2_FLAG_END_STREAM)) return;
        if (++stream->empty_frames > most_empty_frames)
            reset(frame.hd.stream_id, NGHTTP2_ENHANCE_YOUR_CALM,
                  Error(K8SC_E_TRANSPORT, concat("the server sent more than ", std::to_string(most_empty_frames),
                                                 " DATA frames without data")));
        return;
    }
    case NGHTTP2_HEADERS: {
        Stream *stream = find(frame.hd.stream_id);
        if (!stream || stream->head_given) return;
        // Another head follows a 1xx.
        if (stream->head.status < 200) {
            stream->head = {};
            return;
        }
        stream->head_given = true;
        return stream->user->came_head(std::move(stream->head));
    }
    default: return;
    }
}

void Http2Connection::on_data(int32_t id, std::string_view data)
{
    // The others on the connection go on, whatever becomes of this stream.
    nghttp2_session_consume_connection(session_, data.size());
    Stream *stream = find(id);
    if (!stream || stream->failure) return;
    stream->empty_frames = 0;
    stream->received += static_cast<int64_t>(data.size());
    if (stream->held_back) {
        stream->held.append(data);
        return;
    }
    if (!deliver(id, *stream, data)) return;
    widen(id, *find(id));
}

// A body that is large, and wanted as fast as it comes, may come in larger portions.
void Http2Connection::widen(int32_t id, Stream &stream)
{
    if (stream.bulk || stream.received < http2_stream_window || stream.user->request().probe_after_ms >= 0) return;
    stream.bulk = true;
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, id, http2_bulk_window);
}

void Http2Connection::on_closed(int32_t id, uint32_t code)
{
    Stream *at = find(id);
    if (!at) return;
    if (at->held_back && at->end_seen && code == NGHTTP2_NO_ERROR && !at->failure) {
        // What is left of it waits here.
        at->answer_complete = true;
        return;
    }
    Stream stream = std::move(*at);
    streams_.erase(id);
    if (stream.failure) return stream.user->stream_ended(std::move(stream.failure));
    if (code == NGHTTP2_NO_ERROR && stream.end_seen) return stream.user->stream_ended(nullptr);
    if (code == NGHTTP2_REFUSED_STREAM)
        return stream.user->stream_refused(await_memory([&]() -> std::string {
            return draining_ ? concat("the server did not process it; ", goodbye_)
                             : "the server refused the stream (REFUSED_STREAM)";
        }));
    if (code == NGHTTP2_HTTP_1_1_REQUIRED && !stream.head_given) return stream.user->wants_http1();
    stream.user->stream_ended(await_memory([&] {
        return std::make_unique<Error>(
            connection_lost(concat("the server reset the stream (", nghttp2_http2_strerror(code), ")")));
    }));
}

void Http2Connection::not_sent(int32_t id)
{
    Stream *at = find(id);
    if (!at) return;
    Http2User *user = at->user;
    streams_.erase(id);
    user->stream_refused(await_memory([&] { return concat("it was not sent; ", goodbye_); }));
}

ssize_t Http2Connection::on_body(int32_t id, uint8_t *buffer, size_t size, uint32_t &flags)
{
    Stream *stream = find(id);
    if (!stream) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const std::string &body = stream->user->request().body;
    size_t length = std::min(size, body.size() - stream->body_sent);
    memcpy(buffer, body.data() + stream->body_sent, length);
    stream->body_sent += length;
    if (stream->body_sent == body.size()) flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(length);
}

void Http2Connection::watch_idle()
{
    if (idle_timer_.is_set() || ended_ || !streams_.empty()) return;
    idle_timer_.set(*io_loop_, idle_since_ + longest_idle_ms, [self = Ref<Http2Connection>(this)] {
        assert_on_io_thread();
        if (self->streams_.empty() && now_ms() - self->idle_since_ >= longest_idle_ms) self->drain();
        self->watch_idle();
    });
}

void Http2Connection::watch_silence()
{
    if (silence_timer_.is_set() || ended_) return;
    const HttpRequest *keenest = nullptr;
    for (auto &[id, stream] : streams_) {
        const HttpRequest &request = stream.user->request();
        if (request.probe_after_ms >= 0 && (!keenest || request.probe_after_ms < keenest->probe_after_ms))
            keenest = &request;
    }
    if (!keenest) return;
    bool asked = pinged_at_ > last_byte_at_;
    int64_t due = asked ? pinged_at_ + keenest->probe_timeout_ms : last_byte_at_ + keenest->probe_after_ms;
    silence_timer_.set(
        *io_loop_, due,
        [self = Ref<Http2Connection>(this), after = keenest->probe_after_ms, timeout = keenest->probe_timeout_ms] {
            assert_on_io_thread();
            self->look_for_silence(after, timeout);
        });
}

void Http2Connection::look_for_silence(int64_t after_ms, int64_t timeout_ms)
{
    if (ended_) return;
    // What has arrived and was not looked at yet is a sign of life.
    receive();
    int64_t now = now_ms();
    bool asked = pinged_at_ > last_byte_at_;
    if (asked && now - pinged_at_ >= timeout_ms) {
        silent_ = true;
        Error error = connection_lost(
            concat("the connection fell silent: no answer to a probe within ", std::to_string(timeout_ms), " ms"));
        error.code = K8SC_E_TIMEOUT;
        return close(error);
    }
    if (!asked && now - last_byte_at_ >= after_ms && !ended_) {
        // Later than the last byte, also within one millisecond.
        pinged_at_ = std::max(now, last_byte_at_ + 1);
        nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
        send();
    }
    watch_silence();
}

}  // namespace k8sc
