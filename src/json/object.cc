#include "json/object.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "core/error.h"
#include "json/decode.h"

using namespace k8sc;

Ref<Object> Object::blank(const Identity &identity, size_t json_size)
{
    size_t names =
        identity.ns.size() + identity.name.size() + identity.uid.size() + identity.resource_version.size() + 4;
    if (names + json_size >= UINT32_MAX) fail(K8SC_E_TOO_LARGE, "an object of 4 GiB or more");

    void *block = malloc(sizeof(Object) + names + json_size + 1);
    if (!block) throw std::bad_alloc();
    auto object = new (block) Object;
    char *begin = object->texts(), *p = begin;
    auto put_text = [&](std::string_view text) {
        if (!text.empty()) memcpy(p, text.data(), text.size());
        p += text.size();
        *p++ = '\0';
        return static_cast<uint32_t>(p - begin);
    };
    object->name_at_ = put_text(identity.ns);
    object->uid_at_ = put_text(identity.name);
    object->version_at_ = put_text(identity.uid);
    object->json_at_ = put_text(identity.resource_version);
    object->json_size_ = static_cast<uint32_t>(json_size);
    p[json_size] = '\0';
    return Ref<Object>::adopt(object);
}

Ref<Object> Object::assemble(const Identity &identity, const std::string_view *pieces, size_t count)
{
    size_t json_size = 0;
    for (size_t i = 0; i < count; i++) json_size += pieces[i].size();
    return make(identity, json_size, [&](char *to) {
        for (size_t i = 0; i < count; i++) {
            if (!pieces[i].empty()) memcpy(to, pieces[i].data(), pieces[i].size());
            to += pieces[i].size();
        }
    });
}

Ref<Object> Object::parse(std::string_view json) { return Decoder().user_text(json); }

void Object::destroy() const
{
    for (const Extract *extract = extracts_.load(std::memory_order_acquire); extract;) {
        const Extract *next = extract->next;
        free(const_cast<Extract *>(extract));
        extract = next;
    }
    this->~k8sc_object();
    free(const_cast<Object *>(this));
}

std::string_view Object::text_of(Cursor string) const
{
    auto raw = string.raw_string();
    return raw ? text_of_raw(*raw) : std::string_view();
}

std::string_view Object::text_of_raw(std::string_view raw) const
{
    const Extract *extract = find_extract(raw.data());
    if (!extract) {
        std::string plain;
        std::string_view text = raw;
        if (raw.find('\\') != std::string_view::npos) text = plain = unescape(raw);
        extract = add_extract(raw.data(), text);
    }
    return {extract->text(), extract->size};
}

std::string_view Object::written() const
{
    const Extract *extract = find_extract(texts());
    return extract ? std::string_view(extract->text(), extract->size) : json();
}

const Object::Extract *Object::find_extract(const char *source) const
{
    const Extract *extract = extracts_.load(std::memory_order_acquire);
    while (extract && extract->source != source) extract = extract->next;
    return extract;
}

const Object::Extract *Object::add_extract(const char *source, std::string_view text) const
{
    auto extract = static_cast<Extract *>(malloc(sizeof(Extract) + text.size() + 1));
    if (!extract) throw std::bad_alloc();
    const Extract *head = extracts_.load(std::memory_order_acquire);
    extract->source = source;
    extract->size = text.size();
    if (!text.empty()) memcpy(extract->text(), text.data(), text.size());
    extract->text()[text.size()] = '\0';
    // Two threads that ask for the same text at once both keep theirs, which is harmless.
    do {
        extract->next = head;
    } while (!extracts_.compare_exchange_weak(head, extract, std::memory_order_acq_rel, std::memory_order_acquire));
    return extract;
}

std::optional<std::string_view> Object::label(std::string_view key) const
{
    Cursor value = root().member("metadata").member("labels").member(key);
    auto raw = value.raw_string();
    if (!raw || raw->find('\\') == std::string_view::npos) return raw;
    return text_of(value);
}

std::optional<std::string_view> Object::string_at(std::string_view pointer) const
{
    Cursor value = root().at(pointer);
    if (value.type() != K8SC_TYPE_STRING) return {};
    return text_of(value);
}
