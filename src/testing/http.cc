#include "http.h"

#include <cstdio>
#include <mutex>

#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace k8sc::testing {

namespace {

// httplib's handlers are not told which connection they serve; each has a thread, though.
thread_local Connection *current_connection = nullptr;

// Up to this size Go's server buffers a body and tells its length; what is larger goes out in chunks.
constexpr size_t buffered_body = 2048;

// Hides a header from httplib, which would act on it; received() finds it under a name that no client can send.
void hide(httplib::Request &request, const std::string &name)
{
    const std::string value = request.get_header_value(name);
    if (request.headers.erase(name) > 0) request.headers.emplace("(" + name + ")", value);
}

void repair(httplib::Request &request)
{
    // It would compress, also watches, whose events then wait in the compressor.
    hide(request, "Accept-Encoding");
    // It would send parts of bodies.
    hide(request, "Range");
    request.ranges.clear();
    // It takes a body without a length to end with the connection, also where there is none.
    const bool may_have_body = request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
    if (may_have_body && !request.has_header("Content-Length") && !request.has_header("Transfer-Encoding")) request.set_header("Content-Length", "0");
}

Request received(const httplib::Request &from)
{
    Request request;
    request.method = from.method;
    request.target = from.target;
    for (const auto &[name, value] : from.headers) {
        bool made_up = false;
        for (const char *own : {"REMOTE_ADDR", "REMOTE_PORT", "LOCAL_ADDR", "LOCAL_PORT"}) made_up = made_up || strcasecmp(name.c_str(), own) == 0;
        if (made_up) continue;
        const bool hidden = name.size() > 2 && name.front() == '(';
        request.headers.emplace_back(hidden ? name.substr(1, name.size() - 2) : name, value);
    }
    request.body = from.body;
    return request;
}

// Nothing for an empty piece, which would mean the end.
void append_chunk(std::string &chunk, const std::string &piece)
{
    if (piece.empty()) return;
    char size[2 * sizeof(size_t) + 1];
    std::snprintf(size, sizeof size, "%zx", piece.size());
    chunk += size;
    chunk += "\r\n";
    chunk += piece;
    chunk += "\r\n";
}

}  // namespace

Http::Http(Handler handler) : handler_(std::move(handler))
{
    restore();
    const auto any = [this](const httplib::Request &from, httplib::Response &to) { answer(from, to); };
    const std::string every_path = "[\\s\\S]*";
    Get(every_path, any);
    Post(every_path, any);
    Put(every_path, any);
    Patch(every_path, any);
    Delete(every_path, any);
    Options(every_path, any);
    // It advertises a limit that serve does not have.
    set_post_routing_handler([](const httplib::Request &, httplib::Response &to) { to.headers.erase("Keep-Alive"); });
    // Without a listening socket it believes that it is shutting down. This one is only looked at.
    svr_sock_ = 0;
    // Once, also where the first servers are made at the same time.
    static std::once_flag warm;
    std::call_once(warm, [this] { warm_up(); });
}

void Http::warm_up() const
{
    // httplib makes its constants when it first needs them. That is safe, but a thread sanitizer cannot see it in a library that was
    // built without; made here, before there are other threads, they cause no false alarm. The request is one that is not even routed.
    static const char request[] = "NONE / HTTP/1.1\r\nConnection: close\r\n\r\n";
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return;
    Connection connection(pair[0], nullptr);
    if (send(pair[1], request, sizeof request - 1, MSG_NOSIGNAL) > 0) {
        shutdown(pair[1], SHUT_WR);
        serve(connection);
    }
    close(pair[1]);
}

void Http::serve(Connection &connection) const
{
    current_connection = &connection;
    while (connection.wait_for_request()) {
        bool closes = false;
        // httplib does not call it const, but it only reads.
        const bool served = const_cast<Http *>(this)->process_request(connection, false, closes, repair);
        if (!served || closes || connection.ended()) break;
    }
    current_connection = nullptr;
}

void Http::answer(const httplib::Request &from, httplib::Response &to) const
{
    Connection &connection = *current_connection;
    Request request = received(from);
    Reply reply = handler_(request, connection);
    to.status = reply.code;
    to.set_header("Cache-Control", "no-cache, private");
    for (const auto &[name, value] : reply.headers) to.set_header(name, value);
    if (!reply.body && reply.text.size() <= buffered_body) {
        to.set_content(reply.text, reply.type);
        return;
    }
    const std::shared_ptr<Body> body = reply.body ? std::move(reply.body) : std::make_unique<TextBody>(std::move(reply.text));
    // Chunks are ours to make: httplib would copy each piece twice.
    to.set_header("Transfer-Encoding", "chunked");
    to.set_content_provider(reply.type, [body, &connection, piece = std::string(), chunk = std::string()](size_t, httplib::DataSink &sink) mutable {
        piece.clear();
        const Body::Step step = body->next(piece, connection);
        chunk.clear();
        append_chunk(chunk, piece);
        if (step == Body::Step::end) chunk += "0\r\n\r\n";
        if (!chunk.empty() && !sink.write(chunk.data(), chunk.size())) return false;
        if (step == Body::Step::end) sink.done();
        if (step == Body::Step::cut) connection.cut();
        return step != Body::Step::cut;
    });
}

}  // namespace k8sc::testing
