#include "auth/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include "config/file.h"
#include "core/clock.h"
#include "core/descriptor.h"
#include "core/error.h"

namespace k8sc {
namespace {

constexpr size_t most_output = 1 << 20;
constexpr size_t most_errors = 2048;
// Between the request to end and the end by force.
constexpr int64_t grace_ms = 500;
// How long the kernel may take to end a program by force.
constexpr int64_t force_ms = 5000;
// Where the kernel cannot tell of a program's end by descriptor, it is asked this often.
constexpr int tick_ms = 20;

[[noreturn]] void fail_with(const std::string &what, int fault)
{
    fail(K8SC_E_IO, concat(what, ": ", fault_text(fault)));
}

void make_pipe(Descriptor &reading, Descriptor &writing)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) fail_with("pipe", errno);
    reading.reset(fds[0]);
    writing.reset(fds[1]);
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
}

std::vector<char *> pointers(std::vector<std::string> &texts)
{
    std::vector<char *> out;
    for (auto &text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

// Children of this process that could not be ended. No thread waits for them, and the host's SIGCHLD is its own: they
// are asked after now and then. Without a lock, which a forked child might find taken; which process it was is noted,
// since in the child of a fork the number may come to mean something else.
class Orphans {
  public:
    void add(pid_t pid)
    {
        int64_t entry = int64_t(getpid()) << 32 | pid;
        for (auto &slot : slots_) {
            int64_t expected = nothing;
            if (slot.compare_exchange_strong(expected, entry)) return;
        }
    }

    void reap()
    {
        for (auto &slot : slots_) {
            int64_t entry = slot.load();
            // Only one may ask at a time: a number that was reaped is free for others.
            if (entry <= 0 || !slot.compare_exchange_strong(entry, taken)) continue;
            siginfo_t info = {};
            bool runs = entry >> 32 == getpid() &&
                        waitid(P_PID, static_cast<id_t>(entry & 0x7fffffff), &info, WEXITED | WNOHANG) == 0 &&
                        info.si_pid == 0;
            slot.store(runs ? entry : nothing);
        }
    }

    bool is_full() const
    {
        return std::all_of(slots_.begin(), slots_.end(), [](auto &slot) { return slot.load() != nothing; });
    }

  private:
    static constexpr int64_t nothing = 0, taken = -1;
    std::array<std::atomic<int64_t>, 64> slots_{};
};

Orphans left;

struct Spawn {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    Spawn()
    {
        if (posix_spawn_file_actions_init(&actions) != 0) throw std::bad_alloc();
        if (posix_spawnattr_init(&attributes) != 0) {
            posix_spawn_file_actions_destroy(&actions);
            throw std::bad_alloc();
        }
    }
    ~Spawn()
    {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
};

class Running {
  public:
    Running(const Program &program, ProgramResult &result) : program_(program), result_(result) { start(); }

    ~Running()
    {
        if (!reaped_) end_by_force();
    }

    // Until the program has ended, or has to.
    void watch(const StopToken &stop)
    {
        int64_t deadline = deadline_after(program_.timeout_ms);
        while (!wait_for_end()) {
            int64_t left = deadline == never ? 3600 * 1000 : deadline - now_ms();
            if (left <= 0) return give_up(ProgramResult::End::timed_out);
            pollfd fds[] = {{output_.get(), POLLIN, 0},
                            {errors_.get(), POLLIN, 0},
                            {stop.fd(), POLLIN, 0},
                            {process_.get(), POLLIN, 0}};
            int wait = static_cast<int>(std::min<int64_t>(left, process_.get() < 0 ? tick_ms : 60000));
            if (poll(fds, 4, wait) < 0 && errno != EINTR) fail_with("poll", errno);
            if (fds[2].revents) return give_up(ProgramResult::End::stopped);
            read_all();
            if (result_.output.size() > most_output) return give_up(ProgramResult::End::too_much);
        }
        // What it left in the pipes; a child of its own may hold them open, and is not waited for.
        read_all();
    }

  private:
    void start()
    {
        Descriptor output_end, errors_end;
        make_pipe(output_, output_end);
        Spawn spawn;
        if (!program_.interactive) {
            make_pipe(errors_, errors_end);
            posix_spawn_file_actions_addopen(&spawn.actions, 0, "/dev/null", O_RDONLY, 0);
            posix_spawn_file_actions_adddup2(&spawn.actions, errors_end.get(), 2);
        }
        posix_spawn_file_actions_adddup2(&spawn.actions, output_end.get(), 1);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
        // The host's descriptors are none of its business, also where the host did not say so.
        posix_spawn_file_actions_addclosefrom_np(&spawn.actions, 3);
#endif
        // This thread blocks all signals, which the program should not inherit.
        short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&spawn.attributes, &none);
        posix_spawnattr_setsigdefault(&spawn.attributes, &all);
        // A group of its own is ended as a whole; but one that reads from the terminal has to be in the foreground.
        if (!program_.interactive) {
            flags |= POSIX_SPAWN_SETPGROUP;
            posix_spawnattr_setpgroup(&spawn.attributes, 0);
        }
        posix_spawnattr_setflags(&spawn.attributes, flags);

        std::vector<std::string> arguments = {program_.path};
        arguments.insert(arguments.end(), program_.arguments.begin(), program_.arguments.end());
        std::vector<std::string> environment = program_.environment;
        int fault = posix_spawn(&pid_, program_.path.c_str(), &spawn.actions, &spawn.attributes,
                                pointers(arguments).data(), pointers(environment).data());
        if (fault) {
            reaped_ = true;
            fail_with(concat("cannot run ", quoted_path(program_.path)), fault);
        }
        process_.reset(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
    }

    static bool read_some(Descriptor &from, std::string &to, size_t keep)
    {
        char buffer[4096];
        ssize_t n = read(from.get(), buffer, sizeof buffer);
        if (n < 0) return errno == EINTR;
        if (n == 0) {
            from.reset();
            return false;
        }
        to.append(buffer, static_cast<size_t>(n));
        if (keep && to.size() > keep) to.erase(0, to.size() - keep);
        return true;
    }

    void read_all()
    {
        while (output_.get() >= 0 && result_.output.size() <= most_output && read_some(output_, result_.output, 0)) {
        }
        // One that writes as fast as it is read must not keep its own deadline from being seen.
        for (int pieces = 0; pieces < 64 && errors_.get() >= 0 && read_some(errors_, result_.errors, most_errors);
             pieces++) {
        }
    }

    // False where it could not be told, being somebody else's.
    bool end(int signal) const
    {
        if (program_.interactive && reaped_) return true;
        return program_.kill(program_.interactive ? pid_ : -pid_, signal) == 0 || errno != EPERM;
    }

    void wait_and_read(int64_t ms)
    {
        for (int64_t until = now_ms() + ms; now_ms() < until && !wait_for_end();) {
            read_all();
            poll(nullptr, 0, tick_ms);
        }
    }

    void end_by_force()
    {
        // What it started may be there still.
        if (end(SIGKILL) && !reaped_) wait_and_read(force_ms);
        if (wait_for_end()) return;
        left.add(pid_);
        reaped_ = true;  // in time, and not here
        result_.left = true;
    }

    void give_up(ProgramResult::End why)
    {
        end(why == ProgramResult::End::timed_out ? SIGTERM : SIGKILL);
        wait_and_read(grace_ms);
        end_by_force();
        read_all();
        result_.end = why;
    }

    bool wait_for_end()
    {
        if (reaped_) return true;
        siginfo_t info = {};
        int answer;
        do answer = waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG);
        while (answer != 0 && errno == EINTR);
        if (answer == 0 && info.si_pid == 0) return false;
        reaped_ = true;
        // A host that does not want to know of its children takes the status away.
        if (answer != 0)
            result_.code = -1;
        else {
            result_.code = info.si_status;
            result_.end = info.si_code == CLD_EXITED ? ProgramResult::End::exited : ProgramResult::End::signalled;
        }
        return true;
    }

    const Program &program_;
    ProgramResult &result_;
    pid_t pid_ = -1;
    bool reaped_ = false;
    Descriptor output_, errors_, process_;
};

}  // namespace

StopToken::StopToken() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (fd_ < 0) fail_with("eventfd", errno);
}

StopToken::~StopToken() { close(fd_); }

void StopToken::stop()
{
    uint64_t one = 1;
    (void)!::write(fd_, &one, sizeof one);
}

ProgramResult run_program(const Program &program, const std::shared_ptr<StopToken> &stop)
{
    ProgramResult result;
    left.reap();
    if (left.is_full())
        fail(K8SC_E_IO,
             concat("cannot run ", quoted_path(program.path), ": too many programs that could not be ended run still"));
    Running(program, result).watch(*stop);
    return result;
}

void reap_programs() { left.reap(); }

std::string find_program(const std::string &command, std::string_view search_path)
{
    auto is_program = [](const std::string &path) {
        struct stat status;
        return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && access(path.c_str(), X_OK) == 0;
    };
    if (command.find('/') != std::string::npos) return is_program(command) ? command : "";
    while (!search_path.empty()) {
        auto end = search_path.find(':');
        std::string_view directory = search_path.substr(0, end);
        search_path = end == std::string_view::npos ? std::string_view() : search_path.substr(end + 1);
        // A program that lies about in the working directory was not meant.
        if (!directory.starts_with('/')) continue;
        std::string path = path_below(directory, command);
        if (is_program(path)) return path;
    }
    return {};
}

}  // namespace k8sc
