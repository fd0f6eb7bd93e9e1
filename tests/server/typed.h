/* What the typed tests on a real API server stand on: those that typed_program.py writes, and those that are written by
 * hand. */
#ifndef TESTS_SERVER_TYPED_H
#define TESTS_SERVER_TYPED_H

#include "support.h"

/* With all group-versions that the server has, and resources that are behind a gate. */
#define TYPED_APISERVER "--runtime-config=api/all=true --feature-gates=CSIStorageCapacity=true"
#define TYPED_LABEL "tests.k8sc.dev/typed"

/* The typed clients of the test's client; good until the test is over. */
k8sc_clientset *clientset(void);

/* A field of an answer, by its path, is as it was set. */
void text_is(const char *path, const char *is, const char *due);
void number_is(const char *path, int64_t is, int64_t due);
void bytes_are(const char *path, k8sc_status status, char *is, size_t is_len, const char *due, size_t due_len);

/* The last call failed since something is not there. */
void must_be_not_found(void);
#define NOT_FOUND(call) (FAILS(K8SC_E_API, call), must_be_not_found())
/* A call that sends what was read just before, and may come too late since the server itself has written: whether it is
 * to be done again. */
int came_too_late(k8sc_status status);

/* Options of each verb, released when the test is over: for the objects of one test, and so that they are gone at once.
 */
struct k8sc_list_options *list_options(const char *of, int64_t limit);
struct k8sc_watch_options *watch_options(const char *of, const char *since);
struct k8sc_apply_options *apply_options(void);
struct k8sc_delete_options *delete_options(void);
struct k8sc_delete_collection_options *delete_collection_options(const char *of);

/* A merge patch that sets the label "step". */
#define STEP_PATCH(step) "{\"metadata\":{\"labels\":{\"step\":\"" step "\"}}}"
#define NO_FINALIZERS "{\"metadata\":{\"finalizers\":null}}"
/* For destroy functions: counts. */
void count_one(void *counter);

#endif
