// The rule "on the I/O thread" is checked at run time, too.
#include "net/io_thread.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../core/check.h"

using namespace k8sc;

namespace {

#ifdef NDEBUG
constexpr bool traps = false;
#else
constexpr bool traps = true;
#endif

// How a child ends that runs the function: the signal, or 0.
template <class Function>
int signal_of(Function &&function)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        // A sanitizer would report the signal, and end in its own way.
        for (int number : {SIGILL, SIGTRAP}) signal(number, SIG_DFL);
        prctl(PR_SET_DUMPABLE, 0);
        function();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

void another_thread_traps(void **)
{
    int number = signal_of([] { assert_on_io_thread(); });
    assert_true(traps ? number == SIGILL || number == SIGTRAP : number == 0);
}

void the_io_thread_passes(void **)
{
    assert_int_equal(signal_of([] {
                         IoThreadScope scope;
                         assert_on_io_thread();
                     }),
                     0);
}

void the_scope_ends(void **)
{
    int number = signal_of([] {
        {
            IoThreadScope scope;
        }
        assert_on_io_thread();
    });
    assert_true(traps ? number == SIGILL || number == SIGTRAP : number == 0);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(another_thread_traps),
        cmocka_unit_test(the_io_thread_passes),
        cmocka_unit_test(the_scope_ends),
    };
    return cmocka_run_group_tests_name("I/O thread", tests, nullptr, nullptr);
}
