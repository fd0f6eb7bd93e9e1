// k8sc_client_*, k8sc_cancel_*, k8sc_rate_limiter_*.
#include "rest/client.h"

#include <cmath>

#include "api/guard.h"
#include "core/clock.h"
#include "net/cancel_scope.h"

using namespace k8sc;
using namespace k8sc::api;

extern "C" {

k8sc_status k8sc_client_new(const k8sc_config *config, k8sc_client **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(config, "config");
        *out = hand_out(Client::create(*config, nullptr));
    });
}

k8sc_status k8sc_client_new_shared(const k8sc_config *config, k8sc_client *other, k8sc_client **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need(config, "config");
        need_handle(other, "other");
        *out = hand_out(Client::create(*config, other));
    });
}

k8sc_client *k8sc_client_ref(k8sc_client *client)
{
    if (client) client->user_retain();
    return client;
}

void k8sc_client_unref(k8sc_client *client)
{
    if (client) client->user_release();
}

k8sc_status k8sc_client_close(k8sc_client *client, int64_t timeout_ms, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(client, "client");
        need_timeout(timeout_ms);
        if (!client->close(deadline_after(timeout_ms)))
            fail(K8SC_E_TIMEOUT, "the client had not closed after " + std::to_string(timeout_ms) + " ms");
    });
}

k8sc_queue *k8sc_client_queue(k8sc_client *client) { return client ? client->queue().get() : nullptr; }

const char *k8sc_client_server(const k8sc_client *client) { return client ? client->server().c_str() : nullptr; }

const char *k8sc_client_namespace(const k8sc_client *client)
{
    if (!client) return nullptr;
    return client->config().ns.empty() ? "default" : client->config().ns.c_str();
}

k8sc_status k8sc_cancel_new(k8sc_cancel **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = hand_out(make<Cancel>());
    });
}

k8sc_cancel *k8sc_cancel_ref(k8sc_cancel *cancel)
{
    if (cancel) cancel->user_retain();
    return cancel;
}

void k8sc_cancel_unref(k8sc_cancel *cancel)
{
    if (cancel) cancel->user_release();
}

void k8sc_cancel_cancel(k8sc_cancel *cancel)
{
    if (!cancel || cancel->forked()) return;
    guard(nullptr, [&] { cancel->cancel(); });
}

int k8sc_cancel_is_cancelled(const k8sc_cancel *cancel)
{
    if (!cancel || cancel->forked()) return 0;
    return const_cast<Cancel *>(cancel)->is_cancelled();
}

k8sc_cancel *k8sc_cancel_bind(k8sc_cancel *cancel) { return CancelScope::bind(cancel); }

k8sc_status k8sc_rate_limiter_new(double qps, int32_t burst, k8sc_rate_limiter **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        if (!std::isfinite(qps) || qps <= 0)
            fail(K8SC_E_INVALID, "qps is " + std::to_string(qps) + "; it must be above 0");
        if (burst < 1) fail(K8SC_E_INVALID, "burst is " + std::to_string(burst) + "; it must be at least 1");
        *out = hand_out(make<RateLimiter>(qps, burst));
    });
}

k8sc_rate_limiter *k8sc_rate_limiter_ref(k8sc_rate_limiter *limiter)
{
    if (limiter) limiter->user_retain();
    return limiter;
}

void k8sc_rate_limiter_unref(k8sc_rate_limiter *limiter)
{
    if (limiter) limiter->user_release();
}

int k8sc_rate_limiter_try_accept(k8sc_rate_limiter *limiter)
{
    if (!limiter || limiter->forked()) return 0;
    return limiter->try_accept();
}

k8sc_status k8sc_rate_limiter_accept(k8sc_rate_limiter *limiter, int64_t timeout_ms, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(limiter, "limiter");
        need_timeout(timeout_ms);
        int64_t wait = limiter->reserve(timeout_ms < 0 ? never : timeout_ms);
        if (wait < 0)
            fail(K8SC_E_TIMEOUT,
                 "the rate limit would make the caller wait for longer than " + std::to_string(timeout_ms) + " ms");
        try {
            pause_cancellably(wait);
        } catch (...) {
            limiter->give_back();
            throw;
        }
    });
}

double k8sc_rate_limiter_qps(const k8sc_rate_limiter *limiter) { return limiter ? limiter->qps() : 0; }

}  // extern "C"
