// An object as a cache and the events on their way hold it: as it is, or compressed.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "core/ref.h"
#include "json/object.h"

typedef struct ZSTD_CDict_s ZSTD_CDict;
typedef struct ZSTD_DDict_s ZSTD_DDict;

namespace k8sc {

// What the objects of one resource have in common: a piece of text that compression refers to. Objects hold the one
// that they were compressed with.
class Dictionary : public RefCounted {
  public:
    explicit Dictionary(std::string_view text);
    const ZSTD_CDict *for_compression() const { return compress_; }
    const ZSTD_DDict *for_decompression() const { return decompress_; }
    // No object will be compressed with it any more. By the thread that compresses.
    void retire();
    size_t bytes() const;

  protected:
    ~Dictionary() override;

  private:
    ZSTD_CDict *compress_;
    ZSTD_DDict *decompress_;
};

// A compressed object, in one block of memory: its names, which are read without opening it, and the compressed text.
class CompressedObject {
  public:
    // NULL where that would save next to nothing.
    static Ref<CompressedObject> compress(const Object &object, const Ref<Dictionary> &dictionary);
    Ref<Object> open() const;
    // The JSON text, in memory of this thread's that the next call uses again.
    std::string_view peek() const;

    Identity identity() const;
    size_t json_size() const { return json_size_; }
    size_t data_size() const { return data_size_; }
    // With everything that belongs to it but the dictionary.
    size_t bytes() const { return sizeof(CompressedObject) + data_at_ + data_size_; }

    void retain() const { refs_.fetch_add(1, std::memory_order_relaxed); }
    void release() const
    {
        if (refs_.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy();
    }

  private:
    explicit CompressedObject(const Ref<Dictionary> &dictionary) : dictionary_(dictionary) {}
    void destroy() const;
    void decompress(char *to) const;
    const char *texts() const { return reinterpret_cast<const char *>(this + 1); }

    // Behind it: namespace, name, uid and resourceVersion, each with a NUL, and the data.
    mutable std::atomic<uint32_t> refs_{1};
    uint32_t json_size_ = 0;
    uint32_t data_size_ = 0;
    uint32_t data_at_ = 0;
    uint32_t name_at_ = 0;
    uint32_t uid_at_ = 0;
    uint32_t version_at_ = 0;
    const Ref<Dictionary> dictionary_;
};

// One pointer to either. Copies are references.
class CachedObject {
  public:
    CachedObject() = default;
    CachedObject(const Ref<Object> &object) : CachedObject(Ref<Object>(object)) {}
    CachedObject(Ref<Object> &&object) : word_(reinterpret_cast<uintptr_t>(object.detach())) {}
    CachedObject(Ref<CompressedObject> &&compressed)
        : word_(reinterpret_cast<uintptr_t>(compressed.detach()) | is_compressed_bit)
    {
    }
    CachedObject(const CachedObject &other) : word_(other.word_) { retain(); }
    CachedObject(CachedObject &&other) noexcept : word_(std::exchange(other.word_, 0)) {}
    ~CachedObject() { release(); }
    CachedObject &operator=(CachedObject other) noexcept
    {
        std::swap(word_, other.word_);
        return *this;
    }

    explicit operator bool() const { return word_ != 0; }
    friend bool operator==(const CachedObject &a, const CachedObject &b) { return a.word_ == b.word_; }

    bool is_compressed() const { return word_ & is_compressed_bit; }
    // NULL for NULL. Decompresses where it must; Ref's block is then new each time.
    Ref<Object> object() const;
    // Its text for a moment: until this thread peeks again, at the longest as long as this lives.
    std::string_view peek() const { return is_compressed() ? compressed()->peek() : object_pointer()->json(); }

    Identity identity() const;
    std::string_view ns() const { return identity().ns; }
    std::string_view name() const { return identity().name; }
    std::string_view uid() const { return identity().uid; }
    std::string_view resource_version() const { return identity().resource_version; }
    // Namespace, NUL, name: as they stand in the block, which begins with them.
    std::string_view key() const;
    // Of the JSON text, and what the block takes.
    size_t json_size() const { return is_compressed() ? compressed()->json_size() : object_pointer()->json().size(); }
    size_t bytes() const;

  private:
    static constexpr uintptr_t is_compressed_bit = 1;
    const CompressedObject *compressed() const
    {
        return reinterpret_cast<const CompressedObject *>(word_ & ~is_compressed_bit);
    }
    const Object *object_pointer() const { return reinterpret_cast<const Object *>(word_); }
    void retain() const;
    void release() const;

    uintptr_t word_ = 0;
};

// A stored object that is opened when somebody looks, and stays open. Looking: any thread.
class LazyObject {
  public:
    LazyObject() = default;
    LazyObject(CachedObject stored) : stored_(std::move(stored)) {}
    LazyObject(const Ref<Object> &object) : stored_(object) {}
    LazyObject(LazyObject &&other) noexcept
        : stored_(std::move(other.stored_)), opened_(other.opened_.exchange(nullptr))
    {
    }
    LazyObject &operator=(LazyObject &&other) noexcept
    {
        std::swap(stored_, other.stored_);
        opened_.store(other.opened_.exchange(opened_.load()));
        return *this;
    }
    ~LazyObject();

    explicit operator bool() const { return static_cast<bool>(stored_); }
    // As long as this lives; NULL for NULL.
    Object *get() const;
    const CachedObject &stored() const { return stored_; }

  private:
    CachedObject stored_;
    mutable std::atomic<Object *> opened_{nullptr};
};

}  // namespace k8sc
