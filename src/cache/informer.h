// The shared informer: a reflector feeds a store, and handlers are told what became of it.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "cache/cache_input.h"
#include "cache/reflector.h"
#include "cache/registrations.h"
#include "core/thread_annotations.h"
#include "net/cancel_scope.h"
#include "resource/resource_key.h"

namespace k8sc {

using Transform = UserFunction<k8sc_transform_fn>;
using Tweak = UserFunction<k8sc_tweak_fn>;

}  // namespace k8sc

struct k8sc_informer_options {
    // A dictionary with its tables takes about 0.4 MB, and what it saves is more from here on: see docs/memory.md.
    static constexpr int64_t default_compress_from = 1 << 20;

    std::string ns;
    int64_t resync_ms = 0;
    std::vector<std::pair<k8sc::ResourceKey, int64_t>> custom_resync;
    std::string label_selector, field_selector;
    k8sc::PruneOptions prune;
    int64_t page_size = 0;
    int64_t compress_from = default_compress_from;
    std::optional<int64_t> watch_idle_timeout_ms;
    int32_t list_mode = K8SC_LIST_AUTO;
    std::shared_ptr<k8sc::Tweak> tweak;
    std::shared_ptr<k8sc::Transform> transform;
    k8sc::Ref<k8sc::Queue> queue;
};

struct k8sc_informer : public k8sc::Operation, private k8sc::ReflectorTarget {
  public:
    // Runs the tweak. `standalone`: it stops when its last user lets go.
    static k8sc::Ref<k8sc_informer> create(const k8sc::Ref<k8sc::Client> &client, const k8sc::ResourceKey &key,
                                           const k8sc_informer_options &options, bool standalone);

    const k8sc::ResourceKey &key() const { return key_; }
    const k8sc::Ref<k8sc::Store> &store() const { return store_; }
    // From now on a factory decides when it stops.
    void join_factory() { standalone_ = false; }

    void start() K8SC_EXCLUDES(mutex_);
    // Asks it to stop; wait_stopped() waits until it has.
    void stop() K8SC_EXCLUDES(mutex_);
    void wait_stopped() K8SC_EXCLUDES(mutex_);
    bool is_started() const K8SC_EXCLUDES(mutex_);
    bool is_stopped() const K8SC_EXCLUDES(mutex_);
    bool has_synced() const K8SC_EXCLUDES(mutex_);
    // False where it had not synced by the deadline. Fails with K8SC_E_STATE where it was stopped.
    bool wait_for_sync(int64_t deadline) const K8SC_EXCLUDES(mutex_);
    std::string last_sync_resource_version() const K8SC_EXCLUDES(mutex_);
    // Until the store has seen that version; else as wait_for_sync. Fails with K8SC_E_INVALID where the two cannot be
    // compared.
    bool wait_for_version(const std::string &version, int64_t deadline) const K8SC_EXCLUDES(mutex_);

    // `resync_ms` -1 stands for the informer's.
    k8sc::Ref<k8sc::Registration> add_handler(int64_t resync_ms, k8sc::Ref<k8sc::Queue> queue,
                                              const k8sc::Callback &callback) K8SC_EXCLUDES(mutex_);
    void remove_handler(k8sc::Registration *registration) K8SC_EXCLUDES(mutex_);
    void add_index(const std::string &name, k8sc::Index index) K8SC_EXCLUDES(mutex_);

    k8sc::InformerStatistics statistics() const K8SC_EXCLUDES(mutex_);

    void shut_down() override K8SC_REQUIRES(k8sc::io_thread) K8SC_EXCLUDES(mutex_);
    void describe(k8sc::Metrics &metrics) const override K8SC_REQUIRES(k8sc::io_thread);

  protected:
    void abandoned() override;

  private:
    class TransformStage;

    // Into the store, and to the handlers: on the I/O thread, or behind a transform where the queue is dispatched.
    class CacheWriter : public k8sc::CacheInput {
      public:
        explicit CacheWriter(k8sc_informer &informer) : informer_(informer) {}
        void list_begins() override;
        void listed(const k8sc::Ref<k8sc::Object> &object) override;
        void unlisted(const k8sc::Ref<k8sc::Object> &object) override;
        void listed_unread(const k8sc::Ref<k8sc::Object> &names) override;
        void list_ends(const std::string &version) override;
        void changed(const k8sc::Ref<k8sc::Object> &object, std::string_view version) override;
        void deleted(const k8sc::Ref<k8sc::Object> &object, std::string_view version) override;
        void deleted_unread(const k8sc::Ref<k8sc::Object> &names, std::string_view version) override;
        void bookmark(const std::string &version) override;

      private:
        k8sc_informer &informer_;
    };

    k8sc_informer(const k8sc::Ref<k8sc::Client> &client, const k8sc::ResourceKey &key,
                  const k8sc_informer_options &options);
    void need_not_stopped() const K8SC_REQUIRES(mutex_);
    void stop_on_io_thread() K8SC_EXCLUDES(mutex_) K8SC_REQUIRES(k8sc::io_thread);
    // Whether the reflector may go on.
    bool accepts_more() K8SC_EXCLUDES(mutex_) K8SC_REQUIRES(k8sc::io_thread);
    // Synced, and where a version is given, as new as that.
    bool has_seen(const std::string *version) const K8SC_REQUIRES(mutex_);
    bool wait_until_seen(const std::string *version, int64_t deadline) const K8SC_EXCLUDES(mutex_);
    k8sc::CancelAlarm alarm_of_waiters() const K8SC_EXCLUDES(mutex_);

    // From the reflector, on the I/O thread.
    void list_begins() override K8SC_REQUIRES(k8sc::io_thread);
    bool listed(k8sc::Ref<k8sc::Object> object) override K8SC_REQUIRES(k8sc::io_thread);
    void unlisted(k8sc::Ref<k8sc::Object> object) override K8SC_REQUIRES(k8sc::io_thread);
    void listed_unread(k8sc::Ref<k8sc::Object> names) override K8SC_REQUIRES(k8sc::io_thread);
    void list_ends(const std::string &version) override K8SC_REQUIRES(k8sc::io_thread);
    bool changed(k8sc::Ref<k8sc::Object> object) override K8SC_REQUIRES(k8sc::io_thread);
    bool deleted(k8sc::Ref<k8sc::Object> object) override K8SC_REQUIRES(k8sc::io_thread);
    bool deleted_unread(k8sc::Ref<k8sc::Object> names) override K8SC_REQUIRES(k8sc::io_thread);
    void bookmark(const std::string &version) override K8SC_REQUIRES(k8sc::io_thread);
    void failed(const k8sc::Error &error) override;
    void gave_up() noexcept override K8SC_REQUIRES(k8sc::io_thread);

    // A transform's dispatch has lost something. Any thread.
    void list_again();

    void seen(std::string &version) noexcept K8SC_REQUIRES(mutex_);

    void need_resync_timer() K8SC_EXCLUDES(mutex_) K8SC_REQUIRES(k8sc::io_thread);
    void set_resync_timer() K8SC_REQUIRES(mutex_) K8SC_REQUIRES(k8sc::io_thread);
    void check_resync() K8SC_EXCLUDES(mutex_) K8SC_REQUIRES(k8sc::io_thread);

    const k8sc::ResourceKey key_;
    const std::string ns_;  // "": all
    const k8sc::Ref<k8sc::Queue> queue_;
    const k8sc::Ref<k8sc::Store> store_;
    const k8sc::Ref<k8sc::Backpressure> backpressure_;
    k8sc::Ref<k8sc::Reflector> reflector_;
    k8sc::Timer resync_timer_ K8SC_GUARDED_BY(k8sc::io_thread);
    CacheWriter cache_writer_{*this};
    k8sc::Ref<TransformStage> transform_;
    k8sc::CacheInput *cache_input_ = &cache_writer_;  // or the transform, which has the writer behind it
    bool standalone_ = true;

    mutable k8sc::Mutex mutex_;  // before the store's and the queue's
    mutable k8sc::ConditionVariable changed_;
    k8sc::Registrations registrations_ K8SC_GUARDED_BY(mutex_);
    std::string last_version_ K8SC_GUARDED_BY(mutex_);
    bool started_ K8SC_GUARDED_BY(mutex_) = false;
    bool stopping_ K8SC_GUARDED_BY(mutex_) = false;
    bool stopped_ K8SC_GUARDED_BY(mutex_) = false;
    bool synced_ K8SC_GUARDED_BY(mutex_) = false;
    int64_t failures_ K8SC_GUARDED_BY(mutex_) = 0;
    std::optional<k8sc::Failure> last_failure_ K8SC_GUARDED_BY(mutex_);
    mutable int waiters_ K8SC_GUARDED_BY(mutex_) = 0;
};

namespace k8sc {

using Informer = ::k8sc_informer;
using InformerOptions = ::k8sc_informer_options;

}  // namespace k8sc
