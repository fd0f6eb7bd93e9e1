// The frozen document: immutable JSON text in one block of memory, with what everybody asks for beside it.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/ref.h"
#include "k8sc.h"
#include "json/cursor.h"

namespace k8sc {

// What an object is stored and found by.
struct Identity {
    std::string_view ns;
    std::string_view name;
    std::string_view uid;
    std::string_view resource_version;
};

}  // namespace k8sc

struct k8sc_object {
  public:
    // From text that a user wrote: validated, made compact. Fails with K8SC_E_PARSE or K8SC_E_TOO_LARGE.
    static k8sc::Ref<k8sc_object> parse(std::string_view json);
    // From pieces of validated, compact text, which are joined.
    static k8sc::Ref<k8sc_object> assemble(const k8sc::Identity &identity, const std::string_view *pieces,
                                           size_t count);
    // `write` puts exactly json_size bytes of such text where it is told to.
    template <class Write>
    static k8sc::Ref<k8sc_object> make(const k8sc::Identity &identity, size_t json_size, Write &&write);

    std::string_view json() const { return {texts() + json_at_, json_size_}; }
    // As a user wrote it: with the members that were left out of json() because their keys come again.
    std::string_view written() const;
    void keep_written(std::string_view compact) const { add_extract(texts(), compact); }
    k8sc::Cursor root() const { return k8sc::Cursor(json()); }

    // NUL-terminated, as all that follows.
    std::string_view ns() const { return {texts(), size_t(name_at_) - 1}; }
    std::string_view name() const { return {texts() + name_at_, size_t(uid_at_) - name_at_ - 1}; }
    std::string_view uid() const { return {texts() + uid_at_, size_t(version_at_) - uid_at_ - 1}; }
    std::string_view resource_version() const { return {texts() + version_at_, size_t(json_at_) - version_at_ - 1}; }

    // A string in the document, or a key: unescaped, NUL-terminated, kept as long as the object. Any thread.
    std::string_view text_of(k8sc::Cursor string) const;
    std::string_view text_of_raw(std::string_view raw) const;
    // A label by its key. Valid as long as the object.
    std::optional<std::string_view> label(std::string_view key) const;
    std::optional<std::string_view> string_at(std::string_view pointer) const;

    void retain() const { refs_.fetch_add(1, std::memory_order_relaxed); }
    void release() const
    {
        if (refs_.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy();
    }

  private:
    // A text that was asked for. They form a list that only grows, so that reading needs no lock.
    struct Extract {
        const Extract *next;
        const char *source;
        size_t size;
        char *text() { return reinterpret_cast<char *>(this + 1); }
        const char *text() const { return reinterpret_cast<const char *>(this + 1); }
    };

    k8sc_object() = default;
    // All but the text itself, for which there is room.
    static k8sc::Ref<k8sc_object> blank(const k8sc::Identity &identity, size_t json_size);
    void destroy() const;
    const Extract *add_extract(const char *source, std::string_view text) const;
    const Extract *find_extract(const char *source) const;
    char *texts() { return reinterpret_cast<char *>(this + 1); }
    const char *texts() const { return reinterpret_cast<const char *>(this + 1); }

    // Behind the object: namespace, name, uid, resourceVersion and the JSON text, each with a NUL.
    mutable std::atomic<uint32_t> refs_{1};
    uint32_t json_size_ = 0;
    uint32_t json_at_ = 0;
    uint32_t name_at_ = 0;
    uint32_t uid_at_ = 0;
    uint32_t version_at_ = 0;
    mutable std::atomic<const Extract *> extracts_{nullptr};
};

template <class Write>
k8sc::Ref<k8sc_object> k8sc_object::make(const k8sc::Identity &identity, size_t json_size, Write &&write)
{
    k8sc::Ref<k8sc_object> object = blank(identity, json_size);
    write(object->texts() + object->json_at_);
    return object;
}

namespace k8sc {

using Object = ::k8sc_object;

}  // namespace k8sc
