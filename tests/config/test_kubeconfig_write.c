/* Kubeconfigs that are edited and written back: what goes where, what stays, and what happens when others write, too.
 */
#include "support.h"

#include <fcntl.h>
#include <sys/wait.h>

static k8sc_kubeconfig *kube;
static char *text;

static int set_up(void **state)
{
    kube = NULL;
    err = NULL;
    text = NULL;
    return make_directory(state);
}

static int tear_down(void **state)
{
    k8sc_kubeconfig_free(kube);
    k8sc_string_free(text);
    return remove_directory(state);
}

static void load(const char *path)
{
    k8sc_kubeconfig_free(kube);
    kube = NULL;
    OK(k8sc_kubeconfig_load(path, &kube, &err));
    assert_non_null(kube);
}

static void write_back(void) { OK(k8sc_kubeconfig_write(kube, NULL, &err)); }

static void set_user(const char *name, const char *json)
{
    OK(k8sc_kubeconfig_set_user(kube, name, json, strlen(json), &err));
}
static void set_cluster(const char *name, const char *json)
{
    OK(k8sc_kubeconfig_set_cluster(kube, name, json, strlen(json), &err));
}
static void set_context(const char *name, const char *json)
{
    OK(k8sc_kubeconfig_set_context(kube, name, json, strlen(json), &err));
}

/* What a file holds; good until the next call. */
static const char *content(const char *name)
{
    static char held[65536];
    FILE *file = fopen(path_of(name), "r");
    size_t n;
    assert_non_null(file);
    n = fread(held, 1, sizeof held - 1, file);
    held[n] = '\0';
    fclose(file);
    return held;
}

static int holds(const char *name, const char *part) { return strstr(content(name), part) != NULL; }
static int exists(const char *name) { return access(path_of(name), F_OK) == 0; }

static void variable(const char *one, const char *two)
{
    char list[1100];
    char first[512];
    snprintf(first, sizeof first, "%s", path_of(one));
    snprintf(list, sizeof list, "%s:%s", first, path_of(two));
    setenv("KUBECONFIG", list, 1);
}

static int mode_of(const char *name)
{
    struct stat status;
    assert_int_equal(stat(path_of(name), &status), 0);
    return status.st_mode & 0777;
}

/* The value of a field in a user, read from the disk once more. */
static void assert_user_field(const char *name, const char *pointer, const char *expected)
{
    k8sc_object *user = NULL;
    load(NULL);
    OK(k8sc_kubeconfig_get_user(kube, name, &user, &err));
    assert_string_equal(k8sc_object_str(user, pointer, NULL), expected);
    k8sc_object_unref(user);
}

#define TWO_FILES() \
    do { \
        write_file("one", "# mine\napiVersion: v1\nkind: Config\nnews: {a: [1, 2]}\npreferences: {colors: true}\n" \
                          "clusters:\n- name: c\n  note: kept\n  cluster: {server: 'https://c', future: {x: 1}}\n" \
                          "contexts:\n- name: x\n  context: {cluster: c, user: u}\n"); \
        write_file("two", "current-context: x\nusers:\n- name: u\n  more: kept\n  user: {token: old, future: " \
                          "kept}\n- name: v\n  user: {token: v}\n" \
                          "contexts:\n- name: x\n  context: {cluster: shadowed}\n"); \
        variable("one", "two"); \
    } while (0)

/* ---- reading */

static void names_and_stanzas(void **state)
{
    k8sc_object *stanza = NULL;
    (void)state;
    TWO_FILES();
    load(NULL);
    assert_string_equal(k8sc_kubeconfig_current_context(kube), "x");
    assert_int_equal(k8sc_kubeconfig_context_count(kube), 1);
    assert_int_equal(k8sc_kubeconfig_user_count(kube), 2);
    assert_int_equal(k8sc_kubeconfig_cluster_count(kube), 1);
    assert_string_equal(k8sc_kubeconfig_context_name(kube, 0), "x");
    assert_string_equal(k8sc_kubeconfig_cluster_name(kube, 0), "c");
    assert_string_equal(k8sc_kubeconfig_user_name(kube, 1), "v");
    assert_null(k8sc_kubeconfig_user_name(kube, 2));
    assert_null(k8sc_kubeconfig_user_name(kube, -1));
    OK(k8sc_kubeconfig_get_context(kube, "x", &stanza, &err));
    assert_string_equal(k8sc_object_json(stanza, NULL), "{\"cluster\":\"c\",\"user\":\"u\"}");
    k8sc_object_unref(stanza);
    OK(k8sc_kubeconfig_get_cluster(kube, "c", &stanza, &err));
    assert_int_equal(k8sc_object_int(stanza, "/future/x", 0), 1);
    k8sc_object_unref(stanza);
    FAILS(K8SC_E_CONFIG, k8sc_kubeconfig_get_user(kube, "w", &stanza, &err), "user \"w\" does not exist");
    assert_null(stanza);
}

static void wrong_arguments(void **state)
{
    k8sc_kubeconfig *made = NULL;
    (void)state;
    OK(k8sc_kubeconfig_new(&kube, &err));
    assert_null(k8sc_kubeconfig_current_context(kube));
    assert_null(k8sc_kubeconfig_current_context(NULL));
    assert_int_equal(k8sc_kubeconfig_user_count(NULL), 0);
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_new(NULL, &err), "out");
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_parse(NULL, 0, &made, &err), "yaml");
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_set_user(kube, NULL, "{}", 2, &err), "name is NULL");
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_set_user(kube, "", "{}", 2, &err), "name is empty");
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_set_user(kube, "\xff", "{}", 2, &err), "UTF-8");
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_set_user(kube, "u", NULL, 0, &err), "json is NULL");
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_set_user(kube, "u", "[]", 2, &err), "json is a list");
    FAILS(K8SC_E_PARSE, k8sc_kubeconfig_set_user(kube, "u", "{", 1, &err), "json");
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_set_user(kube, "u", "{\"token\":12}", 12, &err),
          "user \"u\": token is a number");
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_set_cluster(kube, "c", "{\"server\":1}", 12, &err), "server is a number");
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_set_context(NULL, "c", "{}", 2, &err), "kubeconfig");
    FAILS(K8SC_E_CONFIG, k8sc_kubeconfig_set_current_context(kube, "x", &err), "context \"x\" does not exist");
    FAILS(K8SC_E_CONFIG, k8sc_kubeconfig_delete_context(kube, "x", &err), "context \"x\" does not exist");
    FAILS(K8SC_E_CONFIG, k8sc_kubeconfig_delete_user(kube, "x", &err), "user \"x\" does not exist");
    FAILS(K8SC_E_INVALID, k8sc_kubeconfig_delete_cluster(kube, NULL, &err), "name");
    FAILS(K8SC_E_STATE, k8sc_kubeconfig_write(kube, NULL, &err), "belongs to no file");
    FAILS(K8SC_E_CONFIG, k8sc_kubeconfig_minify(kube, NULL, &made, &err), "no context was chosen");
    assert_null(made);
    assert_int_equal(k8sc_kubeconfig_user_count(kube), 0);
}

/* ---- writing */

static void each_stanza_goes_to_its_file(void **state)
{
    (void)state;
    TWO_FILES();
    load(NULL);
    set_user("u", "{\"token\": \"new\"}");
    set_user("w", "{\"client-certificate\": \"a.crt\", \"client-key\": \"a.key\"}");
    write_back();
    assert_true(holds("two", "token: new"));
    assert_false(holds("two", "old"));
    assert_true(holds("two", "more: kept"));
    assert_true(holds("two", "token: v"));
    assert_true(holds("two", "cluster: shadowed"));
    assert_true(holds("one", "a.crt"));
    assert_false(holds("two", "a.crt"));
    assert_true(holds("one", "future:"));
    assert_true(holds("one", "news:"));
    assert_true(holds("one", "colors: true"));
    assert_true(holds("one", "note: kept"));
    assert_false(exists("one.lock") || exists("two.lock"));
    assert_user_field("u", "/token", "new");
}

static void what_did_not_change_is_not_written(void **state)
{
    char before[1024];
    (void)state;
    TWO_FILES();
    snprintf(before, sizeof before, "%s", content("one"));
    load(NULL);
    write_back();
    set_user("v", "{}");
    write_back();
    assert_string_equal(content("one"), before);
    write_file("two", "gone: 1\n");
    write_back();
    assert_string_equal(content("two"), "gone: 1\n");
}

static void what_others_wrote_meanwhile_stays(void **state)
{
    k8sc_kubeconfig *other = NULL;
    (void)state;
    TWO_FILES();
    load(NULL);
    OK(k8sc_kubeconfig_load(NULL, &other, &err));
    OK(k8sc_kubeconfig_set_user(other, "v", "{\"token\":\"theirs\"}", 18, &err));
    OK(k8sc_kubeconfig_set_cluster(other, "d", "{\"server\":\"https://d\"}", 22, &err));
    OK(k8sc_kubeconfig_write(other, NULL, &err));
    k8sc_kubeconfig_free(other);
    set_user("u", "{\"token\":\"mine\"}");
    set_cluster("c", "{\"server\":\"https://new\"}");
    write_back();
    assert_true(holds("two", "theirs") && holds("two", "mine"));
    assert_true(holds("one", "https://d") && holds("one", "https://new"));
}

static void what_is_deleted_is_gone_from_every_file(void **state)
{
    (void)state;
    TWO_FILES();
    load(NULL);
    OK(k8sc_kubeconfig_delete_context(kube, "x", &err));
    OK(k8sc_kubeconfig_delete_user(kube, "u", &err));
    assert_int_equal(k8sc_kubeconfig_context_count(kube), 0);
    write_back();
    assert_false(holds("one", "user: u"));
    assert_false(holds("two", "shadowed"));
    assert_false(holds("two", "old"));
    assert_true(holds("two", "token: v"));
    load(NULL);
    assert_int_equal(k8sc_kubeconfig_context_count(kube), 0);
    /* Deleted, and set once more before it is written. */
    OK(k8sc_kubeconfig_delete_user(kube, "v", &err));
    set_user("v", "{\"token\":\"again\"}");
    write_back();
    assert_user_field("v", "/token", "again");
}

static void the_current_context(void **state)
{
    (void)state;
    TWO_FILES();
    load(NULL);
    set_context("z", "{\"cluster\":\"c\"}");
    OK(k8sc_kubeconfig_set_current_context(kube, "z", &err));
    write_back();
    assert_true(holds("one", "current-context: z"));
    assert_true(holds("two", "current-context: x"));
    load(NULL);
    assert_string_equal(k8sc_kubeconfig_current_context(kube), "z");
    OK(k8sc_kubeconfig_set_current_context(kube, NULL, &err));
    write_back();
    assert_false(holds("one", "current-context"));
    assert_false(holds("two", "current-context"));
    load(NULL);
    assert_null(k8sc_kubeconfig_current_context(kube));
}

static void where_there_was_nothing(void **state)
{
    (void)state;
    umask(022);
    load(NULL);
    set_cluster("c", "{\"server\":\"https://c\"}");
    write_back();
    assert_int_equal(mode_of(".kube"), 0755);
    assert_int_equal(mode_of(".kube/config"), 0600);
    assert_true(holds(".kube/config", "kind: Config"));
    /* The first of the list, where none exists; the first that exists, where one does. */
    variable("new/deep/first", "second");
    load(NULL);
    set_cluster("c", "{\"server\":\"https://c\"}");
    write_back();
    assert_true(exists("new/deep/first"));
    assert_false(exists("second"));
    write_file("second", "");
    variable("absent", "second");
    load(NULL);
    set_cluster("c", "{\"server\":\"https://c\"}");
    write_back();
    assert_false(exists("absent"));
    assert_true(holds("second", "https://c"));
}

static void modes_and_links(void **state)
{
    struct stat status;
    (void)state;
    make_folder("real");
    write_file("real/config", "users: [{name: u, user: {token: t}}]\n");
    assert_int_equal(chmod(path_of("real/config"), 0640), 0);
    assert_int_equal(symlink("real/config", path_of("link")), 0);
    load(path_of("link"));
    set_user("u", "{\"token\":\"new\"}");
    write_back();
    assert_int_equal(lstat(path_of("link"), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_true(holds("real/config", "token: new"));
    assert_int_equal(mode_of("real/config"), 0640);
    assert_false(exists("link.lock") || exists("real/config.lock"));
    assert_int_equal(symlink("real/later", path_of("dangling")), 0);
    OK(k8sc_kubeconfig_write(kube, path_of("dangling"), &err));
    assert_true(holds("real/later", "token: new"));
    assert_int_equal(mode_of("real/later"), 0600);
    assert_int_equal(symlink("loop", path_of("loop")), 0);
    FAILS(K8SC_E_IO, k8sc_kubeconfig_write(kube, path_of("loop"), &err), path_of("loop"));
}

static void only_files_are_replaced(void **state)
{
    (void)state;
    OK(k8sc_kubeconfig_new(&kube, &err));
    make_folder("folder");
    FAILS(K8SC_E_IO, k8sc_kubeconfig_write(kube, path_of("folder"), &err), path_of("folder"), "not a regular file");
    assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
    FAILS(K8SC_E_IO, k8sc_kubeconfig_write(kube, path_of("pipe"), &err), path_of("pipe"), "not a regular file");
    write_file("file", "");
    FAILS(K8SC_E_IO, k8sc_kubeconfig_write(kube, path_of("file/below"), &err), path_of("file"));
    assert_false(exists("folder.lock") || exists("pipe.lock"));
}

static void a_bad_file_changes_nothing(void **state)
{
    char before[1024];
    (void)state;
    TWO_FILES();
    load(NULL);
    set_user("u", "{}");
    set_cluster("c", "{}");
    snprintf(before, sizeof before, "%s", content("one"));
    write_file("two", "users: [\n");
    FAILS(K8SC_E_PARSE, k8sc_kubeconfig_write(kube, NULL, &err), path_of("two"), "line ");
    assert_string_equal(content("one"), before);
    assert_string_equal(content("two"), "users: [\n");
    assert_false(exists("one.lock") || exists("two.lock"));
    /* Nothing is lost: it can be tried again. */
    write_file("two", "");
    write_back();
    assert_true(holds("two", "name: u"));
}

static void a_stale_lock(void **state)
{
    (void)state;
    TWO_FILES();
    load(NULL);
    set_cluster("c", "{}");
    set_user("u", "{\"token\":\"new\"}");
    write_file("two.lock", "");
    FAILS(K8SC_E_IO, k8sc_kubeconfig_write(kube, NULL, &err), path_of("two.lock"), "remove the file");
    assert_true(exists("two.lock"));
    assert_false(exists("one.lock"));
    assert_true(holds("two", "old"));
    assert_int_equal(unlink(path_of("two.lock")), 0);
    write_back();
    assert_true(holds("two", "token: new"));
}

static void a_directory_without_permission(void **state)
{
    k8sc_status status;
    uid_t user = geteuid();
    (void)state;
    make_folder("locked");
    write_file("locked/config", "users: [{name: u, user: {token: t}}]\n");
    assert_int_equal(chmod(directory, 0755), 0);
    load(path_of("locked/config"));
    set_user("u", "{\"token\":\"hunter2\"}");
    assert_int_equal(chmod(path_of("locked"), 0555), 0);
    /* Nothing is locked for root. */
    if (user == 0) assert_int_equal(seteuid(65534), 0);
    status = k8sc_kubeconfig_write(kube, NULL, &err);
    if (user == 0) assert_int_equal(seteuid(0), 0);
    assert_int_equal(chmod(path_of("locked"), 0755), 0);
    assert_null(strstr(k8sc_error_message(err), "hunter2"));
    FAILS(K8SC_E_IO, status, path_of("locked/config.lock"), "Permission denied");
    assert_true(holds("locked/config", "token: t"));
}

/* Each process adds users of its own to the same file, again and again. */
static int add_users(const char *prefix, int count)
{
    int i;
    for (i = 0; i < count; i++) {
        char name[64];
        k8sc_kubeconfig *mine = NULL;
        snprintf(name, sizeof name, "%s-%d", prefix, i);
        if (k8sc_kubeconfig_load(NULL, &mine, NULL) < 0) return 1;
        if (k8sc_kubeconfig_set_user(mine, name, "{\"token\":\"t\"}", 13, NULL) < 0) return 2;
        if (k8sc_kubeconfig_write(mine, NULL, NULL) < 0) return 3;
        k8sc_kubeconfig_free(mine);
    }
    return 0;
}

static void two_processes_at_once(void **state)
{
    enum { rounds = 25 };
    pid_t child;
    int mine, theirs;
    (void)state;
    setenv("KUBECONFIG", path_of("config"), 1);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) _exit(add_users("child", rounds));
    mine = add_users("parent", rounds);
    assert_int_equal(waitpid(child, &theirs, 0), child);
    assert_int_equal(mine, 0);
    assert_int_equal(theirs, 0);
    load(NULL);
    assert_int_equal(k8sc_kubeconfig_user_count(kube), 2 * rounds);
    assert_false(exists("config.lock"));
}

static void all_into_another_file(void **state)
{
    (void)state;
    make_folder("sub");
    write_file("sub/config", "current-context: x\nnews: 1\nclusters: [{name: c, cluster: {server: 'https://c', "
                             "certificate-authority: ca.crt}}]\n"
                             "users: [{name: u, user: {tokenFile: ../token, exec: {command: bin/login}}}, {name: v, "
                             "user: {exec: {command: login}}}]\n"
                             "contexts: [{name: x, context: {cluster: c, user: u}}]\n");
    load(path_of("sub/config"));
    write_file("copy", "users: [{name: gone}]\n");
    OK(k8sc_kubeconfig_write(kube, path_of("copy"), &err));
    assert_false(holds("copy", "gone"));
    assert_true(holds("copy", path_of("sub/ca.crt")));
    assert_true(holds("copy", path_of("sub/../token")));
    assert_true(holds("copy", path_of("sub/bin/login")));
    assert_true(holds("copy", "command: login"));
    assert_true(holds("copy", "news: 1"));
    assert_true(holds("copy", "current-context: x"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_and_stanzas),
        TEST(wrong_arguments),
        TEST(each_stanza_goes_to_its_file),
        TEST(what_did_not_change_is_not_written),
        TEST(what_others_wrote_meanwhile_stays),
        TEST(what_is_deleted_is_gone_from_every_file),
        TEST(the_current_context),
        TEST(where_there_was_nothing),
        TEST(modes_and_links),
        TEST(only_files_are_replaced),
        TEST(a_bad_file_changes_nothing),
        TEST(a_stale_lock),
        TEST(a_directory_without_permission),
        TEST(two_processes_at_once),
        TEST(all_into_another_file),
    };
    return cmocka_run_group_tests_name("kubeconfig write", tests, NULL, NULL);
}
