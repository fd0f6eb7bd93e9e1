// get and list.
#include "testing/api/api.h"
#include "testing/api/list.h"
#include "testing/api/partial.h"
#include "testing/api/subresources.h"
#include "testing/api/table.h"
#include "testing/schema/since.h"
#include "testing/schema/status.h"
#include "testing/store/custom.h"

namespace k8sc::testing {

namespace {

// Which state the list is to be of: a resourceVersion, 0 for the present one.
int64_t state_of(const ListOptions &options, int64_t current, int release)
{
    int64_t wanted = 0;
    try {
        wanted = parse_resource_version(options.resource_version);
    } catch (const ApiError &error) {
        if (release < since::bad_list_version) throw;
        throw bad_request("invalid resource version: " + error.message);
    }
    check_not_future(wanted, current);
    // The rule for lists without resourceVersionMatch is older: with a limit it is exact.
    const bool exact =
        options.resource_version_match == "Exact" || (options.resource_version_match.empty() && options.limit > 0);
    return exact ? wanted : 0;
}

ApiError continue_expired(const std::string &start)
{
    ApiError error = expired("The provided continue parameter is too old to display a consistent list result. You can "
                             "start a new list without the continue "
                             "parameter, or use the continue token in this response to retrieve the remainder of the "
                             "results, which may not be consistent with "
                             "those before.");
    error.continue_token = Continuation{-1, start}.encode();
    return error;
}

}  // namespace

Reply Api::shown(int code, const Request &request, const Kind &kind, const ObjectPtr &object) const
{
    const ObjectPtr seen = in_version(kind, object);
    if (const TableForm form = TableForm::of(request, options_.minor(streaming_)))
        return json_reply(code, table_text(form, kind, {.resource_version = std::to_string(object->resource_version)},
                                           {seen}, clock_.unix_seconds()));
    if (options_.partial_objects && wants_partial(request, "PartialObjectMetadata"))
        return json_reply(code, partial(*seen)->text(*partial_kind()));
    return json_reply(code, seen->text(kind));
}

Reply Api::get(const Request &request, const KindPtr &kind) const
{
    check_not_future(parse_resource_version(request.parameter("resourceVersion")), store_.resource_version());
    const ObjectPtr object = store_.find(kind->collection(), request.ns + "/" + request.name);
    if (!object) throw not_found(request.subresource == "scale" ? named_scale(*kind) : *kind, request.name);
    if (request.subresource == "scale") return json_reply(200, dump(scale_of(*kind, object->document().get()).get()));
    return shown(200, request, *kind, object);
}

Reply Api::list(const Request &request, const KindPtr &kind) const
{
    ListOptions options(request, *kind, streaming_, options_.strict);
    const std::string prefix = key_prefix(request, *kind);
    std::string from;
    int64_t at = 0;
    if (!options.continue_token.empty()) {
        if (!options.resource_version.empty() && options.resource_version != "0")
            throw bad_request("specifying resource version is not allowed when using continue");
        const Continuation continuation = Continuation::decode(options.continue_token);
        from = prefix + continuation.start;
        at = std::max<int64_t>(continuation.resource_version, 0);
    } else {
        // "Any version will do" is answered from the watch cache of a server, which knows no pages.
        if (options.resource_version == "0") options.limit = 0;
        at = state_of(options, store_.resource_version(), options_.release);
    }
    if (options_.page_limit > 0 && options.limit > options_.page_limit) options.limit = options_.page_limit;

    ListReply reply;
    reply.kind = kind;
    reply.table = TableForm::of(request, options_.minor(streaming_));
    reply.now = clock_.unix_seconds();
    reply.partial = options_.partial_objects && wants_partial(request, "PartialObjectMetadataList");
    const bool everything = options.selector.empty();
    const auto see = [&](const ObjectPtr &object) {
        const bool full = options.limit > 0 && reply.items.size() == static_cast<size_t>(options.limit);
        if (full && reply.continue_token.empty()) reply.continue_token = reply.items.back()->key() + '\0';
        // The count of what remains is told only where no selector has to be asked for it.
        if (full) return ++reply.remaining, everything;
        if (everything || options.selector.matches(*object)) reply.items.push_back(object);
        return true;
    };
    const Store::Scan scan = store_.scan(kind->collection(), prefix, from, at, see);
    if (scan.expired && !options.continue_token.empty()) throw continue_expired(from.substr(prefix.size()));
    if (scan.expired) throw expired("The resourceVersion for the provided list is too old.");
    reply.resource_version = scan.resource_version;
    if (!everything) reply.remaining = 0;
    if (!reply.continue_token.empty())
        reply.continue_token = Continuation{scan.resource_version, reply.continue_token.substr(prefix.size())}.encode();
    return reply.make();
}

}  // namespace k8sc::testing
