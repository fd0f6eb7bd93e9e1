// The request builder: client-go's rest.Request.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "queue/event.h"
#include "rest/call.h"
#include "rest/list_bounds.h"

struct k8sc_request {
  public:
    // `prefix` is "/api/v1" or "/apis/<group>/<version>".
    k8sc_request(k8sc::Ref<k8sc::Client> client, std::string method, std::string prefix)
        : client_(std::move(client)), method_(std::move(method)), prefix_(std::move(prefix))
    {
    }

    // All fail with K8SC_E_INVALID.
    void set_namespace(std::string_view name);
    void set_resource(std::string_view resource);
    void set_name(std::string_view name);
    void set_subresource(std::string_view subresource);
    void set_suffix(std::string_view suffix);
    void set_abs_path(std::string_view path);
    void set_request_uri(std::string_view uri);
    // Below the path of the server's URL.
    void set_relative_uri(std::string_view uri);
    void add_param(std::string_view name, std::string_view value) { query_.add(name, value); }
    void set_header(std::string_view name, std::string_view value);
    void set_body(std::string body, std::string content_type);
    void set_content_type(std::string type) { content_type_ = std::move(type); }
    void set_timeout(int64_t timeout_ms) { timeout_ms_ = timeout_ms; }
    // Goes before the policy's number, whichever is set first.
    void set_max_retries(int32_t retries) { max_retries_ = retries < 0 ? 0 : retries; }
    void set_retry_policy(std::optional<k8sc::RetryPolicy> policy) { retry_ = std::move(policy); }
    void set_cancel(k8sc::Cancel *cancel) { cancel_ = k8sc::Ref<k8sc::Cancel>(cancel); }
    // The verb that messages use instead of the HTTP method: "list", "watch".
    void set_verb(std::string verb) { verb_ = std::move(verb); }
    // The name of the object in the body, for messages about a request whose path has none.
    void set_body_name(std::string_view name) { body_name_ = name; }

    const k8sc::Ref<k8sc::Client> &client() const { return client_; }
    std::string url() const;
    // What is to be sent. Fails where the parts do not make a request.
    k8sc::CallSpec spec() const;

    // The first failure of a setter, for the functions whose setters cannot report.
    std::optional<k8sc::Error> failure;
    std::string url_text;  // what k8sc_request_url handed out

  private:
    // That of the server's URL.
    std::string base_path() const;
    std::string path() const;
    std::string what() const;
    k8sc::RequestTarget target() const;
    // Its path; its parameters are added.
    std::string_view take_uri(std::string_view uri);
    void check() const;

    k8sc::Ref<k8sc::Client> client_;
    std::string method_;
    std::string verb_;
    std::string body_name_;
    std::string prefix_;
    std::optional<std::string> namespace_;
    std::string resource_, name_, subresource_, suffix_, abs_path_, request_path_;
    k8sc::Query query_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::string body_;
    std::string content_type_;
    bool has_body_ = false;
    int64_t timeout_ms_ = -2;  // -2: the configuration's
    std::optional<int32_t> max_retries_;
    std::optional<k8sc::RetryPolicy> retry_;  // nothing: the configuration's
    k8sc::Ref<k8sc::Cancel> cancel_;
};

// The answer to a request, complete.
struct k8sc_result : public k8sc::Payload {
    k8sc::HttpHead head;
    std::string body;
    std::string method;
    std::string url;
    k8sc::ListBounds bounds;
    int64_t throttled_ms = 0;
    int32_t attempts = 0;
    std::vector<std::string> warnings;
};

namespace k8sc {

using Request = ::k8sc_request;
using Result = ::k8sc_result;

// "/api/v1" for the core group, "/apis/<group>/<version>" otherwise. Fails with K8SC_E_INVALID.
std::string api_prefix(std::string_view group, std::string_view version);
// The content type of one of K8SC_PATCH_. Fails with K8SC_E_INVALID.
std::string patch_content_type(int32_t patch_type);
// A duration as Go writes it: "1m30s".
std::string go_duration(int64_t ms);

}  // namespace k8sc
