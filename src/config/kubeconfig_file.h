// What kubeconfig files say, before it is known which part of it is used.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"
#include "config/exec_stanza.h"

namespace k8sc {

// Where a stanza was read.
struct Origin {
    std::string file;       // for messages
    std::string directory;  // where relative paths start; "": the working directory
    std::string path;       // the file, absolute; "": a text
};

enum class StanzaKind { cluster, user, context };

// What all stanzas have.
struct Stanza {
    Origin origin;
    SecretText json;                    // its entry in the list, as it was written: {"name": ..., "<kind>": {...}}
    std::vector<std::string> shadowed;  // the later files that have one of the same kind and name
};

struct ClusterStanza : Stanza {
    std::string server;
    std::string ca;       // a path
    std::string ca_data;  // base64
    std::string tls_server_name;
    SecretText proxy_url;
    std::string exec_extension;  // JSON; what is meant for exec programs
    bool insecure = false;
    bool disable_compression = false;
};

struct UserStanza : Stanza {
    std::string certificate;       // a path
    std::string certificate_data;  // base64
    std::string key;               // a path
    SecretText key_data;           // base64
    SecretText token;
    std::string token_file;
    std::string username;
    SecretText password;
    Impersonation impersonation;
    std::optional<ExecStanza> exec;
    std::optional<AuthProvider> auth_provider;  // with its name and config only
};

struct ContextStanza : Stanza {
    std::string cluster;
    std::string user;
    std::string ns;
};

template <class T>
using Stanzas = std::map<std::string, T, std::less<>>;

}  // namespace k8sc

// One or more files, merged; and what was changed since.
struct k8sc_kubeconfig {
    std::string current_context;
    k8sc::Stanzas<k8sc::ClusterStanza> clusters;
    k8sc::Stanzas<k8sc::UserStanza> users;
    k8sc::Stanzas<k8sc::ContextStanza> contexts;
    std::string rest = "{}";  // JSON of what else there is at the top: preferences, extensions, what nobody knows

    std::vector<std::string> files;  // all that were asked, first one first, absolute
    std::string default_file;        // where new things go; "" where there are no files
    std::string seen;                // what was found in them, for messages

    // The files in which a stanza was set or deleted.
    std::map<std::pair<k8sc::StanzaKind, std::string>, std::set<std::string>> changed;
    bool current_context_changed = false;

    // Adds what another file says about things that were not named so far: whole stanzas, never parts of them.
    void merge(k8sc_kubeconfig &&later);
    void note(std::string_view text);
    // Where everything was looked for in vain, that is what a person needs to know, rather than that a context is
    // missing.
    [[noreturn]] void refuse_as_empty() const;
};

namespace k8sc {

using Kubeconfig = ::k8sc_kubeconfig;

// "clusters" and "cluster", and so on: the names of a list, and of the mapping in its entries.
const char *list_name(StanzaKind kind);
const char *entry_name(StanzaKind kind);

// A hundred times what the largest ones have. As many are read within a second.
constexpr size_t most_kubeconfig_values = 250000;

// Reads one file's text. Fields that nobody knows are kept; known ones must have their type. Fails with K8SC_E_PARSE
// where it is not YAML, with K8SC_E_CONFIG where it is not a kubeconfig. No message holds a value of the file that may
// be secret.
Kubeconfig read_kubeconfig(std::string_view yaml, const Origin &origin);

// Reads the mapping of one stanza.
ClusterStanza read_cluster(const MappingReader &fields);
UserStanza read_user(const MappingReader &fields);
ContextStanza read_context(const MappingReader &fields);

}  // namespace k8sc
