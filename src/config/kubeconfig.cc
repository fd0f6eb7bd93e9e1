#include "config/kubeconfig.h"

#include <errno.h>
#include <stdlib.h>

#include <algorithm>
#include <vector>

#include "config/file.h"
#include "config/kubeconfig_file.h"
#include "config/kubeconfig_resolve.h"
#include "core/error.h"

namespace k8sc {
namespace {

// The files that were asked, and what they say together.
class Search {
  public:
    void add(const std::string &path, bool must_exist)
    {
        FileText file = read_file(path);
        if (file.fault == ENOENT && !must_exist) {
            note(concat(shown_path(path), " does not exist"));
            return;
        }
        if (file.fault) fail(K8SC_E_IO, concat("cannot read the kubeconfig ", shown_path(path), ": ", fault_text(file.fault)));
        add_text(file.text, {path, std::string(directory_of(path))});
    }

    void add_text(std::string_view yaml, const Origin &origin)
    {
        note(concat(shown_path(origin.file), " holds no context"));
        found_.merge(read_kubeconfig(yaml, origin));
    }

    void note(std::string text) { seen_ += concat(seen_.empty() ? "" : "; ", text); }

    const Kubeconfig &found() const { return found_; }

    // Where everything was looked for in vain, that is what a person needs to know, rather than that a context is missing.
    void require_something(std::string_view context) const
    {
        if (found_.contexts.empty() && found_.current_context.empty() && context.empty())
            fail(K8SC_E_CONFIG, concat("no configuration has been provided: ", seen_));
    }

  private:
    Kubeconfig found_;
    std::string seen_;
};

void add_listed(Search &search, std::string_view list)
{
    std::vector<std::string> paths;
    while (true) {
        auto end = list.find(':');
        std::string path(list.substr(0, end));
        if (!path.empty() && std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
        if (end == std::string_view::npos) break;
        list.remove_prefix(end + 1);
    }
    if (paths.empty()) search.note("$KUBECONFIG names no file");
    for (auto &path : paths) search.add(path, false);
}

}  // namespace

Config load_config(const std::string &path, std::string_view context, std::string_view pod_directory)
{
    Search search;
    if (!path.empty()) {
        // Who names a file wants that file, and nothing in its place.
        search.add(path, true);
        search.require_something(context);
        return resolve_kubeconfig(search.found(), context);
    }

    const char *list = getenv("KUBECONFIG");
    const char *home = getenv("HOME");
    if (list && *list)
        add_listed(search, list);
    else if (home && *home)
        search.add(path_below(home, ".kube/config"), false);
    else
        search.note("neither $KUBECONFIG nor $HOME is set");

    if (context.empty() && search.found().current_context.empty()) {
        std::string obstacle = not_in_cluster_because(pod_directory);
        if (obstacle.empty()) return load_in_cluster(pod_directory);
        search.note(concat("this is not a pod, as ", obstacle));
        search.require_something(context);
    }
    return resolve_kubeconfig(search.found(), context);
}

Config parse_config(std::string_view yaml, std::string_view context)
{
    Search search;
    search.add_text(yaml, {"kubeconfig", ""});
    search.require_something(context);
    return resolve_kubeconfig(search.found(), context);
}

}  // namespace k8sc
