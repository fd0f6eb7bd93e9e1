/* The fake API server: who asks, and what that one may do. */
#include "support.h"

#define ROLES "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles"
#define BINDINGS "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings"
#define REVIEWS "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
#define WHOAMI "/apis/authentication.k8s.io/v1/selfsubjectreviews"
#define ASK_LIST \
    "{\"spec\":{\"resourceAttributes\":{\"verb\":\"list\",\"resource\":\"pods\",\"namespace\":\"default\"}}}"

static void start_with(int authorization, const char *admin)
{
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_set_token(options, admin, &err));
    OK(k8sc_testing_options_add_user(options, "janes", "jane", "gardeners,,readers", &err));
    OK(k8sc_testing_options_add_user(options, "joes", "joe", NULL, &err));
    OK(k8sc_testing_options_set_authorization(options, authorization, &err));
    set_up_with(options);
}

static void allow_pods(const char *subjects)
{
    char binding[600];
    snprintf(
        binding, sizeof binding,
        "{\"kind\":\"RoleBinding\",\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"metadata\":{\"name\":\"pods\"},"
        "\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"pods\"},\"subjects\":[%s]"
        "}",
        subjects);
    assert_int_equal(
        post(ROLES,
             "{\"kind\":\"Role\",\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"metadata\":{\"name\":\"pods\"},"
             "\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"get\",\"list\"]}]}"),
        201);
    assert_int_equal(post(BINDINGS, binding), 201);
}

static void knows_users_by_their_tokens(void **state)
{
    (void)state;
    start_with(0, "admins");
    assert_int_equal(get(PODS), 401);
    token = "other";
    assert_int_equal(get(PODS), 401);
    token = "janes";
    assert_int_equal(get(PODS), 200);
    assert_int_equal(post(WHOAMI, "{}"), 201);
    assert_text("status.userInfo.username", "jane");
    assert_text("status.userInfo.groups.0", "gardeners");
    assert_text("status.userInfo.groups.1", "readers");
    assert_text("status.userInfo.groups.2", "system:authenticated");
    /* Nothing of it is stored, and it can do nothing else. */
    assert_int_equal(get(WHOAMI), 405);
    token = "admins";
    assert_int_equal(post(WHOAMI, "{}"), 201);
    assert_text("status.userInfo.groups.0", "system:masters");
    assert_int_equal(post("/apis/authentication.k8s.io/v1/tokenreviews", "{\"spec\":{\"token\":\"joes\"}}"), 201);
    assert_true(json_is_true(at(answer.json, "status.authenticated")));
    assert_text("status.user.username", "joe");
    assert_int_equal(post("/apis/authentication.k8s.io/v1/tokenreviews", "{\"spec\":{\"token\":\"nobodys\"}}"), 201);
    assert_null(at(answer.json, "status.authenticated"));
    assert_non_null(at(answer.json, "status.error"));
    /* Where nobody is asked for permissions, everybody has them. */
    token = "joes";
    assert_int_equal(post(REVIEWS, ASK_LIST), 201);
    assert_true(json_is_true(at(answer.json, "status.allowed")));
    token = NULL;
}

static void allows_what_roles_allow(void **state)
{
    (void)state;
    start_with(1, "admins");
    token = "admins";
    allow_pods("{\"kind\":\"Group\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"readers\"}");
    token = "janes";
    assert_int_equal(get(PODS), 200);
    assert_int_equal(get(PODS "/p"), 404);
    assert_int_equal(delete (PODS "/p", NULL), 403);
    assert_text("message", "pods \"p\" is forbidden: User \"jane\" cannot delete resource \"pods\" in API group \"\" "
                           "in the namespace \"default\"");
    assert_text("reason", "Forbidden");
    assert_text("details.name", "p");
    assert_int_equal(get("/api/v1/pods"), 403);
    assert_text(
        "message",
        "pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" at the cluster scope");
    assert_int_equal(get("/version"), 200);
    assert_int_equal(post(REVIEWS, ASK_LIST), 201);
    assert_text("status.reason", "RBAC: allowed by RoleBinding \"pods/default\" of Role \"pods\" to Group \"readers\"");
    token = "joes";
    assert_int_equal(get(PODS), 403);
    assert_int_equal(get(PODS "?watch=1"), 403);
    assert_int_equal(post(REVIEWS, ASK_LIST), 201);
    assert_true(json_is_false(at(answer.json, "status.allowed")));
    assert_int_equal(
        post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", "{\"spec\":{\"namespace\":\"default\"}}"), 201);
    assert_text("status.resourceRules.0.resources.0", "selfsubjectaccessreviews");
    /* A hook of the test is not asked, either, by who may not. */
    token = NULL;
    assert_int_equal(get(PODS), 401);
}

static void knows_service_accounts(void **state)
{
    (void)state;
    start_with(1, NULL);
    token = "janes";
    assert_int_equal(get(PODS), 403);
    start_with(1, "admins");
    token = "admins";
    put_json("{\"kind\":\"ServiceAccount\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"builder\",\"namespace\":"
             "\"default\"}}");
    allow_pods("{\"kind\":\"ServiceAccount\",\"name\":\"builder\",\"namespace\":\"default\"}");
    assert_int_equal(post("/api/v1/namespaces/default/serviceaccounts/builder/token",
                          "{\"kind\":\"TokenRequest\",\"apiVersion\":\"authentication.k8s.io/v1\"}"),
                     201);
    char *own = strdup(text("status.token"));
    token = own;
    assert_int_equal(get(PODS), 200);
    assert_int_equal(get(MAPS), 403);
    assert_text("message", "configmaps is forbidden: User \"system:serviceaccount:default:builder\" cannot list "
                           "resource \"configmaps\" in API group \"\" in the "
                           "namespace \"default\"");
    assert_int_equal(post(WHOAMI, "{}"), 201);
    assert_text("status.userInfo.groups.1", "system:serviceaccounts:default");
    token = NULL;
    free(own);
}

/* As get, in the name of a user, if there is one, and a group. */
static long get_as(const char *path, const char *user, const char *group)
{
    char name[200], in[200];
    snprintf(name, sizeof name, "Impersonate-User: %s", user);
    snprintf(in, sizeof in, "Impersonate-Group: %s", group);
    more_headers[0] = in;
    more_headers[1] = *user ? name : NULL;
    const long code = get(path);
    more_headers[0] = more_headers[1] = NULL;
    return code;
}

static void asks_as_somebody_else(void **state)
{
    (void)state;
    start_with(1, "admins");
    token = "admins";
    allow_pods("{\"kind\":\"Group\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"readers\"}");
    assert_int_equal(get_as(PODS, "anna", "readers"), 200);
    assert_int_equal(get_as(PODS, "anna", "writers"), 403);
    assert_non_null(strstr(answer.body.data, "User \\\"anna\\\" cannot list"));
    assert_int_equal(get_as(PODS, "", "readers"), 500);
    token = "janes";
    assert_int_equal(get_as(PODS, "anna", "readers"), 403);
    assert_non_null(
        strstr(answer.body.data,
               "users \\\"anna\\\" is forbidden: User \\\"jane\\\" cannot impersonate resource \\\"users\\\""));
    token = NULL;
}

static void names_what_is_wrong(void **state)
{
    (void)state;
    k8sc_error *err = NULL;
    k8sc_testing_options *options = make_options();
    OK(k8sc_testing_options_add_user(options, "janes", "jane", NULL, &err));
    assert_int_equal(k8sc_testing_options_add_user(options, "janes", "joe", NULL, &err), K8SC_E_INVALID);
    assert_string_equal(k8sc_error_message(err), "the token of user \"jane\" is that of \"joe\", too");
    k8sc_error_free(err);
    assert_int_equal(k8sc_testing_options_add_user(options, "a b", "joe", NULL, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_add_user(options, "", "joe", NULL, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_add_user(options, "joes", "", NULL, NULL), K8SC_E_INVALID);
    assert_int_equal(k8sc_testing_options_add_user(options, NULL, "joe", NULL, NULL), K8SC_E_INVALID);
    k8sc_testing_options_free(options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(knows_users_by_their_tokens), TEST(allows_what_roles_allow), TEST(knows_service_accounts),
        TEST(asks_as_somebody_else),       TEST(names_what_is_wrong),
    };
    return run_named_tests("fake permissions", tests, sizeof tests / sizeof *tests);
}
