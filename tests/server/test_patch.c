/* Patches and server-side apply. */
#include "support.h"

static k8sc_object *patched(k8sc_resource *resource, const char *name, int32_t type, const char *patch)
{
    k8sc_object **answer = object_slot();
    OK(k8sc_resource_patch(resource, name, type, patch, strlen(patch), NULL, answer, &err));
    return *answer;
}

static void json_patch(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    char patch[256];
    create(resource, kind->make("a", "1"));
    snprintf(patch, sizeof patch,
             "[{\"op\":\"test\",\"path\":\"%s\",\"value\":\"1\"},{\"op\":\"replace\",\"path\":\"%s\",\"value\":\"2\"}]",
             kind->field, kind->field);
    assert_string_equal(k8sc_object_str(patched(resource, "a", K8SC_PATCH_JSON, patch), kind->field, NULL), "2");
    /* The test does not hold any more, so nothing is changed. */
    FAILS(K8SC_E_API, k8sc_resource_patch(resource, "a", K8SC_PATCH_JSON, patch, strlen(patch), NULL, NULL, &err));
    assert_true(k8sc_error_is_invalid(failure));
    assert_string_equal(k8sc_object_str(get(resource, "a"), kind->field, NULL), "2");
}

static void merge_patch(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object *answer;
    create(resource, kind->make("a", "1"));
    answer = patched(resource, "a", K8SC_PATCH_MERGE, "{\"metadata\":{\"labels\":{\"size\":null,\"more\":\"yes\"}}}");
    assert_null(k8sc_object_label(answer, "size"));
    assert_string_equal(k8sc_object_label(answer, "more"), "yes");
    assert_string_equal(k8sc_object_str(answer, kind->field, NULL), "1");
}

static void strategic_merge_patch_joins_lists_by_key(void **state)
{
    k8sc_object *answer;
    (void)state;
    create(pods(), pod("a"));
    answer = patched(pods(), "a", K8SC_PATCH_STRATEGIC_MERGE,
                     "{\"spec\":{\"containers\":[{\"name\":\"two\",\"image\":\"img:3\"}]}}");
    assert_int_equal(k8sc_object_size(answer, "/spec/containers"), 2);
    assert_string_equal(k8sc_object_str(answer, "/spec/containers/0/image", NULL), "img:1");
    assert_string_equal(k8sc_object_str(answer, "/spec/containers/1/image", NULL), "img:3");
}

static void strategic_merge_patch_is_not_for_custom_resources(void **state)
{
    (void)state;
    create(widgets(), widget("a", "1"));
    FAILS(K8SC_E_API, k8sc_resource_patch(widgets(), "a", K8SC_PATCH_STRATEGIC_MERGE, "{}", 2, NULL, NULL, &err));
    assert_int_equal(k8sc_error_http_status(failure), 415);
    assert_string_equal(k8sc_error_reason(failure), "UnsupportedMediaType");
}

static void patch_dry_run_stores_nothing(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_options *dry = options();
    const char *patch = "{\"metadata\":{\"labels\":{\"size\":\"2\"}}}";
    k8sc_object **answer = object_slot();
    create(resource, kind->make("a", "1"));
    OK(k8sc_options_set_dry_run(dry, 1, &err));
    OK(k8sc_resource_patch(resource, "a", K8SC_PATCH_MERGE, patch, strlen(patch), dry, answer, &err));
    assert_string_equal(k8sc_object_label(*answer, "size"), "2");
    assert_string_equal(k8sc_object_label(get(resource, "a"), "size"), "1");
}

static k8sc_object *applied(k8sc_resource *resource, const k8sc_object *object, const k8sc_options *how)
{
    k8sc_object **answer = object_slot();
    OK(k8sc_resource_apply(resource, k8sc_object_name(object), object, how, answer, &err));
    return *answer;
}

static void apply_creates_and_updates(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object *first = applied(resource, kind->make("a", "1"), with_field_manager("one"));
    k8sc_object *second = applied(resource, kind->make("a", "2"), with_field_manager("one"));
    assert_string_equal(k8sc_object_str(first, "/metadata/managedFields/0/operation", NULL), "Apply");
    assert_string_equal(k8sc_object_uid(first), k8sc_object_uid(second));
    assert_string_equal(k8sc_object_str(get(resource, "a"), kind->field, NULL), "2");
}

static void apply_twice_changes_nothing(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object *first = applied(resource, kind->make("a", "1"), with_field_manager("one"));
    k8sc_object *second = applied(resource, kind->make("a", "1"), with_field_manager("one"));
    assert_string_equal(k8sc_object_resource_version(first), k8sc_object_resource_version(second));
}

static void apply_removes_what_it_no_longer_says(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_object **less = object_slot();
    k8sc_draft *draft = NULL;
    applied(resource, kind->make("a", "1"), with_field_manager("one"));
    OK(k8sc_object_edit(kind->make("a", "1"), &draft, &err));
    k8sc_draft_remove(draft, "/metadata/labels", NULL);
    k8sc_draft_freeze(draft, less, NULL);
    k8sc_draft_free(draft);
    assert_null(k8sc_object_label(applied(resource, *less, with_field_manager("one")), "size"));
}

static void apply_conflict_names_the_other_manager(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    int i, found = 0;
    applied(resource, kind->make("a", "1"), with_field_manager("the-first"));
    FAILS(K8SC_E_API,
          k8sc_resource_apply(resource, "a", kind->make("a", "2"), with_field_manager("the-second"), NULL, &err));
    assert_true(k8sc_error_is_conflict(failure));
    assert_int_equal(k8sc_error_cause_count(failure), 2); /* the value and the label */
    for (i = 0; i < k8sc_error_cause_count(failure); i++) {
        assert_string_equal(k8sc_error_cause_type(failure, i), "FieldManagerConflict");
        assert_contains(k8sc_error_cause_message(failure, i), "the-first");
        found += strstr(k8sc_error_cause_field(failure, i), kind == &widget_kind ? ".spec.size" : ".data.size") != NULL;
    }
    assert_int_equal(found, 1);
    assert_contains(k8sc_error_message(failure), "the-first");
    assert_string_equal(k8sc_object_str(get(resource, "a"), kind->field, NULL), "1");
}

static void apply_by_force_takes_over(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_options *force = with_field_manager("the-second");
    applied(resource, kind->make("a", "1"), with_field_manager("the-first"));
    OK(k8sc_options_set_force(force, 1, &err));
    assert_string_equal(k8sc_object_str(applied(resource, kind->make("a", "2"), force), kind->field, NULL), "2");
    /* Now the first one does not own it any more. */
    FAILS(K8SC_E_API,
          k8sc_resource_apply(resource, "a", kind->make("a", "3"), with_field_manager("the-first"), NULL, &err));
    assert_contains(k8sc_error_cause_message(failure, 0), "the-second");
}

static void apply_dry_run_stores_nothing(void **state)
{
    const struct kind *kind = *state;
    k8sc_resource *resource = resource_of(kind);
    k8sc_options *dry = with_field_manager("one");
    OK(k8sc_options_set_dry_run(dry, 1, &err));
    applied(resource, kind->make("a", "1"), dry);
    assert_false(exists(resource, "a"));
}

static void apply_status_leaves_the_rest(void **state)
{
    k8sc_object **answer = object_slot(), *status;
    (void)state;
    create(widgets(), widget("a", "1"));
    status = json("{'apiVersion':'" WIDGETS_GROUP "/v1','kind':'Widget','metadata':{'name':'a'},"
                  "'status':{'phase':'Ready'}}");
    OK(k8sc_resource_apply_status(widgets(), "a", status, with_field_manager("status"), answer, &err));
    assert_string_equal(k8sc_object_str(*answer, "/status/phase", NULL), "Ready");
    assert_string_equal(k8sc_object_str(get(widgets(), "a"), "/spec/size", NULL), "1");
}

static void a_patch_of_the_apply_kind_takes_yaml(void **state)
{
    const char *yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  size: \"7\"\n";
    k8sc_object **answer = object_slot();
    (void)state;
    OK(k8sc_resource_patch(configmaps(), "a", K8SC_PATCH_APPLY, yaml, strlen(yaml), with_field_manager("one"), answer,
                           &err));
    assert_string_equal(k8sc_object_str(*answer, "/data/size", NULL), "7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_BOTH(json_patch),
        TEST_BOTH(merge_patch),
        TEST(strategic_merge_patch_joins_lists_by_key),
        TEST(strategic_merge_patch_is_not_for_custom_resources),
        TEST_BOTH(patch_dry_run_stores_nothing),
        TEST_BOTH(apply_creates_and_updates),
        TEST_BOTH(apply_twice_changes_nothing),
        TEST_BOTH(apply_removes_what_it_no_longer_says),
        TEST_BOTH(apply_conflict_names_the_other_manager),
        TEST_BOTH(apply_by_force_takes_over),
        TEST_BOTH(apply_dry_run_stores_nothing),
        TEST(apply_status_leaves_the_rest),
        TEST(a_patch_of_the_apply_kind_takes_yaml),
    };
    return RUN_ON_CLUSTER("", tests);
}
