// "On the I/O thread" as a rule that Clang checks; see core/thread_annotations.h. A program pays nothing for it.
//
//   K8SC_REQUIRES(io_thread)    on a function: it must be called on the I/O thread
//   K8SC_GUARDED_BY(io_thread)  on a member: it is used on the I/O thread only
//   assert_on_io_thread()       where Clang cannot follow, but the function does run there: in lambdas, and in
//   callbacks of C libraries
#pragma once

#include "core/thread_annotations.h"

namespace k8sc {

// All I/O threads are one to Clang: it does not see whether an object stays with its own loop.
class K8SC_CAPABILITY("role") IoThread {};
inline constexpr IoThread io_thread;

inline void assert_on_io_thread() K8SC_ASSERT_CAPABILITY(io_thread) {}

}  // namespace k8sc
