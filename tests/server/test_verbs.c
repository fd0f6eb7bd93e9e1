/* The verbs that read and write one object, on a built-in kind and on a custom one alike. */
#include "support.h"

static void create_answers_what_is_stored(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object *made = create(resource, kind->make("a", "1")), *stored = get(resource, "a");
    assert_string_equal(k8sc_object_str(made, kind->field, NULL), "1");
    assert_string_equal(k8sc_object_namespace(made), ns);
    assert_string_not_equal(k8sc_object_uid(made), "");
    assert_string_not_equal(k8sc_object_resource_version(made), "");
    assert_string_equal(k8sc_object_json(made, NULL), k8sc_object_json(stored, NULL));
}

static void create_twice_is_refused(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    create(resource, kind->make("a", "1"));
    FAILS(K8SC_E_API, k8sc_resource_create(resource, kind->make("a", "2"), NULL, NULL, &err));
    assert_true(k8sc_error_is_already_exists(failure));
    assert_string_equal(k8sc_object_str(get(resource, "a"), kind->field, NULL), "1");
}

static void create_dry_run_stores_nothing(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_options *dry = options();
    k8sc_object **made = object_slot();
    OK(k8sc_options_set_dry_run(dry, 1, &err));
    OK(k8sc_resource_create(resource, kind->make("a", "1"), dry, made, &err));
    assert_string_equal(k8sc_object_name(*made), "a");
    assert_false(exists(resource, "a"));
}

static void generate_name_gives_different_names(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_draft *draft = NULL;
    k8sc_object **object = object_slot(), *first, *second;
    OK(k8sc_object_edit(kind->make("a", "1"), &draft, &err));
    k8sc_draft_remove(draft, "/metadata/name", NULL);
    k8sc_draft_set_str(draft, "/metadata/generateName", "made-", NULL);
    k8sc_draft_freeze(draft, object, NULL);
    k8sc_draft_free(draft);
    first = create(resource, *object), second = create(resource, *object);
    assert_memory_equal(k8sc_object_name(first), "made-", 5);
    assert_memory_equal(k8sc_object_name(second), "made-", 5);
    assert_string_not_equal(k8sc_object_name(first), k8sc_object_name(second));
}

static void update_replaces(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object *made = create(resource, kind->make("a", "1")), **edited = object_slot(), **updated = object_slot();
    k8sc_draft *draft = NULL;
    OK(k8sc_object_edit(made, &draft, &err));
    k8sc_draft_set_str(draft, kind->field, "2", NULL);
    k8sc_draft_freeze(draft, edited, NULL);
    k8sc_draft_free(draft);
    OK(k8sc_resource_update(resource, *edited, NULL, updated, &err));
    assert_string_equal(k8sc_object_str(*updated, kind->field, NULL), "2");
    assert_string_not_equal(k8sc_object_resource_version(*updated), k8sc_object_resource_version(made));
    assert_string_equal(k8sc_object_uid(*updated), k8sc_object_uid(made));
    assert_string_equal(k8sc_object_str(get(resource, "a"), kind->field, NULL), "2");
}

static void update_of_an_old_version_is_a_conflict(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object *made = create(resource, kind->make("a", "1"));
    const char *patch = "{\"metadata\":{\"labels\":{\"size\":\"9\"}}}";
    OK(k8sc_resource_patch(resource, "a", K8SC_PATCH_MERGE, patch, strlen(patch), NULL, NULL, &err));
    FAILS(K8SC_E_API, k8sc_resource_update(resource, made, NULL, NULL, &err));
    assert_true(k8sc_error_is_conflict(failure));
    assert_int_equal(k8sc_error_http_status(failure), 409);
    assert_string_equal(k8sc_object_label(get(resource, "a"), "size"), "9");
}

static void update_dry_run_stores_nothing(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_options *dry = options();
    k8sc_object *made = create(resource, kind->make("a", "1")), **edited = object_slot(), **updated = object_slot();
    k8sc_draft *draft = NULL;
    OK(k8sc_object_edit(made, &draft, &err));
    k8sc_draft_set_str(draft, kind->field, "2", NULL);
    k8sc_draft_freeze(draft, edited, NULL);
    k8sc_draft_free(draft);
    OK(k8sc_options_set_dry_run(dry, 1, &err));
    OK(k8sc_resource_update(resource, *edited, dry, updated, &err));
    assert_string_equal(k8sc_object_str(*updated, kind->field, NULL), "2");
    assert_string_equal(k8sc_object_str(get(resource, "a"), kind->field, NULL), "1");
}

static void field_manager_is_recorded(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object **made = object_slot();
    OK(k8sc_resource_create(resource, kind->make("a", "1"), with_field_manager("the-maker"), made, &err));
    assert_string_equal(k8sc_object_str(*made, "/metadata/managedFields/0/manager", NULL), "the-maker");
}

static void field_validation_is_accepted(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_options *strict = options();
    OK(k8sc_options_set_field_validation(strict, "Strict", &err));
    OK(k8sc_resource_create(resource, kind->make("a", "1"), strict, NULL, &err));
    assert_true(exists(resource, "a"));
}

static void delete_removes(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object **answer = object_slot();
    create(resource, kind->make("a", "1"));
    OK(k8sc_resource_delete(resource, "a", NULL, answer, &err));
    assert_string_equal(k8sc_object_kind(*answer), "Status");
    assert_string_equal(k8sc_object_str(*answer, "/status", NULL), "Success");
    assert_false(exists(resource, "a"));
}

static void delete_dry_run_keeps(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_options *dry = options();
    create(resource, kind->make("a", "1"));
    OK(k8sc_options_set_dry_run(dry, 1, &err));
    OK(k8sc_resource_delete(resource, "a", dry, NULL, &err));
    assert_true(exists(resource, "a"));
}

static void delete_of_another_uid_is_a_conflict(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object *made = create(resource, kind->make("a", "1"));
    k8sc_options *only = options();
    OK(k8sc_options_set_precondition_uid(only, "00000000-0000-0000-0000-000000000000", &err));
    FAILS(K8SC_E_API, k8sc_resource_delete(resource, "a", only, NULL, &err));
    assert_true(k8sc_error_is_conflict(failure));
    assert_true(exists(resource, "a"));
    OK(k8sc_options_set_precondition_uid(only, k8sc_object_uid(made), &err));
    OK(k8sc_resource_delete(resource, "a", only, NULL, &err));
    assert_false(exists(resource, "a"));
}

static void delete_of_another_version_is_a_conflict(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object *made = create(resource, kind->make("a", "1"));
    k8sc_options *only = options();
    OK(k8sc_options_set_precondition_resource_version(only, "1", &err));
    FAILS(K8SC_E_API, k8sc_resource_delete(resource, "a", only, NULL, &err));
    assert_true(k8sc_error_is_conflict(failure));
    assert_true(exists(resource, "a"));
    OK(k8sc_options_set_precondition_resource_version(only, k8sc_object_resource_version(made), &err));
    OK(k8sc_resource_delete(resource, "a", only, NULL, &err));
    assert_false(exists(resource, "a"));
}

/* Without controllers nobody takes the finalizers away that the policies are made of. */
static void propagation_policy_decides_how_it_ends(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_options *how = options();
    create(resource, kind->make("foreground", "1"));
    create(resource, kind->make("orphan", "1"));
    create(resource, kind->make("background", "1"));
    OK(k8sc_options_set_propagation_policy(how, "Foreground", &err));
    OK(k8sc_resource_delete(resource, "foreground", how, NULL, &err));
    OK(k8sc_options_set_propagation_policy(how, "Orphan", &err));
    OK(k8sc_resource_delete(resource, "orphan", how, NULL, &err));
    OK(k8sc_options_set_propagation_policy(how, "Background", &err));
    OK(k8sc_resource_delete(resource, "background", how, NULL, &err));
    assert_string_equal(k8sc_object_str(get(resource, "foreground"), "/metadata/finalizers/0", NULL),
                        "foregroundDeletion");
    assert_string_equal(k8sc_object_str(get(resource, "orphan"), "/metadata/finalizers/0", NULL), "orphan");
    assert_false(exists(resource, "background"));
}

static void delete_collection_takes_what_is_selected(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    create(resource, kind->make("a", "1"));
    create(resource, kind->make("b", "2"));
    create(resource, kind->make("c", "1"));
    OK(k8sc_resource_delete_collection(resource, with_label_selector("size=1"), NULL, &err));
    assert_int_equal(k8sc_list_size(list(resource, NULL)), 1);
    assert_true(exists(resource, "b"));
    OK(k8sc_resource_delete_collection(resource, NULL, NULL, &err));
    assert_int_equal(k8sc_list_size(list(resource, NULL)), 0);
}

static void get_of_a_version_that_is_no_older(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object *made = create(resource, kind->make("a", "1")), **got = object_slot();
    k8sc_options *at = options();
    OK(k8sc_options_set_resource_version(at, k8sc_object_resource_version(made), &err));
    OK(k8sc_resource_get(resource, "a", at, got, &err));
    assert_string_equal(k8sc_object_json(*got, NULL), k8sc_object_json(made, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_BOTH(create_answers_what_is_stored),
        TEST_BOTH(create_twice_is_refused),
        TEST_BOTH(create_dry_run_stores_nothing),
        TEST_BOTH(generate_name_gives_different_names),
        TEST_BOTH(update_replaces),
        TEST_BOTH(update_of_an_old_version_is_a_conflict),
        TEST_BOTH(update_dry_run_stores_nothing),
        TEST_BOTH(field_manager_is_recorded),
        TEST_BOTH(field_validation_is_accepted),
        TEST_BOTH(delete_removes),
        TEST_BOTH(delete_dry_run_keeps),
        TEST_BOTH(delete_of_another_uid_is_a_conflict),
        TEST_BOTH(delete_of_another_version_is_a_conflict),
        TEST_BOTH(propagation_policy_decides_how_it_ends),
        TEST_BOTH(delete_collection_takes_what_is_selected),
        TEST_BOTH(get_of_a_version_that_is_no_older),
    };
    return RUN_ON_CLUSTER("", tests);
}
