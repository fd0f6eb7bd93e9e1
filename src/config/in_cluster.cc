#include "config/in_cluster.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "config/checks.h"
#include "config/file.h"
#include "core/environment.h"
#include "core/error.h"
#include "core/pem.h"
#include "core/url.h"

namespace k8sc {

const std::string_view service_account_directory = "/var/run/secrets/kubernetes.io/serviceaccount";

namespace {

std::string missing_variables()
{
    std::string text;
    for (const char *name : {"KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"})
        if (environment(name).empty()) text += concat(text.empty() ? "$" : " and $", name);
    if (text.empty()) return text;
    return text + (text.find(" and ") == std::string::npos ? " is not set" : " are not set");
}

// The cluster may be served by a certificate of a public authority, so that it can do without the file; but then that
// has to be told.
std::string usable_ca(const std::string &path, std::vector<std::string> &warnings)
{
    FileText file = read_file(path);
    std::string shown = quoted_path(path);
    try {
        if (file.fault) fail(K8SC_E_IO, concat(shown, " cannot be read: ", fault_text(file.fault)));
        return read_certificates(file.text, shown);
    } catch (const Error &error) {
        warnings.push_back(
            concat("the authorities of this system are trusted, since those of the pod's cluster cannot be used: ",
                   error.message));
        return {};
    }
}

std::string pod_namespace(const std::string &path)
{
    std::string source = "$POD_NAMESPACE";
    std::string name = environment("POD_NAMESPACE");
    if (name.empty()) {
        constexpr std::string_view blanks = " \t\r\n";
        source = quoted_path(path);
        name = read_file(path).text;
        auto begin = name.find_first_not_of(blanks);
        if (begin == std::string::npos) return "default";
        name = name.substr(begin, name.find_last_not_of(blanks) - begin + 1);
    }
    if (!is_dns_label(name))
        fail(K8SC_E_CONFIG, concat(source, " says ", quote(name), ", which is not a namespace: ", dns_label_rule));
    return name;
}

}  // namespace

Config load_in_cluster(std::string_view directory)
{
    std::string missing = missing_variables();
    if (!missing.empty()) fail(K8SC_E_NOT_IN_CLUSTER, concat("not running inside of a pod: ", missing));

    Config config;
    std::string host = environment("KUBERNETES_SERVICE_HOST");
    bool v6 = host.find(':') != std::string::npos && !host.starts_with('[');
    config.server = concat("https://", v6 ? "[" : "", host, v6 ? "]:" : ":", environment("KUBERNETES_SERVICE_PORT"));
    try {
        parse_server_url(config.server, true);
    } catch (Error &error) {
        error.message = concat("$KUBERNETES_SERVICE_HOST and $KUBERNETES_SERVICE_PORT: ", error.message);
        throw;
    }
    // Both: the file holds the newer one, and the value serves while the file cannot be read.
    config.token_file = path_below(directory, "token");
    config.token = read_token_file(config.token_file);
    std::string ca_file = path_below(directory, "ca.crt");
    config.ca_pem = usable_ca(ca_file, config.warnings);
    if (!config.ca_pem.empty()) config.ca_file = std::move(ca_file);
    config.ns = pod_namespace(path_below(directory, "namespace"));
    return config;
}

std::string not_in_cluster_because(std::string_view directory)
{
    std::string missing = missing_variables();
    if (!missing.empty()) return missing;
    std::string token = path_below(directory, "token");
    struct stat status;
    if (stat(token.c_str(), &status) != 0) return concat(quoted_path(token), " cannot be read: ", fault_text(errno));
    if (S_ISDIR(status.st_mode)) return concat(quoted_path(token), " is a directory");
    return {};
}

}  // namespace k8sc
