// Tokens of an OpenID Connect provider: the auth-provider "oidc" of kubeconfigs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/renewed.h"
#include "config/config.h"
#include "core/log.h"
#include "net/io_loop.h"

namespace k8sc {

// When an id-token expires, on the wall clock, as it says itself; nothing where it is not a token that says so. Nothing
// is verified: that is for the server.
std::optional<int64_t> id_token_expiry(std::string_view token);

// The id-token until ten seconds before it expires, or until the server refuses it; then one that is got for the
// refresh-token, which is written back to the kubeconfig. Fails with K8SC_E_CONFIG where the settings make no sense.
Ref<Credentials> oidc_credentials(const AuthProvider &provider, const Ref<IoLoop> &io_loop, const Ref<Log> &log);

}  // namespace k8sc
