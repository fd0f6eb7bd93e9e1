// Documents that are edited.
#pragma once

#include <cstdint>
#include <string_view>

#include "json/object.h"
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

    // Sets what a JSON Pointer names, and makes objects of the parents that are missing. Fail with K8SC_E_INVALID: not a pointer;
    // a parent that can hold nothing; an index out of range; text that is not UTF-8; a number that JSON lacks; nested too deeply.
    void set(std::string_view pointer, k8sc::Json value);
    void set_string(std::string_view pointer, std::string_view value);
    void set_number(std::string_view pointer, double value);
    // Any value as JSON text. Fails also as parse_json does.
    void set_json(std::string_view pointer, std::string_view text);
    // Removes what a pointer names, if it is there. Fails with K8SC_E_INVALID: not a pointer, or the whole document.
    void remove(std::string_view pointer);

    const json_t *root() const { return root_.get(); }
    k8sc::Ref<k8sc::Object> freeze() const;

  private:
    explicit k8sc_draft(k8sc::Json root) : root_(std::move(root)) {}

    k8sc::Json root_;
};

namespace k8sc {

using Draft = ::k8sc_draft;

enum class DuplicateKeys { refused, last_wins };

// Reads any JSON value; strings may hold NUL, keys keep their order. Fails with K8SC_E_PARSE: "<what>, line N, offset P: ...", or
// K8SC_E_TOO_LARGE where it is nested too deeply. Messages hold no values, since they may be secrets.
Json load_json(std::string_view text, std::string_view what, DuplicateKeys duplicates = DuplicateKeys::refused);

}  // namespace k8sc
