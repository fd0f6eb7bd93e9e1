// Patches of every kind on any document: a line with the kind, then the document, then the patch, with a line "%%"
// between them.
#include "target.h"

#include <string>

#include "testing/base/json.h"
#include "testing/patch/apply.h"
#include "testing/patch/patch.h"
#include "testing/patch/strategic.h"
#include "testing/schema/shape.h"
#include "testing/schema/status.h"

using namespace k8sc::testing;

namespace {

std::string_view until(std::string_view &rest, std::string_view separator)
{
    const size_t at = rest.find(separator);
    const std::string_view part = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + separator.size());
    return part;
}

// What comes out is JSON still, and what is refused is refused with a Status.
template <class Body>
Json patched(Body &&body)
{
    try {
        const Json made = body();
        std::string why;
        const std::string text = dump(made.get());
        hold(json_equal(made.get(), Json::parse(text, why).get()));
        return made;
    } catch (const ApiError &error) {
        // What real servers have an internal error for.
        const bool untyped =
            error.code == 500 && error.message.find("failed to create typed patch object") != std::string::npos;
        hold(((error.code >= 400 && error.code < 500) || untyped) && !error.message.empty());
        return {};
    }
}

// Twice the same is the same once.
void settles(const Json &once, const Json &twice) { hold(!once || (twice && json_equal(once.get(), twice.get()))); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    std::string_view rest = text_of(data, size);
    const std::string_view how = until(rest, "\n");
    std::string why;
    const Json document = Json::parse(until(rest, "\n%%\n"), why), patch = Json::parse(rest, why);
    if (!document || !patch || !json_is_object(document.get())) return 0;
    Kind kind = make_kind("", "v1", "pods", "Pod", true);
    if (how == "merge") {
        const Json once = patched([&] { return merge_patch(document.copy(), patch.get()); });
        settles(once, patched([&] { return merge_patch(once.copy(), patch.get()); }));
    } else if (how == "json") {
        patched([&] { return json_patch(document.copy(), patch.get()); });
    } else if (how == "strategic") {
        patched([&] { return strategic_patch(document.copy(), patch.get(), Shape::of(kind)); });
    } else if (json_is_object(patch.get())) {
        if (how == "custom") kind = make_kind("example.com", "v1", "widgets", "Widget", true);
        const Writer writer = {"fuzz", "", true, how == "force"};
        patched([&] { return applied(kind, {}, patch.copy(), writer); });
        const Json once = patched([&] { return applied(kind, document.copy(), patch.copy(), writer); });
        if (once) note_owner(kind, document.get(), once.get(), {"other", "", false, false});
    }
    return 0;
}
