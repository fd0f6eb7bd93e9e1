// A transform between the reflector and the cache: what comes waits in the queue until a dispatch has run the callback
// over it.
#pragma once

#include "cache/cache_input.h"
#include "cache/informer.h"

class k8sc_informer::TransformStage : public k8sc::Subscription, public k8sc::CacheInput {
  public:
    TransformStage(std::shared_ptr<k8sc::Transform> transform, k8sc::Ref<k8sc::Queue> queue,
                   k8sc::Ref<k8sc::Backpressure> backpressure);

    // The informer owns this, and keeps its queue's events from outliving it by muting them.
    void set_informer(k8sc_informer *informer) { informer_ = informer; }

    // On the I/O thread.
    void list_begins() override;
    void listed(const k8sc::Ref<k8sc::Object> &object) override;
    void unlisted(const k8sc::Ref<k8sc::Object> &object) override;
    void listed_unread(const k8sc::Ref<k8sc::Object> &names) override;
    void list_ends(const std::string &version) override;
    void changed(const k8sc::Ref<k8sc::Object> &object, std::string_view version) override;
    void deleted(const k8sc::Ref<k8sc::Object> &object, std::string_view version) override;
    void deleted_unread(const k8sc::Ref<k8sc::Object> &names, std::string_view version) override;
    void bookmark(const std::string &version) override;

    // Objects wait here as they came, so no more than a few.
    bool is_full() const override { return waiting_.load(std::memory_order_relaxed) >= most_waiting; }

    int deliver(k8sc::Event &event) override;
    void done_with(const k8sc::Event &event) override;

  private:
    static constexpr int64_t most_waiting = 1000;
    // What is done, where the queue is dispatched, with an object and the version that the server gave it.
    using Step = void (*)(TransformStage &stage, const k8sc::Ref<k8sc::Object> &object, const std::string &version);
    struct Task : k8sc::Payload {
        Step step;
        std::string version;
        k8sc::Ref<k8sc_informer> informer;
    };

    void push(Step step, k8sc::Ref<k8sc::Object> object, std::string_view version);
    k8sc::Event task(Step step, k8sc::Ref<k8sc::Object> object, std::string_view version);
    k8sc::Ref<k8sc::Object> transformed(const k8sc::Ref<k8sc::Object> &object);
    k8sc::CacheInput &cache() { return informer_->cache_writer_; }

    std::shared_ptr<k8sc::Transform> transform_;
    k8sc::Ref<k8sc::Queue> queue_;
    k8sc_informer *informer_ = nullptr;
    const k8sc::Ref<k8sc::Backpressure> backpressure_;
    std::atomic<int64_t> waiting_{0};
    bool list_is_void_ = false;  // where it is dispatched: the list lacks something
};
