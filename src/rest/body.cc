#include "rest/body.h"

#include <algorithm>

#include "core/clock_us.h"
#include "core/visible.h"

namespace k8sc {
namespace {

constexpr size_t largest_body = size_t(1) << 30;

std::string too_large(size_t size, size_t limit, bool ended)
{
    return concat("an object of ", ended ? "" : "more than ", std::to_string(size), " bytes is above the limit of ",
                  std::to_string(limit), " bytes");
}

}  // namespace

void need_json(const HttpHead &head, std::string_view beginning)
{
    const std::string *type = head.header("content-type");
    std::string kind = type ? type->substr(0, type->find(';')) : "";
    if (kind.empty() || kind == "application/json" || kind == "text/json" || kind.ends_with("+json")) return;
    fail(K8SC_E_DECODE, concat("the answer is ", visible(kind), " and not JSON: ", quote(beginning, 200)));
}

bool BufferSink::data(std::string_view data)
{
    if (body_.size() + data.size() > largest_body) fail(K8SC_E_TOO_LARGE, "the answer is larger than 1 GiB; stream it");
    body_.append(data);
    return true;
}

bool BufferSink::restart()
{
    body_.clear();
    return true;
}

bool OneObjectSink::data(std::string_view data)
{
    if (size_ == 0 && !any_type_) need_json(head_, data);
    size_ += data.size();
    if (size_ <= max_bytes_)
        body_.append(data);
    else if (size_ / 64 > max_bytes_)
        fail(K8SC_E_TOO_LARGE, too_large(size_, max_bytes_, false));
    return true;
}

bool OneObjectSink::end()
{
    if (size_ > max_bytes_) fail(K8SC_E_TOO_LARGE, too_large(size_, max_bytes_, true));
    if (size_ == 0) fail(K8SC_E_DECODE, "an empty answer instead of an object");
    body_.reserve(body_.size() + json_padding);
    object_ = Decoder().wire(body_, {});
    // A Status that says Failure under a successful HTTP status is still a failure.
    if (is_failure_status(*object_)) throw error_from_status(*object_);
    return true;
}

bool OneObjectSink::restart()
{
    size_ = 0;
    body_.clear();
    return true;
}

ListSink::ListSink(const ListBounds &bounds, std::shared_ptr<const PruneRules> prune, Handler handler)
    : bounds_(bounds), handler_(std::move(handler))
{
    rules_.prune = std::move(prune);
    begin();
}

void ListSink::begin()
{
    splitter_ = std::make_unique<ListSplitter>(bounds_.object_bytes, [this](std::string_view padded) { item(padded); });
    // Where it ends is as certain as the list's own end.
    splitter_->set_oversize_sink([this](std::string_view beginning, size_t size) {
        count(size);
        unread(beginning, Error(K8SC_E_TOO_LARGE, too_large(size, bounds_.object_bytes, true)), true);
    });
    content_ = {};
    items_ = 0;
    bytes_ = bounds_.before;
    without_kind_.clear();
    named_ = given_ = 0;
    rules_.kind.clear();
    rules_.api_version.clear();
    begun_ = learned_ = false;
}

void ListSink::set_unread_handler(UnreadHandler handler) { unread_handler_ = std::move(handler); }

bool ListSink::restart()
{
    if (handed_on_) return false;
    begin();
    return true;
}

bool ListSink::data(std::string_view data)
{
    paused_ = false;
    if (!begun_) need_json(head_, data);
    begun_ = true;
    splitter_->feed(data.data(), data.size());
    return !paused_;
}

void ListSink::learn_kind()
{
    std::string kind = splitter_->member("kind");
    // The items of a PodList are Pods, and say so only where they are custom resources.
    if (kind.ends_with("List\"")) rules_.kind = kind.substr(0, kind.size() - 5) + "\"";
    if (rules_.kind == "\"\"") rules_.kind.clear();
    if (!rules_.kind.empty()) rules_.api_version = splitter_->member("apiVersion");
}

void ListSink::item(std::string_view padded)
{
    if (!std::exchange(learned_, true)) learn_kind();
    rules_.compact = splitter_->is_compact();
    count(padded.size());
    Ref<Object> object;
    try {
        object = decoder_.wire(padded, rules_);
    } catch (const Error &error) {
        return unread(padded, error, is_sound_json(padded));
    }
    if (rules_.kind.empty() && !object->root().member("kind")) without_kind_.push_back(content_.objects.size());
    // Those that do not know their kind yet wait for the list's end, and the others stay behind them.
    if (handler_ && without_kind_.empty())
        emit(std::move(object));
    else
        content_.objects.push_back(std::move(object));
}

void ListSink::count(size_t size)
{
    items_++;
    bytes_ += std::max(static_cast<int64_t>(size), ListBounds::least_item);
    if (bytes_ > bounds_.list_bytes)
        fail(K8SC_E_TOO_LARGE,
             concat("the list is above the limit of ", std::to_string(bounds_.list_bytes),
                    " bytes, where an item counts for ", std::to_string(ListBounds::least_item), " at least"));
}

// What is broken JSON besides may have swallowed others: that list is none.
void ListSink::unread(std::string_view text, const Error &error, bool is_sound)
{
    Unread item(concat("item ", std::to_string(items_ - 1), " of the list"), text, error);
    if (!unread_handler_ || !is_sound) throw item.error;
    handed_on_ = true;
    unread_handler_(std::move(item));
}

void ListSink::emit(Ref<Object> object)
{
    handed_on_ = true;
    if (!handler_(std::move(object))) paused_ = true;
}

void ListSink::read_envelope()
{
    if (!begun_) fail(K8SC_E_DECODE, "an empty answer instead of a list");
    splitter_->finish();
    std::string envelope = splitter_->envelope();
    envelope.reserve(envelope.size() + json_padding);
    Ref<Object> list = decoder_.wire(envelope, {});
    if (is_failure_status(*list)) throw error_from_status(*list);
    std::string kind = list->root().member("kind").string().value_or("");
    int32_t items = list->root().member("items").type();
    if (items != K8SC_TYPE_ARRAY && items != K8SC_TYPE_NULL && items != K8SC_TYPE_ABSENT)
        fail(K8SC_E_DECODE, "the answer's items are not an array");
    if (!kind.empty() && !kind.ends_with("List"))
        fail(K8SC_E_DECODE, concat("the answer is a ", kind, " and not a list"));
    Cursor metadata = list->root().member("metadata");
    content_.resource_version = metadata.member("resourceVersion").string().value_or("");
    content_.continue_token = metadata.member("continue").string().value_or("");
    content_.remaining = metadata.member("remainingItemCount").integer().value_or(-1);
    content_.bytes = bytes_;
    if (!without_kind_.empty()) learn_kind();
    if (rules_.kind.empty()) without_kind_.clear();
    splitter_.reset();
}

void ListSink::name_kind(Ref<Object> &object)
{
    std::string text(object->json());
    text.reserve(text.size() + json_padding);
    // What was to be left out of it has been.
    object = decoder_.wire(text, DecodeRules{rules_.api_version, rules_.kind, nullptr, true});
}

// Items that came ahead of the list's kind are work that grows with the list.
bool ListSink::end()
{
    if (splitter_) read_envelope();
    int64_t began = now_us();
    while (named_ < without_kind_.size()) {
        if (now_us() - began >= longest_turn_us) return false;
        name_kind(content_.objects[without_kind_[named_++]]);
    }
    while (handler_ && given_ < content_.objects.size()) {
        if (now_us() - began >= longest_turn_us) return false;
        emit(std::move(content_.objects[given_++]));
    }
    if (handler_) content_.objects.clear();
    return true;
}

ListContent parse_list(std::string_view body, const ListBounds &bounds)
{
    ListSink sink(bounds, nullptr);
    sink.data(body);
    while (!sink.end()) continue;
    return sink.take();
}

}  // namespace k8sc
