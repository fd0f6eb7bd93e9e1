// Runs a program and collects what it writes: no shell, nothing of this process's descriptors, and an end at the latest
// when its time is over. Blocks: for threads that may.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/secret_text.h"

namespace k8sc {

// Ends a program that runs, from any thread.
class StopToken {
  public:
    // Fails with K8SC_E_IO.
    StopToken();
    ~StopToken();
    StopToken(const StopToken &) = delete;
    StopToken &operator=(const StopToken &) = delete;

    void stop();
    int fd() const { return fd_; }

  private:
    int fd_;
};

struct Program {
    std::string path;
    std::vector<std::string> arguments;    // without the name
    std::vector<std::string> environment;  // "NAME=value"
    bool interactive = false;              // keeps the standard input and error of this process, and its process group
    int64_t timeout_ms = 60000;
    int (*kill)(pid_t, int) = ::kill;  // for tests: how it is ended
};

struct ProgramResult {
    enum class End { exited, signalled, timed_out, stopped, too_much };

    End end = End::exited;
    int code = 0;       // the exit status or the signal; -1 where it was not to be had
    bool left = false;  // it could not be ended, and may run still
    SecretText output;
    std::string errors;  // the last of what it wrote to its standard error
};

// Fails with K8SC_E_IO where it cannot be started. One that cannot be ended, since it has become somebody else, is left
// to itself.
ProgramResult run_program(const Program &program, const std::shared_ptr<StopToken> &stop);

// Takes note of the end of programs that were left to themselves, so that nothing is kept of them. Waits for nothing;
// each run of a program does it too.
void reap_programs();

// The file that a command means: itself where it holds a "/", else the first that can be executed in the absolute
// directories of `search_path`. "" where there is none.
std::string find_program(const std::string &command, std::string_view search_path);

}  // namespace k8sc
