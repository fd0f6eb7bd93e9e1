// A JSON Pointer and a document, with a NUL between them.
#include "target.h"

#include "json/cursor.h"
#include "json/draft.h"
#include "json/object.h"

using namespace k8sc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    std::string_view text = text_of(data, size);
    auto zero = text.find('\0');
    std::string_view pointer = text.substr(0, zero),
                     json = zero == std::string_view::npos ? "{\"a\":[1,{\"\":{}}]}" : text.substr(zero + 1);
    bool is_pointer = is_json_pointer(pointer);
    Ref<Object> object;
    if (!accepts([&] { object = Object::parse(json); })) return 0;
    Cursor found = object->root().at(pointer);
    hold(is_pointer || !found);
    if (!found) return 0;
    std::string_view raw = found.raw(), whole = object->json();
    hold(raw.data() >= whole.data() && raw.data() + raw.size() <= whole.data() + whole.size() && !raw.empty());

    std::string key(pointer);
    hold(k8sc_object_type(object.get(), key.c_str()) == found.type() || key.size() != pointer.size());
    // An editor finds the same place.
    k8sc_draft *draft = nullptr;
    if (k8sc_object_edit(object.get(), &draft, nullptr) == K8SC_OK && key.find('\0') == std::string::npos &&
        !key.empty())
        hold(k8sc_draft_remove(draft, key.c_str(), nullptr) == K8SC_OK);
    k8sc_draft_free(draft);
    return 0;
}
