/*
 * Ruby: how arguments and answers of the shared interface look there. Errors are raised as K8sc::Core::Error, text is UTF-8, a
 * function answers its `out` or nil.
 */
%{
#include <ruby/encoding.h>
#include <ruby/thread.h>
%}

/* Text comes in as UTF-8, without NUL; the argument keeps what was converted alive. */
%{
static VALUE k8sc_rb_utf8(VALUE text)
{
    StringValue(text);
    return rb_str_export_to_enc(text, rb_utf8_encoding());
}
%}
%typemap(in) const char * %{
    $1 = NULL;
    if (!NIL_P($input)) {
        $input = k8sc_rb_utf8($input);
        $1 = StringValueCStr($input);
    }
%}
%typemap(freearg) const char * ""
%typemap(out) const char * %{ $result = $1 ? rb_utf8_str_new_cstr($1) : Qnil; %}
%typemap(in) (const char *text, size_t text_len), (const char *key, size_t key_len) %{
    $1 = NULL;
    $2 = 0;
    if (!NIL_P($input)) {
        $input = k8sc_rb_utf8($input);
        $1 = RSTRING_PTR($input);
        $2 = (size_t)RSTRING_LEN($input);
    }
%}
%typemap(in, numinputs=0) size_t *len (size_t len = 0) %{ $1 = &len; %}
%typemap(argout) size_t *len %{ if (result) $result = rb_utf8_str_new(result, (long)*$1); %}
%typemap(in, numinputs=0) char **out (char *out = NULL) %{ $1 = &out; %}
%typemap(argout) char **out %{ $result = *$1 ? rb_utf8_str_new_cstr(*$1) : Qnil; k8sc_string_free(*$1); %}

/* Errors. rb_exc_raise does not come back, so everything is copied first. */
%{
static VALUE k8sc_rb_error_class;

static VALUE k8sc_rb_text(const char *text) { return text ? rb_utf8_str_new_cstr(text) : Qnil; }

static VALUE k8sc_rb_error(const k8sc_error *error)
{
    VALUE made = rb_exc_new_str(k8sc_rb_error_class, k8sc_rb_text(k8sc_error_message(error))), causes = rb_ary_new();
    int32_t i;
    for (i = 0; i < k8sc_error_cause_count(error); i++) {
        VALUE cause = rb_hash_new();
        rb_hash_aset(cause, ID2SYM(rb_intern("type")), k8sc_rb_text(k8sc_error_cause_type(error, i)));
        rb_hash_aset(cause, ID2SYM(rb_intern("field")), k8sc_rb_text(k8sc_error_cause_field(error, i)));
        rb_hash_aset(cause, ID2SYM(rb_intern("message")), k8sc_rb_text(k8sc_error_cause_message(error, i)));
        rb_ary_push(causes, cause);
    }
    rb_iv_set(made, "@code", INT2NUM(k8sc_error_code(error)));
    rb_iv_set(made, "@http_status", INT2NUM(k8sc_error_http_status(error)));
    rb_iv_set(made, "@reason", k8sc_rb_text(k8sc_error_reason(error)));
    rb_iv_set(made, "@causes", causes);
    rb_iv_set(made, "@retry_after_ms", LL2NUM(k8sc_error_retry_after_ms(error)));
    rb_iv_set(made, "@status_json", k8sc_rb_text(k8sc_error_status_json(error)));
    rb_iv_set(made, "@not_found", k8sc_error_is_not_found(error) ? Qtrue : Qfalse);
    rb_iv_set(made, "@already_exists", k8sc_error_is_already_exists(error) ? Qtrue : Qfalse);
    rb_iv_set(made, "@conflict", k8sc_error_is_conflict(error) ? Qtrue : Qfalse);
    rb_iv_set(made, "@invalid", k8sc_error_is_invalid(error) ? Qtrue : Qfalse);
    rb_iv_set(made, "@gone", k8sc_error_is_gone(error) ? Qtrue : Qfalse);
    rb_iv_set(made, "@forbidden", k8sc_error_is_forbidden(error) ? Qtrue : Qfalse);
    rb_iv_set(made, "@unauthorized", k8sc_error_is_unauthorized(error) ? Qtrue : Qfalse);
    rb_iv_set(made, "@too_many_requests", k8sc_error_is_too_many_requests(error) ? Qtrue : Qfalse);
    rb_iv_set(made, "@timeout", k8sc_error_is_timeout(error) ? Qtrue : Qfalse);
    rb_iv_set(made, "@retriable", k8sc_error_is_retriable(error) ? Qtrue : Qfalse);
    return made;
}

static void k8sc_rb_raise(k8sc_error *error)
{
    VALUE made = k8sc_rb_error(error);
    k8sc_error_free(error);
    rb_exc_raise(made);
}
%}
%typemap(in, numinputs=0) k8sc_error **err (k8sc_error *err = NULL) %{ $1 = &err; %}
%typemap(argout) k8sc_error **err %{ if (*$1) k8sc_rb_raise(*$1); %}
%typemap(out) k8sc_status %{ $result = Qnil; %}
%typemap(out) const k8sc_error * %{ $result = $1 ? k8sc_rb_error($1) : Qnil; %}

/* Handles. */
%typemap(in, numinputs=0) SWIGTYPE **out ($*1_ltype out = NULL) %{ $1 = &out; %}
%typemap(argout) SWIGTYPE **out %{ $result = SWIG_NewPointerObj((void *)*$1, $*1_descriptor, SWIG_POINTER_OWN); %}
/* Those that a function answers directly are borrowed from its handle, and may outlive it here. */
%typemap(out) k8sc_object * %{ $result = SWIG_NewPointerObj(k8sc_object_ref($1), $descriptor, SWIG_POINTER_OWN); %}
%typemap(out) k8sc_queue * %{ $result = SWIG_NewPointerObj(k8sc_queue_ref($1), $descriptor, SWIG_POINTER_OWN); %}
%typemap(out) k8sc_rate_limiter * %{ $result = SWIG_NewPointerObj(k8sc_rate_limiter_ref($1), $descriptor, SWIG_POINTER_OWN); %}

/* Subscriptions are pulled: an integer takes the place of the callback triple and comes back with each event. */
%typemap(in) (k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy)
%{ $1 = NULL; $2 = (void *)(intptr_t)NUM2LL($input); $3 = NULL; %}
%typemap(out) void * %{ $result = LL2NUM((long long)(intptr_t)$1); %}

/* Waits while other Ruby threads run; what interrupts this one wakes the queue. */
%{
typedef struct {
    k8sc_queue *queue;
    int64_t timeout_ms;
    int ready;
    k8sc_error *error;
} k8sc_rb_wait;

static void *k8sc_rb_wait_unlocked(void *data)
{
    k8sc_rb_wait *wait = data;
    k8sc_queue_wait(wait->queue, wait->timeout_ms, &wait->ready, &wait->error);
    return NULL;
}

static void k8sc_rb_wait_interrupt(void *data) { k8sc_queue_wakeup(data); }
%}
%rename(wait) k8sc_queue::wait_unlocked;
%extend k8sc_queue {
    bool wait_unlocked(int64_t timeout_ms, k8sc_error **err) {
        /* An interrupt raises out of the call below. What it left is on this frame only: a wait that was interrupted has no error. */
        k8sc_rb_wait wait = {$self, timeout_ms, 0, NULL};
        rb_thread_call_without_gvl(k8sc_rb_wait_unlocked, &wait, k8sc_rb_wait_interrupt, $self);
        *err = wait.error;
        return wait.ready != 0;
    }
}

%init %{
    k8sc_rb_error_class = rb_define_class_under(mCore, "Error", rb_eStandardError);
    rb_gc_register_mark_object(k8sc_rb_error_class);
%}
