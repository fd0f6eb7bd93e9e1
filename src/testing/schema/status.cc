#include "testing/schema/status.h"

#include <set>

#include "testing/base/json.h"
#include "testing/schema/kind.h"

namespace k8sc::testing {

namespace {

Json details_json(const StatusDetails &details)
{
    Json json = Json::object();
    if (!details.name.empty()) set(json.get(), "name", Json::text(details.name));
    if (!details.group.empty()) set(json.get(), "group", Json::text(details.group));
    if (!details.kind.empty()) set(json.get(), "kind", Json::text(details.kind));
    if (!details.uid.empty()) set(json.get(), "uid", Json::text(details.uid));
    if (!details.causes.empty()) {
        Json causes = Json::array();
        for (const StatusCause &cause : details.causes) {
            Json entry = Json::object();
            if (!cause.reason.empty()) set(entry.get(), "reason", Json::text(cause.reason));
            set(entry.get(), "message", Json::text(cause.message));
            if (!cause.field.empty()) set(entry.get(), "field", Json::text(cause.field));
            append(causes.get(), std::move(entry));
        }
        set(json.get(), "causes", std::move(causes));
    }
    if (details.retry_after_seconds > 0)
        set(json.get(), "retryAfterSeconds", Json::integer(details.retry_after_seconds));
    return json;
}

Json status_head(const char *status, const std::string &continue_token)
{
    Json json = Json::object();
    set(json.get(), "kind", Json::text("Status"));
    set(json.get(), "apiVersion", Json::text("v1"));
    Json metadata = Json::object();
    if (!continue_token.empty()) set(metadata.get(), "continue", Json::text(continue_token));
    set(json.get(), "metadata", std::move(metadata));
    set(json.get(), "status", Json::text(status));
    return json;
}

ApiError about(int code, const char *reason, std::string message, StatusDetails details = {})
{
    return {code, reason, std::move(message), std::move(details), {}};
}

}  // namespace

std::string ApiError::json() const
{
    Json json = status_head("Failure", continue_token);
    set(json.get(), "message", Json::text(message));
    if (!reason.empty()) set(json.get(), "reason", Json::text(reason));
    if (details) set(json.get(), "details", details_json(*details));
    set(json.get(), "code", Json::integer(code));
    return dump(json.get());
}

std::string ApiError::watch_frame() const { return "{\"type\":\"ERROR\",\"object\":" + json() + "}\n"; }

const char *reason_for(int code)
{
    switch (code) {
    case 400: return "BadRequest";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "NotFound";
    case 405: return "MethodNotAllowed";
    case 406: return "NotAcceptable";
    case 409: return "Conflict";
    case 410: return "Expired";
    case 413: return "RequestEntityTooLarge";
    case 415: return "UnsupportedMediaType";
    case 422: return "Invalid";
    case 429: return "TooManyRequests";
    case 500: return "InternalError";
    case 503: return "ServiceUnavailable";
    case 504: return "Timeout";
    default: return "";
    }
}

ApiError bad_request(std::string message) { return {400, "BadRequest", std::move(message), {}, {}}; }

ApiError unauthorized() { return {401, "Unauthorized", "Unauthorized", {}, {}}; }

ApiError no_such_resource() { return about(404, "NotFound", "the server could not find the requested resource"); }

ApiError method_not_allowed()
{
    return about(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
}

ApiError not_acceptable()
{
    return {406, "NotAcceptable", "only the following media types are accepted: application/json", {}, {}};
}

ApiError unsupported_media_type(const std::string &type, const std::string &accepted)
{
    return {415,
            "UnsupportedMediaType",
            "the body of the request was in an unknown format (" + type +
                ") - accepted media types include: " + accepted,
            {},
            {}};
}

ApiError not_found(const Kind &kind, const std::string &name)
{
    return about(404, "NotFound", kind.resource() + " \"" + name + "\" not found",
                 {.name = name, .group = kind.group, .kind = kind.plural});
}

ApiError already_exists(const Kind &kind, const std::string &name)
{
    return about(409, "AlreadyExists", kind.resource() + " \"" + name + "\" already exists",
                 {.name = name, .group = kind.group, .kind = kind.plural});
}

ApiError conflict(const Kind &kind, const std::string &name, const std::string &why)
{
    return about(409, "Conflict", "Operation cannot be fulfilled on " + kind.resource() + " \"" + name + "\": " + why,
                 {.name = name, .group = kind.group, .kind = kind.plural});
}

ApiError invalid(const Kind &kind, const std::string &name, StatusCause cause)
{
    return invalid(kind, name, std::vector<StatusCause>{std::move(cause)});
}

ApiError invalid(const Kind &kind, const std::string &name, std::vector<StatusCause> causes)
{
    const std::string qualified = kind.group.empty() ? kind.kind : kind.kind + "." + kind.group;
    std::string why;
    std::set<std::string> told;  // what is there twice is said once
    for (const StatusCause &cause : causes)
        if (const std::string one = cause.field + ": " + cause.message; told.insert(one).second)
            why += (why.empty() ? "" : ", ") + one;
    if (told.size() > 1) why = "[" + why + "]";
    return about(422, "Invalid", qualified + " \"" + name + "\" is invalid: " + why,
                 {.name = name, .group = kind.group, .kind = kind.kind, .causes = std::move(causes)});
}

ApiError invalid_options(const std::string &options, StatusCause cause)
{
    std::string message = options + ".meta.k8s.io \"\" is invalid: " + cause.field + ": " + cause.message;
    return about(422, "Invalid", std::move(message),
                 {.group = "meta.k8s.io", .kind = options, .causes = {std::move(cause)}});
}

ApiError expired(std::string message) { return {410, "Expired", std::move(message), {}, {}}; }

ApiError too_large_resource_version(int64_t wanted, int64_t current)
{
    StatusDetails details;
    details.causes.push_back({"ResourceVersionTooLarge", "Too large resource version", ""});
    details.retry_after_seconds = 1;
    return about(504, "Timeout",
                 "Timeout: Too large resource version: " + std::to_string(wanted) +
                     ", current: " + std::to_string(current),
                 std::move(details));
}

ApiError internal(std::string message) { return {500, "", std::move(message), {}, {}}; }

StatusCause invalid_value(std::string field, const std::string &shown, const std::string &why)
{
    return {"FieldValueInvalid", "Invalid value: " + shown + ": " + why, std::move(field)};
}

StatusCause required_value(std::string field, const std::string &why)
{
    return {"FieldValueRequired", why.empty() ? "Required value" : "Required value: " + why, std::move(field)};
}

StatusCause unsupported_value(std::string field, const std::string &shown, const std::string &supported)
{
    return {"FieldValueNotSupported", "Unsupported value: " + shown + ": supported values: " + supported,
            std::move(field)};
}

StatusCause forbidden(std::string field, const std::string &why)
{
    return {"FieldValueForbidden", "Forbidden: " + why, std::move(field)};
}

std::string success_status(const Kind &kind, const std::string &name, const std::string &uid)
{
    Json json = status_head("Success", "");
    set(json.get(), "details", details_json({.name = name, .group = kind.group, .kind = kind.plural, .uid = uid}));
    return dump(json.get());
}

}  // namespace k8sc::testing
