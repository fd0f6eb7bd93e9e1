// The columns of events, of either group: those of events.k8s.io have other names for the same fields.
#include "testing/api/table.h"
#include "testing/api/table_cells.h"
#include "testing/base/text.h"

namespace k8sc::testing {

namespace {

const json_t *either(const json_t *event, const char *name, const char *other)
{
    const json_t *value = json_object_get(event, name);
    return value && !json_is_null(value) ? value : json_object_get(event, other);
}

std::string_view either_text(const json_t *event, const char *name, const char *other)
{
    return text_at(either(event, name, other), {});
}

std::string first_seen(const json_t *event, int64_t now)
{
    const std::string_view first = either_text(event, "firstTimestamp", "deprecatedFirstTimestamp");
    return age_of(first.empty() ? text_at(event, {"eventTime"}) : first, now);
}

std::string last_seen(const json_t *event, int64_t now)
{
    if (json_is_object(json_object_get(event, "series")))
        return age_of(text_at(event, {"series", "lastObservedTime"}), now);
    const std::string_view last = either_text(event, "lastTimestamp", "deprecatedLastTimestamp");
    return last.empty() ? first_seen(event, now) : age_of(last, now);
}

// `more`: of a series.
int64_t count_of(const json_t *event, int64_t more)
{
    if (json_is_object(json_object_get(event, "series"))) return integer_at(event, {"series", "count"}) + more;
    const json_t *count = either(event, "count", "deprecatedCount");
    return json_integer_value(count) > 0 ? json_integer_value(count) : 1;
}

std::string object_of(const json_t *event)
{
    const json_t *object = either(event, "involvedObject", "regarding");
    const std::string_view name = text_at(object, {"name"});
    return lower(std::string(text_at(object, {"kind"}))) + (name.empty() ? "" : "/" + std::string(name));
}

std::string source_of(const json_t *event)
{
    const json_t *source = either(event, "source", "deprecatedSource");
    std::string component(text_at(source, {"component"})), host(text_at(source, {"host"}));
    if (component.empty()) component = either_text(event, "reportingComponent", "reportingController");
    if (host.empty()) host = text_at(event, {"reportingInstance"});
    return component + (host.empty() ? "" : ", " + host);
}

// Of strings.TrimSpace.
std::string_view message_of(const json_t *event)
{
    std::string_view text = either_text(event, "message", "note");
    const std::string_view blanks = " \t\r\n\v\f";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

Json last_cell(const json_t *event, const Column &, int64_t now) { return Json::text(last_seen(event, now)); }
Json first_cell(const json_t *event, const Column &, int64_t now) { return Json::text(first_seen(event, now)); }
Json event_type_cell(const json_t *event, const Column &, int64_t) { return Json::text(text_at(event, {"type"})); }
Json reason_cell(const json_t *event, const Column &, int64_t) { return Json::text(text_at(event, {"reason"})); }
Json object_cell(const json_t *event, const Column &, int64_t) { return Json::text(object_of(event)); }
Json part_cell(const json_t *event, const Column &, int64_t)
{
    return Json::text(text_at(either(event, "involvedObject", "regarding"), {"fieldPath"}));
}
Json source_cell(const json_t *event, const Column &, int64_t) { return Json::text(source_of(event)); }
Json message_cell(const json_t *event, const Column &, int64_t) { return Json::text(message_of(event)); }
Json event_count_cell(const json_t *event, const Column &, int64_t) { return Json::integer(count_of(event, 0)); }
// Before 1.23 the first one was thought not to be in the count.
Json old_count_cell(const json_t *event, const Column &, int64_t) { return Json::integer(count_of(event, 1)); }
Json event_name_cell(const json_t *event, const Column &, int64_t)
{
    return Json::text(text_at(event, {"metadata", "name"}));
}

}  // namespace

std::vector<Column> event_columns(int minor)
{
    return {text_column("Last Seen", last_cell),
            text_column("Type", event_type_cell),
            text_column("Reason", reason_cell),
            text_column("Object", object_cell),
            text_column("Subobject", part_cell, 1),
            text_column("Source", source_cell, 1),
            text_column("Message", message_cell),
            text_column("First Seen", first_cell, 1),
            text_column("Count", minor >= 23 ? event_count_cell : old_count_cell, 1),
            {.name = "Name", .format = "name", .priority = 1, .cell = event_name_cell}};
}

}  // namespace k8sc::testing
