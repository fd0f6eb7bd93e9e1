// How nghttp2 is set up, and what it calls.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>

namespace k8sc {

class Http2Connection;
struct HttpRequest;

// What a peer may send of one stream without being told to go on; of one whose body is large and is read at once.
constexpr int32_t http2_stream_window = 256 * 1024;
constexpr int32_t http2_bulk_window = 8 * 1024 * 1024;

// Its callbacks go to the connection. The connection's preface is the first that it sends.
nghttp2_session *new_http2_session(Http2Connection *connection);

// Sends a request, whose body is asked for by Http2Connection::on_body, and answers its stream.
int32_t submit_request(nghttp2_session *session, const HttpRequest &request, bool gzip);

}  // namespace k8sc
