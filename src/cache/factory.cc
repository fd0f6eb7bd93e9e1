#include "cache/factory.h"

using namespace k8sc;

k8sc_informer_factory::k8sc_informer_factory(Ref<Client> client, const InformerOptions &options)
    : ClientHandle(std::move(client)), options_(options)
{
    client_->need_open();
    if (options_.tweak) options_.tweak->attach(client_->queue());
}

Ref<Informer> k8sc_informer_factory::informer(const ResourceKey &key, const Constructor &constructor)
{
    client_->need_open();
    {
        MutexLock lock(mutex_);
        auto at = informers_.find(key);
        if (at != informers_.end()) return at->second;
    }
    // Callbacks of the user run here, so without the lock.
    Ref<Informer> made;
    if (constructor) {
        int64_t resync_ms = options_.resync_ms;
        for (auto &[resource_key, period] : options_.custom_resync)
            if (resource_key == key) resync_ms = period;
        made = constructor(resync_ms);
        if (made->key() != key)
            fail(K8SC_E_INVALID,
                 concat("the constructor made an informer of ", made->key().resource, " instead of ", key.resource));
        if (made->client() != client_) fail(K8SC_E_INVALID, "the constructor made an informer of another client");
    } else {
        made = Informer::create(client_, key, options_, false);
    }
    MutexLock lock(mutex_);
    auto [at, is_new] = informers_.emplace(key, made);
    if (is_new) made->join_factory();
    return at->second;
}

std::vector<Ref<Informer>> k8sc_informer_factory::all()
{
    MutexLock lock(mutex_);
    std::vector<Ref<Informer>> informers;
    for (auto &[key, informer] : informers_) informers.push_back(informer);
    return informers;
}

void k8sc_informer_factory::start()
{
    client_->need_open();
    {
        MutexLock lock(mutex_);
        if (shut_down_) fail(K8SC_E_STATE, "the informer factory was shut down");
    }
    // One that was stopped on its own stays so.
    for (auto &informer : all())
        if (!informer->is_stopped()) informer->start();
}

bool k8sc_informer_factory::wait_for_sync(int64_t deadline, std::string &missing)
{
    for (auto &informer : all()) {
        if (!informer->is_started() || informer->wait_for_sync(deadline)) continue;
        auto &key = informer->key();
        if (!missing.empty()) missing += ", ";
        missing += key.group.empty() ? concat(key.version, " ", key.resource)
                                     : concat(key.group, "/", key.version, " ", key.resource);
    }
    return missing.empty();
}

std::map<ResourceKey, bool> k8sc_informer_factory::wait_for_cache_sync(int64_t deadline)
{
    std::map<ResourceKey, bool> synced;
    for (auto &informer : all()) {
        if (!informer->is_started()) continue;
        try {
            synced[informer->key()] = informer->wait_for_sync(deadline);
        } catch (const Error &error) {
            if (error.code != K8SC_E_STATE) throw;
            synced[informer->key()] = informer->has_synced();
        }
    }
    return synced;
}

void k8sc_informer_factory::remove(Informer *informer)
{
    Ref<Informer> removed(informer);
    {
        MutexLock lock(mutex_);
        auto at = informers_.find(informer->key());
        if (at == informers_.end() || at->second.get() != informer)
            fail(K8SC_E_INVALID, concat("the informer of ", informer->key().resource, " is not one of this factory's"));
        informers_.erase(at);
    }
    removed->stop();
    removed->wait_stopped();
}

void k8sc_informer_factory::stop_all()
{
    {
        MutexLock lock(mutex_);
        shut_down_ = true;
    }
    for (auto &informer : all()) informer->stop();
}

void k8sc_informer_factory::shutdown()
{
    stop_all();
    for (auto &informer : all()) informer->wait_stopped();
}

void k8sc_informer_factory::abandoned()
{
    stop_all();
    ClientHandle::abandoned();
}
