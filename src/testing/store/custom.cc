#include "testing/store/custom.h"

#include "testing/schema/since.h"
#include "testing/schema/structural.h"
#include "testing/schema/typed.h"

namespace k8sc::testing {

void settle_custom(const Kind &kind, json_t *document)
{
    if (!kind.structural) return;
    kind.structural->prune(document);
    kind.structural->fill_defaults(document);
}

void check_custom(const Kind &kind, const json_t *document, const json_t *before, std::string_view subresource)
{
    if (!kind.structural) return;
    const bool by_itself = subresource == "status" && kind.release >= since::status_by_itself;
    std::vector<StatusCause> errors = by_itself ? kind.structural->status_errors(document, before, kind.release)
                                                : kind.structural->errors(document, before, kind.release);
    if (!errors.empty()) throw invalid(kind, std::string(text_at(document, {"metadata", "name"})), std::move(errors));
}

void store_custom(const Kind &kind, json_t *document)
{
    if (!kind.stored) return;
    kind.stored->prune(document);
    kind.stored->fill_defaults(document);
}

ObjectPtr in_version(const Kind &kind, const ObjectPtr &object)
{
    if (!kind.converts()) return object;
    Json document = object->document();
    kind.structural->prune(document.get());
    return freeze(kind, std::move(document), object->resource_version);
}

}  // namespace k8sc::testing
