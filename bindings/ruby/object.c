/*
 * K8sc::Object: an object of a frozen document, read where it lies. A view is a place in the document and one reference
 * to it; what is asked for is converted then. The class has its other half in lib/k8sc/object.rb.
 */
#include <ctype.h>
#include <string.h>

#include "k8sc_rb.h"

/* What Kubernetes' schema says of what a view shows: NULL where nothing is known. A root finds its type when it is
 * first asked for. */
typedef struct {
    k8sc_value value;
    int is_root, was_looked_up;
    const k8sc_schema_type *type;     /* its members are these fields */
    const k8sc_schema_field *element; /* a map: what its values are */
    ssize_t reported;                 /* bytes that Ruby's collector was told of */
} view;

static VALUE object_class, absent;

static void view_free(void *data)
{
    view *self = data;
    k8sc_object_unref((k8sc_object *)self->value.object);
    if (self->reported) rb_gc_adjust_memory_usage(-self->reported);
    xfree(self);
}

static size_t view_size(const void *data) { return sizeof(view) + (size_t)((const view *)data)->reported; }

static const rb_data_type_t view_type = {
    .wrap_struct_name = "K8sc::Object",
    .function = {.dfree = view_free, .dsize = view_size},
    .flags = RUBY_TYPED_FREE_IMMEDIATELY,
};

static view *view_of(VALUE self) { return rb_check_typeddata(self, &view_type); }

static VALUE view_new(k8sc_value value, view **out)
{
    VALUE made = TypedData_Make_Struct(object_class, view, &view_type, *out);
    k8sc_object_ref((k8sc_object *)value.object);
    (*out)->value = value;
    return made;
}

VALUE k8sc_rb_object(k8sc_object *object)
{
    view *made;
    VALUE answer;
    size_t len = 0;
    if (!object) return Qnil;
    answer = view_new(k8sc_object_value(object), &made);
    k8sc_object_unref(object);
    made->is_root = 1;
    k8sc_object_json(object, &len);
    made->reported = (ssize_t)len;
    rb_gc_adjust_memory_usage(made->reported);
    return rb_obj_freeze(answer);
}

k8sc_object *k8sc_rb_object_of(VALUE object)
{
    view *self;
    if (!rb_typeddata_is_kind_of(object, &view_type))
        rb_raise(rb_eTypeError, "K8sc::Object expected, got %" PRIsVALUE, rb_obj_class(object));
    self = view_of(object);
    if (!self->is_root) rb_raise(rb_eTypeError, "a whole K8sc::Object expected, not a part of one");
    return (k8sc_object *)self->value.object;
}

/* ---------------------------------------------------------------------------------------------------------- conversion
 * -- */

static void look_up(view *self)
{
    if (!self->is_root || self->was_looked_up) return;
    self->was_looked_up = 1;
    self->type =
        k8sc_schema_type_find_kind(k8sc_object_api_version(self->value.object), k8sc_object_kind(self->value.object));
}

static VALUE number_of(k8sc_value value)
{
    size_t len = 0, i;
    const char *raw = k8sc_value_raw(value, &len);
    for (i = 0; i < len; i++) {
        if (raw[i] != '-' && !isdigit((unsigned char)raw[i])) return DBL2NUM(k8sc_value_number(value, 0));
    }
    /* An integer beyond 64 bits stays exact. */
    return rb_str_to_inum(rb_str_new(raw, (long)len), 10, 0);
}

static VALUE convert(k8sc_value value, const k8sc_schema_field *field);

static VALUE array_of(k8sc_value value, const k8sc_schema_field *element)
{
    VALUE made = rb_ary_new();
    k8sc_value item;
    for (item = k8sc_value_first(value); item.object; item = k8sc_value_next(item))
        rb_ary_push(made, convert(item, element));
    return rb_obj_freeze(made);
}

static VALUE convert(k8sc_value value, const k8sc_schema_field *field)
{
    size_t len = 0;
    const char *text;
    switch (k8sc_value_type(value)) {
    case K8SC_TYPE_BOOL: return k8sc_value_bool(value, 0) ? Qtrue : Qfalse;
    case K8SC_TYPE_INTEGER: return LL2NUM(k8sc_value_int(value, 0));
    case K8SC_TYPE_NUMBER: return number_of(value);
    case K8SC_TYPE_STRING: text = k8sc_value_str(value, &len); return rb_obj_freeze(rb_utf8_str_new(text, (long)len));
    case K8SC_TYPE_ARRAY: return array_of(value, k8sc_schema_field_element(field));
    case K8SC_TYPE_OBJECT: {
        view *made;
        VALUE answer = view_new(value, &made);
        made->type = k8sc_schema_field_object_type(field);
        made->element = k8sc_schema_field_type(field) == K8SC_FIELD_MAP ? k8sc_schema_field_element(field) : NULL;
        return rb_obj_freeze(answer);
    }
    default: return Qnil;
    }
}

/* A member with what is known of it. */
static VALUE convert_member(view *self, const char *key, k8sc_value value)
{
    look_up(self);
    return convert(value, self->element ? self->element : k8sc_schema_type_find_field(self->type, key));
}

/* ------------------------------------------------------------------------------------------------------------- members
 * -- */

static VALUE key_text(VALUE key)
{
    if (SYMBOL_P(key)) return rb_sym2str(key);
    if (!RB_TYPE_P(key, T_STRING))
        rb_raise(rb_eTypeError, "key: String or Symbol expected, got %" PRIsVALUE, rb_obj_class(key));
    return k8sc_rb_utf8(key, "key");
}

static k8sc_value member_of(view *self, VALUE *key)
{
    static const k8sc_value none;
    *key = key_text(*key);
    /* No key that a server sends has a NUL. */
    if (memchr(RSTRING_PTR(*key), 0, (size_t)RSTRING_LEN(*key))) return none;
    return k8sc_value_member(self->value, StringValueCStr(*key));
}

/* object["spec"], object[:spec]: nil where it is absent. */
static VALUE object_get(VALUE object, VALUE key)
{
    view *self = view_of(object);
    k8sc_value found = member_of(self, &key);
    return found.object ? convert_member(self, RSTRING_PTR(key), found) : Qnil;
}

static VALUE object_has_key(VALUE object, VALUE key)
{
    return member_of(view_of(object), &key).object ? Qtrue : Qfalse;
}

/* Whether a name in snake_case is that of a key: pod_ip is podIP, host_ips is hostIPs. */
static int is_same_name(const char *name, size_t name_len, const char *key, size_t key_len)
{
    size_t i, j = 0;
    for (i = 0; i < name_len; i++) {
        if (name[i] == '_') continue;
        if (j == key_len || tolower((unsigned char)name[i]) != tolower((unsigned char)key[j])) return 0;
        j++;
    }
    return j == key_len;
}

/* The value of the member that a method's name means; ABSENT where there is none. */
static VALUE object_member_named(VALUE object, VALUE name)
{
    view *self = view_of(object);
    k8sc_value value = member_of(self, &name);
    if (value.object) return convert_member(self, RSTRING_PTR(name), value);
    for (value = k8sc_value_first(self->value); value.object; value = k8sc_value_next(value)) {
        size_t len = 0;
        const char *key = k8sc_value_key(value, &len);
        if (is_same_name(RSTRING_PTR(name), (size_t)RSTRING_LEN(name), key, len))
            return convert_member(self, key, value);
    }
    return absent;
}

static VALUE object_keys(VALUE object)
{
    view *self = view_of(object);
    VALUE made = rb_ary_new();
    k8sc_value value;
    for (value = k8sc_value_first(self->value); value.object; value = k8sc_value_next(value)) {
        size_t len = 0;
        const char *key = k8sc_value_key(value, &len);
        rb_ary_push(made, rb_obj_freeze(rb_utf8_str_new(key, (long)len)));
    }
    return made;
}

static VALUE object_each(VALUE object)
{
    view *self = view_of(object);
    k8sc_value value;
    RETURN_ENUMERATOR(object, 0, 0);
    for (value = k8sc_value_first(self->value); value.object; value = k8sc_value_next(value)) {
        size_t len = 0;
        const char *key = k8sc_value_key(value, &len);
        rb_yield_values(2, rb_obj_freeze(rb_utf8_str_new(key, (long)len)), convert_member(self, key, value));
    }
    return object;
}

static VALUE object_size(VALUE object) { return LL2NUM(k8sc_value_size(view_of(object)->value)); }

/* object.at("/spec/containers/0/image"): what a JSON Pointer finds. */
static VALUE object_at(VALUE object, VALUE pointer)
{
    pointer = k8sc_rb_utf8(pointer, "at");
    return convert(k8sc_value_at(view_of(object)->value, StringValueCStr(pointer)), NULL);
}

static VALUE object_to_json(int argc, VALUE *argv, VALUE object)
{
    size_t len = 0;
    const char *raw = k8sc_value_raw(view_of(object)->value, &len);
    (void)argc; /* the generator's state, which says how to format what Ruby's own values are written as */
    (void)argv;
    return rb_utf8_str_new(raw, (long)len);
}

static VALUE object_is_whole(VALUE object) { return view_of(object)->is_root ? Qtrue : Qfalse; }

/* Whether nothing of its content may be shown to anybody who only prints it, whatever part of it that is. */
static VALUE object_is_secret(VALUE object)
{
    static const char *const kinds[] = {"Secret",       "SecretList",  "List",
                                        "TokenRequest", "TokenReview", "ExecCredential"};
    const char *kind = k8sc_object_kind(view_of(object)->value.object);
    size_t i;
    for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kind, kinds[i])) return Qtrue;
    return Qfalse;
}

/* The names of the fields that it may have; nil where the schema does not know it, or it is a map. */
static VALUE object_known_fields(VALUE object)
{
    view *self = view_of(object);
    VALUE made;
    int32_t i;
    look_up(self);
    if (!self->type) return Qnil;
    made = rb_ary_new();
    for (i = 0; i < k8sc_schema_type_field_count(self->type); i++)
        rb_ary_push(made, k8sc_rb_text(k8sc_schema_field_name(k8sc_schema_type_field_at(self->type, i))));
    return made;
}

static VALUE object_is_known_field(VALUE object, VALUE name)
{
    view *self = view_of(object);
    int32_t i;
    look_up(self);
    if (!self->type) return Qnil;
    name = key_text(name);
    for (i = 0; i < k8sc_schema_type_field_count(self->type); i++) {
        const char *field = k8sc_schema_field_name(k8sc_schema_type_field_at(self->type, i));
        if (is_same_name(RSTRING_PTR(name), (size_t)RSTRING_LEN(name), field, strlen(field))) return Qtrue;
    }
    return Qfalse;
}

void k8sc_rb_setup_objects(VALUE k8sc)
{
    object_class = rb_define_class_under(k8sc, "Object", rb_cObject);
    rb_gc_register_mark_object(object_class);
    rb_undef_alloc_func(object_class);
    rb_undef_method(CLASS_OF(object_class), "new");
    absent = rb_obj_freeze(rb_obj_alloc(rb_cObject));
    rb_gc_register_mark_object(absent);
    rb_define_const(object_class, "ABSENT", absent);
    rb_define_method(object_class, "[]", object_get, 1);
    rb_define_method(object_class, "key?", object_has_key, 1);
    rb_define_method(object_class, "keys", object_keys, 0);
    rb_define_method(object_class, "each", object_each, 0);
    rb_define_method(object_class, "size", object_size, 0);
    rb_define_method(object_class, "at", object_at, 1);
    rb_define_method(object_class, "to_json", object_to_json, -1);
    rb_define_method(object_class, "whole?", object_is_whole, 0);
    rb_define_private_method(object_class, "secret?", object_is_secret, 0);
    rb_define_private_method(object_class, "member_named", object_member_named, 1);
    rb_define_private_method(object_class, "known_fields", object_known_fields, 0);
    rb_define_private_method(object_class, "known_field?", object_is_known_field, 1);
}
