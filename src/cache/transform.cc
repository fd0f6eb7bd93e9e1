#include "cache/transform.h"

using namespace k8sc;

k8sc_informer::TransformStage::TransformStage(std::shared_ptr<Transform> transform, Ref<Queue> queue)
    : Subscription(Callback()), transform_(std::move(transform)), queue_(std::move(queue))
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
    event.kind = Event::task;
    event.subscription = Ref<Subscription>(this);
    event.object = std::move(object);
    event.payload = std::move(payload);
    return event;
}

void k8sc_informer::TransformStage::replaced(std::vector<Ref<Object>> objects, const std::string &version)
{
    // One event for each object, so that a dispatch can be as short as its caller likes.
    std::vector<Event> events;
    for (auto &object : objects) events.push_back(task(Step::listed, std::move(object), ""));
    events.push_back(task(Step::list_end, {}, version));
    queue_->push(std::move(events));
}

void k8sc_informer::TransformStage::changed(Ref<Object> object) { queue_->push(task(Step::changed, std::move(object), "")); }

void k8sc_informer::TransformStage::deleted(Ref<Object> object) { queue_->push(task(Step::deleted, std::move(object), "")); }

void k8sc_informer::TransformStage::bookmark(const std::string &version) { queue_->push(task(Step::bookmark, {}, version)); }

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
        switch (task->step) {
        case Step::listed:
            listed_.push_back(transformed(event.object));
            break;
        case Step::list_end:
            informer->apply_replaced(std::exchange(listed_, {}), task->version);
            break;
        case Step::changed:
            informer->apply_changed(transformed(event.object), event.object->resource_version());
            break;
        case Step::deleted:
            informer->apply_deleted(transformed(event.object), event.object->resource_version());
            break;
        case Step::bookmark:
            informer->apply_bookmark(task->version);
            break;
        }
    } catch (const Error &) {
        // The client was closed: the transform is gone, and so is the reason to run it.
    }
    return 0;
}
