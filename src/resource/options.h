// The options of one call, and which verb takes which.
#pragma once

#include <optional>
#include <string>

#include "net/cancel.h"
#include "queue/queue.h"
#include "rest/request.h"

namespace k8sc {

enum Verb : uint32_t {
    verb_create = 1,
    verb_update = 2,
    verb_patch = 4,
    verb_apply = 8,
    verb_delete = 16,
    verb_delete_collection = 32,
    verb_get = 64,
    verb_list = 128,
    verb_watch = 256,
};

std::string_view verb_name(Verb verb);

}  // namespace k8sc

struct k8sc_options {
    std::optional<std::string> label_selector, field_selector;
    std::optional<int64_t> limit;
    std::optional<std::string> continue_token;
    std::optional<std::string> resource_version, resource_version_match;
    std::optional<int64_t> timeout_seconds;
    std::optional<bool> allow_watch_bookmarks;
    std::optional<bool> send_initial_events;  // of informers; no setter
    std::optional<bool> dry_run;
    std::optional<std::string> field_manager, field_validation;
    std::optional<bool> force;
    std::optional<std::string> propagation_policy;
    std::optional<int64_t> grace_period_seconds;
    std::optional<std::string> precondition_uid, precondition_resource_version;
    std::optional<std::string> subresource;
    std::optional<int64_t> timeout_ms;
    std::optional<int64_t> idle_timeout_ms;
    std::optional<int32_t> max_retries;
    std::optional<k8sc::RetryPolicy> retry;
    k8sc::Ref<k8sc::Cancel> cancel;
    k8sc::Ref<k8sc::Queue> queue;

    bool operator==(const k8sc_options &) const = default;
    // Fails with K8SC_E_INVALID where an option does not apply to the verb, or two contradict each other.
    void check(k8sc::Verb verb) const;
    // Puts what goes into the URL, and the deadline, retries and cancel token, into a request.
    void apply_to(k8sc::Request &request, k8sc::Verb verb) const;
    // The DeleteOptions object that goes into a body.
    std::string delete_options() const;
};

namespace k8sc {

using Options = ::k8sc_options;

}  // namespace k8sc
