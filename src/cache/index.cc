#include "cache/index.h"

#include <algorithm>

namespace k8sc {
namespace {

void add_scalar(Cursor value, std::vector<std::string> &values)
{
    switch (value.type()) {
    case K8SC_TYPE_STRING: values.push_back(*value.string()); break;
    case K8SC_TYPE_INTEGER:
    case K8SC_TYPE_NUMBER:
    case K8SC_TYPE_BOOL: values.emplace_back(value.raw()); break;
    default: break;
    }
}

void add_each(Cursor value, std::vector<std::string> &values)
{
    if (value.type() != K8SC_TYPE_ARRAY) return add_scalar(value, values);
    value.each([&](std::string_view, Cursor element) { return add_scalar(element, values), true; });
}

}  // namespace

std::vector<std::string> Index::values_of(const CachedObject &stored) const
{
    std::vector<std::string> values;
    switch (kind_) {
    case Kind::by_namespace:
        if (!stored.ns().empty()) values.emplace_back(stored.ns());
        break;
    case Kind::pointer: add_each(Cursor(stored.peek()).at(what_), values); break;
    case Kind::label:
        add_scalar(Cursor(stored.peek()).member("metadata").member("labels").member(what_), values);
        break;
    case Kind::owner:
        Cursor(stored.peek()).member("metadata").member("ownerReferences").each([&](std::string_view, Cursor owner) {
            return add_scalar(owner.member("uid"), values), true;
        });
        break;
    case Kind::function: break;
    }
    return values;
}

void Index::leave(const StoreEntry &entry, Buckets::value_type *bucket) noexcept
{
    bucket->second.erase(&entry);
    if (bucket->second.empty()) buckets_.erase(buckets_.find(bucket->first));
}

void Index::leave(const StoreEntry &entry) noexcept
{
    auto at = places_.find(&entry);
    if (at == places_.end()) return;
    for (auto bucket : at->second) leave(entry, bucket);
    places_.erase(at);
}

void Index::added(const StoreEntry &entry) { Change(*this, entry, entry.stored).commit(); }

void Index::removed(const StoreEntry &entry) noexcept
{
    unasked_.erase(&entry);
    if (kind_ != Kind::by_namespace) return leave(entry);
    auto at = buckets_.find(entry.stored.ns());
    if (at != buckets_.end()) leave(entry, &*at);
}

Index::Change::Change(Index &index, const StoreEntry &entry, const CachedObject &now) : Change(&index, &entry)
{
    if (index.kind_ == Kind::function)
        ask(now);
    else
        stand(index.values_of(now));
}

Index::Change::Change(Index &index, const StoreEntry &entry, std::vector<std::string> values) : Change(&index, &entry)
{
    stand(std::move(values));
}

Index::Change::Change(Change &&other) noexcept
    : index_(std::exchange(other.index_, nullptr)),
      entry_(other.entry_),
      now_(std::move(other.now_)),
      places_(std::move(other.places_)),
      entered_(std::move(other.entered_)),
      is_asked_(other.is_asked_),
      is_placed_(other.is_placed_)
{
}

void Index::Change::ask(const CachedObject &now)
{
    is_asked_ = index_->unasked_.try_emplace(entry_).second;
    now_ = now;
}

void Index::Change::stand(std::vector<std::string> values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (index_->follows_changes()) is_placed_ = index_->places_.try_emplace(entry_).second;
    places_.reserve(values.size());
    entered_.reserve(values.size());
    for (auto &value : values) {
        auto &bucket = *index_->buckets_.try_emplace(std::move(value)).first;
        places_.push_back(&bucket);
        if (bucket.second.insert(entry_).second) entered_.push_back(&bucket);
    }
}

void Index::Change::commit() noexcept
{
    Index &index = *std::exchange(index_, nullptr);
    if (now_) {
        // It stands nowhere until there is an answer.
        index.unasked_.find(entry_)->second = std::move(now_);
        return index.leave(*entry_);
    }
    if (!index.follows_changes()) return;
    auto at = index.places_.find(entry_);
    std::sort(places_.begin(), places_.end());
    for (auto bucket : at->second)
        if (!std::binary_search(places_.begin(), places_.end(), bucket)) index.leave(*entry_, bucket);
    at->second = std::move(places_);
    if (at->second.empty()) index.places_.erase(at);
}

Index::Change::~Change()
{
    if (!index_) return;
    for (auto bucket : entered_) bucket->second.erase(entry_);
    // Also one that was made for it, and could not take it.
    for (auto bucket : places_)
        if (bucket->second.empty()) index_->buckets_.erase(index_->buckets_.find(bucket->first));
    if (is_placed_) index_->places_.erase(entry_);
    if (is_asked_) index_->unasked_.erase(entry_);
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

std::vector<std::pair<const StoreEntry *, CachedObject>> Index::unasked() const
{
    return {unasked_.begin(), unasked_.end()};
}

void Index::answered(const StoreEntry *entry, const CachedObject &stored, std::vector<std::string> values)
{
    auto at = unasked_.find(entry);
    if (at == unasked_.end() || !(at->second == stored)) return;
    Change change(*this, *entry, std::move(values));
    unasked_.erase(at);
    change.commit();
}

}  // namespace k8sc
