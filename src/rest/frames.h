// A watch's frames: {"type": "ADDED", "object": {...}}.
#pragma once

#include <functional>

#include "rest/body.h"

namespace k8sc {

struct WatchFrame {
    int32_t kind = 0;  // K8SC_EVENT_ADDED, _MODIFIED, _DELETED, _BOOKMARK
    Ref<Object> object;
};

// Reads a watch's body and hands each frame on as soon as it is complete. An ERROR frame ends the call with its error.
class FrameSink : public BodySink {
  public:
    // The handler answers false to be given no more until the call is resumed; the frames of the same piece of the body still come.
    using Handler = std::function<bool(WatchFrame &&frame)>;

    FrameSink(size_t max_object_bytes, std::shared_ptr<const PruneRules> prune, Handler handler);
    void head(const HttpHead &head) override { head_ = head; }
    bool data(std::string_view data) override;
    void end() override;
    // Nothing can be taken back once a frame came.
    bool restart() override { return !begun_; }

  private:
    void frame(std::string_view padded);

    DecodeRules rules_;
    HttpHead head_;
    bool begun_ = false;
    bool stalled_ = false;
    Decoder decoder_;
    Handler handler_;
    FrameSplitter splitter_;
};

}  // namespace k8sc
