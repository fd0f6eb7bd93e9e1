// Keeps what a request was sent with out of what is told of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/secret_text.h"

namespace k8sc {

// Secrets of one call, to be found by their text in what servers and proxies answer: they have been seen to repeat what
// they were sent.
class Secrets {
  public:
    // Shorter texts are left alone: they stand in messages for other reasons, "admin" in every one about a user of that
    // name.
    static constexpr size_t shortest = 8;

    void add(std::string_view text);
    // The value of an Authorization header: what stands behind the scheme, and the password of basic authentication.
    void add_authorization(std::string_view value);
    // A header line that is nobody's business, such as one with a cookie.
    void add_header(std::string_view line);

    // Each occurrence, and the beginning of one that a text was cut in: at its end, or before the dots that stand for
    // the rest. Takes a time that grows with the text, whatever is in it.
    void hide_in(std::string &text) const;
    void hide_in(Error &error) const;

  private:
    std::vector<SecretText> texts_;
};

// Whether a request to this URL, or its answer, is about Secrets or tokens: then no body of it is told.
bool may_hold_secrets(std::string_view url);

}  // namespace k8sc
