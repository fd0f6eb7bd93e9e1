// The typed clients of a client: all they need of it is the client itself.
#pragma once

#include "rest/client.h"

struct k8sc_clientset : public k8sc::ClientHandle {
  public:
    explicit k8sc_clientset(k8sc::Ref<k8sc::Client> client) : ClientHandle(std::move(client)) {}
};

namespace k8sc {

using Clientset = ::k8sc_clientset;

}  // namespace k8sc
