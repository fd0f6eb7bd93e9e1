// Turns text from the wire into frozen objects: validated in full, read once, changed on the way if asked to.
#pragma once

#include <memory>
#include <string_view>

#include "json/object.h"
#include "json/prune.h"

namespace simdjson::dom {
class parser;
class element;
}  // namespace simdjson::dom

namespace k8sc {

// Deeper nesting is refused, as by API servers: encoding/json has this limit. Whatever reads objects does so without
// recursion.
constexpr size_t max_json_depth = 10000;
// What becomes a tree, or is written as YAML, or is validated: drafts are freed and written by recursion, on threads
// with any size of stack.
constexpr size_t max_tree_depth = 1000;
// Readable bytes that must follow a text given to Decoder::wire.
constexpr size_t json_padding = 64;

struct DecodeRules {
    // Given to objects that come without their own, as the items of built-in lists do. Quoted JSON, "" for none.
    std::string api_version;
    std::string kind;
    std::shared_ptr<const PruneRules> prune;  // NULL: nothing is left out
    bool compact = false;                     // the text is known to have no blanks between its tokens
};

// Whether a text that wire() refuses is JSON all the same, but for its depth and its encoding: where it ends is certain
// then, and so is that nothing else is in it. `json` needs no padding.
bool is_sound_json(std::string_view json);

// simdjson's functions are reached through an object that exit() destroys, under threads that still read, or before a
// handler of the host's does. From the first call on they are reached through a copy that is never destroyed. Call it
// before any of them.
void keep_simdjson();

class Decoder {
  public:
    Decoder();
    ~Decoder();

    // One object from the wire. Fails with K8SC_E_DECODE or K8SC_E_TOO_LARGE (depth).
    Ref<Object> wire(std::string_view padded, const DecodeRules &rules);
    // One object from a user. Fails with K8SC_E_PARSE or K8SC_E_TOO_LARGE.
    Ref<Object> user_text(std::string_view json);

  private:
    simdjson::dom::element validate(std::string_view padded, k8sc_status code);
    Ref<Object> decoded(simdjson::dom::element root, std::string_view padded, const DecodeRules &rules);

    std::unique_ptr<simdjson::dom::parser> parser_;
    Pruner pruner_;
    std::vector<std::string_view> pieces_;
};

}  // namespace k8sc
