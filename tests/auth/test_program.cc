// Programs that behave, and those that do not.
#include "auth/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "core/clock.h"

#include "../core/check.h"

namespace {

using End = ProgramResult::End;

ProgramResult run(const std::string &script, int64_t timeout_ms = 20000,
                  const std::shared_ptr<StopToken> &stop = std::make_shared<StopToken>())
{
    Program program;
    program.path = "/bin/sh";
    program.arguments = {"-c", script, "name", "a b", "$HOME"};
    program.environment = {"PATH=/usr/bin:/bin", "WORD=one two"};
    program.timeout_ms = timeout_ms;
    return run_program(program, stop);
}

void output_errors_arguments_and_environment_pass(void **)
{
    ProgramResult result = run("printf '%s|%s|%s' \"$1\" \"$2\" \"$WORD\"; echo trouble >&2");
    assert_int_equal(int(result.end), int(End::exited));
    assert_int_equal(result.code, 0);
    // Arguments reach it as they are: there is no shell between.
    assert_text(result.output, "a b|$HOME|one two");
    assert_text(result.errors, "trouble\n");
}

void exit_codes_and_signals_are_told(void **)
{
    ProgramResult result = run("exit 7");
    assert_int_equal(int(result.end), int(End::exited));
    assert_int_equal(result.code, 7);
    result = run("kill -9 $$");
    assert_int_equal(int(result.end), int(End::signalled));
    assert_int_equal(result.code, 9);
}

void nothing_is_inherited(void **)
{
    // The host's descriptors, signal mask and ignored signals stay its own.
    int fd = open("/dev/null", O_RDONLY);
    assert_true(fd > 2);
    sigset_t blocked, before;
    sigfillset(&blocked);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    auto old = signal(SIGTERM, SIG_IGN);
    ProgramResult result = run("ls -l /proc/self/fd | grep -c /dev/null; cat; grep SigBlk /proc/self/status");
    ProgramResult killed = run("kill -TERM $$; echo alive");
    signal(SIGTERM, old);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    close(fd);
    // Its standard input is the only one, and at its end.
    assert_text(result.output, "1\nSigBlk:\t0000000000000000\n");
    assert_int_equal(int(killed.end), int(End::signalled));
    assert_int_equal(killed.code, SIGTERM);
}

void times_out(void **)
{
    int64_t began = now_ms();
    // A child of its own must not live on, nor hold up the end by the pipe that it keeps.
    ProgramResult result = run("echo begun; sleep 1000 & echo $!; sleep 1000", 200);
    assert_int_equal(int(result.end), int(End::timed_out));
    assert_true(now_ms() - began < 15000);
    assert_true(result.output.starts_with("begun\n"));
    pid_t child = atoi(result.output.c_str() + 6);
    assert_true(child > 1);
    for (int i = 0; i < 2000 && kill(child, 0) == 0; i++) {
        // Killed, but perhaps nobody's to be waited for yet.
        std::ifstream status("/proc/" + std::to_string(child) + "/stat");
        std::string text;
        std::getline(status, text);
        if (text.find(") Z ") != std::string::npos) return;
        usleep(5000);
    }
    assert_int_not_equal(kill(child, 0), 0);
}

void ignores_the_polite_end(void **)
{
    ProgramResult result = run("trap '' TERM; while true; do sleep 0.1; done", 100);
    assert_int_equal(int(result.end), int(End::timed_out));
}

void a_child_keeps_the_pipe(void **)
{
    int64_t began = now_ms();
    ProgramResult result = run("sleep 1000 & echo done; exit 0");
    assert_int_equal(int(result.end), int(End::exited));
    assert_text(result.output, "done\n");
    assert_true(now_ms() - began < 15000);
    run("pkill -f 'sleep 1000' || true");
}

void is_stopped(void **)
{
    auto stop = std::make_shared<StopToken>();
    std::thread other([stop] {
        usleep(50000);
        stop->stop();
    });
    ProgramResult result = run("sleep 1000", -1, stop);
    other.join();
    assert_int_equal(int(result.end), int(End::stopped));
}

pid_t asked;

// As a program that has become root answers everybody else.
int not_permitted(pid_t group, int)
{
    asked = -group;
    errno = EPERM;
    return -1;
}

size_t open_descriptors()
{
    size_t n = 0;
    for (auto &entry : std::filesystem::directory_iterator("/proc/self/fd")) n += entry.is_symlink();
    return n;
}

// Whether it is a child of this process still, running or waiting to be taken note of.
bool is_child(pid_t pid)
{
    siginfo_t info = {};
    return waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void cannot_be_killed(void **)
{
    for (End end : {End::timed_out, End::stopped, End::too_much}) {
        auto stop = std::make_shared<StopToken>();
        if (end == End::stopped) stop->stop();
        size_t descriptors = open_descriptors();
        Program program;
        program.path = "/bin/sh";
        // Also where it has nobody to write to any more.
        program.arguments = {
            "-c", concat(end == End::too_much ? "yes | head -c 3000000; " : "", "trap '' PIPE; exec sleep 1000")};
        program.environment = {"PATH=/usr/bin:/bin"};
        program.timeout_ms = end == End::timed_out ? 500 : -1;
        program.kill = not_permitted;
        int64_t began = now_ms();
        ProgramResult result = run_program(program, stop);
        assert_int_equal(int(result.end), int(end));
        assert_true(result.left);
        assert_true(now_ms() - began < 20000);
        assert_int_equal(open_descriptors(), descriptors);
        pid_t pid = asked;
        assert_true(pid > 1);

        // It is let alone as long as it runs, and taken note of when it ends.
        run("true");
        assert_int_equal(kill(pid, 0), 0);
        assert_int_equal(kill(-pid, SIGKILL), 0);
        for (int64_t until = now_ms() + 20000; is_child(pid) && now_ms() < until; usleep(2000)) reap_programs();
        assert_false(is_child(pid));
    }
}

void writes_too_much(void **)
{
    ProgramResult result = run("yes; exit 0");
    assert_int_equal(int(result.end), int(End::too_much));
    assert_true(result.output.size() < (4u << 20));
    result = run("yes | head -c 3000000 >&2; echo last >&2");
    assert_int_equal(int(result.end), int(End::exited));
    assert_true(result.errors.size() <= 2048);
    assert_true(result.errors.ends_with("last\n"));
}

void host_ignores_its_children(void **)
{
    auto old = signal(SIGCHLD, SIG_IGN);
    ProgramResult result = run("echo answer; exit 3");
    signal(SIGCHLD, old);
    // The status is lost, the answer is not.
    assert_int_equal(result.code, -1);
    assert_text(result.output, "answer\n");
}

void cannot_be_run(void **)
{
    Program program;
    program.path = "/nowhere/at/all";
    std::string message;
    auto stop = std::make_shared<StopToken>();
    assert_int_equal(code_of([&] { run_program(program, stop); }, &message), K8SC_E_IO);
    assert_says(message, "/nowhere/at/all");
    assert_says(message, "No such file");
}

void is_found(void **)
{
    char directory[] = "/tmp/k8sc-program-XXXXXX";
    assert_non_null(mkdtemp(directory));
    std::string here = directory, tool = here + "/tool", text = here + "/text";
    std::ofstream(tool) << "#!/bin/sh\n";
    std::ofstream(text) << "text\n";
    chmod(tool.c_str(), 0755);
    chmod(text.c_str(), 0644);
    assert_text(find_program("tool", "/nowhere:" + here + ":/bin"), tool);
    assert_text(find_program("text", here), "");
    assert_text(find_program("tool", "/nowhere"), "");
    assert_text(find_program(tool, ""), tool);
    assert_text(find_program(text, ""), "");
    assert_text(find_program(here, ""), "");
    // Neither an empty entry nor a relative one means the working directory.
    char *before = getcwd(nullptr, 0);
    assert_int_equal(chdir(directory), 0);
    assert_text(find_program("tool", ":.:"), "");
    assert_int_equal(chdir(before), 0);
    free(before);
    unlink(tool.c_str());
    unlink(text.c_str());
    rmdir(directory);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(output_errors_arguments_and_environment_pass),
                                cmocka_unit_test(exit_codes_and_signals_are_told),
                                cmocka_unit_test(nothing_is_inherited),
                                cmocka_unit_test(times_out),
                                cmocka_unit_test(ignores_the_polite_end),
                                cmocka_unit_test(a_child_keeps_the_pipe),
                                cmocka_unit_test(cannot_be_killed),
                                cmocka_unit_test(is_stopped),
                                cmocka_unit_test(writes_too_much),
                                cmocka_unit_test(host_ignores_its_children),
                                cmocka_unit_test(cannot_be_run),
                                cmocka_unit_test(is_found)};
    return cmocka_run_group_tests_name("program", tests, nullptr, nullptr);
}
