/* Numbers that programs were compiled with: they never change. And the version, the same wherever it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "k8sc.h"

#define PIN(name, value) \
    { \
#name, name, value \
    }

static const struct {
    const char *name;
    int32_t is, was;
} codes[] = {PIN(K8SC_OK, 0),
             PIN(K8SC_E_INVALID, -1),
             PIN(K8SC_E_NOMEM, -2),
             PIN(K8SC_E_CLOSED, -3),
             PIN(K8SC_E_FORKED, -4),
             PIN(K8SC_E_BUSY, -5),
             PIN(K8SC_E_REENTRANT, -6),
             PIN(K8SC_E_CALLBACK, -7),
             PIN(K8SC_E_CANCELLED, -8),
             PIN(K8SC_E_TIMEOUT, -9),
             PIN(K8SC_E_STATE, -10),
             PIN(K8SC_E_IO, -11),
             PIN(K8SC_E_CONFIG, -12),
             PIN(K8SC_E_NOT_IN_CLUSTER, -13),
             PIN(K8SC_E_PARSE, -14),
             PIN(K8SC_E_RESOLVE, -15),
             PIN(K8SC_E_CONNECT, -16),
             PIN(K8SC_E_TLS, -17),
             PIN(K8SC_E_TRANSPORT, -18),
             PIN(K8SC_E_DECODE, -19),
             PIN(K8SC_E_TOO_LARGE, -20),
             PIN(K8SC_E_API, -21),
             PIN(K8SC_E_INTERNAL, -22),
             PIN(K8SC_E_CREDENTIALS, -23),
             PIN(K8SC_E_UNKNOWN_KIND, -24)},
  others[] = {PIN(K8SC_EVENT_ADD, 1),
              PIN(K8SC_EVENT_UPDATE, 2),
              PIN(K8SC_EVENT_DELETE, 3),
              PIN(K8SC_EVENT_SYNC, 4),
              PIN(K8SC_EVENT_ADDED, 5),
              PIN(K8SC_EVENT_MODIFIED, 6),
              PIN(K8SC_EVENT_DELETED, 7),
              PIN(K8SC_EVENT_BOOKMARK, 8),
              PIN(K8SC_EVENT_ERROR, 9),
              PIN(K8SC_EVENT_COMPLETED, 10),
              PIN(K8SC_EVENT_DATA, 11),
              PIN(K8SC_EVENT_CLOSED, 12),
              PIN(K8SC_EVENT_WARNING, 13),
              PIN(K8SC_EVENT_LOG, 14),
              PIN(K8SC_EVENT_TRACE, 15),
              PIN(K8SC_LOG_ERROR, 1),
              PIN(K8SC_LOG_WARNING, 2),
              PIN(K8SC_LOG_INFO, 3),
              PIN(K8SC_LOG_DEBUG, 4),
              PIN(K8SC_LOG_TRACE, 5),
              PIN(K8SC_TYPE_ABSENT, 0),
              PIN(K8SC_TYPE_NULL, 1),
              PIN(K8SC_TYPE_BOOL, 2),
              PIN(K8SC_TYPE_INTEGER, 3),
              PIN(K8SC_TYPE_NUMBER, 4),
              PIN(K8SC_TYPE_STRING, 5),
              PIN(K8SC_TYPE_ARRAY, 6),
              PIN(K8SC_TYPE_OBJECT, 7),
              PIN(K8SC_FIELD_STRING, 1),
              PIN(K8SC_FIELD_BOOLEAN, 2),
              PIN(K8SC_FIELD_INTEGER, 3),
              PIN(K8SC_FIELD_NUMBER, 4),
              PIN(K8SC_FIELD_BYTES, 5),
              PIN(K8SC_FIELD_ARRAY, 6),
              PIN(K8SC_FIELD_MAP, 7),
              PIN(K8SC_FIELD_OBJECT, 8),
              PIN(K8SC_FIELD_QUANTITY, 9),
              PIN(K8SC_FIELD_INT_OR_STRING, 10),
              PIN(K8SC_FIELD_TIME, 11),
              PIN(K8SC_FIELD_MICRO_TIME, 12),
              PIN(K8SC_FIELD_DURATION, 13),
              PIN(K8SC_FIELD_ANY, 14),
              PIN(K8SC_PATCH_JSON, 1),
              PIN(K8SC_PATCH_MERGE, 2),
              PIN(K8SC_PATCH_STRATEGIC_MERGE, 3),
              PIN(K8SC_PATCH_APPLY, 4),
              PIN(K8SC_LIST_AUTO, 0),
              PIN(K8SC_LIST_STREAM, 1),
              PIN(K8SC_LIST_PAGES, 2),
              PIN(K8SC_LIMIT_COALESCE, 0),
              PIN(K8SC_LIMIT_BACKPRESSURE, 1),
              PIN(K8SC_LIMIT_NONE, 2)};

static void values_stay(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (codes[i].is != codes[i].was) fail_msg("%s is %d", codes[i].name, (int)codes[i].is);
        assert_string_equal(k8sc_status_name(codes[i].was), codes[i].name);
    }
    for (i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].is != others[i].was) fail_msg("%s is %d", others[i].name, (int)others[i].is);
    assert_string_equal(k8sc_status_name(1), "K8SC_E_?");
    assert_string_equal(k8sc_status_name(-1000), "K8SC_E_?");
}

/* The header has no value that is not pinned above. HEADER is its path. */
static void all_values_are_pinned(void **state)
{
    FILE *header = fopen(HEADER, "r");
    char line[512], name[128];
    size_t i, found = 0;
    (void)state;
    assert_non_null(header);
    while (fgets(line, sizeof line, header)) {
        int pinned = 0;
        if (sscanf(line, "#define %127s", name) != 1) continue;
        if (strcmp(name, "K8SC_OK") != 0 && strncmp(name, "K8SC_E_", 7) != 0 && strncmp(name, "K8SC_EVENT_", 11) != 0 &&
            strncmp(name, "K8SC_TYPE_", 10) != 0 && strncmp(name, "K8SC_PATCH_", 11) != 0 &&
            strncmp(name, "K8SC_LOG_", 9) != 0 && strncmp(name, "K8SC_LIST_", 10) != 0 &&
            strncmp(name, "K8SC_LIMIT_", 11) != 0 && strncmp(name, "K8SC_FIELD_", 11) != 0)
            continue;
        for (i = 0; i < sizeof codes / sizeof *codes; i++) pinned |= strcmp(codes[i].name, name) == 0;
        for (i = 0; i < sizeof others / sizeof *others; i++) pinned |= strcmp(others[i].name, name) == 0;
        if (!pinned) fail_msg("%s is not pinned", name);
        found++;
    }
    fclose(header);
    assert_int_equal(found, sizeof codes / sizeof *codes + sizeof others / sizeof *others);
}

/* VERSION is the build's. */
static void the_version_is_the_same_wherever_it_is_written(void **state)
{
    char text[64];
    (void)state;
    assert_string_equal(K8SC_VERSION, VERSION);
    assert_string_equal(k8sc_version(), VERSION);
    snprintf(text, sizeof text, "%d.%d.%d", K8SC_VERSION_MAJOR, K8SC_VERSION_MINOR, K8SC_VERSION_PATCH);
    assert_string_equal(text, VERSION);
    assert_int_equal(K8SC_VERSION_NUMBER,
                     K8SC_VERSION_MAJOR * 1000000 + K8SC_VERSION_MINOR * 1000 + K8SC_VERSION_PATCH);
    assert_int_equal(k8sc_version_number(), K8SC_VERSION_NUMBER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_stay), cmocka_unit_test(all_values_are_pinned),
                                       cmocka_unit_test(the_version_is_the_same_wherever_it_is_written)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
