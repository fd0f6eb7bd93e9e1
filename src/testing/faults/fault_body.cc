// What the rules do to answers.
#include <algorithm>
#include <utility>

#include "testing/faults/fault.h"
#include "testing/http/connection.h"

namespace k8sc::testing {

namespace {

// A field that no kind has, to be put in front of an object's own.
std::string odd_field(const FaultAction &action)
{
    const auto amount = static_cast<size_t>(action.amount);
    switch (action.fault) {
    case Fault::oversized: return "\"padding\":\"" + std::string(amount, 'x') + "\",";
    case Fault::deep: return "\"deep\":" + std::string(amount, '[') + std::string(amount, ']') + ",";
    default: return "\"invalid\":\"\xc3\x28\",";
    }
}

// Behind the brace of the first object: of a watch's frame, of a list's item, or of the whole.
size_t inside_first_object(const std::string &text)
{
    for (const std::string_view before : {"\"object\":{", "\"items\":[{"})
        if (const size_t at = text.find(before); at != std::string::npos) return at + before.size();
    return text.find('{') + 1;
}

// A body whose first piece is another.
class CorruptBody final : public Body {
  public:
    CorruptBody(FaultAction action, std::unique_ptr<Body> inner) : action_(std::move(action)), inner_(std::move(inner))
    {
    }

    Step next(std::string &piece, Connection &connection) override
    {
        if (done_) return inner_->next(piece, connection);
        if (action_.fault == Fault::garbage) {
            done_ = true;
            piece += action_.text + "\n";
            return Step::more;
        }
        Step step = inner_->next(piece, connection);
        if (piece.empty()) return step;
        done_ = true;
        if (action_.fault == Fault::truncate) {
            piece.resize(std::min(piece.find('\n'), piece.size()) / 2);
            return Step::end;
        }
        if (piece.find('{') != std::string::npos) piece.insert(inside_first_object(piece), odd_field(action_));
        return step;
    }

  private:
    const FaultAction action_;
    const std::unique_ptr<Body> inner_;
    bool done_ = false;
};

// A body that arrives as it should for so many bytes.
class InterruptedBody final : public Body {
  public:
    InterruptedBody(const FaultAction &action, std::unique_ptr<Body> inner)
        : fault_(action.fault),
          error_code_(action.error_code),
          left_(static_cast<size_t>(action.amount)),
          inner_(std::move(inner))
    {
    }

    Step next(std::string &piece, Connection &connection) override
    {
        if (left_ == 0) {
            if (fault_ == Fault::stall)
                while (connection.wait(-1, -1) != Connection::Wake::gone) {
                }
            if (fault_ == Fault::rst_stream) connection.reset_stream(error_code_);
            return Step::cut;
        }
        const Step step = inner_->next(piece, connection);
        if (piece.size() < left_) {
            left_ -= piece.size();
            return step;
        }
        // Should the body end exactly here, its end in HTTP is still to come, and does not.
        piece.resize(left_);
        left_ = 0;
        return Step::more;
    }

  private:
    const Fault fault_;
    const uint32_t error_code_;
    size_t left_;
    const std::unique_ptr<Body> inner_;
};

// A streaming list, up to the bookmark at its end. Watches send whole frames.
class EndBookmarkBody final : public Body {
  public:
    EndBookmarkBody(std::string what, std::unique_ptr<Body> inner) : what_(std::move(what)), inner_(std::move(inner)) {}

    Step next(std::string &piece, Connection &connection) override
    {
        std::string own;
        const Step step = inner_->next(own, connection);
        const size_t at = done_ ? std::string::npos : own.find("\"k8s.io/initial-events-end\":\"true\"");
        if (at == std::string::npos) {
            piece += own;
            return step;
        }
        done_ = true;
        const size_t line = own.rfind('\n', at), begin = line == std::string::npos ? 0 : line + 1,
                     size = own.find('\n', at) + 1 - begin;
        if (what_ == "twice")
            own.insert(begin, own.substr(begin, size));
        else if (what_ == "never")
            own.erase(begin, size);
        else
            own.resize(begin);
        piece += own;
        return what_ == "cut" ? Step::cut : what_ == "end" ? Step::end : step;
    }

  private:
    const std::string what_;
    const std::unique_ptr<Body> inner_;
    bool done_ = false;
};

// Frames of HTTP/2 that say nothing, ahead of a body or without end.
class EmptyFramesBody final : public Body {
  public:
    EmptyFramesBody(int64_t count, std::unique_ptr<Body> inner) : count_(count), inner_(std::move(inner)) {}

    Step next(std::string &piece, Connection &connection) override
    {
        const int64_t count = std::exchange(count_, 0);
        if (count == 0) return inner_->next(piece, connection);
        connection.send_empty_frames(count);
        if (count > 0) return Step::more;
        while (connection.wait(-1, -1) != Connection::Wake::gone) {
        }
        return Step::cut;
    }

  private:
    int64_t count_;
    const std::unique_ptr<Body> inner_;
};

class SlowBody final : public Body {
  public:
    SlowBody(int64_t bytes_per_second, std::unique_ptr<Body> inner) : rate_(bytes_per_second), inner_(std::move(inner))
    {
    }

    Step next(std::string &piece, Connection &connection) override
    {
        if (sent_ == waiting_.size() && step_ == Step::more) {
            waiting_.clear();
            sent_ = 0;
            step_ = inner_->next(waiting_, connection);
        }
        if (sent_ == waiting_.size()) return step_;
        // Twenty portions a second, or one byte at a time.
        const auto portion = static_cast<size_t>(std::max<int64_t>(rate_ / 20, 1));
        if (connection.wait(-1, std::max<int64_t>(static_cast<int64_t>(portion) * 1000 / rate_, 1)) ==
            Connection::Wake::gone)
            return Step::cut;
        piece.append(waiting_, sent_, portion);
        sent_ = std::min(sent_ + portion, waiting_.size());
        return Step::more;
    }

  private:
    const int64_t rate_;
    const std::unique_ptr<Body> inner_;
    std::string waiting_;
    size_t sent_ = 0;
    Step step_ = Step::more;
};

Reply page(int code)
{
    Reply reply;
    reply.code = code;
    reply.type = "text/html; charset=utf-8";
    reply.text = "<!DOCTYPE html>\n<html><head><title>" + std::to_string(code) + "</title></head><body><h1>" +
                 std::to_string(code) + "</h1><p>This is a web page, as a proxy may answer with.</p></body></html>\n";
    return reply;
}

Reply status_reply(const ApiError &error)
{
    Reply reply = json_reply(error.code, error.json());
    reply.headers.emplace_back("Retry-After", std::to_string(error.details->retry_after_seconds));
    if (error.details->retry_after_seconds == 0) reply.headers.clear();
    return reply;
}

std::string warning_header(const std::string &text)
{
    std::string header = "299 - \"";
    for (const char c : text) {
        if (c == '"' || c == '\\') header += '\\';
        header += c;
    }
    return header + '"';
}

}  // namespace

std::optional<StreamFault> stream_fault(const FaultAction &action)
{
    using How = StreamFault::How;
    constexpr uint32_t refused_stream = 0x7, http_1_1_required = 0xd;
    if (action.fault == Fault::goaway)
        return StreamFault{action.text == "before" ? How::goaway_before : How::goaway_after, 0};
    // What is reset by another code, or later, may have been done.
    const bool refuses = action.error_code == refused_stream || action.error_code == http_1_1_required;
    if (action.fault == Fault::rst_stream && action.amount < 0 && refuses)
        return StreamFault{How::reset_stream, action.error_code};
    return std::nullopt;
}

bool begin_fault(const FaultAction &action, Connection &connection)
{
    if (action.fault == Fault::reset) connection.reset();
    if (action.fault == Fault::delay && connection.wait(-1, action.amount) == Connection::Wake::gone) connection.cut();
    return !connection.ended();
}

std::optional<Reply> replacing_reply(const FaultAction &action, const Request &request)
{
    const bool watch = request.verb == "watch";
    if (action.fault == Fault::status) return status_reply(action.error);
    if (action.fault == Fault::answer) {
        Reply reply = json_reply(static_cast<int>(action.amount), "");
        reply.text = action.text;
        return reply;
    }
    if (action.fault == Fault::html) return page(static_cast<int>(action.amount));
    if (action.fault == Fault::garbage && !watch) {
        Reply reply;
        reply.text = action.text;
        return reply;
    }
    if (action.fault == Fault::error_event && watch) {
        Reply reply;
        reply.body = std::make_unique<TextBody>(action.error.watch_frame());
        return reply;
    }
    return std::nullopt;
}

void spoil_reply(const FaultAction &action, const Request &request, Reply &reply, Connection &connection)
{
    const auto body = [&] {
        if (!reply.body) reply.body = std::make_unique<TextBody>(std::move(reply.text));
        return std::move(reply.body);
    };
    switch (action.fault) {
    case Fault::cut:
    case Fault::stall: reply.body = std::make_unique<InterruptedBody>(action, body()); break;
    case Fault::rst_stream:
        if (action.amount < 0)
            connection.reset_stream(action.error_code);
        else
            reply.body = std::make_unique<InterruptedBody>(action, body());
        break;
    case Fault::empty_frames: reply.body = std::make_unique<EmptyFramesBody>(action.amount, body()); break;
    case Fault::slow: reply.body = std::make_unique<SlowBody>(action.amount, body()); break;
    case Fault::oversized:
    case Fault::deep:
    case Fault::invalid_utf8:
    case Fault::truncate: reply.body = std::make_unique<CorruptBody>(action, body()); break;
    case Fault::garbage:
        if (request.verb == "watch") reply.body = std::make_unique<CorruptBody>(action, body());
        break;
    case Fault::end_bookmark: reply.body = std::make_unique<EndBookmarkBody>(action.text, body()); break;
    case Fault::warning: reply.headers.emplace_back("Warning", warning_header(action.text)); break;
    default: break;
    }
}

}  // namespace k8sc::testing
