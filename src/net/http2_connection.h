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

namespace k8sc {

// Who sent a request on a connection. On the I/O thread.
class Http2User {
  public:
    virtual const HttpRequest &request() const = 0;
    virtual bool wants_gzip() const = 0;
    virtual void came_head(HttpHead head) = 0;
    // False: no more until Http2Connection::resume.
    virtual bool came_data(std::string_view data) = 0;
    // The stream is over, and the connection has forgotten it: NULL where the answer is complete.
    virtual void stream_ended(std::unique_ptr<Error> error) = 0;
    // The stream is over, and the server has certainly not processed the request.
    virtual void stream_refused(std::string why) = 0;
    // The server wants HTTP/1.1 for it.
    virtual void wants_http1() = 0;

  protected:
    ~Http2User() = default;
};

class Http2Connection : public RefCounted {
  public:
    // Something that its pool must look at: there is room, it is no longer for new streams, or it has ended.
    using Changed = std::function<void()>;

    Http2Connection(const Ref<IoLoop> &io_loop, std::unique_ptr<Connector> connector);

    void open(int64_t settings_timeout_ms);
    // The server has said what it allows: it does speak HTTP/2.
    bool is_known() const { return known_; }
    // True for the first who asks: the connection was made for it.
    bool claim() { return !std::exchange(claimed_, true); }
    bool has_ended() const { return ended_; }
    // Ended because its peer answered nothing any more.
    bool fell_silent() const { return silent_; }
    const std::string &error() const { return error_; }
    bool takes_streams() const { return !ended_ && !draining_; }
    // For one stream more.
    bool has_room() const;
    size_t streams() const { return streams_.size(); }
    // Looks whether the server has said goodbye since, so that nothing is sent to where nobody listens.
    void look() { receive(); }
    // No more streams; it ends with the last one.
    void drain();
    // Ends now; those on it are told.
    void close(const Error &error);
    // Never called from inside of what is called here.
    void when_changed(Changed changed) { changed_ = std::move(changed); }

    // A request as a stream of this number, which is sent by go(); the user stays until the stream ends or is stopped.
    int32_t submit(Http2User &user);
    void go();
    void stop(int32_t stream);
    void resume(int32_t stream);
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
    void receive();
    void send();
    void flush();
    void settle();
    void let_go();
    void lost(std::string why);
    Stream *find(int32_t id);
    void reset(int32_t id, uint32_t code, Error why);
    bool deliver_held(int32_t id, Stream &stream, std::string_view held);
    bool deliver(int32_t id, Stream &stream, std::string_view data);
    void widen(int32_t id, Stream &stream);
    void watch_idle();
    void watch_silence();
    void look_for_silence(int64_t after_ms, int64_t timeout_ms);

    int on_header(int32_t id, std::string_view name, std::string_view value);
    void on_frame(const nghttp2_frame &frame);
    void on_data(int32_t id, std::string_view data);
    void on_closed(int32_t id, uint32_t code);
    void begins(int32_t id) { if (Stream *stream = find(id)) stream->begins_at = made_; }
    void not_sent(int32_t id);
    ssize_t on_body(int32_t id, uint8_t *buffer, size_t size, uint32_t &flags);
    friend struct Http2Callbacks;

    const Ref<IoLoop> io_loop_;
    std::unique_ptr<Connector> connector_;
    Changed changed_;
    nghttp2_session *session_ = nullptr;
    std::map<int32_t, Stream> streams_;
    bool claimed_ = false;
    bool known_ = false, draining_ = false, ended_ = false, silent_ = false, told_ = false;
    std::string goodbye_;  // the server's
    std::string error_;    // why it ended
    bool writing_ = false;        // the socket takes no more now
    bool reading_again_ = false;  // there may be more that the socket does not show
    bool busy_ = false;           // inside of nghttp2
    std::string out_;
    size_t out_at_ = 0;
    uint64_t written_ = 0, made_ = 0;  // bytes
    int64_t last_byte_at_ = 0, pinged_at_ = 0;
    int64_t idle_since_ = 0;
    IoLoop::TimerId silence_timer_{}, settings_timer_{}, idle_timer_{};
    bool silence_timer_set_ = false, settings_timer_set_ = false, idle_timer_set_ = false;
    std::string broken_;  // why it must end, found out inside of nghttp2
};

}  // namespace k8sc
