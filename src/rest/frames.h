// A watch's frames: {"type": "ADDED", "object": {...}}. Further fields are passed over.
#pragma once

#include <functional>
#include <optional>

#include "rest/body.h"

namespace k8sc {

struct WatchFrame {
    int32_t kind = 0;  // K8SC_EVENT_ADDED, _MODIFIED, _DELETED, _BOOKMARK
    Ref<Object> object;
};

// Reads a watch's body and hands each frame on as soon as it is complete. An ERROR frame ends the call with its error.
class FrameSink : public BodySink {
  public:
    // The handler answers false to be given no more until the call is resumed; the frames of the same piece of the body
    // still come.
    using Handler = std::function<bool(WatchFrame &&frame)>;
    // Is told of an event whose object cannot be read, if its name can; the next frames follow. Where there is none,
    // the watch fails.
    using UnreadHandler = std::function<bool(int32_t kind, Unread &&object)>;

    FrameSink(size_t max_object_bytes, std::shared_ptr<const PruneRules> prune, Handler handler);
    // Before the body comes.
    void set_unread_handler(UnreadHandler handler) { unread_handler_ = std::move(handler); }
    void head(const HttpHead &head) override { head_ = head; }
    bool data(std::string_view data) override;
    bool end() override;
    // Nothing can be taken back once a frame came.
    bool restart() override { return !begun_; }

  private:
    void frame(std::string_view padded);
    bool unread(int32_t kind, std::string_view object, const Error &error);
    std::optional<WatchFrame> read(std::string_view padded);
    WatchFrame decoded(std::string_view type, std::string_view padded);

    DecodeRules rules_;
    HttpHead head_;
    bool begun_ = false;
    bool paused_ = false;
    Decoder decoder_;
    Handler handler_;
    UnreadHandler unread_handler_;
    FrameSplitter splitter_;
};

}  // namespace k8sc
