#include "resource/until.h"

#include "core/backoff.h"
#include "core/clock.h"
#include "net/cancel_scope.h"
#include "resource/retry_watch.h"

namespace k8sc {
namespace {

// A list that was asked for because a watch could not go on is asked for until it is answered: that is no time to give
// up.
RetryPolicy persistent()
{
    RetryPolicy policy;
    policy.max_retries = INT32_MAX;
    policy.retry_after_cap_ms = -1;
    policy.statuses = {429, 500, 502, 503, 504};
    policy.unsent = true;
    // A minute.
    policy.starting_retries = 6;
    return policy;
}

// A server that has just begun, or a resource that was just defined, may be asked for too soon: some seconds.
RetryPolicy patient(RetryPolicy policy)
{
    policy.starting_retries = 3;
    return policy;
}

constexpr int64_t short_attempt_ms = 1000;

}  // namespace

Until::Until(UntilSpec spec) : spec_(std::move(spec)), deadline_(deadline_after(spec_.timeout_ms))
{
    auto &options = spec_.options;
    options.check(verb_list);
    if (options.continue_token)
        fail(K8SC_E_INVALID, "option continue does not apply to a wait, which needs the whole list");
    if (spec_.name.empty()) return;
    auto fault = segment_fault(spec_.name);
    if (!fault.empty()) fail(K8SC_E_INVALID, concat("name ", quote(spec_.name), " ", fault));
    if (options.label_selector) fail(K8SC_E_INVALID, "option label_selector does not go with a name");
    if (options.field_selector) fail(K8SC_E_INVALID, "option field_selector does not go with a name");
}

std::string Until::named() const
{
    auto &resource = *spec_.resource;
    std::string text = resource.resource();
    if (!resource.ns().empty() || !spec_.name.empty()) text += " ";
    if (!resource.ns().empty()) text += resource.ns() + "/";
    return text + spec_.name;
}

int64_t Until::left_ms() const { return deadline_ == never ? never : deadline_ - now_ms(); }

void Until::time_out(const Error *failure) const
{
    std::string text =
        concat("wait for ", named(), ": no ", spec_.what, " within ", std::to_string(spec_.timeout_ms), " ms");
    if (!spec_.name.empty() && listed_before_ && known_.empty())
        text += "; there is no such object";
    else if (!seen_.empty())
        text += "; " + seen_;
    if (failure) text += "; " + failure->message;
    fail(K8SC_E_TIMEOUT, text);
}

Options Until::selecting() const
{
    Options options = spec_.options;
    if (!spec_.name.empty()) options.field_selector = "metadata.name=" + spec_.name;
    return options;
}

ListContent Until::fetch() const
{
    Options options = selecting();
    bool may_give_up = !listed_before_ || options.retry || options.max_retries;
    if (listed_before_) {
        options.resource_version.reset();
        options.resource_version_match.reset();
        if (!options.retry) options.retry = persistent();
    } else if (!options.retry && !options.max_retries && spec_.timeout_ms != 0) {
        options.retry = patient(spec_.resource->client()->config().retry);
    }
    // Not to wait at all means to look once; that may take its time.
    bool bounded = deadline_ != never && spec_.timeout_ms > 0;
    int64_t own = options.timeout_ms.value_or(spec_.resource->client()->config().timeout_ms);
    while (true) {
        int64_t began = now_ms();
        if (bounded) {
            int64_t left = std::max<int64_t>(1, left_ms());
            options.timeout_ms = own < 0 ? left : std::min(own, left);
        }
        try {
            return spec_.resource->list_all(options);
        } catch (const Error &error) {
            if (!is_retriable(error)) throw;
            if (bounded && left_ms() <= 0) time_out(&error);
            if (may_give_up) throw;
            // It fell silent; or there was no time to try again.
            if (error.code == K8SC_E_TIMEOUT && now_ms() - began >= short_attempt_ms) continue;
            if (bounded) time_out(&error);
            throw;
        }
    }
}

bool Until::tell(int32_t kind, Ref<Object> object, bool from_list, const Condition &condition)
{
    Event state;
    state.kind = kind;
    state.initial = from_list && !listed_before_;
    state.inferred = from_list && kind == K8SC_EVENT_DELETED;
    state.object = object;
    if (!condition(state)) return false;
    found_ = std::move(object);
    return true;
}

// What must have happened between what is known and a list.
bool Until::compare(ListContent &&content, const Condition &condition)
{
    std::map<Key, Ref<Object>> now;
    for (auto &object : content.objects) now[{std::string(object->ns()), std::string(object->name())}] = object;
    auto before = std::exchange(known_, std::move(now));
    for (auto &[key, object] : before) {
        auto at = known_.find(key);
        bool is_same = at != known_.end() && at->second->uid() == object->uid();
        if (!is_same && tell(K8SC_EVENT_DELETED, object, true, condition)) return true;
    }
    for (auto &object : content.objects) {
        auto at = before.find({std::string(object->ns()), std::string(object->name())});
        bool is_new = at == before.end() || at->second->uid() != object->uid();
        if (!is_new && at->second->resource_version() == object->resource_version()) continue;
        if (tell(is_new ? K8SC_EVENT_ADDED : K8SC_EVENT_MODIFIED, object, true, condition)) return true;
    }
    return false;
}

bool Until::list(const Condition &condition)
{
    ListContent content = fetch();
    version_ = content.resource_version;
    if (version_.empty() || version_ == "0")
        fail(K8SC_E_DECODE,
             concat("a list of ", spec_.resource->resource(), " without a resourceVersion to watch from"));
    std::erase_if(content.objects, [this](auto &object) { return !is_wanted(*object); });
    bool done = compare(std::move(content), condition);
    listed_before_ = true;
    return done;
}

bool Until::watch(const Condition &condition, int64_t wait_ms)
{
    Options options = selecting();
    options.limit.reset();
    options.resource_version_match.reset();
    options.retry.reset();
    options.resource_version = version_;
    options.allow_watch_bookmarks = true;
    options.queue = make<Queue>();
    heard_ = false;
    Ref<Watch> watch = start_retry_watch(spec_.resource, options, {}, wait_ms);
    struct Stopped {
        Watch &watch;
        Queue &queue;
        ~Stopped()
        {
            watch.cancel();
            queue.close(0);
        }
    } stopped{*watch, *options.queue};
    CancelAlarm alarm([queue = options.queue] { queue->wakeup(); });

    while (true) {
        int64_t left = left_ms();
        if (left <= 0) time_out();
        auto event = options.queue->take();
        if (!event) {
            need_not_cancelled();
            options.queue->wait(left == never ? -1 : left);
            continue;
        }
        if (event->kind == K8SC_EVENT_CLOSED) {
            if (event->error && is_gone(*event->error)) return false;
            if (event->error) throw *event->error;
            fail(K8SC_E_INTERNAL, "a watch that resumes ended without an error");
        }
        if (event->kind == K8SC_EVENT_ERROR) continue;
        heard_ = true;
        if (event->kind == K8SC_EVENT_BOOKMARK || !is_wanted(*event->object.get())) continue;
        Ref<Object> object(event->object.get());
        Key key(object->ns(), object->name());
        auto before = known_.find(key);
        if (before != known_.end() && before->second->uid() != object->uid()) {
            // The deletion was not told, but another has the name.
            Ref<Object> gone = before->second;
            known_.erase(before);
            if (tell(K8SC_EVENT_DELETED, std::move(gone), true, condition)) return true;
        }
        if (event->kind == K8SC_EVENT_DELETED)
            known_.erase(key);
        else
            known_[key] = object;
        if (tell(event->kind, std::move(object), false, condition)) return true;
    }
}

Ref<Object> Until::run(const Condition &condition, const AfterList &after_list)
{
    Backoff backoff;
    int64_t wait = 0;
    while (true) {
        if (list(condition)) return std::move(found_);
        if (after_list && after_list()) return {};
        if (spec_.timeout_ms == 0) time_out();
        if (watch(condition, wait)) return std::move(found_);
        // A watch that is too old is an accident; those of a server that says so at once, each time, are put off.
        if (heard_) backoff.reset();
        wait = heard_ ? 0 : backoff.next_ms();
    }
}

}  // namespace k8sc
