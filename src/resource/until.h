// Waits until objects are in some state: a list, then a watch that resumes, and a list again where the watch cannot go
// on.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "resource/resource.h"

namespace k8sc {

struct UntilSpec {
    Ref<Resource> resource;
    std::string name;  // of the one object; "" for all that the options select
    Options options;
    std::string what;  // that is waited for, for messages: "the condition Ready=True"
    int64_t timeout_ms = -1;
};

class Until {
  public:
    // The state of one object: ADDED, MODIFIED or DELETED. True where it is what was waited for. What it throws ends
    // the wait.
    using Condition = std::function<bool(const Event &state)>;
    // Asked after each list has been told: true ends the wait without an object.
    using AfterList = std::function<bool()>;

    // Fails with K8SC_E_INVALID where the options do not apply.
    explicit Until(UntilSpec spec);

    // Blocks. Fails with K8SC_E_TIMEOUT, K8SC_E_CANCELLED, and what lists and watches fail with.
    Ref<Object> run(const Condition &condition, const AfterList &after_list = {});
    // What is said of the last state when the time is over.
    void note(std::string seen) { seen_ = std::move(seen); }

  private:
    using Key = std::pair<std::string, std::string>;

    bool list(const Condition &condition);
    ListContent fetch() const;
    Options selecting() const;
    bool is_wanted(const Object &object) const { return spec_.name.empty() || object.name() == spec_.name; }
    bool compare(ListContent &&content, const Condition &condition);
    bool tell(int32_t kind, Ref<Object> object, bool from_list, const Condition &condition);
    // True: done. False: the version is too old.
    bool watch(const Condition &condition, int64_t wait_ms);
    [[noreturn]] void time_out(const Error *failure = nullptr) const;
    int64_t left_ms() const;
    std::string named() const;

    const UntilSpec spec_;
    const int64_t deadline_;
    std::map<Key, Ref<Object>> known_;
    std::string version_;
    bool listed_before_ = false;
    bool heard_ = false;  // something came from the last watch
    Ref<Object> found_;
    std::string seen_;
};

}  // namespace k8sc
