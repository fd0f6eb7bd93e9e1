// Asks a connection that has been silent whether anybody is there. curl has no PING for this, so it is a request: any answer is a sign
// of life.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/exchange.h"

namespace k8sc {

class Probe : public RefCounted, private ExchangeSink {
  public:
    // Sends a request that should take this line, which many streams share. Where nothing comes on it within the time, the line is cut,
    // and all exchanges on it end. Does nothing where a probe of the line is on its way.
    static void start(const Ref<Transport> &transport, const Ref<Endpoint> &endpoint, const std::shared_ptr<Line> &line, const std::string &url,
                      std::vector<std::string> headers, int64_t timeout_ms);

  private:
    Probe(const Ref<Transport> &transport, const std::shared_ptr<Line> &line, int64_t timeout_ms)
        : transport_(transport), line_(line), timeout_ms_(timeout_ms)
    {
    }

    void begin(const Ref<Endpoint> &endpoint, const std::string &url, std::vector<std::string> headers);
    void time_is_over();
    void end();

    void on_head(const HttpHead &) override {}
    bool on_data(std::string_view) override { return true; }
    void on_end(const Error *) override { end(); }

    const Ref<Transport> transport_;
    const std::shared_ptr<Line> line_;
    const int64_t timeout_ms_;
    Ref<Exchange> exchange_;
    Ref<Probe> self_;  // until it has ended
    Transport::TimerId timer_{};
    int64_t began_at_ = 0;
};

}  // namespace k8sc
