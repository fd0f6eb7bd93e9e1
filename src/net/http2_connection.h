// One connection that speaks HTTP/2: nghttp2 over a connector.
#pragma once

#include <nghttp2/nghttp2.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "core/error.h"
#include "core/ref.h"
#include "net/connector.h"
#include "net/exchange.h"
#include "net/io_thread.h"

namespace k8sc {

// Who sent a request on a connection. On the I/O thread.
class Http2User {
  public:
    virtual const HttpRequest &request() const = 0;
    virtual bool wants_gzip() const = 0;
    virtual void came_head(HttpHead head) K8SC_REQUIRES(io_thread) = 0;
    // False: no more until Http2Connection::resume.
    virtual bool came_data(std::string_view data) K8SC_REQUIRES(io_thread) = 0;
    // The stream is over, and the connection has forgotten it: NULL where the answer is complete.
    virtual void stream_ended(std::unique_ptr<Error> error) K8SC_REQUIRES(io_thread) = 0;
    // The stream is over, and the server has certainly not processed the request.
    virtual void stream_refused(std::string why) K8SC_REQUIRES(io_thread) = 0;
    // The server wants HTTP/1.1 for it.
    virtual void wants_http1() K8SC_REQUIRES(io_thread) = 0;

  protected:
    ~Http2User() = default;
};

class Http2Connection : public RefCounted {
  public:
    // Something that its pool must look at: there is room, it is no longer for new streams, or it has ended.
    using Changed = std::function<void()>;

    Http2Connection(const Ref<IoLoop> &io_loop, std::unique_ptr<Connector> connector);

    void open(int64_t settings_timeout_ms) K8SC_REQUIRES(io_thread);
    // The server has said what it allows: it does speak HTTP/2.
    bool is_known() const { return known_; }
    // True for the first who asks: the connection was made for it.
    bool claim() K8SC_REQUIRES(io_thread) { return !std::exchange(claimed_, true); }
    bool has_ended() const { return ended_; }
    // Ended because its peer answered nothing any more.
    bool fell_silent() const { return silent_; }
    const std::string &error() const { return error_; }
    bool takes_streams() const { return !ended_ && !draining_; }
    // For one stream more.
    bool has_room() const;
    size_t streams() const { return streams_.size(); }
    // Looks whether the server has said goodbye since, so that nothing is sent to where nobody listens.
    void look() K8SC_REQUIRES(io_thread) { receive(); }
    // No more streams; it ends with the last one.
    void drain() K8SC_REQUIRES(io_thread);
    // Ends now; those on it are told.
    void close(const Error &error) K8SC_REQUIRES(io_thread);
    // Never called from inside of what is called here.
    void when_changed(Changed changed) K8SC_REQUIRES(io_thread) { changed_ = std::move(changed); }

    // A request as a stream of this number, which is sent by go(); the user stays until the stream ends or is stopped.
    int32_t submit(Http2User &user) K8SC_REQUIRES(io_thread);
    void go() K8SC_REQUIRES(io_thread);
    void stop(int32_t stream) K8SC_REQUIRES(io_thread);
    void resume(int32_t stream) K8SC_REQUIRES(io_thread);
    // That no byte of the request was written.
    bool is_unsent(int32_t stream) const;
    void add_facts(ExchangeFacts &facts) const
    {
        if (connector_) connector_->add_facts(facts);
    }
    int32_t local_port() const { return connector_ ? connector_->local_port() : 0; }

  private:
    struct Stream {
        Http2User *user;
        HttpHead head;
        size_t header_bytes = 0;
        bool head_given = false, end_seen = false, answer_complete = false, held_back = false, bulk = false;
        int64_t received = 0;
        int empty_frames = 0;
        size_t body_sent = 0;
        uint64_t begins_at = UINT64_MAX;  // in what is written
        std::string held;                 // that came while it was held back
        std::unique_ptr<Error> failure;   // why it is reset from here
    };

    ~Http2Connection() override;
    void receive() K8SC_REQUIRES(io_thread);
    void send() K8SC_REQUIRES(io_thread);
    void flush() K8SC_REQUIRES(io_thread);
    void settle() K8SC_REQUIRES(io_thread);
    void let_go() K8SC_REQUIRES(io_thread);
    void lost(std::string why) K8SC_REQUIRES(io_thread);
    Stream *find(int32_t id);
    void reset(int32_t id, uint32_t code, Error why) K8SC_REQUIRES(io_thread);
    bool deliver_held(int32_t id, Stream &stream, std::string_view held) K8SC_REQUIRES(io_thread);
    bool deliver(int32_t id, Stream &stream, std::string_view data) K8SC_REQUIRES(io_thread);
    void widen(int32_t id, Stream &stream) K8SC_REQUIRES(io_thread);
    void watch_idle() K8SC_REQUIRES(io_thread);
    void watch_silence() K8SC_REQUIRES(io_thread);
    void look_for_silence(int64_t after_ms, int64_t timeout_ms) K8SC_REQUIRES(io_thread);

    int on_header(int32_t id, std::string_view name, std::string_view value) K8SC_REQUIRES(io_thread);
    void on_frame(const nghttp2_frame &frame) K8SC_REQUIRES(io_thread);
    void on_data(int32_t id, std::string_view data) K8SC_REQUIRES(io_thread);
    void on_closed(int32_t id, uint32_t code) K8SC_REQUIRES(io_thread);
    void begins(int32_t id) K8SC_REQUIRES(io_thread)
    {
        if (Stream *stream = find(id)) stream->begins_at = made_;
    }
    void not_sent(int32_t id) K8SC_REQUIRES(io_thread);
    ssize_t on_body(int32_t id, uint8_t *buffer, size_t size, uint32_t &flags) K8SC_REQUIRES(io_thread);
    friend struct Http2Callbacks;

    const Ref<IoLoop> io_loop_;
    std::unique_ptr<Connector> connector_;
    Changed changed_;
    nghttp2_session *session_ = nullptr;
    std::map<int32_t, Stream> streams_;
    bool claimed_ = false;
    bool known_ = false, draining_ = false, ended_ = false, silent_ = false, told_ = false;
    std::string goodbye_;         // the server's
    std::string error_;           // why it ended
    bool writing_ = false;        // the socket takes no more now
    bool reading_again_ = false;  // there may be more that the socket does not show
    bool busy_ = false;           // inside of nghttp2
    std::string out_;
    size_t out_at_ = 0;
    uint64_t written_ = 0, made_ = 0;  // bytes
    int64_t last_byte_at_ = 0, pinged_at_ = 0;
    int64_t idle_since_ = 0;
    Timer silence_timer_, settings_timer_, idle_timer_;
    std::string broken_;  // why it must end, found out inside of nghttp2
};

}  // namespace k8sc
