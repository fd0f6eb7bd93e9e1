// Reference counting: Ref<T> inside of the library, Handle for what users count too.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "core/fork.h"

namespace k8sc {

// An intrusive pointer to anything with retain() and release().
template <class T>
class Ref {
  public:
    Ref() = default;
    Ref(std::nullptr_t) {}
    explicit Ref(T *pointer) : pointer_(pointer)
    {
        if (pointer_) pointer_->retain();
    }
    Ref(const Ref &other) : Ref(other.pointer_) {}
    Ref(Ref &&other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
    template <class U>
    Ref(const Ref<U> &other) : Ref(other.get())
    {
    }
    ~Ref()
    {
        if (pointer_) pointer_->release();
    }
    Ref &operator=(Ref other) noexcept
    {
        std::swap(pointer_, other.pointer_);
        return *this;
    }

    // Takes over a reference that the caller holds.
    static Ref adopt(T *pointer)
    {
        Ref ref;
        ref.pointer_ = pointer;
        return ref;
    }
    // Gives the reference to the caller.
    T *detach() { return std::exchange(pointer_, nullptr); }

    T *get() const { return pointer_; }
    T *operator->() const { return pointer_; }
    T &operator*() const { return *pointer_; }
    explicit operator bool() const { return pointer_ != nullptr; }
    friend bool operator==(const Ref &a, const Ref &b) { return a.pointer_ == b.pointer_; }

  private:
    T *pointer_ = nullptr;
};

class RefCounted {
  public:
    RefCounted() = default;
    RefCounted(const RefCounted &) = delete;
    RefCounted &operator=(const RefCounted &) = delete;

    void retain() const { refs_.fetch_add(1, std::memory_order_relaxed); }
    void release() const
    {
        if (refs_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
    }

  protected:
    virtual ~RefCounted() = default;

  private:
    mutable std::atomic<uint32_t> refs_{0};
};

template <class T, class... Args>
Ref<T> make(Args &&...args)
{
    return Ref<T>(new T(std::forward<Args>(args)...));
}

// A shared handle. The library's own references keep its memory; the users' references, counted apart, tell when nobody
// outside wants it any more: then abandoned() winds it down. So releasing never waits for the library to let go.
class Handle : public RefCounted {
  public:
    bool forked() const { return fork_generation_ != fork_generation(); }

    void user_retain()
    {
        retain();
        if (users_.fetch_add(1, std::memory_order_relaxed) == 0) adopted();
    }
    void user_release()
    {
        bool last = users_.fetch_sub(1, std::memory_order_acq_rel) == 1;
        if (forked()) {
            // The other threads that held locks and references are gone: free descriptors, leave the memory.
            if (last) abandoned_in_child();
            return;
        }
        if (last) abandoned();
        release();
    }

  protected:
    // The first user's reference is made. May happen again after abandoned(), where the library kept the handle.
    virtual void adopted() {}
    // Must neither block nor, but for destroy callbacks that are owed, run a user's code.
    virtual void abandoned() {}
    virtual void abandoned_in_child() {}

  private:
    std::atomic<uint32_t> users_{0};
    uint64_t fork_generation_ = fork_generation();
};

// The pointer that a user gets: one user's reference.
// One user's reference, held by a handle for the sake of another that it was made from.
template <class T>
class UserRef {
  public:
    UserRef() = default;
    explicit UserRef(T *pointer) : pointer_(pointer)
    {
        if (pointer_) pointer_->user_retain();
    }
    UserRef(const UserRef &) = delete;
    UserRef &operator=(const UserRef &) = delete;
    ~UserRef() { reset(); }
    void reset()
    {
        if (auto pointer = std::exchange(pointer_, nullptr)) pointer->user_release();
    }

  private:
    T *pointer_ = nullptr;
};

template <class T>
T *hand_out(const Ref<T> &ref)
{
    ref->user_retain();
    return ref.get();
}

}  // namespace k8sc
