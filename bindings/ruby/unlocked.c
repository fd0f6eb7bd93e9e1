/* Calls that wait, without Ruby's lock. */
#include "k8sc_rb.h"

static ID interrupt_id;
static k8sc_cancel *(*cancel_of)(VALUE value);

typedef struct {
    void (*run)(void *frame);
    void *frame;
    int ran;
} job;

static void *run_job(void *data)
{
    job *self = data;
    self->ran = 1;
    self->run(self->frame);
    return NULL;
}

static void interrupt(void *cancel) { k8sc_cancel_cancel(cancel); }

/* What an interrupt has to cancel: the layer leaves the token with the handle or the options that know it. */
static k8sc_cancel *token_of(VALUE value)
{
    VALUE token = RB_TYPE_P(value, T_DATA) ? rb_attr_get(value, interrupt_id) : Qnil;
    return NIL_P(token) ? NULL : cancel_of(token);
}

void k8sc_rb_unlocked(void (*run)(void *frame), void *frame, int argc, VALUE *argv, VALUE self)
{
    job work = {run, frame, 0};
    k8sc_cancel *cancel = token_of(self);
    int i;
    for (i = 0; i < argc && !cancel; i++) cancel = token_of(argv[i]);
    /* An interrupt does not raise out of this, for what the call answered has an owner yet to find. Where there is one already, nothing is
     * called, and it may raise. */
    for (;;) {
        rb_nogvl(run_job, &work, interrupt, cancel, RB_NOGVL_INTR_FAIL);
        if (work.ran) return;
        rb_thread_check_ints();
    }
}

void k8sc_rb_setup_unlocked(k8sc_cancel *(*of)(VALUE value))
{
    interrupt_id = rb_intern("@interrupt");
    cancel_of = of;
}
