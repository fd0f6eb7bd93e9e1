// k8sc_options_*.
#include "resource/options.h"

#include "api/guard.h"
#include "core/selector.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

constexpr size_t longest_field_manager = 128;

// Runs a setter's body on options and a value that are there.
template <class Value, class Set>
k8sc_status set_text(k8sc_options *options, const Value *value, const char *name, k8sc_error **err, Set &&set)
{
    return guard(err, [&] {
        need(options, "options");
        need(value, name);
        set(std::string(value));
    });
}

template <class Set>
k8sc_status set(k8sc_options *options, k8sc_error **err, Set &&set)
{
    return guard(err, [&] {
        need(options, "options");
        set();
    });
}

void need_not_negative(const char *name, int64_t value)
{
    if (value < 0) fail(K8SC_E_INVALID, concat(name, " is ", std::to_string(value), "; it must be at least 0"));
}

void need_one_of(const char *name, const std::string &value, std::initializer_list<std::string_view> allowed)
{
    std::string list;
    for (auto one : allowed) {
        if (value == one) return;
        list += concat(list.empty() ? "" : ", ", one);
    }
    fail(K8SC_E_INVALID, concat(name, " is ", quote(value), "; it must be one of ", list));
}

}  // namespace

extern "C" {

k8sc_status k8sc_options_new(k8sc_options **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = new Options;
    });
}

void k8sc_options_free(k8sc_options *options) { delete options; }

k8sc_status k8sc_options_set_label_selector(k8sc_options *options, const char *selector, k8sc_error **err)
{
    return set_text(options, selector, "selector", err, [&](std::string text) {
        LabelSelector::parse(text);
        options->label_selector = std::move(text);
    });
}

k8sc_status k8sc_options_set_field_selector(k8sc_options *options, const char *selector, k8sc_error **err)
{
    return set_text(options, selector, "selector", err, [&](std::string text) {
        FieldSelector::parse(text);
        options->field_selector = std::move(text);
    });
}

k8sc_status k8sc_options_set_limit(k8sc_options *options, int64_t limit, k8sc_error **err)
{
    return set(options, err, [&] {
        need_not_negative("limit", limit);
        options->limit = limit;
    });
}

k8sc_status k8sc_options_set_continue(k8sc_options *options, const char *token, k8sc_error **err)
{
    return set_text(options, token, "token", err, [&](std::string text) { options->continue_token = std::move(text); });
}

k8sc_status k8sc_options_set_resource_version(k8sc_options *options, const char *version, k8sc_error **err)
{
    return set_text(options, version, "version", err,
                    [&](std::string text) { options->resource_version = std::move(text); });
}

k8sc_status k8sc_options_set_resource_version_match(k8sc_options *options, const char *match, k8sc_error **err)
{
    return set_text(options, match, "match", err, [&](std::string text) {
        need_one_of("match", text, {"NotOlderThan", "Exact"});
        options->resource_version_match = std::move(text);
    });
}

k8sc_status k8sc_options_set_timeout_seconds(k8sc_options *options, int64_t seconds, k8sc_error **err)
{
    return set(options, err, [&] {
        need_not_negative("seconds", seconds);
        options->timeout_seconds = seconds;
    });
}

k8sc_status k8sc_options_set_allow_watch_bookmarks(k8sc_options *options, int allow, k8sc_error **err)
{
    return set(options, err, [&] { options->allow_watch_bookmarks = allow != 0; });
}

k8sc_status k8sc_options_set_dry_run(k8sc_options *options, int dry_run, k8sc_error **err)
{
    return set(options, err, [&] { options->dry_run = dry_run != 0; });
}

k8sc_status k8sc_options_set_field_manager(k8sc_options *options, const char *name, k8sc_error **err)
{
    return set_text(options, name, "name", err, [&](std::string text) {
        if (text.size() > longest_field_manager)
            fail(K8SC_E_INVALID, concat("field manager ", quote(text), " has more than 128 characters"));
        for (char c : text)
            if (static_cast<unsigned char>(c) < ' ' || c == 0x7f)
                fail(K8SC_E_INVALID, concat("field manager ", quote(text), " holds a control character"));
        options->field_manager = std::move(text);
    });
}

k8sc_status k8sc_options_set_field_validation(k8sc_options *options, const char *directive, k8sc_error **err)
{
    return set_text(options, directive, "directive", err, [&](std::string text) {
        need_one_of("directive", text, {"Ignore", "Warn", "Strict"});
        options->field_validation = std::move(text);
    });
}

k8sc_status k8sc_options_set_force(k8sc_options *options, int force, k8sc_error **err)
{
    return set(options, err, [&] { options->force = force != 0; });
}

k8sc_status k8sc_options_set_propagation_policy(k8sc_options *options, const char *policy, k8sc_error **err)
{
    return set_text(options, policy, "policy", err, [&](std::string text) {
        need_one_of("policy", text, {"Orphan", "Background", "Foreground"});
        options->propagation_policy = std::move(text);
    });
}

k8sc_status k8sc_options_set_grace_period_seconds(k8sc_options *options, int64_t seconds, k8sc_error **err)
{
    return set(options, err, [&] {
        need_not_negative("seconds", seconds);
        options->grace_period_seconds = seconds;
    });
}

k8sc_status k8sc_options_set_precondition_uid(k8sc_options *options, const char *uid, k8sc_error **err)
{
    return set_text(options, uid, "uid", err, [&](std::string text) { options->precondition_uid = std::move(text); });
}

k8sc_status k8sc_options_set_precondition_resource_version(k8sc_options *options, const char *version, k8sc_error **err)
{
    return set_text(options, version, "version", err,
                    [&](std::string text) { options->precondition_resource_version = std::move(text); });
}

k8sc_status k8sc_options_set_subresource(k8sc_options *options, const char *subresource, k8sc_error **err)
{
    return set_text(options, subresource, "subresource", err, [&](std::string text) {
        // The rules are the request's; ask it.
        Request(nullptr, "GET", "").set_subresource(text);
        options->subresource = std::move(text);
    });
}

k8sc_status k8sc_options_set_timeout(k8sc_options *options, int64_t timeout_ms, k8sc_error **err)
{
    return set(options, err, [&] {
        need_timeout(timeout_ms);
        options->timeout_ms = timeout_ms;
    });
}

k8sc_status k8sc_options_set_idle_timeout(k8sc_options *options, int64_t timeout_ms, k8sc_error **err)
{
    return set(options, err, [&] {
        need_timeout(timeout_ms);
        options->idle_timeout_ms = timeout_ms;
    });
}

k8sc_status k8sc_options_set_cancel(k8sc_options *options, k8sc_cancel *cancel, k8sc_error **err)
{
    return set(options, err, [&] {
        if (cancel) need_handle(cancel, "cancel");
        options->cancel = Ref<Cancel>(cancel);
    });
}

k8sc_status k8sc_options_set_max_retries(k8sc_options *options, int32_t retries, k8sc_error **err)
{
    return set(options, err, [&] {
        need_not_negative("retries", retries);
        options->max_retries = retries;
    });
}

k8sc_status k8sc_options_set_queue(k8sc_options *options, k8sc_queue *queue, k8sc_error **err)
{
    return set(options, err, [&] {
        if (queue) need_handle(queue, "queue");
        options->queue = Ref<Queue>(queue);
    });
}

}  // extern "C"
