#include "net/custom_round_trip.h"

#include "net/exchange.h"

namespace k8sc {

void CustomRoundTrip::start()
{
    call_ = make<TransportCall>(exchange_.request(), [this, exchange = Ref<Exchange>(&exchange_)] {
        exchange->io_loop()->post([this, exchange] {
            assert_on_io_thread();
            if (!stopped_ && !held_back_) take();
        });
    });
    exchange_.endpoint()->transport->start(call_);
}

void CustomRoundTrip::stop()
{
    stopped_ = true;
    if (call_) call_->cancel();
}

void CustomRoundTrip::take()
{
    Ref<Exchange> held(&exchange_);
    held_back_ = false;
    while (!stopped_ && !held_back_) {
        HttpHead head;
        std::string data;
        std::unique_ptr<Error> error;
        switch (call_->take(head, data, error)) {
        case TransportCall::Step::nothing: return;
        case TransportCall::Step::end: return exchange_.ended(std::move(error));
        case TransportCall::Step::head: exchange_.came_head(std::move(head)); break;
        case TransportCall::Step::data: held_back_ = !exchange_.came(data); break;
        }
    }
}

}  // namespace k8sc
