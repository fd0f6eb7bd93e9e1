#include "cache/transform.h"

using namespace k8sc;

k8sc_informer::TransformStage::TransformStage(std::shared_ptr<Transform> transform, Ref<Queue> queue,
                                              Ref<Backpressure> backpressure)
    : Subscription(Callback()),
      transform_(std::move(transform)),
      queue_(std::move(queue)),
      backpressure_(std::move(backpressure))
{
    has_tasks_ = true;
}

Event k8sc_informer::TransformStage::task(Step step, Ref<Object> object, const std::string &version)
{
    auto payload = std::make_unique<Task>();
    payload->step = step;
    payload->version = version;
    payload->informer = Ref<k8sc_informer>(informer_);
    Event event;
    event.purpose = Event::Purpose::task;
    event.subscription = Ref<Subscription>(this);
    event.object = CachedObject(std::move(object));
    event.payload = std::move(payload);
    return event;
}

// One event for each object, so that a dispatch can be as short as its caller likes.
void k8sc_informer::TransformStage::push(Step step, Ref<Object> object, const std::string &version)
{
    Event event = task(step, std::move(object), version);
    waiting_.fetch_add(1, std::memory_order_relaxed);
    try {
        queue_->push(std::move(event));
    } catch (...) {
        waiting_.fetch_sub(1, std::memory_order_relaxed);
        throw;
    }
}

void k8sc_informer::TransformStage::done_with(const Event &)
{
    if (waiting_.fetch_sub(1) - 1 <= most_waiting / 2) backpressure_->resume();
}

void k8sc_informer::TransformStage::list_begins() { push(Step::list_begin, {}, ""); }

void k8sc_informer::TransformStage::listed(Ref<Object> object) { push(Step::listed, std::move(object), ""); }

void k8sc_informer::TransformStage::unlisted(Ref<Object> object) { push(Step::unlisted, std::move(object), ""); }

void k8sc_informer::TransformStage::listed_unread(Ref<Object> names)
{
    push(Step::listed_unread, std::move(names), "");
}

void k8sc_informer::TransformStage::list_ends(const std::string &version) { push(Step::list_end, {}, version); }

void k8sc_informer::TransformStage::changed(Ref<Object> object) { push(Step::changed, std::move(object), ""); }

void k8sc_informer::TransformStage::deleted(Ref<Object> object) { push(Step::deleted, std::move(object), ""); }

void k8sc_informer::TransformStage::deleted_unread(Ref<Object> names)
{
    push(Step::deleted_unread, std::move(names), "");
}

void k8sc_informer::TransformStage::bookmark(const std::string &version) { push(Step::bookmark, {}, version); }

Ref<Object> k8sc_informer::TransformStage::transformed(const Ref<Object> &object)
{
    Object *other = nullptr;
    int answer = transform_->call(object.get(), &other);
    Ref<Object> result = other ? Ref<Object>::adopt(other) : object;
    std::string why;
    if (answer)
        why = "the transform callback returned " + std::to_string(answer);
    else if (result->name() != object->name() || result->ns() != object->ns())
        why = "the transform callback changed the name or the namespace";
    if (why.empty()) return result;
    std::string where(object->ns().empty() ? "" : concat(object->ns(), "/"));
    informer_->failed(Error(K8SC_E_CALLBACK, concat(why, " for ", where, object->name(), "; it is kept as it came")));
    return object;
}

void k8sc_informer::TransformStage::run(Step step, const Ref<Object> &object, const std::string &version)
{
    switch (step) {
    case Step::list_begin: list_is_void_ = false; return informer_->store()->begin_staging();
    case Step::listed: return informer_->store()->stage(transformed(object));
    case Step::unlisted: return informer_->store()->unstage(*object);
    case Step::listed_unread: return informer_->store()->stage_known(*object);
    case Step::list_end:
        if (!list_is_void_) informer_->apply_replaced(version);
        return;
    case Step::changed: return informer_->apply_changed(transformed(object), object->resource_version());
    case Step::deleted: return informer_->apply_deleted(transformed(object), object->resource_version());
    case Step::deleted_unread: return informer_->apply_deleted_unread(object, object->resource_version());
    case Step::bookmark: return informer_->apply_bookmark(version);
    }
}

int k8sc_informer::TransformStage::deliver(Event &event)
{
    auto task = static_cast<Task *>(event.payload.get());
    Ref<k8sc_informer> informer = task->informer;
    try {
        run(task->step, Ref<Object>(event.object.get()), task->version);
    } catch (const Error &) {
        // The client was closed: the transform is gone, and so is the reason to run it.
    } catch (const std::bad_alloc &) {
        // What the list under way lacks must not be taken for deleted; the next one has it.
        list_is_void_ = true;
        informer->list_again();
    }
    return 0;
}
