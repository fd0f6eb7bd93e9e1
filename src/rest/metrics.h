// What a client counts. On the I/O thread, where everything that is counted happens.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "net/exchange_facts.h"

namespace k8sc {

struct Histogram {
    // client-go's, in seconds.
    static constexpr std::array<double, 12> bounds = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};

    void add(double seconds);

    std::array<uint64_t, bounds.size() + 1> counts{};  // each bucket's own; the last is for what is above all bounds
    double sum = 0;
    uint64_t count = 0;
};

// Which resource a number is of.
struct ResourceLabels {
    std::string group, version, resource, ns;  // ns "": of all namespaces
    auto operator<=>(const ResourceLabels &) const = default;
};

struct CacheSize {
    int64_t objects = 0;
    int64_t bytes = 0;  // of JSON
};

struct Metrics {
    // by code, method, verb; each attempt counts
    std::map<std::tuple<std::string, std::string, std::string>, uint64_t> requests;
    std::map<std::tuple<std::string, std::string>, uint64_t> retries;  // by code, verb
    std::map<std::string, Histogram> durations, throttled;             // by verb
    uint64_t connections_opened = 0;
    uint64_t http1_fallbacks = 0;  // requests
    uint64_t resends = 0;
    int64_t bytes_sent = 0, bytes_received = 0;
    std::array<uint64_t, 5> watch_events{};  // ADDED, MODIFIED, DELETED, BOOKMARK, ERROR
    std::map<ResourceLabels, uint64_t> relists;
    // Known only when they are asked for.
    std::map<ResourceLabels, CacheSize> caches;
    int64_t watches_open = 0;
    int64_t queue_depth = 0;

    void add(const ExchangeFacts &facts);
    // One of K8SC_EVENT_ADDED to _ERROR.
    void count_watch_event(int32_t kind);
};

// `host` is the server's, for the label of that name.
std::string metrics_json(const Metrics &metrics, const std::string &host);
// The text format of Prometheus, version 0.0.4.
std::string metrics_prometheus(const Metrics &metrics, const std::string &host);

}  // namespace k8sc
