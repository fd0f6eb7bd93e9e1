// Names of objects: which may be, and how they are made up.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "testing/schema/kind.h"

namespace k8sc::testing {

// What is wrong with the name of an object of this kind; "" where it may be.
std::string wrong_name(const Kind &kind, std::string_view name);
// What is wrong with one label of a domain's name that begins with a letter, as names of resources are; "" where it may
// be.
std::string wrong_dns_label(std::string_view label);
// The same of one that may begin with a digit, as names of containers are.
std::string wrong_label_name(std::string_view label);
// The same of the name of a variable of a container, and of a key of a ConfigMap or a Secret.
std::string wrong_variable_name(std::string_view name, int release);
std::string wrong_config_key(std::string_view key);
// The same of the key of a label, an annotation or a finalizer, and of a label's value, in the
// words of a release.
std::string wrong_label_key(std::string_view key, int release);
std::string wrong_label_value(std::string_view value, int release);

// A UUID, version 4.
std::string random_uid();
// The five characters that generateName appends, from an alphabet that spells no words.
std::string random_suffix();

// Now, and so many seconds after 1970, as "2026-01-31T23:59:59Z".
std::string timestamp();
std::string timestamp_of(int64_t seconds);

}  // namespace k8sc::testing
