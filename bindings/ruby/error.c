/* Errors as exceptions: one class for each kind of failure that programs tell apart. */
#include <stdio.h>
#include <string.h>

#include "k8sc_rb.h"

static VALUE base, cause_class;

enum {
    API,
    NOT_FOUND,
    ALREADY_EXISTS,
    CONFLICT,
    INVALID,
    GONE,
    FORBIDDEN,
    UNAUTHORIZED,
    TOO_MANY_REQUESTS,
    TIMEOUT,
    CANCELLED,
    CONNECTION,
    RESOLVE,
    TLS,
    CLOSED,
    FORKED,
    CONFIG,
    NOT_IN_CLUSTER,
    CREDENTIALS,
    PARSE,
    DECODE,
    TOO_LARGE,
    ARGUMENT,
    STATE,
    UNKNOWN_KIND,
    COUNT
};

/* Parents come before their children; -1 is K8sc::Error itself. */
static const struct {
    const char *name;
    int parent;
} names[COUNT] = {
    [API] = {"ApiError", -1},
    [NOT_FOUND] = {"NotFound", API},
    [ALREADY_EXISTS] = {"AlreadyExists", API},
    [CONFLICT] = {"Conflict", API},
    [INVALID] = {"Invalid", API},
    [GONE] = {"Gone", API},
    [FORBIDDEN] = {"Forbidden", API},
    [UNAUTHORIZED] = {"Unauthorized", API},
    [TOO_MANY_REQUESTS] = {"TooManyRequests", API},
    [TIMEOUT] = {"Timeout", -1},
    [CANCELLED] = {"Cancelled", -1},
    [CONNECTION] = {"ConnectionError", -1},
    [RESOLVE] = {"ResolveError", CONNECTION},
    [TLS] = {"TLSError", CONNECTION},
    [CLOSED] = {"ClosedError", -1},
    [FORKED] = {"ForkedError", -1},
    [CONFIG] = {"ConfigError", -1},
    [NOT_IN_CLUSTER] = {"NotInClusterError", CONFIG},
    [CREDENTIALS] = {"CredentialsError", -1},
    [PARSE] = {"ParseError", -1},
    [DECODE] = {"DecodeError", -1},
    [TOO_LARGE] = {"TooLargeError", -1},
    [ARGUMENT] = {"InvalidArgument", -1},
    [STATE] = {"StateError", -1},
    [UNKNOWN_KIND] = {"UnknownKindError", -1},
};
static VALUE classes[COUNT];

VALUE k8sc_rb_text(const char *text) { return text ? rb_utf8_str_new_cstr(text) : Qnil; }

VALUE k8sc_rb_utf8(VALUE value, const char *what)
{
    VALUE text = rb_check_string_type(value);
    if (NIL_P(text)) rb_raise(rb_eTypeError, "%s: String expected, got %" PRIsVALUE, what, rb_obj_class(value));
    /* Frozen, since it is read while other threads run. */
    return rb_str_new_frozen(rb_str_export_to_enc(text, rb_utf8_encoding()));
}

const char *k8sc_rb_wrong_type(const char *expected, const char *function, VALUE given)
{
    /* Ruby's lock is held until an exception has a copy. */
    static char text[200];
    snprintf(text, sizeof text, "%s: %s expected, got %s", function, expected, rb_obj_classname(given));
    return text;
}

static VALUE of_api(const k8sc_error *error)
{
    if (k8sc_error_is_not_found(error)) return classes[NOT_FOUND];
    if (k8sc_error_is_already_exists(error)) return classes[ALREADY_EXISTS];
    if (k8sc_error_is_conflict(error)) return classes[CONFLICT];
    if (k8sc_error_is_invalid(error)) return classes[INVALID];
    if (k8sc_error_is_gone(error)) return classes[GONE];
    if (k8sc_error_is_forbidden(error)) return classes[FORBIDDEN];
    if (k8sc_error_is_unauthorized(error)) return classes[UNAUTHORIZED];
    if (k8sc_error_is_too_many_requests(error)) return classes[TOO_MANY_REQUESTS];
    if (k8sc_error_is_timeout(error)) return classes[TIMEOUT];
    return classes[API];
}

static VALUE class_of(const k8sc_error *error)
{
    switch (k8sc_error_code(error)) {
    case K8SC_E_API: return of_api(error);
    /* A document that does not fit the schema is what a server calls invalid. */
    case K8SC_E_INVALID: {
        const char *type = k8sc_error_cause_type(error, 0);
        return classes[type && strncmp(type, "FieldValue", 10) == 0 ? INVALID : ARGUMENT];
    }
    case K8SC_E_TIMEOUT: return classes[TIMEOUT];
    case K8SC_E_CANCELLED: return classes[CANCELLED];
    case K8SC_E_CONNECT:
    case K8SC_E_TRANSPORT: return classes[CONNECTION];
    case K8SC_E_RESOLVE: return classes[RESOLVE];
    case K8SC_E_TLS: return classes[TLS];
    case K8SC_E_CLOSED: return classes[CLOSED];
    case K8SC_E_FORKED: return classes[FORKED];
    case K8SC_E_CONFIG: return classes[CONFIG];
    case K8SC_E_NOT_IN_CLUSTER: return classes[NOT_IN_CLUSTER];
    case K8SC_E_CREDENTIALS: return classes[CREDENTIALS];
    case K8SC_E_PARSE: return classes[PARSE];
    case K8SC_E_DECODE: return classes[DECODE];
    case K8SC_E_TOO_LARGE: return classes[TOO_LARGE];
    case K8SC_E_STATE: return classes[STATE];
    case K8SC_E_UNKNOWN_KIND: return classes[UNKNOWN_KIND];
    default: return base;
    }
}

static VALUE causes_of(const k8sc_error *error)
{
    VALUE causes = rb_ary_new();
    int32_t i;
    for (i = 0; i < k8sc_error_cause_count(error); i++) {
        VALUE cause = rb_struct_new(cause_class, k8sc_rb_text(k8sc_error_cause_type(error, i)),
                                    k8sc_rb_text(k8sc_error_cause_field(error, i)),
                                    k8sc_rb_text(k8sc_error_cause_message(error, i)));
        rb_ary_push(causes, rb_obj_freeze(cause));
    }
    return rb_obj_freeze(causes);
}

VALUE k8sc_rb_error(const k8sc_error *error)
{
    VALUE made = rb_exc_new_str(class_of(error), k8sc_rb_text(k8sc_error_message(error)));
    int64_t retry_after = k8sc_error_retry_after_ms(error);
    rb_iv_set(made, "@code", INT2NUM(k8sc_error_code(error)));
    rb_iv_set(made, "@http_status", INT2NUM(k8sc_error_http_status(error)));
    rb_iv_set(made, "@reason", k8sc_rb_text(k8sc_error_reason(error)));
    rb_iv_set(made, "@causes", causes_of(error));
    rb_iv_set(made, "@retry_after", retry_after < 0 ? Qnil : DBL2NUM((double)retry_after / 1000));
    rb_iv_set(made, "@status_json", k8sc_rb_text(k8sc_error_status_json(error)));
    rb_iv_set(made, "@retriable", k8sc_error_is_retriable(error) ? Qtrue : Qfalse);
    rb_iv_set(made, "@not_processed", k8sc_error_is_not_processed(error) ? Qtrue : Qfalse);
    return made;
}

/* rb_exc_raise does not come back, so everything is copied first. What cancelled a call goes before its error. */
void k8sc_rb_raise(k8sc_error *error)
{
    VALUE made = k8sc_rb_error(error);
    k8sc_error_free(error);
    rb_thread_check_ints();
    rb_exc_raise(made);
}

void k8sc_rb_setup_errors(VALUE k8sc)
{
    int i;
    base = rb_define_class_under(k8sc, "Error", rb_eStandardError);
    rb_gc_register_mark_object(base);
    cause_class = rb_struct_define_under(base, "Cause", "type", "field", "message", NULL);
    rb_gc_register_mark_object(cause_class);
    for (i = 0; i < COUNT; i++) {
        classes[i] = rb_define_class_under(k8sc, names[i].name, names[i].parent < 0 ? base : classes[names[i].parent]);
        rb_gc_register_mark_object(classes[i]);
    }
}
