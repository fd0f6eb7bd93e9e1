#include "testing/http/http2_stream.h"

#include <algorithm>
#include <cstring>

#include <sys/eventfd.h>
#include <unistd.h>

#include "testing/base/failure.h"
#include "testing/http/polling.h"

namespace k8sc::testing {

namespace {

// What may wait for a client that does not read.
constexpr size_t most_waiting = 256 * 1024;

}  // namespace

Http2Mailbox::Http2Mailbox() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (event_ < 0) fail_with_errno("cannot make an eventfd");
}

Http2Mailbox::~Http2Mailbox() { close(event_); }

void Http2Mailbox::post(int32_t stream)
{
    std::lock_guard lock(mutex_);
    if (streams_.empty()) eventfd_write(event_, 1);
    // Most of the time it is the same that writes again and again.
    if (streams_.empty() || streams_.back() != stream) streams_.push_back(stream);
}

std::vector<int32_t> Http2Mailbox::take()
{
    std::lock_guard lock(mutex_);
    eventfd_t count;
    if (!streams_.empty()) eventfd_read(event_, &count);
    return std::exchange(streams_, {});
}

Http2Stream::~Http2Stream()
{
    if (gone_event_ >= 0) close(gone_event_);
}

void Http2Stream::answer(const Handlers &handlers)
{
    try {
        Reply reply = handlers.answer(request, *this);
        if (ended()) return;
        Head head{reply.code, headers_of(reply)};
        const bool may_have = may_have_body(request, reply);
        const std::unique_ptr<Body> body = body_of(reply);
        head.is_all = !may_have || (!body && reply.text.empty());
        const bool has_body = body && !head.is_all;
        begin(std::move(head), body ? "" : std::move(reply.text));
        if (has_body) send_body(*body);
    } catch (...) {
        // No memory: the client sees its connection close.
        cut();
    }
}

void Http2Stream::begin(Head head, std::string text)
{
    std::lock_guard lock(mutex_);
    if (!text.empty() && !head.is_all) {
        written_ = std::move(text);
        is_all_ = true;
    }
    head_ = std::move(head);
    mailbox_.post(id_);
}

void Http2Stream::send_body(Body &body)
{
    std::string piece;
    for (Body::Step step = Body::Step::more; step == Body::Step::more;) {
        piece.clear();
        step = body.next(piece, *this);
        if (!write(piece, step == Body::Step::end)) return;
        if (step == Body::Step::cut) cut();
    }
}

// Waits while there is much that the client has not read. False: it has gone.
bool Http2Stream::write(const std::string &piece, bool is_last)
{
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return gone_ || written_.size() - read_ < most_waiting; });
    if (gone_) return false;
    if (piece.empty() && !is_last && empty_frames_ == 0) return true;
    written_ += piece;
    is_all_ = is_last;
    mailbox_.post(id_);
    return true;
}

void Http2Stream::end(Ending how, uint32_t error_code)
{
    std::lock_guard lock(mutex_);
    // A stream that has been reset is not cut as well.
    if (gone_ || end_.how != Ending::none) return;
    end_ = {how, error_code};
    mailbox_.post(id_);
}

bool Http2Stream::ended() const
{
    std::lock_guard lock(mutex_);
    return gone_ || end_.how != Ending::none;
}

void Http2Stream::send_empty_frames(int64_t count)
{
    std::lock_guard lock(mutex_);
    empty_frames_ = count;
    mailbox_.post(id_);
}

Connection::Wake Http2Stream::wait(int event_fd, int64_t timeout_ms)
{
    {
        std::lock_guard lock(mutex_);
        if (gone_ || end_.how != Ending::none) return Wake::gone;
        if (gone_event_ < 0) gone_event_ = eventfd(0, EFD_CLOEXEC);
        if (gone_event_ < 0) fail_with_errno("cannot make an eventfd");
    }
    pollfd fds[] = {{gone_event_, POLLIN, 0}, {event_fd, POLLIN, 0}};
    if (poll_until(fds, 2, timeout_ms) <= 0) return Wake::timeout;
    return fds[0].revents ? Wake::gone : Wake::event;
}

std::optional<Http2Stream::Head> Http2Stream::take_head()
{
    std::lock_guard lock(mutex_);
    return std::exchange(head_, std::nullopt);
}

std::optional<Http2Stream::Part> Http2Stream::read(char *to, size_t size)
{
    std::lock_guard lock(mutex_);
    if (empty_frames_ != 0) {
        if (empty_frames_ > 0) --empty_frames_;
        return Part{};
    }
    const size_t length = std::min(size, written_.size() - read_);
    if (length == 0 && !is_all_) return std::nullopt;
    std::memcpy(to, written_.data() + read_, length);
    read_ += length;
    // Who writes may always be ahead.
    if (read_ == written_.size() || read_ >= most_waiting) {
        written_.erase(0, read_);
        read_ = 0;
    }
    if (written_.size() - read_ < most_waiting) room_.notify_one();
    return Part{length, is_all_ && written_.empty()};
}

Http2Stream::End Http2Stream::ending() const
{
    std::lock_guard lock(mutex_);
    return end_.how != Ending::reset && read_ < written_.size() ? End() : end_;
}

void Http2Stream::set_gone()
{
    std::lock_guard lock(mutex_);
    gone_ = true;
    if (gone_event_ >= 0) eventfd_write(gone_event_, 1);
    room_.notify_one();
}

}  // namespace k8sc::testing
