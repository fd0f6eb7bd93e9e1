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
void assert_on_io_thread(const std::source_location &where)
{
    if (on_io_thread) return;
    fprintf(stderr, "%s:%u: %s: not on the I/O thread\n", where.file_name(), static_cast<unsigned>(where.line()),
            where.function_name());
    abort();
}
#endif

}  // namespace k8sc
