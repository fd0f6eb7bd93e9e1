// A list's body: its pieces must not matter. The first byte says how large they are.
#include "target.h"

#include <algorithm>
#include <vector>

#include "json/decode.h"
#include "json/split.h"

using namespace k8sc;

namespace {

struct Outcome {
    k8sc_status code = K8SC_OK;
    std::vector<std::string> items;
    std::string envelope;
    bool operator==(const Outcome &) const = default;
};

Outcome split(std::string_view body, size_t piece)
{
    Outcome out;
    ListSplitter splitter(1000, [&](std::string_view item) {
        out.items.emplace_back(item);
        for (size_t i = 0; i < json_padding; i++) hold(item.data()[item.size() + i] == item.data()[item.size() + i]);
    });
    try {
        for (size_t at = 0; at < body.size(); at += piece)
            splitter.feed(body.data() + at, std::min(piece, body.size() - at));
        splitter.finish();
        out.envelope = splitter.envelope();
    } catch (const Error &error) {
        out.code = error.code;
        out.items.clear();
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    std::string_view body = text_of(data + 1, size - 1);
    Outcome pieces = split(body, 1 + data[0] % 64), whole = split(body, std::max<size_t>(1, body.size()));
    // A body that is wrong in two ways may be refused for either.
    hold((pieces.code == K8SC_OK) == (whole.code == K8SC_OK));
    if (pieces.code != K8SC_OK) return 0;
    hold(pieces == whole);

    Decoder decoder;
    for (auto &item : whole.items) {
        item.reserve(item.size() + json_padding);
        accepts([&] { decoder.wire(item, {}); });
    }
    whole.envelope.reserve(whole.envelope.size() + json_padding);
    accepts([&] { decoder.wire(whole.envelope, {}); });
    return 0;
}
