// The cancel token: tells everything that was started with it to end.
#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "core/ref.h"
#include "k8sc.h"

struct k8sc_cancel : public k8sc::Handle {
  public:
    using Hook = std::function<void()>;

    void cancel();
    bool is_cancelled();
    // Calls the hook at cancel(), on its thread; at once where that was. The hook must not block.
    uint64_t add(Hook hook);
    void remove(uint64_t id);

  private:
    std::mutex mutex_;
    bool cancelled_ = false;
    uint64_t next_id_ = 1;
    std::map<uint64_t, Hook> hooks_;
};

namespace k8sc {

using Cancel = ::k8sc_cancel;

}  // namespace k8sc
