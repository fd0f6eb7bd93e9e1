#include "discovery/manifest.h"

#include <algorithm>
#include <set>

#include "core/clock.h"
#include "net/cancel_scope.h"
#include "resource/wait_for.h"

namespace k8sc {
namespace {

// How long a new definition may take to be served.
constexpr int64_t establish_ms = 60000;

using GroupKind = std::pair<std::string, std::string>;

std::string text_at(const Object &object, std::string_view pointer)
{
    return std::string(object.string_at(pointer).value_or(""));
}

GroupKind kind_of(const Object &object)
{
    std::string api_version = text_at(object, "/apiVersion");
    size_t slash = api_version.find('/');
    return {slash == std::string::npos ? "" : api_version.substr(0, slash), text_at(object, "/kind")};
}

std::string described(const Object &object)
{
    std::string name(object.name());
    if (name.empty()) name = text_at(object, "/metadata/generateName");
    return concat(text_at(object, "/kind"), " ", object.ns().empty() ? "" : concat(object.ns(), "/"), name);
}

class Runner {
  public:
    Runner(RestMapper &mapper, const ManifestRun &run) : mapper_(mapper), run_(run) {}

    ManifestResults run(const Manifest &manifest)
    {
        std::vector<size_t> order = creation_order(manifest);
        if (run_.verb == ManifestVerb::remove) std::reverse(order.begin(), order.end());
        for (size_t index : order) {
            ManifestResult result;
            result.source = manifest[index];
            try {
                if (wait_is_cancelled()) fail(K8SC_E_CANCELLED, concat(described(*result.source), ": cancelled"));
                result.object = one(*result.source);
            } catch (const Error &error) {
                // A closed client, or a child of fork(), can do none of the rest.
                result.error = std::make_shared<Error>(error);
            }
            results_.entries.push_back(std::move(result));
        }
        return std::move(results_);
    }

  private:
    Ref<Object> one(const Object &object)
    {
        if (run_.verb == ManifestVerb::remove) return remove(object);
        RestMapping mapping = defined_mapping(object);
        Ref<Resource> resource = resource_of(mapper_.client(), mapping, object, run_.default_ns);
        Ref<Object> answer;
        if (run_.verb == ManifestVerb::create) {
            answer = resource->create(object, run_.options);
        } else {
            if (object.name().empty()) fail(K8SC_E_INVALID, concat(described(object), ": apply needs metadata.name"));
            answer = resource->apply(object.name(), object, run_.options);
        }
        if (mapping.resource == "customresourcedefinitions" && mapping.group == "apiextensions.k8s.io" &&
            !run_.options.dry_run.value_or(false))
            definitions_[{text_at(object, "/spec/group"), text_at(object, "/spec/names/kind")}] = {
                std::string(object.name()), resource};
        return answer;
    }

    Ref<Object> remove(const Object &object)
    {
        if (object.name().empty()) fail(K8SC_E_INVALID, concat(described(object), ": delete needs metadata.name"));
        std::optional<RestMapping> mapping;
        try {
            mapping = mapper_.object(object);
            return resource_of(mapper_.client(), *mapping, object, run_.default_ns)
                ->remove(object.name(), run_.options);
        } catch (const Error &error) {
            // Where there is no such kind, there is no such object either; unless its group-version could not be asked
            // for its kinds.
            if (!run_.ignore_not_found || !is_not_found(error)) throw;
            if (!mapping && names(error, text_at(object, "/apiVersion"))) throw;
            return {};
        }
    }

    static bool names(const Error &error, const std::string &group_version)
    {
        return std::any_of(error.causes.begin(), error.causes.end(),
                           [&](const auto &cause) { return cause.field == group_version; });
    }

    // The mapping of an object, whose definition may have been made a moment ago.
    RestMapping defined_mapping(const Object &object)
    {
        auto definition = definitions_.find(kind_of(object));
        if (definition == definitions_.end()) return mapper_.object(object);
        int64_t deadline = deadline_after(establish_ms);
        if (!definition->second.is_established) {
            UntilSpec spec;
            spec.resource = definition->second.resource;
            spec.name = definition->second.name;
            spec.options.cancel = run_.options.cancel;
            spec.timeout_ms = establish_ms;
            wait_for_condition(std::move(spec), "Established", "True");
            definition->second.is_established = true;
        }
        // A server tells of what it serves a little later than it serves it.
        for (int64_t pause = 20;; pause = std::min<int64_t>(pause * 2, 1000)) {
            try {
                return mapper_.object(object);
            } catch (const Error &error) {
                if (!is_not_found(error) || now_ms() + pause > deadline) throw;
            }
            pause_cancellably(pause);
            // It will be there, so that the server is asked whatever the mapper has asked it lately.
            mapper_.reset();
        }
    }

    struct Definition {
        std::string name;
        Ref<Resource> resource;
        bool is_established = false;
    };

    RestMapper &mapper_;
    const ManifestRun &run_;
    std::map<GroupKind, Definition> definitions_;  // made by this run
    ManifestResults results_;
};

const char *verb_of(ManifestVerb verb)
{
    switch (verb) {
    case ManifestVerb::create: return "created";
    case ManifestVerb::apply: return "applied";
    case ManifestVerb::remove: break;
    }
    return "deleted";
}

}  // namespace

ManifestResults run_manifest(RestMapper &mapper, const Manifest &manifest, const ManifestRun &run)
{
    // What is wrong with the options is so for each.
    switch (run.verb) {
    case ManifestVerb::create: run.options.check(verb_create); break;
    case ManifestVerb::apply:
        run.options.check(verb_apply);
        if (run.options.field_manager.value_or("").empty())
            fail(K8SC_E_INVALID, "apply needs the option field_manager");
        break;
    case ManifestVerb::remove: run.options.check(verb_delete); break;
    }
    mapper.client()->need_open();
    // The options' token ends look-ups as well.
    CancelScope scope(run.options.cancel.get());
    return Runner(mapper, run).run(manifest);
}

std::optional<Error> manifest_failure(const ManifestResults &results, ManifestVerb verb)
{
    std::optional<Error> failure;
    size_t count = 0;
    for (const ManifestResult &result : results.entries) {
        if (!result.error) continue;
        if (!failure) {
            failure = *result.error;
            failure->causes.clear();
            failure->status_json.clear();
        }
        count++;
        failure->causes.push_back(
            {result.error->reason.empty() ? k8sc_status_name(result.error->code) : result.error->reason,
             described(*result.source), result.error->message});
    }
    if (!failure) return failure;
    failure->message =
        concat(std::to_string(count), " of ", std::to_string(results.entries.size()), " objects could not be ",
               verb_of(verb), "; the first, ", failure->causes.front().field, ": ", failure->causes.front().message);
    return failure;
}

}  // namespace k8sc

int64_t k8sc_manifest_results::failures() const
{
    return std::count_if(entries.begin(), entries.end(), [](const auto &entry) { return entry.error != nullptr; });
}
