// Certificates and keys in files that somebody renews.
#pragma once

#include <string>

#include "config/config.h"

namespace k8sc {

// On one thread.
class CertificateFiles {
  public:
    struct Content {
        std::string ca_pem;
        std::string certificate_pem;
        SecretText key_pem;
    };

    explicit CertificateFiles(const Config &config);

    bool any() const { return !ca_.path.empty() || !certificate_.path.empty() || !key_.path.empty(); }
    const Content &content() const { return content_; }

    // Looks at the files, at most once a second, and answers whether the content is a new one. What cannot be used,
    // such as a key whose certificate is not there yet, is passed over: the last good content is kept, and the files
    // are looked at again.
    bool changed(int64_t now_ms);
    // Why the files' present state was passed over; "" where it was not.
    const std::string &fault() const { return fault_; }

  private:
    // What tells one state of a file from another, without reading it.
    struct Stamp {
        uint64_t device = 0, inode = 0;
        int64_t size = -1, seconds = 0, nanoseconds = 0;
        bool operator==(const Stamp &) const = default;
    };
    struct File {
        std::string path;
        Stamp stamp;
    };

    static Stamp stamp_of(const std::string &path);
    Content read() const;

    File ca_, certificate_, key_;
    Content content_;
    int64_t looked_at_ = 0;
    std::string fault_;
};

}  // namespace k8sc
