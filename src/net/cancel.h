// The cancel token: tells everything that was started with it to end.
#pragma once

#include <functional>
#include <map>

#include "core/ref.h"
#include "core/thread_annotations.h"
#include "k8sc.h"

struct k8sc_cancel : public k8sc::Handle {
  public:
    using Hook = std::function<void()>;

    void cancel() K8SC_EXCLUDES(mutex_);
    bool is_cancelled() K8SC_EXCLUDES(mutex_);
    // Calls the hook at cancel(), on its thread; at once where that was. The hook must not block.
    uint64_t add(Hook hook) K8SC_EXCLUDES(mutex_);
    void remove(uint64_t id) K8SC_EXCLUDES(mutex_);

  private:
    k8sc::Mutex mutex_;
    bool cancelled_ K8SC_GUARDED_BY(mutex_) = false;
    uint64_t next_id_ K8SC_GUARDED_BY(mutex_) = 1;
    std::map<uint64_t, Hook> hooks_ K8SC_GUARDED_BY(mutex_);
};

namespace k8sc {

using Cancel = ::k8sc_cancel;

}  // namespace k8sc
