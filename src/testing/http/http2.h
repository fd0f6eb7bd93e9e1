// HTTP/2 on a connection, by libnghttp2, which does no input or output itself: many requests at the same time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <nghttp2/nghttp2.h>

#include "testing/http/http.h"
#include "testing/http/http2_stream.h"
#include "testing/http/transport.h"
#include "testing/http/workers.h"

namespace k8sc::testing {

// One thread has the connection and the session of libnghttp2; each request is answered by another.
class Http2 {
  public:
    Http2(Transport &transport, const Handlers &handlers, const Http2Options &options);
    ~Http2();
    Http2(const Http2 &) = delete;
    Http2 &operator=(const Http2 &) = delete;

    // Until either has had enough. `received` is what was read already.
    void serve(std::string_view received);

  private:
    using StreamPtr = std::shared_ptr<Http2Stream>;

    // What libnghttp2 tells; none throws.
    static int on_begin_headers(nghttp2_session *, const nghttp2_frame *frame, void *self);
    static int on_header(nghttp2_session *, const nghttp2_frame *frame, const uint8_t *name, size_t name_size,
                         const uint8_t *value, size_t value_size, uint8_t, void *self);
    static int on_frame(nghttp2_session *, const nghttp2_frame *frame, void *self);
    static int on_data(nghttp2_session *, uint8_t, int32_t id, const uint8_t *data, size_t size, void *self);
    static int on_close(nghttp2_session *, int32_t id, uint32_t, void *self);
    static ssize_t on_read(nghttp2_session *, int32_t id, uint8_t *to, size_t size, uint32_t *flags,
                           nghttp2_data_source *, void *self);

    void make_session();
    void submit_settings();
    Http2Stream *find(int32_t id);
    void add_header(Http2Stream &stream, std::string_view name, std::string_view value);
    void begin_request(Http2Stream &stream, int32_t id);
    void apply(const StreamFault &fault, int32_t id);
    void start(int32_t id);

    void hand_over();
    void submit_head(int32_t id, const Http2Stream::Head &head);
    void look_for_end(int32_t id, const Http2Stream &stream);
    bool make_frames();
    bool send();
    bool receive();
    bool is_over() const;

    Transport &transport_;
    const Handlers &handlers_;
    const Http2Options options_;
    const std::optional<User> certificate_;
    nghttp2_session *session_ = nullptr;
    std::string out_;                     // what could not be written yet
    bool cutting_ = false, cut_ = false;  // what there is to send ends here, and has been made
    int32_t last_begun_ = 0;              // the last stream that is served
    bool goes_away_ = false;              // streams above that one are not

    Http2Mailbox mailbox_;
    std::map<int32_t, StreamPtr> streams_;
    Workers workers_;  // which use all of the above
};

}  // namespace k8sc::testing
