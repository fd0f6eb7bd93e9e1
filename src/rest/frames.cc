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

struct Parts {
    std::string_view type, object;
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
    return Parts{rest.substr(0, quote), object.substr(0, object.size() - 1)};
}

Parts careful_parts(std::string_view padded)
{
    std::string_view type;
    Cursor object;
    size_t members = 0;
    const char *end = padded.data() + 1;
    Cursor(padded).each([&](std::string_view key, Cursor value) {
        members++;
        if (key == "type")
            type = value.raw_string().value_or("");
        else if (key == "object")
            object = value;
        std::string_view raw = value.raw();
        end = raw.data() + raw.size();
        return true;
    });
    // The object is validated when it is decoded; around it may be nothing but the frame.
    bool framed = members == 2 && object.type() == K8SC_TYPE_OBJECT && json_detail::skip_blanks(end, padded.data() + padded.size()) == padded.data() + padded.size() - 1;
    if (!framed) fail(K8SC_E_DECODE, concat("not a watch frame with a type and an object: ", quoted(padded, 96)));
    return {type, object.raw()};
}

}  // namespace

FrameSink::FrameSink(size_t max_object_bytes, std::shared_ptr<const PruneRules> prune, Handler handler)
    : handler_(std::move(handler)), splitter_(max_object_bytes, [this](std::string_view padded) { frame(padded); })
{
    rules_.prune = std::move(prune);
}

bool FrameSink::data(std::string_view data)
{
    stalled_ = false;
    if (!begun_) need_json(head_, data);
    begun_ = true;
    splitter_.feed(data.data(), data.size());
    return !stalled_;
}

void FrameSink::end()
{
    try {
        splitter_.finish();
    } catch (Error &error) {
        // Whoever ended it in HTTP's terms did not in Kubernetes': it may as well have been cut.
        error.connection_lost = true;
        throw;
    }
}

// What is broken JSON besides may have swallowed the frames behind it.
bool FrameSink::unread(int32_t kind, std::string_view text, const Error &error)
{
    Unread object("an event of the watch", text, error);
    if (!unread_handler_ || !object.is_named() || !is_sound_json(text)) throw object.error;
    return unread_handler_(kind, std::move(object));
}

void FrameSink::frame(std::string_view padded)
{
    auto usual = usual_parts(padded);
    Parts parts = usual ? *usual : careful_parts(padded);
    WatchFrame out;
    out.kind = kind_of(parts.type);
    if (out.kind == 0) fail(K8SC_E_DECODE, concat("a watch frame of unknown type ", quoted(parts.type)));
    rules_.compact = splitter_.is_compact();
    // Rules are for the resource's objects, not for what the server says of itself and of the watch.
    bool is_object = out.kind != K8SC_EVENT_ERROR && out.kind != K8SC_EVENT_BOOKMARK;
    try {
        out.object = decoder_.wire(parts.object, is_object ? rules_ : DecodeRules{"", "", nullptr, rules_.compact});
    } catch (const Error &error) {
        // Where it is the frame that is wrong, that is what to say.
        Parts careful = careful_parts(padded);
        if (!is_object) throw;
        if (!unread(out.kind, careful.object, error)) stalled_ = true;
        return;
    }
    // The last word, also where the server forgets to close.
    if (out.kind == K8SC_EVENT_ERROR) throw error_from_status(*out.object);
    if (!handler_(std::move(out))) stalled_ = true;
}

}  // namespace k8sc
