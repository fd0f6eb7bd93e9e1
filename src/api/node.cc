// k8sc_node_*.
#include "api/guard.h"
#include "core/duration.h"
#include "core/pem.h"
#include "core/quantity.h"
#include "core/wall_clock.h"
#include "json/draft.h"
#include "json/write.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

// Runs what changes a draft, and leaves its failure there.
template <class Run>
k8sc_status edit(k8sc_node node, const char *path, Run &&run) noexcept
{
    k8sc_error *failure = nullptr;
    k8sc_status status = guard(&failure, [&] {
        need(node.draft, "node");
        need(path, "path");
        run(*node.draft);
    });
    // An error that could not be made leaves at least its code.
    if (status < 0 && node.draft)
        guard(nullptr, [&] { node.draft->keep_failure(failure ? *failure : Error(status, "")); });
    k8sc_error_free(failure);
    return status;
}

template <class Run>
k8sc_node find(k8sc_node node, const char *path, Run &&run) noexcept
{
    k8sc_node found = {nullptr, 0};
    edit(node, path, [&](Draft &draft) {
        found.id = run(draft);
        found.draft = node.draft;
    });
    return found;
}

// What goes wrong with a value says where.
template <class Make>
auto value_for(const char *path, Make &&make)
{
    try {
        return make();
    } catch (Error &error) {
        error.message = concat("path ", quote(path), ": ", error.message);
        throw;
    }
}

}  // namespace

extern "C" {

k8sc_node k8sc_draft_root(k8sc_draft *draft) { return {draft, 0}; }

const k8sc_error *k8sc_draft_failure(const k8sc_draft *draft) { return draft ? draft->failure() : nullptr; }

k8sc_node k8sc_node_edit(k8sc_node node, const char *path)
{
    return find(node, path, [&](Draft &draft) { return draft.edit_node(node.id, path); });
}

k8sc_node k8sc_node_element(k8sc_node node, const char *path, int64_t index)
{
    return find(node, path, [&](Draft &draft) {
        if (index < 0)
            fail(K8SC_E_INVALID, concat("path ", quote(path), ": index ", std::to_string(index), " is below 0"));
        return draft.element_node(node.id, path, static_cast<uint64_t>(index));
    });
}

k8sc_node k8sc_node_append(k8sc_node node, const char *path)
{
    return find(node, path, [&](Draft &draft) { return draft.append_node(node.id, path); });
}

k8sc_node k8sc_node_member(k8sc_node node, const char *path, const char *key)
{
    return find(node, path, [&](Draft &draft) {
        need(key, "key");
        return draft.member_node(node.id, path, key);
    });
}

k8sc_status k8sc_node_append_str(k8sc_node node, const char *path, const char *value)
{
    return edit(node, path, [&](Draft &draft) {
        need(value, "value");
        draft.append_text(node.id, path, value);
    });
}

k8sc_status k8sc_node_append_int(k8sc_node node, const char *path, int64_t value)
{
    return edit(node, path, [&](Draft &draft) { draft.append_value(node.id, path, own(json_integer(value))); });
}

k8sc_status k8sc_node_set_str(k8sc_node node, const char *path, const char *key, const char *value)
{
    return edit(node, path, [&](Draft &draft) {
        if (!value) fail(K8SC_E_INVALID, concat("path ", quote(path), ": the value is NULL"));
        draft.set_text_at(node.id, path, key, value);
    });
}

k8sc_status k8sc_node_set_strn(k8sc_node node, const char *path, const char *key, const char *value, size_t len)
{
    return edit(node, path, [&](Draft &draft) {
        if (!value) fail(K8SC_E_INVALID, concat("path ", quote(path), ": the value is NULL"));
        draft.set_text_at(node.id, path, key, {value, len});
    });
}

k8sc_status k8sc_node_set_int(k8sc_node node, const char *path, const char *key, int64_t value)
{
    return edit(node, path, [&](Draft &draft) { draft.set_at(node.id, path, key, own(json_integer(value))); });
}

k8sc_status k8sc_node_set_bool(k8sc_node node, const char *path, const char *key, int value)
{
    return edit(node, path, [&](Draft &draft) { draft.set_at(node.id, path, key, own(json_boolean(value))); });
}

k8sc_status k8sc_node_set_number(k8sc_node node, const char *path, const char *key, double value)
{
    return edit(node, path, [&](Draft &draft) {
        // It makes no value of infinity and NaN.
        Json number(json_real(value));
        if (!number) fail(K8SC_E_INVALID, concat("path ", quote(path), ": infinity and NaN are no numbers in JSON"));
        draft.set_at(node.id, path, key, std::move(number));
    });
}

k8sc_status k8sc_node_set_null(k8sc_node node, const char *path, const char *key)
{
    return edit(node, path, [&](Draft &draft) { draft.set_at(node.id, path, key, own(json_null())); });
}

k8sc_status k8sc_node_set_json(k8sc_node node, const char *path, const char *key, const char *json)
{
    return edit(node, path, [&](Draft &draft) {
        need(json, "json");
        draft.set_at(node.id, path, key, value_for(path, [&] { return load_json(json, "JSON"); }));
    });
}

k8sc_status k8sc_node_set_value(k8sc_node node, const char *path, const char *key, k8sc_value value)
{
    return edit(node, path, [&](Draft &draft) {
        size_t len = 0;
        const char *raw = k8sc_value_raw(value, &len);
        if (!raw) fail(K8SC_E_INVALID, concat("path ", quote(path), ": the value is absent"));
        draft.set_at(node.id, path, key, value_for(path, [&] {
                         return load_json({raw, len}, "the value", DuplicateKeys::last_wins);
                     }));
    });
}

k8sc_status k8sc_node_set_quantity(k8sc_node node, const char *path, const char *key, const char *quantity)
{
    return edit(node, path, [&](Draft &draft) {
        need(quantity, "quantity");
        value_for(path, [&] { return Quantity::parse(quantity); });
        draft.set_text_at(node.id, path, key, quantity);
    });
}

k8sc_status k8sc_node_set_time_us(k8sc_node node, const char *path, const char *key, int64_t time_us, int micro)
{
    return edit(node, path, [&](Draft &draft) {
        auto text = rfc3339_us(time_us);
        if (!text) fail(K8SC_E_INVALID, concat("path ", quote(path), ": time_us is outside of the years 0 to 9999"));
        draft.set_text_at(node.id, path, key, micro ? *text : text->substr(0, 19) + "Z");
    });
}

k8sc_status k8sc_node_set_duration_ns(k8sc_node node, const char *path, const char *key, int64_t duration_ns)
{
    return edit(node, path, [&](Draft &draft) { draft.set_text_at(node.id, path, key, duration_text(duration_ns)); });
}

k8sc_status k8sc_node_set_bytes(k8sc_node node, const char *path, const char *key, const char *data, size_t len)
{
    return edit(node, path, [&](Draft &draft) {
        if (len) need(data, "data");
        draft.set_text_at(node.id, path, key, len ? encode_base64({data, len}) : "");
    });
}

k8sc_status k8sc_node_remove(k8sc_node node, const char *path, const char *key)
{
    return edit(node, path, [&](Draft &draft) { draft.remove_at(node.id, path, key); });
}

}  // extern "C"
