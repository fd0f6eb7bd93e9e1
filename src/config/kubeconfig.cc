#include "config/kubeconfig.h"

#include <errno.h>
#include <stdlib.h>

#include <algorithm>
#include <vector>

#include "config/file.h"
#include "config/kubeconfig_resolve.h"
#include "core/error.h"

namespace k8sc {
namespace {

// Reads one file after the other. What is wrong with one does not keep the others' errors from being found.
class KubeconfigReader {
  public:
    void add(const std::string &path, bool must_exist)
    {
        std::string full_path = absolute_path(path);
        found_.files.push_back(full_path);
        FileText file = read_file_or_pipe(path, largest_kubeconfig);
        if (file.fault == ENOENT && !must_exist) {
            found_.note(concat(quoted_path(path), " does not exist"));
            return;
        }
        if (found_.default_file.empty()) found_.default_file = full_path;
        try {
            if (file.fault)
                fail(K8SC_E_IO, concat("cannot read the kubeconfig ", quoted_path(path), ": ", fault_text(file.fault)));
            found_.merge(read_kubeconfig(file.text, {path, std::string(directory_of(full_path)), full_path}));
            found_.note(concat(quoted_path(path), " holds no context"));
        } catch (Error &error) {
            bad_.push_back(std::move(error));
        }
    }

    void note(std::string_view text) { found_.note(text); }

    Kubeconfig finish()
    {
        if (bad_.size() == 1) throw bad_.front();
        if (!bad_.empty()) {
            Error all(bad_.front().code, concat(std::to_string(bad_.size()), " kubeconfigs cannot be used"));
            for (auto &error : bad_) {
                all.message += concat(all.causes.empty() ? ": " : "; ", error.message);
                all.causes.push_back({"ConfigInvalid", "", error.message});
            }
            throw all;
        }
        if (found_.default_file.empty() && !found_.files.empty()) found_.default_file = found_.files.front();
        return std::move(found_);
    }

  private:
    Kubeconfig found_;
    std::vector<Error> bad_;
};

void add_listed(KubeconfigReader &reader, std::string_view list)
{
    std::vector<std::string> paths;
    while (true) {
        auto end = list.find(':');
        std::string path(list.substr(0, end));
        if (!path.empty() && std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
        if (end == std::string_view::npos) break;
        list.remove_prefix(end + 1);
    }
    if (paths.empty()) reader.note("$KUBECONFIG names no file");
    for (auto &path : paths) reader.add(path, false);
}

Overrides of_context(std::string_view context)
{
    Overrides overrides;
    overrides.context = context;
    return overrides;
}

}  // namespace

Kubeconfig load_kubeconfig(const std::string &path)
{
    KubeconfigReader reader;
    const char *list = getenv("KUBECONFIG");
    const char *home = getenv("HOME");
    if (!path.empty())
        // Who names a file wants that file, and nothing in its place.
        reader.add(path, true);
    else if (list && *list)
        add_listed(reader, list);
    else if (home && *home)
        reader.add(path_below(home, ".kube/config"), false);
    else
        reader.note("neither $KUBECONFIG nor $HOME is set");
    return reader.finish();
}

Kubeconfig parse_kubeconfig(std::string_view yaml)
{
    Kubeconfig files = read_kubeconfig(yaml, {"kubeconfig", "", ""});
    files.note("\"kubeconfig\" holds no context");
    return files;
}

Config config_of(const Kubeconfig &files, const Overrides &overrides)
{
    bool nothing_said = files.contexts.empty() && files.current_context.empty();
    if (nothing_said && !overrides.names_stanzas() && overrides.server.empty()) files.refuse_as_empty();
    return resolve_kubeconfig(files, overrides);
}

Config load_config(const std::string &path, const Overrides &overrides, std::string_view pod_directory)
{
    Kubeconfig files = load_kubeconfig(path);
    if (path.empty() && files.current_context.empty() && !overrides.names_stanzas()) {
        std::string obstacle = not_in_cluster_because(pod_directory);
        if (obstacle.empty()) {
            Config config = load_in_cluster(pod_directory);
            apply_overrides(overrides, config);
            return config;
        }
        files.note(concat("this is not a pod, as ", obstacle));
    }
    return config_of(files, overrides);
}

Config load_config(const std::string &path, std::string_view context, std::string_view pod_directory)
{
    return load_config(path, of_context(context), pod_directory);
}

Config parse_config(std::string_view yaml, std::string_view context)
{
    return config_of(parse_kubeconfig(yaml), of_context(context));
}

}  // namespace k8sc
