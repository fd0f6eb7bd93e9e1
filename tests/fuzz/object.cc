// An object's JSON: what is accepted reads back as itself, and reading stays inside of it.
#include "target.h"

#include "json/cursor.h"
#include "json/decode.h"

using namespace k8sc;

static size_t walk(Cursor value, int depth)
{
    size_t seen = value.raw().size();
    if (auto text = value.string()) seen += text->size();
    if (value.integer()) seen++;
    if (value.number()) seen++;
    if (depth < 1100) value.each([&](std::string_view key, Cursor inner) { return seen += unescape(key).size() + walk(inner, depth + 1), true; });
    return seen;
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
    rules.drop_managed_fields = true;
    rules.kind = "\"K\"";
    std::string padded(text_of(data, size));
    padded.reserve(size + json_padding);
    Ref<Object> stored = Decoder().wire(padded, rules);
    Ref<Object> again = Object::parse(stored->json());
    hold(again->name() == object->name() && again->ns() == object->ns() && stored->name() == object->name());
    return 0;
}
