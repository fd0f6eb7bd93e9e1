#include "testing/patch/patch.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

// Real servers keep to themselves what it was that did not apply; ours appends it.
[[noreturn]] void does_not_apply(const std::string &why)
{
    throw ApiError{
        422, "Invalid", "the server rejected our request due to an error in our request: " + why, StatusDetails{}, {}};
}

// The steps of a JSON Pointer.
std::vector<std::string> steps_of(std::string_view pointer)
{
    if (!pointer.empty() && pointer.front() != '/')
        does_not_apply("\"" + std::string(pointer) + "\" is no JSON Pointer");
    std::vector<std::string> steps;
    for (size_t begin = 1; begin <= pointer.size();) {
        const size_t end = std::min(pointer.find('/', begin), pointer.size());
        std::string step;
        for (size_t i = begin; i < end; ++i) {
            const bool escape = pointer[i] == '~' && i + 1 < end && (pointer[i + 1] == '0' || pointer[i + 1] == '1');
            if (escape)
                step += pointer[++i] == '0' ? '~' : '/';
            else
                step += pointer[i];
        }
        steps.push_back(std::move(step));
        begin = end + 1;
    }
    return steps;
}

// An index of an array; its size for "-", or nothing.
std::optional<size_t> index_of(const json_t *array, const std::string &step)
{
    if (step == "-") return json_array_size(array);
    size_t index = 0;
    const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
    const bool canonical = step == "0" || (!step.empty() && step[0] != '0');
    if (error != std::errc() || end != step.data() + step.size() || !canonical) return std::nullopt;
    return index;
}

json_t *child(json_t *parent, const std::string &step)
{
    if (json_is_object(parent)) return json_object_get(parent, step.c_str());
    const auto index = json_is_array(parent) ? index_of(parent, step) : std::nullopt;
    return index ? json_array_get(parent, *index) : nullptr;
}

// A document that operations work on.
class Patched {
  public:
    explicit Patched(Json root) : root_(std::move(root)) {}

    Json get(const std::string &path) const
    {
        json_t *value = root_.get();
        for (const std::string &step : steps_of(path))
            if (!(value = child(value, step))) does_not_apply("nothing is at " + path);
        return Json::share(value).copy();
    }

    void add(const std::string &path, Json value)
    {
        const std::vector<std::string> steps = steps_of(path);
        if (steps.empty()) return void(root_ = std::move(value));
        json_t *parent = parent_of(steps, path);
        if (json_is_object(parent)) return set(parent, steps.back().c_str(), std::move(value));
        const auto index = json_is_array(parent) ? index_of(parent, steps.back()) : std::nullopt;
        if (!index || *index > json_array_size(parent)) does_not_apply("nothing can be added at " + path);
        if (json_array_insert_new(parent, *index, value.release()) != 0) throw std::bad_alloc();
    }

    void remove(const std::string &path)
    {
        const std::vector<std::string> steps = steps_of(path);
        if (steps.empty()) does_not_apply("the whole document cannot be removed");
        json_t *parent = parent_of(steps, path);
        if (!child(parent, steps.back())) does_not_apply("nothing is at " + path);
        if (json_is_object(parent))
            json_object_del(parent, steps.back().c_str());
        else
            json_array_remove(parent, *index_of(parent, steps.back()));
    }

    Json take() { return std::move(root_); }

  private:
    json_t *parent_of(const std::vector<std::string> &steps, const std::string &path) const
    {
        json_t *value = root_.get();
        for (size_t i = 0; i + 1 < steps.size(); ++i)
            if (!(value = child(value, steps[i]))) does_not_apply("nothing is at the parent of " + path);
        return value;
    }

    Json root_;
};

void apply(Patched &document, const json_t *operation)
{
    const std::string op(text_at(operation, {"op"})), path(text_at(operation, {"path"})),
        from(text_at(operation, {"from"}));
    if (!json_is_string(json_object_get(operation, "path"))) does_not_apply("an operation has no path");
    json_t *value = json_object_get(operation, "value");
    if ((op == "add" || op == "replace" || op == "test") && !value) does_not_apply("operation " + op + " has no value");
    if ((op == "move" || op == "copy") && !json_is_string(json_object_get(operation, "from")))
        does_not_apply("operation " + op + " has no from");
    if (op == "add") {
        document.add(path, Json::share(value).copy());
    } else if (op == "remove") {
        document.remove(path);
    } else if (op == "replace") {
        document.get(path);
        if (!path.empty()) document.remove(path);
        document.add(path, Json::share(value).copy());
    } else if (op == "move") {
        Json moved = document.get(from);
        if ((path + "/").starts_with(from + "/") && path != from) does_not_apply(from + " cannot be moved into itself");
        document.remove(from);
        document.add(path, std::move(moved));
    } else if (op == "copy") {
        document.add(path, document.get(from));
    } else if (op == "test") {
        if (!json_equal(document.get(path).get(), value)) does_not_apply("the test of " + path + " failed");
    } else {
        does_not_apply("operation \"" + op + "\" is not known");
    }
}

}  // namespace

Json merge_patch(Json target, const json_t *patch)
{
    if (!json_is_object(patch)) return Json::share(const_cast<json_t *>(patch)).copy();
    if (!target || !json_is_object(target.get())) target = Json::object();
    const char *key;
    json_t *value;
    json_object_foreach(const_cast<json_t *>(patch), key, value)
    {
        if (json_is_null(value)) {
            json_object_del(target.get(), key);
            continue;
        }
        json_t *present = json_object_get(target.get(), key);
        set(target.get(), key, merge_patch(present ? Json::share(present) : Json(), value));
    }
    return target;
}

Json json_patch(Json target, const json_t *patch)
{
    if (!json_is_array(patch)) throw bad_request("json patch: it is no list of operations");
    for (size_t i = 0; i < json_array_size(patch); ++i)
        if (!json_is_object(json_array_get(patch, i))) throw bad_request("json patch: an operation is no object");
    Patched document(std::move(target));
    for (size_t i = 0; i < json_array_size(patch); ++i) apply(document, json_array_get(patch, i));
    return document.take();
}

}  // namespace k8sc::testing
