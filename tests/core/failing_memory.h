// Lets the n-th allocation of a thread fail, as curl's torture tests do. Include it in one file of a program.
#pragma once

#include <cstdlib>
#include <new>

// 0: none. Counted down to the one that fails.
inline thread_local long fails_after = 0;
// How many there were.
inline thread_local long allocations = 0;

// Called before each of them, on any thread.
inline void (*before_allocation)() = nullptr;

inline bool fails_now()
{
    if (before_allocation) before_allocation();
    allocations++;
    return fails_after > 0 && --fails_after == 0;
}

inline void *allocate_or_fail(size_t size)
{
    void *block = fails_now() ? nullptr : std::malloc(size ? size : 1);
    if (!block) throw std::bad_alloc();
    return block;
}

void *operator new(size_t size) { return allocate_or_fail(size); }
void *operator new[](size_t size) { return allocate_or_fail(size); }
// Also those that do not throw: what they make comes back through the same door.
void *operator new(size_t size, const std::nothrow_t &) noexcept
{
    return fails_now() ? nullptr : std::malloc(size ? size : 1);
}
void *operator new[](size_t size, const std::nothrow_t &) noexcept
{
    return fails_now() ? nullptr : std::malloc(size ? size : 1);
}
void operator delete(void *block) noexcept { std::free(block); }
void operator delete[](void *block) noexcept { std::free(block); }
void operator delete(void *block, size_t) noexcept { std::free(block); }
void operator delete[](void *block, size_t) noexcept { std::free(block); }
