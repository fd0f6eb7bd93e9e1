/*
 * Calls that wait, without Ruby's lock. Each runs on a thread of its own, and the thread of Ruby
 * waits for it by a descriptor, as for any other: Ruby then looks at what interrupts it. A signal's
 * handler, or an interrupt that is put off by Thread.handle_interrupt, leaves the call alone; only
 * what raises here (Ctrl-C, Thread#raise and #kill, Timeout) cancels it.
 *
 * A function of ours that Ruby calls for an interrupt (rb_thread_call_without_gvl) would not do. It
 * cannot tell those apart, and Ruby does not call it for a signal while none of its other threads
 * sleeps, or waits for a descriptor: nobody reads there that a signal came.
 */
#include <errno.h>
#include <pthread.h>
#include <ruby/io.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "k8sc_rb.h"

typedef struct {
    void (*run)(void *frame);
    void *frame;
    k8sc_cancel *cancel;
    /* Readable once the call has ended. */
    int ended_fd;
    bool ended;
} job;

static void *run_job(void *data)
{
    job *self = data;
    k8sc_cancel_bind(self->cancel);
    self->run(self->frame);
    k8sc_cancel_bind(NULL);
    eventfd_write(self->ended_fd, 1);
    return NULL;
}

/* Signals are for the threads of Ruby. Answers 0, or errno. */
static int start_job(job *self, pthread_t *thread)
{
    sigset_t all, before;
    int failure;
    self->ended_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (self->ended_fd < 0) return errno;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failure = pthread_create(thread, NULL, run_job, self);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure) close(self->ended_fd);
    return failure;
}

/* Raises what interrupts the thread. */
static VALUE wait_interruptibly(VALUE data)
{
    job *self = (job *)data;
    int found = rb_wait_for_single_fd(self->ended_fd, RB_WAITFD_IN, NULL);
    /* Where it cannot be waited for, it is made to end. */
    if (found < 0) k8sc_cancel_cancel(self->cancel);
    self->ended = found != 0;
    return Qnil;
}

/* Waits to the end, whatever comes; answers the state of the last thing that was raised meanwhile,
 * 0 where nothing was. */
static int wait_to_the_end(job *self)
{
    int raised = 0;
    while (!self->ended) {
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
    failure = start_job(&work, &thread);
    if (failure) {
        k8sc_cancel_unref(work.cancel);
        rb_syserr_fail(failure, "a thread for a call");
    }
    raised = wait_to_the_end(&work);
    pthread_join(thread, NULL);
    close(work.ended_fd);
    k8sc_cancel_unref(work.cancel);
    if (!raised) return;
    drop(frame);
    rb_jump_tag(raised);
}

#define DROP(NAME, TYPE, RELEASE) \
    void k8sc_rb_drop_##NAME(TYPE **place) \
    { \
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
DROP(kubeconfig, k8sc_kubeconfig, k8sc_kubeconfig_free)
