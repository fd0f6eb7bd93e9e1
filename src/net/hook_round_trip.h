// An exchange that a user's function answers.
#pragma once

#include "net/round_trip.h"
#include "net/hook.h"

namespace k8sc {

class Exchange;

class HookRoundTrip : public RoundTrip {
  public:
    explicit HookRoundTrip(Exchange &exchange) : exchange_(exchange) {}
    void start() override;
    void stop() override;
    void resume() override { take(); }

  private:
    void take();

    Exchange &exchange_;  // that owns this
    Ref<HookCall> call_;
    bool stopped_ = false, held_back_ = false;
};

}  // namespace k8sc
