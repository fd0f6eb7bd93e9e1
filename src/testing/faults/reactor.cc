#include "testing/faults/reactor.h"

namespace k8sc::testing {

int64_t Reactors::add(ActionMatch match, React react)
{
    std::lock_guard lock(mutex_);
    const int64_t id = ++last_id_;
    entries_.push_back(std::make_shared<const Entry>(Entry{id, std::move(match), std::move(react)}));
    return id;
}

bool Reactors::remove(int64_t id)
{
    std::shared_ptr<const Entry> removed;  // let go of without the lock: its end runs code of the test
    std::lock_guard lock(mutex_);
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
        if ((*entry)->id != id) continue;
        removed = *entry;
        entries_.erase(entry);
        return true;
    }
    return false;
}

bool Reactors::empty() const
{
    std::lock_guard lock(mutex_);
    return entries_.empty();
}

std::optional<Reply> Reactors::react(const Request &request) const
{
    std::vector<std::shared_ptr<const Entry>> asked;
    {
        std::lock_guard lock(mutex_);
        for (const auto &entry : entries_)
            if (entry->match.fits(request)) asked.push_back(entry);
    }
    for (const auto &entry : asked)
        if (auto reply = entry->react(request)) return reply;
    return std::nullopt;
}

}  // namespace k8sc::testing
