#include "config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <system_error>

#include "config/checks.h"
#include "core/clock.h"
#include "core/descriptor.h"
#include "core/error.h"

namespace k8sc {
namespace {

constexpr size_t largest_token_file = 1 << 20;
constexpr int64_t pipe_patience_ms = 5000;

int open_for_reading(const std::string &path)
{
    int fd;
    // Opening a pipe would otherwise wait for one who writes.
    do fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    while (fd < 0 && errno == EINTR);
    return fd;
}

// True once there is something to read, or the end.
bool await_input(int fd, int64_t deadline)
{
    while (true) {
        pollfd one = {fd, POLLIN, 0};
        int64_t left = deadline - now_ms();
        if (left <= 0) return false;
        int n = poll(&one, 1, static_cast<int>(left));
        if (n > 0) return true;
        if (n < 0 && errno != EINTR) return false;
    }
}

// Nothing of it stays in the memory that is given back.
void grow(SecretText &text)
{
    SecretText larger;
    larger.resize(std::max<size_t>(16384, 2 * text.size()));
    text.copy(larger.data(), text.size());
    text = std::move(larger);
}

// The fault, or 0.
int read_to_end(int fd, size_t limit, int64_t deadline, SecretText &text)
{
    size_t size = 0;
    while (true) {
        if (size == text.size()) grow(text);
        if (deadline != never && !await_input(fd, deadline)) return fault_no_end;
        ssize_t n = read(fd, text.data() + size, text.size() - size);
        if (n < 0 && (errno == EINTR || (errno == EAGAIN && deadline != never))) continue;
        if (n < 0) return errno;
        if (n == 0) break;
        size += static_cast<size_t>(n);
        if (size > limit) return EFBIG;
    }
    text.resize(size);
    return 0;
}

FileText read_whole(const std::string &path, size_t limit, bool pipe_too)
{
    FileText file;
    Descriptor descriptor(open_for_reading(path));
    struct stat status;
    if (descriptor.get() < 0 || fstat(descriptor.get(), &status) != 0) {
        file.fault = errno;
        return file;
    }
    bool regular = S_ISREG(status.st_mode), directory = S_ISDIR(status.st_mode);
    if (directory || !(regular || pipe_too)) {
        file.fault = directory ? EISDIR : fault_not_regular;
        return file;
    }
    if (regular && static_cast<uint64_t>(status.st_size) > limit) {
        file.fault = EFBIG;
        return file;
    }
    // Room for all of it, and for seeing its end: nothing is copied on the way.
    SecretText text;
    if (regular) text.resize(static_cast<size_t>(status.st_size) + 1);
    file.fault = read_to_end(descriptor.get(), limit, regular ? never : now_ms() + pipe_patience_ms, text);
    if (!file.fault) file.text = std::move(text);
    return file;
}

}  // namespace

FileText read_file(const std::string &path, size_t limit) { return read_whole(path, limit, false); }

FileText read_file_or_pipe(const std::string &path, size_t limit) { return read_whole(path, limit, true); }

std::string fault_text(int fault)
{
    if (fault == fault_not_regular) return "it is not a regular file";
    if (fault == fault_no_end)
        return concat("it is a pipe, and did not end within ", std::to_string(pipe_patience_ms / 1000), " seconds");
    return std::generic_category().message(fault);
}

std::string quoted_path(std::string_view path) { return quote(path, 4096); }

std::string absolute_path(std::string_view path)
{
    if (path.starts_with('/')) return std::string(path);
    // With NULL it allocates, so that no path is too long.
    std::unique_ptr<char, decltype(&free)> here(getcwd(nullptr, 0), free);
    if (!here)
        fail(K8SC_E_IO, concat(quoted_path(path),
                               " is relative to the working directory, which is not known: ", fault_text(errno)));
    return path_below(here.get(), path);
}

std::string_view directory_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

std::string path_below(std::string_view directory, std::string_view path)
{
    if (path.starts_with('/') || directory.empty()) return std::string(path);
    return concat(directory, directory.ends_with('/') ? "" : "/", path);
}

SecretText read_token_file(const std::string &path)
{
    FileText file = read_file(path, largest_token_file);
    if (file.fault)
        fail(K8SC_E_IO, concat("cannot read the token file ", quoted_path(path), ": ", fault_text(file.fault)));
    constexpr std::string_view blanks = " \t\r\n\v\f";
    auto begin = file.text.find_first_not_of(blanks);
    if (begin == std::string::npos) fail(K8SC_E_IO, concat("the token file ", quoted_path(path), " is empty"));
    auto end = file.text.find_last_not_of(blanks);
    SecretText token = file.text.substr(begin, end - begin + 1);
    if (has_control_character(token))
        fail(K8SC_E_IO,
             concat("the token file ", quoted_path(path), " holds more than one line, or control characters"));
    return token;
}

}  // namespace k8sc
