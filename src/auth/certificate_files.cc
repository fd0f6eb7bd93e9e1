#include "auth/certificate_files.h"

#include <sys/stat.h>

#include "config/file.h"
#include "core/error.h"
#include "core/pem.h"

namespace k8sc {
namespace {

constexpr int64_t look_every_ms = 1000;

void read_into(std::string &text, const std::string &path)
{
    if (path.empty()) return;
    FileText file = read_file(path);
    if (file.fault) fail(K8SC_E_IO, concat("cannot read ", quoted_path(path), ": ", fault_text(file.fault)));
    text = std::move(file.text);
}

// For messages: one of a pair may have come from no file.
std::string named(const std::string &path, const char *otherwise)
{
    return path.empty() ? otherwise : quoted_path(path);
}

}  // namespace

CertificateFiles::CertificateFiles(const Config &config)
    : ca_{config.ca_file, {}},
      certificate_{config.certificate_file, {}},
      key_{config.key_file, {}},
      content_{config.ca_pem, config.certificate_pem, config.key_pem}
{
}

CertificateFiles::Stamp CertificateFiles::stamp_of(const std::string &path)
{
    struct stat status;
    // One that is not there differs from every other, and so is looked for again.
    if (path.empty() || stat(path.c_str(), &status) != 0) return {};
    return {status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

CertificateFiles::Content CertificateFiles::read() const
{
    Content content = content_;
    read_into(content.ca_pem, ca_.path);
    read_into(content.certificate_pem, certificate_.path);
    read_into(content.key_pem, key_.path);
    if (!ca_.path.empty()) content.ca_pem = read_certificates(content.ca_pem, quoted_path(ca_.path));
    if (!content.certificate_pem.empty() && (!certificate_.path.empty() || !key_.path.empty()))
        check_key_pair(content.certificate_pem, content.key_pem, named(certificate_.path, "the client certificate"),
                       named(key_.path, "the client key"));
    return content;
}

bool CertificateFiles::changed(int64_t now)
{
    if (!any() || (looked_at_ && now - looked_at_ < look_every_ms)) return false;
    looked_at_ = now;
    Stamp stamps[] = {stamp_of(ca_.path), stamp_of(certificate_.path), stamp_of(key_.path)};
    if (stamps[0] == ca_.stamp && stamps[1] == certificate_.stamp && stamps[2] == key_.stamp && fault_.empty())
        return false;
    try {
        // The stamps are from before: what is written while it is read here is looked at again.
        Content content = read();
        fault_.clear();
        ca_.stamp = stamps[0];
        certificate_.stamp = stamps[1];
        key_.stamp = stamps[2];
        bool same = content.ca_pem == content_.ca_pem && content.certificate_pem == content_.certificate_pem &&
                    content.key_pem == content_.key_pem;
        content_ = std::move(content);
        return !same;
    } catch (const Error &error) {
        fault_ = error.message;
        return false;
    }
}

}  // namespace k8sc
