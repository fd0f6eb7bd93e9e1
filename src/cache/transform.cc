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

Event k8sc_informer::TransformStage::task(Step step, Ref<Object> object, std::string_view version)
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
void k8sc_informer::TransformStage::push(Step step, Ref<Object> object, std::string_view version)
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

void k8sc_informer::TransformStage::list_begins()
{
    push(
        [](TransformStage &stage, const Ref<Object> &, const std::string &) {
            stage.list_is_void_ = false;
            stage.cache().list_begins();
        },
        {}, "");
}

void k8sc_informer::TransformStage::listed(const Ref<Object> &object)
{
    push([](TransformStage &stage, const Ref<Object> &object,
            const std::string &) { stage.cache().listed(stage.transformed(object)); },
         object, "");
}

void k8sc_informer::TransformStage::unlisted(const Ref<Object> &object)
{
    push([](TransformStage &stage, const Ref<Object> &object, const std::string &) { stage.cache().unlisted(object); },
         object, "");
}

void k8sc_informer::TransformStage::listed_unread(const Ref<Object> &names)
{
    push([](TransformStage &stage, const Ref<Object> &object,
            const std::string &) { stage.cache().listed_unread(object); },
         names, "");
}

void k8sc_informer::TransformStage::list_ends(const std::string &version)
{
    push(
        [](TransformStage &stage, const Ref<Object> &, const std::string &version) {
            if (!stage.list_is_void_) stage.cache().list_ends(version);
        },
        {}, version);
}

void k8sc_informer::TransformStage::changed(const Ref<Object> &object, std::string_view version)
{
    push([](TransformStage &stage, const Ref<Object> &object,
            const std::string &version) { stage.cache().changed(stage.transformed(object), version); },
         object, version);
}

void k8sc_informer::TransformStage::deleted(const Ref<Object> &object, std::string_view version)
{
    push([](TransformStage &stage, const Ref<Object> &object,
            const std::string &version) { stage.cache().deleted(stage.transformed(object), version); },
         object, version);
}

void k8sc_informer::TransformStage::deleted_unread(const Ref<Object> &names, std::string_view version)
{
    push([](TransformStage &stage, const Ref<Object> &object,
            const std::string &version) { stage.cache().deleted_unread(object, version); },
         names, version);
}

void k8sc_informer::TransformStage::bookmark(const std::string &version)
{
    push(
        [](TransformStage &stage, const Ref<Object> &, const std::string &version) { stage.cache().bookmark(version); },
        {}, version);
}

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

int k8sc_informer::TransformStage::deliver(Event &event)
{
    auto task = static_cast<Task *>(event.payload.get());
    Ref<k8sc_informer> informer = task->informer;
    try {
        task->step(*this, Ref<Object>(event.object.get()), task->version);
    } catch (const Error &) {
        // The client was closed: the transform is gone, and so is the reason to run it.
    } catch (const std::bad_alloc &) {
        // What the list under way lacks must not be taken for deleted; the next one has it.
        list_is_void_ = true;
        informer->list_again();
    }
    return 0;
}
