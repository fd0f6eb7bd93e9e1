// The list handle.
#pragma once

#include "rest/body.h"
#include "json/cached_object.h"

// What came from a cache is opened only when somebody looks at it.
struct k8sc_list {
    std::vector<k8sc::LazyObject> items;
    std::string resource_version;
    std::string continue_token;
    int64_t remaining = -1;
};

namespace k8sc::api {

// The pointer that a user gets.
inline k8sc_list *new_list(ListContent content)
{
    auto list = std::make_unique<k8sc_list>();
    list->items.reserve(content.objects.size());
    for (auto &object : content.objects) list->items.emplace_back(std::move(object));
    list->resource_version = std::move(content.resource_version);
    list->continue_token = std::move(content.continue_token);
    list->remaining = content.remaining;
    return list.release();
}

inline k8sc_list *new_list(std::vector<CachedObject> objects)
{
    auto list = std::make_unique<k8sc_list>();
    list->items.reserve(objects.size());
    for (auto &object : objects) list->items.emplace_back(std::move(object));
    return list.release();
}

// What is inside, opened; NULL for NULL, and where memory for it ran out.
inline k8sc_object *look_at(const LazyObject *object) noexcept
{
    try {
        return object ? object->get() : nullptr;
    } catch (...) {
        return nullptr;
    }
}

}  // namespace k8sc::api
