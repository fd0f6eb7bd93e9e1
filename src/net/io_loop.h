// The I/O thread: connections, timers, and whatever else must happen on one thread.
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <unordered_set>
#include <vector>

#include "core/error.h"
#include "core/persist.h"
#include "core/ref.h"
#include "core/thread_annotations.h"
#include "net/io_thread.h"

namespace k8sc {

class Exchange;
class Http2Pools;

class IoLoop : public RefCounted {
  public:
    using Task = std::function<void()>;
    using TimerId = std::pair<int64_t, uint64_t>;

    // Starts the thread, which lives until stop(). Fails with K8SC_E_INTERNAL where curl cannot be used.
    static Ref<IoLoop> create();

    // Runs a task on the I/O thread, after those posted before. A loop that was stopped runs no more tasks: false.
    bool post(Task task) K8SC_EXCLUDES(mutex_);

    // On the I/O thread only. As what follows, it waits where there is no memory: what is not done could not be told
    // either.
    template <class Function>
    TimerId at(int64_t time_ms, const Function &task) K8SC_REQUIRES(io_thread)
    {
        return await_memory([&] {
            assert_on_io_thread();
            return add_timer(time_ms, task);
        });
    }
    void cancel_timer(TimerId id) K8SC_REQUIRES(io_thread) { timers_.erase(id); }

    // On the I/O thread only: runs a task after all else had its turn.
    template <class Function>
    void next_round(const Function &task) K8SC_REQUIRES(io_thread)
    {
        await_memory([&] {
            assert_on_io_thread();
            next_round_.push_back(task);
        });
    }
    // On the I/O thread only: calls `ready` with poll's events, when one of these happens or the descriptor has failed.
    using WatchId = uint64_t;  // never 0
    template <class Function>
    WatchId watch(int descriptor, short events, const Function &ready) K8SC_REQUIRES(io_thread)
    {
        return await_memory([&] {
            assert_on_io_thread();
            return add_watch(descriptor, events, ready);
        });
    }
    void unwatch(WatchId id) K8SC_REQUIRES(io_thread) { watches_.erase(id); }

    // On the I/O thread only, for HTTP/1.1: takes back a handle that was added.
    CURLM *multi() const K8SC_REQUIRES(io_thread) { return multi_; }
    void leave_curl(CURL *easy) K8SC_REQUIRES(io_thread);
    // The handle is about to send on the connection from this port.
    void takes_connection(CURL *easy, int local_port) noexcept K8SC_REQUIRES(io_thread);
    // Makes curl find lost what lies idle and has received something, or has ended: that is no answer to any request.
    void drop_dead_connections() K8SC_REQUIRES(io_thread);
    // On the I/O thread only.
    Http2Pools &http2_pools() K8SC_REQUIRES(io_thread) { return *http2_pools_; }
    static curl_socket_t open_socket(void *self, curlsocktype purpose, struct curl_sockaddr *address);
    static int close_socket(void *self, curl_socket_t socket);

    // On the I/O thread only: runs a job that may block on a thread of its own. Somebody else must see to it that it
    // ends: the I/O thread does not before.
    void run_blocking(Task job) K8SC_REQUIRES(io_thread);
    // True on such a thread, which cannot wait for the I/O thread's end.
    static bool on_blocking_thread();

    // One for each client. The last to leave stops the thread, which then ends on its own.
    void join_client() K8SC_EXCLUDES(mutex_);
    // On the I/O thread, as a client's last task there; true where it was the last client.
    bool leave_client() K8SC_EXCLUDES(mutex_) K8SC_REQUIRES(io_thread);
    // Blocks until the thread has ended; false where it had not by the deadline. Not on the I/O thread.
    bool wait_ended(int64_t deadline) K8SC_EXCLUDES(mutex_);

    // In a forked child: closes the connections' descriptors, and nothing else.
    void close_descriptors() K8SC_EXCLUDES(sockets_mutex_);

  private:
    friend class Exchange;

    IoLoop();
    ~IoLoop() override;
    TimerId add_timer(int64_t time_ms, Task task) K8SC_REQUIRES(io_thread);
    WatchId add_watch(int descriptor, short events, std::function<void(short)> ready) K8SC_REQUIRES(io_thread);
    void run();
    void free_curl();
    void run_tasks() K8SC_REQUIRES(io_thread);
    void join_blocking() K8SC_REQUIRES(io_thread);
    int run_timers() K8SC_REQUIRES(io_thread);
    void run_round() K8SC_REQUIRES(io_thread);
    void read_messages() K8SC_REQUIRES(io_thread);
    void wait(int timeout_ms) K8SC_REQUIRES(io_thread);
    void end_all() K8SC_REQUIRES(io_thread);
    // False where there are tasks to run before.
    bool refuse_tasks() K8SC_EXCLUDES(mutex_);

    CURLM *multi_ = nullptr;
    bool make_closed_end() K8SC_REQUIRES(io_thread);

    int closed_end_ = -1, closed_peer_ = -1;  // a socket that reads as ended, and takes what is written
    std::map<curl_socket_t, int> idle_ K8SC_GUARDED_BY(io_thread);  // by HTTP/1.1, with their local ports
    std::map<int, CURL *> users_ K8SC_GUARDED_BY(io_thread);        // the last of each port, while it is curl's
    std::unique_ptr<Http2Pools> http2_pools_;
    std::unordered_set<Exchange *> exchanges_ K8SC_GUARDED_BY(io_thread);  // running; each holds a reference
    std::map<TimerId, Task> timers_ K8SC_GUARDED_BY(io_thread);
    uint64_t next_timer_ K8SC_GUARDED_BY(io_thread) = 0;
    std::map<uint64_t, std::thread> blocking_ K8SC_GUARDED_BY(mutex_);
    uint64_t next_aside_ K8SC_GUARDED_BY(io_thread) = 0;

    std::vector<Task> next_round_ K8SC_GUARDED_BY(io_thread);
    struct Watch {
        int descriptor;
        short events;
        std::shared_ptr<std::function<void(short)>> ready;
    };
    std::map<WatchId, Watch> watches_ K8SC_GUARDED_BY(io_thread);
    WatchId last_watch_ K8SC_GUARDED_BY(io_thread) = 0;

    Mutex mutex_;
    ConditionVariable ended_changed_;
    std::vector<Task> tasks_ K8SC_GUARDED_BY(mutex_);
    std::thread thread_ K8SC_GUARDED_BY(mutex_);
    int clients_ K8SC_GUARDED_BY(mutex_) = 0;
    bool stopping_ K8SC_GUARDED_BY(mutex_) = false;
    bool refusing_ K8SC_GUARDED_BY(mutex_) = false;
    bool ended_ K8SC_GUARDED_BY(mutex_) = false;

    Mutex sockets_mutex_;
    std::set<curl_socket_t> sockets_ K8SC_GUARDED_BY(sockets_mutex_);
};

}  // namespace k8sc
