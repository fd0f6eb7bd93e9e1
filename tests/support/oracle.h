/*
 * What a handler was told, kept as a careful program would: from the events alone. Each event is held against what came
 * before it; the first that does not fit is kept as `fault`.
 */
#ifndef TESTS_SUPPORT_ORACLE_H
#define TESTS_SUPPORT_ORACLE_H

#include "k8sc.h"

enum { oracle_size = 1024 };

struct oracle {
    k8sc_object *objects[oracle_size]; /* as last told */
    int count;
    int adds, initial_adds, updates, deletes, inferred, repeats, syncs, errors;
    int destroyed;
    char fault[1024], last_error[512];
};

/* A handler, with the oracle as user_data. */
int oracle_on_event(const k8sc_event *event, void *oracle);
void oracle_destroyed(void *oracle);
k8sc_object *oracle_find(const struct oracle *oracle, const char *in_namespace, const char *name);
/* The first difference between what the oracle and the list say, or "" where there is none. Good until the next call.
 */
const char *oracle_difference(const struct oracle *oracle, const k8sc_list *list);
/* The same for two lists. */
const char *list_difference(const k8sc_list *one, const k8sc_list *other);
void oracle_clear(struct oracle *oracle);

#endif
