#include "testing/api/list.h"

#include "testing/api/api.h"
#include "testing/api/partial.h"
#include "testing/base/base64.h"
#include "testing/base/json.h"
#include "testing/schema/status.h"
#include "testing/store/custom.h"

namespace k8sc::testing {

namespace {

// Large enough that a list of thousands is not sent object by object.
constexpr size_t piece_size = 65536;

ApiError wrong(StatusCause cause) { return invalid_options("ListOptions", std::move(cause)); }

// As servers since 1.27 have it.
void check_streaming(const ListOptions &options)
{
    const std::string &match = options.resource_version_match, field = "sendInitialEvents";
    if (!options.watch && options.send_initial_events)
        throw wrong(forbidden(field, "sendInitialEvents is forbidden for list"));
    if (!options.watch) return;
    if (options.send_initial_events && match != "NotOlderThan")
        throw wrong(forbidden("resourceVersionMatch",
                              "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
    if (!match.empty() && !options.send_initial_events)
        throw wrong(forbidden("resourceVersionMatch",
                              "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
    if (!match.empty() && !options.continue_token.empty())
        throw wrong(forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"));
}

void check_match(const ListOptions &options)
{
    const std::string &match = options.resource_version_match;
    if (match.empty()) return;
    const std::string field = "resourceVersionMatch";
    if (options.watch) throw wrong(forbidden(field, "resourceVersionMatch is forbidden for watch"));
    if (options.resource_version.empty())
        throw wrong(forbidden(field, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    if (!options.continue_token.empty())
        throw wrong(forbidden(field, "resourceVersionMatch is forbidden when continue is provided"));
    if (match != "Exact" && match != "NotOlderThan")
        throw wrong(unsupported_value(field, "\"" + match + "\"", "\"Exact\", \"NotOlderThan\", \"\""));
    if (match == "Exact" && options.resource_version == "0")
        throw wrong(forbidden(field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
}

// A list's text, written while it is sent.
class ListBody final : public Body {
  public:
    ListBody(std::string head, std::vector<ObjectPtr> items, std::string item_prefix, std::string tail)
        : head_(std::move(head)), items_(std::move(items)), item_prefix_(std::move(item_prefix)), tail_(std::move(tail))
    {
    }

    size_t size() const
    {
        size_t size = head_.size() + tail_.size();
        for (const ObjectPtr &item : items_) size += item_prefix_.size() + item->tail.size() + 1;
        return size;
    }

    Step next(std::string &piece, Connection &) override { return fill(piece) ? Step::end : Step::more; }

    // True where that was all.
    bool fill(std::string &piece)
    {
        if (next_ == 0) piece += head_;
        while (next_ < items_.size() && piece.size() < piece_size) {
            if (next_ > 0) piece += ',';
            piece += item_prefix_;
            piece += items_[next_]->tail;
            // What was sent need not wait for the rest in memory.
            items_[next_++].reset();
        }
        if (next_ < items_.size()) return false;
        piece += tail_;
        return true;
    }

  private:
    const std::string head_;
    std::vector<ObjectPtr> items_;
    const std::string item_prefix_;
    const std::string tail_;
    size_t next_ = 0;
};

}  // namespace

ListOptions::ListOptions(const Request &request, const Kind &kind, Streaming streaming, bool strict)
    : selector(request.parameter("labelSelector"), request.parameter("fieldSelector")),
      limit(request.number("limit")),
      continue_token(request.parameter("continue")),
      resource_version(request.parameter("resourceVersion")),
      resource_version_match(request.parameter("resourceVersionMatch")),
      watch(request.verb == "watch")
{
    const bool asked = !request.parameter("sendInitialEvents").empty();
    // Who does not know it at all does not know what came with it, either.
    if (streaming == Streaming::ignored && watch && asked) {
        selector.bind_fields(kind, strict);
        return;
    }
    if (streaming == Streaming::supported && asked) send_initial_events = request.flag("sendInitialEvents");
    if (streaming == Streaming::supported) check_streaming(*this);
    if (!send_initial_events) check_match(*this);
    // Which fields there are is asked last.
    selector.bind_fields(kind, strict);
}

std::string Continuation::encode() const
{
    Json token = Json::object();
    set(token.get(), "v", Json::text("meta.k8s.io/v1"));
    set(token.get(), "rv", Json::integer(resource_version));
    set(token.get(), "start", Json::text(start));
    return base64url(dump(token.get()));
}

Continuation Continuation::decode(const std::string &token)
{
    std::string text, why;
    const Json json = base64url_decode(token, text) ? Json::parse(text, why) : Json();
    const json_t *version = value_at(json.get(), {"rv"});
    const bool valid =
        text_at(json.get(), {"v"}) == "meta.k8s.io/v1" && json_is_integer(version) && json_integer_value(version) != 0;
    if (!valid || text_at(json.get(), {"start"}).empty())
        throw bad_request("invalid continue token: continue key is not valid");
    return {json_integer_value(version), std::string(text_at(json.get(), {"start"}))};
}

Reply ListReply::make()
{
    std::string item_prefix = kind->custom ? kind->prefix() : "{";
    if (kind->converts())
        for (ObjectPtr &item : items) item = in_version(*kind, item);
    if (table) {
        const TableHead head = {std::to_string(resource_version), continue_token, remaining};
        return json_reply(200, table_text(table, *kind, head, items, now));
    }
    if (partial) {
        kind = partial_kind();
        item_prefix = kind->prefix();
        for (ObjectPtr &item : items) item = testing::partial(*item);
    }
    Json metadata = Json::object();
    // A list of custom resources is a map to the server, and maps have no fields that are left out.
    if (kind->custom) set(metadata.get(), "continue", Json::text(continue_token));
    set(metadata.get(), "resourceVersion", Json::text(std::to_string(resource_version)));
    if (!kind->custom && !continue_token.empty()) set(metadata.get(), "continue", Json::text(continue_token));
    if (remaining > 0) set(metadata.get(), "remainingItemCount", Json::integer(remaining));

    const std::string meta = "\"metadata\":" + dump(metadata.get(), kind->custom),
                      version = "\"apiVersion\":\"" + kind->api_version() + "\",";
    const std::string name = "\"kind\":\"" + kind->list_kind + "\",";
    auto body = kind->custom ? std::make_unique<ListBody>("{" + version + "\"items\":[", std::move(items),
                                                          std::move(item_prefix), "]," + name + meta + "}\n")
                             : std::make_unique<ListBody>("{" + name + version + meta + ",\"items\":[",
                                                          std::move(items), std::move(item_prefix), "]}\n");
    Reply reply;
    if (body->size() < piece_size)
        body->fill(reply.text);
    else
        reply.body = std::move(body);
    return reply;
}

}  // namespace k8sc::testing
