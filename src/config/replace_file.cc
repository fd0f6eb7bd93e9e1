#include "config/replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <climits>

#include "config/file.h"
#include "core/clock.h"
#include "core/error.h"

namespace k8sc {
namespace {

constexpr int64_t lock_patience_ms = 3000;

[[noreturn]] void fail_at(std::string_view what, const std::string &path)
{
    int fault = errno;
    fail(K8SC_E_IO, concat(what, " ", quoted_path(path), ": ", fault_text(fault)));
}

void make_parents(const std::string &path)
{
    for (size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
        std::string directory = path.substr(0, end);
        if (mkdir(directory.c_str(), 0755) == 0 || errno == EEXIST) continue;
        int fault = errno;
        struct stat status;
        // Above what this process may write there can be a directory all the same.
        if (stat(directory.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) continue;
        errno = fault;
        fail_at("cannot make the directory", directory);
    }
}

void make_lock(const std::string &path)
{
    int64_t deadline = now_ms() + lock_patience_ms;
    while (true) {
        int fd = open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
        if (fd >= 0) {
            close(fd);
            return;
        }
        if (errno == EINTR) continue;
        if (errno != EEXIST) fail_at("cannot make the lock file", path);
        if (now_ms() >= deadline)
            fail(
                K8SC_E_IO,
                concat(
                    "the lock file ", quoted_path(path), " was there for ", std::to_string(lock_patience_ms / 1000),
                    " seconds: another program is writing, or ended while it did; in the latter case remove the file"));
        timespec pause = {0, 5000000};
        nanosleep(&pause, nullptr);
    }
}

// A file beside the one that it will replace; removed unless it did.
class Temporary {
  public:
    explicit Temporary(const std::string &target) : path_(target + ".XXXXXX")
    {
        fd_ = mkostemp(path_.data(), O_CLOEXEC);
        if (fd_ < 0) fail_at("cannot write beside", target);
    }
    Temporary(const Temporary &) = delete;
    Temporary &operator=(const Temporary &) = delete;
    ~Temporary()
    {
        if (fd_ >= 0) close(fd_);
        if (!done_) unlink(path_.c_str());
    }

    void take_after(const struct stat &old)
    {
        // Where the owner cannot be kept, nobody but the new one is to read it.
        struct stat now;
        if (fstat(fd_, &now) != 0) return;
        bool same = old.st_uid == now.st_uid && old.st_gid == now.st_gid;
        if (!same && fchown(fd_, old.st_uid, old.st_gid) != 0) return;
        if (fchmod(fd_, old.st_mode & 0777) != 0) fail_at("cannot set the mode of", path_);
    }

    void write(std::string_view text)
    {
        while (!text.empty()) {
            ssize_t n = ::write(fd_, text.data(), text.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) fail_at("cannot write", path_);
            text.remove_prefix(static_cast<size_t>(n));
        }
        if (fsync(fd_) != 0) fail_at("cannot write", path_);
    }

    void rename_to(const std::string &target)
    {
        if (rename(path_.c_str(), target.c_str()) != 0) fail_at("cannot replace", target);
        done_ = true;
    }

  private:
    std::string path_;
    int fd_ = -1;
    bool done_ = false;
};

void sync_directory(const std::string &file)
{
    int fd = open(std::string(directory_of(file)).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    // The file is complete either way; this only makes it last.
    fsync(fd);
    close(fd);
}

}  // namespace

std::string target_of(const std::string &path)
{
    std::string target = path;
    for (int links = 0; links < 40; links++) {
        char text[PATH_MAX];
        ssize_t n = readlink(target.c_str(), text, sizeof text);
        if (n < 0) return target;
        target = path_below(directory_of(target), {text, static_cast<size_t>(n)});
    }
    errno = ELOOP;
    fail_at("cannot follow", path);
}

FileLocks::FileLocks(const std::set<std::string> &paths)
{
    // By all names, as others may lock by another one than this program was given.
    std::set<std::string> all = paths;
    for (auto &path : paths) all.insert(target_of(path));
    try {
        for (auto &path : all) {
            make_parents(path);
            std::string lock = path + ".lock";
            locks_.reserve(all.size());
            make_lock(lock);
            locks_.push_back(std::move(lock));
        }
    } catch (...) {
        release();
        throw;
    }
}

void FileLocks::release()
{
    for (auto &path : locks_) unlink(path.c_str());
    locks_.clear();
}

void replace_file(const std::string &path, std::string_view text)
{
    std::string target = target_of(path);
    struct stat old;
    bool present = stat(target.c_str(), &old) == 0;
    // Nobody wants a device or a pipe to be replaced by a file.
    if (present && !S_ISREG(old.st_mode))
        fail(K8SC_E_IO, concat("cannot write ", quoted_path(target), ": it is not a regular file"));
    Temporary file(target);
    if (present) file.take_after(old);
    file.write(text);
    file.rename_to(target);
    sync_directory(target);
}

}  // namespace k8sc
