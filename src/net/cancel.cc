#include "net/cancel.h"

void k8sc_cancel::cancel()
{
    std::map<uint64_t, Hook> hooks;
    {
        k8sc::MutexLock lock(mutex_);
        cancelled_ = true;
        hooks.swap(hooks_);
    }
    for (auto &[id, hook] : hooks) hook();
}

bool k8sc_cancel::is_cancelled()
{
    k8sc::MutexLock lock(mutex_);
    return cancelled_;
}

uint64_t k8sc_cancel::add(Hook hook)
{
    {
        k8sc::MutexLock lock(mutex_);
        if (!cancelled_) {
            hooks_.emplace(next_id_, std::move(hook));
            return next_id_++;
        }
    }
    hook();
    return 0;
}

void k8sc_cancel::remove(uint64_t id)
{
    Hook removed;
    k8sc::MutexLock lock(mutex_);
    auto at = hooks_.find(id);
    if (at == hooks_.end()) return;
    removed = std::move(at->second);
    hooks_.erase(at);
}
