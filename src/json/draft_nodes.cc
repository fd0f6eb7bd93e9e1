// Drafts by nodes and paths.
#include <algorithm>
#include <vector>

#include "core/error.h"
#include "json/decode.h"
#include "json/draft.h"
#include "json/path.h"
#include "json/write.h"

using namespace k8sc;

namespace {

std::vector<PathStep> steps_of(std::string_view text)
{
    std::vector<PathStep> steps;
    Path path(text);
    for (PathStep step; path.next(step);) steps.push_back(step);
    if (path.fault())
        fail(K8SC_E_INVALID, concat("path ", quote(text), ": it is not names joined by \".\" and indexes such as [0]"));
    return steps;
}

// The last step is into the map that the path leads to, where there is a key.
std::vector<PathStep> steps_with_key(std::string_view path, const char *key)
{
    std::vector<PathStep> steps = steps_of(path);
    if (!key) return steps;
    if (!*key || !is_utf8(key))
        fail(K8SC_E_INVALID, concat("path ", quote(path), ": key ", quote(key), " is empty or not UTF-8"));
    steps.push_back({false, key, 0});
    return steps;
}

Json text_value(std::string_view text, std::string_view path)
{
    if (!is_utf8(text)) fail(K8SC_E_INVALID, concat("path ", quote(path), ": the value is not UTF-8"));
    return own(json_stringn_nocheck(text.data(), text.size()));
}

}  // namespace

k8sc_draft::Place k8sc_draft::place(uint32_t id) const
{
    if (id == 0) return {root_.get(), 0};
    if (id > nodes_.size()) fail(K8SC_E_INVALID, "argument node is not of this draft");
    const Node &node = nodes_[id - 1];
    // The draft's own reference, and its parent's.
    if (node.value->refcount < 2) fail(K8SC_E_INVALID, "argument node was removed from its draft");
    return {node.value.get(), node.depth};
}

// Goes along the path as far as there is something, and answers how many steps are left. null is as good as nothing.
size_t k8sc_draft::walk(json_t *&here, const std::vector<PathStep> &steps, std::string_view path) const
{
    for (size_t i = 0; i < steps.size(); i++) {
        const PathStep &step = steps[i];
        json_t *next = nullptr;
        if (step.is_index) {
            if (!json_is_array(here))
                fail(K8SC_E_INVALID,
                     concat("path ", quote(path), ": [", std::to_string(step.index), "] is of no array"));
            if (step.index > json_array_size(here))
                fail(K8SC_E_INVALID,
                     concat("path ", quote(path), ": index ", std::to_string(step.index),
                            " is out of range: the array has ", std::to_string(json_array_size(here)), " elements"));
            next = json_array_get(here, size_t(step.index));
        } else {
            if (!json_is_object(here))
                fail(K8SC_E_INVALID, concat("path ", quote(path), ": ", quote(step.name), " is a member of no object"));
            next = json_object_get(here, std::string(step.name).c_str());
        }
        if (!next || (json_is_null(next) && i + 1 < steps.size())) return steps.size() - i;
        here = next;
    }
    return 0;
}

json_t *k8sc_draft::put_along(uint32_t id, std::string_view path, const std::vector<PathStep> &steps, Json value,
                              size_t height)
{
    Place at = place(id);
    if (steps.empty()) fail(K8SC_E_INVALID, "argument path is empty");
    if (at.depth + steps.size() + height > max_tree_depth)
        fail(K8SC_E_INVALID, concat("path ", quote(path), ": the document would be nested deeper than ",
                                    std::to_string(max_tree_depth)));
    json_t *parent = at.value;
    size_t left = walk(parent, steps, path);
    json_t *placed = value.get();
    if (left == 0) {
        // It is there: once more, to its parent.
        std::vector<PathStep> up(steps.begin(), steps.end() - 1);
        parent = at.value;
        walk(parent, up, path);
        left = 1;
    }
    // What is missing is made whole before it is put in, so that a failure leaves nothing half made.
    for (size_t i = steps.size(); i-- > steps.size() - left + 1;) {
        const PathStep &step = steps[i];
        if (step.is_index && step.index != 0)
            fail(K8SC_E_INVALID, concat("path ", quote(path), ": index ", std::to_string(step.index),
                                        " is out of range: there is no array yet"));
        Json outer = own(step.is_index ? json_array() : json_object());
        if (step.is_index ? json_array_append_new(outer.get(), value.release())
                          : json_object_set_new_nocheck(outer.get(), std::string(step.name).c_str(), value.release()))
            throw std::bad_alloc();
        value = std::move(outer);
    }
    const PathStep &step = steps[steps.size() - left];
    int failed = 0;
    if (!step.is_index)
        failed = json_object_set_new_nocheck(parent, std::string(step.name).c_str(), value.release());
    else if (step.index < json_array_size(parent))
        failed = json_array_set_new(parent, size_t(step.index), value.release());
    else
        failed = json_array_append_new(parent, value.release());
    if (failed) throw std::bad_alloc();
    return placed;
}

uint32_t k8sc_draft::node_of(json_t *value, size_t depth)
{
    // Programs come back to what they had last.
    size_t first = nodes_.size() > 8 ? nodes_.size() - 8 : 0;
    for (size_t i = nodes_.size(); i-- > first;)
        if (nodes_[i].value.get() == value) return static_cast<uint32_t>(i + 1);
    nodes_.push_back({Json(json_incref(value)), depth});
    return static_cast<uint32_t>(nodes_.size());
}

uint32_t k8sc_draft::edit_node(uint32_t id, std::string_view path) { return member_node(id, path, nullptr); }

uint32_t k8sc_draft::member_node(uint32_t id, std::string_view path, const char *key)
{
    std::vector<PathStep> steps = steps_with_key(path, key);
    Place at = place(id);
    if (steps.empty()) return id;
    json_t *here = at.value;
    size_t left = walk(here, steps, path);
    if (left || json_is_null(here)) here = put_along(id, path, steps, own(json_object()), 1);
    if (!json_is_object(here)) fail(K8SC_E_INVALID, concat("path ", quote(path), ": what is there is no object"));
    return node_of(here, at.depth + steps.size());
}

uint32_t k8sc_draft::element_node(uint32_t id, std::string_view path, uint64_t index)
{
    std::vector<PathStep> steps = steps_of(path);
    steps.push_back({true, {}, index});
    Place at = place(id);
    json_t *here = at.value;
    if (walk(here, steps, path) || !json_is_object(here))
        fail(K8SC_E_INVALID, concat("path ", quote(path), ": there is no object at index ", std::to_string(index)));
    return node_of(here, at.depth + steps.size());
}

// The array at the path, which is made where there is none.
json_t *k8sc_draft::array_at(uint32_t id, std::string_view path, size_t &depth)
{
    std::vector<PathStep> steps = steps_of(path);
    Place at = place(id);
    depth = at.depth + steps.size();
    json_t *here = at.value;
    size_t left = walk(here, steps, path);
    if (left || json_is_null(here)) here = put_along(id, path, steps, own(json_array()), 1);
    if (!json_is_array(here)) fail(K8SC_E_INVALID, concat("path ", quote(path), ": what is there is no array"));
    if (depth + 2 > max_tree_depth)
        fail(K8SC_E_INVALID, concat("path ", quote(path), ": the document would be nested deeper than ",
                                    std::to_string(max_tree_depth)));
    return here;
}

uint32_t k8sc_draft::append_node(uint32_t id, std::string_view path)
{
    size_t depth = 0;
    json_t *array = array_at(id, path, depth);
    Json object = own(json_object());
    json_t *placed = object.get();
    if (json_array_append_new(array, object.release())) throw std::bad_alloc();
    return node_of(placed, depth + 1);
}

void k8sc_draft::append_value(uint32_t id, std::string_view path, Json value)
{
    size_t depth = 0;
    json_t *array = array_at(id, path, depth);
    if (json_array_append_new(array, value.release())) throw std::bad_alloc();
}

void k8sc_draft::append_text(uint32_t id, std::string_view path, std::string_view text)
{
    append_value(id, path, text_value(text, path));
}

void k8sc_draft::set_at(uint32_t id, std::string_view path, const char *key, Json value)
{
    std::vector<PathStep> steps = steps_with_key(path, key);
    size_t height = json_height(value.get());
    put_along(id, path, steps, std::move(value), height);
}

void k8sc_draft::set_text_at(uint32_t id, std::string_view path, const char *key, std::string_view text)
{
    set_at(id, path, key, text_value(text, path));
}

void k8sc_draft::remove_at(uint32_t id, std::string_view path, const char *key)
{
    std::vector<PathStep> steps = steps_with_key(path, key);
    if (steps.empty()) fail(K8SC_E_INVALID, "argument path is empty");
    PathStep last = steps.back();
    steps.pop_back();
    json_t *here = place(id).value;
    try {
        if (walk(here, steps, path)) return;
    } catch (const Error &error) {
        // What is not there need not be removed.
        if (error.code != K8SC_E_INVALID) throw;
        return;
    }
    if (last.is_index && json_is_array(here)) json_array_remove(here, size_t(last.index));
    if (!last.is_index && json_is_object(here)) json_object_del(here, std::string(last.name).c_str());
}
