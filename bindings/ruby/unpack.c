/* Answers that are Ruby's own values: events, texts, mappings, results of manifests. Each is freed once it is copied.
 */
#include "k8sc_rb.h"

static VALUE bool_of(int value) { return value ? Qtrue : Qfalse; }

static VALUE referenced(k8sc_object *object) { return k8sc_rb_object(k8sc_object_ref(object)); }

/* What an event has besides its object. */
static VALUE more_of(const k8sc_event *event, int32_t kind)
{
    const k8sc_error *error = k8sc_event_error(event);
    size_t len = 0;
    const char *data;
    if (error) return k8sc_rb_error(error);
    switch (kind) {
    case K8SC_EVENT_ADD: return bool_of(k8sc_event_is_initial(event));
    case K8SC_EVENT_UPDATE: return referenced(k8sc_event_old_object(event));
    case K8SC_EVENT_DELETE: return bool_of(k8sc_event_is_inferred(event));
    case K8SC_EVENT_DATA: data = k8sc_event_data(event, &len); return rb_utf8_str_new(data, (long)len);
    case K8SC_EVENT_WARNING:
    case K8SC_EVENT_TRACE: return k8sc_rb_text(k8sc_event_text(event));
    case K8SC_EVENT_LOG:
        return rb_ary_new_from_args(3, INT2NUM(k8sc_event_level(event)), k8sc_rb_text(k8sc_event_component(event)),
                                    k8sc_rb_text(k8sc_event_text(event)));
    default: return Qnil;
    }
}

VALUE k8sc_rb_event(k8sc_event *event)
{
    int32_t kind = k8sc_event_kind(event);
    VALUE made;
    if (!event) return Qnil;
    made = rb_ary_new_from_args(4, LL2NUM((long long)(intptr_t)k8sc_event_user_data(event)), INT2NUM(kind),
                                referenced(k8sc_event_object(event)), more_of(event, kind));
    k8sc_event_free(event);
    return made;
}

VALUE k8sc_rb_list(k8sc_list *list)
{
    int64_t i, size = k8sc_list_size(list), remaining = k8sc_list_remaining_item_count(list);
    VALUE items, made;
    if (!list) return Qnil;
    items = rb_ary_new_capa((long)size);
    for (i = 0; i < size; i++) rb_ary_push(items, referenced(k8sc_list_at(list, i)));
    made = rb_ary_new_from_args(4, items, k8sc_rb_text(k8sc_list_resource_version(list)),
                                k8sc_rb_text(k8sc_list_continue(list)), remaining < 0 ? Qnil : LL2NUM(remaining));
    k8sc_list_free(list);
    return made;
}

VALUE k8sc_rb_strings(k8sc_strings *strings)
{
    int64_t i, size = k8sc_strings_size(strings);
    VALUE made;
    if (!strings) return Qnil;
    made = rb_ary_new_capa((long)size);
    for (i = 0; i < size; i++) {
        size_t len = 0;
        const char *text = k8sc_strings_at(strings, i, &len);
        rb_ary_push(made, rb_utf8_str_new(text, (long)len));
    }
    k8sc_strings_free(strings);
    return made;
}

static void set(VALUE hash, const char *key, VALUE value) { rb_hash_aset(hash, ID2SYM(rb_intern(key)), value); }

static VALUE mapping_of(const k8sc_rest_mapping *mapping)
{
    VALUE made = rb_hash_new();
    set(made, "group", k8sc_rb_text(k8sc_rest_mapping_group(mapping)));
    set(made, "version", k8sc_rb_text(k8sc_rest_mapping_version(mapping)));
    set(made, "resource", k8sc_rb_text(k8sc_rest_mapping_resource(mapping)));
    set(made, "kind", k8sc_rb_text(k8sc_rest_mapping_kind(mapping)));
    set(made, "singular", k8sc_rb_text(k8sc_rest_mapping_singular(mapping)));
    set(made, "namespaced", bool_of(k8sc_rest_mapping_is_namespaced(mapping)));
    return made;
}

VALUE k8sc_rb_mapping(k8sc_rest_mapping *mapping)
{
    VALUE made;
    if (!mapping) return Qnil;
    made = mapping_of(mapping);
    k8sc_rest_mapping_free(mapping);
    return made;
}

VALUE k8sc_rb_mappings(k8sc_rest_mappings *mappings)
{
    int64_t i, size = k8sc_rest_mappings_size(mappings);
    VALUE made;
    if (!mappings) return Qnil;
    made = rb_ary_new_capa((long)size);
    for (i = 0; i < size; i++) rb_ary_push(made, mapping_of(k8sc_rest_mappings_at(mappings, i)));
    k8sc_rest_mappings_free(mappings);
    return made;
}

/* Each is [source, object, error]. */
VALUE k8sc_rb_results(k8sc_manifest_results *results)
{
    int64_t i, size = k8sc_manifest_results_size(results);
    VALUE made;
    if (!results) return Qnil;
    made = rb_ary_new_capa((long)size);
    for (i = 0; i < size; i++) {
        const k8sc_error *error = k8sc_manifest_results_error(results, i);
        rb_ary_push(made, rb_ary_new_from_args(3, referenced(k8sc_manifest_results_source(results, i)),
                                               referenced(k8sc_manifest_results_object(results, i)),
                                               error ? k8sc_rb_error(error) : Qnil));
    }
    k8sc_manifest_results_free(results);
    return made;
}
