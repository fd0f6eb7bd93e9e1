#include "config/material.h"

#include "config/file.h"
#include "core/error.h"
#include "core/pem.h"

namespace k8sc {

Material read_pem_file(std::string_view field, std::string_view path)
{
    Material material;
    material.file = absolute_path(path);
    material.what = concat(field, " ", shown_path(material.file));
    FileText file = read_file(material.file);
    if (file.fault) fail(K8SC_E_IO, concat(material.what, " cannot be read: ", fault_text(file.fault)));
    material.pem = std::move(file.text);
    return material;
}

Material read_material(std::string_view field, std::string_view path, std::string_view data, std::string_view directory)
{
    Material material;
    if (!data.empty()) {
        material.what = concat(field, "-data");
        material.pem = decode_base64(data, material.what);
    } else if (!path.empty()) {
        material = read_pem_file(field, path_below(directory, path));
    }
    return material;
}

void set_ca(Config &config, Material &&ca)
{
    config.ca_pem = ca.given() ? read_certificates(ca.pem, ca.what) : std::string();
    config.ca_file = std::move(ca.file);
}

void set_client_certificate(Config &config, Material &&certificate, Material &&key)
{
    if (certificate.given()) check_key_pair(certificate.pem, key.pem, certificate.what, key.what);
    config.certificate_pem = std::move(certificate.pem);
    config.certificate_file = std::move(certificate.file);
    config.key_pem = std::move(key.pem);
    config.key_file = std::move(key.file);
}

}  // namespace k8sc
