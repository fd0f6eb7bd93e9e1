#include "rest/metrics.h"

#include "k8sc.h"
#include "json/text.h"
#include "json/write.h"

namespace k8sc {
namespace {

constexpr std::array<const char *, 5> watch_event_names = {"ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"};

using Labels = std::initializer_list<std::pair<const char *, std::string_view>>;

// Writes one family after the other.
class PrometheusText {
  public:
    void family(const char *name, const char *type, const char *help)
    {
        name_ = name;
        text += "# HELP " + name_ + " " + help + "\n# TYPE " + name_ + " " + type + "\n";
    }
    void value(Labels labels, const std::string &number) { line("", labels, "", number); }
    void value(Labels labels, uint64_t number) { value(labels, std::to_string(number)); }
    void value(Labels labels, int64_t number) { value(labels, std::to_string(number)); }
    void value(Labels labels, const Histogram &histogram)
    {
        uint64_t below = 0;
        for (size_t i = 0; i < histogram.counts.size(); i++) {
            below += histogram.counts[i];
            line("_bucket", labels, i < Histogram::bounds.size() ? number_text(Histogram::bounds[i]) : "+Inf",
                 std::to_string(below));
        }
        line("_sum", labels, "", number_text(histogram.sum));
        line("_count", labels, "", std::to_string(histogram.count));
    }

    std::string text;

  private:
    void line(const char *suffix, Labels labels, const std::string &bound, const std::string &number)
    {
        text += name_ + suffix;
        char separator = '{';
        auto label = [&](std::string_view name, std::string_view value) {
            text += separator;
            separator = ',';
            text.append(name).append("=\"");
            for (char c : value) {
                if (c == '\\' || c == '"') text += '\\';
                text += c == '\n' ? ' ' : c;
            }
            text += '"';
        };
        for (auto &[name, value] : labels) label(name, value);
        if (!bound.empty()) label("le", bound);
        if (separator == ',') text += '}';
        text += " " + number + "\n";
    }

    std::string name_;
};

void write_histogram(JsonText &out, const Histogram &histogram)
{
    out.number("count", histogram.count);
    out.raw("sum_seconds", number_text(histogram.sum));
    out.open("buckets", '[');
    for (size_t i = 0; i < histogram.counts.size(); i++) {
        out.open(nullptr, '{');
        out.raw("le", i < Histogram::bounds.size() ? number_text(Histogram::bounds[i]) : "null");
        out.number("count", histogram.counts[i]);
        out.close('}');
    }
    out.close(']');
}

}  // namespace

void Histogram::add(double seconds)
{
    size_t i = 0;
    while (i < bounds.size() && seconds > bounds[i]) i++;
    counts[i]++;
    sum += seconds;
    count++;
}

void Metrics::add(const ExchangeFacts &facts)
{
    connections_opened += static_cast<uint64_t>(facts.connects);
    http1_fallbacks += !facts.fallback.empty();
    resends += static_cast<uint64_t>(facts.resends);
    bytes_sent += facts.bytes_sent;
    bytes_received += facts.bytes_received;
}

void Metrics::count_watch_event(int32_t kind)
{
    if (kind >= K8SC_EVENT_ADDED && kind <= K8SC_EVENT_ERROR)
        watch_events[static_cast<size_t>(kind - K8SC_EVENT_ADDED)]++;
}

std::string metrics_prometheus(const Metrics &metrics, const std::string &host)
{
    PrometheusText out;
    out.family("rest_client_requests_total", "counter",
               "Requests sent, by status code or kind of failure, method, verb and host.");
    for (auto &[key, count] : metrics.requests)
        out.value(
            {{"code", std::get<0>(key)}, {"method", std::get<1>(key)}, {"verb", std::get<2>(key)}, {"host", host}},
            count);
    out.family("rest_client_request_duration_seconds", "histogram",
               "From the call to its end, waits and retries included; of watches and streams, to their head.");
    for (auto &[verb, histogram] : metrics.durations) out.value({{"verb", verb}, {"host", host}}, histogram);
    out.family("rest_client_rate_limiter_duration_seconds", "histogram", "Waits for the client-side rate limit.");
    for (auto &[verb, histogram] : metrics.throttled) out.value({{"verb", verb}, {"host", host}}, histogram);
    out.family("rest_client_request_retries_total", "counter",
               "Requests sent again, by what the attempt before ended with.");
    for (auto &[key, count] : metrics.retries)
        out.value({{"code", std::get<0>(key)}, {"verb", std::get<1>(key)}, {"host", host}}, count);
    out.family("k8sc_connections_opened_total", "counter", "Connections opened.");
    out.value({}, metrics.connections_opened);
    out.family("k8sc_http1_fallbacks_total", "counter", "Requests that went by HTTP/1.1 where HTTP/2 was wanted.");
    out.value({}, metrics.http1_fallbacks);
    out.family("k8sc_request_resends_total", "counter",
               "Times that a request was sent again by HTTP/2 since the server had not processed it.");
    out.value({}, metrics.resends);
    out.family("k8sc_sent_bytes_total", "counter", "Bytes of request bodies.");
    out.value({}, metrics.bytes_sent);
    out.family("k8sc_received_bytes_total", "counter", "Bytes of response bodies, as they were on the wire.");
    out.value({}, metrics.bytes_received);
    out.family("k8sc_watches_open", "gauge", "Watches that are open.");
    out.value({}, metrics.watches_open);
    out.family("k8sc_watch_events_total", "counter", "Events received from watches.");
    for (size_t i = 0; i < watch_event_names.size(); i++)
        out.value({{"type", watch_event_names[i]}}, metrics.watch_events[i]);
    out.family("k8sc_informer_relists_total", "counter", "Lists that informers began after their first.");
    for (auto &[of, count] : metrics.relists)
        out.value({{"group", of.group}, {"version", of.version}, {"resource", of.resource}, {"namespace", of.ns}},
                  count);
    out.family("k8sc_informer_cache_objects", "gauge", "Objects in informers' caches.");
    for (auto &[of, size] : metrics.caches)
        out.value({{"group", of.group}, {"version", of.version}, {"resource", of.resource}, {"namespace", of.ns}},
                  size.objects);
    out.family("k8sc_informer_cache_bytes", "gauge", "Bytes of JSON in informers' caches.");
    for (auto &[of, size] : metrics.caches)
        out.value({{"group", of.group}, {"version", of.version}, {"resource", of.resource}, {"namespace", of.ns}},
                  size.bytes);
    out.family("k8sc_queue_depth", "gauge", "Events that wait in the client's queue.");
    out.value({}, metrics.queue_depth);
    return std::move(out.text);
}

namespace {

// An array with an object for each entry of a map.
template <class All, class Write>
void write_all(JsonText &out, const char *name, const All &all, Write &&write)
{
    out.open(name, '[');
    for (auto &[key, value] : all) {
        out.open(nullptr, '{');
        write(key, value);
        out.close('}');
    }
    out.close(']');
}

void write_histograms(JsonText &out, const char *name, const std::map<std::string, Histogram> &all)
{
    write_all(out, name, all, [&](const std::string &verb, const Histogram &histogram) {
        out.string("verb", verb);
        write_histogram(out, histogram);
    });
}

void write_resource(JsonText &out, const ResourceLabels &of)
{
    out.string("group", of.group);
    out.string("version", of.version);
    out.string("resource", of.resource);
    out.string("namespace", of.ns);
}

void write_requests(JsonText &out, const Metrics &metrics)
{
    write_all(out, "requests", metrics.requests, [&](auto &key, uint64_t count) {
        auto &[code, method, verb] = key;
        out.string("code", code);
        out.string("method", method);
        out.string("verb", verb);
        out.number("count", count);
    });
    write_histograms(out, "request_durations", metrics.durations);
    write_histograms(out, "rate_limit_waits", metrics.throttled);
    write_all(out, "retries", metrics.retries, [&](auto &key, uint64_t count) {
        auto &[code, verb] = key;
        out.string("code", code);
        out.string("verb", verb);
        out.number("count", count);
    });
}

void write_informers(JsonText &out, const Metrics &metrics)
{
    write_all(out, "informer_relists", metrics.relists, [&](const ResourceLabels &of, uint64_t count) {
        write_resource(out, of);
        out.number("count", count);
    });
    write_all(out, "informer_caches", metrics.caches, [&](const ResourceLabels &of, const CacheSize &size) {
        write_resource(out, of);
        out.number("objects", size.objects);
        out.number("bytes", size.bytes);
    });
}

}  // namespace

std::string metrics_json(const Metrics &metrics, const std::string &host)
{
    JsonText out;
    out.open(nullptr, '{');
    out.string("host", host);
    write_requests(out, metrics);
    out.number("connections_opened", metrics.connections_opened);
    out.number("http1_fallbacks", metrics.http1_fallbacks);
    out.number("resends", metrics.resends);
    out.number("bytes_sent", metrics.bytes_sent);
    out.number("bytes_received", metrics.bytes_received);
    out.number("watches_open", metrics.watches_open);
    out.open("watch_events", '{');
    for (size_t i = 0; i < watch_event_names.size(); i++) out.number(watch_event_names[i], metrics.watch_events[i]);
    out.close('}');
    write_informers(out, metrics);
    out.number("queue_depth", metrics.queue_depth);
    out.close('}');
    return std::move(out.text);
}

}  // namespace k8sc
