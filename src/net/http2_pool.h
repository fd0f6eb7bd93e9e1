// The connections to one server that speak HTTP/2, and the requests that wait for room on one.
#pragma once

#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "net/connector.h"
#include "net/http2_connection.h"
#include "net/io_thread.h"

namespace k8sc {

// A request that wants a stream. On the I/O thread.
class Http2Waiter : public Http2User {
  public:
    // A stream was found for it. `opened`: the connection was made for this request.
    virtual void placed(const Ref<Http2Connection> &connection, int32_t stream, bool opened)
        K8SC_REQUIRES(io_thread) = 0;
    // There is no connection to be had.
    virtual void not_placed(const Error &error) K8SC_REQUIRES(io_thread) = 0;

  protected:
    ~Http2Waiter() = default;
};

class Http2Pool : public RefCounted {
  public:
    Http2Pool(IoLoop &io_loop, const Ref<Endpoint> &endpoint, std::string origin);

    // Places it now or later. `fresh`: not on a connection that is there already.
    void add(Http2Waiter &waiter, bool fresh) K8SC_REQUIRES(io_thread);
    // It does not want to be placed any more. Not for those that were.
    void remove(Http2Waiter &waiter) K8SC_REQUIRES(io_thread);
    // Why HTTP/1.1 is to be spoken now, "" for no reason to.
    std::string http1_reason() const;
    // The server has said so itself.
    void wants_http1() K8SC_REQUIRES(io_thread);
    // There is nothing to remember of it.
    bool is_empty() const
    {
        return connections_.empty() && waiting_.empty() && !connector_ && !former_connector_ && http1_reason().empty();
    }
    // Ends everything, without a word to those who wait: they have ended before.
    void shut_down() K8SC_REQUIRES(io_thread);

  private:
    ~Http2Pool() override = default;
    void place() K8SC_REQUIRES(io_thread);
    bool place_first() K8SC_REQUIRES(io_thread);
    Ref<Http2Connection> find_room() const K8SC_REQUIRES(io_thread);
    void connect() K8SC_REQUIRES(io_thread);
    void connected(std::unique_ptr<Error> error) K8SC_REQUIRES(io_thread);
    void take(std::unique_ptr<Error> error) K8SC_REQUIRES(io_thread);
    void fail_waiting(const Error &error) K8SC_REQUIRES(io_thread);
    void send_waiting_by_http1() K8SC_REQUIRES(io_thread);
    void look_at(Http2Connection &connection) K8SC_REQUIRES(io_thread);
    void broke(const std::string &why) K8SC_REQUIRES(io_thread);

    IoLoop &io_loop_;  // that owns this
    const Ref<Endpoint> endpoint_;
    const std::string origin_;
    std::list<Ref<Http2Connection>> connections_;
    std::deque<Http2Waiter *> waiting_;
    std::unique_ptr<Connector> connector_, former_connector_;
    // Until then HTTP/1.1 is spoken, since connections that were to speak HTTP/2 did not.
    int64_t http1_until_ = 0;
    int64_t broken_pause_ms_ = 0;
    std::string http1_why_;
};

// All pools of a io_loop.
class Http2Pools {
  public:
    Ref<Http2Pool> find(IoLoop &io_loop, const Ref<Endpoint> &endpoint, const std::string &origin)
        K8SC_REQUIRES(io_thread);
    void shut_down() K8SC_REQUIRES(io_thread);

  private:
    std::map<std::string, Ref<Http2Pool>> pools_;
};

}  // namespace k8sc
