// k8sc_retry_policy_*, what takes one, and k8sc_client_set_rate_limit.
#include "core/retry_policy.h"

#include <algorithm>

#include "api/guard.h"
#include "api/rate.h"
#include "resource/options.h"

using namespace k8sc;
using namespace k8sc::api;

namespace {

constexpr int64_t longest_backoff_ms = 24 * 3600 * 1000;

template <class Set>
k8sc_status set(k8sc_retry_policy *policy, k8sc_error **err, Set &&set)
{
    return guard(err, [&] {
        need(policy, "policy");
        set();
    });
}

std::optional<RetryPolicy> copy(const k8sc_retry_policy *policy)
{
    return policy ? std::optional(*policy) : std::nullopt;
}

}  // namespace

extern "C" {

k8sc_status k8sc_retry_policy_new(k8sc_retry_policy **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        *out = new RetryPolicy;
    });
}

void k8sc_retry_policy_free(k8sc_retry_policy *policy) { delete policy; }

k8sc_status k8sc_retry_policy_set_max_retries(k8sc_retry_policy *policy, int32_t retries, k8sc_error **err)
{
    return set(policy, err, [&] {
        if (retries < 0)
            fail(K8SC_E_INVALID, concat("retries is ", std::to_string(retries), "; it must be at least 0"));
        policy->max_retries = retries;
    });
}

k8sc_status k8sc_retry_policy_set_retry_after_cap(k8sc_retry_policy *policy, int64_t cap_ms, k8sc_error **err)
{
    return set(policy, err, [&] {
        if (cap_ms < -1)
            fail(K8SC_E_INVALID,
                 concat("cap_ms is ", std::to_string(cap_ms), "; it must be -1 (no cap) or at least 0"));
        policy->retry_after_cap_ms = cap_ms;
    });
}

k8sc_status k8sc_retry_policy_set_backoff(k8sc_retry_policy *policy, int64_t first_ms, int64_t max_ms, k8sc_error **err)
{
    return set(policy, err, [&] {
        if (first_ms < 1)
            fail(K8SC_E_INVALID, concat("first_ms is ", std::to_string(first_ms), "; it must be at least 1"));
        if (max_ms < first_ms || max_ms > longest_backoff_ms)
            fail(K8SC_E_INVALID, concat("max_ms is ", std::to_string(max_ms), "; it must be from first_ms to ",
                                        std::to_string(longest_backoff_ms)));
        policy->first_backoff_ms = first_ms;
        policy->max_backoff_ms = max_ms;
    });
}

k8sc_status k8sc_retry_policy_add_status(k8sc_retry_policy *policy, int32_t status, k8sc_error **err)
{
    return set(policy, err, [&] {
        if (status < 400 || status > 599)
            fail(K8SC_E_INVALID, concat("status is ", std::to_string(status), "; it must be from 400 to 599"));
        auto &statuses = policy->statuses;
        if (std::find(statuses.begin(), statuses.end(), status) == statuses.end()) statuses.push_back(status);
    });
}

k8sc_status k8sc_retry_policy_set_unsent(k8sc_retry_policy *policy, int retry, k8sc_error **err)
{
    return set(policy, err, [&] { policy->unsent = retry != 0; });
}

k8sc_status k8sc_retry_policy_set_conditional_writes(k8sc_retry_policy *policy, int retry, k8sc_error **err)
{
    return set(policy, err, [&] { policy->conditional_writes = retry != 0; });
}

k8sc_status k8sc_options_set_retry_policy(k8sc_options *options, const k8sc_retry_policy *policy, k8sc_error **err)
{
    return guard(err, [&] {
        need(options, "options");
        options->retry = copy(policy);
    });
}

k8sc_status k8sc_request_set_retry_policy(k8sc_request *request, const k8sc_retry_policy *policy)
{
    return guard(nullptr, [&] {
        need(request, "request");
        request->set_retry_policy(copy(policy));
    });
}

k8sc_status k8sc_config_set_retry_policy(k8sc_config *config, const k8sc_retry_policy *policy, k8sc_error **err)
{
    return guard(err, [&] {
        need(config, "config");
        config->retry = policy ? *policy : RetryPolicy();
    });
}

k8sc_status k8sc_client_set_rate_limit(k8sc_client *client, double qps, int32_t burst, k8sc_error **err)
{
    return guard(err, [&] {
        need_handle(client, "client");
        client->need_open();
        need_rate(qps, burst);
        client->set_rate_limit(qps, burst);
    });
}

}  // extern "C"
