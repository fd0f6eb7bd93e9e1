// Thread rules that Clang checks (-Wthread-safety), and the mutex that they are about. tests/hygiene runs the check;
// other compilers see plain classes.
//
//   K8SC_GUARDED_BY(mutex_)  on a member: it is read and written only while the mutex is held
//   K8SC_REQUIRES(mutex_)    on a function: its caller holds the mutex
//   K8SC_EXCLUDES(mutex_)    on a function: its caller does not hold the mutex, because the function locks it
//
// Clang analyses each lambda as a function of its own, which holds nothing at its beginning, and skips constructors and
// destructors.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define K8SC_THREAD_ATTRIBUTE(attribute) __attribute__((attribute))
#else
#define K8SC_THREAD_ATTRIBUTE(attribute)
#endif

#define K8SC_CAPABILITY(name) K8SC_THREAD_ATTRIBUTE(capability(name))
#define K8SC_SCOPED_CAPABILITY K8SC_THREAD_ATTRIBUTE(scoped_lockable)
#define K8SC_GUARDED_BY(capability) K8SC_THREAD_ATTRIBUTE(guarded_by(capability))
#define K8SC_REQUIRES(...) K8SC_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define K8SC_EXCLUDES(...) K8SC_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define K8SC_ACQUIRE(...) K8SC_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define K8SC_RELEASE(...) K8SC_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define K8SC_TRY_ACQUIRE(...) K8SC_THREAD_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
#define K8SC_ASSERT_CAPABILITY(...) K8SC_THREAD_ATTRIBUTE(assert_capability(__VA_ARGS__))
#define K8SC_NO_THREAD_SAFETY_ANALYSIS K8SC_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace k8sc {

class K8SC_CAPABILITY("mutex") Mutex {
  public:
    Mutex() = default;
    Mutex(const Mutex &) = delete;
    Mutex &operator=(const Mutex &) = delete;

    void lock() K8SC_ACQUIRE() { mutex_.lock(); }
    void unlock() K8SC_RELEASE() { mutex_.unlock(); }
    // For a lambda that runs while its caller's caller holds the mutex: Clang takes it for granted from here on.
    void assert_held() const K8SC_ASSERT_CAPABILITY(this) {}
    bool try_lock() K8SC_TRY_ACQUIRE(true) { return mutex_.try_lock(); }

  private:
    friend class MutexLock;
    std::mutex mutex_;
};

// Holds a mutex while it lives, but for what is between unlock() and lock().
class K8SC_SCOPED_CAPABILITY MutexLock {
  public:
    explicit MutexLock(Mutex &mutex) K8SC_ACQUIRE(mutex) : lock_(mutex.mutex_) {}
    ~MutexLock() K8SC_RELEASE() {}
    MutexLock(const MutexLock &) = delete;
    MutexLock &operator=(const MutexLock &) = delete;

    void lock() K8SC_ACQUIRE() { lock_.lock(); }
    void unlock() K8SC_RELEASE() { lock_.unlock(); }

  private:
    friend class ConditionVariable;
    std::unique_lock<std::mutex> lock_;
};

// Releases a mutex, which its function holds, while it lives.
class K8SC_SCOPED_CAPABILITY MutexUnlock {
  public:
    explicit MutexUnlock(Mutex &mutex) K8SC_RELEASE(mutex) : mutex_(mutex) { mutex_.unlock(); }
    // Clang: a scope that began with a release ends with an acquisition.
    ~MutexUnlock() K8SC_RELEASE() { relock(); }
    MutexUnlock(const MutexUnlock &) = delete;
    MutexUnlock &operator=(const MutexUnlock &) = delete;

  private:
    void relock() K8SC_NO_THREAD_SAFETY_ANALYSIS { mutex_.lock(); }

    Mutex &mutex_;
};

// Waits have no predicate: Clang would not know that it runs under the mutex. Callers loop.
class ConditionVariable {
  public:
    void wait(MutexLock &lock) { changed_.wait(lock.lock_); }
    void wait_for(MutexLock &lock, std::chrono::milliseconds duration) { changed_.wait_for(lock.lock_, duration); }
    void notify_one() noexcept { changed_.notify_one(); }
    void notify_all() noexcept { changed_.notify_all(); }

  private:
    std::condition_variable changed_;
};

}  // namespace k8sc
