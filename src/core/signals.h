// Threads of the library take no signals: they belong to the host.
#pragma once

#include <pthread.h>
#include <signal.h>

namespace k8sc {

// A thread that is started while this lives begins with all signals blocked.
class SignalsBlocked {
  public:
    SignalsBlocked()
    {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked &) = delete;
    SignalsBlocked &operator=(const SignalsBlocked &) = delete;

  private:
    sigset_t before_;
};

}  // namespace k8sc
