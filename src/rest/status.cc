#include "rest/status.h"

#include "auth/secrets.h"
#include "core/visible.h"
#include "rest/retry.h"

namespace k8sc {
namespace {

// Of a body that is not a Status, at most so much goes into the message.
constexpr size_t quoted_body = 2048;

std::string_view reason_for(int status, std::string_view method)
{
    switch (status) {
    case 400: return "BadRequest";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "NotFound";
    case 405: return "MethodNotAllowed";
    case 406: return "NotAcceptable";
    case 409: return method == "POST" ? "AlreadyExists" : "Conflict";
    case 410: return "Gone";
    case 413: return "RequestEntityTooLarge";
    case 415: return "UnsupportedMediaType";
    case 422: return "Invalid";
    case 429: return "TooManyRequests";
    case 503: return "ServiceUnavailable";
    case 504: return "Timeout";
    default: return status >= 500 ? "InternalError" : "";
    }
}

std::string text(Cursor value) { return visible(value.string().value_or("")); }

bool try_status(const std::string &body, Error &error)
{
    if (body.find_first_not_of(" \t\r\n") == std::string::npos || body[body.find_first_not_of(" \t\r\n")] != '{')
        return false;
    try {
        Ref<Object> object = Object::parse(body);
        if (!is_failure_status(*object)) return false;
        Error from = error_from_status(*object);
        from.http_status = error.http_status;
        error = std::move(from);
        return true;
    } catch (const Error &) {
        // Not JSON after all: the generic error says what came.
        return false;
    }
}

}  // namespace

bool is_failure_status(const Object &object)
{
    Cursor root = object.root();
    return text(root.member("kind")) == "Status" && text(root.member("status")) == "Failure";
}

Error error_from_status(const Object &status)
{
    Cursor root = status.root();
    Error error(K8SC_E_API, text(root.member("message")));
    error.reason = text(root.member("reason"));
    if (auto code = root.member("code").integer(); code && *code > 0 && *code <= INT32_MAX)
        error.status_code = static_cast<int32_t>(*code);
    // Where it is not an answer's, there is no other.
    error.http_status = error.status_code;
    error.status_json = status.json();
    Cursor details = root.member("details");
    if (auto seconds = details.member("retryAfterSeconds").integer(); seconds && *seconds > 0)
        error.retry_after_ms = *seconds * 1000;
    details.member("causes").each([&](std::string_view, Cursor cause) {
        error.causes.push_back(
            {text(cause.member("reason")), text(cause.member("field")), text(cause.member("message"))});
        return true;
    });
    if (error.message.empty())
        error.message = error.reason.empty() ? "the server refused without a message" : error.reason;
    return error;
}

Error error_from_answer(const RequestName &name, const HttpHead &head, const std::string &body)
{
    Error error(K8SC_E_API, "");
    error.http_status = head.status;
    if (!try_status(body, error)) {
        error.reason = reason_for(head.status, name.method);
        const std::string *type = head.header("content-type");
        std::string kind = type ? type->substr(0, type->find(';')) : "no content type";
        error.message = "the server answered with HTTP status " + std::to_string(head.status) + " and no Status object";
        if (!body.empty())
            error.message +=
                concat(" but ", visible(kind), ": ",
                       may_hold_secrets(name.url) ? "(an answer that may hold secrets)" : quote(body, quoted_body));
    }
    if (int64_t wait = retry_after_ms(head); wait >= 0 && error.retry_after_ms < 0) error.retry_after_ms = wait;
    return named(std::move(error), name);
}

Error named(Error error, const RequestName &name)
{
    std::string message = name.what.empty() ? error.message : name.what + ": " + error.message;
    message += " (";
    if (error.http_status) message += "HTTP " + std::to_string(error.http_status);
    if (error.http_status && error.status_code && error.status_code != error.http_status)
        message += ", code " + std::to_string(error.status_code);
    if (error.http_status && !error.reason.empty()) message += " " + error.reason;
    if (error.http_status) message += "; ";
    message += name.method + " " + name.url + ")";
    error.message = std::move(message);
    return error;
}

}  // namespace k8sc
