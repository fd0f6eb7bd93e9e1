#include "net/transport.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "core/clock.h"
#include "core/error.h"
#include "core/signals.h"
#include "net/exchange.h"

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

thread_local bool on_aside_thread = false;

// Whatever curl closes at its end, without one of our handles at hand, it does with a handle of its own, which handles SIGPIPE as the last
// one that was added wants it; and as long as none was, by changing the process's signal actions.
void keep_off_signals(CURLM *multi, CURLSH *share)
{
    CURL *easy = curl_easy_init();
    if (!easy) throw std::bad_alloc();
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    if (share) curl_easy_setopt(easy, CURLOPT_SHARE, share);
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

Transport::Transport()
{
    init_curl_once();
    try {
        multi_ = curl_multi_init();
        serial_ = curl_share_init();
        if (!multi_ || !serial_) throw std::bad_alloc();
        curl_share_setopt(serial_, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
        keep_off_signals(multi_, nullptr);
        keep_off_signals(multi_, serial_);
    } catch (...) {
        free_curl();
        throw;
    }
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(multi_, CURLMOPT_MAX_CONCURRENT_STREAMS, 250L);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 64L);
}

Transport::~Transport()
{
    // The thread held a reference until its last line, so this may be that thread.
    if (thread_.joinable()) thread_.detach();
    // Where it could not even be started.
    free_curl();
}

void Transport::free_curl()
{
    if (multi_) curl_multi_cleanup(std::exchange(multi_, nullptr));
    if (serial_) curl_share_cleanup(std::exchange(serial_, nullptr));
}

Ref<Transport> Transport::create()
{
    Ref<Transport> transport(new Transport);
    SignalsBlocked blocked;
    std::lock_guard lock(transport->mutex_);
    transport->thread_ = std::thread([transport]() mutable {
        transport->run();
        transport = nullptr;
    });
    pthread_setname_np(transport->thread_.native_handle(), "k8sc-io");
    return transport;
}

bool Transport::post(Task task)
{
    {
        std::lock_guard lock(mutex_);
        if (refusing_) return false;
        tasks_.push_back(std::move(task));
        // Under the lock, so that the thread cannot free the multi handle meanwhile.
        curl_multi_wakeup(multi_);
    }
    return true;
}

Transport::TimerId Transport::at(int64_t time_ms, Task task)
{
    TimerId id(time_ms, next_timer_++);
    timers_.emplace(id, std::move(task));
    return id;
}

void Transport::cut(const std::shared_ptr<Line> &line, const Error &error)
{
    std::vector<Ref<Exchange>> on_it;
    std::set<std::string> others;  // that are in use, and speak for themselves
    for (auto exchange : exchanges_) {
        if (exchange->line() == line)
            on_it.emplace_back(exchange);
        else if (exchange->line())
            others.insert(exchange->line()->ends);
    }
    {
        // curl finds them closed, and makes others where they are needed. What lies idle to the same peer is in doubt as well.
        std::lock_guard lock(sockets_mutex_);
        std::string peer = line->ends.substr(line->ends.find(' '));
        for (auto socket : sockets_) {
            std::string ends = Lines::ends_of(socket);
            // One that is not known yet is still in its handshake, and will show by itself.
            if (ends.ends_with(peer) && lines_.knows(ends) && !others.contains(ends)) shutdown(socket, SHUT_RDWR);
        }
    }
    for (auto &exchange : on_it) exchange->fail_with(error);
}

void Transport::aside(Task job)
{
    uint64_t id = next_aside_++;
    SignalsBlocked blocked;
    std::lock_guard lock(mutex_);
    std::thread &thread = asides_[id];
    try {
        thread = std::thread([self = Ref<Transport>(this), id, job = std::move(job)]() mutable {
            on_aside_thread = true;
            shielded(job);
            job = nullptr;
            // Its thread is joined at the end, where there is nobody left to do it now.
            self->post([self, id] {
                std::thread done;
                {
                    std::lock_guard lock(self->mutex_);
                    auto at = self->asides_.find(id);
                    if (at == self->asides_.end()) return;
                    done = std::move(at->second);
                    self->asides_.erase(at);
                }
                done.join();
            });
        });
    } catch (const std::system_error &error) {
        asides_.erase(id);
        fail(K8SC_E_IO, concat("no thread to be had: ", error.what()));
    }
    pthread_setname_np(thread.native_handle(), "k8sc-aside");
}

bool Transport::is_aside() { return on_aside_thread; }

void Transport::join_asides()
{
    std::unique_lock lock(mutex_);
    while (!asides_.empty()) {
        std::thread thread = std::move(asides_.begin()->second);
        asides_.erase(asides_.begin());
        lock.unlock();
        thread.join();
        lock.lock();
    }
}

void Transport::join_client()
{
    std::lock_guard lock(mutex_);
    if (stopping_) fail(K8SC_E_CLOSED, "the transport is closed");
    clients_++;
}

bool Transport::leave_client()
{
    std::lock_guard lock(mutex_);
    if (--clients_ == 0) stopping_ = true;
    return stopping_;
}

bool Transport::wait_ended(int64_t deadline)
{
    std::unique_lock lock(mutex_);
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

void Transport::run_tasks()
{
    std::vector<Task> tasks;
    {
        std::lock_guard lock(mutex_);
        tasks.swap(tasks_);
    }
    for (auto &task : tasks) {
        shielded(task);
        task = nullptr;
    }
}

// Runs what is due, and answers the milliseconds until the next.
int Transport::run_timers()
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

void Transport::read_messages()
{
    int left;
    while (CURLMsg *message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        CURLcode code = message->data.result;
        char *exchange = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
        shielded([&] { Ref<Exchange>(reinterpret_cast<Exchange *>(exchange))->finished(code); });
    }
}

void Transport::run()
{
    while (true) {
        run_tasks();
        int timeout = run_timers();
        int running;
        curl_multi_perform(multi_, &running);
        read_messages();
        {
            std::lock_guard lock(mutex_);
            if (stopping_ && tasks_.empty()) {
                // From here on nobody would run a task, or wait for what it does in vain.
                refusing_ = true;
                break;
            }
            if (!tasks_.empty()) continue;
        }
        // What ended may have set a timer that is due sooner.
        if (!timers_.empty()) timeout = static_cast<int>(std::max<int64_t>(0, std::min<int64_t>(timeout, timers_.begin()->first.first - now_ms())));
        curl_multi_poll(multi_, nullptr, 0, timeout, nullptr);
    }
    timers_.clear();
    // Of the clients' requests none is left; of the transport's own, such as probes, there may be.
    while (!exchanges_.empty()) Ref<Exchange>(*exchanges_.begin())->fail_with(Error(K8SC_E_CANCELLED, "cancelled: the transport was closed"));
    join_asides();
    {
        std::lock_guard lock(mutex_);
        free_curl();
        ended_ = true;
        ended_changed_.notify_all();
    }
}

// The sockets are noted so that a forked child can close its copies.
curl_socket_t Transport::open_socket(void *self, curlsocktype, struct curl_sockaddr *address)
{
    auto transport = static_cast<Transport *>(self);
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd < 0) return CURL_SOCKET_BAD;
    std::lock_guard lock(transport->sockets_mutex_);
    transport->sockets_.insert(fd);
    return fd;
}

int Transport::close_socket(void *self, curl_socket_t socket)
{
    auto transport = static_cast<Transport *>(self);
    transport->lines_.forget(socket);
    {
        std::lock_guard lock(transport->sockets_mutex_);
        transport->sockets_.erase(socket);
    }
    return close(socket);
}

void Transport::close_descriptors()
{
    // The lock may have been held by a thread that does not exist here; then the descriptors stay open until exec or exit.
    std::unique_lock lock(sockets_mutex_, std::try_to_lock);
    if (!lock) return;
    for (auto socket : sockets_) close(socket);
    sockets_.clear();
}

}  // namespace k8sc
