#include "testing/http/http2.h"

#include <algorithm>
#include <cctype>
#include <new>

#include <poll.h>

namespace k8sc::testing {

namespace {

// As kube-apiserver: what fits into it need not wait for a WINDOW_UPDATE.
constexpr int32_t stream_window = 256 * 1024, connection_window = 250 * stream_window;
// As Go's server.
constexpr size_t longest_head = 1 << 20;
// So much is made ahead of a client that does not read.
constexpr size_t most_unsent = 64 * 1024;

std::string_view text_of(const uint8_t *text, size_t size) { return {reinterpret_cast<const char *>(text), size}; }

// The name must be lower-case already.
nghttp2_nv header_of(const std::string &name, const std::string &value)
{
    const auto bytes = [](const std::string &text) {
        return reinterpret_cast<uint8_t *>(const_cast<char *>(text.data()));
    };
    return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

std::string lower_case(std::string name)
{
    for (char &c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
}

void check(int result)
{
    if (result != 0) throw std::bad_alloc();
}

// Exceptions do not pass through libnghttp2.
template <class Act>
int guarded(const Act &act)
{
    try {
        return act();
    } catch (...) {
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
}

struct OptionFree {
    void operator()(nghttp2_option *option) const { nghttp2_option_del(option); }
};
struct CallbacksFree {
    void operator()(nghttp2_session_callbacks *callbacks) const { nghttp2_session_callbacks_del(callbacks); }
};

std::unique_ptr<nghttp2_option, OptionFree> session_option(const Http2Options &options)
{
    nghttp2_option *made = nullptr;
    check(nghttp2_option_new(&made));
    if (options.upload_window >= 0) nghttp2_option_set_no_auto_window_update(made, 1);
    if (!options.answers_pings) nghttp2_option_set_no_auto_ping_ack(made, 1);
#ifdef K8SC_NGHTTP2_RESET_RATE
    // A test may end as many watches as it likes.
    nghttp2_option_set_stream_reset_rate_limit(made, UINT64_MAX, UINT64_MAX);
#endif
    return std::unique_ptr<nghttp2_option, OptionFree>(made);
}

}  // namespace

Http2::Http2(Transport &transport, const Handlers &handlers, const Http2Options &options)
    : transport_(transport), handlers_(handlers), options_(options), certificate_(transport.certificate())
{
    make_session();
}

// Whoever still answers finds that the client has gone.
Http2::~Http2()
{
    for (const auto &[id, stream] : streams_) stream->set_gone();
    nghttp2_session_del(session_);
}

void Http2::make_session()
{
    nghttp2_session_callbacks *made = nullptr;
    check(nghttp2_session_callbacks_new(&made));
    const std::unique_ptr<nghttp2_session_callbacks, CallbacksFree> callbacks(made);
    nghttp2_session_callbacks_set_on_begin_headers_callback(made, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(made, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, on_close);
    check(nghttp2_session_server_new2(&session_, made, this, session_option(options_).get()));
}

void Http2::submit_settings()
{
    const bool opens = options_.upload_window < 0;
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, options_.max_streams},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<uint32_t>(opens ? stream_window : options_.upload_window)},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<uint32_t>(longest_head)},
    };
    check(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings)));
    if (opens) check(nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, connection_window));
}

void Http2::serve(std::string_view received)
{
    transport_.set_nonblocking();
    submit_settings();
    bool goes_on =
        received.empty() ||
        nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t *>(received.data()), received.size()) >= 0;
    while (goes_on) {
        hand_over();
        if (!send() || is_over()) break;
        const bool has_more = out_.empty() && nghttp2_session_want_write(session_);
        transport_.wait_for(static_cast<short>(POLLIN | transport_.awaited() | (has_more ? POLLOUT : 0)), mailbox_.fd(),
                            -1);
        goes_on = receive();
    }
    for (const auto &[id, stream] : streams_) stream->set_gone();
    if (cut_)
        transport_.drain_cut();
    else if (goes_on)
        transport_.drain();
    transport_.cut();
}

// Everything that there is to say has been said.
bool Http2::is_over() const
{
    if (!out_.empty()) return false;
    return cut_ || transport_.ended() ||
           (!nghttp2_session_want_read(session_) && !nghttp2_session_want_write(session_));
}

// Frames, as many as there is room for.
bool Http2::make_frames()
{
    // The client hears no more than what was made before the end.
    if (cut_ || out_.size() >= most_unsent) return true;
    const uint8_t *data = nullptr;
    while (out_.size() < most_unsent) {
        const ssize_t size = nghttp2_session_mem_send(session_, &data);
        if (size < 0) return false;
        if (size == 0) break;
        out_ += text_of(data, static_cast<size_t>(size));
    }
    cut_ = cutting_;
    return true;
}

// Some of what there is, so that a stream that never ends does not keep the others waiting. False: the client has gone.
bool Http2::send()
{
    if (!make_frames()) return false;
    std::string_view rest = out_;
    while (!rest.empty()) {
        const std::optional<size_t> written = transport_.write(rest);
        if (!written) return false;
        if (*written == 0) break;
        rest.remove_prefix(*written);
    }
    out_.erase(0, out_.size() - rest.size());
    return true;
}

bool Http2::receive()
{
    char buffer[16384];
    for (;;) {
        const std::optional<size_t> size = transport_.read(buffer, sizeof buffer);
        if (!size) return false;
        if (*size == 0) return true;
        // Most of what can be wrong with it is no failure: libnghttp2 makes a GOAWAY that tells it.
        if (nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t *>(buffer), *size) < 0) return false;
    }
}

Http2Stream *Http2::find(int32_t id)
{
    const auto found = streams_.find(id);
    return found == streams_.end() ? nullptr : found->second.get();
}

/* ----------------------------------------------------------------------------------------------------- a request comes
 * in -- */

int Http2::on_begin_headers(nghttp2_session *, const nghttp2_frame *frame, void *self)
{
    return guarded([&] {
        Http2 &http = *static_cast<Http2 *>(self);
        if (frame->headers.cat != NGHTTP2_HCAT_REQUEST || http.goes_away_) return 0;
        const int32_t id = frame->hd.stream_id;
        const auto stream = std::make_shared<Http2Stream>(id, http.certificate_, http.mailbox_);
        stream->request.protocol = "HTTP/2.0";
        http.streams_.emplace(id, stream);
        return 0;
    });
}

int Http2::on_header(nghttp2_session *, const nghttp2_frame *frame, const uint8_t *name, size_t name_size,
                     const uint8_t *value, size_t value_size, uint8_t, void *self)
{
    return guarded([&] {
        Http2Stream *stream = static_cast<Http2 *>(self)->find(frame->hd.stream_id);
        // Trailers say nothing.
        if (!stream || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
        stream->head_size += name_size + value_size + 32;
        if (stream->head_size > longest_head) return static_cast<int>(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE);
        static_cast<Http2 *>(self)->add_header(*stream, text_of(name, name_size), text_of(value, value_size));
        return 0;
    });
}

void Http2::add_header(Http2Stream &stream, std::string_view name, std::string_view value)
{
    Request &request = stream.request;
    if (name == ":method")
        request.method = value;
    else if (name == ":path")
        request.target = value;
    else if (name == ":authority")
        request.headers.emplace_back("Host", value);
    else if (!name.starts_with(':'))
        request.headers.emplace_back(canonical_name(name), value);
}

int Http2::on_frame(nghttp2_session *, const nghttp2_frame *frame, void *self)
{
    return guarded([&] {
        Http2 &http = *static_cast<Http2 *>(self);
        const int32_t id = frame->hd.stream_id;
        if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
        const bool begins = frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST;
        if (Http2Stream *stream = begins ? http.find(id) : nullptr) http.begin_request(*stream, id);
        if (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) http.start(id);
        return 0;
    });
}

int Http2::on_data(nghttp2_session *, uint8_t, int32_t id, const uint8_t *data, size_t size, void *self)
{
    return guarded([&] {
        if (Http2Stream *stream = static_cast<Http2 *>(self)->find(id)) stream->request.body += text_of(data, size);
        return 0;
    });
}

void Http2::begin_request(Http2Stream &stream, int32_t id)
{
    if (const std::optional<StreamFault> fault = handlers_.begin(stream.request)) return apply(*fault, id);
    last_begun_ = id;
    if (stream.request.header("Expect") != "100-continue") return;
    const std::string name = ":status", value = "100";
    const nghttp2_nv header = header_of(name, value);
    check(nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, id, nullptr, &header, 1, nullptr));
}

void Http2::apply(const StreamFault &fault, int32_t id)
{
    if (fault.how == StreamFault::How::goaway_after)
        last_begun_ = id;
    else
        streams_.erase(id);
    if (fault.how == StreamFault::How::reset_stream) {
        check(nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, fault.error_code));
        return;
    }
    goes_away_ = true;
    check(nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, last_begun_, NGHTTP2_NO_ERROR, nullptr, 0));
}

// All of the request is there.
void Http2::start(int32_t id)
{
    const auto found = streams_.find(id);
    if (found == streams_.end()) return;
    workers_.run([stream = found->second, this] { stream->answer(handlers_); });
}

int Http2::on_close(nghttp2_session *, int32_t id, uint32_t, void *self)
{
    return guarded([&] {
        Http2 &http = *static_cast<Http2 *>(self);
        const auto found = http.streams_.find(id);
        if (found == http.streams_.end()) return 0;
        found->second->set_gone();
        http.streams_.erase(found);
        return 0;
    });
}

/* ----------------------------------------------------------------------------------------------------- its answer goes
 * out -- */

void Http2::hand_over()
{
    for (const int32_t id : mailbox_.take()) {
        Http2Stream *stream = find(id);
        if (!stream) continue;
        if (const auto head = stream->take_head())
            submit_head(id, *head);
        else
            nghttp2_session_resume_data(session_, id);
        look_for_end(id, *stream);
    }
}

void Http2::submit_head(int32_t id, const Http2Stream::Head &head)
{
    Headers texts = {{":status", std::to_string(head.code)}};
    for (const auto &[name, value] : head.headers) texts.emplace_back(lower_case(name), value);
    std::vector<nghttp2_nv> headers;
    for (const auto &[name, value] : texts) headers.push_back(header_of(name, value));
    const nghttp2_data_provider body = {{0}, on_read};
    check(nghttp2_submit_response(session_, id, headers.data(), headers.size(), head.is_all ? nullptr : &body));
}

void Http2::look_for_end(int32_t id, const Http2Stream &stream)
{
    const Http2Stream::End end = stream.ending();
    if (end.how == Http2Stream::Ending::cut) cutting_ = true;
    if (end.how == Http2Stream::Ending::reset) transport_.reset();
    if (end.how == Http2Stream::Ending::reset_stream)
        nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, end.error_code);
}

ssize_t Http2::on_read(nghttp2_session *, int32_t id, uint8_t *to, size_t size, uint32_t *flags, nghttp2_data_source *,
                       void *self)
{
    Http2 &http = *static_cast<Http2 *>(self);
    Http2Stream *stream = http.find(id);
    if (!stream) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const auto part = stream->read(reinterpret_cast<char *>(to), size);
    http.look_for_end(id, *stream);
    if (!part) return NGHTTP2_ERR_DEFERRED;
    if (part->is_last) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(part->size);
}

}  // namespace k8sc::testing
