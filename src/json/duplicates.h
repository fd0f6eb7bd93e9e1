// Keys that stand twice in one object: the last one counts, as in Go. The earlier ones are taken out before anybody
// reads, so that all readers find the same.
#pragma once

#include <string>
#include <string_view>

namespace simdjson::dom {
class document;
}  // namespace simdjson::dom

namespace k8sc {

// False where no object has a key twice. It is true now and then where keys are only much alike.
bool may_have_duplicate_keys(const simdjson::dom::document &document);
// Valid text without the members that a later one of the same key replaces.
std::string without_duplicate_keys(std::string_view json);

}  // namespace k8sc
