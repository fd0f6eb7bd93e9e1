// Discovery's documents in files, as kubectl keeps them: servergroups.json and <group>/<version>/serverresources.json.
// Several processes may share a directory. Not thread-safe.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "json/object.h"

namespace k8sc {

class DiskCache {
  public:
    // `ttl_ms` -1: files stay good for ever.
    DiskCache(std::string directory, int64_t ttl_ms) : directory_(std::move(directory)), ttl_ms_(ttl_ms) {}

    // The file's content; NULL where it is missing, too old, broken, or not to be believed any more. `name` is a path
    // below the directory.
    Ref<Object> read(const std::string &name);
    // Answers what went wrong, or "": what cannot be written is no failure of what is asked.
    std::string write(const std::string &name, std::string_view text);

    // Believes only what this process writes from now on.
    void invalidate();
    // False once something was read that another process wrote.
    bool is_fresh() const { return fresh_; }

  private:
    const std::string directory_;
    const int64_t ttl_ms_;
    std::set<std::string> ours_;
    bool invalidated_ = false;
    bool fresh_ = true;
};

constexpr const char *groups_file = "servergroups.json";
inline std::string resources_file(const std::string &group_version) { return group_version + "/serverresources.json"; }

// The directory of one server below another. Of the URL "https://host:6443/x" it is "host_6443/x".
std::string directory_of_server(std::string_view below, std::string_view url);
// $XDG_CACHE_HOME/k8sc/discovery, else ~/.cache/k8sc/discovery. Fails with K8SC_E_CONFIG where neither is known.
std::string default_discovery_directory();

}  // namespace k8sc
