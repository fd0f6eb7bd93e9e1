#include "json/cached_object.h"

#include <zstd.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "core/error.h"

namespace k8sc {
namespace {

// Level 1 is three times as fast as 3 and, with a dictionary, hardly larger.
constexpr int compression_level = 1;

// Contexts are some hundred kilobytes; a thread that compresses or opens objects keeps one of each kind.
struct Contexts {
    ~Contexts()
    {
        ZSTD_freeCCtx(compress);
        ZSTD_freeDCtx(decompress);
    }
    ZSTD_CCtx *compress = nullptr;
    ZSTD_DCtx *decompress = nullptr;
    std::string compressing;  // where compressed text is written first
    std::string peeking;
};

thread_local Contexts contexts;

// A scratch buffer that once met a large object gives the memory back.
constexpr size_t scratch_keeps = 1 << 20;

char *scratch(std::string &buffer, size_t size)
{
    if (buffer.size() < size || buffer.size() > scratch_keeps) {
        buffer = std::string();
        buffer.resize(size + size / 4);
    }
    return buffer.data();
}

}  // namespace

Dictionary::Dictionary(std::string_view text)
    : compress_(ZSTD_createCDict(text.data(), text.size(), compression_level)),
      decompress_(ZSTD_createDDict(text.data(), text.size()))
{
    if (compress_ && decompress_) return;
    ZSTD_freeCDict(compress_);
    ZSTD_freeDDict(decompress_);
    throw std::bad_alloc();
}

Dictionary::~Dictionary()
{
    ZSTD_freeCDict(compress_);
    ZSTD_freeDDict(decompress_);
}

void Dictionary::retire()
{
    ZSTD_freeCDict(compress_);
    compress_ = nullptr;
}

size_t Dictionary::bytes() const { return ZSTD_sizeof_CDict(compress_) + ZSTD_sizeof_DDict(decompress_); }

Ref<CompressedObject> CompressedObject::compress(const Object &object, const Ref<Dictionary> &dictionary)
{
    std::string_view json = object.json();
    if (!contexts.compress && !(contexts.compress = ZSTD_createCCtx())) throw std::bad_alloc();
    size_t room = ZSTD_compressBound(json.size());
    char *data = scratch(contexts.compressing, room);
    size_t size = ZSTD_compress_usingCDict(contexts.compress, data, room, json.data(), json.size(),
                                           dictionary->for_compression());
    if (ZSTD_isError(size)) throw std::bad_alloc();
    if (size > json.size() - json.size() / 8) return nullptr;

    // The four names stand in the object's block as they will stand here.
    size_t names = static_cast<size_t>(json.data() - object.ns().data());
    void *block = malloc(sizeof(CompressedObject) + names + size);
    if (!block) throw std::bad_alloc();
    auto compressed = new (block) CompressedObject(dictionary);
    char *texts = const_cast<char *>(compressed->texts());
    memcpy(texts, object.ns().data(), names);
    memcpy(texts + names, data, size);
    compressed->json_size_ = static_cast<uint32_t>(json.size());
    compressed->data_size_ = static_cast<uint32_t>(size);
    compressed->data_at_ = static_cast<uint32_t>(names);
    auto offset = [&](std::string_view text) { return static_cast<uint32_t>(text.data() - object.ns().data()); };
    compressed->name_at_ = offset(object.name());
    compressed->uid_at_ = offset(object.uid());
    compressed->version_at_ = offset(object.resource_version());
    return Ref<CompressedObject>::adopt(compressed);
}

void CompressedObject::destroy() const
{
    this->~CompressedObject();
    free(const_cast<CompressedObject *>(this));
}

void CompressedObject::decompress(char *to) const
{
    if (!contexts.decompress && !(contexts.decompress = ZSTD_createDCtx())) throw std::bad_alloc();
    size_t size = ZSTD_decompress_usingDDict(contexts.decompress, to, json_size_, texts() + data_at_, data_size_,
                                             dictionary_->for_decompression());
    // Only memory that somebody else has written over is ever refused.
    if (size != json_size_) fail(K8SC_E_INTERNAL, "a compressed object in the cache is damaged");
}

Ref<Object> CompressedObject::open() const
{
    return Object::make(identity(), json_size_, [this](char *to) { decompress(to); });
}

std::string_view CompressedObject::peek() const
{
    char *to = scratch(contexts.peeking, json_size_ + 1);
    decompress(to);
    to[json_size_] = '\0';
    return {to, json_size_};
}

Identity CompressedObject::identity() const
{
    auto text = [&](uint32_t from, uint32_t to) { return std::string_view(texts() + from, to - from - 1); };
    return {text(0, name_at_), text(name_at_, uid_at_), text(uid_at_, version_at_), text(version_at_, data_at_)};
}

void CachedObject::retain() const
{
    if (is_compressed())
        compressed()->retain();
    else if (word_)
        object_pointer()->retain();
}

void CachedObject::release() const
{
    if (is_compressed())
        compressed()->release();
    else if (word_)
        object_pointer()->release();
}

Ref<Object> CachedObject::object() const
{
    return is_compressed() ? compressed()->open() : Ref<Object>(const_cast<Object *>(object_pointer()));
}

Identity CachedObject::identity() const
{
    if (!word_) return {};
    if (is_compressed()) return compressed()->identity();
    auto object = object_pointer();
    return {object->ns(), object->name(), object->uid(), object->resource_version()};
}

std::string_view CachedObject::key() const
{
    Identity of = identity();
    return {of.ns.data(), of.ns.size() + 1 + of.name.size()};
}

size_t CachedObject::bytes() const
{
    if (!word_) return 0;
    if (is_compressed()) return compressed()->bytes();
    auto object = object_pointer();
    return sizeof(Object) + static_cast<size_t>(object->json().data() - object->ns().data()) + object->json().size() +
           1;
}

LazyObject::~LazyObject()
{
    if (Object *opened = opened_.load(std::memory_order_acquire)) opened->release();
}

Object *LazyObject::get() const
{
    if (!stored_) return nullptr;
    if (Object *opened = opened_.load(std::memory_order_acquire)) return opened;
    Object *mine = stored_.object().detach(), *none = nullptr;
    if (opened_.compare_exchange_strong(none, mine, std::memory_order_acq_rel, std::memory_order_acquire)) return mine;
    // Another thread was faster.
    mine->release();
    return none;
}

}  // namespace k8sc
