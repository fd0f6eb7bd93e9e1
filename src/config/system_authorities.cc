#include "config/system_authorities.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>

#include "config/file.h"
#include "core/environment.h"
#include "core/error.h"
#include "core/pem.h"

namespace k8sc {
namespace {

// Go's, for Linux and the BSDs: the first that is there.
constexpr const char *system_files[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
};
constexpr const char *system_directories = "/etc/ssl/certs:/etc/pki/tls/certs";

// Certificates, each once: a directory holds many of a bundle again.
class Authorities {
  public:
    // Answers why nothing of it is used; "" where something is.
    std::string add_file(const std::string &path)
    {
        FileText file = read_file(path);
        if (file.fault) return concat(quoted_path(path), " cannot be read: ", fault_text(file.fault));
        try {
            add(read_certificates(file.text, quoted_path(path)));
            return {};
        } catch (const Error &error) {
            return error.message;
        }
    }

    std::string add_directory(const std::string &path)
    {
        struct Closer {
            void operator()(DIR *open) const { closedir(open); }
        };
        std::unique_ptr<DIR, Closer> directory(opendir(path.c_str()));
        if (!directory) return concat(quoted_path(path), " cannot be read: ", fault_text(errno));
        std::vector<std::string> names;
        while (dirent *entry = readdir(directory.get())) names.push_back(entry->d_name);
        std::sort(names.begin(), names.end());
        std::string why = concat(quoted_path(path), " holds no PEM certificate");
        for (auto &name : names) {
            std::string file = path_below(path, name);
            // Links within a directory are its index by hash.
            if (!is_inner_link(file) && add_file(file).empty()) why.clear();
        }
        return why;
    }

    std::string text;

  private:
    static bool is_inner_link(const std::string &file)
    {
        char target[1024];
        ssize_t n = readlink(file.c_str(), target, sizeof target);
        return n >= 0 && std::string_view(target, static_cast<size_t>(n)).find('/') == std::string_view::npos;
    }

    void add(std::string_view pem)
    {
        constexpr std::string_view end = "-----END CERTIFICATE-----\n";
        while (!pem.empty()) {
            size_t size = pem.find(end) + end.size();
            if (seen_.emplace(pem.substr(0, size)).second) text.append(pem.substr(0, size));
            pem.remove_prefix(size);
        }
    }

    std::set<std::string> seen_;
};

}  // namespace

std::string system_authorities(std::vector<std::string> &warnings)
{
    std::string file = environment("SSL_CERT_FILE"), directories = environment("SSL_CERT_DIR");
    if (file.empty() && directories.empty()) return {};
    Authorities found;
    auto told = [&](const char *variable, const std::string &why) {
        if (!why.empty()) warnings.push_back(concat("$", variable, " names no authority that can be used: ", why));
    };
    if (!file.empty())
        told("SSL_CERT_FILE", found.add_file(file));
    else
        for (auto path : system_files)
            if (found.add_file(path).empty()) break;
    bool set = !directories.empty();
    std::string_view rest = set ? std::string_view(directories) : system_directories;
    while (!rest.empty()) {
        auto end = rest.find(':');
        std::string why = end == 0 ? "" : found.add_directory(std::string(rest.substr(0, end)));
        if (set) told("SSL_CERT_DIR", why);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return std::move(found.text);
}

}  // namespace k8sc
