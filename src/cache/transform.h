// The step between reflector and store where a transform is set: objects wait in the queue until a dispatch has run it
// over them.
#pragma once

#include "cache/informer.h"

class k8sc_informer::TransformStage : public k8sc::Subscription {
  public:
    TransformStage(std::shared_ptr<k8sc::Transform> transform, k8sc::Ref<k8sc::Queue> queue,
                   k8sc::Ref<k8sc::Backpressure> backpressure);

    // The informer owns this, and keeps its queue's events from outliving it by muting them.
    void set_informer(k8sc_informer *informer) { informer_ = informer; }

    // On the I/O thread.
    void list_begins();
    void listed(k8sc::Ref<k8sc::Object> object);
    void unlisted(k8sc::Ref<k8sc::Object> object);
    void listed_unread(k8sc::Ref<k8sc::Object> names);
    void list_ends(const std::string &version);
    void changed(k8sc::Ref<k8sc::Object> object);
    void deleted(k8sc::Ref<k8sc::Object> object);
    void deleted_unread(k8sc::Ref<k8sc::Object> names);
    void bookmark(const std::string &version);

    // Objects wait here as they came, so no more than a few.
    bool is_full() const { return waiting_.load(std::memory_order_relaxed) >= most_waiting; }

    int deliver(k8sc::Event &event) override;
    void done_with(const k8sc::Event &event) override;

  private:
    static constexpr int64_t most_waiting = 1000;
    enum class Step {
        list_begin,
        listed,
        unlisted,
        listed_unread,
        list_end,
        changed,
        deleted,
        deleted_unread,
        bookmark
    };
    struct Task : k8sc::Payload {
        Step step;
        std::string version;
        k8sc::Ref<k8sc_informer> informer;
    };

    void push(Step step, k8sc::Ref<k8sc::Object> object, const std::string &version);
    void run(Step step, const k8sc::Ref<k8sc::Object> &object, const std::string &version);
    k8sc::Event task(Step step, k8sc::Ref<k8sc::Object> object, const std::string &version);
    k8sc::Ref<k8sc::Object> transformed(const k8sc::Ref<k8sc::Object> &object);

    std::shared_ptr<k8sc::Transform> transform_;
    k8sc::Ref<k8sc::Queue> queue_;
    k8sc_informer *informer_ = nullptr;
    const k8sc::Ref<k8sc::Backpressure> backpressure_;
    std::atomic<int64_t> waiting_{0};
    bool list_is_void_ = false;  // where it is dispatched: the list lacks something
};
