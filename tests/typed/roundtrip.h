/* What the generated round trips stand on. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;
static int64_t checks;

static void failed(int line, const char *what)
{
    failures++;
    printf("# line %d: %s\n", line, what);
}

#define TEXT(is, due) text_is(__LINE__, is, due)
#define NUMBER(is, due) number_is(__LINE__, (int64_t)(is), (int64_t)(due))
#define BYTES(call, due, due_len) bytes_are(__LINE__, call, &bytes, &len, due, due_len)

static inline void text_is(int line, const char *is, const char *due)
{
    checks++;
    if (!is || strcmp(is, due) != 0) failed(line, is ? is : "nothing");
}

static inline void number_is(int line, int64_t is, int64_t due)
{
    char text[64];
    checks++;
    snprintf(text, sizeof text, "%" PRId64 " instead of %" PRId64, is, due);
    if (is != due) failed(line, text);
}

static inline void bytes_are(int line, k8sc_status status, char **bytes, const size_t *len, const char *due,
                             size_t due_len)
{
    checks++;
    if (status < 0 || *len != due_len || memcmp(*bytes, due, due_len) != 0) failed(line, "other bytes");
    k8sc_string_free(*bytes);
    *bytes = NULL;
}

/* d: a draft that begins empty. v: what it was last frozen to. again: one that values are copied into. */
#define BEGIN(type) \
    char *bytes = NULL; \
    size_t len = 0; \
    k8sc_object *object = NULL; \
    k8sc_draft *draft = NULL, *copy = NULL; \
    type v; \
    type##_draft d, again; \
    (void)bytes, (void)len; \
    NUMBER(k8sc_draft_new(&draft, NULL), 0); \
    NUMBER(k8sc_draft_new(&copy, NULL), 0); \
    d.node = k8sc_draft_root(draft); \
    again.node = k8sc_draft_root(copy); \
    (void)again, (void)d
#define FREEZE(type) \
    k8sc_object_unref(object); \
    NUMBER(k8sc_draft_freeze(draft, &object, NULL), 0); \
    NUMBER(k8sc_draft_failure(copy) != NULL, 0); \
    v.value = k8sc_object_value(object)
#define END() \
    (void)v; \
    k8sc_object_unref(object); \
    k8sc_draft_free(draft); \
    k8sc_draft_free(copy)

struct part {
    const char *name;
    void (*run)(void);
};

static int run(const struct part *parts, size_t n, int fields)
{
    size_t i;
    int bad = 0;
    printf("1..%d\n", (int)n + 1);
    for (i = 0; i < n; i++) {
        failures = 0;
        parts[i].run();
        printf("%s %d - %s\n", failures ? "not ok" : "ok", (int)i + 1, parts[i].name);
        bad += failures;
    }
    /* A generator that lost fields must not pass. */
    printf("%s %d - %d fields, %" PRId64 " checks\n", fields > 0 && checks > fields ? "ok" : "not ok", (int)n + 1,
           fields, checks);
    return bad != 0;
}
