#include "rest/call.h"

#include <strings.h>

#include "core/clock.h"
#include "core/thread_annotations.h"
#include "net/cancel_scope.h"
#include "queue/queue.h"

using namespace k8sc;

namespace {

constexpr size_t largest_error_body = 1 << 20;

}  // namespace

k8sc_call::k8sc_call(const Ref<Client> &client, CallSpec spec, std::shared_ptr<BodySink> sink, Done done)
    : Operation(client),
      spec_(std::move(spec)),
      sink_(std::move(sink)),
      done_(std::move(done)),
      deadline_(deadline_after(spec_.timeout_ms))
{
}

Ref<Call> k8sc_call::prepare(const Ref<Client> &client, CallSpec spec, std::shared_ptr<BodySink> sink, Done done)
{
    return Ref<Call>(new k8sc_call(client, std::move(spec), std::move(sink), std::move(done)));
}

void k8sc_call::launch()
{
    client_->post([self = Ref<Call>(this)] {
        assert_on_io_thread();
        self->begin();
    });
}

Ref<Call> k8sc_call::start(const Ref<Client> &client, CallSpec spec, std::shared_ptr<BodySink> sink, Done done)
{
    Ref<Call> call = prepare(client, std::move(spec), std::move(sink), std::move(done));
    call->launch();
    return call;
}

template <class Step>
void k8sc_call::guarded(Step &&step) noexcept
{
    try {
        step();
    } catch (Error &error) {
        end(std::move(error));
    } catch (const std::bad_alloc &) {
        end(Error(K8SC_E_NOMEM, "out of memory"));
    }
}

void k8sc_call::begin()
{
    guarded([this] {
        assert_on_io_thread();
        begin_on_io_thread();
    });
}

void k8sc_call::begin_on_io_thread()
{
    if (ended_) return;
    Ref<Call> self(this);
    began_at_ = now_ms();
    if (!client_->enter(Ref<Operation>(this))) return end(Error(K8SC_E_CLOSED, "the client is closed"));
    if (spec_.cancel) {
        cancel_hook_ = spec_.cancel->add([self] { self->cancel(); });
        if (spec_.cancel->is_cancelled()) return end(Error(K8SC_E_CANCELLED, "cancelled"));
    }
    if (deadline_ != never) {
        deadline_timer_.set(*client_->io_loop(), deadline_, [self] {
            assert_on_io_thread();
            self->guarded([&] {
                assert_on_io_thread();
                self->time_out();
            });
        });
    }
    if (spec_.rate_limited)
        acquire();
    else
        send();
}

int64_t k8sc_call::left_ms() const { return deadline_ == never ? never : std::max<int64_t>(0, deadline_ - now_ms()); }

void k8sc_call::set_timer(int64_t at_ms, void (k8sc_call::*step)())
{
    step_timer_.set(*client_->io_loop(), at_ms, [self = Ref<Call>(this), step] {
        assert_on_io_thread();
        self->guarded([&] {
            assert_on_io_thread();
            if (!self->ended_) ((*self).*step)();
        });
    });
}

void k8sc_call::acquire()
{
    auto limiter = client_->rate_limiter();
    if (!limiter) return send();
    int64_t wait = limiter->reserve(left_ms());
    if (wait < 0)
        return end(Error(K8SC_E_TIMEOUT,
                         "overall deadline: the client-side rate limit would make it wait longer than it may take"));
    note_throttled(wait);
    if (wait == 0) return send();
    result_.throttled_ms += wait;
    reserved_ = Ref<RateLimiter>(limiter);
    set_timer(now_ms() + wait, &k8sc_call::send);
}

bool k8sc_call::has_header(std::string_view name) const
{
    for (auto &header : spec_.http.headers)
        if (header.size() > name.size() && (header[name.size()] == ':' || header[name.size()] == ';') &&
            strncasecmp(header.data(), name.data(), name.size()) == 0)
            return true;
    return false;
}

void k8sc_call::send()
{
    reserved_ = nullptr;
    credential_.reset();
    // A caller's own are as secret as ours.
    for (auto &header : spec_.http.headers) secrets_.add_header(header);
    if (client_->credentials() && !has_header("Authorization")) return authorize();
    send_with({});
}

// The credential may have to be fetched, which takes its time: the call may end meanwhile.
void k8sc_call::authorize()
{
    Ref<Credentials> asked = client_->credentials();
    asked->get([self = Ref<Call>(this), asked](const Error *error, const Credential &credential) {
        assert_on_io_thread();
        self->guarded([&] {
            assert_on_io_thread();
            self->authorized(asked, error, credential);
        });
    });
}

void k8sc_call::authorized(const Ref<Credentials> &asked, const Error *error, const Credential &credential)
{
    if (ended_) return;
    // The client was given another token meanwhile.
    if (error && client_->credentials() && !(client_->credentials() == asked)) return authorize();
    if (error) return end(*error);
    if (unauthorized_ && credential_ == credential) {
        // There is no newer one: the server's answer stands.
        result_.error = std::move(unauthorized_);
        return end();
    }
    credential_ = credential;
    send_with(credential);
}

void k8sc_call::send_with(const Credential &credential)
{
    result_.attempts++;
    error_body_.clear();
    result_.head = {};
    HttpRequest request = spec_.http;
    if (!spec_.stream) request.max_answer_bytes = client_->config().max_answer_bytes;
    try {
        Ref<Endpoint> endpoint = client_->endpoint(credential);
        if (!has_header("User-Agent")) request.headers.push_back("User-Agent: " + client_->user_agent());
        if (!has_header("Accept")) request.headers.push_back("Accept: " + spec_.accept);
        if (!spec_.content_type.empty() && !has_header("Content-Type"))
            request.headers.push_back("Content-Type: " + spec_.content_type);
        else if (!has_header("Content-Type"))
            request.headers.push_back("Content-Type:");  // curl's default for POST would be a lie
        if (!credential.authorization.empty()) {
            request.headers.push_back("Authorization: " + credential.authorization);
            secrets_.add_authorization(credential.authorization);
        }
        secrets_.add(endpoint->proxy.password);
        if (!has_header("Impersonate-User"))
            for (auto &line : client_->impersonation()) request.headers.push_back(line);
        if (!endpoint->connect_to.empty()) {
            request.headers.push_back("Host: " + client_->url().authority());
            // See Client: curl verifies the name in the URL.
            Url named = client_->url();
            named.host = client_->config().tls_server_name;
            request.url = named.origin() + request.url.substr(client_->url().origin().size());
        }
        note_sent(request);
        exchange_ = Exchange::start(client_->io_loop(), std::move(endpoint), std::move(request), this);
    } catch (Error &error) {
        end(std::move(error));
    } catch (const std::bad_alloc &) {
        end(Error(K8SC_E_NOMEM, "out of memory"));
    }
}

// After a 401: once, with a newer credential, where there is one. Safe for every verb, since the server has done
// nothing.
bool k8sc_call::replay()
{
    if (result_.head.status != 401 || !credential_ || unauthorized_ || !client_->credentials()) return false;
    client_->credentials()->rejected(*credential_);
    return true;
}

void k8sc_call::on_head(const HttpHead &head)
{
    result_.head = head;
    note_head(head);
    if (head.status >= 200 && head.status <= 206) {
        // What comes now may take its time.
        if (spec_.stream) deadline_timer_.cancel();
        sink_->head(head);
    }
}

bool k8sc_call::on_data(std::string_view data)
{
    note_data(data);
    // A piece may hold many events; whoever waits for them is woken once.
    Queue::Batch batch;
    if (result_.head.status >= 200 && result_.head.status <= 206) return sink_->data(data);
    error_body_.append(data.substr(0, largest_error_body - error_body_.size()));
    // What there is says enough.
    if (error_body_.size() == largest_error_body) exchange_->stop_on_io_thread();
    return true;
}

void k8sc_call::on_end(const Error *error)
{
    Ref<Call> self(this);
    guarded([&] {
        assert_on_io_thread();
        ended(error);
    });
}

// An attempt has ended.
void k8sc_call::ended(const Error *error)
{
    std::optional<Error> told;
    if (error) {
        told = *error;
        hide_secrets(*told);
        error = &*told;
    }
    note_attempt(error);
    exchange_ = nullptr;
    if (error) {
        // One with a status came in the body, as a watch's ERROR: the request itself had succeeded.
        if (error->http_status) return end(*error);
        return failed(*error, -1);
    }
    int status = result_.head.status;
    if (status >= 200 && status <= 206) return conclude();
    Error refused = error_from_answer(spec_.name, result_.head, error_body_);
    if (replay()) {
        hide_secrets(refused);
        // Where no newer credential is to be had, this is why one was looked for.
        remember(refused);
        unauthorized_ = std::move(refused);
        return authorize();
    }
    failed(std::move(refused), retry_after_ms(result_.head));
}

// The body is complete. The deadline still applies.
void k8sc_call::conclude()
{
    if (ended_) return;
    try {
        if (sink_->end()) return end();
    } catch (Error &failure) {
        return end(std::move(failure));
    } catch (const std::bad_alloc &) {
        return end(Error(K8SC_E_NOMEM, "out of memory"));
    }
    client_->io_loop()->next_round([self = Ref<Call>(this)] {
        self->guarded([&] {
            assert_on_io_thread();
            self->conclude();
        });
    });
}

void k8sc_call::remember(const Error &error)
{
    std::string text = brief(error);
    if (!is_same_failure(text, last_failure_)) earlier_failure_ = std::exchange(last_failure_, std::move(text));
}

// An attempt has failed. The error of an answer is named already.
void k8sc_call::failed(Error error, int64_t asked_ms)
{
    hide_secrets(error);
    remember(error);
    auto wait = retry_wait_ms(spec_.retry, spec_.http, result_.attempts, error, asked_ms);
    if (error.http_status == 0) error = named(std::move(error), spec_.name);
    // What has been handed out of the answer cannot be taken back.
    if (wait && (error.http_status || sink_->restart())) return retry_in(*wait, std::move(error));
    result_.error = std::move(error);
    end();
}

void k8sc_call::retry_in(int64_t wait_ms, Error last)
{
    // Where there is no time to try again, what there is to say is known now.
    if (wait_ms >= left_ms()) {
        result_.error = std::move(last);
        return end();
    }
    note_retry(wait_ms, last);
    // A retry takes a token as well.
    set_timer(now_ms() + wait_ms, &k8sc_call::acquire);
}

void k8sc_call::time_out()
{
    end(Error(K8SC_E_TIMEOUT,
              "overall deadline: no complete answer within " + std::to_string(spec_.timeout_ms) + " ms"));
}

void k8sc_call::end(Error error)
{
    if (ended_) return;
    try {
        hide_secrets(error);
        remember(error);
        // This side has ended it: whether anything of it has left is known.
        bool unsent = result_.attempts == 0 || (result_.attempts == 1 && exchange_ && exchange_->is_unsent());
        if (unsent && error.http_status == 0) error.not_processed = true;
        result_.error = named(std::move(error), spec_.name);
    } catch (const std::bad_alloc &) {
        // Short enough to need none.
        result_.error = Error(K8SC_E_NOMEM, "out of memory");
    }
    end();
}

void k8sc_call::end()
{
    if (ended_) return;
    Ref<Call> self(this);
    ended_ = true;
    try {
        if (result_.error) tell_attempts(*result_.error, result_.attempts, earlier_failure_);
        note_end();
    } catch (const std::bad_alloc &) {
        // It ends all the same.
    }
    // Others need not wait for what was not sent.
    if (reserved_) std::exchange(reserved_, nullptr)->give_back();
    if (exchange_) std::exchange(exchange_, nullptr)->cancel();
    step_timer_.cancel();
    deadline_timer_.cancel();
    if (spec_.cancel) spec_.cancel->remove(cancel_hook_);
    Done done = std::move(done_);
    done_ = nullptr;
    try {
        if (done) done(result_);
    } catch (const std::bad_alloc &) {
        // Those who must not be left without an answer see to that themselves.
    }
    client_->leave(this);
}

void k8sc_call::cancel()
{
    client_->io_loop()->post([self = Ref<Call>(this)] {
        assert_on_io_thread();
        self->end(Error(K8SC_E_CANCELLED, "cancelled"));
    });
}

void k8sc_call::resume()
{
    client_->io_loop()->post([self = Ref<Call>(this)] {
        assert_on_io_thread();
        if (self->exchange_) self->exchange_->resume();
    });
}

void k8sc_call::cancel_on_io_thread() { end(Error(K8SC_E_CANCELLED, "cancelled")); }

void k8sc_call::shut_down() { end(Error(K8SC_E_CANCELLED, "cancelled: the client was closed")); }

CallResult k8sc::run_call(const Ref<Client> &client, CallSpec spec, std::shared_ptr<BodySink> sink)
{
    struct Waiter {
        Mutex mutex;
        ConditionVariable changed;
        bool done K8SC_GUARDED_BY(mutex) = false;
        CallResult result K8SC_GUARDED_BY(mutex);
    };
    if (wait_is_cancelled()) {
        CallResult result;
        result.error = named(Error(K8SC_E_CANCELLED, "cancelled"), spec.name);
        return result;
    }
    auto waiter = std::make_shared<Waiter>();
    Ref<Call> call = Call::start(client, std::move(spec), std::move(sink), [waiter](CallResult &result) {
        MutexLock lock(waiter->mutex);
        waiter->result = std::move(result);
        waiter->done = true;
        waiter->changed.notify_all();
    });
    CancelAlarm alarm([call] { call->cancel(); });
    MutexLock lock(waiter->mutex);
    while (!waiter->done) waiter->changed.wait(lock);
    return std::move(waiter->result);
}
