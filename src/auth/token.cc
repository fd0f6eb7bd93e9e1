#include "auth/token.h"

#include "config/file.h"
#include "core/clock.h"
#include "core/pem.h"

namespace k8sc {
namespace {

// A file is asked again before its content is 60 seconds old.
constexpr int64_t reread_after_ms = 50000;

class FixedAuthorization : public Credentials {
  public:
    explicit FixedAuthorization(const SecretText &value) { credential_.authorization = value; }
    void get(Ready ready) override { ready(nullptr, credential_); }

  private:
    Credential credential_;
};

class TokenFile : public Credentials {
  public:
    TokenFile(const std::string &path, const std::string &fallback) : path_(path)
    {
        if (!fallback.empty()) credential_.authorization = bearer(fallback);
    }

    void get(Ready ready) override
    {
        if (read_at_ == 0 || now_ms() - read_at_ >= reread_after_ms) {
            try {
                read();
            } catch (const Error &error) {
                // The last good token is kept, and the file asked again with the next request.
                if (credential_.authorization.empty()) return ready(&error, {});
            }
        }
        ready(nullptr, credential_);
    }

    // Whoever renews the file may have done so just now.
    void rejected(const Credential &credential) override
    {
        if (credential == credential_) read_at_ = 0;
    }

  private:
    void read()
    {
        credential_.authorization = bearer(read_token_file(path_));
        read_at_ = now_ms();
    }

    const std::string path_;
    Credential credential_;
    int64_t read_at_ = 0;
};

}  // namespace

SecretText bearer(const std::string &token) { return concat("Bearer ", token); }

SecretText basic(const std::string &username, const std::string &password)
{
    SecretText plain = concat(username, ":", password), encoded = encode_base64(plain);
    return concat("Basic ", encoded);
}

Ref<Credentials> fixed_authorization(const SecretText &value) { return make<FixedAuthorization>(value); }

Ref<Credentials> token_file(const std::string &path, const std::string &fallback)
{
    return make<TokenFile>(path, fallback);
}

}  // namespace k8sc
