#include "rest/frames.h"

#include <optional>

namespace k8sc {
namespace {

int32_t kind_of(std::string_view type)
{
    if (type == "ADDED") return K8SC_EVENT_ADDED;
    if (type == "MODIFIED") return K8SC_EVENT_MODIFIED;
    if (type == "DELETED") return K8SC_EVENT_DELETED;
    if (type == "BOOKMARK") return K8SC_EVENT_BOOKMARK;
    if (type == "ERROR") return K8SC_EVENT_ERROR;
    return 0;
}

bool is_object(int32_t kind)
{
    return kind == K8SC_EVENT_ADDED || kind == K8SC_EVENT_MODIFIED || kind == K8SC_EVENT_DELETED;
}

struct Parts {
    std::string type;
    std::string_view object;
};

// As servers write it, which needs no look at the object: what is not one is refused when it is decoded.
std::optional<Parts> usual_parts(std::string_view padded)
{
    constexpr std::string_view before_type = "{\"type\":\"", before_object = "\",\"object\":";
    if (!padded.starts_with(before_type)) return {};
    std::string_view rest = padded.substr(before_type.size());
    size_t quote = rest.find('"');
    if (quote == std::string_view::npos || !rest.substr(quote).starts_with(before_object)) return {};
    std::string_view object = rest.substr(quote + before_object.size());
    if (!object.starts_with('{') || !object.ends_with("}}")) return {};
    return Parts{std::string(rest.substr(0, quote)), object.substr(0, object.size() - 1)};
}

// As Go reads it: in whatever order, with whatever else, keys and type written with escapes or without, and of two of
// one name the last.
Parts careful_parts(std::string_view padded)
{
    Parts parts;
    Cursor object;
    Cursor(padded).each([&](std::string_view key, Cursor value) {
        if (same_string(key, "type"))
            parts.type = value.string().value_or("");
        else if (same_string(key, "object"))
            object = value;
        return true;
    });
    if (object.type() != K8SC_TYPE_OBJECT)
        fail(K8SC_E_DECODE, concat("not a watch frame with a type and an object: ", quote(padded, 32)));
    parts.object = object.raw();
    return parts;
}

}  // namespace

FrameSink::FrameSink(size_t max_object_bytes, std::shared_ptr<const PruneRules> prune, Handler handler)
    : handler_(std::move(handler)), splitter_(max_object_bytes, [this](std::string_view padded) { frame(padded); })
{
    rules_.prune = std::move(prune);
}

bool FrameSink::data(std::string_view data)
{
    paused_ = false;
    if (!begun_) need_json(head_, data);
    begun_ = true;
    splitter_.feed(data.data(), data.size());
    return !paused_;
}

bool FrameSink::end()
{
    try {
        splitter_.finish();
    } catch (Error &error) {
        // Whoever ended it in HTTP's terms did not in Kubernetes': it may as well have been cut.
        error.connection_lost = true;
        throw;
    }
    return true;
}

// What is broken JSON besides may have swallowed the frames behind it.
bool FrameSink::unread(int32_t kind, std::string_view text, const Error &error)
{
    Unread object("an event of the watch", text, error);
    if (!unread_handler_ || !object.is_named() || !is_sound_json(text)) throw object.error;
    return unread_handler_(kind, std::move(object));
}

WatchFrame FrameSink::decoded(std::string_view type, std::string_view padded)
{
    WatchFrame out;
    out.kind = kind_of(type);
    if (out.kind == 0) fail(K8SC_E_DECODE, concat("a watch frame of unknown type ", quote(type)));
    rules_.compact = splitter_.is_compact();
    // Rules are for the resource's objects, not for what the server says of itself and of the watch.
    out.object = decoder_.wire(padded, is_object(out.kind) ? rules_ : DecodeRules{"", "", nullptr, rules_.compact});
    return out;
}

// Nothing where the object cannot be read, and whoever wants to know has been told.
std::optional<WatchFrame> FrameSink::read(std::string_view padded)
{
    if (auto usual = usual_parts(padded)) {
        try {
            return decoded(usual->type, usual->object);
        } catch (const Error &) {
            // It may have looked usual, and have further fields behind the object.
        }
    }
    Parts parts = careful_parts(padded);
    std::optional<Error> broken;
    try {
        // The splitter has seen to its brackets only.
        decoder_.wire(padded, {});
    } catch (const Error &error) {
        broken = error;
    }
    try {
        WatchFrame out = decoded(parts.type, parts.object);
        if (!broken) return out;
    } catch (const Error &error) {
        int32_t kind = kind_of(parts.type);
        if (!is_object(kind)) throw;
        if (!unread(kind, parts.object, error)) paused_ = true;
        return {};
    }
    throw *broken;
}

void FrameSink::frame(std::string_view padded)
{
    auto out = read(padded);
    if (!out) return;
    // The last word, also where the server forgets to close.
    if (out->kind == K8SC_EVENT_ERROR) throw error_from_status(*out->object);
    if (!handler_(std::move(*out))) paused_ = true;
}

}  // namespace k8sc
