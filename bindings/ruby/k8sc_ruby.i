/*
 * Ruby: how arguments and answers of the shared interface look there. Errors are raised, text is UTF-8, a function answers its `out` or
 * nil. lib/k8sc/ is what programs use.
 */
%{
#include "k8sc_rb.h"

/* SWIG's own lets the collector have the text before anybody has copied it. */
#define Ruby_Format_TypeError(MESSAGE, TYPE, NAME, NUMBER, INPUT) \
    k8sc_rb_wrong_type(TYPE, NAME, INPUT)
%}

/* Text comes in as UTF-8, without NUL; the argument keeps alive what was converted, which nobody else can change. */
%typemap(in) const char * %{
    $1 = NULL;
    if (!NIL_P($input)) {
        $input = k8sc_rb_utf8($input, "$symname: $1_name");
        $1 = StringValueCStr($input);
    }
%}
%typemap(freearg) const char * ""
%typemap(out) const char * %{ $result = k8sc_rb_text($1); %}
%typemap(in) (const char *text, size_t text_len), (const char *key, size_t key_len) %{
    $1 = NULL;
    $2 = 0;
    if (!NIL_P($input)) {
        $input = k8sc_rb_utf8($input, "$symname: $1_name");
        $1 = RSTRING_PTR($input);
        $2 = (size_t)RSTRING_LEN($input);
    }
%}
%typemap(in, numinputs=0) size_t *len (size_t len = 0) %{ $1 = &len; %}
%typemap(argout) size_t *len %{ if (result) $result = rb_utf8_str_new(result, (long)*$1); %}
%typemap(in, numinputs=0) char **out (char *out = NULL) %{ $1 = &out; %}
%typemap(argout) char **out %{ $result = k8sc_rb_text(*$1); k8sc_string_free(*$1); %}

/* Errors. `err` is the last: what came before it stays with the collector. */
%typemap(in, numinputs=0) k8sc_error **err (k8sc_error *err = NULL) %{ $1 = &err; %}
%typemap(argout) k8sc_error **err %{ if (*$1) k8sc_rb_raise(*$1); %}
%typemap(out) k8sc_status %{ $result = Qnil; %}
%typemap(out) const k8sc_error * %{ $result = $1 ? k8sc_rb_error($1) : Qnil; %}

/* Handles. */
%typemap(in, numinputs=0) SWIGTYPE **out ($*1_ltype out = NULL) %{ $1 = &out; %}
%typemap(argout) SWIGTYPE **out %{ $result = SWIG_NewPointerObj((void *)*$1, $*1_descriptor, SWIG_POINTER_OWN); %}
/* Those that a function answers directly are borrowed from its handle, and may outlive it here. */
%typemap(out) k8sc_queue * %{ $result = SWIG_NewPointerObj(k8sc_queue_ref($1), $descriptor, SWIG_POINTER_OWN); %}
%typemap(out) k8sc_rate_limiter * %{ $result = SWIG_NewPointerObj(k8sc_rate_limiter_ref($1), $descriptor, SWIG_POINTER_OWN); %}

/* Objects, and what is unpacked at once. */
%typemap(in) const k8sc_object *object %{ $1 = k8sc_rb_object_of($input); %}
%define %k8sc_unpacked(TYPE, UNPACK)
%typemap(in, numinputs=0) TYPE **out (TYPE *out = NULL) %{ $1 = &out; %}
%typemap(argout) TYPE **out %{ $result = UNPACK(*$1); %}
%enddef
%k8sc_unpacked(k8sc_object, k8sc_rb_object)
%k8sc_unpacked(k8sc_event, k8sc_rb_event)
%k8sc_unpacked(k8sc_list, k8sc_rb_list)
%k8sc_unpacked(k8sc_strings, k8sc_rb_strings)
%k8sc_unpacked(k8sc_rest_mapping, k8sc_rb_mapping)
%k8sc_unpacked(k8sc_rest_mappings, k8sc_rb_mappings)
%typemap(in, numinputs=0) int *yes (int yes = 0) %{ $1 = &yes; %}
%typemap(argout) int *yes %{ $result = *$1 ? Qtrue : Qfalse; %}

/* [lists, what failed or nil]; the groups are not asked for. */
%typemap(in, numinputs=0) k8sc_object **groups %{ $1 = NULL; %}
%typemap(in, numinputs=0) k8sc_error **partial (k8sc_error *partial = NULL) %{ $1 = &partial; %}
%typemap(argout) k8sc_error **partial %{
    $result = rb_ary_new_from_args(2, $result, *$1 ? k8sc_rb_error(*$1) : Qnil);
    k8sc_error_free(*$1);
%}
/* [results, the error or nil]: results are there also where some failed. */
%typemap(in, numinputs=0) (k8sc_manifest_results **out, k8sc_error **err) (k8sc_manifest_results *results = NULL, k8sc_error *failure = NULL)
%{ $1 = &results; $2 = &failure; %}
%typemap(argout) (k8sc_manifest_results **out, k8sc_error **err) %{
    $result = rb_ary_new_from_args(2, k8sc_rb_results(*$1), *$2 ? k8sc_rb_error(*$2) : Qnil);
    k8sc_error_free(*$2);
%}

/* Subscriptions are pulled: an integer takes the place of the callback triple and comes back with each event. */
%typemap(in) (k8sc_event_fn fn, void *user_data, k8sc_destroy_fn destroy)
%{ $1 = NULL; $2 = (void *)(intptr_t)NUM2LL($input); $3 = NULL; %}

%include "generated/ruby_frames.i"

/* For the testing layer, whose library is not this extension's. */
%inline %{
static void raise_error(int32_t code, const char *message)
{
    k8sc_error *error = k8sc_error_new(code, message);
    if (!error) rb_raise(rb_eArgError, "raise_error: %d is no code of an error", (int)code);
    k8sc_rb_raise(error);
}
%}

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
    bool wait_unlocked(int64_t timeout_ms) {
        /* An interrupt raises out of the call below. What it left is on this frame only: a wait that was interrupted has no error. */
        k8sc_rb_wait wait = {$self, timeout_ms, 0, NULL};
        rb_thread_call_without_gvl(k8sc_rb_wait_unlocked, &wait, k8sc_rb_wait_interrupt, $self);
        if (wait.error) k8sc_rb_raise(wait.error);
        return wait.ready != 0;
    }
}

%init %{
    k8sc_rb_setup_errors(rb_define_module("K8sc"));
    k8sc_rb_setup_objects(rb_define_module("K8sc"));
%}
