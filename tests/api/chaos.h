/*
 * Lives of a client, for tests of chaos: a fake server, a client with a few informers and handlers, writers that change
 * objects, and mishaps between them. All choices come from one number, the seed; how threads interleave does not.
 *
 * A life runs on the thread that lives it and on those that it makes, so many can run at once. It asserts nothing: the
 * first thing that is wrong is noted, and is what chaos_live answers.
 */
#ifndef TESTS_API_CHAOS_H
#define TESTS_API_CHAOS_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "k8sc.h"
#include "k8sc_testing.h"

#include "../support/clock.h"

/* ---- chance */

struct chance {
    uint64_t state;
};
uint32_t draw(struct chance *chance, uint32_t below);
/* One of a few. */
#define PICK(chance, ...) \
    ((const int64_t[]){__VA_ARGS__}[draw((chance), sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))])

/* ---- objects */

/* Every object has a place: its namespace, and the number in its name. The first place of a namespace is for the last
 * write alone. */
enum { spaces = 3, names_each = 12, places = spaces * names_each };
extern const char *const space_names[spaces];
int place_of(const k8sc_object *object); /* -1 where it has none */
void name_of_place(int place, char name[8]);

/* What is left of an object in a cache. */
enum shape {
    whole,
    without_managed_fields,
    without_annotations,
    without_path,
    only_path,
    metadata_only,
    transformed,
    pruned_and_transformed,
    shapes
};
extern const char *const shape_names[shapes];
/* Tells the informer. */
k8sc_status shape_options(enum shape shape, k8sc_informer_options *options, k8sc_error **err);
/* What should be in a cache, made from the object as a list has it; NULL where that cannot be had. The caller's. */
k8sc_object *shape_apply(enum shape shape, const k8sc_object *object);
/* Whether an object of a cache is what it should be, byte for byte; of metadata alone, with members in any order. */
int shape_is_equal(enum shape shape, const k8sc_object *cached, const k8sc_object *wanted);

/* ---- lives */

struct life;

/* What one handler was told, and whether that can be: kept as the content that results. */
struct replay {
    struct life *life;
    int number;
    int coalesces; /* events may have been coalesced, so that old states are not always the last that were told */
    int selects;
    int slow_ms;
    pthread_mutex_t mutex;
    int removed, destroyed, syncs;
    int64_t events, inferred, errors;
    char last_error[256];
    struct entry {
        char *text; /* NULL: not there */
        char uid[48];
        int64_t version;
    } entries[places];
};

void replay_begin(struct replay *replay, struct life *life, int number);
int replay_event(const k8sc_event *event, void *replay);
void replay_destroyed(void *replay);
int replay_is_destroyed(struct replay *replay);
/* Its content is that of a list of a cache; else says into `why` what is not. */
int replay_is_equal(struct replay *replay, const k8sc_list *cached, char *why, size_t size);
void replay_end(struct replay *replay);

enum { most_informers = 4, most_handlers = 12, most_writers = 3, queue_count = 3 };

struct handler {
    struct replay replay;
    struct informer *informer;
    k8sc_registration *registration;
    int64_t policy;
};

struct informer {
    k8sc_informer *informer;
    k8sc_lister *lister;
    enum shape shape;
    const char *space, *labels, *fields; /* NULL: all */
    int64_t list_mode, compression, page_size, resync_ms, queue;
    int silence_by_probe;
    int index; /* 0: none, 1: by label, 2: by callback */
};

struct writer {
    struct life *life;
    pthread_t thread;
    struct chance chance;
    int number;
    int remote; /* over HTTP, through the client whose informers are looked at */
};

struct life {
    uint64_t seed;
    struct chance chance;
    int64_t began_ms;

    k8sc_testing_server *server;
    int64_t streaming, bookmark_ms;
    int tls, custom, has_token;
    const char *group, *plural, *kind, *api_version;

    k8sc_client *client;
    /* The client's; one that is dispatched now and then; one with a thread of the library. */
    k8sc_queue *queues[queue_count];
    struct informer informers[most_informers];
    int informer_count;
    struct handler *handlers[most_handlers];
    int handler_count, handlers_made;

    struct writer writers[most_writers];
    int writer_count;

    /* The mishap that is on. */
    int paused, token_is_due, slow;
    int tokens;

    pthread_mutex_t mutex;
    int quiet; /* writers are to end */
    char fault[1024];
    char log[8192];
    size_t logged;
    int64_t mishaps, writes, events, inferred;
};

void wrong(struct life *life, const char *format, ...) __attribute__((format(printf, 2, 3)));
int is_wrong(struct life *life);
void note(struct life *life, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Notes a call that should not have failed, and frees the error; false where it did. */
int passed(struct life *life, k8sc_status status, k8sc_error *err, const char *call);
/* The call may set the error, so it comes first. */
#define PASSES(life, call, err) passed_after(life, (call), &(err), #call)
int passed_after(struct life *life, k8sc_status status, k8sc_error **err, const char *call);

/* The parts of a life. False, and something is wrong. */
int make_server(struct life *life);
int make_client(struct life *life);
int make_informers(struct life *life);
int add_handler(struct life *life, struct informer *informer);
void change_handlers(struct life *life);
void describe_informers(struct life *life);

void begin_writers(struct life *life);
void end_writers(struct life *life);
int write_place(struct life *life, int place, const char *value, const char *side, struct chance *chance);

/* Ends the mishap before. */
void mishap(struct life *life);
void end_mishap(struct life *life);

/* Caches and replays are what the server has. */
void settle(struct life *life);
void turn_queues(struct life *life);

struct totals {
    int64_t mishaps, writes, events, inferred;
};
/* One life of so many rounds, each a storm and a calm in which all must be equal; more rounds while `more` says so. The
 * answer, to be freed, says what was wrong; NULL where nothing was. Adds to the totals, which may be NULL. */
char *chaos_live(uint64_t seed, int (*more)(int round, void *data), void *data, struct totals *totals);

#endif
