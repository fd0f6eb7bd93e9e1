#include "discovery/mapper.h"

#include "core/clock.h"

using namespace k8sc;

namespace {

// How often one question may have everything loaded again: another's load may have begun before what is sought was
// there.
constexpr int most_loads = 3;
// Something in it hangs where it takes so long.
constexpr int64_t slow_load_ms = 10000;

std::string described(const char *what, const PartialName &wanted)
{
    std::string text = concat(what, " ", quote(wanted.name));
    if (wanted.group && wanted.version)
        text += concat(" in ", quote(join_group_version(*wanted.group, *wanted.version)));
    else if (wanted.group)
        text +=
            wanted.group->empty() ? std::string(" in the core group") : concat(" in the group ", quote(*wanted.group));
    else if (wanted.version)
        text += concat(" in a version ", quote(*wanted.version));
    return text;
}

[[noreturn]] void not_found(const MapperTable &table, const std::string &asked, const std::string &name, int64_t age_ms)
{
    Error error(K8SC_E_API, concat("the server has no ", asked));
    error.http_status = 404;
    error.reason = "NotFound";
    std::string names;
    for (const std::string &similar : table.similar(name)) names += concat(names.empty() ? "" : ", ", quote(similar));
    if (!names.empty()) error.message += concat("; did you mean ", names, "?");
    if (age_ms)
        error.message += concat("; it was asked ", std::to_string(age_ms), " ms ago, and is not asked again so soon");
    if (table.partial()) {
        error.message += concat("; but ", table.partial()->message);
        error.causes = table.partial()->causes;
    }
    throw error;
}

[[noreturn]] void ambiguous(const RestMappings &candidates, const std::string &asked)
{
    Error error(K8SC_E_INVALID, concat("the ", asked, " is ambiguous: "));
    for (const RestMapping &mapping : candidates) {
        std::string name =
            concat(join_group_version(mapping.group, mapping.version), " ", mapping.resource, " (", mapping.kind, ")");
        error.message += concat(error.causes.empty() ? "" : ", ", name);
        error.causes.push_back({"Candidate", full_name(mapping), name});
    }
    throw error;
}

}  // namespace

k8sc_rest_mapper::State k8sc_rest_mapper::load()
{
    State state;
    state.begun = ++ticks_;
    int64_t began = now_ms();
    state.table = std::make_shared<MapperTable>(discovery_->resources(&state.origin));
    state.loaded_at = now_ms();
    state.took_ms = state.loaded_at - began;
    state_ = state;
    return state;
}

k8sc_rest_mapper::State k8sc_rest_mapper::current()
{
    CancellableLock lock(mutex_);
    return state_.table ? state_ : load();
}

bool k8sc_rest_mapper::may_renew(const State &old)
{
    // No more than half of the time is spent on one that hangs.
    bool was_slow = old.took_ms >= slow_load_ms && now_ms() - old.loaded_at < old.took_ms;
    return !was_slow && renewals_->try_accept();
}

k8sc_rest_mapper::State k8sc_rest_mapper::renewed(const State &old)
{
    CancellableLock lock(mutex_);
    if (state_.table && state_.begun != old.begun) return state_;
    if (!may_renew(old)) return old;
    discovery_->forget(old.origin.load);
    try {
        return load();
    } catch (...) {
        // It has cost the server no discovery, and the next one who asks wants to know why as well.
        renewals_->give_back();
        throw;
    }
}

k8sc_rest_mapper::Answer k8sc_rest_mapper::ask(const Query &query)
{
    uint64_t asked = ++ticks_;
    State state = current();
    for (int loads = 0;; loads++) {
        Answer answer{state.table, query(*state.table)};
        bool is_news = state.begun > asked && state.origin.is_new;
        if (!answer.found.empty() || is_news || loads == most_loads) return answer;
        State next = renewed(state);
        if (next.begun == state.begun) {
            answer.age_ms = std::max<int64_t>(1, now_ms() - state.loaded_at);
            return answer;
        }
        state = std::move(next);
    }
}

RestMapping k8sc_rest_mapper::one(const Query &query, const std::string &asked, const std::string &name)
{
    Answer answer = ask(query);
    if (answer.found.empty()) not_found(*answer.table, asked, name, answer.age_ms);
    MapperTable::Found best = answer.table->preferred(answer.found);
    if (best.size() == 1) return answer.table->at(best.front());
    Mappings candidates;
    for (size_t i : best) candidates.push_back(answer.table->at(i));
    ambiguous(candidates, asked);
}

k8sc_rest_mapper::Mappings k8sc_rest_mapper::all(const Query &query, const std::string &asked, const std::string &name)
{
    Answer answer = ask(query);
    if (answer.found.empty()) not_found(*answer.table, asked, name, answer.age_ms);
    Mappings mappings;
    for (size_t i : answer.found) mappings.push_back(answer.table->at(i));
    return mappings;
}

RestMapping k8sc_rest_mapper::resource(const PartialName &wanted)
{
    return one([&](const MapperTable &table) { return table.resources(wanted); }, described("resource", wanted),
               wanted.name);
}

RestMapping k8sc_rest_mapper::kind(const PartialName &wanted)
{
    return one([&](const MapperTable &table) { return table.kinds(wanted); }, described("kind", wanted), wanted.name);
}

RestMapping k8sc_rest_mapper::argument(const std::string &text)
{
    return one([&](const MapperTable &table) { return table.argument(text); }, concat("resource type ", quote(text)),
               text);
}

k8sc_rest_mapper::Mappings k8sc_rest_mapper::resources(const PartialName &wanted)
{
    return all([&](const MapperTable &table) { return table.resources(wanted); }, described("resource", wanted),
               wanted.name);
}

k8sc_rest_mapper::Mappings k8sc_rest_mapper::kinds(const PartialName &wanted)
{
    return all([&](const MapperTable &table) { return table.kinds(wanted); }, described("kind", wanted), wanted.name);
}

k8sc_rest_mapper::Mappings k8sc_rest_mapper::category(const std::string &name)
{
    return all([&](const MapperTable &table) { return table.category(name); }, concat("category ", quote(name)), "");
}

RestMapping k8sc_rest_mapper::object(const Object &object)
{
    std::string api_version = object.root().member("apiVersion").string().value_or("");
    std::string kind = object.root().member("kind").string().value_or("");
    if (api_version.empty()) fail(K8SC_E_INVALID, "the object has no apiVersion");
    if (kind.empty()) fail(K8SC_E_INVALID, "the object has no kind");
    auto [group, version] = split_group_version(api_version);
    return this->kind({group, version, kind});
}

void k8sc_rest_mapper::reset()
{
    CancellableLock lock(mutex_);
    state_ = {};
    discovery_->invalidate();
}

Ref<Resource> k8sc::resource_of(const Ref<Client> &client, const RestMapping &mapping, const char *ns)
{
    client->need_open();
    return make<Resource>(client, mapping.group, mapping.version, mapping.resource,
                          mapping.is_namespaced ? ns : nullptr);
}

Ref<Resource> k8sc::resource_of(const Ref<Client> &client, const RestMapping &mapping, const Object &object,
                                const char *default_ns)
{
    std::string ns(object.ns());
    if (ns.empty() && default_ns) ns = default_ns;
    if (ns.empty()) ns = client->config().ns;
    if (ns.empty()) ns = "default";
    return resource_of(client, mapping, ns.c_str());
}
