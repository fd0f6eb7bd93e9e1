/* What the tests of identities share, beside support.h: files that are replaced, a fake server with TLS that asks who
 * comes, and certificates for those who do. */
#ifndef TESTS_API_IDENTITY_H
#define TESTS_API_IDENTITY_H

#include "support.h"

/* A set-up with a directory, and a server with TLS that takes the token "first". */
int secure_set_up(void **state);
int secure_tear_down(void **state);
#define SECURE(function) cmocka_unit_test_setup_teardown(function, secure_set_up, secure_tear_down)

extern char directory[64];
/* The path of a file in that directory. Overwritten by the eighth call after it. */
const char *path_of(const char *name);
/* Replaces a file in one step, as those who renew credentials do; answers its path. These two for one thread at a time.
 */
const char *write_file(const char *name, const char *text);
const char *write_script(const char *name, const char *body);
/* The whole of a file, "" where there is none, overwritten by the next call; and how many lines it has. */
const char *read_text(const char *name);
size_t lines_of(const char *name);

/* What the server takes from now on; NULL: anything. */
void demand(const char *token);
/* Knows the server and its authority, and nobody's credentials. */
k8sc_config *bare(void);
k8sc_resource *maps_of(k8sc_client *of);
/* Lists them. */
k8sc_status ask(k8sc_resource *maps);

struct pair {
    char certificate[2048], key[1024];
};
/* One that is its own authority. */
struct pair make_pair(const char *name);

#endif
