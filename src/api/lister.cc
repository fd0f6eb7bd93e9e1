// k8sc_lister_*, k8sc_strings_*.
#include "api/guard.h"
#include "api/list.h"
#include "cache/informer.h"

using namespace k8sc;
using namespace k8sc::api;

// Keeps the cache, and not the informer running.
struct k8sc_lister : Handle {
    k8sc_lister(Ref<Store> store_, ResourceKey key_) : store(std::move(store_)), key(std::move(key_)) {}
    const Ref<Store> store;
    const ResourceKey key;
};

namespace {

// As the server would say it.
Error not_found(const ResourceKey &key, std::string_view name)
{
    Error error(K8SC_E_API, concat(key.group.empty() ? key.resource : concat(key.resource, ".", key.group), " ",
                                   quote(name), " not found in the cache"));
    error.http_status = 404;
    error.reason = "NotFound";
    return error;
}

// A cache knows these of each object; what else field selectors may select by is the server's affair.
StoreQuery query_of(const char *ns, const k8sc_options *options)
{
    StoreQuery query;
    query.ns = text_or_empty(ns);
    if (!options) return query;
    Options rest = *options;
    query.labels = LabelSelector::parse(rest.label_selector.value_or(""));
    query.fields = FieldSelector::parse(rest.field_selector.value_or(""));
    rest.label_selector.reset();
    rest.field_selector.reset();
    if (!(rest == Options())) fail(K8SC_E_INVALID, "a lister takes no options but label_selector and field_selector");
    for (auto &term : query.fields.terms())
        if (term.path != "metadata.name" && term.path != "metadata.namespace")
            fail(K8SC_E_INVALID, concat("a lister selects by metadata.name and metadata.namespace, not by ",
                                        quote(term.path), "; an index does"));
    return query;
}

}  // namespace

extern "C" {

k8sc_status k8sc_informer_lister(k8sc_informer *informer, k8sc_lister **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(informer, "informer");
        *out = hand_out(make<k8sc_lister>(informer->store(), informer->key()));
    });
}

k8sc_lister *k8sc_lister_ref(k8sc_lister *lister)
{
    if (lister) lister->user_retain();
    return lister;
}

void k8sc_lister_unref(k8sc_lister *lister)
{
    if (lister) lister->user_release();
}

k8sc_status k8sc_lister_get(k8sc_lister *lister, const char *ns, const char *name, k8sc_object **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(lister, "lister");
        need(name, "name");
        CachedObject stored = lister->store->get(text_or_empty(ns), name);
        if (!stored) throw not_found(lister->key, name);
        *out = stored.object().detach();
    });
}

k8sc_status k8sc_lister_list(k8sc_lister *lister, const char *ns, const char *label_selector, k8sc_list **out,
                             k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(lister, "lister");
        StoreQuery query;
        query.ns = text_or_empty(ns);
        query.labels = LabelSelector::parse(text_or_empty(label_selector));
        *out = new_list(lister->store->list(query));
    });
}

k8sc_status k8sc_lister_select(k8sc_lister *lister, const char *ns, const k8sc_options *options, k8sc_list **out,
                               k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(lister, "lister");
        *out = new_list(lister->store->list(query_of(ns, options)));
    });
}

k8sc_status k8sc_lister_by_index(k8sc_lister *lister, const char *index, const char *value, k8sc_list **out,
                                 k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(lister, "lister");
        need(index, "index");
        need(value, "value");
        *out = new_list(lister->store->by_index(index, value));
    });
}

k8sc_status k8sc_lister_index_values(k8sc_lister *lister, const char *index, k8sc_strings **out, k8sc_error **err)
{
    return guard(err, [&] {
        need_out(out);
        need_handle(lister, "lister");
        need(index, "index");
        *out = new Strings{lister->store->index_values(index)};
    });
}

int64_t k8sc_lister_size(const k8sc_lister *lister)
{
    return lister && !lister->forked() ? static_cast<int64_t>(lister->store->size()) : -1;
}

int64_t k8sc_strings_size(const k8sc_strings *strings)
{
    return strings ? static_cast<int64_t>(strings->values.size()) : -1;
}

const char *k8sc_strings_at(const k8sc_strings *strings, int64_t index, size_t *len)
{
    if (len) *len = 0;
    if (!strings || index < 0 || static_cast<size_t>(index) >= strings->values.size()) return nullptr;
    auto &value = strings->values[static_cast<size_t>(index)];
    if (len) *len = value.size();
    return value.c_str();
}

k8sc_status k8sc_strings_add(k8sc_strings *strings, const char *value, size_t len)
{
    return guard(nullptr, [&] {
        need(strings, "strings");
        need(value, "value");
        strings->values.emplace_back(value, len);
    });
}

void k8sc_strings_free(k8sc_strings *strings) { delete strings; }

}  // extern "C"
