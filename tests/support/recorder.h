/* Writes down the events of a subscription or of a handler. They are examined after they were dispatched: cmocka's
 * assertions must not jump out of a callback. */
#ifndef TESTS_SUPPORT_RECORDER_H
#define TESTS_SUPPORT_RECORDER_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "k8sc.h"

struct record {
    int32_t kind;
    int64_t at_ms;
    k8sc_object *object; /* of a watch's event; an informer's objects are the cache's, and their text alone is kept */
    k8sc_error *error;
    int32_t http_status, attempts; /* of a completed request */
    /* Of an informer's event: */
    int initial, inferred;
    char space[64], name[64], uid[48], version[24], value[64]; /* value: of /data/v */
    int has_old;
    char old_uid[48], old_version[24], old_value[64];
    int same;            /* old and new are the same object */
    int32_t code, http;  /* of the error */
    const char *message; /* of the error; "" without one */
};

/* Freed after the test's client was closed. */
struct recorder {
    pthread_mutex_t mutex;
    struct record *records;
    size_t count, room;
    size_t bytes;     /* of DATA */
    unsigned sum;     /* of these bytes */
    int answer;       /* what the callback returns */
    int destroyed;    /* how often destroy was called */
    int used;         /* it must have been called once, when all is over */
    int late;         /* calls after destroy */
    pthread_t thread; /* that called last */
    void (*hook)(struct recorder *self,
                 const k8sc_event *event); /* called in the callback, after the record was made */
    void *extra;
    struct recorder *next;
};

struct recorder *new_recorder(void);
/* For the teardown, after the client was closed: frees all, and answers how many were called after destroy, or were
 * used and not destroyed once. */
int release_recorders(void);

/* For the callback triple. */
int on_event(const k8sc_event *event, void *recorder);
void on_destroy(void *recorder);
#define RECORD(recorder) on_event, (recorder), on_destroy
/* Makes the record alone. */
void keep_record(struct recorder *recorder, const k8sc_event *event);

/* How often destroy was called, while another thread may be dispatching. */
int destroyed(struct recorder *recorder);

/* Dispatches until the recorder has so many records. */
void run_until_count(k8sc_queue *queue, struct recorder *recorder, size_t count);
/* Dispatches until the recorder has one of this kind, and answers it. */
struct record *run_until(k8sc_queue *queue, struct recorder *recorder, int32_t kind);
/* Dispatches until destroy was called. */
void run_until_destroyed(k8sc_queue *queue, struct recorder *recorder);

/* How many records of a kind (0: any) there are, and of a name (NULL: any). */
size_t count_of(struct recorder *recorder, int32_t kind, const char *name);
/* The nth of them, from 0; the last for -1. Fails the test where there is none. */
struct record record_of(struct recorder *recorder, int32_t kind, const char *name, int nth);
/* The kinds of its records, as "ADDED MODIFIED CLOSED"; DATA are left out. Overwritten by the next call. */
const char *kinds(struct recorder *recorder);
/* "ADD a, SYNC, DELETE b": all records in their order, from the one with this number on. Overwritten by the next call.
 */
const char *history(struct recorder *recorder, size_t from);

#endif
