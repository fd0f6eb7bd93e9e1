#include "cache/store.h"

#include <algorithm>
#include <list>

namespace k8sc {
namespace {

bool matches(const LabelSelector &selector, std::string_view json)
{
    Cursor labels = Cursor(json).member("metadata").member("labels");
    std::list<std::string> unescaped;
    return selector.matches([&](std::string_view key) -> std::optional<std::string_view> {
        auto raw = labels.member(key).raw_string();
        if (!raw || raw->find('\\') == std::string_view::npos) return raw;
        return unescaped.emplace_back(unescape(*raw));
    });
}

bool matches(const FieldSelector &selector, const Stored &stored)
{
    return selector.matches([&](std::string_view path) { return path == "metadata.name" ? stored.name() : stored.ns(); });
}

}  // namespace

Store::Store(int64_t compress_from) : packer_(compress_from)
{
    indexes_.emplace("namespace", std::make_shared<Index>(Index::Kind::by_namespace, ""));
}

std::string Store::key_of(std::string_view ns, std::string_view name)
{
    std::string key(ns);
    key += '\0';
    key += name;
    return key;
}

Stored Store::get(std::string_view ns, std::string_view name) const
{
    std::string key = key_of(ns, name);
    std::lock_guard lock(mutex_);
    auto at = entries_.find(std::string_view(key));
    return at == entries_.end() ? Stored() : at->stored;
}

size_t Store::size() const
{
    std::lock_guard lock(mutex_);
    return entries_.size();
}

Store::Size Store::sizes() const
{
    std::lock_guard lock(mutex_);
    Size sizes = sizes_;
    sizes.objects = static_cast<int64_t>(entries_.size());
    return sizes;
}

std::vector<Stored> Store::list(const StoreQuery &query) const
{
    std::vector<Stored> found;
    {
        std::lock_guard lock(mutex_);
        if (query.ns.empty()) {
            found.reserve(entries_.size());
            for (auto &entry : entries_) found.push_back(entry.stored);
        } else if (auto bucket = indexes_.at("namespace")->find(query.ns)) {
            found.reserve(bucket->size());
            for (auto entry : *bucket) found.push_back(entry->stored);
        }
    }
    // Reading labels takes longer than the copy of the references: not under the lock.
    if (!query.fields.empty()) std::erase_if(found, [&](auto &stored) { return !matches(query.fields, stored); });
    if (!query.labels.empty()) std::erase_if(found, [&](auto &stored) { return !matches(query.labels, stored.peek()); });
    return found;
}

void Store::count(const Stored &stored, int sign)
{
    sizes_.json_bytes += sign * static_cast<int64_t>(stored.json_size());
    sizes_.bytes += sign * static_cast<int64_t>(stored.bytes());
}

void Store::insert(const Stored &stored)
{
    auto &entry = *entries_.insert(StoreEntry{stored}).first;
    count(stored, 1);
    for (auto &[name, index] : indexes_) index->added(entry);
}

void Store::set(const StoreEntry &entry, const Stored &stored)
{
    if (entry.stored == stored) return;
    count(entry.stored, -1);
    count(stored, 1);
    entry.stored = stored;
    for (auto &[name, index] : indexes_) index->changed(entry);
}

void Store::remove(Entries::iterator at)
{
    count(at->stored, -1);
    for (auto &[name, index] : indexes_) index->removed(*at);
    entries_.erase(at);
}

// The content is the same, so the indexes stay; but those that ask the user have to ask about what stands there now.
void Store::begin_packing()
{
    std::vector<Stored> kept;
    for (auto &entry : entries_) kept.push_back(entry.stored);
    packer_.begin(kept);
    for (auto &entry : entries_) {
        count(entry.stored, -1);
        entry.stored = packer_.pack(entry.stored.object());
        count(entry.stored, 1);
        for (auto &[name, index] : indexes_)
            if (index->function()) index->changed(entry);
    }
}

Store::Change Store::put(const Ref<Object> &object)
{
    Change change;
    change.now = packer_.pack(object);
    std::lock_guard lock(mutex_);
    auto at = entries_.find(change.now.key());
    if (at == entries_.end()) {
        insert(change.now);
    } else {
        change.before = at->stored;
        set(*at, change.now);
    }
    if (packer_.is_due(sizes_.json_bytes)) begin_packing();
    sizes_.dictionaries = packer_.dictionaries();
    return change;
}

Store::Change Store::erase(const Ref<Object> &object)
{
    Change change;
    change.now = packer_.pack(object);
    std::lock_guard lock(mutex_);
    auto at = entries_.find(change.now.key());
    if (at == entries_.end()) return change;
    change.before = at->stored;
    remove(at);
    return change;
}

void Store::gather_begins()
{
    gathered_ = {};
    gathered_bytes_ = 0;
}

void Store::gather(const Ref<Object> &object)
{
    Stored known = get(object->ns(), object->name());
    Identity identity = known.identity();
    bool same = known && identity.uid == object->uid() && identity.resource_version == object->resource_version() && !object->resource_version().empty();
    gathered_.push_back(same ? known : packer_.pack(object));
    gathered_bytes_ += static_cast<int64_t>(object->json().size());
    if (!packer_.is_due(gathered_bytes_)) return;
    packer_.begin(gathered_);
    for (auto &stored : gathered_)
        if (!stored.is_packed()) stored = packer_.pack(stored.object());
}

void Store::ungather(const Object &object)
{
    std::string key = key_of(object.ns(), object.name());
    std::erase_if(gathered_, [&](auto &stored) { return stored.key() == key; });
}

Store::Replaced Store::replace()
{
    Replaced result;
    std::vector<Stored> objects = std::exchange(gathered_, {});
    std::unordered_set<std::string_view> keys;
    keys.reserve(objects.size());
    // From behind, so that of two the last stays.
    for (auto stored = objects.rbegin(); stored != objects.rend(); ++stored)
        if (!keys.insert(stored->key()).second) *stored = Stored();
    std::erase_if(objects, [](auto &stored) { return !stored; });

    std::lock_guard lock(mutex_);
    for (auto at = entries_.begin(); at != entries_.end();) {
        auto next = std::next(at);
        if (!keys.count(at->stored.key())) {
            result.gone.push_back(at->stored);
            remove(at);
        }
        at = next;
    }
    result.before.reserve(objects.size());
    for (auto &stored : objects) {
        auto at = entries_.find(stored.key());
        if (at == entries_.end()) {
            insert(stored);
            result.before.emplace_back();
        } else {
            result.before.push_back(at->stored);
            set(*at, stored);
        }
    }
    sizes_.dictionaries = packer_.dictionaries();
    result.objects = std::move(objects);
    return result;
}

void Store::add_index(const std::string &name, Index index)
{
    std::lock_guard lock(mutex_);
    if (indexes_.count(name)) fail(K8SC_E_INVALID, concat("the informer has an index ", quoted(name), " already"));
    for (auto &entry : entries_) index.added(entry);
    indexes_.emplace(name, std::make_shared<Index>(std::move(index)));
}

std::shared_ptr<Index> Store::find_index(const std::string &name)
{
    auto at = indexes_.find(name);
    if (at == indexes_.end()) fail(K8SC_E_INVALID, concat("the informer has no index ", quoted(name)));
    return at->second;
}

// The callback runs without the lock; what changed meanwhile is asked about in the next round.
void Store::ask(std::unique_lock<std::mutex> &lock, const std::shared_ptr<Index> &index, const std::string &name)
{
    for (auto asked = index->unasked(); !asked.empty(); asked = index->unasked()) {
        lock.unlock();
        std::vector<std::vector<std::string>> answers;
        for (auto &[entry, stored] : asked) {
            Strings strings;
            Ref<Object> object = stored.object();
            if (index->function()->call(static_cast<const Object *>(object.get()), &strings) != 0) {
                std::string where(object->ns().empty() ? "" : concat(object->ns(), "/"));
                fail(K8SC_E_CALLBACK, concat("the callback of index ", quoted(name), " failed for ", where, object->name()));
            }
            answers.push_back(std::move(strings.values));
        }
        lock.lock();
        for (size_t i = 0; i < asked.size(); i++) index->answered(asked[i].first, asked[i].second, std::move(answers[i]));
    }
}

std::vector<Stored> Store::by_index(const std::string &name, const std::string &value)
{
    std::unique_lock lock(mutex_);
    auto index = find_index(name);
    if (index->function()) ask(lock, index, name);
    std::vector<Stored> found;
    if (auto bucket = index->find(value)) {
        found.reserve(bucket->size());
        for (auto entry : *bucket) found.push_back(entry->stored);
    }
    return found;
}

std::vector<std::string> Store::index_values(const std::string &name)
{
    std::unique_lock lock(mutex_);
    auto index = find_index(name);
    if (index->function()) ask(lock, index, name);
    return index->values();
}

}  // namespace k8sc
