#include "resource/options.h"

#include "json/cursor.h"

using namespace k8sc;

std::string_view k8sc::verb_name(Verb verb)
{
    switch (verb) {
    case verb_create: return "create";
    case verb_update: return "update";
    case verb_patch: return "patch";
    case verb_apply: return "apply";
    case verb_delete: return "delete";
    case verb_delete_collection: return "delete collection";
    case verb_get: return "get";
    case verb_list: return "list";
    case verb_watch: return "watch";
    }
    return "?";
}

void k8sc_options::check(Verb verb) const
{
    constexpr uint32_t selecting = verb_list | verb_watch | verb_delete_collection;
    constexpr uint32_t deleting = verb_delete | verb_delete_collection;
    constexpr uint32_t writing = verb_create | verb_update | verb_patch | verb_apply;
    struct Rule {
        const char *name;
        bool set;
        uint32_t verbs;
    };
    const Rule rules[] = {
        {"label_selector", label_selector.has_value(), selecting},
        {"field_selector", field_selector.has_value(), selecting},
        {"limit", limit.has_value(), verb_list | verb_delete_collection},
        {"continue", continue_token.has_value(), verb_list | verb_delete_collection},
        {"resource_version", resource_version.has_value(), selecting | verb_get},
        {"resource_version_match", resource_version_match.has_value(), selecting},
        {"timeout_seconds", timeout_seconds.has_value(), selecting},
        {"allow_watch_bookmarks", allow_watch_bookmarks.has_value(), verb_watch},
        {"send_initial_events", send_initial_events.has_value(), verb_watch},
        {"dry_run", dry_run.has_value(), writing | deleting},
        {"field_manager", field_manager.has_value(), writing},
        {"field_validation", field_validation.has_value(), verb_create | verb_update | verb_patch},
        {"force", force.has_value(), verb_patch | verb_apply},
        {"propagation_policy", propagation_policy.has_value(), deleting},
        {"grace_period_seconds", grace_period_seconds.has_value(), deleting},
        {"precondition_uid", precondition_uid.has_value(), deleting},
        {"precondition_resource_version", precondition_resource_version.has_value(), deleting},
        {"subresource", subresource.has_value(), writing | verb_get | verb_delete},
        {"idle_timeout", idle_timeout_ms.has_value(), verb_watch},
        {"queue", bool(queue), verb_watch},
    };
    for (auto &rule : rules)
        if (rule.set && !(rule.verbs & verb))
            fail(K8SC_E_INVALID, concat("option ", rule.name, " does not apply to ", verb_name(verb)));

    // What a server would refuse anyway, said before anything is sent.
    // With initial events it is all that such a watch can be, and needs no version.
    if (!resource_version_match || send_initial_events) return;
    if (verb == verb_watch)
        fail(K8SC_E_INVALID, "option resource_version_match does not apply to watch without initial events");
    if (continue_token && !continue_token->empty())
        fail(K8SC_E_INVALID, "option resource_version_match cannot go with continue");
    if (!resource_version || resource_version->empty())
        fail(K8SC_E_INVALID, "option resource_version_match needs resource_version");
    if (*resource_version_match == "Exact" && *resource_version == "0")
        fail(K8SC_E_INVALID, "option resource_version_match Exact cannot go with resource_version 0");
}

void k8sc_options::apply_to(Request &request, Verb verb) const
{
    check(verb);
    auto text = [&](const char *name, const std::optional<std::string> &value) {
        if (value && !value->empty()) request.add_param(name, *value);
    };
    text("labelSelector", label_selector);
    text("fieldSelector", field_selector);
    if (limit && *limit > 0) request.add_param("limit", std::to_string(*limit));
    text("continue", continue_token);
    text("resourceVersion", resource_version);
    text("resourceVersionMatch", resource_version_match);
    if (timeout_seconds) request.add_param("timeoutSeconds", std::to_string(*timeout_seconds));
    if (allow_watch_bookmarks && *allow_watch_bookmarks) request.add_param("allowWatchBookmarks", "true");
    if (send_initial_events) request.add_param("sendInitialEvents", *send_initial_events ? "true" : "false");
    bool in_body = verb == verb_delete || verb == verb_delete_collection;
    if (dry_run && *dry_run && !in_body) request.add_param("dryRun", "All");
    text("fieldManager", field_manager);
    text("fieldValidation", field_validation);
    if (force) request.add_param("force", *force ? "true" : "false");
    if (subresource && !subresource->empty()) request.set_subresource(*subresource);
    if (timeout_ms) request.set_timeout(*timeout_ms);
    if (retry) request.set_retry_policy(retry);
    if (max_retries) request.set_max_retries(*max_retries);
    if (cancel) request.set_cancel(cancel.get());
}

std::string k8sc_options::delete_options() const
{
    std::string out = R"({"kind":"DeleteOptions","apiVersion":"v1")";
    if (grace_period_seconds) out += ",\"gracePeriodSeconds\":" + std::to_string(*grace_period_seconds);
    if (precondition_uid || precondition_resource_version) {
        out += ",\"preconditions\":{";
        if (precondition_uid) out += "\"uid\":" + json_quoted(*precondition_uid);
        if (precondition_uid && precondition_resource_version) out += ",";
        if (precondition_resource_version) out += "\"resourceVersion\":" + json_quoted(*precondition_resource_version);
        out += "}";
    }
    if (propagation_policy) out += ",\"propagationPolicy\":" + json_quoted(*propagation_policy);
    if (dry_run && *dry_run) out += ",\"dryRun\":[\"All\"]";
    return out + "}";
}
