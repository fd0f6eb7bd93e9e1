#include "config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <memory>
#include <system_error>

#include "config/checks.h"
#include "core/error.h"

namespace k8sc {
namespace {

// Far above any kubeconfig, and a bound where someone names a device.
constexpr size_t max_file_size = 64 << 20;

class Descriptor {
  public:
    explicit Descriptor(const std::string &path)
    {
        do fd_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
        while (fd_ < 0 && errno == EINTR);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor()
    {
        if (fd_ >= 0) close(fd_);
    }
    int get() const { return fd_; }

  private:
    int fd_;
};

}  // namespace

FileText read_file(const std::string &path)
{
    FileText file;
    Descriptor descriptor(path);
    if (descriptor.get() < 0) {
        file.fault = errno;
        return file;
    }
    char buffer[16384];
    while (true) {
        ssize_t n = read(descriptor.get(), buffer, sizeof buffer);
        if (n == 0) return file;
        if (n < 0 && errno == EINTR) continue;
        file.fault = n < 0 ? errno : file.text.size() + static_cast<size_t>(n) > max_file_size ? EFBIG : 0;
        if (file.fault) {
            file.text.clear();
            return file;
        }
        file.text.append(buffer, static_cast<size_t>(n));
    }
}

std::string fault_text(int fault) { return std::generic_category().message(fault); }

std::string shown_path(std::string_view path) { return quoted(path, 4096); }

std::string absolute_path(std::string_view path)
{
    if (path.starts_with('/')) return std::string(path);
    // With NULL it allocates, so that no path is too long.
    std::unique_ptr<char, decltype(&free)> here(getcwd(nullptr, 0), free);
    if (!here) fail(K8SC_E_IO, concat(shown_path(path), " is relative to the working directory, which is not known: ", fault_text(errno)));
    return path_below(here.get(), path);
}

std::string_view directory_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

std::string path_below(std::string_view directory, std::string_view path)
{
    if (path.starts_with('/') || directory.empty()) return std::string(path);
    return concat(directory, directory.ends_with('/') ? "" : "/", path);
}

std::string read_token_file(const std::string &path)
{
    FileText file = read_file(path);
    if (file.fault) fail(K8SC_E_IO, concat("cannot read the token file ", shown_path(path), ": ", fault_text(file.fault)));
    constexpr std::string_view blanks = " \t\r\n\v\f";
    auto begin = file.text.find_first_not_of(blanks);
    if (begin == std::string::npos) fail(K8SC_E_IO, concat("the token file ", shown_path(path), " is empty"));
    auto end = file.text.find_last_not_of(blanks);
    std::string token = file.text.substr(begin, end - begin + 1);
    if (has_control_character(token))
        fail(K8SC_E_IO, concat("the token file ", shown_path(path), " holds more than one line, or control characters"));
    return token;
}

}  // namespace k8sc
