// Credentials from a program: client.authentication.k8s.io/v1 and /v1beta1.
#pragma once

#include <string>
#include <string_view>

#include "auth/renewed.h"
#include "config/config.h"
#include "core/log.h"
#include "net/io_loop.h"

namespace k8sc {

// Reads an ExecCredential of this very version. Fails with K8SC_E_CREDENTIALS; no message holds what the program wrote.
Renewal read_exec_credential(std::string_view output, const std::string &api_version, int64_t wall_now_ms);
// What the program is told in $KUBERNETES_EXEC_INFO.
std::string exec_info(const Config &config, const ExecSettings &settings, bool interactive);
// Whether the policy lets this command be run, which was found at `path`. Fails with K8SC_E_CREDENTIALS.
void check_exec_policy(const ExecPolicy &policy, const std::string &command, const std::string &path,
                       std::string_view search_path);

// Runs the program of `config.exec` when there is something to be sent and nothing valid at hand; once for all who wait
// meanwhile. Its environment is the one of now.
Ref<Credentials> exec_credentials(const Config &config, const Ref<IoLoop> &io_loop, const Ref<Log> &log);

}  // namespace k8sc
