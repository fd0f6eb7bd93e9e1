#include "testing/api/partial.h"

#include <algorithm>

#include "testing/base/text.h"

namespace k8sc::testing {

namespace {

// The part up to the separator, without blanks around it; `text` is what follows.
std::string_view next_part(std::string_view &text, char separator)
{
    const size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return trimmed(part);
}

}  // namespace

bool wants_form(const Request &request, std::string_view kind, std::string_view wanted_version)
{
    std::string_view accepted = request.header("Accept");
    while (!accepted.empty()) {
        std::string_view clause = next_part(accepted, ',');
        const std::string_view type = next_part(clause, ';');
        if (type != "application/json" && type != "application/*" && type != "*/*") continue;
        std::string_view as, group, version;
        while (!clause.empty()) {
            std::string_view value = next_part(clause, ';');
            const std::string_view name = next_part(value, '=');
            if (name == "as") as = value;
            if (name == "g") group = value;
            if (name == "v") version = value;
        }
        if (as.empty()) return false;
        if (as == kind && group == "meta.k8s.io" && version == wanted_version) return true;
    }
    return false;
}

bool wants_partial(const Request &request, std::string_view kind) { return wants_form(request, kind, "v1"); }

const KindPtr &partial_kind()
{
    static const KindPtr kind = [] {
        Kind made = make_kind("meta.k8s.io", "v1", "partialobjectmetadatas", "PartialObjectMetadata", false);
        made.custom = false;
        return std::make_shared<const Kind>(std::move(made));
    }();
    return kind;
}

ObjectPtr partial(const Object &object)
{
    Json document = Json::object();
    set(document.get(), "metadata", Json::share(metadata_of(object.document().get())));
    return freeze(*partial_kind(), std::move(document), object.resource_version);
}

}  // namespace k8sc::testing
