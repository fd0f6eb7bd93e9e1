// k8sc_error_*, k8sc_status_name, k8sc_version.
#include "api/error.h"

#include "api/guard.h"

namespace k8sc::api {

namespace {

// Made when the library is loaded, where failing to allocate can still be survived by nobody needing it.
Error nomem(K8SC_E_NOMEM, "out of memory");

}  // namespace

Error *out_of_memory() noexcept { return &nomem; }

}  // namespace k8sc::api

using namespace k8sc;
using namespace k8sc::api;

extern "C" {

const char *k8sc_version(void) { return K8SC_VERSION; }

int32_t k8sc_version_number(void) { return K8SC_VERSION_NUMBER; }

const char *k8sc_status_name(k8sc_status status)
{
    switch (status) {
    case K8SC_OK: return "K8SC_OK";
    case K8SC_E_INVALID: return "K8SC_E_INVALID";
    case K8SC_E_NOMEM: return "K8SC_E_NOMEM";
    case K8SC_E_CLOSED: return "K8SC_E_CLOSED";
    case K8SC_E_FORKED: return "K8SC_E_FORKED";
    case K8SC_E_BUSY: return "K8SC_E_BUSY";
    case K8SC_E_REENTRANT: return "K8SC_E_REENTRANT";
    case K8SC_E_CALLBACK: return "K8SC_E_CALLBACK";
    case K8SC_E_CANCELLED: return "K8SC_E_CANCELLED";
    case K8SC_E_TIMEOUT: return "K8SC_E_TIMEOUT";
    case K8SC_E_STATE: return "K8SC_E_STATE";
    case K8SC_E_IO: return "K8SC_E_IO";
    case K8SC_E_CONFIG: return "K8SC_E_CONFIG";
    case K8SC_E_NOT_IN_CLUSTER: return "K8SC_E_NOT_IN_CLUSTER";
    case K8SC_E_PARSE: return "K8SC_E_PARSE";
    case K8SC_E_RESOLVE: return "K8SC_E_RESOLVE";
    case K8SC_E_CONNECT: return "K8SC_E_CONNECT";
    case K8SC_E_TLS: return "K8SC_E_TLS";
    case K8SC_E_TRANSPORT: return "K8SC_E_TRANSPORT";
    case K8SC_E_DECODE: return "K8SC_E_DECODE";
    case K8SC_E_TOO_LARGE: return "K8SC_E_TOO_LARGE";
    case K8SC_E_API: return "K8SC_E_API";
    case K8SC_E_INTERNAL: return "K8SC_E_INTERNAL";
    case K8SC_E_CREDENTIALS: return "K8SC_E_CREDENTIALS";
    case K8SC_E_UNKNOWN_KIND: return "K8SC_E_UNKNOWN_KIND";
    default: return "K8SC_E_?";
    }
}

k8sc_error *k8sc_error_new(k8sc_status code, const char *message)
{
    return guard_value<k8sc_error *>(nullptr, [&]() -> k8sc_error * {
        if (code >= 0) return nullptr;
        return new Error(code, message ? message : k8sc_status_name(code));
    });
}

k8sc_error *k8sc_error_copy(const k8sc_error *error)
{
    return guard_value<k8sc_error *>(nullptr, [&]() -> k8sc_error * { return error ? new Error(*error) : nullptr; });
}

void k8sc_error_free(k8sc_error *error)
{
    if (error != out_of_memory()) delete error;
}

k8sc_status k8sc_error_code(const k8sc_error *error) { return error ? error->code : K8SC_OK; }

const char *k8sc_error_message(const k8sc_error *error) { return error ? error->message.c_str() : "no error"; }

int32_t k8sc_error_http_status(const k8sc_error *error) { return error ? error->http_status : 0; }

const char *k8sc_error_reason(const k8sc_error *error) { return error ? error->reason.c_str() : ""; }

int32_t k8sc_error_cause_count(const k8sc_error *error)
{
    return error ? static_cast<int32_t>(error->causes.size()) : 0;
}

static const Cause *cause_at(const k8sc_error *error, int32_t index)
{
    if (!error || index < 0 || static_cast<size_t>(index) >= error->causes.size()) return nullptr;
    return &error->causes[static_cast<size_t>(index)];
}

const char *k8sc_error_cause_type(const k8sc_error *error, int32_t index)
{
    const Cause *cause = cause_at(error, index);
    return cause ? cause->type.c_str() : nullptr;
}

const char *k8sc_error_cause_field(const k8sc_error *error, int32_t index)
{
    const Cause *cause = cause_at(error, index);
    return cause ? cause->field.c_str() : nullptr;
}

const char *k8sc_error_cause_message(const k8sc_error *error, int32_t index)
{
    const Cause *cause = cause_at(error, index);
    return cause ? cause->message.c_str() : nullptr;
}

int64_t k8sc_error_retry_after_ms(const k8sc_error *error) { return error ? error->retry_after_ms : -1; }

const char *k8sc_error_status_json(const k8sc_error *error)
{
    return error && !error->status_json.empty() ? error->status_json.c_str() : nullptr;
}

int k8sc_error_is_not_found(const k8sc_error *error) { return error && is_not_found(*error); }

int k8sc_error_is_already_exists(const k8sc_error *error) { return error && error->reason == "AlreadyExists"; }

int k8sc_error_is_conflict(const k8sc_error *error) { return error && has_reason(*error, "Conflict", 409); }

int k8sc_error_is_invalid(const k8sc_error *error) { return error && has_reason(*error, "Invalid", 422); }

int k8sc_error_is_gone(const k8sc_error *error) { return error && is_gone(*error); }

int k8sc_error_is_forbidden(const k8sc_error *error) { return error && has_reason(*error, "Forbidden", 403); }

int k8sc_error_is_unauthorized(const k8sc_error *error) { return error && has_reason(*error, "Unauthorized", 401); }

int k8sc_error_is_too_many_requests(const k8sc_error *error) { return error && is_too_many_requests(*error); }

int k8sc_error_is_timeout(const k8sc_error *error) { return error && is_timeout(*error); }

int k8sc_error_is_retriable(const k8sc_error *error) { return error && is_retriable(*error); }

int k8sc_error_is_not_processed(const k8sc_error *error) { return error && error->not_processed; }

}  // extern "C"
