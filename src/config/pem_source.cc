#include "config/pem_source.h"

#include "config/file.h"
#include "core/error.h"
#include "core/pem.h"

namespace k8sc {

PemSource read_pem_file(std::string_view field, std::string_view path)
{
    PemSource source;
    source.file = absolute_path(path);
    source.what = concat(field, " ", quoted_path(source.file));
    FileText file = read_file(source.file);
    if (file.fault) fail(K8SC_E_IO, concat(source.what, " cannot be read: ", fault_text(file.fault)));
    source.pem = std::move(file.text);
    return source;
}

PemSource read_pem_source(std::string_view field, std::string_view path, std::string_view data,
                          std::string_view directory)
{
    PemSource source;
    if (!data.empty()) {
        source.what = concat(field, "-data");
        source.pem = decode_base64(data, source.what);
    } else if (!path.empty()) {
        source = read_pem_file(field, path_below(directory, path));
    }
    return source;
}

void set_ca(Config &config, PemSource &&ca)
{
    config.ca_pem = ca.given() ? read_certificates(ca.pem, ca.what) : std::string();
    config.ca_file = std::move(ca.file);
}

void set_client_certificate(Config &config, PemSource &&certificate, PemSource &&key)
{
    if (certificate.given()) check_key_pair(certificate.pem, key.pem, certificate.what, key.what);
    config.certificate_pem = std::move(certificate.pem);
    config.certificate_file = std::move(certificate.file);
    config.key_pem = std::move(key.pem);
    config.key_file = std::move(key.file);
}

}  // namespace k8sc
