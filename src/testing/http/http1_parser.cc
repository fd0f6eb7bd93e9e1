#include "testing/http/http1_parser.h"

#include <cstdint>
#include <limits>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>

namespace k8sc::testing {

namespace http = boost::beast::http;

namespace {

// As Go's server.
constexpr uint32_t longest_http1_head = 1 << 20;

template <class Text>
std::string text_of(const Text &text)
{
    return {text.data(), text.size()};
}

}  // namespace

struct RequestParser::Parser : http::request_parser<http::string_body> {};

RequestParser::RequestParser() : parser_(std::make_unique<Parser>())
{
    parser_->eager(true);
    parser_->header_limit(longest_http1_head);
    parser_->body_limit(std::numeric_limits<uint64_t>::max());
}

RequestParser::~RequestParser() = default;

RequestParser::State RequestParser::put(std::string &received)
{
    boost::system::error_code error;
    // In the middle of a body it asks for more by having used all.
    while (!parser_->is_done() && !received.empty()) {
        const size_t used = parser_->put(boost::asio::const_buffer(received.data(), received.size()), error);
        received.erase(0, used);
        if (error == http::error::need_more) return State::more;
        if (!error) continue;
        if (error == http::error::header_limit) error_code_ = 431;
        error_ = error.message();
        return State::wrong;
    }
    return parser_->is_done() ? State::done : State::more;
}

bool RequestParser::has_head() const { return parser_->is_header_done(); }
bool RequestParser::keeps_alive() const { return parser_->keep_alive(); }
bool RequestParser::is_version_10() const { return parser_->get().version() < 11; }

bool RequestParser::expects_continue() const
{
    return boost::beast::iequals(parser_->get()[http::field::expect], "100-continue");
}

Request RequestParser::head() const
{
    Request request;
    request.protocol = is_version_10() ? "HTTP/1.0" : "HTTP/1.1";
    request.method = text_of(parser_->get().method_string());
    request.target = text_of(parser_->get().target());
    for (const auto &field : parser_->get())
        request.headers.emplace_back(canonical_name(text_of(field.name_string())), text_of(field.value()));
    return request;
}

std::string RequestParser::take_body() { return std::move(parser_->get().body()); }

std::string_view status_text(int code)
{
    const auto text = http::obsolete_reason(static_cast<http::status>(code));
    return {text.data(), text.size()};
}

}  // namespace k8sc::testing
