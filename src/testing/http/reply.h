// The answer to a request, and bodies that come piece by piece.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace k8sc::testing {

class Connection;

class Body {
  public:
    enum class Step {
        more,  // there was a piece (or nothing yet)
        end,   // there was a piece, or nothing, and that was all
        cut,   // the body ends here in the middle, and the connection with it
    };

    virtual ~Body() = default;
    // Appends the next piece. May wait, as long as it asks the connection whether the client is still there.
    virtual Step next(std::string &piece, Connection &connection) = 0;
};

// A body that is there already.
class TextBody final : public Body {
  public:
    explicit TextBody(std::string text) : text_(std::move(text)) {}
    Step next(std::string &piece, Connection &) override
    {
        if (piece.empty())
            piece.swap(text_);
        else
            piece += text_;
        return Step::end;
    }

  private:
    std::string text_;
};

struct Reply {
    int code = 200;
    std::string type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string text;            // the body, if there is no other
    std::unique_ptr<Body> body;  // sent in chunks
};

// With the line end that Go's encoder writes.
inline Reply json_reply(int code, std::string text)
{
    Reply reply;
    reply.code = code;
    reply.text = std::move(text);
    reply.text += '\n';
    return reply;
}

// Go's answer where there is no handler.
inline Reply no_page()
{
    Reply reply;
    reply.code = 404;
    reply.type = "text/plain; charset=utf-8";
    reply.text = "404 page not found\n";
    return reply;
}

}  // namespace k8sc::testing
