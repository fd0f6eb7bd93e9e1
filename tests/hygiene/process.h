/* What the tests of the process share: its threads and descriptors, a server that says nothing, and a client for it. */
#ifndef TESTS_HYGIENE_PROCESS_H
#define TESTS_HYGIENE_PROCESS_H

#include <dirent.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "k8sc.h"

#include "../support/clock.h"

#define MAYBE_UNUSED __attribute__((unused))

/* The entries of a folder such as /proc/self/task; the descriptor that reads it is not counted. */
MAYBE_UNUSED static int entries(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    int n = 0;
    if (!dir) return -1;
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.') n++;
    closedir(dir);
    return strcmp(folder, "/proc/self/fd") == 0 ? n - 1 : n;
}

MAYBE_UNUSED static int threads(void) { return entries("/proc/self/task"); }
MAYBE_UNUSED static int descriptors(void) { return entries("/proc/self/fd"); }

/* Both counts, as soon as they are what is wanted; at the latest after ten seconds, since unref does not wait. */
MAYBE_UNUSED static void expect_counts(int want_threads, int want_descriptors, const char *what)
{
    int i;
    for (i = 0; i < 1000 && (threads() != want_threads || descriptors() != want_descriptors); i++) pause_ms(10);
    if (threads() != want_threads || descriptors() != want_descriptors)
        fail_msg("%s: %d threads instead of %d, %d descriptors instead of %d", what, threads(), want_threads,
                 descriptors(), want_descriptors);
}

/* A socket that listens on loopback and never answers: the kernel accepts for it. *port is where. */
MAYBE_UNUSED static int silent_server(int *port)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 128), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

MAYBE_UNUSED static k8sc_config *config_for(int port)
{
    k8sc_config *config;
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
    assert_int_equal(k8sc_config_new(&config, NULL), K8SC_OK);
    assert_int_equal(k8sc_config_set_server(config, url, NULL), K8SC_OK);
    return config;
}

MAYBE_UNUSED static k8sc_client *client_for(int port)
{
    k8sc_config *config = config_for(port);
    k8sc_client *client;
    assert_int_equal(k8sc_client_new(config, &client, NULL), K8SC_OK);
    k8sc_config_free(config);
    return client;
}

/* Counts how often its destroy ran, and calls that came after it. */
typedef struct counted {
    int calls, destroys, late;
} counted;

MAYBE_UNUSED static int count_call(const k8sc_event *event, void *user_data)
{
    counted *it = user_data;
    (void)event;
    it->calls++;
    if (it->destroys) it->late++;
    return 0;
}

MAYBE_UNUSED static void count_destroy(void *user_data) { ((counted *)user_data)->destroys++; }

#endif
