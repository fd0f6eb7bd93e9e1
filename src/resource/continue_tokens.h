// The continue tokens of one list: one that comes again means that a server's pages go round in a circle.
#pragma once

#include <cstdint>
#include <string>

#include "core/error.h"

namespace k8sc {

// The last token is compared, and by Brent's method an earlier one, which is replaced at each power of two: so a circle
// of any length is noticed, without all tokens being kept.
class ContinueTokens {
  public:
    void clear() { *this = {}; }
    // Fails with K8SC_E_DECODE where the token was there before. `what` names the list.
    void follow(const std::string &token, const std::string &what)
    {
        if (token.empty()) return;
        if (token == last_ || token == kept_)
            fail(K8SC_E_DECODE,
                 concat(what, ": the server gives the same continue token again, so that its pages would never end: ",
                        quote(token, 64)));
        last_ = token;
        if (since_++ < wait_) return;
        kept_ = token;
        wait_ = wait_ * 2 + 1;
        since_ = 0;
    }

  private:
    std::string last_, kept_;
    uint64_t since_ = 0, wait_ = 0;
};

}  // namespace k8sc
