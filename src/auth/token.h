// Credentials that need nobody's help: tokens, fixed or from a file that somebody renews, and passwords.
#pragma once

#include <string>

#include "net/credentials.h"

namespace k8sc {

// A header that stays as it is: "Bearer ..." or "Basic ...".
Ref<Credentials> fixed_authorization(const SecretText &value);
// The file is asked first; `fallback`, which may be "", serves while it cannot be read.
Ref<Credentials> token_file(const std::string &path, const std::string &fallback);

SecretText bearer(const std::string &token);
SecretText basic(const std::string &username, const std::string &password);

}  // namespace k8sc
