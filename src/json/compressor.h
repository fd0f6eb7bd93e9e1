// Compresses the objects of one store, with a dictionary made from some of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "json/cached_object.h"

namespace k8sc {

// One thread at a time.
class Compressor {
  public:
    // A dictionary is as much text of the objects themselves. Twice as much makes pods a tenth smaller and is twice the
    // price for those who have few.
    static constexpr size_t dictionary_bytes = 64 << 10;

    // `from_bytes`: so much JSON is kept as it is. -1: all of it.
    explicit Compressor(int64_t from_bytes) : from_bytes_(from_bytes) {}

    bool is_compressing() const { return static_cast<bool>(dictionary_); }
    // Whether with so much JSON it is time to begin(), and then to compress what is kept already.
    bool is_due(int64_t json_bytes) const;
    // Makes the dictionary, from a few that stand for all.
    void begin(const std::vector<CachedObject> &kept);

    // As it is, before begin().
    CachedObject compress(const Ref<Object> &object);

    // How often a dictionary was made.
    int64_t dictionaries() const { return made_; }
    size_t bytes() const { return dictionary_ ? dictionary_->bytes() : 0; }

  private:
    void learn(std::string_view text);
    void note(size_t json_size, size_t compressed_size);

    const int64_t from_bytes_;
    Ref<Dictionary> dictionary_;
    int64_t made_ = 0;

    // How well it fits: over the first objects after it was made, and over the last ones.
    static constexpr int64_t window = 256;
    int64_t seen_ = 0;
    int64_t json_sum_ = 0, compressed_sum_ = 0;
    double first_ratio_ = 0;
    // It fits no more, and a new one is made from the next objects.
    bool sampling_ = false;
    std::string sample_;
};

}  // namespace k8sc
