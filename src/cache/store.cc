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

bool matches(const FieldSelector &selector, const CachedObject &stored)
{
    return selector.matches(
        [&](std::string_view path) { return path == "metadata.name" ? stored.name() : stored.ns(); });
}

}  // namespace

Store::Store(int64_t compress_from) : compressor_(compress_from)
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

CachedObject Store::get(std::string_view ns, std::string_view name) const { return find(key_of(ns, name)); }

CachedObject Store::find(std::string_view key) const
{
    MutexLock lock(mutex_);
    auto at = entries_.find(key);
    return at == entries_.end() ? CachedObject() : at->stored;
}

size_t Store::size() const
{
    MutexLock lock(mutex_);
    return entries_.size();
}

Store::Size Store::sizes() const
{
    MutexLock lock(mutex_);
    Size sizes = sizes_;
    sizes.objects = static_cast<int64_t>(entries_.size());
    return sizes;
}

std::vector<CachedObject> Store::list(const StoreQuery &query) const
{
    std::vector<CachedObject> found;
    {
        MutexLock lock(mutex_);
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
    if (!query.labels.empty())
        std::erase_if(found, [&](auto &stored) { return !matches(query.labels, stored.peek()); });
    return found;
}

void Store::count(const CachedObject &stored, int sign) noexcept
{
    sizes_.json_bytes += sign * static_cast<int64_t>(stored.json_size());
    sizes_.bytes += sign * static_cast<int64_t>(stored.bytes());
}

// From here on so many nodes can be inserted without another table.
void Store::make_room(size_t more)
{
    size_t size = entries_.size() + more;
    if (static_cast<double>(size) >=
        static_cast<double>(entries_.bucket_count()) * static_cast<double>(entries_.max_load_factor()))
        entries_.reserve(size * 2);
}

Store::Edit Store::prepare(const CachedObject &stored)
{
    Edit edit{{}, nullptr, stored, {}};
    auto at = entries_.find(stored.key());
    if (at == entries_.end()) {
        Entries one;
        one.insert(StoreEntry{stored});
        edit.node = one.extract(one.begin());
        edit.entry = &edit.node.value();
    } else {
        edit.entry = &*at;
        if (at->stored == stored) return edit;
    }
    edit.changes.reserve(indexes_.size());
    for (auto &[name, index] : indexes_)
        if (edit.node || index->follows_changes()) edit.changes.emplace_back(*index, *edit.entry, stored);
    return edit;
}

void Store::commit(Edit &edit) noexcept
{
    if (edit.node) {
        entries_.insert(std::move(edit.node));
    } else {
        count(edit.entry->stored, -1);
        edit.entry->stored = edit.now;
    }
    count(edit.now, 1);
    for (auto &change : edit.changes) change.commit();
}

void Store::remove(Entries::iterator at) noexcept
{
    count(at->stored, -1);
    for (auto &[name, index] : indexes_) index->removed(*at);
    entries_.erase(at);
}

// The content is the same, so the indexes stay; but those that ask the user have to ask about what stands there now.
void Store::compress_all()
{
    std::vector<CachedObject> kept;
    for (auto &entry : entries_) kept.push_back(entry.stored);
    compressor_.begin(kept);
    for (auto &entry : entries_) {
        CachedObject compressed = compressor_.compress(entry.stored.object());
        std::vector<Index::Change> changes;
        for (auto &[name, index] : indexes_)
            if (index->function()) changes.emplace_back(*index, entry, compressed);
        count(entry.stored, -1);
        entry.stored = compressed;
        count(entry.stored, 1);
        for (auto &change : changes) change.commit();
    }
}

void Store::begin_compressing()
{
    try {
        compress_all();
    } catch (const std::bad_alloc &) {
        // It was only to save memory; what is not compressed stays as it is.
    }
}

Store::Change Store::put(const Ref<Object> &object, const std::function<void(const Change &)> &ready)
{
    Change change;
    change.now = compressor_.compress(object);
    change.before = find(change.now.key());
    if (ready) ready(change);
    MutexLock lock(mutex_);
    make_room(1);
    Edit edit = prepare(change.now);
    commit(edit);
    if (compressor_.is_due(sizes_.json_bytes)) begin_compressing();
    sizes_.dictionaries = compressor_.dictionaries();
    return change;
}

Store::Change Store::erase(const Ref<Object> &object, const std::function<void(const Change &)> &ready)
{
    Change change;
    change.now = compressor_.compress(object);
    change.before = find(change.now.key());
    return erase_known(std::move(change), ready);
}

Store::Change Store::erase_unread(const Object &names, const std::function<void(const Change &)> &ready)
{
    CachedObject known = get(names.ns(), names.name());
    return erase_known({known, known}, ready);
}

Store::Change Store::erase_known(Change change, const std::function<void(const Change &)> &ready)
{
    if (!change.before) return change;
    if (ready) ready(change);
    MutexLock lock(mutex_);
    remove(entries_.find(change.before.key()));
    return change;
}

void Store::begin_staging()
{
    staged_ = {};
    staged_bytes_ = 0;
    keeps_all_ = false;
}

void Store::stage(const Ref<Object> &object)
{
    CachedObject known = get(object->ns(), object->name());
    Identity identity = known.identity();
    bool same = known && identity.uid == object->uid() && identity.resource_version == object->resource_version() &&
                !object->resource_version().empty();
    staged_.push_back(same ? known : compressor_.compress(object));
    staged_bytes_ += static_cast<int64_t>(object->json().size());
    if (!compressor_.is_due(staged_bytes_)) return;
    compressor_.begin(staged_);
    for (auto &stored : staged_)
        if (!stored.is_compressed()) stored = compressor_.compress(stored.object());
}

void Store::unstage(const Object &object)
{
    std::string key = key_of(object.ns(), object.name());
    std::erase_if(staged_, [&](auto &stored) { return stored.key() == key; });
}

void Store::stage_known(const Object &names)
{
    if (names.name().empty())
        keeps_all_ = true;
    else if (CachedObject known = get(names.ns(), names.name()))
        staged_.push_back(known);
}

// What was staged, against what there is.
Store::Replaced Store::compared()
{
    Replaced result;
    std::vector<CachedObject> objects = std::exchange(staged_, {});
    std::unordered_set<std::string_view> keys;
    keys.reserve(objects.size());
    // From behind, so that of two the last stays.
    for (auto stored = objects.rbegin(); stored != objects.rend(); ++stored)
        if (!keys.insert(stored->key()).second) *stored = CachedObject();
    std::erase_if(objects, [](auto &stored) { return !stored; });

    MutexLock lock(mutex_);
    if (!keeps_all_)
        for (auto &entry : entries_)
            if (!keys.count(entry.stored.key())) result.gone.push_back(entry.stored);
    result.before.reserve(objects.size());
    for (auto &stored : objects) {
        auto at = entries_.find(stored.key());
        result.before.push_back(at == entries_.end() ? CachedObject() : at->stored);
    }
    result.objects = std::move(objects);
    return result;
}

Store::Replaced Store::replace(const std::function<void(const Replaced &)> &ready)
{
    Replaced result = compared();
    if (ready) ready(result);
    MutexLock lock(mutex_);
    make_room(result.objects.size());
    std::vector<Edit> edits;
    edits.reserve(result.objects.size());
    for (size_t i = 0; i < result.objects.size(); i++)
        if (!(result.objects[i] == result.before[i])) edits.push_back(prepare(result.objects[i]));
    for (auto &gone : result.gone) remove(entries_.find(gone.key()));
    for (auto &edit : edits) commit(edit);
    sizes_.dictionaries = compressor_.dictionaries();
    return result;
}

void Store::add_index(const std::string &name, Index index)
{
    MutexLock lock(mutex_);
    if (indexes_.count(name)) fail(K8SC_E_INVALID, concat("the informer has an index ", quote(name), " already"));
    for (auto &entry : entries_) index.added(entry);
    indexes_.emplace(name, std::make_shared<Index>(std::move(index)));
}

std::shared_ptr<Index> Store::find_index(const std::string &name)
{
    auto at = indexes_.find(name);
    if (at == indexes_.end()) fail(K8SC_E_INVALID, concat("the informer has no index ", quote(name)));
    return at->second;
}

// The callback runs without the lock; what changed meanwhile is asked about in the next round.
void Store::ask(const std::shared_ptr<Index> &index, const std::string &name)
{
    for (auto asked = index->unasked(); !asked.empty(); asked = index->unasked()) {
        std::vector<std::vector<std::string>> answers;
        {
            MutexUnlock unlocked(mutex_);
            for (auto &[entry, stored] : asked) {
                Strings strings;
                Ref<Object> object = stored.object();
                if (index->function()->call(static_cast<const Object *>(object.get()), &strings) != 0) {
                    std::string where(object->ns().empty() ? "" : concat(object->ns(), "/"));
                    fail(K8SC_E_CALLBACK,
                         concat("the callback of index ", quote(name), " failed for ", where, object->name()));
                }
                answers.push_back(std::move(strings.values));
            }
        }
        for (size_t i = 0; i < asked.size(); i++)
            index->answered(asked[i].first, asked[i].second, std::move(answers[i]));
    }
}

std::vector<CachedObject> Store::by_index(const std::string &name, const std::string &value)
{
    MutexLock lock(mutex_);
    auto index = find_index(name);
    if (index->function()) ask(index, name);
    std::vector<CachedObject> found;
    if (auto bucket = index->find(value)) {
        found.reserve(bucket->size());
        for (auto entry : *bucket) found.push_back(entry->stored);
    }
    return found;
}

std::vector<std::string> Store::index_values(const std::string &name)
{
    MutexLock lock(mutex_);
    auto index = find_index(name);
    if (index->function()) ask(index, name);
    return index->values();
}

}  // namespace k8sc
