// PEM and base64, checked by OpenSSL before a connection needs them.
#pragma once

#include <string>
#include <string_view>

namespace k8sc {

// Decodes base64, with line breaks allowed. Fails with K8SC_E_PARSE; `what` names the text in the message.
std::string decode_base64(std::string_view text, std::string_view what);

std::string encode_base64(std::string_view bytes);

// The number of certificates in a PEM text. Fails with K8SC_E_PARSE where there is none, or one cannot be read.
int check_certificates(std::string_view pem, std::string_view what);

// The certificates of a PEM text, and nothing of what else may stand in a bundle, such as keys and revocation lists: as
// Go does, blocks of other types, and those with headers, are passed over. Fails with K8SC_E_PARSE where none is left,
// or one cannot be read.
std::string read_certificates(std::string_view pem, std::string_view what);

// That the PEM texts hold a private key, and a certificate made for it. Fails with K8SC_E_PARSE, or K8SC_E_CONFIG where
// they do not belong together.
void check_key_pair(std::string_view certificate_pem, std::string_view key_pem, std::string_view certificate_what,
                    std::string_view key_what);

}  // namespace k8sc
