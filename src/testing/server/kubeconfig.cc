#include "testing/server/kubeconfig.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#include "testing/base/base64.h"
#include "testing/base/failure.h"
#include "testing/base/json.h"

namespace k8sc::testing {

std::string make_kubeconfig(const std::string &url, const std::string &ca_pem, const std::string &token)
{
    std::string text = "apiVersion: v1\n"
                       "kind: Config\n"
                       "clusters:\n"
                       "- name: fake\n"
                       "  cluster:\n"
                       "    server: " +
                       url + "\n";
    if (!ca_pem.empty()) text += "    certificate-authority-data: " + base64(ca_pem) + "\n";
    text += "users:\n"
            "- name: fake\n"
            "  user:\n"
            // JSON's strings are YAML's.
            "    token: " +
            dump(Json::text(token).get()) + "\n";
    text += "contexts:\n"
            "- name: fake\n"
            "  context:\n"
            "    cluster: fake\n"
            "    user: fake\n"
            "    namespace: default\n"
            "current-context: fake\n";
    return text;
}

void write_private_file(const std::string &path, const std::string &text)
{
    // mkostemp makes it readable by its owner only.
    std::string beside = path + ".XXXXXX";
    const int fd = mkostemp(beside.data(), O_CLOEXEC);
    if (fd < 0) fail_with_errno("cannot write " + path);
    size_t written = 0;
    bool failed = false;
    while (written < text.size() && !failed) {
        const ssize_t length = write(fd, text.data() + written, text.size() - written);
        if (length > 0) written += static_cast<size_t>(length);
        failed = length < 0 && errno != EINTR;
    }
    int code = failed ? errno : 0;
    if (close(fd) != 0 && code == 0) code = errno;
    if (code == 0 && rename(beside.c_str(), path.c_str()) != 0) code = errno;
    if (code == 0) return;
    unlink(beside.c_str());
    errno = code;
    fail_with_errno("cannot write " + path);
}

}  // namespace k8sc::testing
