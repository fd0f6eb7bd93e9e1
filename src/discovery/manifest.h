// Manifests: files of objects, which are created, applied or deleted together.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "discovery/mapper.h"
#include "resource/options.h"

namespace k8sc {

using Manifest = std::vector<Ref<Object>>;

// YAML or JSON, of any number of documents; lists are replaced by what is in them, and documents of nothing left out.
// Fails with K8SC_E_PARSE, which names the document and the line, and K8SC_E_TOO_LARGE.
Manifest parse_manifest(std::string_view text);

// The positions of the objects in the order in which they are to be made: what others need goes first; else the
// manifest's order.
std::vector<size_t> creation_order(const Manifest &manifest);

struct ManifestResult {
    Ref<Object> source;
    Ref<Object> object;  // the server's answer, if any
    std::shared_ptr<const Error> error;
};

}  // namespace k8sc

struct k8sc_manifest_results {
    std::vector<k8sc::ManifestResult> entries;  // in the order in which they were done
    int64_t failures() const;
};

namespace k8sc {

using ManifestResults = ::k8sc_manifest_results;

enum class ManifestVerb { create, apply, remove };

struct ManifestRun {
    ManifestVerb verb = ManifestVerb::apply;
    const char *default_ns = nullptr;
    Options options;
    bool ignore_not_found = true;  // by remove
};

// Blocks. What fails is in the results, and the others go on, until the options' cancel token ends it: then the rest is
// cancelled too.
ManifestResults run_manifest(RestMapper &mapper, const Manifest &manifest, const ManifestRun &run);

// What the whole failed with, with a cause for each object; nothing where nothing did.
std::optional<Error> manifest_failure(const ManifestResults &results, ManifestVerb verb);

}  // namespace k8sc
