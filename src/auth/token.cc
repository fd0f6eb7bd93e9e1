#include "auth/token.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/clock.h"
#include "core/error.h"

namespace k8sc {
namespace {

// A file is asked again before its content is 60 seconds old.
constexpr int64_t reread_after_ms = 50000;
constexpr size_t largest_token = 1 << 20;

class FixedToken : public Credentials {
  public:
    explicit FixedToken(const std::string &token) : value_("Bearer " + token) {}
    std::string authorization() override { return value_; }

  private:
    std::string value_;
};

class TokenFile : public Credentials {
  public:
    TokenFile(const std::string &path, const std::string &fallback) : path_(path), token_(fallback) {}

    std::string authorization() override
    {
        if (read_at_ == 0 || now_ms() - read_at_ >= reread_after_ms) read();
        return "Bearer " + token_;
    }

  private:
    void read()
    {
        std::string why;
        std::string text = content(why);
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ' || text.back() == '\t')) text.pop_back();
        text.erase(0, text.find_first_not_of(" \t\r\n"));
        if (why.empty() && text.empty()) why = "it is empty";
        if (why.empty() && text.find_first_of("\r\n") != std::string::npos) why = "it holds more than one line";
        if (why.empty()) {
            token_ = text;
            read_at_ = now_ms();
        } else if (token_.empty()) {
            fail(K8SC_E_CONFIG, concat("token file ", path_, ": ", why));
        }
        // The last good token is kept, and the file asked again with the next request.
    }

    std::string content(std::string &why) const
    {
        std::string text;
        std::unique_ptr<FILE, int (*)(FILE *)> file(fopen(path_.c_str(), "re"), fclose);
        if (!file) {
            why = strerror(errno);
            return text;
        }
        char buffer[4096];
        size_t n;
        while ((n = fread(buffer, 1, sizeof buffer, file.get())) > 0 && text.size() < largest_token) text.append(buffer, n);
        if (ferror(file.get())) why = "it cannot be read";
        if (text.size() >= largest_token) why = "it is too large for a token";
        return text;
    }

    std::string path_;
    std::string token_;
    int64_t read_at_ = 0;
};

}  // namespace

Ref<Credentials> bearer_credentials(const std::string &token, const std::string &token_file)
{
    if (!token_file.empty()) return make<TokenFile>(token_file, token);
    if (!token.empty()) return make<FixedToken>(token);
    return {};
}

}  // namespace k8sc
