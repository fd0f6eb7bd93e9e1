// What must be done, also where memory lacks for a moment.
#pragma once

#include <chrono>
#include <new>
#include <thread>

namespace k8sc {

// Tries for a second; false where there was no memory all the while. Each attempt must be all or nothing.
template <class Step>
bool persist(Step &&step) noexcept
{
    constexpr int attempts = 100;
    for (int i = 0; i < attempts; i++) {
        try {
            step();
            return true;
        } catch (const std::bad_alloc &) {
            // The first time at once: others may have let go meanwhile.
            if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
    return false;
}

// What `make` gives, as soon as there is memory for it: of what could neither be told nor be left undone. Each attempt
// must be all or nothing.
template <class Make>
decltype(auto) await_memory(Make &&make) noexcept
{
    while (true) {
        try {
            return make();
        } catch (const std::bad_alloc &) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
}

}  // namespace k8sc
