#include "net/io_thread.h"

#include <cstdio>
#include <cstdlib>

namespace k8sc {
namespace {

thread_local bool on_io_thread = false;

}  // namespace

IoThreadScope::IoThreadScope() { on_io_thread = true; }

IoThreadScope::~IoThreadScope() { on_io_thread = false; }

#ifndef NDEBUG
void assert_on_io_thread(const char *file, int line)
{
    if (on_io_thread) return;
    fprintf(stderr, "%s:%d: not on the I/O thread\n", file, line);
    abort();
}
#endif

}  // namespace k8sc
