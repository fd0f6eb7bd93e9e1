// Documents that are edited.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "json/object.h"
#include "json/path.h"
#include "json/value.h"

// A tree with one owner, whose root is always an object. The setters change nothing when they fail.
struct k8sc_draft {
  public:
    // An empty object.
    k8sc_draft();
    // From what a user wrote. Fail with K8SC_E_PARSE; parse_json also with K8SC_E_TOO_LARGE (depth).
    static k8sc_draft parse_json(std::string_view text);
    static k8sc_draft parse_yaml(std::string_view text);
    // From the content of an object. Fails with K8SC_E_PARSE where it holds an integer beyond 64 bits.
    static k8sc_draft edit(const k8sc::Object &object);

    // Sets what a JSON Pointer names, and makes objects of the parents that are missing. Fail with K8SC_E_INVALID: not
    // a pointer; a parent that can hold nothing; an index out of range; text that is not UTF-8; a number that JSON
    // lacks; nested too deeply.
    void set(std::string_view pointer, k8sc::Json value);
    void set_string(std::string_view pointer, std::string_view value);
    void set_number(std::string_view pointer, double value);
    // Any value as JSON text. Fails also as parse_json does.
    void set_json(std::string_view pointer, std::string_view text);
    // Removes what a pointer names, if it is there. Fails with K8SC_E_INVALID: not a pointer, or the whole document.
    void remove(std::string_view pointer);

    // Nodes: objects within the document, by number; 0 is the document. They fail with K8SC_E_INVALID, and change
    // nothing then. Paths are as in json/path.h; `key` is NULL, or that of a member of the map at the path.

    // The object at the path, which is made where there is none.
    uint32_t edit_node(uint32_t id, std::string_view path);
    // The object at an index of the array at the path.
    uint32_t element_node(uint32_t id, std::string_view path, uint64_t index);
    // The object under a key of the map at the path; both are made where they are missing.
    uint32_t member_node(uint32_t id, std::string_view path, const char *key);
    // A new object behind the others of the array at the path, which is made where there is none.
    uint32_t append_node(uint32_t id, std::string_view path);
    void append_value(uint32_t id, std::string_view path, k8sc::Json value);
    void append_text(uint32_t id, std::string_view path, std::string_view text);
    void set_at(uint32_t id, std::string_view path, const char *key, k8sc::Json value);
    void set_text_at(uint32_t id, std::string_view path, const char *key, std::string_view text);
    void remove_at(uint32_t id, std::string_view path, const char *key);
    // Keeps the first failure, so that a chain of calls can be looked at once, at its end.
    void keep_failure(const k8sc::Error &error)
    {
        if (!failure_) failure_ = error;
    }
    const k8sc::Error *failure() const { return failure_ ? &*failure_ : nullptr; }

    const json_t *root() const { return root_.get(); }
    // Fails with the failure that was kept.
    k8sc::Ref<k8sc::Object> freeze() const;

  private:
    struct Node {
        k8sc::Json value;
        size_t depth;
    };
    struct Place {
        json_t *value;
        size_t depth;
    };

    explicit k8sc_draft(k8sc::Json root) : root_(std::move(root)) {}
    Place place(uint32_t id) const;
    size_t walk(json_t *&here, const std::vector<k8sc::PathStep> &steps, std::string_view path) const;
    json_t *put_along(uint32_t id, std::string_view path, const std::vector<k8sc::PathStep> &steps, k8sc::Json value,
                      size_t height);
    json_t *array_at(uint32_t id, std::string_view path, size_t &depth);
    uint32_t node_of(json_t *value, size_t depth);

    k8sc::Json root_;
    std::vector<Node> nodes_;
    std::optional<k8sc::Error> failure_;
};

namespace k8sc {

using Draft = ::k8sc_draft;

enum class DuplicateKeys { refused, last_wins };

// How many containers a value nests, itself included.
size_t json_height(const json_t *value);

// Reads any JSON value; strings may hold NUL, keys keep their order. Fails with K8SC_E_PARSE: "<what>, line N, offset
// P: ...", or K8SC_E_TOO_LARGE where it is nested too deeply. Messages hold no values, since they may be secrets.
Json load_json(std::string_view text, std::string_view what, DuplicateKeys duplicates = DuplicateKeys::refused);

}  // namespace k8sc
