/*
 * Calls that wait, without Ruby's lock. Each runs on a thread of its own: the thread of Ruby that waits for it can then look at what
 * interrupts it. A signal's handler, or an interrupt that is put off by Thread.handle_interrupt, leaves the call alone; only what raises here
 * (Ctrl-C, Thread#raise and #kill, Timeout) cancels it.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

#include "k8sc_rb.h"

typedef struct {
    void (*run)(void *frame);
    void *frame;
    k8sc_cancel *cancel;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool done, woken;
} job;

static void *run_job(void *data)
{
    job *self = data;
    k8sc_cancel_bind(self->cancel);
    self->run(self->frame);
    k8sc_cancel_bind(NULL);
    pthread_mutex_lock(&self->mutex);
    self->done = true;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->mutex);
    return NULL;
}

/* Signals are for the threads of Ruby. */
static int start_job(job *self, pthread_t *thread)
{
    sigset_t all, before;
    int failure;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failure = pthread_create(thread, NULL, run_job, self);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

static void *wait_for_job(void *data)
{
    job *self = data;
    pthread_mutex_lock(&self->mutex);
    while (!self->done && !self->woken) pthread_cond_wait(&self->changed, &self->mutex);
    self->woken = false;
    pthread_mutex_unlock(&self->mutex);
    return NULL;
}

static void wake(void *data)
{
    job *self = data;
    pthread_mutex_lock(&self->mutex);
    self->woken = true;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->mutex);
}

static bool is_done(job *self)
{
    bool done;
    pthread_mutex_lock(&self->mutex);
    done = self->done;
    pthread_mutex_unlock(&self->mutex);
    return done;
}

/* Raises what interrupts the thread. */
static VALUE wait_interruptibly(VALUE data)
{
    rb_thread_call_without_gvl(wait_for_job, (void *)data, wake, (void *)data);
    return Qnil;
}

/* Waits to the end, whatever comes; answers the state of the last thing that was raised meanwhile, 0 where nothing was. */
static int wait_to_the_end(job *self)
{
    int raised = 0;
    while (!is_done(self)) {
        int state = 0;
        rb_protect(wait_interruptibly, (VALUE)self, &state);
        if (!state) continue;
        raised = state;
        k8sc_cancel_cancel(self->cancel);
    }
    return raised;
}

void k8sc_rb_unlocked(void (*run)(void *frame), void (*drop)(void *frame), void *frame)
{
    job work = {.run = run, .frame = frame};
    k8sc_error *error = NULL;
    pthread_t thread;
    int failure, raised;
    /* Nothing is begun for a thread that is to end. */
    rb_thread_check_ints();
    if (k8sc_cancel_new(&work.cancel, &error) < 0) k8sc_rb_raise(error);
    pthread_mutex_init(&work.mutex, NULL);
    pthread_cond_init(&work.changed, NULL);
    failure = start_job(&work, &thread);
    raised = failure ? 0 : wait_to_the_end(&work);
    if (!failure) pthread_join(thread, NULL);
    pthread_cond_destroy(&work.changed);
    pthread_mutex_destroy(&work.mutex);
    k8sc_cancel_unref(work.cancel);
    if (failure) rb_syserr_fail(failure, "a thread for a call");
    if (!raised) return;
    drop(frame);
    rb_jump_tag(raised);
}

void k8sc_rb_drop_nothing(int unused, ...) { (void)unused; }

#define DROP(NAME, TYPE, RELEASE) \
    void k8sc_rb_drop_##NAME(int unused, TYPE **place) \
    { \
        (void)unused; \
        if (!place) return; \
        RELEASE(*place); \
        *place = NULL; \
    }
DROP(error, k8sc_error, k8sc_error_free)
DROP(object, k8sc_object, k8sc_object_unref)
DROP(list, k8sc_list, k8sc_list_free)
DROP(text, char, k8sc_string_free)
DROP(result, k8sc_result, k8sc_result_free)
DROP(resource, k8sc_resource, k8sc_resource_unref)
DROP(informer, k8sc_informer, k8sc_informer_unref)
DROP(mapping, k8sc_rest_mapping, k8sc_rest_mapping_free)
DROP(mappings, k8sc_rest_mappings, k8sc_rest_mappings_free)
DROP(results, k8sc_manifest_results, k8sc_manifest_results_free)
