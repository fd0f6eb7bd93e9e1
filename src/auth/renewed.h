// Credentials that are got somewhere, kept until they expire or are refused, and got only once for all who wait for
// them.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/wall_clock.h"
#include "net/credentials.h"
#include "net/io_thread.h"

namespace k8sc {

struct Renewal {
    Credential credential;
    int64_t expires_at_ms = never;  // on the wall clock
};

// The first pause after a failure of whatever costs a process or a request.
constexpr int64_t pause_after_failure_ms = 1000;

class RenewedCredentials : public Credentials {
  public:
    void get(Ready ready) final K8SC_REQUIRES(io_thread)
    {
        if (have_ && renewal_.expires_at_ms > wall_now_ms()) return ready(nullptr, renewal_.credential);
        if (!renewing_ && failure_ && now_ms() < again_at_) {
            // They are told at once what those before them were told.
            Error failure = *failure_;
            return ready(&failure, {});
        }
        waiting_.push_back(std::move(ready));
        if (std::exchange(renewing_, true)) return;
        try {
            renew(refused_);
        } catch (const Error &error) {
            renewed(&error, {});
        }
    }

    void rejected(const Credential &credential) final K8SC_REQUIRES(io_thread)
    {
        if (!have_ || !(credential == renewal_.credential)) return;
        // One that was got just now and is refused all the same would otherwise be got anew by every request.
        if (now_ms() - renewed_at_ < shortest_between_refusals_ms) return;
        have_ = false;
        refused_ = true;
    }

    void shut_down() override K8SC_REQUIRES(io_thread)
    {
        Error ended(K8SC_E_CANCELLED, "cancelled: the credentials are not used any more");
        tell(&ended, {});
    }

  protected:
    // `first_pause_ms`: for so long, and twice as long after each further failure up to half a minute, nobody is asked
    // after one. 0: never.
    explicit RenewedCredentials(int64_t first_pause_ms = 0) : first_pause_ms_(first_pause_ms) {}

    // Begins, and answers later with renewed(). What it throws is the answer. `refused`: the server did not take the
    // last one.
    virtual void renew(bool refused) K8SC_REQUIRES(io_thread) = 0;

    // What there is already, before anybody asks.
    void begin_with(const Renewal &renewal)
    {
        have_ = true;
        renewal_ = renewal;
    }

    // On the I/O thread.
    void renewed(const Error *error, const Renewal &renewal) K8SC_REQUIRES(io_thread)
    {
        Ref<RenewedCredentials> self(this);
        renewing_ = false;
        have_ = !error;
        note_failure(error);
        if (have_) {
            renewal_ = renewal;
            renewed_at_ = now_ms();
            // Until then the last one given is the one that was refused, however often the next is asked for in vain.
            refused_ = false;
        }
        tell(error, renewal.credential);
    }

  private:
    void note_failure(const Error *error)
    {
        if (!error || first_pause_ms_ == 0) {
            failure_.reset();
            pause_ms_ = 0;
            return;
        }
        pause_ms_ = pause_ms_ ? std::min(2 * pause_ms_, longest_pause_ms) : first_pause_ms_;
        again_at_ = now_ms() + pause_ms_;
        failure_ = *error;
    }

    void tell(const Error *error, const Credential &credential)
    {
        std::vector<Ready> waiting = std::exchange(waiting_, {});
        for (auto &ready : waiting) ready(error, credential);
    }

    static constexpr int64_t shortest_between_refusals_ms = 5000;
    static constexpr int64_t longest_pause_ms = 30000;

    bool have_ = false;
    bool refused_ = false;
    bool renewing_ = false;
    Renewal renewal_;
    int64_t renewed_at_ = 0;
    const int64_t first_pause_ms_;
    int64_t pause_ms_ = 0, again_at_ = 0;
    std::optional<Error> failure_;  // the last one, where nothing has succeeded since
    std::vector<Ready> waiting_;
};

// Runs `job`, which answers a Renewal or throws, on a thread of its own, and then `done(error, renewal)` on the I/O
// thread.
template <class IoLoopRef, class Job, class Done>
void renew_blocking(const IoLoopRef &io_loop, Job job, Done done) K8SC_REQUIRES(io_thread)
{
    io_loop->run_blocking([io_loop, job = std::move(job), done = std::move(done)]() mutable {
        auto error = std::make_shared<Error>();
        Renewal renewal;
        try {
            renewal = job();
            error = nullptr;
        } catch (Error &failure) {
            *error = std::move(failure);
        } catch (const std::bad_alloc &) {
            *error = Error(K8SC_E_NOMEM, "out of memory");
        }
        io_loop->post([done = std::move(done), error, renewal] {
            assert_on_io_thread();
            done(error.get(), renewal);
        });
    });
}

}  // namespace k8sc
