/* What the server says that it has, in discovery documents, against what the typed headers know, and against the table
 * of the typed tests. */
#include "typed.h"

struct known {
    const char *group_version, *name, *kind; /* no kind: a subresource */
    int namespaced;
    const char *verbs;
    int tested; /* 1: with all verbs; 2: created only */
};
struct difference {
    const char *group_version, *name, *reason;
};
#include "typed_facts.h"

#define SIZE(array) (sizeof(array) / sizeof *(array))

struct served {
    char group_version[64], name[96], kind[64], verbs[160];
    int namespaced;
};
static struct served served[512];
static size_t served_count;
static char versions[96][64];
static size_t version_count;

static int problems;
#define PROBLEM(...) (problems++, print_error("%s", "  "), print_error(__VA_ARGS__), print_error("\n"))

static const k8sc_object *document(const char *path)
{
    k8sc_rest_client *rest = NULL;
    k8sc_request *request = NULL;
    k8sc_result **result = result_slot();
    k8sc_object **object = object_slot();
    OK(k8sc_client_rest(client, "", "v1", &rest, &err));
    OK(k8sc_rest_client_get(rest, &request, &err));
    OK(k8sc_request_set_abs_path(request, path));
    OK(k8sc_request_do(request, result, &err));
    k8sc_request_free(request);
    k8sc_rest_client_unref(rest);
    OK(k8sc_result_object(*result, object, &err));
    return *object;
}

/* A string of a document, which must be there. */
static const char *part(const k8sc_object *object, const char *format, ...)
{
    char pointer[128];
    const char *text;
    va_list args;
    va_start(args, format);
    vsnprintf(pointer, sizeof pointer, format, args);
    va_end(args);
    text = k8sc_object_str(object, pointer, NULL);
    if (!text) fail_msg("no %s in a discovery document", pointer);
    return text;
}

static void read_version(const char *group_version)
{
    char path[128], pointer[64];
    const k8sc_object *list;
    int64_t i, j, size, verbs;
    size_t used;
    snprintf(path, sizeof path, "/%s/%s", strchr(group_version, '/') ? "apis" : "api", group_version);
    list = document(path);
    assert_string_equal(part(list, "/groupVersion"), group_version);
    size = k8sc_object_size(list, "/resources");
    assert_true(size > 0);
    for (i = 0; i < size; i++) {
        struct served *s = &served[served_count++];
        assert_true(served_count < SIZE(served));
        snprintf(s->group_version, sizeof s->group_version, "%s", group_version);
        snprintf(s->name, sizeof s->name, "%s", part(list, "/resources/%d/name", (int)i));
        snprintf(s->kind, sizeof s->kind, "%s", part(list, "/resources/%d/kind", (int)i));
        snprintf(pointer, sizeof pointer, "/resources/%d/namespaced", (int)i);
        s->namespaced = k8sc_object_bool(list, pointer, -1);
        snprintf(pointer, sizeof pointer, "/resources/%d/verbs", (int)i);
        verbs = k8sc_object_size(list, pointer);
        s->verbs[0] = '\0';
        for (j = 0, used = 0; j < verbs && used < sizeof s->verbs; j++)
            used += (size_t)snprintf(s->verbs + used, sizeof s->verbs - used, "%s%s", j ? "," : "",
                                     part(list, "/resources/%d/verbs/%d", (int)i, (int)j));
    }
    snprintf(versions[version_count++], sizeof versions[0], "%s", group_version);
    assert_true(version_count < SIZE(versions));
}

static void read_discovery(void)
{
    const k8sc_object *groups = document("/apis");
    int64_t i, j, size = k8sc_object_size(groups, "/groups");
    problems = 0, served_count = 0, version_count = 0;
    read_version("v1");
    for (i = 0; i < size; i++) {
        char pointer[64];
        int64_t count;
        snprintf(pointer, sizeof pointer, "/groups/%d/versions", (int)i);
        count = k8sc_object_size(groups, pointer);
        for (j = 0; j < count; j++) read_version(part(groups, "/groups/%d/versions/%d/groupVersion", (int)i, (int)j));
    }
    assert_true(version_count > 40);
    assert_true(served_count > 100);
}

static const struct known *find_known(const char *group_version, const char *name)
{
    size_t i;
    for (i = 0; i < SIZE(known); i++)
        if (strcmp(known[i].group_version, group_version) == 0 && strcmp(known[i].name, name) == 0) return &known[i];
    return NULL;
}

static const struct served *find_served(const char *group_version, const char *name)
{
    size_t i;
    for (i = 0; i < served_count; i++)
        if (strcmp(served[i].group_version, group_version) == 0 && strcmp(served[i].name, name) == 0) return &served[i];
    return NULL;
}

static int is_version_served(const char *group_version)
{
    size_t i;
    for (i = 0; i < version_count; i++)
        if (strcmp(versions[i], group_version) == 0) return 1;
    return 0;
}

static int is_listed(const struct difference *differences, size_t count, const char *group_version, const char *name)
{
    size_t i;
    for (i = 0; i < count; i++)
        if (strcmp(differences[i].group_version, group_version) == 0 && strcmp(differences[i].name, name) == 0)
            return 1;
    return 0;
}
#define IS_LISTED(differences, of) is_listed(differences, SIZE(differences), (of)->group_version, (of)->name)

static int has_verb(const char *verbs, const char *verb)
{
    const char *at;
    size_t len = strlen(verb);
    for (at = verbs; (at = strstr(at, verb)); at += len)
        if ((at == verbs || at[-1] == ',') && (at[len] == ',' || at[len] == '\0')) return 1;
    return 0;
}

/* The lists of differences, and the table, are of 1.20. */
static int is_the_listed_release(void)
{
    static int minor;
    if (!minor) minor = server_minor();
    return minor == 20;
}

/* Name, kind, scope and verbs, of resources; of subresources, that they are there. */
static void the_server_and_the_headers_agree(void **state)
{
    size_t i;
    (void)state;
    read_discovery();
    for (i = 0; i < served_count; i++) {
        const struct served *s = &served[i];
        const struct known *k = find_known(s->group_version, s->name);
        if (is_the_listed_release() && (k == NULL) != IS_LISTED(served_only, s))
            PROBLEM("%s %s is served, and is %s", s->group_version, s->name,
                    k ? "known, against what is listed" : "unknown");
        if (!k || !k->kind) continue;
        if (strcmp(k->kind, s->kind) != 0)
            PROBLEM("%s %s is the kind %s, not %s", s->group_version, s->name, s->kind, k->kind);
        if (k->namespaced != s->namespaced)
            PROBLEM("%s %s: namespaced is %d, not %d", s->group_version, s->name, s->namespaced, k->namespaced);
        if (is_the_listed_release() && (strcmp(k->verbs, s->verbs) != 0) != IS_LISTED(other_verbs, s))
            PROBLEM("%s %s has the verbs %s, not %s", s->group_version, s->name, s->verbs, k->verbs);
    }
    for (i = 0; i < SIZE(known); i++) {
        const struct known *k = &known[i];
        int is_served = find_served(k->group_version, k->name) != NULL;
        if (is_the_listed_release() && is_version_served(k->group_version) && is_served == IS_LISTED(known_only, k))
            PROBLEM("%s %s is known, and %s", k->group_version, k->name,
                    is_served ? "served, against what is listed" : "not served");
    }
    assert_int_equal(problems, 0);
}

/* A list of differences is no place for what has come to be right, or was never there. */
static void each_listed_difference_is_one(void **state)
{
    size_t i;
    (void)state;
    if (!is_the_listed_release()) skip();
    read_discovery();
    for (i = 0; i < SIZE(served_only); i++)
        if (!find_served(served_only[i].group_version, served_only[i].name))
            PROBLEM("%s %s is not served", served_only[i].group_version, served_only[i].name);
    for (i = 0; i < SIZE(known_only); i++)
        if (!find_known(known_only[i].group_version, known_only[i].name) ||
            !is_version_served(known_only[i].group_version))
            PROBLEM("%s %s is not known, or its version not served", known_only[i].group_version, known_only[i].name);
    for (i = 0; i < SIZE(other_verbs); i++)
        if (!find_served(other_verbs[i].group_version, other_verbs[i].name))
            PROBLEM("%s %s is not served", other_verbs[i].group_version, other_verbs[i].name);
    assert_int_equal(problems, 0);
}

static int is_whole(const struct served *s)
{
    return has_verb(s->verbs, "create") && has_verb(s->verbs, "list") && has_verb(s->verbs, "watch") &&
           has_verb(s->verbs, "delete");
}

static void the_table_has_every_resource(void **state)
{
    size_t i, whole = 0;
    (void)state;
    if (!is_the_listed_release()) skip();
    read_discovery();
    for (i = 0; i < served_count; i++) {
        const struct served *s = &served[i];
        const struct known *k = find_known(s->group_version, s->name);
        if (!k || !k->kind) continue;
        whole += is_whole(s);
        if (is_whole(s) && k->tested != 1) PROBLEM("%s %s is not in the table", s->group_version, s->name);
        if (!is_whole(s) && has_verb(s->verbs, "create") && k->tested != 2)
            PROBLEM("%s %s is not among the reviews", s->group_version, s->name);
    }
    for (i = 0; i < SIZE(known); i++) {
        const struct served *s = find_served(known[i].group_version, known[i].name);
        if (known[i].tested && !s)
            PROBLEM("%s %s is in the table, and not served", known[i].group_version, known[i].name);
    }
    assert_true(whole > 70);
    assert_int_equal(problems, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_server_and_the_headers_agree),
        TEST(each_listed_difference_is_one),
        TEST(the_table_has_every_resource),
    };
    return RUN_ON_CLUSTER(TYPED_APISERVER, tests);
}
