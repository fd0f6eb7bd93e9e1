// Back-off and rate limit: what sets the pace.
#include <cmath>
#include <thread>
#include <vector>

#include "core/backoff.h"
#include "core/clock.h"
#include "net/rate_limiter.h"

#include "check.h"

namespace {

// 0.8 s doubling to 30 s, and up to once that again as jitter.
void backoff_bounds(void **)
{
    for (int round = 0; round < 200; round++) {
        Backoff backoff;
        for (int64_t delay : {800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000}) {
            int64_t wait = backoff.next_ms();
            assert_true(wait >= delay && wait < 2 * delay);
        }
        backoff.reset();
        int64_t wait = backoff.next_ms();
        assert_true(wait >= 800 && wait < 1600);
    }
}

// Clients that fail together must not come back together.
void backoff_is_jittered(void **)
{
    int64_t low = never, high = 0;
    for (int i = 0; i < 500; i++) {
        int64_t wait = Backoff().next_ms();
        low = std::min(low, wait);
        high = std::max(high, wait);
    }
    assert_true(low < 900);
    assert_true(high > 1500);
}

void a_deadline_is_that_long_from_now_or_never(void **)
{
    assert_true(deadline_after(-1) == never);
    assert_true(deadline_after(never) == never);
    int64_t before = now_ms(), deadline = deadline_after(1000);
    assert_true(deadline >= before + 1000 && deadline <= now_ms() + 1000);
}

void bucket_starts_full(void **)
{
    auto limiter = make<RateLimiter>(0.001, 3);
    assert_true(limiter->try_accept());
    assert_true(limiter->try_accept());
    assert_true(limiter->try_accept());
    assert_false(limiter->try_accept());
}

// Each that waits is promised the token after the one before it.
void waiters_queue_up(void **)
{
    auto limiter = make<RateLimiter>(10, 1);
    assert_int_equal(limiter->reserve(never), 0);
    int64_t last = 0;
    for (int64_t i = 1; i <= 5; i++) {
        int64_t wait = limiter->reserve(never);
        assert_true(wait > last);
        assert_true(wait > i * 100 - 60 && wait <= i * 100);
        last = wait;
    }
}

// Who cannot wait takes nothing from those who can.
void refusal_takes_no_token(void **)
{
    auto limiter = make<RateLimiter>(10, 1);
    assert_int_equal(limiter->reserve(0), 0);
    for (int i = 0; i < 50; i++) assert_int_equal(limiter->reserve(10), -1);
    assert_true(limiter->reserve(100) > 0);
}

void bucket_is_filled_in_time_and_not_above_burst(void **)
{
    auto limiter = make<RateLimiter>(1000, 2);
    while (limiter->try_accept()) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    int taken = 0;
    while (taken < 100 && limiter->reserve(0) == 0) taken++;
    assert_true(taken >= 2);
    // 50 tokens' time has passed, two fit; a few more come while these are counted.
    assert_true(taken < 40);
}

void accept_waits_or_refuses(void **)
{
    k8sc_rate_limiter *limiter;
    k8sc_error *err;
    assert_int_equal(k8sc_rate_limiter_new(20, 1, &limiter, nullptr), K8SC_OK);
    assert_int_equal(k8sc_rate_limiter_try_accept(limiter), 1);
    int64_t begin = now_ms();
    assert_int_equal(k8sc_rate_limiter_accept(limiter, 5, &err), K8SC_E_TIMEOUT);
    assert_true(now_ms() - begin < 40);
    k8sc_error_free(err);
    begin = now_ms();
    assert_int_equal(k8sc_rate_limiter_accept(limiter, -1, &err), K8SC_OK);
    assert_true(now_ms() - begin >= 30);
    assert_int_equal(k8sc_rate_limiter_accept(limiter, -2, &err), K8SC_E_INVALID);
    k8sc_error_free(err);
    assert_true(k8sc_rate_limiter_qps(limiter) == 20);
    k8sc_rate_limiter_unref(k8sc_rate_limiter_ref(limiter));
    k8sc_rate_limiter_unref(limiter);
    assert_true(k8sc_rate_limiter_qps(nullptr) == 0);
    assert_int_equal(k8sc_rate_limiter_try_accept(nullptr), 0);
}

void limits_that_cannot_be(void **)
{
    k8sc_rate_limiter *limiter;
    for (double qps : {0.0, -1.0, double(NAN), double(INFINITY)}) {
        limiter = reinterpret_cast<k8sc_rate_limiter *>(&limiter);
        assert_int_equal(k8sc_rate_limiter_new(qps, 1, &limiter, nullptr), K8SC_E_INVALID);
        assert_null(limiter);
    }
    assert_int_equal(k8sc_rate_limiter_new(1, 0, &limiter, nullptr), K8SC_E_INVALID);
    assert_int_equal(k8sc_rate_limiter_new(1, -1, &limiter, nullptr), K8SC_E_INVALID);
}

void many_threads_share_a_bucket(void **)
{
    auto limiter = make<RateLimiter>(0.001, 100);
    std::atomic<int> taken{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++)
        threads.emplace_back([&] {
            for (int n = 0; n < 100; n++) taken += limiter->try_accept();
        });
    for (auto &thread : threads) thread.join();
    assert_int_equal(taken.load(), 100);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(backoff_bounds),
        cmocka_unit_test(backoff_is_jittered),
        cmocka_unit_test(a_deadline_is_that_long_from_now_or_never),
        cmocka_unit_test(bucket_starts_full),
        cmocka_unit_test(waiters_queue_up),
        cmocka_unit_test(refusal_takes_no_token),
        cmocka_unit_test(accept_waits_or_refuses),
        cmocka_unit_test(bucket_is_filled_in_time_and_not_above_burst),
        cmocka_unit_test(limits_that_cannot_be),
        cmocka_unit_test(many_threads_share_a_bucket),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
