// HTTP, spoken by httplib over connections that are ours.
#pragma once

#include <csignal>
#include <functional>

#include <httplib.h>

#include "connection.h"
#include "reply.h"
#include "request.h"

namespace k8sc::testing {

// httplib's constructor makes the whole process ignore SIGPIPE, which is not for a library to decide.
class KeptSigpipe {
  protected:
    KeptSigpipe() { sigaction(SIGPIPE, nullptr, &action_); }
    void restore() const { sigaction(SIGPIPE, &action_, nullptr); }

  private:
    struct sigaction action_;
};

// Of httplib's server only the part that reads a request and writes its answer. Accepting and reading stay with us, because a fake
// that cuts, stalls and resets connections, and that ends with watches open, has to own them.
class Http : private KeptSigpipe, private httplib::Server {
  public:
    using Handler = std::function<Reply(Request &, Connection &)>;

    // The handler is called by many threads and may not throw.
    explicit Http(Handler handler);

    // Answers one request after the other until the client or the server has had enough.
    void serve(Connection &connection) const;

  private:
    void warm_up() const;
    void answer(const httplib::Request &from, httplib::Response &to) const;

    Handler handler_;
};

}  // namespace k8sc::testing
