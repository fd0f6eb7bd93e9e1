#include "cache/store.h"

#include <algorithm>

namespace k8sc {

Store::Store()
{
    Index by_namespace;
    by_namespace.by_namespace = true;
    new_index("namespace", std::move(by_namespace));
}

std::string_view Store::key_of(const Object &object)
{
    return {object.ns().data(), object.ns().size() + 1 + object.name().size()};
}

std::string Store::key_of(std::string_view ns, std::string_view name)
{
    std::string key(ns);
    key += '\0';
    key += name;
    return key;
}

Ref<Object> Store::get(std::string_view ns, std::string_view name) const
{
    std::string key = key_of(ns, name);
    std::lock_guard lock(mutex_);
    auto at = objects_.find(key);
    return at == objects_.end() ? Ref<Object>() : at->second;
}

size_t Store::size() const
{
    std::lock_guard lock(mutex_);
    return objects_.size();
}

std::vector<Ref<Object>> Store::list(std::string_view ns, const LabelSelector &selector) const
{
    std::vector<Ref<Object>> found;
    {
        std::lock_guard lock(mutex_);
        if (ns.empty()) {
            found.reserve(objects_.size());
            for (auto &[key, object] : objects_) found.push_back(object);
        } else {
            auto &buckets = indexes_.at("namespace")->buckets;
            auto at = buckets.find(std::string(ns));
            if (at == buckets.end()) return found;
            found.reserve(at->second.size());
            for (auto object : at->second) found.push_back(Ref<Object>(object));
        }
    }
    // Reading labels takes longer than the copy of the references: not under the lock.
    if (!selector.empty())
        std::erase_if(found, [&](auto &object) { return !selector.matches([&](std::string_view key) { return object->label(key); }); });
    return found;
}

std::vector<std::string> Store::values_of(const Index &index, const Object &object)
{
    std::vector<std::string> values;
    if (index.by_namespace) {
        if (!object.ns().empty()) values.emplace_back(object.ns());
        return values;
    }
    auto add = [&](Cursor value) {
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
    };
    Cursor found = object.root().at(index.pointer);
    if (found.type() == K8SC_TYPE_ARRAY)
        found.each([&](std::string_view, Cursor element) { return add(element), true; });
    else
        add(found);
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
}

void Store::index_one(Index &index, const Ref<Object> &object)
{
    if (index.function) {
        index.unasked.emplace(object.get(), object);
        return;
    }
    for (auto &value : values_of(index, *object)) index.buckets[value].insert(object.get());
}

void Store::index_added(const Ref<Object> &object)
{
    bytes_.fetch_add(static_cast<int64_t>(object->json().size()), std::memory_order_relaxed);
    for (auto &[name, index] : indexes_) index_one(*index, object);
}

void Store::index_removed(Object *object)
{
    bytes_.fetch_sub(static_cast<int64_t>(object->json().size()), std::memory_order_relaxed);
    for (auto &[name, index] : indexes_) {
        std::vector<std::string> values;
        if (index->function) {
            if (index->unasked.erase(object)) continue;
            auto at = index->answers.find(object);
            if (at == index->answers.end()) continue;
            values = std::move(at->second);
            index->answers.erase(at);
        } else {
            values = values_of(*index, *object);
        }
        for (auto &value : values) {
            auto at = index->buckets.find(value);
            if (at == index->buckets.end()) continue;
            at->second.erase(object);
            if (at->second.empty()) index->buckets.erase(at);
        }
    }
}

// The key's text belongs to the object, so it changes with it.
void Store::set(Objects &objects, Objects::iterator at, const Ref<Object> &object)
{
    auto node = objects.extract(at);
    node.key() = key_of(*object);
    node.mapped() = object;
    objects.insert(std::move(node));
}

Ref<Object> Store::put(const Ref<Object> &object)
{
    std::lock_guard lock(mutex_);
    auto [at, is_new] = objects_.try_emplace(key_of(*object), object);
    if (is_new) {
        index_added(object);
        return {};
    }
    Ref<Object> before = at->second;
    index_removed(before.get());
    set(objects_, at, object);
    index_added(object);
    return before;
}

Ref<Object> Store::erase(std::string_view ns, std::string_view name)
{
    std::string key = key_of(ns, name);
    std::lock_guard lock(mutex_);
    auto at = objects_.find(key);
    if (at == objects_.end()) return {};
    Ref<Object> before = at->second;
    index_removed(before.get());
    objects_.erase(at);
    return before;
}

Store::Replaced Store::replace(std::vector<Ref<Object>> objects)
{
    Replaced result;
    std::lock_guard lock(mutex_);
    Objects next;
    next.reserve(objects.size());
    for (auto &object : objects) {
        auto [at, is_new] = next.try_emplace(key_of(*object), object);
        if (!is_new) set(next, at, object);
    }
    if (next.size() != objects.size()) std::erase_if(objects, [&](auto &object) { return next.find(key_of(*object))->second != object; });
    for (auto &[key, object] : objects_)
        if (!next.count(key)) result.gone.push_back(object);
    result.before.reserve(objects.size());
    for (auto &object : objects) {
        auto at = objects_.find(key_of(*object));
        result.before.push_back(at == objects_.end() ? Ref<Object>() : at->second);
    }
    for (auto &[key, object] : objects_) index_removed(object.get());
    objects_.swap(next);
    for (auto &[key, object] : objects_) index_added(object);
    result.objects = std::move(objects);
    return result;
}

void Store::new_index(const std::string &name, Index index)
{
    std::lock_guard lock(mutex_);
    if (indexes_.count(name)) fail(K8SC_E_INVALID, concat("the informer has an index ", quoted(name), " already"));
    for (auto &[key, object] : objects_) index_one(index, object);
    indexes_.emplace(name, std::make_shared<Index>(std::move(index)));
}

void Store::add_pointer_index(const std::string &name, const std::string &pointer)
{
    Index index;
    index.pointer = pointer;
    new_index(name, std::move(index));
}

void Store::add_index(const std::string &name, std::shared_ptr<IndexFunction> function)
{
    Index index;
    index.function = std::move(function);
    new_index(name, std::move(index));
}

std::shared_ptr<Store::Index> Store::find_index(const std::string &name)
{
    auto at = indexes_.find(name);
    if (at == indexes_.end()) fail(K8SC_E_INVALID, concat("the informer has no index ", quoted(name)));
    return at->second;
}

// The callback runs without the lock; what changed meanwhile is not touched, and asked about in the next round.
void Store::ask(std::unique_lock<std::mutex> &lock, const std::shared_ptr<Index> &index, const std::string &name)
{
    while (!index->unasked.empty()) {
        std::vector<Ref<Object>> asked;
        for (auto &[key, object] : index->unasked) asked.push_back(object);
        lock.unlock();
        std::vector<std::vector<std::string>> answers;
        for (auto &object : asked) {
            Strings strings;
            if (index->function->call(static_cast<const Object *>(object.get()), &strings) != 0) {
                std::string where(object->ns().empty() ? "" : concat(object->ns(), "/"));
                fail(K8SC_E_CALLBACK, concat("the callback of index ", quoted(name), " failed for ", where, object->name()));
            }
            std::sort(strings.values.begin(), strings.values.end());
            strings.values.erase(std::unique(strings.values.begin(), strings.values.end()), strings.values.end());
            answers.push_back(std::move(strings.values));
        }
        lock.lock();
        for (size_t i = 0; i < asked.size(); i++) {
            if (!index->unasked.erase(asked[i].get())) continue;
            for (auto &value : answers[i]) index->buckets[value].insert(asked[i].get());
            index->answers.emplace(asked[i].get(), std::move(answers[i]));
        }
    }
}

std::vector<Ref<Object>> Store::by_index(const std::string &name, const std::string &value)
{
    std::unique_lock lock(mutex_);
    auto index = find_index(name);
    if (index->function) ask(lock, index, name);
    std::vector<Ref<Object>> found;
    auto at = index->buckets.find(value);
    if (at == index->buckets.end()) return found;
    for (auto object : at->second) found.push_back(Ref<Object>(object));
    return found;
}

std::vector<std::string> Store::index_values(const std::string &name)
{
    std::unique_lock lock(mutex_);
    auto index = find_index(name);
    if (index->function) ask(lock, index, name);
    std::vector<std::string> values;
    for (auto &[value, bucket] : index->buckets) values.push_back(value);
    return values;
}

}  // namespace k8sc
