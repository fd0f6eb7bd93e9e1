/*
 * What a handler was told, kept as a careful program would: from the events alone. Each event is held against what came
 * before it; the first that does not fit is kept as `fault`.
 */
#ifndef TESTS_SERVER_LEDGER_H
#define TESTS_SERVER_LEDGER_H

#include "k8sc.h"

enum { ledger_size = 1024 };

struct ledger {
    k8sc_object *objects[ledger_size]; /* as last told */
    int count;
    int adds, initial_adds, updates, deletes, inferred, repeats, syncs, errors;
    int destroyed;
    char fault[1024], last_error[512];
};

/* A handler, with the ledger as user_data. */
int ledger_on_event(const k8sc_event *event, void *ledger);
void ledger_destroyed(void *ledger);
k8sc_object *ledger_find(const struct ledger *ledger, const char *in_namespace, const char *name);
/* The first difference between what the ledger and the list say, or "" where there is none. Good until the next call.
 */
const char *ledger_difference(const struct ledger *ledger, const k8sc_list *list);
/* The same for two lists. */
const char *list_difference(const k8sc_list *one, const k8sc_list *other);
void ledger_clear(struct ledger *ledger);

#endif
