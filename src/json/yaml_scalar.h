// What a plain YAML scalar stands for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace k8sc {

struct YamlScalar {
    enum Kind {
        text,
        null,
        boolean,
        integer,
        real,
        huge_integer,  // an integer beyond 64 bits
        huge_real,     // a number beyond what a double holds
        not_finite,    // .inf and .nan, which JSON lacks
    };
    Kind kind = text;
    bool truth = false;
    int64_t whole = 0;
    double number = 0;
};

// As go-yaml v2 resolves it, which is what Kubernetes' tools read YAML with: YAML 1.1's words for booleans, y and n
// among them; octal with 0 and with 0o; no base 60; timestamps are text.
YamlScalar resolve_yaml_scalar(std::string_view scalar);

// Whether a string must be quoted to be read back as a string by this library and by other readers of YAML.
bool yaml_needs_quotes(std::string_view string);

// The key that a number becomes, as sigs.k8s.io/yaml writes it: with the precision of a float.
std::string yaml_key_of(double number);

}  // namespace k8sc
