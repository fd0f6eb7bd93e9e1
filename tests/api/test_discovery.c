/* What a server serves: told both ways, in part, and from caches. */
#include "support.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

/* ---- handles */

static k8sc_discovery *keep(k8sc_discovery *discovery)
{
    return track(discovery, (void (*)(void *))k8sc_discovery_unref);
}

static k8sc_discovery *direct(void)
{
    k8sc_discovery *made;
    OK(k8sc_discovery_new(client, &made, &err));
    return keep(made);
}

static k8sc_discovery *cached(void)
{
    k8sc_discovery *made;
    OK(k8sc_discovery_new_cached(client, &made, &err));
    return keep(made);
}

static void restart(int aggregated)
{
    k8sc_testing_options *options;
    OK(k8sc_testing_options_new(&options, &err));
    OK(k8sc_testing_options_set_aggregated_discovery(options, aggregated, &err));
    restart_server_with(options);
}

static k8sc_object *groups_of(k8sc_discovery *discovery)
{
    k8sc_object *groups;
    OK(k8sc_discovery_server_groups(discovery, &groups, &err));
    return keep_object(groups);
}

static k8sc_list *all_of(k8sc_discovery *discovery, k8sc_error **partial)
{
    k8sc_list *lists;
    OK(k8sc_discovery_server_groups_and_resources(discovery, NULL, &lists, partial, &err));
    return keep_list(lists);
}

static k8sc_object *resources_of(k8sc_discovery *discovery, const char *group_version)
{
    k8sc_object *resources;
    OK(k8sc_discovery_server_resources_for_group_version(discovery, group_version, &resources, &err));
    return keep_object(resources);
}

static const char *text(const k8sc_object *object) { return k8sc_object_json(object, NULL); }

/* How many requests there were whose path is exactly this; NULL: any. */
static int asked(const char *path)
{
    k8sc_object *log = request_log();
    int64_t size = k8sc_object_size(log, "/log");
    int count = 0;
    for (int64_t i = 0; i < size; i++) {
        char pointer[64];
        const char *found;
        snprintf(pointer, sizeof pointer, "/log/%d/path", (int)i);
        found = STR(log, pointer);
        count += !path || (found && strcmp(found, path) == 0);
    }
    return count;
}

static void forget_requests(void) { OK(k8sc_testing_server_forget_requests(server, &err)); }

static k8sc_object *list_named(const k8sc_list *lists, const char *group_version)
{
    for (int64_t i = 0; i < k8sc_list_size(lists); i++)
        if (strcmp(STR(k8sc_list_at(lists, i), "/groupVersion"), group_version) == 0) return k8sc_list_at(lists, i);
    return NULL;
}

/* The place of a resource in a list; -1 where there is none. */
static int place_of(const k8sc_object *list, const char *name)
{
    for (int i = 0; i < (int)k8sc_object_size(list, "/resources"); i++) {
        char pointer[64];
        snprintf(pointer, sizeof pointer, "/resources/%d/name", i);
        if (strcmp(STR(list, pointer), name) == 0) return i;
    }
    return -1;
}

/* ---- both ways */

static void the_same_both_ways(void **state)
{
    char *groups, **lists;
    int64_t count;
    k8sc_list *told;
    (void)state;
    restart(0);
    groups = strdup(text(groups_of(direct())));
    told = all_of(direct(), NULL);
    count = k8sc_list_size(told);
    lists = calloc((size_t)count, sizeof *lists);
    for (int64_t i = 0; i < count; i++) lists[i] = strdup(text(k8sc_list_at(told, i)));
    assert_true(count > 5);

    restart(1);
    forget_requests();
    assert_string_equal(text(groups_of(direct())), groups);
    told = all_of(direct(), NULL);
    assert_int_equal(k8sc_list_size(told), count);
    /* Two requests each. */
    assert_int_equal(asked(NULL), 4);
    for (int64_t i = 0; i < count; i++) {
        assert_string_equal(text(k8sc_list_at(told, i)), lists[i]);
        /* One by one as well. */
        assert_string_equal(text(resources_of(direct(), STR(k8sc_list_at(told, i), "/groupVersion"))), lists[i]);
        free(lists[i]);
    }
    free(lists);
    free(groups);
}

/* What servers of a release have: nothing, the beta, both, or what is stable. Two requests tell all wherever there is
 * any. */
static void each_release_tells_the_same_in_both_ways(void **state)
{
    static const struct {
        const char *version, *api_version;
    } cases[] = {{"1.26", NULL}, {"1.27", "v2beta1"}, {"1.29", "v2beta1"},
                 {"1.30", "v2"}, {"1.32", "v2"},      {"1.36", "v2"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *told[2];
        for (int aggregated = 0; aggregated < 2; aggregated++) {
            k8sc_testing_options *options;
            OK(k8sc_testing_options_new(&options, &err));
            OK(k8sc_testing_options_set_kubernetes_version(options, cases[i].version, &err));
            if (!aggregated) OK(k8sc_testing_options_set_aggregated_discovery(options, 0, &err));
            restart_server_with(options);
            forget_requests();
            k8sc_list *lists = all_of(direct(), NULL);
            assert_int_equal(asked(NULL) == 2, aggregated && cases[i].api_version);
            told[aggregated] = strdup(text(list_named(lists, "apps/v1")));
        }
        assert_string_equal(told[0], told[1]);
        free(told[0]);
        free(told[1]);
    }
}

static void what_it_says(void **state)
{
    k8sc_object *groups = groups_of(direct()), *apps = resources_of(direct(), "apps/v1"),
                *core = resources_of(direct(), "v1");
    char pointer[64];
    (void)state;
    assert_string_equal(STR(groups, "/kind"), "APIGroupList");
    assert_string_equal(STR(groups, "/groups/0/name"), "");
    assert_string_equal(STR(groups, "/groups/0/preferredVersion/groupVersion"), "v1");
    assert_string_equal(STR(apps, "/kind"), "APIResourceList");
    assert_string_equal(STR(apps, "/groupVersion"), "apps/v1");
    snprintf(pointer, sizeof pointer, "/resources/%d/kind", place_of(apps, "deployments"));
    assert_string_equal(STR(apps, pointer), "Deployment");
    assert_true(place_of(core, "pods/status") > 0);
    assert_int_equal(place_of(core, "deployments"), -1);
}

/* ---- parts */

static void in_part(void **state)
{
    k8sc_error *partial;
    k8sc_list *lists;
    k8sc_discovery *discovery = direct();
    k8sc_object *groups;
    (void)state;
    fault("{\"path\":\"/apis/apps/v1\",\"status\":{\"code\":403,\"reason\":\"Forbidden\",\"message\":\"not yours\"}}");
    forget_requests();
    OK(k8sc_discovery_server_groups_and_resources(discovery, &groups, &lists, &partial, &err));
    keep_list(lists);
    keep_object(groups);
    assert_non_null(partial);
    assert_int_equal(k8sc_error_cause_count(partial), 1);
    assert_string_equal(k8sc_error_cause_field(partial, 0), "apps/v1");
    assert_string_equal(k8sc_error_cause_type(partial, 0), "Forbidden");
    assert_non_null(strstr(k8sc_error_cause_message(partial, 0), "not yours"));
    assert_true(k8sc_error_is_forbidden(partial));
    k8sc_error_free(partial);
    assert_null(list_named(lists, "apps/v1"));
    assert_non_null(list_named(lists, "v1"));
    assert_non_null(list_named(lists, "batch/v1"));
    /* Twice, and no more. */
    assert_int_equal(asked("/apis/apps/v1"), 2);
    /* Nothing is lost in silence. */
    FAILS(K8SC_E_API, k8sc_discovery_server_groups_and_resources(discovery, NULL, &lists, NULL, &err), "apps/v1",
          "not yours");
    assert_null(lists);
    FAILS(K8SC_E_API, k8sc_discovery_server_preferred_resources(discovery, &lists, NULL, &err), "apps/v1");
    OK(k8sc_discovery_server_preferred_resources(discovery, &lists, &partial, &err));
    keep_list(lists);
    assert_non_null(partial);
    k8sc_error_free(partial);
    clear_faults();
    OK(k8sc_discovery_server_groups_and_resources(discovery, NULL, &lists, &partial, &err));
    keep_list(lists);
    assert_null(partial);
}

static void nothing_at_all(void **state)
{
    k8sc_object *groups;
    k8sc_list *lists;
    k8sc_error *partial = (k8sc_error *)1;
    (void)state;
    fault("{\"path\":\"/apis\",\"nth\":1,\"times\":2,\"status\":{\"code\":403}}");
    FAILS(K8SC_E_API, k8sc_discovery_server_groups(direct(), &groups, &err), "/apis");
    FAILS(K8SC_E_API, k8sc_discovery_server_groups_and_resources(direct(), NULL, &lists, &partial, &err), "/apis");
    assert_null(partial);
}

/* The deadline is that of the whole, and what says nothing is asked once; others are told. */
static void one_group_hangs(void **state)
{
    k8sc_config *config = new_config();
    k8sc_discovery *discovery;
    k8sc_error *partial;
    k8sc_list *lists;
    k8sc_object *object;
    (void)state;
    OK(k8sc_config_set_timeout(config, 3000, &err));
    k8sc_client *of = new_client(config);
    fault("{\"path\":\"/apis/apps/v1\",\"delay_ms\":60000}");
    for (int cached_ = 0; cached_ < 2; cached_++) {
        OK((cached_ ? k8sc_discovery_new_cached : k8sc_discovery_new)(of, &discovery, &err));
        keep(discovery);
        forget_requests();
        int64_t began = now_ms();
        OK(k8sc_discovery_server_groups_and_resources(discovery, NULL, &lists, &partial, &err));
        keep_list(lists);
        assert_in_range(now_ms() - began, 2000, 5900);
        assert_int_equal(k8sc_error_code(partial), K8SC_E_TIMEOUT);
        assert_int_equal(k8sc_error_cause_count(partial), 1);
        assert_string_equal(k8sc_error_cause_field(partial, 0), "apps/v1");
        k8sc_error_free(partial);
        assert_null(list_named(lists, "apps/v1"));
        assert_non_null(list_named(lists, "batch/v1"));
        assert_int_equal(asked("/apis/apps/v1"), 1);
    }
    /* Who asks a cache in the next ten seconds is not held up again. */
    FAILS(K8SC_E_TIMEOUT, k8sc_discovery_server_groups_and_resources(discovery, NULL, &lists, NULL, &err), "apps/v1");
    FAILS(K8SC_E_TIMEOUT, k8sc_discovery_server_resources_for_group_version(discovery, "apps/v1", &object, &err),
          "apps/v1");
    assert_int_equal(asked("/apis/apps/v1"), 1);
}

static void all_hangs(void **state)
{
    k8sc_config *config = new_config();
    k8sc_discovery *discovery;
    k8sc_object *groups;
    (void)state;
    OK(k8sc_config_set_timeout(config, 400, &err));
    fault("{\"path\":\"/api\",\"delay_ms\":60000}");
    OK(k8sc_discovery_new(new_client(config), &discovery, &err));
    keep(discovery);
    FAILS(K8SC_E_TIMEOUT, k8sc_discovery_server_groups(discovery, &groups, &err), "/api", "deadline");
    assert_null(groups);
    assert_int_equal(asked(NULL), 1);
}

/* Where there is no core group, that is no failure. */
static void no_core(void **state)
{
    (void)state;
    for (int aggregated = 0; aggregated < 2; aggregated++) {
        restart(aggregated);
        fault("{\"path\":\"/api\",\"nth\":1,\"times\":1,\"status\":{\"code\":404}}");
        assert_string_not_equal(STR(groups_of(direct()), "/groups/0/name"), "");
        clear_faults();
    }
}

static void preferred_resources_are_without_subresources(void **state)
{
    k8sc_list *lists, *namespaced;
    k8sc_object *core;
    (void)state;
    OK(k8sc_discovery_server_preferred_resources(direct(), &lists, NULL, &err));
    keep_list(lists);
    OK(k8sc_discovery_server_preferred_namespaced_resources(direct(), &namespaced, NULL, &err));
    keep_list(namespaced);
    core = list_named(lists, "v1");
    assert_true(place_of(core, "nodes") >= 0);
    assert_true(place_of(core, "pods") >= 0);
    assert_int_equal(place_of(core, "pods/status"), -1);
    core = list_named(namespaced, "v1");
    assert_int_equal(place_of(core, "nodes"), -1);
    assert_true(place_of(core, "pods") >= 0);
}

/* ---- memory */

static void a_cache_asks_again_once_it_is_invalidated(void **state)
{
    k8sc_discovery *discovery = cached();
    k8sc_error *partial;
    (void)state;
    assert_false(k8sc_discovery_is_fresh(discovery));
    groups_of(discovery);
    assert_true(k8sc_discovery_is_fresh(discovery));
    forget_requests();
    groups_of(discovery);
    all_of(discovery, &partial);
    assert_null(partial);
    resources_of(discovery, "apps/v1");
    assert_int_equal(asked(NULL), 0);
    OK(k8sc_discovery_invalidate(discovery, &err));
    assert_false(k8sc_discovery_is_fresh(discovery));
    resources_of(discovery, "apps/v1");
    assert_true(asked(NULL) > 0);
}

static void unknown_to_the_cache(void **state)
{
    k8sc_discovery *discovery = cached();
    k8sc_object *object;
    (void)state;
    groups_of(discovery);
    forget_requests();
    FAILS(K8SC_E_API,
          k8sc_discovery_server_resources_for_group_version(discovery, "none.example.com/v1", &object, &err),
          "none.example.com/v1");
    assert_true(k8sc_error_is_not_found(failure));
    assert_int_equal(asked(NULL), 0);
}

static void what_passes_is_asked_again(void **state)
{
    k8sc_discovery *discovery = cached();
    k8sc_error *partial;
    k8sc_object *object;
    (void)state;
    fault("{\"path\":\"/apis/apps/v1\",\"status\":{\"code\":500}}");
    fault("{\"path\":\"/apis/batch/v1\",\"status\":{\"code\":403}}");
    all_of(discovery, &partial);
    assert_int_equal(k8sc_error_cause_count(partial), 2);
    k8sc_error_free(partial);
    clear_faults();
    forget_requests();
    /* The one that passes, and not the other. */
    all_of(discovery, &partial);
    assert_int_equal(k8sc_error_cause_count(partial), 1);
    assert_string_equal(k8sc_error_cause_field(partial, 0), "batch/v1");
    k8sc_error_free(partial);
    assert_int_equal(asked(NULL), 1);
    assert_int_equal(asked("/apis/apps/v1"), 1);
    resources_of(discovery, "apps/v1");
    FAILS(K8SC_E_API, k8sc_discovery_server_resources_for_group_version(discovery, "batch/v1", &object, &err),
          "batch/v1");
    assert_int_equal(asked(NULL), 1);
}

static void *load(void *discovery)
{
    k8sc_object *groups;
    k8sc_error *fault_ = NULL;
    if (k8sc_discovery_server_groups(discovery, &groups, &fault_) < 0) return fault_;
    k8sc_object_unref(groups);
    return NULL;
}

static void one_load_for_all(void **state)
{
    pthread_t threads[8];
    k8sc_discovery *discovery = cached();
    (void)state;
    restart(1);
    OK(k8sc_discovery_new_cached(client, &discovery, &err));
    keep(discovery);
    forget_requests();
    for (size_t i = 0; i < COUNT(threads); i++) assert_int_equal(pthread_create(&threads[i], NULL, load, discovery), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(asked(NULL), 2);
}

/* ---- disk */

static char directory[64];

static void remove_directory(void *name)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", (char *)name);
    if (system(command) != 0) abort();
}

static void new_directory(void)
{
    snprintf(directory, sizeof directory, "/tmp/k8sc-discovery-XXXXXX");
    assert_non_null(mkdtemp(directory));
    track(directory, remove_directory);
}

static k8sc_discovery *on_disk(int64_t ttl_ms)
{
    k8sc_discovery *made;
    OK(k8sc_discovery_new_disk_cached(client, directory, ttl_ms, &made, &err));
    return keep(made);
}

/* A file of the cache: the directory of its server has the address as its name. */
static const char *file(const char *name)
{
    static char path[256];
    const char *url = k8sc_testing_server_url(server);
    snprintf(path, sizeof path, "%s/%s/%s", directory, strstr(url, "://") + 3, name);
    *strchr(path + strlen(directory), ':') = '_';
    return path;
}

static int mode_of(const char *path)
{
    struct stat found;
    assert_int_equal(stat(path, &found), 0);
    return (int)(found.st_mode & 0777);
}

static void write_file(const char *path, const char *content)
{
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    fputs(content, stream);
    fclose(stream);
}

static void in_files(void **state)
{
    k8sc_discovery *first, *second;
    k8sc_error *partial;
    char *written;
    (void)state;
    new_directory();
    first = on_disk(600000);
    written = strdup(text(groups_of(first)));
    all_of(first, &partial);
    assert_null(partial);
    assert_true(k8sc_discovery_is_fresh(first));
    assert_int_equal(mode_of(file("servergroups.json")), 0600);
    assert_int_equal(mode_of(file("v1/serverresources.json")), 0600);
    assert_int_equal(mode_of(file("apps/v1/serverresources.json")), 0600);
    assert_int_equal(mode_of(file("apps/v1")) & 0027, 0);

    /* Another's: nothing is asked, and it is not fresh. */
    second = on_disk(600000);
    forget_requests();
    assert_string_equal(text(groups_of(second)), written);
    free(written);
    all_of(second, &partial);
    assert_null(partial);
    resources_of(second, "apps/v1");
    assert_int_equal(asked(NULL), 0);
    assert_false(k8sc_discovery_is_fresh(second));
    assert_true(k8sc_discovery_is_fresh(first));

    /* What another wrote is not believed after that, until it is written anew. */
    OK(k8sc_discovery_invalidate(second, &err));
    assert_true(k8sc_discovery_is_fresh(second));
    groups_of(second);
    assert_int_equal(asked("/apis"), 1);
    groups_of(second);
    assert_int_equal(asked("/apis"), 1);
    assert_true(k8sc_discovery_is_fresh(second));
}

static void broken_files(void **state)
{
    static const char *const contents[] = {"",
                                           "{",
                                           "[]",
                                           "null",
                                           "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}",
                                           "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}",
                                           "\xff\xfe"};
    (void)state;
    new_directory();
    all_of(on_disk(600000), NULL);
    for (size_t i = 0; i < COUNT(contents); i++) {
        write_file(file("servergroups.json"), contents[i]);
        write_file(file("apps/v1/serverresources.json"), contents[i]);
        forget_requests();
        assert_true(place_of(resources_of(on_disk(600000), "apps/v1"), "deployments") >= 0);
        assert_int_equal(asked("/apis/apps/v1"), 1);
        assert_true(k8sc_object_size(groups_of(on_disk(600000)), "/groups") > 1);
        assert_int_equal(asked("/apis"), 1);
    }
    /* A pipe that nobody writes into. */
    for (int i = 0; i < 2; i++) {
        const char *path = file(i ? "apps/v1/serverresources.json" : "servergroups.json");
        assert_int_equal(unlink(path), 0);
        assert_int_equal(mkfifo(path, 0600), 0);
    }
    assert_true(place_of(resources_of(on_disk(600000), "apps/v1"), "deployments") >= 0);
    assert_true(k8sc_object_size(groups_of(on_disk(600000)), "/groups") > 1);
    /* That of another version in its place. */
    write_file(file("apps/v1/serverresources.json"),
               "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\"apps/"
               "v2\",\"resources\":[{\"name\":\"x\",\"kind\":\"X\"}]}");
    assert_true(place_of(resources_of(on_disk(600000), "apps/v1"), "deployments") >= 0);
}

static void too_old(void **state)
{
    struct timespec old[2] = {{.tv_sec = time(NULL) - 3600}, {.tv_sec = time(NULL) - 3600}};
    (void)state;
    new_directory();
    groups_of(on_disk(600000));
    forget_requests();
    groups_of(on_disk(0));
    assert_int_equal(asked("/apis"), 1);
    assert_int_equal(utimensat(AT_FDCWD, file("servergroups.json"), old, 0), 0);
    groups_of(on_disk(-1));
    assert_int_equal(asked("/apis"), 1);
    groups_of(on_disk(600000));
    assert_int_equal(asked("/apis"), 2);
    groups_of(on_disk(600000));
    assert_int_equal(asked("/apis"), 2);
}

static void failures_are_not_written(void **state)
{
    k8sc_error *partial;
    (void)state;
    new_directory();
    fault("{\"path\":\"/apis/apps/v1\",\"status\":{\"code\":403}}");
    all_of(on_disk(600000), &partial);
    assert_int_equal(k8sc_error_cause_count(partial), 1);
    k8sc_error_free(partial);
    assert_int_equal(access(file("apps/v1/serverresources.json"), F_OK), -1);
    assert_int_equal(access(file("batch/v1/serverresources.json"), F_OK), 0);
    clear_faults();
    forget_requests();
    all_of(on_disk(600000), &partial);
    assert_null(partial);
    assert_int_equal(asked(NULL), 1);
    assert_int_equal(access(file("apps/v1/serverresources.json"), F_OK), 0);
}

/* A directory that cannot be made is no reason not to answer. */
static void nowhere_to_write(void **state)
{
    k8sc_discovery *discovery;
    (void)state;
    OK(k8sc_discovery_new_disk_cached(client, "/dev/null/cache", 600000, &discovery, &err));
    keep(discovery);
    assert_true(k8sc_object_size(groups_of(discovery), "/groups") > 1);
}

/* What each of several processes does: loads again and again, and reads what others write. */
static int child(const char *url, const char *cache)
{
    k8sc_config *config;
    snprintf(directory, sizeof directory, "%s", cache);
    if (k8sc_config_new(&config, &err) < 0 || k8sc_config_set_server(config, url, &err) < 0) return 2;
    if (strncmp(url, "https:", 6) == 0 && k8sc_config_set_insecure(config, 1, &err) < 0) return 2;
    if (k8sc_client_new(config, &client, &err) < 0) return 2;
    for (int i = 0; i < 25; i++) {
        k8sc_discovery *discovery;
        k8sc_list *lists;
        if (k8sc_discovery_new_disk_cached(client, cache, 600000, &discovery, &err) < 0) return 3;
        if (i % 3 == 0 && k8sc_discovery_invalidate(discovery, &err) < 0) return 4;
        if (k8sc_discovery_server_groups_and_resources(discovery, NULL, &lists, NULL, &err) < 0) {
            fprintf(stderr, "%s\n", k8sc_error_message(err));
            return 5;
        }
        if (k8sc_list_size(lists) < 5 || place_of(list_named(lists, "apps/v1"), "deployments") < 0) return 6;
        k8sc_list_free(lists);
        k8sc_discovery_unref(discovery);
    }
    k8sc_config_free(config);
    k8sc_client_unref(client);
    return 0;
}

static int count_of_leftovers(void)
{
    char command[256];
    int count = -1;
    FILE *found;
    snprintf(command, sizeof command, "find '%s' -type f ! -name '*.json' | wc -l", directory);
    found = popen(command, "r");
    if (!found || fscanf(found, "%d", &count) != 1) return -1;
    pclose(found);
    return count;
}

static void several_processes(void **state)
{
    pid_t children[6];
    (void)state;
    new_directory();
    for (size_t i = 0; i < COUNT(children); i++) {
        char *arguments[] = {"test_discovery", (char *)k8sc_testing_server_url(server), directory, NULL};
        assert_int_equal(posix_spawn(&children[i], "/proc/self/exe", NULL, NULL, arguments, environ), 0);
    }
    for (size_t i = 0; i < COUNT(children); i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    assert_int_equal(count_of_leftovers(), 0);
    forget_requests();
    all_of(on_disk(600000), NULL);
    assert_int_equal(asked(NULL), 0);
}

/* ---- what else */

static void the_version_and_openapi_documents_are_read(void **state)
{
    k8sc_object *object;
    (void)state;
    OK(k8sc_discovery_server_version(direct(), &object, &err));
    assert_string_equal(STR(keep_object(object), "/major"), "1");
    OK(k8sc_discovery_openapi_v2(direct(), &object, &err));
    assert_string_equal(STR(keep_object(object), "/swagger"), "2.0");
    assert_non_null(STR(object, "/definitions/apps.v1.Deployment/type"));
    OK(k8sc_discovery_openapi_v3(direct(), &object, &err));
    assert_non_null(STR(keep_object(object), "/paths/apis~1apps~1v1/serverRelativeURL"));
    OK(k8sc_discovery_openapi_v3_document(direct(), "apps/v1", &object, &err));
    assert_non_null(STR(keep_object(object), "/components/schemas/apps.v1.Deployment/type"));
    assert_null(STR(object, "/components/schemas/core.v1.Pod/type"));
    OK(k8sc_discovery_openapi_v3_document(direct(), "v1", &object, &err));
    assert_non_null(STR(keep_object(object), "/components/schemas/core.v1.Pod/type"));
    FAILS(K8SC_E_API, k8sc_discovery_openapi_v3_document(direct(), "none/v1", &object, &err), "none/v1");
    assert_true(k8sc_error_is_not_found(failure));
}

static void what_is_not_there_is_answered_with_no(void **state)
{
    int yes;
    k8sc_discovery *discoveries[] = {direct(), cached()};
    (void)state;
    for (size_t i = 0; i < COUNT(discoveries); i++) {
        OK(k8sc_discovery_supports_version(discoveries[i], "apps/v1", &yes, &err));
        assert_int_equal(yes, 1);
        OK(k8sc_discovery_supports_version(discoveries[i], "apps/v9", &yes, &err));
        assert_int_equal(yes, 0);
        OK(k8sc_discovery_is_resource_enabled(discoveries[i], "v1", "pods", &yes, &err));
        assert_int_equal(yes, 1);
        OK(k8sc_discovery_is_resource_enabled(discoveries[i], "v1", "deployments", &yes, &err));
        assert_int_equal(yes, 0);
        OK(k8sc_discovery_is_resource_enabled(discoveries[i], "none/v1", "things", &yes, &err));
        assert_int_equal(yes, 0);
    }
}

static void of_a_clientset(void **state)
{
    k8sc_clientset *clientset;
    k8sc_discovery *discovery;
    (void)state;
    OK(k8sc_clientset_new_for_client(client, &clientset, &err));
    discovery = k8sc_clientset_discovery(clientset);
    assert_non_null(discovery);
    assert_ptr_equal(k8sc_clientset_discovery(clientset), discovery);
    assert_null(k8sc_clientset_discovery(NULL));
    groups_of(discovery);
    /* It may be kept longer than what it is from. */
    k8sc_discovery_ref(discovery);
    k8sc_clientset_unref(clientset);
    groups_of(discovery);
    k8sc_discovery_unref(discovery);
}

static void wrong_input(void **state)
{
    k8sc_discovery *discovery = direct(), *made = (k8sc_discovery *)1;
    k8sc_object *object;
    k8sc_list *lists;
    int yes;
    (void)state;
    ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_new(NULL, &made, &err), "client");
    assert_null(made);
    ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_new_cached(client, NULL, &err), "out");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_new_disk_cached(client, "", 1, &made, &err), "directory");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_new_disk_cached(client, "/tmp", -2, &made, &err), "ttl_ms");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_server_groups(NULL, &object, &err), "discovery");
    for (const char *const *wrong = (const char *const[]){"", "/", "a/", "/v1", "a/b/c", "../v1", "a/..", NULL}; *wrong;
         wrong++) {
        ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_server_resources_for_group_version(discovery, *wrong, &object, &err),
                   "group-version");
        ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_supports_version(discovery, *wrong, &yes, &err), "group-version");
        ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_openapi_v3_document(discovery, *wrong, &object, &err),
                   "group-version");
    }
    ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_server_resources_for_group_version(discovery, NULL, &object, &err),
               "group_version");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_server_groups_and_resources(discovery, NULL, NULL, NULL, &err), "out");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_server_preferred_namespaced_resources(NULL, &lists, NULL, &err),
               "discovery");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_is_resource_enabled(discovery, "v1", NULL, &yes, &err), "resource");
    ALSO_FAILS(K8SC_E_INVALID, k8sc_discovery_invalidate(NULL, &err), "discovery");
    assert_int_equal(k8sc_discovery_is_fresh(NULL), 0);
    assert_null(k8sc_discovery_ref(NULL));
    k8sc_discovery_unref(NULL);
    NO_FAILURES();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_both_ways),
        TEST(each_release_tells_the_same_in_both_ways),
        TEST(what_it_says),
        TEST(in_part),
        TEST(nothing_at_all),
        TEST(one_group_hangs),
        TEST(all_hangs),
        TEST(no_core),
        TEST(preferred_resources_are_without_subresources),
        TEST(a_cache_asks_again_once_it_is_invalidated),
        TEST(unknown_to_the_cache),
        TEST(what_passes_is_asked_again),
        TEST(one_load_for_all),
        TEST(in_files),
        TEST(broken_files),
        TEST(too_old),
        TEST(failures_are_not_written),
        TEST(nowhere_to_write),
        TEST(several_processes),
        TEST(the_version_and_openapi_documents_are_read),
        TEST(what_is_not_there_is_answered_with_no),
        TEST(of_a_clientset),
        TEST(wrong_input),
    };
    if (argc == 3) return child(argv[1], argv[2]);
    return cmocka_run_group_tests_name("discovery", tests, NULL, NULL);
}
