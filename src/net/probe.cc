#include "net/probe.h"

#include "core/clock.h"

namespace k8sc {

void Probe::start(const Ref<Transport> &transport, const Ref<Endpoint> &endpoint, const std::shared_ptr<Line> &line, const std::string &url,
                  std::vector<std::string> headers, int64_t timeout_ms)
{
    if (std::exchange(line->probing, true)) return;
    Ref<Probe> probe(new Probe(transport, line, timeout_ms));
    probe->self_ = probe;
    probe->begin(endpoint, url, std::move(headers));
}

void Probe::begin(const Ref<Endpoint> &endpoint, const std::string &url, std::vector<std::string> headers)
{
    began_at_ = now_ms();
    timer_ = transport_->at(began_at_ + timeout_ms_, [self = Ref<Probe>(this)] { self->time_is_over(); });
    HttpRequest request;
    request.method = "GET";
    request.url = url;
    request.headers = std::move(headers);
    try {
        exchange_ = Exchange::start(transport_, endpoint, std::move(request), this);
    } catch (const Error &) {
        end();
    }
}

void Probe::time_is_over()
{
    // One that found its way over another connection says nothing about this one.
    bool took_it = exchange_ && exchange_->line() == line_;
    if (took_it && line_->last_byte_at <= began_at_) {
        Error error(K8SC_E_TIMEOUT, concat("the connection fell silent: no answer to a probe within ", std::to_string(timeout_ms_), " ms"));
        error.connection_lost = true;
        transport_->cut(line_, error);
    }
    end();
}

void Probe::end()
{
    if (!self_) return;
    Ref<Probe> self = std::exchange(self_, nullptr);
    transport_->cancel_timer(timer_);
    line_->probing = false;
    if (exchange_) std::exchange(exchange_, nullptr)->cancel();
}

}  // namespace k8sc
