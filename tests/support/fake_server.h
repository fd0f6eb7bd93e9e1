/* The fake API server of the running test, and acting on it without HTTP, from any thread. */
#ifndef TESTS_SUPPORT_FAKE_SERVER_H
#define TESTS_SUPPORT_FAKE_SERVER_H

#include "k8sc_testing.h"

extern k8sc_testing_server *server;

void put_json(const char *json);
/* A ConfigMap with {"data": {"v": value}}; NULL: without data, or without labels. */
void put_map(const char *ns, const char *name, const char *value);
void put_labelled(const char *ns, const char *name, const char *value, const char *labels_json);
void remove_map(const char *ns, const char *name);
int64_t version_now(void);
int64_t fault(const char *rule);
void clear_faults(void);

#endif
