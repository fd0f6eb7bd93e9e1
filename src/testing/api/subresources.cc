#include "testing/api/subresources.h"

#include <algorithm>

#include "testing/schema/names.h"
#include "testing/schema/since.h"
#include "testing/schema/status.h"

namespace k8sc::testing {

namespace {

void copy_member(const json_t *from, json_t *to, const char *key)
{
    if (json_t *value = json_object_get(from, key))
        set(to, key, Json::share(value));
    else
        json_object_del(to, key);
}

json_t *made_member(json_t *document, const char *key)
{
    if (!json_is_object(json_object_get(document, key))) set(document, key, Json::object());
    return json_object_get(document, key);
}

// Built-in kinds take their metadata through a status too, and Deployments keep their labels.
void copy_status_metadata(const Kind &kind, const json_t *after, json_t *kept)
{
    for (const char *key : {"labels", "annotations", "finalizers"})
        if (kind.plural != "deployments" || key[0] != 'l')
            copy_member(json_object_get(after, "metadata"), metadata_of(kept), key);
}

// Who is approved or denied, and when: what nobody has said is now.
void complete_conditions(json_t *conditions)
{
    for (size_t i = 0; i < json_array_size(conditions); ++i) {
        json_t *condition = json_array_get(conditions, i);
        if (!json_is_object(condition)) continue;
        for (const char *key : {"lastUpdateTime", "lastTransitionTime"})
            if (text_at(condition, {key}).empty()) set(condition, key, Json::text(timestamp()));
    }
}

void check_approval(const Kind &kind, const std::string &name, const json_t *conditions)
{
    bool approved = false, denied = false;
    for (size_t i = 0; i < json_array_size(conditions); ++i) {
        const std::string_view type = text_at(json_array_get(conditions, i), {"type"});
        approved = approved || type == "Approved";
        denied = denied || type == "Denied";
    }
    if (approved && denied)
        throw invalid(
            kind, name,
            invalid_value("status.conditions", "\"Denied\"", "Approved and Denied conditions are mutually exclusive"));
}

// What containers have of a node changes, and what they do when it does; all else stays.
void resize(const json_t *after, json_t *kept)
{
    for (const char *which : {"containers", "initContainers"}) {
        const json_t *containers = json_object_get(kept, which), *wanted = json_object_get(after, which);
        for (size_t i = 0; i < json_array_size(containers); ++i)
            for (size_t j = 0; j < json_array_size(wanted); ++j) {
                json_t *container = json_array_get(containers, i);
                const json_t *other = json_array_get(wanted, j);
                if (text_at(container, {"name"}) != text_at(other, {"name"})) continue;
                for (const char *key : {"resources", "resizePolicy"}) copy_member(other, container, key);
            }
    }
}

// They can be added, and never changed or taken away.
void check_ephemeral(const Kind &kind, const std::string &name, const json_t *before, const json_t *after)
{
    for (size_t i = 0; i < json_array_size(before); ++i) {
        const json_t *old = json_array_get(before, i);
        const std::string_view old_name = text_at(old, {"name"});
        const json_t *now = nullptr;
        for (size_t j = 0; j < json_array_size(after); ++j)
            if (text_at(json_array_get(after, j), {"name"}) == old_name) now = json_array_get(after, j);
        if (!now || !json_equal(const_cast<json_t *>(old), const_cast<json_t *>(now)))
            throw invalid(kind, name,
                          forbidden("spec.ephemeralContainers", "existing ephemeral containers \"" +
                                                                    std::string(old_name) + "\" may not be " +
                                                                    (now ? "changed" : "removed")));
    }
}

}  // namespace

bool Subresource::allows(std::string_view verb) const
{
    return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

std::vector<Subresource> subresources_of(const Kind &kind)
{
    std::vector<Subresource> found;
    const std::vector<std::string> document = {"get", "patch", "update"};
    const auto add = [&](const char *name, const std::vector<std::string> &verbs) {
        found.push_back({name, kind.group, kind.version, kind.kind, verbs});
    };
    const bool core = kind.group.empty() && !kind.custom;
    if (kind.group == "certificates.k8s.io" && kind.plural == "certificatesigningrequests" && !kind.custom)
        add("approval", document);
    if (core && kind.plural == "pods") {
        found.push_back({"binding", "", "v1", "Binding", {"create"}});
        if (kind.release == 0 || kind.release >= 23) add("ephemeralcontainers", document);
        found.push_back(
            {"eviction", "policy", kind.release > 0 && kind.release < 22 ? "v1beta1" : "v1", "Eviction", {"create"}});
        add("log", {"get"});
        if (kind.release >= since::pod_resize) add("resize", document);
    }
    if (core && kind.plural == "namespaces") add("finalize", {"update"});
    if (kind.scale) found.push_back({"scale", "autoscaling", "v1", "Scale", document});
    if (kind.has_status) add("status", document);
    if (core && kind.plural == "serviceaccounts")
        found.push_back({"token", "authentication.k8s.io", "v1", "TokenRequest", {"create"}});
    return found;
}

Json changed_through(const Kind &kind, const std::string &subresource, const Json &before, Json after, bool strict)
{
    if (subresource == "scale") return after;
    Json kept = before.copy();
    const std::string name(text_at(before.get(), {"metadata", "name"}));
    if (subresource == "status") {
        copy_member(after.get(), kept.get(), "status");
        if (strict && !kind.custom) copy_status_metadata(kind, after.get(), kept.get());
    } else if (subresource == "approval") {
        json_t *conditions = value_at(after.get(), {"status", "conditions"});
        check_approval(kind, name, conditions);
        complete_conditions(conditions);
        copy_member(json_object_get(after.get(), "status"), made_member(kept.get(), "status"), "conditions");
    } else if (subresource == "finalize") {
        copy_member(json_object_get(after.get(), "spec"), made_member(kept.get(), "spec"), "finalizers");
    } else if (subresource == "resize") {
        resize(value_at(after.get(), {"spec"}), value_at(kept.get(), {"spec"}));
    } else if (subresource == "ephemeralcontainers") {
        check_ephemeral(kind, name, value_at(before.get(), {"spec", "ephemeralContainers"}),
                        value_at(after.get(), {"spec", "ephemeralContainers"}));
        copy_member(json_object_get(after.get(), "spec"), made_member(kept.get(), "spec"), "ephemeralContainers");
    }
    if (json_t *owners = value_at(after.get(), {"metadata", "managedFields"}))
        set(metadata_of(kept.get()), "managedFields", Json::share(owners));
    return kept;
}

}  // namespace k8sc::testing
