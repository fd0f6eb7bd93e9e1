// The list in pages, as every server knows it.
#include "cache/partial_object.h"
#include "cache/reflector.h"
#include "resource/watch_end.h"
#include "rest/unread.h"

namespace k8sc {

void Reflector::list_in_pages()
{
    auto &list = enter<PagedList>();
    list.version = version_unavailable_ ? "" : last_version_.empty() ? "0" : last_version_;
    // Beside a limit, servers take a version for exactly that one: the list would be as old as the watch that has
    // failed, and the next watch would fail as it did.
    if (list.version != "0" && page_limit(list) > 0) list.version.clear();
    target_->list_begins();
    list_page();
}

int64_t Reflector::page_limit(const PagedList &list) const
{
    if (list.whole) return 0;
    if (rules_.page_size > 0) return rules_.page_size;
    // Servers answer version 0 from their cache, in one piece and whatever the limit; one that paged has no cache.
    if (first_list_was_paged_) return default_page_size;
    bool from_cache = !list.version.empty() && list.version != "0";
    return from_cache ? 0 : default_page_size;
}

void Reflector::list_page()
{
    const auto *list = std::get_if<PagedList>(&state_);
    if (!list) return;
    Options options = base_options();
    if (int64_t limit = page_limit(*list)) options.limit = limit;
    if (!list->continue_token.empty())
        options.continue_token = list->continue_token;
    else if (!list->version.empty())
        options.resource_version = list->version;
    Ref<Reflector> self(this);
    uint64_t number = calls_ + 1;
    auto sink = std::make_shared<ListSink>(client()->list_bounds().after(list->bytes), rules_.prune,
                                           [self, number](Ref<Object> object) {
                                               assert_on_io_thread();
                                               return self->calls_ != number || self->item(std::move(object));
                                           });
    sink->set_unread_handler([self, number](Unread &&item) {
        assert_on_io_thread();
        if (self->calls_ == number) self->unread_item(std::move(item));
    });
    try {
        CallSpec spec = resource_->list_request(options, verb_list).spec();
        if (rules_.prune && rules_.prune->metadata_only) spec.accept = partial_object_list;
        spec.http.fresh_connection = std::exchange(distrusts_connection_, false);
        start_call(std::move(spec), sink, [self, sink](CallResult &result) {
            assert_on_io_thread();
            self->page_done(result, result.error ? ListContent() : sink->take());
        });
    } catch (const Error &error) {
        page_failed(error);
    }
}

void Reflector::page_done(CallResult &result, ListContent content)
{
    if (result.error) return page_failed(*result.error);
    auto &list = std::get<PagedList>(state_);
    bool first = list.continue_token.empty();
    if (first) list.listed_version = content.resource_version;
    list.bytes = content.bytes;
    list.continue_token = std::move(content.continue_token);
    if (list.continue_token.empty()) {
        list_ended(list.listed_version);
        watch();
        return list_unread_again();
    }
    if (first && list.version == "0") first_list_was_paged_ = true;
    try {
        list.tokens.follow(list.continue_token, concat("list ", resource_->resource()));
    } catch (const Error &error) {
        return page_failed(error);
    }
    list_page();
}

void Reflector::page_failed(const Error &error)
{
    if (is_unavailable(error)) {
        auto &list = std::get<PagedList>(state_);
        if (!list.continue_token.empty() && !list.whole) {
            // The pages took too long: the whole list at once.
            list.continue_token.clear();
            list.tokens.clear();
            list.bytes = 0;
            list.whole = true;
            target_->list_begins();
            return list_page();
        }
        if (!list.version.empty()) {
            version_unavailable_ = true;
            return this->list();
        }
    }
    list_later(&error);
}

bool Reflector::item(Ref<Object> object)
{
    note_event();
    if (std::string fault = metadata_fault(*object); !fault.empty()) {
        unread_item(Unread("an item of the list", object->json(), Error(K8SC_E_DECODE, fault)));
        return true;
    }
    if (!object->name().empty()) return target_->listed(std::move(object));
    target_->failed(Error(K8SC_E_DECODE, concat("an item of a list without metadata.name: ", kind_and_size(*object))));
    return true;
}

void Reflector::unread_item(Unread &&item)
{
    note_event();
    note_unread(item);
    target_->listed_unread(item.stub());
}

}  // namespace k8sc
