// The fake API server: everything below put together, and its life.
//
//   transport, certificate            bytes, with TLS            listener      threads and sockets
//   http, http1*, http2*, connection  requests and answers       workers       threads that answer
//   request, reply                    what passes between HTTP and the API
//   api*, discovery, list, watch      what is asked for          fault*        what goes wrong on purpose
//   resources, metadata, names, patch what may be done           request-log   what was asked, and actions
//   admin                             by HTTP what C functions do  reactor       functions of a test that answer
//   kind, store, object, selector     what there is              status        what is answered to errors
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "testing/api/api.h"
#include "testing/api/resources.h"
#include "testing/base/clock.h"
#include "testing/faults/fault.h"
#include "testing/faults/reactor.h"
#include "testing/faults/request_log.h"
#include "testing/http/certificate.h"
#include "testing/http/http.h"
#include "testing/schema/kind.h"
#include "testing/server/admin.h"
#include "testing/server/listener.h"
#include "testing/store/store.h"

namespace k8sc::testing {

struct Options {
    int32_t port = 0;
    std::string base_path;  // "" or "/a/b"
    bool tls = false;
    Http2Options http2;
    bool allow_any_resource = true;
    bool admin = false;
    int64_t event_window = 4096;
    ApiOptions api;
    std::vector<Kind> kinds;
};

class Server {
  public:
    // Listens, but does not accept yet.
    explicit Server(Options options);
    ~Server();

    // Any thread; one after the other.
    void start();
    void stop();
    void restart();
    void pause();
    void resume();
    void disconnect();
    // For connections that come from now on. Fail with K8SC_E_STATE without TLS.
    std::string prepare_certificate();
    std::string renew_certificate();
    void set_client_ca(const std::string &pem);
    // Empty or NULL is no token. Fails where no header can hold it.
    void set_token(const char *token);
    // Watches find their time is over sooner, and so do tokens and pods.
    void advance_clock(int64_t ms);
    // Loses all objects and logs.
    void clear();

    // Fixed when it is made.
    std::string url;
    std::string ca_pem;
    std::string kubeconfig;
    // Of a file that holds it, made when it is first asked for and gone with the server. By any thread.
    const std::string &kubeconfig_path();

    // All thread-safe.
    VirtualClock clock;
    KindTable kinds;
    Store store;
    Resources resources;
    Api api;
    Faults faults;
    RequestLog requests;
    Reactors reactors;
    int32_t port() const { return listener_.port(); }
    int64_t connection_count() const { return listener_.accepted(); }

    // A connection that somebody else has accepted, on the caller's thread, until it ends.
    void serve(Transport &transport) const { http_.serve(transport); }

    void put(std::string_view json);
    // The objects of a manifest, in their order.
    void load(std::string_view manifest);
    // Throws ApiError where there is no such resource.
    KindPtr find_kind(const char *group, const char *version, const char *resource, const char *ns) const;
    void generate_pods(const std::string &ns, const std::string &prefix, int32_t count);

  private:
    enum class State { stopped, paused, running };

    std::optional<StreamFault> begin(Request &request);
    Reply handle(Request &request, Connection &connection);
    void change_tls(const ServerTls &certificate, const std::string &client_ca_pem);

    const std::string base_path_;
    std::mutex path_mutex_;
    std::string kubeconfig_path_;
    std::mutex lifecycle_;
    State state_ = State::paused;
    const bool http2_;
    std::string client_ca_pem_;
    ServerTls tls_, next_tls_;  // the next has a certificate only where it was prepared
    std::optional<Admin> admin_;
    Http http_;
    Listener listener_;
};

}  // namespace k8sc::testing
