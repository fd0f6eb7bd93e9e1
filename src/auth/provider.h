// Tokens from a function of the host's.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"
#include "net/credentials.h"
#include "net/io_loop.h"

// What the function is asked, and what it answers; lives as long as its call.
struct k8sc_token_request {
    bool refused = false;
    std::optional<k8sc::SecretText> token;
    int64_t valid_ms = -1;
};

namespace k8sc {

// Calls `config.token_provider` on a thread made for that, when there is something to be sent and no valid token at
// hand; once for all who wait meanwhile.
Ref<Credentials> provided_token(const Config &config, const Ref<IoLoop> &io_loop);

}  // namespace k8sc
