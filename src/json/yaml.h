// YAML in and out, by libyaml, to and from jansson's values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/value.h"

namespace k8sc {

// Reads one document as Kubernetes reads YAML: YAML 1.1 scalars, keys are strings, duplicate keys and a second document
// are errors, aliases are expanded up to a limit. An empty text gives null. Fails with K8SC_E_PARSE: "<what>, line N:
// ...", also where it holds more than `most_values`, each of which takes time and memory. Messages hold no scalars but
// keys, since values may be secrets.
Json parse_yaml(std::string_view text, std::string_view what, size_t most_values = SIZE_MAX);

// Block-style YAML that parse_yaml reads back to the same value.
std::string yaml_text(const json_t *value);
// The same from JSON text, which must be valid, as that of an object is. Numbers stay exactly as they are written.
std::string yaml_text_of_json(std::string_view json);

}  // namespace k8sc
