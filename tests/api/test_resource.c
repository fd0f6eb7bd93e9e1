/* The dynamic client: what each verb sends, with every option, and which options it refuses. */
#include "support.h"

#define MAP "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"}}"
#define COLLECTION "/api/v1/namespaces/default/configmaps"
#define DELETE_OPTIONS "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\""

enum verb {
    CREATE,
    UPDATE,
    UPDATE_STATUS,
    PATCH,
    APPLY,
    APPLY_STATUS,
    DELETE,
    DELETE_COLLECTION,
    GET,
    LIST,
    WATCH,
    VERBS
};
static const char *const verb_names[VERBS] = {"create", "update",       "update status", "patch",
                                              "apply",  "apply status", "delete",        "delete collection",
                                              "get",    "list",         "watch"};

/* What the server answers does not matter here, only what it received. */
static k8sc_status run(enum verb verb, const k8sc_options *options)
{
    k8sc_resource *maps = CONFIG_MAPS();
    k8sc_object *map = parse(MAP), *object = NULL;
    k8sc_list *list = NULL;
    k8sc_watch *watch = NULL;
    k8sc_status status = K8SC_E_INTERNAL;
    switch (verb) {
    case CREATE: status = k8sc_resource_create(maps, map, options, &object, &err); break;
    case UPDATE: status = k8sc_resource_update(maps, map, options, &object, &err); break;
    case UPDATE_STATUS: status = k8sc_resource_update_status(maps, map, options, &object, &err); break;
    case PATCH:
        status = k8sc_resource_patch(maps, "a", K8SC_PATCH_MERGE, "{\"data\":null}", 13, options, &object, &err);
        break;
    case APPLY: status = k8sc_resource_apply(maps, "a", map, options, &object, &err); break;
    case APPLY_STATUS: status = k8sc_resource_apply_status(maps, "a", map, options, &object, &err); break;
    case DELETE: status = k8sc_resource_delete(maps, "a", options, &object, &err); break;
    case DELETE_COLLECTION: status = k8sc_resource_delete_collection(maps, options, &object, &err); break;
    case GET: status = k8sc_resource_get(maps, "a", options, &object, &err); break;
    case LIST: status = k8sc_resource_list(maps, options, &list, &err); break;
    case WATCH: status = k8sc_resource_watch(maps, options, NULL, NULL, NULL, &watch, &err); break;
    default: break;
    }
    k8sc_object_unref(object);
    k8sc_list_free(list);
    if (watch) AWAIT(k8sc_testing_server_request_count(server, NULL, NULL) > 0);
    k8sc_watch_unref(watch);
    return status;
}

static void received(enum verb verb, const k8sc_options *options, const char *method, const char *path,
                     const char *query, const char *body)
{
    OK(k8sc_testing_server_forget_requests(server, &err));
    run(verb, options);
    k8sc_error_free(err);
    err = NULL;
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 1);
    k8sc_object *seen = last_request(method);
    assert_string_equal(STR(seen, "/path"), path);
    assert_string_equal(STR(seen, "/query"), query);
    assert_string_equal(STR(seen, "/body"), body);
}

static void without_options(void **state)
{
    k8sc_options *manager = new_options();
    (void)state;
    received(CREATE, NULL, "POST", COLLECTION, "", MAP);
    received(UPDATE, NULL, "PUT", COLLECTION "/a", "", MAP);
    received(UPDATE_STATUS, NULL, "PUT", COLLECTION "/a/status", "", MAP);
    received(PATCH, NULL, "PATCH", COLLECTION "/a", "", "{\"data\":null}");
    received(DELETE, NULL, "DELETE", COLLECTION "/a", "", DELETE_OPTIONS "}");
    received(DELETE_COLLECTION, NULL, "DELETE", COLLECTION, "", DELETE_OPTIONS "}");
    received(GET, NULL, "GET", COLLECTION "/a", "", "");
    received(LIST, NULL, "GET", COLLECTION, "", "");
    OK(k8sc_options_set_field_manager(manager, "me", &err));
    /* force is always said. */
    received(APPLY, manager, "PATCH", COLLECTION "/a", "fieldManager=me&force=false", MAP);
    received(APPLY_STATUS, manager, "PATCH", COLLECTION "/a/status", "fieldManager=me&force=false", MAP);
    assert_string_equal(STR(last_request("PATCH"), "/headers/Content-Type"), "application/apply-patch+yaml");
}

static void create_update_and_patch_options(void **state)
{
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_options_set_dry_run(options, 1, &err));
    OK(k8sc_options_set_field_manager(options, "me & you", &err));
    OK(k8sc_options_set_field_validation(options, "Strict", &err));
    const char *query = "dryRun=All&fieldManager=me+%26+you&fieldValidation=Strict";
    received(CREATE, options, "POST", COLLECTION, query, MAP);
    received(UPDATE, options, "PUT", COLLECTION "/a", query, MAP);
    received(UPDATE_STATUS, options, "PUT", COLLECTION "/a/status", query, MAP);
    received(PATCH, options, "PATCH", COLLECTION "/a", query, "{\"data\":null}");
    OK(k8sc_options_set_subresource(options, "scale", &err));
    received(CREATE, options, "POST", COLLECTION "/a/scale", query, MAP);
    received(UPDATE, options, "PUT", COLLECTION "/a/scale", query, MAP);
    received(PATCH, options, "PATCH", COLLECTION "/a/scale", query, "{\"data\":null}");
}

static void apply_options(void **state)
{
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_options_set_field_manager(options, "me", &err));
    OK(k8sc_options_set_dry_run(options, 1, &err));
    OK(k8sc_options_set_force(options, 1, &err));
    received(APPLY, options, "PATCH", COLLECTION "/a", "dryRun=All&fieldManager=me&force=true", MAP);
    OK(k8sc_options_set_subresource(options, "scale", &err));
    received(APPLY, options, "PATCH", COLLECTION "/a/scale", "dryRun=All&fieldManager=me&force=true", MAP);
}

static void get_options(void **state)
{
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_options_set_resource_version(options, "0", &err));
    OK(k8sc_options_set_subresource(options, "status", &err));
    OK(k8sc_options_set_timeout(options, 20000, &err));
    received(GET, options, "GET", COLLECTION "/a/status", "resourceVersion=0&timeout=20s", "");
}

static void delete_options(void **state)
{
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_options_set_grace_period_seconds(options, 0, &err));
    OK(k8sc_options_set_precondition_uid(options, "u\"1", &err));
    OK(k8sc_options_set_precondition_resource_version(options, "7", &err));
    OK(k8sc_options_set_propagation_policy(options, "Foreground", &err));
    OK(k8sc_options_set_dry_run(options, 1, &err));
    const char *body =
        DELETE_OPTIONS ",\"gracePeriodSeconds\":0,\"preconditions\":{\"uid\":\"u\\\"1\",\"resourceVersion\":\"7\"},"
                       "\"propagationPolicy\":\"Foreground\",\"dryRun\":[\"All\"]}";
    received(DELETE, options, "DELETE", COLLECTION "/a", "", body);
    received(DELETE_COLLECTION, options, "DELETE", COLLECTION, "", body);
    OK(k8sc_options_set_subresource(options, "eviction", &err));
    received(DELETE, options, "DELETE", COLLECTION "/a/eviction", "", body);
}

static void list_options(void **state)
{
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_options_set_label_selector(options, "app in (a,b),!c", &err));
    OK(k8sc_options_set_field_selector(options, "metadata.name!=x", &err));
    OK(k8sc_options_set_limit(options, 3, &err));
    OK(k8sc_options_set_resource_version(options, "12", &err));
    OK(k8sc_options_set_resource_version_match(options, "Exact", &err));
    OK(k8sc_options_set_timeout_seconds(options, 44, &err));
    OK(k8sc_options_set_max_retries(options, 0, &err)); /* the server asks to wait for a version in the future */
    const char *query = "fieldSelector=metadata.name%21%3Dx&labelSelector=app+in+%28a%2Cb%29%2C%21c&limit=3&"
                        "resourceVersion=12&resourceVersionMatch="
                        "Exact&timeoutSeconds=44";
    received(LIST, options, "GET", COLLECTION, query, "");
    received(DELETE_COLLECTION, options, "DELETE", COLLECTION, query, DELETE_OPTIONS "}");
    options = new_options();
    OK(k8sc_options_set_continue(options, "a+b/c=", &err));
    received(LIST, options, "GET", COLLECTION, "continue=a%2Bb%2Fc%3D", "");
}

static void watch_options(void **state)
{
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_options_set_label_selector(options, "a=b", &err));
    OK(k8sc_options_set_field_selector(options, "metadata.name=x", &err));
    OK(k8sc_options_set_resource_version(options, "0", &err));
    OK(k8sc_options_set_timeout_seconds(options, 9, &err));
    OK(k8sc_options_set_allow_watch_bookmarks(options, 1, &err));
    received(WATCH, options, "GET", COLLECTION,
             "allowWatchBookmarks=true&fieldSelector=metadata.name%3Dx&labelSelector=a%3Db&resourceVersion=0&"
             "timeoutSeconds=9&watch=true",
             "");
}

/* The server chooses among 5 to 10 minutes by a random number, so that not all watches end at once. */
static void watch_timeout_by_default(void **state)
{
    int64_t seen[20];
    int different = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(seen); i++) {
        long seconds = 0;
        OK(k8sc_testing_server_forget_requests(server, &err));
        OK(run(WATCH, NULL));
        assert_int_equal(sscanf(STR(last_request("GET"), "/query"), "timeoutSeconds=%ld&watch=true", &seconds), 1);
        assert_in_range(seconds, 300, 599);
        seen[i] = seconds;
        different += i > 0 && seen[i] != seen[0];
    }
    assert_true(different > 0);
}

/* Cluster-scoped and in all namespaces; a group; a server behind a path is test_request's. */
static void paths_follow_scope_and_group(void **state)
{
    k8sc_list *list = NULL;
    k8sc_object *object = NULL;
    (void)state;
    OK(k8sc_resource_list(new_resource(client, "", "v1", "pods", NULL), NULL, &list, &err));
    keep_list(list);
    assert_string_equal(STR(last_request("GET"), "/path"), "/api/v1/pods");
    OK(k8sc_resource_list(new_resource(client, "apps", "v1", "deployments", "space"), NULL, &list, &err));
    keep_list(list);
    assert_string_equal(STR(last_request("GET"), "/path"), "/apis/apps/v1/namespaces/space/deployments");
    FAILS(K8SC_E_API, k8sc_resource_get(new_resource(client, "", "v1", "nodes", NULL), "n", NULL, &object, &err),
          "get nodes n");
    assert_string_equal(STR(last_request("GET"), "/path"), "/api/v1/nodes/n");
}

/* As in client-go, "" is all of them; there are lists and watches there, and of what is in none also the rest. */
static void all_namespaces(void **state)
{
    static const char *const all[] = {NULL, ""};
    k8sc_options *manager = new_options();
    k8sc_object *map = parse("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}");
    (void)state;
    OK(k8sc_options_set_field_manager(manager, "me", &err));
    seed_map("a");
    for (size_t i = 0; i < COUNT(all); i++) {
        k8sc_resource *maps = new_resource(client, "", "v1", "configmaps", all[i]);
        k8sc_watch *watch = NULL;
        k8sc_list *list = NULL;
        k8sc_object *object = NULL;
        OK(k8sc_resource_list(maps, NULL, &list, &err));
        assert_int_equal(k8sc_list_size(keep_list(list)), 1);
        assert_string_equal(STR(last_request("GET"), "/path"), "/api/v1/configmaps");
        struct recorder *recorder = new_recorder();
        OK(k8sc_resource_watch(maps, NULL, RECORD(recorder), &watch, &err));
        run_until(k8sc_client_queue(client), recorder, K8SC_EVENT_ADDED);
        k8sc_watch_unref(watch);
        assert_string_equal(STR(last_request("GET"), "/path"), "/api/v1/configmaps");
        OK(k8sc_testing_server_forget_requests(server, &err));
        FAILS(K8SC_E_INVALID, k8sc_resource_get(maps, "a", NULL, &object, &err), "get configmaps", "all namespaces");
        FAILS(K8SC_E_INVALID, k8sc_resource_delete(maps, "a", NULL, &object, &err), "delete configmaps",
              "all namespaces");
        FAILS(K8SC_E_INVALID, k8sc_resource_create(maps, map, NULL, &object, &err), "create configmaps",
              "all namespaces");
        FAILS(K8SC_E_INVALID, k8sc_resource_update(maps, map, NULL, &object, &err), "update configmaps",
              "all namespaces");
        FAILS(K8SC_E_INVALID, k8sc_resource_patch(maps, "a", K8SC_PATCH_MERGE, "{}", 2, NULL, &object, &err),
              "patch configmaps", "all namespaces");
        FAILS(K8SC_E_INVALID, k8sc_resource_apply(maps, "a", map, manager, &object, &err), "apply configmaps",
              "all namespaces");
        FAILS(K8SC_E_INVALID, k8sc_resource_get_subresource(maps, "a", "status", NULL, &object, &err), "get configmaps",
              "all namespaces");
        assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);
        FAILS(K8SC_E_API, k8sc_resource_get(new_resource(client, "", "v1", "nodes", all[i]), "n", NULL, &object, &err),
              "get nodes n");
        assert_string_equal(STR(last_request("GET"), "/path"), "/api/v1/nodes/n");
        /* Of what Kubernetes does not have itself only the server knows. */
        FAILS(K8SC_E_API,
              k8sc_resource_get(new_resource(client, "example.com", "v1", "things", all[i]), "n", NULL, &object, &err),
              "get things n");
    }
}

/* ---- what is refused */

struct option {
    const char *name;
    void (*set)(k8sc_options *options);
    unsigned verbs; /* that take it */
};

#define BIT(verb) (1u << (verb))
#define SELECTING (BIT(LIST) | BIT(WATCH) | BIT(DELETE_COLLECTION))
#define DELETING (BIT(DELETE) | BIT(DELETE_COLLECTION))
#define APPLYING (BIT(APPLY) | BIT(APPLY_STATUS))
#define WRITING (BIT(CREATE) | BIT(UPDATE) | BIT(UPDATE_STATUS) | BIT(PATCH) | APPLYING)

#define SETTER(name, value) \
    static void set_##name(k8sc_options *options) { OK(k8sc_options_set_##name(options, value, &err)); }
SETTER(label_selector, "a=b")
SETTER(field_selector, "a=b")
SETTER(limit, 1)
SETTER(continue, "token")
SETTER(resource_version, "1")
SETTER(timeout_seconds, 1)
SETTER(allow_watch_bookmarks, 1)
SETTER(dry_run, 1)
SETTER(field_manager, "me")
SETTER(field_validation, "Warn")
SETTER(force, 1)
SETTER(propagation_policy, "Orphan")
SETTER(grace_period_seconds, 1)
SETTER(precondition_uid, "u")
SETTER(precondition_resource_version, "1")
SETTER(subresource, "status")
SETTER(idle_timeout, 60000)
SETTER(queue, k8sc_client_queue(client))

static void options_of_other_verbs(void **state)
{
    static const struct option options[] = {
        {"label_selector", set_label_selector, SELECTING},
        {"field_selector", set_field_selector, SELECTING},
        {"limit", set_limit, BIT(LIST) | BIT(DELETE_COLLECTION)},
        {"continue", set_continue, BIT(LIST) | BIT(DELETE_COLLECTION)},
        {"resource_version", set_resource_version, SELECTING | BIT(GET)},
        {"timeout_seconds", set_timeout_seconds, SELECTING},
        {"allow_watch_bookmarks", set_allow_watch_bookmarks, BIT(WATCH)},
        {"dry_run", set_dry_run, WRITING | DELETING},
        {"field_manager", set_field_manager, WRITING},
        {"field_validation", set_field_validation, BIT(CREATE) | BIT(UPDATE) | BIT(UPDATE_STATUS) | BIT(PATCH)},
        {"force", set_force, APPLYING}, /* and patches of the apply kind */
        {"propagation_policy", set_propagation_policy, DELETING},
        {"grace_period_seconds", set_grace_period_seconds, DELETING},
        {"precondition_uid", set_precondition_uid, DELETING},
        {"precondition_resource_version", set_precondition_resource_version, DELETING},
        {"subresource", set_subresource, BIT(CREATE) | BIT(GET) | BIT(UPDATE) | BIT(PATCH) | BIT(APPLY) | BIT(DELETE)},
        {"idle_timeout", set_idle_timeout, BIT(WATCH)},
        {"queue", set_queue, BIT(WATCH)},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(options); i++)
        for (int verb = 0; verb < VERBS; verb++) {
            k8sc_options *given = new_options();
            if (BIT(verb) & APPLYING) OK(k8sc_options_set_field_manager(given, "me", &err));
            options[i].set(given);
            OK(k8sc_testing_server_forget_requests(server, &err));
            k8sc_status status = run((enum verb)verb, given);
            int taken = (options[i].verbs & BIT(verb)) != 0;
            if (!taken && status != K8SC_E_INVALID)
                fail_msg("%s takes %s: %s", verb_names[verb], options[i].name, k8sc_status_name(status));
            if (!taken) FAILS(K8SC_E_INVALID, status, options[i].name);
            if (taken && status == K8SC_E_INVALID)
                fail_msg("%s refuses %s: %s", verb_names[verb], options[i].name, k8sc_error_message(err));
            assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), taken);
            k8sc_error_free(err);
            err = NULL;
        }
}

static void contradicting_options(void **state)
{
    k8sc_options *options = new_options();
    (void)state;
    OK(k8sc_options_set_resource_version_match(options, "Exact", &err));
    FAILS(K8SC_E_INVALID, run(LIST, options), "resource_version_match", "resource_version");
    OK(k8sc_options_set_resource_version(options, "0", &err));
    FAILS(K8SC_E_INVALID, run(LIST, options), "Exact");
    OK(k8sc_options_set_resource_version(options, "5", &err));
    OK(k8sc_options_set_continue(options, "token", &err));
    FAILS(K8SC_E_INVALID, run(LIST, options), "continue");
    options = new_options();
    OK(k8sc_options_set_resource_version_match(options, "Exact", &err));
    FAILS(K8SC_E_INVALID, run(GET, options), "resource_version_match");
}

static void bad_values(void **state)
{
    k8sc_options *options = new_options();
    char long_name[130];
    (void)state;
    memset(long_name, 'x', sizeof long_name);
    long_name[129] = '\0';
    FAILS(K8SC_E_INVALID, k8sc_options_set_field_manager(options, long_name, &err), "128");
    long_name[128] = '\0';
    OK(k8sc_options_set_field_manager(options, long_name, &err));
    FAILS(K8SC_E_INVALID, k8sc_options_set_field_validation(options, "strict", &err), "strict", "Strict");
    FAILS(K8SC_E_INVALID, k8sc_options_set_propagation_policy(options, "", &err), "Orphan");
    FAILS(K8SC_E_INVALID, k8sc_options_set_resource_version_match(options, "exact", &err), "NotOlderThan");
    FAILS(K8SC_E_INVALID, k8sc_options_set_limit(options, -1, &err), "limit", "-1");
    FAILS(K8SC_E_INVALID, k8sc_options_set_grace_period_seconds(options, -1, &err), "-1");
    FAILS(K8SC_E_INVALID, k8sc_options_set_subresource(options, "..", &err), "subresource");
    FAILS(K8SC_E_PARSE, k8sc_options_set_label_selector(options, "a in (b", &err), "");
    FAILS(K8SC_E_PARSE, k8sc_options_set_label_selector(options, "a==b==c", &err), "");
    FAILS(K8SC_E_PARSE, k8sc_options_set_field_selector(options, "a", &err), "");
}

static void names_that_cannot_be(void **state)
{
    static const char *const bad[] = {"", ".", "..", "a/b", "a%2fb"};
    k8sc_resource *resource = NULL, *maps = CONFIG_MAPS();
    k8sc_options *manager = new_options();
    k8sc_object *object = NULL, *map = parse(MAP);
    (void)state;
    OK(k8sc_options_set_field_manager(manager, "me", &err));
    for (size_t i = 0; i < COUNT(bad); i++) {
        FAILS(K8SC_E_INVALID, k8sc_resource_get(maps, bad[i], NULL, &object, &err), "name");
        FAILS(K8SC_E_INVALID, k8sc_resource_delete(maps, bad[i], NULL, &object, &err), "name");
        FAILS(K8SC_E_INVALID, k8sc_resource_patch(maps, bad[i], K8SC_PATCH_MERGE, "{}", 2, NULL, &object, &err),
              "name");
        FAILS(K8SC_E_INVALID, k8sc_resource_apply(maps, bad[i], map, manager, &object, &err), "name");
        FAILS(K8SC_E_INVALID, k8sc_resource_apply_status(maps, bad[i], map, manager, &object, &err), "name");
        FAILS(K8SC_E_INVALID, k8sc_client_resource(client, "", "v1", bad[i], NULL, &resource, &err), "resource");
        if (*bad[i])
            FAILS(K8SC_E_INVALID, k8sc_client_resource(client, "", "v1", "pods", bad[i], &resource, &err), "namespace");
        FAILS(K8SC_E_INVALID, k8sc_client_resource(client, "", bad[i], "pods", NULL, &resource, &err), "version");
        if (*bad[i])
            FAILS(K8SC_E_INVALID, k8sc_client_resource(client, bad[i], "v1", "pods", NULL, &resource, &err), "group");
    }
    FAILS(K8SC_E_INVALID, k8sc_resource_update(maps, parse("{\"metadata\":{}}"), NULL, &object, &err), "name");
    FAILS(K8SC_E_INVALID, k8sc_resource_update(maps, parse("{\"metadata\":{\"name\":\"a/b\"}}"), NULL, &object, &err),
          "name");
    assert_int_equal(k8sc_testing_server_request_count(server, NULL, NULL), 0);
}

static void what_apply_needs(void **state)
{
    k8sc_object *object = NULL;
    k8sc_options *manager = new_options(), *force = new_options();
    (void)state;
    FAILS(K8SC_E_INVALID, k8sc_resource_apply(CONFIG_MAPS(), "a", parse(MAP), NULL, &object, &err), "field_manager");
    OK(k8sc_options_set_field_manager(manager, "me", &err));
    FAILS(K8SC_E_INVALID,
          k8sc_resource_apply(CONFIG_MAPS(), "a", parse("{\"metadata\":{\"name\":\"a\",\"managedFields\":[]}}"),
                              manager, &object, &err),
          "managedFields");
    OK(k8sc_options_set_force(force, 1, &err));
    FAILS(K8SC_E_INVALID, k8sc_resource_patch(CONFIG_MAPS(), "a", K8SC_PATCH_MERGE, "{}", 2, force, &object, &err),
          "force");
    OK(k8sc_options_set_force(manager, 1, &err));
    OK(k8sc_resource_patch(CONFIG_MAPS(), "a", K8SC_PATCH_APPLY, MAP, strlen(MAP), manager, &object, &err));
    k8sc_object_unref(object);
    assert_string_equal(STR(last_request("PATCH"), "/query"), "fieldManager=me&force=true");
    FAILS(K8SC_E_INVALID, k8sc_resource_patch(CONFIG_MAPS(), "a", 9, "{}", 2, NULL, &object, &err), "patch type");
}

/* A whole life, for the answers. */
static void life_of_an_object(void **state)
{
    k8sc_resource *maps = CONFIG_MAPS();
    k8sc_object *object = NULL;
    const char *json_patch = "[{\"op\":\"add\",\"path\":\"/data\",\"value\":{\"k\":\"v\"}}]",
               *merge_patch = "{\"data\":{\"k\":\"w\"}}";
    (void)state;
    OK(k8sc_resource_create(maps, parse(MAP), NULL, &object, &err));
    assert_string_equal(k8sc_object_name(keep_object(object)), "a");
    k8sc_object *made = object;
    FAILS(K8SC_E_API, k8sc_resource_create(maps, parse(MAP), NULL, NULL, &err), "create configmaps");
    assert_true(k8sc_error_is_already_exists(failure));
    OK(k8sc_resource_patch(maps, "a", K8SC_PATCH_JSON, json_patch, strlen(json_patch), NULL, &object, &err));
    assert_string_equal(STR(keep_object(object), "/data/k"), "v");
    OK(k8sc_resource_patch(maps, "a", K8SC_PATCH_MERGE, merge_patch, strlen(merge_patch), NULL, NULL, &err));
    OK(k8sc_resource_get(maps, "a", NULL, &object, &err));
    assert_string_equal(STR(keep_object(object), "/data/k"), "w");
    /* What was made is not the present state any more. */
    FAILS(K8SC_E_API, k8sc_resource_update(maps, made, NULL, NULL, &err), "update configmaps default/a");
    assert_true(k8sc_error_is_conflict(failure));
    OK(k8sc_resource_delete(maps, "a", NULL, NULL, &err));
    FAILS(K8SC_E_API, k8sc_resource_get(maps, "a", NULL, NULL, &err), "get configmaps default/a");
    assert_true(k8sc_error_is_not_found(failure));
    seed_maps(3);
    OK(k8sc_resource_delete_collection(maps, NULL, &object, &err));
    keep_object(object);
    FAILS(K8SC_E_API, k8sc_resource_get(maps, "map-0000", NULL, NULL, &err), "map-0000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_options),
        TEST(create_update_and_patch_options),
        TEST(apply_options),
        TEST(get_options),
        TEST(delete_options),
        TEST(list_options),
        TEST(watch_options),
        TEST(watch_timeout_by_default),
        TEST(paths_follow_scope_and_group),
        TEST(all_namespaces),
        TEST(options_of_other_verbs),
        TEST(contradicting_options),
        TEST(bad_values),
        TEST(names_that_cannot_be),
        TEST(what_apply_needs),
        TEST(life_of_an_object),
    };
    return cmocka_run_group_tests_name("resources", tests, NULL, NULL);
}
