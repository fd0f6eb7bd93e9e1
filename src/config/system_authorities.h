// The certificates that servers' must descend from where a configuration names none.
#pragma once

#include <string>
#include <vector>

namespace k8sc {

// As Go reads them where $SSL_CERT_FILE or $SSL_CERT_DIR (directories, separated by ":") is set: in place of the
// system's file and of its directories. "" where neither is set, or nothing of it can be read, which `warnings` then
// tell: the TLS library's own are trusted.
std::string system_authorities(std::vector<std::string> &warnings);

}  // namespace k8sc
