#include "net/io_thread.h"

namespace k8sc {
namespace {

thread_local bool on_io_thread = false;

}  // namespace

IoThreadScope::IoThreadScope() { on_io_thread = true; }

IoThreadScope::~IoThreadScope() { on_io_thread = false; }

#ifndef NDEBUG
// The library neither prints nor calls abort(): a debugger shows who the caller was.
void assert_on_io_thread()
{
    if (!on_io_thread) __builtin_trap();
}
#endif

}  // namespace k8sc
