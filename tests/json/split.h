// Feeds a splitter in pieces of one size, and says what came out.
#pragma once

#include <cstring>
#include <memory>
#include <vector>

#include "../core/check.h"
#include "json/split.h"

struct Split {
    k8sc_status code = K8SC_OK;
    std::string message;
    std::vector<std::string> objects;
    std::string envelope;
};

template <class AnySplitter>
Split split(std::string_view stream, size_t piece, size_t max_object_bytes = 1 << 20)
{
    Split out;
    AnySplitter splitter(max_object_bytes, [&](std::string_view object) { out.objects.emplace_back(object); });
    out.code = code_of(
        [&] {
            for (size_t at = 0; at < stream.size(); at += piece) {
                size_t size = std::min(piece, stream.size() - at);
                // A copy of its own size: a sanitizer sees what is kept or read beyond it.
                auto copy = std::make_unique<char[]>(size);
                memcpy(copy.get(), stream.data() + at, size);
                splitter.feed(copy.get(), size);
            }
            splitter.finish();
        },
        &out.message);
    if constexpr (requires { splitter.envelope(); }) out.envelope = splitter.envelope();
    return out;
}

constexpr size_t most_pieces = 64;
