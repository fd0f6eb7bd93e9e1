// A stream of HTTP/2: what passes between the thread that answers its request and the one that has the connection.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "testing/http/http.h"

namespace k8sc::testing {

// The streams that the connection's thread is to look at. Thread-safe.
class Http2Mailbox {
  public:
    Http2Mailbox();
    ~Http2Mailbox();
    Http2Mailbox(const Http2Mailbox &) = delete;
    Http2Mailbox &operator=(const Http2Mailbox &) = delete;

    void post(int32_t stream);
    std::vector<int32_t> take();
    // Readable while there are any.
    int fd() const { return event_; }

  private:
    const int event_;
    std::mutex mutex_;
    std::vector<int32_t> streams_;
};

class Http2Stream final : public Connection {
  public:
    Http2Stream(int32_t id, std::optional<User> certificate, Http2Mailbox &mailbox)
        : id_(id), certificate_(std::move(certificate)), mailbox_(mailbox)
    {
    }
    ~Http2Stream() override;

    // The connection's thread fills it in, until it has it answered.
    Request request;
    size_t head_size = 0;

    // By the thread that answers: from the request to the end.
    void answer(const Handlers &handlers);
    std::optional<User> certificate() const override { return certificate_; }
    Wake wait(int event_fd, int64_t timeout_ms) override;
    void reset() override { end(Ending::reset); }
    void cut() override { end(Ending::cut); }
    bool ended() const override;
    void reset_stream(uint32_t error_code) override { end(Ending::reset_stream, error_code); }
    void send_empty_frames(int64_t count) override;

    // By the connection's thread.
    struct Head {
        int code = 200;
        Headers headers;
        bool is_all = false;  // no body follows
    };
    // What has not been taken yet.
    std::optional<Head> take_head();
    // The next part of the body. Nothing: it is still to come.
    struct Part {
        size_t size = 0;
        bool is_last = false;
    };
    std::optional<Part> read(char *to, size_t size);
    // How it is to end otherwise than by its body's end, when all that was written has been read.
    enum class Ending { none, cut, reset, reset_stream };
    struct End {
        Ending how = Ending::none;
        uint32_t error_code = 0;
    };
    End ending() const;
    // Nobody waits for it any more.
    void set_gone();

  private:
    void send_body(Body &body);
    void begin(Head head, std::string text);
    bool write(const std::string &piece, bool is_last);
    void end(Ending how, uint32_t error_code = 0);

    const int32_t id_;
    const std::optional<User> certificate_;
    Http2Mailbox &mailbox_;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable room_;
    std::optional<Head> head_;
    std::string written_;
    size_t read_ = 0;
    bool is_all_ = false;
    int64_t empty_frames_ = 0;
    End end_;
    bool gone_ = false;
    int gone_event_ = -1;  // made by who waits first
};

}  // namespace k8sc::testing
