// A mapping of a configuration file, read field by field.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/secret_text.h"
#include "json/value.h"

namespace k8sc {

// "a mapping", "a number" and so on, for messages.
std::string_view type_name(const json_t *value);

// Known fields must have their type; null stands for an absent field, as it does for kubectl. All readers fail with
// K8SC_E_CONFIG, and no message holds a value.
class MappingReader {
  public:
    // `where` ends in what the name of a field can follow: "<file>: " or "<file>: user "x": ". `mapping` may be null.
    MappingReader(const json_t *mapping, std::string where) : mapping_(mapping), where_(std::move(where)) {}

    const std::string &where() const { return where_; }
    bool present() const { return mapping_ != nullptr; }

    // The value; null where it is absent or null.
    const json_t *get(const char *name, json_type type, std::string_view due) const;
    std::string string(const char *name) const;
    bool boolean(const char *name) const;
    MappingReader mapping(const char *name) const { return {get(name, JSON_OBJECT, "a mapping"), where_ + name + "."}; }
    // The entries of a list of mappings.
    std::vector<MappingReader> mappings(const char *name) const;
    std::vector<std::string> strings(const char *name) const;
    // A mapping from text to text, and one from text to lists of texts.
    std::map<std::string, SecretText> string_map(const char *name) const;
    std::map<std::string, std::vector<std::string>> strings_map(const char *name) const;

  private:
    [[noreturn]] void refuse(std::string_view name, const json_t *value, std::string_view due) const;
    std::string text_of(std::string_view name, const json_t *value) const;

    const json_t *mapping_;
    std::string where_;
};

}  // namespace k8sc
