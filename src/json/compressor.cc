#include "json/compressor.h"

#include <algorithm>

namespace k8sc {

bool Compressor::is_due(int64_t json_bytes) const
{
    return !dictionary_ && from_bytes_ >= 0 && json_bytes >= std::max<int64_t>(from_bytes_, dictionary_bytes);
}

void Compressor::begin(const std::vector<CachedObject> &kept)
{
    std::string text;
    int64_t bytes = 0;
    for (auto &stored : kept) bytes += static_cast<int64_t>(stored.json_size());
    // Evenly from all over, so that more than one controller's objects are among them.
    size_t step = std::max<size_t>(1, static_cast<size_t>(bytes) / dictionary_bytes);
    for (size_t i = 0; i < kept.size() && text.size() < dictionary_bytes; i += step) text += kept[i].peek();
    learn(text);
}

void Compressor::learn(std::string_view text)
{
    // The end is what later objects refer to at the least cost.
    if (text.size() > dictionary_bytes) text.remove_prefix(text.size() - dictionary_bytes);
    auto next = make<Dictionary>(text);
    if (dictionary_) dictionary_->retire();
    dictionary_ = next;
    made_++;
    seen_ = json_sum_ = compressed_sum_ = 0;
    first_ratio_ = 0;
    sampling_ = false;
    sample_ = {};
}

CachedObject Compressor::compress(const Ref<Object> &object)
{
    if (!dictionary_) return object;
    if (sampling_) {
        sample_ += object->json();
        if (sample_.size() >= dictionary_bytes) learn(sample_);
    }
    size_t json_size = object->json().size();
    Ref<CompressedObject> compressed = CompressedObject::compress(*object, dictionary_);
    note(json_size, compressed ? compressed->data_size() : json_size);
    return compressed ? CachedObject(std::move(compressed)) : CachedObject(object);
}

void Compressor::note(size_t json_size, size_t compressed_size)
{
    json_sum_ += static_cast<int64_t>(json_size);
    compressed_sum_ += static_cast<int64_t>(compressed_size);
    if (++seen_ % window != 0) return;
    double ratio = static_cast<double>(json_sum_) / static_cast<double>(compressed_sum_);
    json_sum_ = compressed_sum_ = 0;
    if (first_ratio_ == 0)
        first_ratio_ = ratio;
    else if (ratio < first_ratio_ * 0.6 && seen_ >= 4 * window)
        sampling_ = true;
}

}  // namespace k8sc
