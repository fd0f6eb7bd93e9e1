#include "discovery/disk_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "core/descriptor.h"
#include "core/error.h"

namespace k8sc {
namespace {

// Far above what any server has in one group.
constexpr off_t largest_cached_file = 64 << 20;

bool read_all(int fd, size_t size, std::string &text)
{
    text.resize(size);
    size_t at = 0;
    while (at < size) {
        ssize_t n = ::read(fd, text.data() + at, size - at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += static_cast<size_t>(n);
    }
    return true;
}

bool write_all(int fd, std::string_view text)
{
    while (!text.empty()) {
        ssize_t n = ::write(fd, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        text.remove_prefix(static_cast<size_t>(n));
    }
    return true;
}

// Two processes may make the same directories at once.
bool make_directories(const std::string &path)
{
    for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        std::string part = path.substr(0, end);
        if (mkdir(part.c_str(), 0750) < 0 && errno != EEXIST && errno != EROFS && errno != EACCES) return false;
        if (end == std::string::npos) break;
    }
    struct stat found;
    return stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

int64_t age_ms(const struct stat &file)
{
    timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t(now.tv_sec) - file.st_mtim.tv_sec) * 1000 + (now.tv_nsec - file.st_mtim.tv_nsec) / 1000000;
}

}  // namespace

Ref<Object> DiskCache::read(const std::string &name)
{
    bool is_ours = ours_.contains(name);
    if (invalidated_ && !is_ours) return {};
    // What is no file, such as a pipe, is not waited for.
    Descriptor file(::open((directory_ + "/" + name).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat found;
    if (file.get() < 0 || fstat(file.get(), &found) < 0 || !S_ISREG(found.st_mode) ||
        found.st_size > largest_cached_file)
        return {};
    if (ttl_ms_ >= 0 && age_ms(found) >= ttl_ms_) return {};
    std::string text;
    if (!read_all(file.get(), static_cast<size_t>(found.st_size), text)) return {};
    try {
        Ref<Object> object = Object::parse(text);
        if (!is_ours) fresh_ = false;
        return object;
    } catch (const Error &) {
        return {};
    }
}

std::string DiskCache::write(const std::string &name, std::string_view text)
{
    std::string path = directory_ + "/" + name;
    auto failed = [&](const char *what) { return concat(what, " ", path, ": ", strerror(errno)); };
    if (!make_directories(path.substr(0, path.rfind('/')))) return failed("cannot make the directory of");
    std::string temporary = path + ".XXXXXX";
    Descriptor file(mkostemp(temporary.data(), O_CLOEXEC));
    if (file.get() < 0) return failed("cannot write");
    // Whoever reads the name has the old file or the new one, whole.
    if (!write_all(file.get(), text) || fchmod(file.get(), 0600) < 0 || file.close() < 0 ||
        rename(temporary.c_str(), path.c_str()) < 0) {
        std::string why = failed("cannot write");
        unlink(temporary.c_str());
        return why;
    }
    ours_.insert(name);
    return "";
}

void DiskCache::invalidate()
{
    ours_.clear();
    invalidated_ = true;
    fresh_ = true;
}

std::string directory_of_server(std::string_view below, std::string_view url)
{
    if (size_t at = url.find("://"); at != std::string_view::npos) url.remove_prefix(at + 3);
    std::string name;
    for (char c : url) {
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                     c == '/' || c == '.';
        name += plain ? c : '_';
    }
    // A path of the URL may not lead out of the directory.
    for (size_t at = name.find(".."); at != std::string::npos; at = name.find("..", at)) name.replace(at, 2, "__");
    return concat(below, "/", name);
}

std::string default_discovery_directory()
{
    const char *cache = getenv("XDG_CACHE_HOME");
    if (cache && *cache == '/') return concat(cache, "/k8sc/discovery");
    const char *home = getenv("HOME");
    if (home && *home) return concat(home, "/.cache/k8sc/discovery");
    fail(K8SC_E_CONFIG, "no directory for the discovery cache: neither $XDG_CACHE_HOME nor $HOME is set");
}

}  // namespace k8sc
