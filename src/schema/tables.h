// The records that tools/schema/tables.py makes of kubernetes.api. They name each other and their texts by numbers, so
// that nothing is relocated when the library is loaded.
#pragma once

#include <cstdint>

#include "k8sc.h"

namespace k8sc::schema {

// No type, no group-version.
constexpr uint16_t none = 0xffff;
constexpr int word_size = 17;

struct GroupVersion {
    uint16_t group, version, package, api_version;  // in names
};

struct Method {
    uint16_t name;  // in names
    uint16_t verb;  // in verb_words
    uint16_t subresource;
    uint16_t input, result;  // in types, or none
};

}  // namespace k8sc::schema

struct k8sc_schema_resource {
    uint16_t group_version;
    uint16_t name;
    uint16_t type;
    uint16_t verbs;  // a list of verb_words
    uint16_t is_namespaced;
    uint16_t first_method, method_count;
};

struct k8sc_schema_type {
    uint32_t name;  // in type_names
    uint16_t first_field, field_count;
    uint16_t group_version;  // where objects of this type are at home, or none
};

struct k8sc_schema_field {
    uint16_t name;
    uint16_t target;  // in types for an object, in elements for an array or a map
    uint16_t keys;    // a list of names
    uint16_t merge_key;
    uint16_t numbers;  // a list of protobuf numbers
    uint16_t flags;

    // K8SC_FIELD_
    int32_t form() const { return flags & 15; }
    bool is_int32() const { return flags & 0x2000; }
    bool is_required() const { return flags & 16; }
    bool is_pointer() const { return flags & 32; }
    // Numbers from 1 of words, 0 for none.
    int list_type() const { return flags >> 6 & 3; }
    int map_type() const { return flags >> 8 & 3; }
    int patch_strategy() const { return flags >> 10 & 7; }
};

namespace k8sc::schema {

using Resource = ::k8sc_schema_resource;
using Type = ::k8sc_schema_type;
using Field = ::k8sc_schema_field;

extern const GroupVersion group_versions[];
extern const int32_t group_versions_size;
extern const Resource resources[];
extern const int32_t resources_size;
extern const Method methods[];
extern const Type types[];
extern const int32_t types_size;
extern const Field fields[];
// What arrays and maps hold: fields without a name.
extern const Field elements[];
// Lists of numbers, each with its length before it.
extern const uint16_t lists[];
extern const char names[];
extern const char type_names[];
extern const char verb_words[][word_size];
extern const char list_words[][word_size];
extern const char map_words[][word_size];
extern const char strategy_words[][word_size];

}  // namespace k8sc::schema
