// A watch's body, down to the events.
#include "target.h"

#include <algorithm>
#include <vector>

#include "rest/frames.h"

using namespace k8sc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    std::string_view body = text_of(data + 1, size - 1);
    size_t piece = 1 + data[0] % 64;
    PruneOptions pruned;
    pruned.drop_managed_fields = true;
    pruned.add_keep_path("/*/a");
    for (bool prune : {false, true}) {
        FrameSink sink(1000, prune ? std::make_shared<const PruneRules>(pruned) : nullptr, [&](WatchFrame &&frame) {
            hold(frame.kind >= K8SC_EVENT_ADDED && frame.kind <= K8SC_EVENT_BOOKMARK);
            hold(frame.object && !frame.object->json().empty());
            Object::parse(frame.object->json());
            return true;
        });
        accepts([&] {
            sink.head(HttpHead());
            for (size_t at = 0; at < body.size(); at += piece)
                sink.data(body.substr(at, std::min(piece, body.size() - at)));
            sink.end();
        });
    }
    return 0;
}
