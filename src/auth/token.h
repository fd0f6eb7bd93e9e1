// Bearer tokens: fixed, or from a file that somebody renews.
#pragma once

#include <string>

#include "net/credentials.h"

namespace k8sc {

// NULL where there is neither. Where both are given the file is asked first, and the token used while it cannot be read.
Ref<Credentials> bearer_credentials(const std::string &token, const std::string &token_file);

}  // namespace k8sc
