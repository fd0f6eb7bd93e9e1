#include "cache/informer.h"

#include <algorithm>

#include "cache/transform.h"
#include "cache/version.h"
#include "core/clock.h"
#include "core/persist.h"
#include "core/wall_clock.h"

using namespace k8sc;

namespace {

int64_t default_resync_ms(const InformerOptions &options, const ResourceKey &key)
{
    int64_t period = options.resync_ms;
    for (auto &[resource_key, custom] : options.custom_resync)
        if (resource_key == key) period = custom;
    return period;
}

// The selectors after the tweak has had its say.
ReflectorRules rules_of(const InformerOptions &options)
{
    ReflectorRules rules;
    rules.label_selector = options.label_selector;
    rules.field_selector = options.field_selector;
    rules.page_size = options.page_size;
    rules.watch_idle_ms = options.watch_idle_timeout_ms;
    if (!options.prune.empty()) rules.prune = std::make_shared<const PruneRules>(options.prune);
    rules.list_mode = options.list_mode;
    if (!options.tweak) return rules;
    Options tweaked;
    if (!rules.label_selector.empty()) tweaked.label_selector = rules.label_selector;
    if (!rules.field_selector.empty()) tweaked.field_selector = rules.field_selector;
    if (int answer = options.tweak->call(&tweaked))
        fail(K8SC_E_CALLBACK, "the tweak callback returned " + std::to_string(answer));
    rules.label_selector = tweaked.label_selector.value_or("");
    rules.field_selector = tweaked.field_selector.value_or("");
    tweaked.label_selector.reset();
    tweaked.field_selector.reset();
    if (!(tweaked == Options()))
        fail(K8SC_E_INVALID, "the tweak callback set an option other than label_selector and field_selector");
    return rules;
}

}  // namespace

k8sc_informer::k8sc_informer(const Ref<Client> &client, const ResourceKey &key, const InformerOptions &options)
    : Operation(client),
      key_(key),
      ns_(options.ns),
      queue_(options.queue ? options.queue : client->queue()),
      store_(make<Store>(options.compress_from)),
      backpressure_(make<Backpressure>(client)),
      registrations_(store_, default_resync_ms(options, key))
{
    const char *ns = options.ns.empty() ? nullptr : options.ns.c_str();
    auto resource = make<Resource>(client, key.group, key.version, key.resource, ns);
    reflector_ = make<Reflector>(resource, rules_of(options), static_cast<ReflectorTarget *>(this));
    if (options.transform) {
        options.transform->attach(queue_);
        transform_ = make<TransformStage>(options.transform, queue_, backpressure_);
        cache_input_ = transform_.get();
    }
}

Ref<Informer> k8sc_informer::create(const Ref<Client> &client, const ResourceKey &key, const InformerOptions &options,
                                    bool standalone)
{
    client->need_open();
    if (options.tweak) options.tweak->attach(client->queue());
    Ref<Informer> informer(new k8sc_informer(client, key, options));
    informer->standalone_ = standalone;
    if (informer->transform_) informer->transform_->set_informer(informer.get());
    return informer;
}

void k8sc_informer::need_not_stopped() const
{
    if (stopping_) fail(K8SC_E_STATE, concat("the informer of ", key_.resource, " was stopped"));
}

void k8sc_informer::start()
{
    client()->need_open();
    {
        MutexLock lock(mutex_);
        need_not_stopped();
        if (started_) return;
        started_ = true;
    }
    try {
        client()->post([self = Ref<Informer>(this)] {
            assert_on_io_thread();
            bool entered = false;
            persist([&] {
                assert_on_io_thread();
                entered = self->client()->enter(Ref<Operation>(self.get()));
            });
            if (!entered) return self->stop_on_io_thread();
            {
                MutexLock lock(self->mutex_);
                if (self->stopping_) return;
            }
            self->backpressure_->set_reflector(self->reflector_);
            self->reflector_->start();
        });
    } catch (...) {
        MutexLock lock(mutex_);
        started_ = false;
        throw;
    }
}

void k8sc_informer::stop()
{
    {
        MutexLock lock(mutex_);
        if (stopping_) return;
        stopping_ = true;
        if (!started_) {
            // Nothing runs, and nothing ever will.
            stopped_ = true;
            for (auto &registration : registrations_) registration->end();
            registrations_.clear();
            changed_.notify_all();
            return;
        }
    }
    bool posted = client()->io_loop()->post([self = Ref<Informer>(this)] {
        assert_on_io_thread();
        self->stop_on_io_thread();
    });
    if (posted) return;
    // A loop that takes no more tasks has ended everything: this thread does its work.
    assume_io_thread_ended();
    stop_on_io_thread();
}

void k8sc_informer::stop_on_io_thread()
{
    reflector_->stop();
    backpressure_->set_reflector({});
    Ref<Informer> self(this);
    {
        MutexLock lock(mutex_);
        stopping_ = true;
        if (stopped_) return;
        stopped_ = true;
        resync_timer_.cancel();
        for (auto &registration : registrations_) registration->end();
        registrations_.clear();
        changed_.notify_all();
    }
    if (transform_) transform_->mute(false);
    client()->leave(this);
}

void k8sc_informer::shut_down() { stop_on_io_thread(); }

void k8sc_informer::describe(Metrics &metrics) const
{
    CacheSize &size = metrics.caches[{key_.group, key_.version, key_.resource, ns_}];
    Store::Size sizes = store_->sizes();
    size.objects += sizes.objects;
    size.bytes += sizes.json_bytes;
}

InformerStatistics k8sc_informer::statistics() const
{
    InformerStatistics told;
    std::tie(told.group, told.version, told.resource, told.ns) = std::tie(key_.group, key_.version, key_.resource, ns_);
    auto &counts = reflector_->counts();
    told.connected = counts.connected.load();
    if (int64_t at = counts.last_event_at.load()) told.last_event_at = wall_now_ms() - (now_ms() - at);
    told.relists = counts.relists.load();
    told.watches = counts.watches.load();
    told.size = store_->sizes();
    MutexLock lock(mutex_);
    told.started = started_;
    told.synced = synced_;
    told.stopped = stopped_;
    told.last_version = last_version_;
    told.failures = failures_;
    told.last_failure = last_failure_;
    for (auto &registration : registrations_) {
        auto &subscription = *registration->subscription();
        told.handlers.push_back({subscription.has_synced(), static_cast<int64_t>(subscription.backlog()->depth()),
                                 subscription.backlog()->coalesced()});
    }
    return told;
}

void k8sc_informer::wait_stopped()
{
    CancelAlarm alarm = alarm_of_waiters();
    MutexLock lock(mutex_);
    while (!stopped_) {
        need_not_cancelled();
        changed_.wait(lock);
    }
}

void k8sc_informer::abandoned()
{
    if (standalone_) stop();
    Operation::abandoned();
}

bool k8sc_informer::is_started() const
{
    MutexLock lock(mutex_);
    return started_;
}

bool k8sc_informer::is_stopped() const
{
    MutexLock lock(mutex_);
    return stopped_;
}

bool k8sc_informer::has_synced() const
{
    MutexLock lock(mutex_);
    return synced_;
}

// Wakes those who wait where this thread's wait is cancelled.
CancelAlarm k8sc_informer::alarm_of_waiters() const
{
    return CancelAlarm([self = Ref<const Informer>(this)] {
        MutexLock lock(self->mutex_);
        self->changed_.notify_all();
    });
}

bool k8sc_informer::has_seen(const std::string *version) const
{
    if (!synced_ || !version) return synced_;
    if (!is_version(last_version_))
        fail(K8SC_E_INVALID, concat("the server's resourceVersion ", quote(last_version_), " is not a number"));
    return is_as_new(last_version_, *version);
}

bool k8sc_informer::wait_until_seen(const std::string *version, int64_t deadline) const
{
    CancelAlarm alarm = alarm_of_waiters();
    MutexLock lock(mutex_);
    while (!has_seen(version)) {
        need_not_cancelled();
        need_not_stopped();
        int64_t left = deadline == never ? 500 : std::min<int64_t>(500, deadline - now_ms());
        if (left <= 0) return false;
        // One that was never started is not told when its client closes.
        client()->need_open();
        waiters_++;
        changed_.wait_for(lock, std::chrono::milliseconds(left));
        waiters_--;
    }
    return true;
}

bool k8sc_informer::wait_for_sync(int64_t deadline) const { return wait_until_seen(nullptr, deadline); }

bool k8sc_informer::wait_for_version(const std::string &version, int64_t deadline) const
{
    if (!is_version(version)) fail(K8SC_E_INVALID, concat("resource_version ", quote(version), " is not a number"));
    return wait_until_seen(&version, deadline);
}

std::string k8sc_informer::last_sync_resource_version() const
{
    MutexLock lock(mutex_);
    return last_version_;
}

Ref<Registration> k8sc_informer::add_handler(int64_t resync_ms, Ref<Queue> queue, const Callback &callback)
{
    client()->need_open();
    auto registration = make<Registration>(client(), queue ? queue : queue_, callback, backpressure_);
    registration->informer = this;
    MutexLock lock(mutex_);
    need_not_stopped();
    registration->queue()->attach(registration->subscription(), [&] {
        mutex_.assert_held();
        registrations_.add(registration, resync_ms, started_, now_ms());
        // The lock keeps changes away, so there is neither a gap nor a repetition.
        if (synced_) registrations_.replay(registration);
    });
    return registration;
}

void k8sc_informer::remove_handler(Registration *registration)
{
    if (registration->informer != this) fail(K8SC_E_INVALID, "the registration is another informer's");
    {
        MutexLock lock(mutex_);
        registrations_.remove(registration);
    }
    registration->end();
}

void k8sc_informer::add_index(const std::string &name, Index index)
{
    MutexLock lock(mutex_);
    need_not_stopped();
    auto function = index.function();
    store_->add_index(name, std::move(index));
    if (function) function->attach(queue_);
}

bool k8sc_informer::accepts_more()
{
    return backpressure_->accepts_more([&] {
        if (cache_input_->is_full()) return true;
        MutexLock lock(mutex_);
        return std::any_of(registrations_.begin(), registrations_.end(),
                           [](auto &registration) { return registration->subscription()->is_full(); });
    });
}

void k8sc_informer::list_begins() { cache_input_->list_begins(); }

bool k8sc_informer::listed(Ref<Object> object)
{
    cache_input_->listed(object);
    // Only a transform has objects wait before the list has ended.
    return !transform_ || accepts_more();
}

void k8sc_informer::unlisted(Ref<Object> object) { cache_input_->unlisted(object); }

void k8sc_informer::listed_unread(Ref<Object> names) { cache_input_->listed_unread(names); }

void k8sc_informer::list_ends(const std::string &version)
{
    // As the checks count from the first list, nobody is found due, or not due, before it.
    need_resync_timer();
    cache_input_->list_ends(version);
}

bool k8sc_informer::changed(Ref<Object> object)
{
    cache_input_->changed(object, object->resource_version());
    return accepts_more();
}

bool k8sc_informer::deleted(Ref<Object> object)
{
    cache_input_->deleted(object, object->resource_version());
    return accepts_more();
}

bool k8sc_informer::deleted_unread(Ref<Object> names)
{
    cache_input_->deleted_unread(names, names->resource_version());
    return accepts_more();
}

void k8sc_informer::bookmark(const std::string &version)
{
    need_resync_timer();
    cache_input_->bookmark(version);
}

void k8sc_informer::failed(const Error &error)
{
    MutexLock lock(mutex_);
    failures_++;
    last_failure_ = Failure{wall_now_ms(), error.message};
    registrations_.failed(error);
}

void k8sc_informer::gave_up() noexcept
{
    try {
        failed(Error(K8SC_E_NOMEM, "out of memory"));
    } catch (const std::bad_alloc &) {
        // Those who wait for it are told that it was stopped.
    }
    stop_on_io_thread();
}

void k8sc_informer::list_again()
{
    persist([this] {
        client()->io_loop()->post([self = Ref<Informer>(this)] {
            assert_on_io_thread();
            self->reflector_->start_over();
        });
    });
}

void k8sc_informer::CacheWriter::list_begins() { informer_.store_->begin_staging(); }

void k8sc_informer::CacheWriter::listed(const Ref<Object> &object) { informer_.store_->stage(object); }

void k8sc_informer::CacheWriter::unlisted(const Ref<Object> &object) { informer_.store_->unstage(*object); }

void k8sc_informer::CacheWriter::listed_unread(const Ref<Object> &names) { informer_.store_->stage_known(*names); }

void k8sc_informer::CacheWriter::list_ends(const std::string &version)
{
    MutexLock lock(informer_.mutex_);
    if (informer_.stopping_) return;
    std::string next = version;
    informer_.registrations_.list_ended(!informer_.synced_);
    informer_.last_version_.swap(next);
    informer_.synced_ = true;
    informer_.changed_.notify_all();
}

void k8sc_informer::CacheWriter::changed(const Ref<Object> &object, std::string_view version)
{
    MutexLock lock(informer_.mutex_);
    if (informer_.stopping_) return;
    std::string next(version);
    informer_.registrations_.changed(object);
    informer_.seen(next);
}

void k8sc_informer::CacheWriter::deleted(const Ref<Object> &object, std::string_view version)
{
    MutexLock lock(informer_.mutex_);
    if (informer_.stopping_) return;
    std::string next(version);
    informer_.registrations_.deleted(object);
    informer_.seen(next);
}

void k8sc_informer::CacheWriter::deleted_unread(const Ref<Object> &names, std::string_view version)
{
    MutexLock lock(informer_.mutex_);
    if (informer_.stopping_) return;
    std::string next(version.empty() ? std::string_view(informer_.last_version_) : version);
    informer_.registrations_.deleted_unread(*names);
    informer_.seen(next);
}

void k8sc_informer::CacheWriter::bookmark(const std::string &version)
{
    MutexLock lock(informer_.mutex_);
    std::string next = version;
    informer_.seen(next);
}

void k8sc_informer::seen(std::string &version) noexcept
{
    last_version_.swap(version);
    if (waiters_ > 0) changed_.notify_all();
}

void k8sc_informer::need_resync_timer()
{
    MutexLock lock(mutex_);
    if (!stopping_ && !resync_timer_.is_set()) set_resync_timer();
}

void k8sc_informer::set_resync_timer()
{
    int64_t period = registrations_.check_period_ms();
    if (period <= 0) return;
    resync_timer_.set(*client()->io_loop(), now_ms() + period, [self = Ref<Informer>(this)] {
        assert_on_io_thread();
        self->check_resync();
    });
}

void k8sc_informer::check_resync()
{
    MutexLock lock(mutex_);
    if (stopping_) return;
    set_resync_timer();
    // Behind a transform the list may still wait.
    if (synced_) registrations_.check_resync(now_ms());
}
