// An exchange that a user's function answers.
#pragma once

#include "net/custom_transport.h"
#include "net/io_thread.h"
#include "net/round_trip.h"

namespace k8sc {

class Exchange;

class CustomRoundTrip : public RoundTrip {
  public:
    explicit CustomRoundTrip(Exchange &exchange) : exchange_(exchange) {}
    void start() override K8SC_REQUIRES(io_thread);
    void stop() override K8SC_REQUIRES(io_thread);
    void resume() override K8SC_REQUIRES(io_thread) { take(); }

  private:
    void take() K8SC_REQUIRES(io_thread);

    Exchange &exchange_;  // that owns this
    Ref<TransportCall> call_;
    bool stopped_ = false, held_back_ = false;
};

}  // namespace k8sc
