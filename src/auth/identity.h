// Who the user of a configuration is: which credentials, and on whose behalf.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "core/log.h"
#include "net/credentials.h"
#include "net/io_loop.h"

namespace k8sc {

// NULL where there is nothing to be sent. As for client-go, a plugin is not asked where the configuration has another
// credential.
Ref<Credentials> credentials_for(const Config &config, const Ref<IoLoop> &io_loop, const Ref<Queue> &queue,
                                 const Ref<Log> &log);

// The header lines that ask the server to act as somebody else.
std::vector<std::string> impersonation_headers(const Impersonation &impersonation);

}  // namespace k8sc
