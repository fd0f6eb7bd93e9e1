// Texts that are secrets: tokens, passwords, private keys.
#pragma once

#include <string>
#include <utility>

namespace k8sc {

// Overwrites all that the text has in memory, and leaves it empty.
void wipe(std::string &text) noexcept;
// Of a request's header line: whether it says who the user is.
bool is_secret_header(std::string_view line);

// A std::string whose memory is overwritten before it is given back. Put it together elsewhere and move it in: what
// grows in place leaves its earlier memory as it was.
class SecretText : public std::string {
  public:
    SecretText() = default;
    SecretText(const char *text) : std::string(text) {}
    SecretText(const std::string &text) : std::string(text) {}
    SecretText(std::string &&text) : std::string(std::move(text)) { k8sc::wipe(text); }
    SecretText(const SecretText &other) = default;
    // A short text lies in the object itself, and would stay there.
    SecretText(SecretText &&other) noexcept : std::string(std::move(other)) { k8sc::wipe(other); }
    ~SecretText() { k8sc::wipe(*this); }

    SecretText &operator=(SecretText other) noexcept
    {
        k8sc::wipe(*this);
        std::string::swap(other);
        return *this;
    }
};

}  // namespace k8sc
