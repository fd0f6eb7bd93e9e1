// The errors that the server answers: Kubernetes' Status with its reasons and its wording.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace k8sc::testing {

struct Kind;

struct StatusCause {
    std::string reason;
    std::string message;
    std::string field;
};

struct StatusDetails {
    std::string name = {};
    std::string group = {};
    std::string kind = {};
    std::string uid = {};
    std::vector<StatusCause> causes = {};
    int retry_after_seconds = 0;
};

// Thrown by whatever handles a request.
struct ApiError {
    int code = 500;
    std::string reason;
    std::string message;
    std::optional<StatusDetails> details;
    std::string continue_token;

    // The Status, as JSON text without a line end.
    std::string json() const;
    // The frame that a watch tells it with: {"type":"ERROR","object":...}, and the end of the line.
    std::string watch_frame() const;
};

// The reason that goes with an HTTP status where nobody names one.
const char *reason_for(int code);

ApiError bad_request(std::string message);
ApiError unauthorized();
ApiError no_such_resource();
ApiError method_not_allowed();
ApiError not_acceptable();
ApiError unsupported_media_type(const std::string &type, const std::string &accepted);
ApiError not_found(const Kind &kind, const std::string &name);
ApiError already_exists(const Kind &kind, const std::string &name);
// `why` is the end of the message: "the object has been modified; ...".
ApiError conflict(const Kind &kind, const std::string &name, const std::string &why);
// One field of an object of this kind, or of options such as "CreateOptions", is wrong.
ApiError invalid(const Kind &kind, const std::string &name, StatusCause cause);
// Several at once; one at least.
ApiError invalid(const Kind &kind, const std::string &name, std::vector<StatusCause> causes);
ApiError invalid_options(const std::string &options, StatusCause cause);
ApiError expired(std::string message);
ApiError too_large_resource_version(int64_t wanted, int64_t current);
// An error that real servers give no reason for.
ApiError internal(std::string message);

StatusCause invalid_value(std::string field, const std::string &shown, const std::string &why);
StatusCause required_value(std::string field, const std::string &why);
StatusCause unsupported_value(std::string field, const std::string &shown, const std::string &supported);
StatusCause forbidden(std::string field, const std::string &why);

// The Status of a delete that worked.
std::string success_status(const Kind &kind, const std::string &name, const std::string &uid);

}  // namespace k8sc::testing
