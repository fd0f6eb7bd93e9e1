#include "testing/api/table.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "testing/api/partial.h"
#include "testing/base/json_path.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

Json name_cell(const json_t *object, const Column &, int64_t)
{
    return Json::text(text_at(object, {"metadata", "name"}));
}
Json age_cell(const json_t *object, const Column &, int64_t now)
{
    return Json::text(age_of(text_at(object, {"metadata", "creationTimestamp"}), now));
}
Json created_cell(const json_t *object, const Column &, int64_t)
{
    return Json::text(text_at(object, {"metadata", "creationTimestamp"}));
}

// As the type of the column has it; null where there is nothing, or something else.
Json path_cell(const json_t *object, const Column &column, int64_t now)
{
    const std::vector<const json_t *> found = find_by_path(object, column.path);
    const json_t *value = found.empty() ? nullptr : found.front();
    const Json nothing = Json::take(json_null());
    if (!value || json_is_null(value)) return nothing;
    if (column.type == "string")
        return Json::text(json_is_string(value) ? std::string(text_at(value, {})) : dump(value));
    if (column.type == "integer" && json_is_number(value))
        return Json::integer(static_cast<int64_t>(json_number_value(value)));
    if (column.type == "number" && json_is_number(value)) return Json::share(const_cast<json_t *>(value));
    if (column.type == "boolean" && json_is_boolean(value)) return Json::share(const_cast<json_t *>(value));
    int64_t time = 0;
    if (column.type != "date" || !json_is_string(value)) return nothing;
    return Json::text(seconds_of(text_at(value, {}), time) ? human_duration(now - time) : "<invalid>");
}

Json described(const std::vector<Column> &columns)
{
    Json all = Json::array();
    for (const Column &column : columns) {
        Json one = Json::object();
        set(one.get(), "name", Json::text(column.name));
        set(one.get(), "type", Json::text(column.type));
        set(one.get(), "format", Json::text(column.format));
        set(one.get(), "description", Json::text(column.description));
        set(one.get(), "priority", Json::integer(column.priority));
        append(all.get(), std::move(one));
    }
    return all;
}

// By which kubectl tells pods that have ended from others.
std::string ended_condition(const Kind &kind, const json_t *object)
{
    const std::string phase(text_at(object, {"status", "phase"}));
    if (!kind.group.empty() || kind.plural != "pods" || (phase != "Succeeded" && phase != "Failed")) return "";
    const char *message = phase == "Failed" ? "The pod failed." : "The pod completed successfully.";
    return std::string(R"(,"conditions":[{"type":"Completed","status":"True","reason":")") + phase +
           R"(","message":")" + message + "\"}]";
}

std::string row_text(const TableForm &form, const Kind &kind, const std::vector<Column> &columns,
                     const ObjectPtr &object, int64_t now)
{
    const Json document = object->document();
    Json cells = Json::array();
    for (const Column &column : columns) append(cells.get(), column.cell(document.get(), column, now));
    std::string whole = "null";
    if (form.include_object == "Object") whole = object->text(kind);
    // In the version that the table has.
    if (form.include_object == "Metadata")
        whole = "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/" + form.version + "\"," +
                partial(*object)->tail;
    return "{\"cells\":" + dump(cells.get()) + ended_condition(kind, document.get()) + ",\"object\":" + whole + "}";
}

}  // namespace

TableForm TableForm::of(const Request &request, int minor)
{
    TableForm form;
    form.minor = minor;
    for (const char *version : {"v1", "v1beta1"})
        if (form.version.empty() && wants_form(request, "Table", version)) form.version = version;
    if (!form) return form;
    form.include_object = request.parameter("includeObject");
    if (form.include_object.empty()) form.include_object = "Metadata";
    if (form.include_object != "None" && form.include_object != "Metadata" && form.include_object != "Object")
        throw bad_request("Unable to convert to Table as requested: includeObject: Invalid value: " +
                          in_quotes(form.include_object) + ": must be 'Metadata', 'Object', 'None', or empty");
    return form;
}

std::vector<Column> columns_of(const Kind &kind, int minor)
{
    std::vector<Column> columns = {
        {.name = "Name", .format = "name", .description = "The name of the object.", .cell = name_cell}};
    const Column age = {.name = "Age",
                        .type = kind.custom ? "date" : "string",
                        .description = "How long ago it was made.",
                        .cell = age_cell};
    if (!kind.custom) {
        std::vector<Column> own = builtin_columns(kind, minor);
        if (std::any_of(own.begin(), own.end(), [](const Column &column) { return column.format == "name"; }))
            columns.clear();
        if (own.empty())
            own = {{.name = "Created At", .type = "date", .description = "When it was made.", .cell = created_cell}};
        for (Column &column : own) {
            if (!column.cell) column = age;
            columns.push_back(std::move(column));
        }
        return columns;
    }
    for (const Column &column : kind.columns) {
        columns.push_back(column);
        columns.back().cell = path_cell;
    }
    if (kind.columns.empty()) columns.push_back(age);
    return columns;
}

std::string table_text(const TableForm &form, const Kind &kind, const TableHead &head,
                       const std::vector<ObjectPtr> &objects, int64_t now, bool with_columns)
{
    const std::vector<Column> columns = columns_of(kind, form.minor);
    Json metadata = Json::object();
    set(metadata.get(), "resourceVersion", Json::text(head.resource_version));
    if (!head.continue_token.empty()) set(metadata.get(), "continue", Json::text(head.continue_token));
    if (head.remaining > 0) set(metadata.get(), "remainingItemCount", Json::integer(head.remaining));
    std::string text = "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/" + form.version +
                       "\",\"metadata\":" + dump(metadata.get()) + ",\"columnDefinitions\":";
    text += (with_columns ? dump(described(columns).get()) : "null") + ",\"rows\":[";
    for (const ObjectPtr &object : objects)
        text += (text.back() == '[' ? "" : ",") + row_text(form, kind, columns, object, now);
    return text + "]}";
}

bool seconds_of(std::string_view text, int64_t &seconds)
{
    std::tm parts = {};
    const std::string copy(text);
    const char *end = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (!end) return false;
    if (*end == '.')
        for (++end; *end >= '0' && *end <= '9';) ++end;
    int hours = 0, minutes = 0;
    char sign = '+', rest = 0;
    if (std::string_view(end) != "Z" && std::sscanf(end, "%c%2d:%2d%c", &sign, &hours, &minutes, &rest) != 3)
        return false;
    if (sign != '+' && sign != '-') return false;
    const int64_t ahead = (hours * 60 + minutes) * 60;
    seconds = timegm(&parts) - (sign == '+' ? ahead : -ahead);
    return true;
}

std::string human_duration(int64_t seconds)
{
    if (seconds < -1) return "<invalid>";
    if (seconds < 0) return "0s";
    if (seconds < 120) return std::to_string(seconds) + "s";
    const int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24, years = days / 365;
    const auto both = [](int64_t large, const char *unit, int64_t small, const char *small_unit) {
        return std::to_string(large) + unit + (small > 0 ? std::to_string(small) + small_unit : "");
    };
    if (minutes < 10) return both(minutes, "m", seconds % 60, "s");
    if (minutes < 180) return std::to_string(minutes) + "m";
    if (hours < 8) return both(hours, "h", minutes % 60, "m");
    if (hours < 48) return std::to_string(hours) + "h";
    if (hours < 192) return both(days, "d", hours % 24, "h");
    if (days < 730) return std::to_string(days) + "d";
    if (years < 8) return both(years, "y", days % 365, "d");
    return std::to_string(years) + "y";
}

std::string age_of(std::string_view time, int64_t now)
{
    int64_t seconds = 0;
    return seconds_of(time, seconds) ? human_duration(now - seconds) : "<unknown>";
}

}  // namespace k8sc::testing
