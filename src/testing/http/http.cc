#include "testing/http/http.h"

#include "testing/http/http1.h"
#include "testing/http/http2.h"

namespace k8sc::testing {

namespace {

// What a client begins with that knows that the server speaks HTTP/2.
constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// Reads until it is certain whether this is the preface.
bool begins_http2(Transport &transport, std::string &received)
{
    char buffer[16384];
    while (received.size() < preface.size() && preface.starts_with(received)) {
        const std::optional<size_t> length = transport.read(buffer, sizeof buffer);
        if (!length) return false;
        received.append(buffer, *length);
    }
    return received.starts_with(preface);
}

bool has_length(const Reply &reply) { return !reply.body && reply.text.size() <= buffered_body; }

}  // namespace

void Http::serve(Transport &transport) const
{
    std::string received;
    const bool http2 =
        http2_.enabled && (transport.has_tls() ? transport.protocol() == "h2" : begins_http2(transport, received));
    if (http2)
        Http2(transport, handlers_, http2_).serve(received);
    else
        Http1(transport, handlers_).serve(std::move(received));
}

Headers headers_of(const Reply &reply)
{
    Headers headers = {{"Cache-Control", "no-cache, private"}, {"Content-Type", reply.type}};
    headers.insert(headers.end(), reply.headers.begin(), reply.headers.end());
    if (has_length(reply) && reply.code != 204)
        headers.emplace_back("Content-Length", std::to_string(reply.text.size()));
    return headers;
}

bool may_have_body(const Request &request, const Reply &reply)
{
    return request.method != "HEAD" && reply.code != 204 && reply.code != 304;
}

std::unique_ptr<Body> body_of(Reply &reply)
{
    if (has_length(reply)) return nullptr;
    return reply.body ? std::move(reply.body) : std::make_unique<TextBody>(std::move(reply.text));
}

}  // namespace k8sc::testing
