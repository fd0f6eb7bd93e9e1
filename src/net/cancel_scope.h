// What ends the waits of a thread: the token that its host has bound to it, and those of the scopes that it is in.
#pragma once

#include <memory>
#include <vector>

#include "core/thread_annotations.h"
#include "net/cancel.h"

namespace k8sc {

// While it lives, this thread's waits end by this token, too; NULL: nothing more than before.
class CancelScope {
  public:
    explicit CancelScope(Cancel *cancel);
    ~CancelScope();
    CancelScope(const CancelScope &) = delete;
    CancelScope &operator=(const CancelScope &) = delete;

    // The host's token, as if around all scopes; answers the one before. Both are borrowed.
    static Cancel *bind(Cancel *cancel);

  private:
    friend class CancelAlarm;
    friend bool wait_is_cancelled();

    static thread_local CancelScope *innermost;
    static thread_local Cancel *bound;
    Cancel *const cancel_;
    CancelScope *const outer_;
};

// Whether one of the tokens is cancelled.
bool wait_is_cancelled();
// Fails with K8SC_E_CANCELLED where it is.
void need_not_cancelled();

// While it lives, the hook is called where one of the tokens is cancelled: on the thread that does so, or here, where
// it was before. The hook must not block, owns what it uses, and may still run when the alarm is gone.
class CancelAlarm {
  public:
    explicit CancelAlarm(const Cancel::Hook &hook);
    ~CancelAlarm();
    CancelAlarm(const CancelAlarm &) = delete;
    CancelAlarm &operator=(const CancelAlarm &) = delete;

  private:
    void add(Cancel *cancel, const Cancel::Hook &hook);

    std::vector<std::pair<Ref<Cancel>, uint64_t>> hooks_;
};

// Pauses; ends early, and fails, where it is cancelled.
void pause_cancellably(int64_t ms);

// A mutex that is held for as long as a server takes to answer: lock() fails with K8SC_E_CANCELLED where this thread's
// wait is cancelled.
class K8SC_CAPABILITY("mutex") CancellableMutex {
  public:
    void lock() K8SC_ACQUIRE();
    void unlock() K8SC_RELEASE();

  private:
    struct State {
        Mutex mutex;
        ConditionVariable changed;
        bool held K8SC_GUARDED_BY(mutex) = false;
    };
    const std::shared_ptr<State> state_ = std::make_shared<State>();
};

class K8SC_SCOPED_CAPABILITY CancellableLock {
  public:
    explicit CancellableLock(CancellableMutex &mutex) K8SC_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
    ~CancellableLock() K8SC_RELEASE() { mutex_.unlock(); }
    CancellableLock(const CancellableLock &) = delete;
    CancellableLock &operator=(const CancellableLock &) = delete;

  private:
    CancellableMutex &mutex_;
};

}  // namespace k8sc
