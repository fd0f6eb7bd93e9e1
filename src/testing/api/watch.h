// The body of a watch: frames, one JSON text on a line each, for as long as it lasts.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "testing/api/table.h"
#include "testing/base/clock.h"
#include "testing/http/reply.h"
#include "testing/schema/kind.h"
#include "testing/store/selector.h"
#include "testing/store/store.h"

namespace k8sc::testing {

class WatchBody final : public Body {
  public:
    struct Options {
        Selector selector;
        int64_t timeout_ms = 0;
        int64_t bookmark_interval_ms = 0;  // 0: none
        bool partial = false;              // objects as PartialObjectMetadata
        TableForm table;                   // or as rows
        int64_t initial_version = 0;       // of a streaming list; 0: it is none
        size_t initial_events = 0;
    };

    // `kind` is asked again for each batch of events: what was guessed may have been learned since. `ended` is called
    // once.
    WatchBody(std::unique_ptr<Subscription> subscription, std::function<KindPtr()> kind, Options options,
              const VirtualClock &clock, std::function<void()> ended);
    ~WatchBody() override;

    Step next(std::string &piece, Connection &connection) override;

  private:
    void write_frame(std::string &piece, const Kind &kind, const Event &event);
    void write_object(std::string &piece, const char *type, const Kind &kind, const ObjectPtr &object);
    void write_bookmark(std::string &piece, const Kind &kind, int64_t resource_version, bool ends_list) const;
    void plan_bookmark();

    const std::unique_ptr<Subscription> subscription_;
    const std::function<KindPtr()> kind_;
    const Options options_;
    const VirtualClock &clock_;
    const std::function<void()> ended_;
    const VirtualClock::Time deadline_;
    VirtualClock::Time next_bookmark_;
    std::vector<Event> events_;
    size_t next_event_ = 0;
    size_t initial_left_;    // of the list
    bool end_bookmark_due_;  // when these were sent
    int64_t resource_version_ = 0;
    bool told_columns_ = false;
};

}  // namespace k8sc::testing
