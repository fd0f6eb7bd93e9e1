#include "json/split.h"

#include <cstring>

#include "core/error.h"
#include "json/cursor.h"
#include "json/decode.h"
#include "json/structural_scan.h"

namespace k8sc {

Splitter::Splitter(size_t max_object_bytes, ObjectSink sink)
    : max_object_bytes_(max_object_bytes), sink_(std::move(sink))
{
}

void Splitter::feed(const char *data, size_t size)
{
    if (text_.capacity() < text_.size() + size + json_padding)
        text_.reserve((text_.size() + size) * 3 / 2 + json_padding);
    text_.append(data, size);
    scan();
    drop_done();
}

void Splitter::scan()
{
    const char *p = text_.data() + scanned_, *end = text_.data() + text_.size();
    while (p < end) {
        if (depth_ > fine_depth_ + 1) {
            p = scan_deep(p, end);
            if (p == end) break;
        }
        p = in_string_ ? scan_string(p, end) : scan_character(p);
    }
    scanned_ = text_.size();
}

// Deep inside, only the way out matters. How deep it may be, whoever decodes it knows.
const char *Splitter::scan_deep(const char *p, const char *end)
{
    ScanState state{depth_, in_string_, escaped_, !compact_};
    p = structural_scan(p, end, fine_depth_ + 1, SIZE_MAX, state);
    depth_ = state.depth;
    in_string_ = state.in_string;
    escaped_ = state.escaped;
    compact_ = !state.blanks;
    return p;
}

// From quote to quote; a backslash may hide one, also across pieces.
const char *Splitter::scan_string(const char *p, const char *end)
{
    if (escaped_) {
        escaped_ = false;
        return p + 1;
    }
    auto quote = static_cast<const char *>(memchr(p, '"', static_cast<size_t>(end - p)));
    const char *stop = quote ? quote : end;
    auto escape = static_cast<const char *>(memchr(p, '\\', static_cast<size_t>(stop - p)));
    if (escape) {
        escaped_ = true;
        return escape + 1;
    }
    if (!quote) return end;
    in_string_ = false;
    if (depth_ <= fine_depth_) structure('"', static_cast<size_t>(quote - text_.data()));
    return quote + 1;
}

const char *Splitter::scan_character(const char *p)
{
    auto at = static_cast<size_t>(p - text_.data());
    switch (char c = *p) {
    case '{':
    case '[':
        depth_++;
        structure(c, at);
        break;
    case '}':
    case ']':
        if (depth_ == 0) outside(c, at);
        depth_--;
        structure(c, at);
        break;
    case ' ':
    case '\n':
    case '\r':
    case '\t': compact_ = false; break;
    default:
        in_string_ = c == '"';
        if (depth_ == 0)
            outside(c, at);
        else if (depth_ <= fine_depth_)
            structure(c, at);
    }
    return p + 1;
}

void Splitter::begin_object(size_t at)
{
    object_at_ = at;
    oversize_ = 0;
    compact_ = true;
}

void Splitter::end_object(size_t at)
{
    size_t size = oversize_ + (at + 1 - object_at_);
    std::string_view object(text_.data() + object_at_, at + 1 - object_at_);
    if (size > max_object_bytes_ && !oversize_sink_)
        fail(K8SC_E_TOO_LARGE, concat("an object of ", std::to_string(size), " bytes is above the limit of ",
                                      std::to_string(max_object_bytes_), " bytes"));
    object_at_ = none;
    if (size <= max_object_bytes_) return sink_(object);
    oversize_sink_(oversize_ ? std::string_view(beginning_) : object, size);
    beginning_ = {};
}

void Splitter::check_kept(size_t at) const
{
    if (keep_from_ != none && at > keep_from_ + max_object_bytes_)
        fail(K8SC_E_TOO_LARGE,
             concat("a member of a list is above the limit of ", std::to_string(max_object_bytes_), " bytes"));
}

void Splitter::drop_done()
{
    // An object above the limit is followed to its end, so that its size can be told, but not for ever.
    if (in_object() && text_.size() - object_at_ + oversize_ > max_object_bytes_) {
        if (oversize_ == 0 && oversize_sink_) beginning_ = text_.substr(object_at_);
        oversize_ += text_.size() - object_at_;
        object_at_ = text_.size();
        if (oversize_ / 64 > max_object_bytes_)
            fail(K8SC_E_TOO_LARGE,
                 concat("an object of more than ", std::to_string(oversize_), " bytes is above the limit of ",
                        std::to_string(max_object_bytes_), " bytes"));
    }
    if (!in_object()) check_kept(text_.size());
    size_t from = std::min(std::min(object_at_, keep_from_), text_.size());
    if (from == 0) return;
    text_.erase(0, from);
    scanned_ -= from;
    if (object_at_ != none) object_at_ -= from;
    if (keep_from_ != none) keep_from_ -= from;
    // The buffer of one unusually large object is not kept for the small ones that follow.
    if (text_.capacity() > (4u << 20) && text_.size() < (1u << 20)) {
        std::string smaller;
        smaller.reserve(text_.size() * 2 + json_padding);
        smaller = text_;
        text_.swap(smaller);
    }
}

void ListSplitter::refuse(size_t at)
{
    fail(K8SC_E_DECODE, concat("the answer is not a JSON list: ", quote(std::string_view(text_).substr(at), 48)));
}

void ListSplitter::outside(char, size_t at) { refuse(at); }

void ListSplitter::structure(char c, size_t at)
{
    // Also of what came in one piece: the pieces must not matter.
    if (!in_object()) check_kept(at);
    // A quote that opens a key is followed by one that ends it; the quotes of a value do not matter.
    switch (state_) {
    case State::before:
        if (c != '{') refuse(at);
        state_ = State::key;
        keep_from_ = at + 1;
        return;
    case State::key:
        // Only an empty object ends where a key is due.
        if (c == '}' && depth_ == 0 && envelope_.size() == 1) break;
        if (c != '"') refuse(at);
        state_ = State::in_key;
        keep_from_ = at + 1;
        return;
    case State::in_key:
        key_ = text_.substr(keep_from_, at - keep_from_);
        // However it is written, it is where the items are.
        if (same_string(key_, "items")) key_ = "items";
        state_ = State::after_key;
        return;
    case State::after_key:
        if (c != ':') refuse(at);
        state_ = State::value;
        keep_from_ = at + 1;
        return;
    case State::value:
        if (c == '[' && depth_ == 2 && key_ == "items") {
            check_gap(at, false);
            // Of two, Go takes the last; but the first was handed on.
            if (std::exchange(had_items_, true))
                fail(K8SC_E_DECODE, "the answer is not a JSON list: its items stand twice");
            state_ = State::items;
            keep_from_ = at + 1;
        } else if (depth_ == 1 && c == ',') {
            end_member(at);
            state_ = State::key;
        } else if (depth_ == 0) {
            end_member(at);
            break;
        }
        return;
    case State::items: in_items(c, at); return;
    case State::done: refuse(at);
    }
    envelope_ += '}';
    state_ = State::done;
    keep_from_ = none;
}

void ListSplitter::in_items(char c, size_t at)
{
    if (depth_ == 3 && c == '{' && !in_object()) {
        check_gap(at, !first_item_);
        first_item_ = false;
        keep_from_ = none;
        begin_object(at);
    } else if (depth_ == 2 && c == '}' && in_object()) {
        end_object(at);
        keep_from_ = at + 1;
    } else if (depth_ == 1 && c == ']') {
        check_gap(at, false);
        if (envelope_.size() > 1) envelope_ += ',';
        envelope_ += "\"items\":[]";
        // What follows up to the next comma is only blanks, or the envelope is found invalid.
        state_ = State::value;
        key_.clear();
        keep_from_ = at + 1;
    } else if (!in_object()) {
        refuse(at);
    }
}

// Between items there is one comma, and otherwise nothing but blanks.
void ListSplitter::check_gap(size_t at, bool comma)
{
    for (size_t i = keep_from_; i < at; i++) {
        char c = text_[i];
        if (c == ',' && comma)
            comma = false;
        else if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            refuse(i);
    }
    if (comma) refuse(at);
}

void ListSplitter::end_member(size_t at)
{
    std::string_view value = std::string_view(text_).substr(keep_from_, at - keep_from_);
    keep_from_ = at + 1;
    if (key_.empty()) {
        for (size_t i = 0; i < value.size(); i++)
            if (value[i] != ' ' && value[i] != '\n' && value[i] != '\r' && value[i] != '\t')
                refuse(at - value.size() + i);
        return;
    }
    check_envelope(value.size());
    if (envelope_.size() > 1) envelope_ += ',';
    envelope_ += concat("\"", key_, "\":", value);
}

// Its members together have no more room than one object.
void ListSplitter::check_envelope(size_t more) const
{
    if (envelope_.size() + key_.size() + more > max_object_bytes())
        fail(K8SC_E_TOO_LARGE, concat("what a list has beside its items is above the limit of ",
                                      std::to_string(max_object_bytes()), " bytes"));
}

std::string ListSplitter::member(std::string_view key) const
{
    // Closed or not, what was read so far can be walked.
    return std::string(Cursor(envelope_).member(key).raw());
}

void ListSplitter::finish()
{
    if (state_ == State::done) return;
    if (state_ == State::before)
        fail(K8SC_E_DECODE, text_.empty() ? "an empty answer instead of a list" : "the answer is not a JSON list");
    fail(K8SC_E_DECODE, "the answer ended within the list");
}

void FrameSplitter::structure(char c, size_t at)
{
    if (depth_ == 1 && c == '{')
        begin_object(at);
    else if (depth_ == 0 && in_object())
        end_object(at);
    else if (!in_object())
        outside(c, at);
}

void FrameSplitter::outside(char, size_t at)
{
    fail(K8SC_E_DECODE,
         concat("the stream is not a sequence of JSON objects: ", quote(std::string_view(text_).substr(at), 48)));
}

void FrameSplitter::finish()
{
    if (in_object()) fail(K8SC_E_DECODE, "the stream ended within an object");
}

}  // namespace k8sc
