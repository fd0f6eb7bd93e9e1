// When handlers are told again of everything: by a table, and by random schedules against a model that is written as
// client-go does it.
#include <random>
#include <vector>

#include "cache/resync.h"

#include "resync_model.h"

#include "../core/check.h"
#include "../core/rounds.h"

namespace {

/* ---- one by one */

struct Joining {
    int64_t by_default;
    // Before the start, then after it; -1 for the default.
    std::vector<int64_t> before, after;
    int64_t check;
    std::vector<int64_t> periods;
};

void periods_follow_the_wishes_of_the_handlers(void **)
{
    const Joining table[] = {
        // The default stands where nobody has a wish, and sets the pace of the checks even without handlers.
        {0, {}, {}, 0, {}},
        {5000, {}, {}, 5000, {}},
        {0, {-1}, {-1}, 0, {0, 0}},
        {5000, {-1}, {-1}, 5000, {5000, 5000}},
        // Below a second is a second; 0 is never, whatever the pace.
        {5000, {1}, {0}, 1000, {1000, 0}},
        {5000, {999, 0}, {}, 1000, {1000, 0}},
        {5000, {1000}, {}, 1000, {1000}},
        {5000, {1001}, {}, 1001, {1001}},
        {5000, {0}, {}, 5000, {0}},
        // The shortest sets the pace, before the start; it leaves the others' periods as they are.
        {5000, {8000, 2000, 3000, -1}, {}, 2000, {8000, 2000, 3000, 5000}},
        {5000, {8000}, {}, 5000, {8000}},
        {0, {8000, 2000}, {}, 2000, {8000, 2000}},
        // After it the pace is fixed: what is shorter is raised to it, what is longer stays.
        {5000, {}, {1, 2000, 5000, 5001, -1}, 5000, {5000, 5000, 5000, 5001, 5000}},
        {5000, {2000}, {1500, 3000, -1}, 2000, {2000, 2000, 3000, 5000}},
        {0, {2000}, {1500, -1}, 2000, {2000, 2000, 0}},
        // And without one there is no resync.
        {0, {0}, {2000, 1}, 0, {0, 0, 0}},
    };
    for (auto &row : table) {
        Resync resync(row.by_default);
        std::vector<int64_t> have;
        for (int64_t wanted : row.before) have.push_back(resync.join(wanted, false, 100).period_ms);
        for (int64_t wanted : row.after) have.push_back(resync.join(wanted, true, 100).period_ms);
        assert_int_equal(resync.check_period_ms(), row.check);
        assert_int_equal(have.size(), row.periods.size());
        for (size_t i = 0; i < have.size(); i++)
            if (have[i] != row.periods[i])
                fail_msg("row %d, handler %d: %lld, not %lld", int(&row - table), int(i),
                         static_cast<long long>(have[i]), static_cast<long long>(row.periods[i]));
    }
}

void a_handler_is_due_at_its_time_and_not_before(void **)
{
    Resync resync(2000);
    Resync::Share often = resync.join(-1, false, 0), seldom = resync.join(5000, false, 100),
                  never = resync.join(0, false, 0);
    // Updates that change nothing are for all, before the first check.
    assert_true(often.is_due && seldom.is_due && never.is_due);
    assert_false(Resync::check(often, 1999));
    assert_false(Resync::check(never, 1999));
    assert_false(often.is_due || never.is_due);
    assert_true(seldom.is_due);
    // At its time, and not a moment before.
    assert_true(Resync::check(often, 2000));
    assert_true(often.is_due);
    assert_false(Resync::check(often, 2000));
    assert_false(often.is_due);
    // A check that comes late puts off what follows; it does not make up for what was missed.
    assert_true(Resync::check(often, 9000));
    assert_false(Resync::check(often, 10999));
    assert_true(Resync::check(often, 11000));
    assert_false(Resync::check(seldom, 5099));
    assert_true(Resync::check(seldom, 5100));
    assert_int_equal(seldom.next, 10100);
    assert_false(Resync::check(never, INT64_MAX));
}

// So long that it would overflow: as good as never, and not always.
void a_very_long_period_does_not_overflow(void **)
{
    const int64_t now = INT64_C(1) << 42;
    for (int64_t by_default : {int64_t(0), INT64_MAX, INT64_MAX / 2}) {
        Resync resync(by_default);
        assert_true(resync.check_period_ms() < INT64_MAX - now);
        Resync::Share share = resync.join(INT64_MAX, false, now), other = resync.join(-1, false, now);
        assert_true(resync.check_period_ms() > 0 && resync.check_period_ms() < INT64_MAX - now);
        assert_true(share.period_ms > 0);
        assert_int_equal(other.period_ms > 0, by_default > 0);
        assert_false(Resync::check(share, now + INT64_C(1000) * 3600 * 24 * 365));
        assert_false(Resync::check(other, now + INT64_C(1000) * 3600 * 24 * 365));
    }
}

/* ---- against the model */

void random_schedules_match_the_model(void **)
{
    const int64_t wishes[] = {0, 1, 999, 1000, 1001, 1500, 2000, 3000, 10000, 60000};
    int resyncs = 0, raised = 0;
    Rounds rounds(5000);
    while (rounds.next()) {
        unsigned seed = rounds.seed();
        std::mt19937 random(seed);
        int64_t by_default = random() % 3 ? wishes[3 + random() % 7] : 0;
        Resync resync(by_default);
        ResyncModel model(by_default);
        std::map<int, Resync::Share> shares;
        int64_t now = random() % 100000, next_check = -1;
        bool started = false;
        for (int step = 0; step < 60; step++) {
            unsigned what = random() % 10;
            if (what < 3) {
                std::optional<int64_t> wanted;
                if (random() % 4) wanted = random() % 3 ? wishes[random() % 10] : int64_t(random() % 20000);
                shares[step] = resync.join(wanted.value_or(-1), started, now);
                model.add(step, wanted, started, now);
                if (started && wanted && *wanted && *wanted < model.check()) raised++;
            } else if (what < 4 && !shares.empty()) {
                auto gone = std::next(shares.begin(), random() % shares.size());
                model.listeners.erase(gone->first);
                shares.erase(gone);
            } else if (!started) {
                now += random() % 3000;
                if (random() % 4 == 0) {
                    started = true;
                    next_check = now + model.check();
                }
            } else if (model.check() > 0) {
                // The timer, which may be late; sometimes by much.
                now = next_check + (random() % 3 ? 0 : random() % (random() % 5 ? 20 : 20000));
                next_check = now + model.check();
                for (auto &[id, share] : shares) resyncs += Resync::check(share, now);
                model.should_resync(now);
            }
            if (resync.check_period_ms() != model.check()) fail_msg("seed %u, step %d: the pace differs", seed, step);
            for (auto &[id, listener] : model.listeners) {
                auto &share = shares.at(id);
                if (share.period_ms != listener.period || share.next != listener.next ||
                    share.is_due != listener.syncing)
                    fail_msg("seed %u, step %d, handler %d: period %lld, next %lld, due %d; the model: %lld, %lld, %d",
                             seed, step, id, static_cast<long long>(share.period_ms),
                             static_cast<long long>(share.next), share.is_due, static_cast<long long>(listener.period),
                             static_cast<long long>(listener.next), listener.syncing);
            }
        }
    }
    // Else this tests half of what it says.
    assert_true(resyncs > 2 * rounds.number());
    assert_true(raised > rounds.number() / 5);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {cmocka_unit_test(periods_follow_the_wishes_of_the_handlers),
                                cmocka_unit_test(a_handler_is_due_at_its_time_and_not_before),
                                cmocka_unit_test(a_very_long_period_does_not_overflow),
                                cmocka_unit_test(random_schedules_match_the_model)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
