// "On the I/O thread" as a rule that Clang checks; see core/thread_annotations.h.
//
//   K8SC_REQUIRES(io_thread)    on a function: it must be called on the I/O thread
//   K8SC_GUARDED_BY(io_thread)  on a member: it is used on the I/O thread only
//   assert_on_io_thread()       where Clang cannot follow, but the function does run there: in lambdas, and in
//                               callbacks of C libraries. Builds without NDEBUG check it, and trap.
#pragma once

#include "core/thread_annotations.h"

namespace k8sc {

// All I/O threads are one to Clang: it does not see whether an object stays with its own loop.
class K8SC_CAPABILITY("role") IoThread {};
inline constexpr IoThread io_thread;

#ifdef NDEBUG
inline void assert_on_io_thread() K8SC_ASSERT_CAPABILITY(io_thread) {}
#else
void assert_on_io_thread() K8SC_ASSERT_CAPABILITY(io_thread);
#endif
// The loop has ended, and with it its thread: any thread may do what is left.
inline void assume_io_thread_ended() K8SC_ASSERT_CAPABILITY(io_thread) {}

// Marks the thread that it lives on as an I/O thread.
class IoThreadScope {
  public:
    IoThreadScope();
    ~IoThreadScope();
};

}  // namespace k8sc
