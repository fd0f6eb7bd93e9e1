#include "net/cancel_scope.h"

#include <algorithm>
#include <chrono>

#include "core/clock.h"
#include "core/error.h"
#include "core/thread_annotations.h"

namespace k8sc {
namespace {

// A token of before a fork may be locked for ever.
bool counts(const Cancel *cancel) { return cancel && !cancel->forked(); }

}  // namespace

thread_local CancelScope *CancelScope::innermost = nullptr;
thread_local Cancel *CancelScope::bound = nullptr;

CancelScope::CancelScope(Cancel *cancel) : cancel_(cancel), outer_(innermost) { innermost = this; }

CancelScope::~CancelScope() { innermost = outer_; }

Cancel *CancelScope::bind(Cancel *cancel) { return std::exchange(bound, cancel); }

bool wait_is_cancelled()
{
    if (counts(CancelScope::bound) && CancelScope::bound->is_cancelled()) return true;
    for (auto scope = CancelScope::innermost; scope; scope = scope->outer_)
        if (counts(scope->cancel_) && scope->cancel_->is_cancelled()) return true;
    return false;
}

void need_not_cancelled()
{
    if (wait_is_cancelled()) fail(K8SC_E_CANCELLED, "cancelled");
}

CancelAlarm::CancelAlarm(const Cancel::Hook &hook)
{
    add(CancelScope::bound, hook);
    for (auto scope = CancelScope::innermost; scope; scope = scope->outer_) add(scope->cancel_, hook);
}

void CancelAlarm::add(Cancel *cancel, const Cancel::Hook &hook)
{
    if (!counts(cancel)) return;
    hooks_.reserve(hooks_.size() + 1);
    hooks_.emplace_back(Ref<Cancel>(cancel), cancel->add(hook));
}

CancelAlarm::~CancelAlarm()
{
    for (auto &[cancel, id] : hooks_)
        if (!cancel->forked()) cancel->remove(id);
}

void pause_cancellably(int64_t ms)
{
    struct Bell {
        Mutex mutex;
        ConditionVariable changed;
        bool rung K8SC_GUARDED_BY(mutex) = false;
    };
    auto bell = std::make_shared<Bell>();
    CancelAlarm alarm([bell] {
        MutexLock lock(bell->mutex);
        bell->rung = true;
        bell->changed.notify_all();
    });
    int64_t until = deadline_after(ms);
    {
        MutexLock lock(bell->mutex);
        for (int64_t left = ms; left > 0 && !bell->rung; left = until - now_ms())
            bell->changed.wait_for(lock, std::chrono::milliseconds(std::min<int64_t>(left, 3600 * 1000)));
    }
    need_not_cancelled();
}

void CancellableMutex::lock()
{
    {
        MutexLock guard(state_->mutex);
        if (!state_->held) {
            state_->held = true;
            return;
        }
    }
    CancelAlarm alarm([state = state_] {
        MutexLock guard(state->mutex);
        state->changed.notify_all();
    });
    MutexLock guard(state_->mutex);
    while (state_->held) {
        need_not_cancelled();
        state_->changed.wait(guard);
    }
    state_->held = true;
}

void CancellableMutex::unlock()
{
    MutexLock guard(state_->mutex);
    state_->held = false;
    state_->changed.notify_one();
}

}  // namespace k8sc
