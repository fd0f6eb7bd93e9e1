#include "net/io_loop.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "core/clock.h"
#include "core/error.h"
#include "core/signals.h"
#include "net/exchange.h"
#include "net/http1.h"
#include "net/http2_pool.h"

namespace k8sc {
namespace {

// What runs here answers for its own failures; what gets this far is a lack of memory, which must not end the process.
template <class Step>
void shielded(Step &&step) noexcept
{
    try {
        step();
    } catch (...) {
    }
}

thread_local bool this_thread_may_block = false;

// Whatever curl closes at its end, without one of our handles at hand, it does with a handle of its own, which handles
// SIGPIPE as the last one that was added wants it; and as long as none was, by changing the process's signal actions.
void keep_off_signals(CURLM *multi)
{
    CURL *easy = curl_easy_init();
    if (!easy) throw std::bad_alloc();
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_multi_add_handle(multi, easy);
    curl_multi_remove_handle(multi, easy);
    curl_easy_cleanup(easy);
}

// Never undone: others in the process may use curl as well.
void init_curl_once()
{
    static const CURLcode code = [] {
        // OpenSSL would otherwise tear itself down in exit() under the feet of a thread that still runs.
        OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
        return curl_global_init(CURL_GLOBAL_DEFAULT);
    }();
    if (code != CURLE_OK) fail(K8SC_E_INTERNAL, concat("curl_global_init: ", curl_easy_strerror(code)));
}

}  // namespace

IoLoop::IoLoop()
{
    init_curl_once();
    try {
        multi_ = curl_multi_init();
        if (!multi_) throw std::bad_alloc();
        keep_off_signals(multi_);
        http2_pools_ = std::make_unique<Http2Pools>();
    } catch (...) {
        free_curl();
        throw;
    }
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 64L);
}

IoLoop::~IoLoop()
{
    // The thread held a reference until its last line, so this may be that thread.
    if (thread_.joinable()) thread_.detach();
    // Where it could not even be started.
    free_curl();
}

void IoLoop::free_curl()
{
    if (multi_) curl_multi_cleanup(std::exchange(multi_, nullptr));
    for (int *end : {&closed_end_, &closed_peer_})
        if (*end >= 0) close(std::exchange(*end, -1));
}

Ref<IoLoop> IoLoop::create()
{
    Ref<IoLoop> io_loop(new IoLoop);
    SignalsBlocked blocked;
    MutexLock lock(io_loop->mutex_);
    io_loop->thread_ = std::thread([io_loop]() mutable {
        io_loop->run();
        io_loop = nullptr;
    });
    pthread_setname_np(io_loop->thread_.native_handle(), "k8sc-io");
    return io_loop;
}

bool IoLoop::post(Task task)
{
    {
        MutexLock lock(mutex_);
        if (refusing_) return false;
        tasks_.push_back(std::move(task));
        // Under the lock, so that the thread cannot free the multi handle meanwhile.
        curl_multi_wakeup(multi_);
    }
    return true;
}

IoLoop::TimerId IoLoop::add_timer(int64_t time_ms, Task task)
{
    TimerId id(time_ms, next_timer_++);
    timers_.emplace(id, std::move(task));
    return id;
}

void IoLoop::run_blocking(Task job)
{
    uint64_t id = next_aside_++;
    SignalsBlocked blocked;
    MutexLock lock(mutex_);
    std::thread &thread = blocking_[id];
    try {
        thread = std::thread([self = Ref<IoLoop>(this), id, job = std::move(job)]() mutable {
            this_thread_may_block = true;
            shielded(job);
            job = nullptr;
            // Its thread is joined at the end, where there is nobody left to do it now.
            self->post([self, id] {
                std::thread done;
                {
                    MutexLock lock(self->mutex_);
                    auto at = self->blocking_.find(id);
                    if (at == self->blocking_.end()) return;
                    done = std::move(at->second);
                    self->blocking_.erase(at);
                }
                done.join();
            });
        });
    } catch (const std::system_error &error) {
        blocking_.erase(id);
        fail(K8SC_E_IO, concat("no thread to be had: ", error.what()));
    }
    pthread_setname_np(thread.native_handle(), "k8sc-blocking");
}

bool IoLoop::on_blocking_thread() { return this_thread_may_block; }

void IoLoop::join_blocking()
{
    MutexLock lock(mutex_);
    while (!blocking_.empty()) {
        std::thread thread = std::move(blocking_.begin()->second);
        blocking_.erase(blocking_.begin());
        lock.unlock();
        thread.join();
        lock.lock();
    }
}

void IoLoop::join_client()
{
    MutexLock lock(mutex_);
    if (stopping_) fail(K8SC_E_CLOSED, "the client is closed");
    clients_++;
}

bool IoLoop::leave_client()
{
    MutexLock lock(mutex_);
    if (--clients_ == 0) stopping_ = true;
    return stopping_;
}

bool IoLoop::wait_ended(int64_t deadline)
{
    MutexLock lock(mutex_);
    while (!ended_) {
        int64_t left = deadline == never ? 3600 * 1000 : deadline - now_ms();
        if (left <= 0) return false;
        ended_changed_.wait_for(lock, std::chrono::milliseconds(left));
    }
    std::thread thread = std::move(thread_);
    lock.unlock();
    if (thread.joinable()) thread.join();
    return true;
}

void IoLoop::run_tasks()
{
    std::vector<Task> tasks;
    {
        MutexLock lock(mutex_);
        tasks.swap(tasks_);
    }
    for (auto &task : tasks) {
        shielded(task);
        task = nullptr;
    }
}

// Runs what is due, and answers the milliseconds until the next.
int IoLoop::run_timers()
{
    while (!timers_.empty()) {
        auto first = timers_.begin();
        int64_t left = first->first.first - now_ms();
        if (left > 0) return static_cast<int>(std::min<int64_t>(left, 60000));
        Task task = std::move(first->second);
        timers_.erase(first);
        shielded(task);
    }
    return 60000;
}

void IoLoop::read_messages()
{
    int left;
    while (CURLMsg *message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        CURLcode code = message->data.result;
        char *round_trip = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &round_trip);
        shielded([&] {
            assert_on_io_thread();
            reinterpret_cast<Http1RoundTrip *>(round_trip)->finished(code);
        });
    }
}

void IoLoop::run()
{
    IoThreadScope scope;
    assert_on_io_thread();
    while (true) {
        run_tasks();
        run_round();
        int timeout = run_timers();
        int running;
        curl_multi_perform(multi_, &running);
        read_messages();
        {
            MutexLock lock(mutex_);
            if (stopping_ && tasks_.empty()) break;
            if (!tasks_.empty() || !next_round_.empty()) timeout = 0;
        }
        // What ended may have set a timer that is due sooner.
        if (!timers_.empty())
            timeout = static_cast<int>(
                std::max<int64_t>(0, std::min<int64_t>(timeout, timers_.begin()->first.first - now_ms())));
        wait(timeout);
    }
    // Whoever is refused a task may do its work himself: so nothing may be left for this thread to do by then.
    do {
        run_tasks();
        end_all();
    } while (!refuse_tasks());
    join_blocking();
    {
        MutexLock lock(mutex_);
        free_curl();
        ended_ = true;
        ended_changed_.notify_all();
    }
}

bool IoLoop::refuse_tasks()
{
    MutexLock lock(mutex_);
    refusing_ = tasks_.empty();
    return refusing_;
}

// Not under the mutex: what ends may let go of the last of something.
void IoLoop::end_all()
{
    timers_.clear();
    while (!exchanges_.empty())
        Ref<Exchange>(*exchanges_.begin())->fail_with(Error(K8SC_E_CANCELLED, "cancelled: the client was closed"));
    http2_pools_->shut_down();
    while (!next_round_.empty()) run_round();
    timers_.clear();
    watches_.clear();
}

void IoLoop::run_round()
{
    for (auto &task : std::exchange(next_round_, {})) {
        shielded(task);
        task = nullptr;
    }
}

IoLoop::WatchId IoLoop::add_watch(int descriptor, short events, std::function<void(short)> ready)
{
    watches_[++last_watch_] = {descriptor, events, std::make_shared<std::function<void(short)>>(std::move(ready))};
    return last_watch_;
}

// For curl's sockets, and for those that are watched.
void IoLoop::wait(int timeout_ms)
{
    std::vector<curl_waitfd> descriptors;
    std::vector<WatchId> ids;
    await_memory([&] {
        assert_on_io_thread();
        descriptors.resize(watches_.size());
        ids.resize(watches_.size());
    });
    size_t n = 0;
    for (auto &[id, watch] : watches_) {
        short events = 0;
        if (watch.events & POLLIN) events |= CURL_WAIT_POLLIN;
        if (watch.events & POLLOUT) events |= CURL_WAIT_POLLOUT;
        ids[n] = id;
        descriptors[n++] = {watch.descriptor, events, 0};
    }
    curl_multi_poll(multi_, descriptors.data(), static_cast<unsigned>(descriptors.size()), timeout_ms, nullptr);
    for (size_t i = 0; i < ids.size(); i++) {
        if (!descriptors[i].revents) continue;
        auto at = watches_.find(ids[i]);
        if (at == watches_.end()) continue;
        short ready = 0;
        if (descriptors[i].revents & CURL_WAIT_POLLIN) ready |= POLLIN;
        if (descriptors[i].revents & CURL_WAIT_POLLOUT) ready |= POLLOUT;
        // It may be unwatched from inside.
        auto call = at->second.ready;
        shielded([&] { (*call)(ready); });
    }
}

void IoLoop::leave_curl(CURL *easy)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    long port = 0;
    curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
    curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &port);
    curl_multi_remove_handle(multi_, easy);
    // Another request may have taken the connection, in the same round in which this one ended.
    auto user = users_.find(static_cast<int>(port));
    bool is_free = user != users_.end() && user->second == easy;
    std::erase_if(users_, [&](auto &entry) { return entry.second == easy; });
    if (!is_free || socket == CURL_SOCKET_BAD) return;
    MutexLock lock(sockets_mutex_);
    if (sockets_.contains(socket))
        await_memory([&] {
            assert_on_io_thread();
            idle_[socket] = static_cast<int>(port);
        });
}

void IoLoop::takes_connection(CURL *easy, int local_port) noexcept
{
    std::erase_if(idle_, [&](auto &entry) { return entry.second == local_port; });
    try {
        users_[local_port] = easy;
    } catch (const std::bad_alloc &) {
        // Nobody will look at it while it is idle.
    }
}

void IoLoop::drop_dead_connections()
{
    std::vector<pollfd> idle;
    for (auto &[socket, port] : idle_) idle.push_back({socket, POLLIN | POLLRDHUP, 0});
    if (idle.empty() || poll(idle.data(), idle.size(), 0) <= 0) return;
    if (!make_closed_end()) return;
    // Whatever curl wrote to them in farewell.
    char farewell[4096];
    while (recv(closed_peer_, farewell, sizeof farewell, MSG_DONTWAIT) > 0) {
    }
    for (auto &one : idle) {
        if (!one.revents) continue;
        dup3(closed_end_, one.fd, O_CLOEXEC);
        idle_.erase(one.fd);
    }
}

bool IoLoop::make_closed_end()
{
    if (closed_end_ >= 0) return true;
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0) return false;
    closed_end_ = pair[0];
    closed_peer_ = pair[1];
    shutdown(closed_peer_, SHUT_WR);
    return true;
}

// The sockets are noted so that a forked child can close its copies.
curl_socket_t IoLoop::open_socket(void *self, curlsocktype, struct curl_sockaddr *address)
{
    auto io_loop = static_cast<IoLoop *>(self);
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd < 0) return CURL_SOCKET_BAD;
    try {
        MutexLock lock(io_loop->sockets_mutex_);
        io_loop->sockets_.insert(fd);
        return fd;
    } catch (const std::bad_alloc &) {
        // Nothing may be thrown through libcurl.
        close(fd);
        return CURL_SOCKET_BAD;
    }
}

int IoLoop::close_socket(void *self, curl_socket_t socket)
{
    assert_on_io_thread();
    auto io_loop = static_cast<IoLoop *>(self);
    io_loop->idle_.erase(socket);
    {
        MutexLock lock(io_loop->sockets_mutex_);
        io_loop->sockets_.erase(socket);
    }
    return close(socket);
}

void IoLoop::close_descriptors()
{
    // The lock may have been held by a thread that does not exist here; then the descriptors stay open until exec or
    // exit.
    if (!sockets_mutex_.try_lock()) return;
    for (auto socket : sockets_) close(socket);
    sockets_.clear();
    if (closed_end_ >= 0) close(closed_end_);
    if (closed_peer_ >= 0) close(closed_peer_);
    closed_end_ = closed_peer_ = -1;
    sockets_mutex_.unlock();
}

}  // namespace k8sc
