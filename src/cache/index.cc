#include "cache/index.h"

#include <algorithm>

namespace k8sc {
namespace {

void add_scalar(Cursor value, std::vector<std::string> &values)
{
    switch (value.type()) {
    case K8SC_TYPE_STRING:
        values.push_back(*value.string());
        break;
    case K8SC_TYPE_INTEGER:
    case K8SC_TYPE_NUMBER:
    case K8SC_TYPE_BOOL:
        values.emplace_back(value.raw());
        break;
    default:
        break;
    }
}

void add_each(Cursor value, std::vector<std::string> &values)
{
    if (value.type() != K8SC_TYPE_ARRAY) return add_scalar(value, values);
    value.each([&](std::string_view, Cursor element) { return add_scalar(element, values), true; });
}

}  // namespace

std::vector<std::string> Index::values_of(const Stored &stored) const
{
    std::vector<std::string> values;
    Cursor metadata;
    switch (kind_) {
    case Kind::by_namespace:
        if (!stored.ns().empty()) values.emplace_back(stored.ns());
        break;
    case Kind::pointer:
        add_each(Cursor(stored.peek()).at(what_), values);
        break;
    case Kind::label:
        add_scalar(Cursor(stored.peek()).member("metadata").member("labels").member(what_), values);
        break;
    case Kind::owner:
        Cursor(stored.peek()).member("metadata").member("ownerReferences").each([&](std::string_view, Cursor owner) {
            return add_scalar(owner.member("uid"), values), true;
        });
        break;
    case Kind::function:
        break;
    }
    return values;
}

void Index::enter(const StoreEntry &entry, std::vector<std::string> values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    std::vector<Buckets::value_type *> places;
    for (auto &value : values) {
        auto &bucket = *buckets_.try_emplace(std::move(value)).first;
        bucket.second.insert(&entry);
        places.push_back(&bucket);
    }
    if (kind_ != Kind::by_namespace && !places.empty()) places_[&entry] = std::move(places);
}

void Index::leave(const StoreEntry &entry, Buckets::value_type *bucket)
{
    bucket->second.erase(&entry);
    if (bucket->second.empty()) buckets_.erase(buckets_.find(bucket->first));
}

void Index::leave(const StoreEntry &entry)
{
    auto at = places_.find(&entry);
    if (at == places_.end()) return;
    for (auto bucket : at->second) leave(entry, bucket);
    places_.erase(at);
}

void Index::added(const StoreEntry &entry)
{
    if (kind_ == Kind::function)
        unasked_[&entry] = entry.stored;
    else
        enter(entry, values_of(entry.stored));
}

void Index::changed(const StoreEntry &entry)
{
    if (kind_ == Kind::by_namespace) return;
    leave(entry);
    added(entry);
}

void Index::removed(const StoreEntry &entry)
{
    unasked_.erase(&entry);
    if (kind_ != Kind::by_namespace) return leave(entry);
    auto at = buckets_.find(std::string(entry.stored.ns()));
    if (at != buckets_.end()) leave(entry, &*at);
}

const Index::Bucket *Index::find(const std::string &value) const
{
    auto at = buckets_.find(value);
    return at == buckets_.end() ? nullptr : &at->second;
}

std::vector<std::string> Index::values() const
{
    std::vector<std::string> values;
    for (auto &[value, bucket] : buckets_) values.push_back(value);
    return values;
}

std::vector<std::pair<const StoreEntry *, Stored>> Index::unasked() const { return {unasked_.begin(), unasked_.end()}; }

void Index::answered(const StoreEntry *entry, const Stored &stored, std::vector<std::string> values)
{
    auto at = unasked_.find(entry);
    if (at == unasked_.end() || !(at->second == stored)) return;
    unasked_.erase(at);
    enter(*entry, std::move(values));
}

}  // namespace k8sc
