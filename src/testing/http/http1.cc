#include "testing/http/http1.h"

#include <cstdio>

namespace k8sc::testing {

namespace {

std::string head_of(int code, const Headers &headers)
{
    std::string head = "HTTP/1.1 " + std::to_string(code) + " ";
    head += status_text(code);
    head += "\r\n";
    for (const auto &[name, value] : headers) head += name + ": " + value + "\r\n";
    return head + "\r\n";
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

void Http1::serve(std::string received)
{
    received_ = std::move(received);
    while (!ended()) {
        RequestParser parser;
        std::optional<Request> request = read(parser);
        if (!request || !answer(*request, parser.keeps_alive(), parser.is_version_10())) return;
    }
}

// Nothing where the client has gone, or has sent what is no request.
std::optional<Request> Http1::read(RequestParser &parser)
{
    char buffer[16384];
    for (bool continued = false;;) {
        switch (parser.put(received_)) {
        case RequestParser::State::wrong: refuse(parser); return std::nullopt;
        case RequestParser::State::done: {
            Request request = parser.head();
            request.body = parser.take_body();
            return request;
        }
        case RequestParser::State::more: break;
        }
        if (parser.has_head() && parser.expects_continue() && !continued) {
            continued = true;
            transport_.write_all("HTTP/1.1 100 Continue\r\n\r\n");
        }
        const std::optional<size_t> length = transport_.read(buffer, sizeof buffer);
        if (!length) return std::nullopt;
        received_.append(buffer, *length);
    }
}

void Http1::refuse(const RequestParser &parser)
{
    const int code = parser.error_code();
    const std::string text = std::to_string(code) + " " + std::string(status_text(code)) + ": " + parser.error();
    const Headers headers = {{"Content-Type", "text/plain; charset=utf-8"},
                             {"Connection", "close"},
                             {"Content-Length", std::to_string(text.size())}};
    transport_.write_all(head_of(code, headers) + text);
    transport_.drain();
}

bool Http1::answer(Request &request, bool keeps_alive, bool version_10)
{
    handlers_.begin(request);
    Reply reply = handlers_.answer(request, *this);
    if (ended()) return false;
    Headers headers = headers_of(reply);
    const bool has_body = may_have_body(request, reply);
    const std::unique_ptr<Body> body = body_of(reply);
    if (body && version_10)
        keeps_alive = false;
    else if (body && reply.code != 204)
        headers.emplace_back("Transfer-Encoding", "chunked");
    if (!keeps_alive)
        headers.emplace_back("Connection", "close");
    else if (version_10)
        headers.emplace_back("Connection", "keep-alive");
    const std::string head = head_of(reply.code, headers);
    if (!transport_.write_all(body || !has_body ? head : head + reply.text)) return false;
    if (body && has_body) send_body(*body, !version_10);
    return keeps_alive && !ended();
}

void Http1::send_body(Body &body, bool in_chunks)
{
    std::string piece, chunk;
    for (Body::Step step = Body::Step::more; step == Body::Step::more;) {
        piece.clear();
        step = body.next(piece, *this);
        if (in_chunks) {
            chunk.clear();
            append_chunk(chunk, piece);
            if (step == Body::Step::end) chunk += "0\r\n\r\n";
        }
        if (!transport_.write_all(in_chunks ? chunk : piece)) return;
        if (step == Body::Step::cut) cut();
    }
}

}  // namespace k8sc::testing
