// An object's JSON: what is accepted reads back as itself, and reading stays inside of it.
#include "target.h"

#include <vector>

#include "json/cursor.h"
#include "json/decode.h"

using namespace k8sc;

static size_t walk(Cursor value, int depth)
{
    size_t seen = value.raw().size();
    if (auto text = value.string()) seen += text->size();
    if (value.integer()) seen++;
    if (value.number()) seen++;
    if (depth < 1100)
        value.each([&](std::string_view key, Cursor inner) {
            return seen += unescape(key).size() + walk(inner, depth + 1), true;
        });
    return seen;
}

static std::vector<PruneOptions> various_options()
{
    std::vector<PruneOptions> all(6);
    all[0].drop_managed_fields = true;
    all[1].metadata_only = true;
    all[2].annotation_prefixes = {"a", "kubectl"};
    all[2].drop_managed_fields = true;
    for (auto path : {"/spec", "/metadata/*/a", "/*/*/0", "/a/b/c"}) all[3].add_drop_path(path);
    for (auto path : {"/spec/containers/*/image", "/*/a", "/a/1"}) all[4].add_keep_path(path);
    all[5] = all[4];
    all[5].drop_paths = all[3].drop_paths;
    all[5].annotation_prefixes = {""};
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Ref<Object> object;
    if (!accepts([&] { object = Object::parse(text_of(data, size)); })) return 0;
    hold(object->json().size() <= size);
    hold(Object::parse(object->json())->json() == object->json());
    hold(walk(object->root(), 0) >= 2);

    // The same from the wire, with what an informer leaves out.
    DecodeRules rules;
    rules.kind = "\"K\"";
    for (auto &options : various_options()) {
        rules.prune = std::make_shared<const PruneRules>(options);
        std::string padded(text_of(data, size));
        padded.reserve(size + json_padding);
        Ref<Object> stored = Decoder().wire(padded, rules);
        Ref<Object> again = Object::parse(stored->json());
        hold(stored->name() == object->name() && stored->ns() == object->ns());
        // Of two members called metadata, the first may be none that is kept.
        hold(!options.keep_paths.empty() || (again->name() == object->name() && again->ns() == object->ns()));
        hold(stored->json().size() <= object->json().size() + 80);
    }
    return 0;
}
