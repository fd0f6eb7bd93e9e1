// What kubeconfig files say, before it is known which part of it is used.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace k8sc {

// Where a stanza was read.
struct Origin {
    std::string file;       // for messages
    std::string directory;  // where relative paths start; "": the working directory
};

struct ClusterStanza {
    Origin origin;
    std::string server;
    std::string ca;       // a path
    std::string ca_data;  // base64
    std::string tls_server_name;
    std::string proxy_url;
    bool insecure = false;
};

struct UserStanza {
    Origin origin;
    std::string certificate;       // a path
    std::string certificate_data;  // base64
    std::string key;               // a path
    std::string key_data;          // base64
    std::string token;
    std::string token_file;
    // The first of the fields that ask for what this version cannot do; "" where there is none.
    std::string unusable;
};

struct ContextStanza {
    Origin origin;
    std::string cluster;
    std::string user;
    std::string ns;
};

template <class Stanza>
using Stanzas = std::map<std::string, Stanza, std::less<>>;

struct Kubeconfig {
    std::string current_context;
    Stanzas<ClusterStanza> clusters;
    Stanzas<UserStanza> users;
    Stanzas<ContextStanza> contexts;

    // Adds what another file says about things that were not named so far: whole stanzas, never parts of them.
    void merge(Kubeconfig &&later);
};

// Reads one file's text. Fields that nobody knows are passed over; known ones must have their type. Fails with K8SC_E_PARSE
// where it is not YAML, with K8SC_E_CONFIG where it is not a kubeconfig. No message holds a value of the file that may be secret.
Kubeconfig read_kubeconfig(std::string_view yaml, const Origin &origin);

}  // namespace k8sc
