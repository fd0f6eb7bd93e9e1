/* What is found in the schema, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "k8sc.h"

#define CORE "io.k8s.api.core.v1."
#define META "io.k8s.apimachinery.pkg.apis.meta.v1."

static void resources_are_found_by_name(void **state)
{
    const k8sc_schema_resource *deployments = k8sc_schema_resource_find("apps", "v1", "deployments"),
                               *pods = k8sc_schema_resource_find("", "v1", "pods");
    (void)state;
    assert_string_equal(k8sc_schema_resource_kind(deployments), "Deployment");
    assert_string_equal(k8sc_schema_resource_api_version(deployments), "apps/v1");
    assert_string_equal(k8sc_schema_resource_api_version(pods), "v1");
    assert_string_equal(k8sc_schema_resource_package(pods), "core");
    assert_true(k8sc_schema_resource_is_namespaced(pods));
    assert_false(k8sc_schema_resource_is_namespaced(k8sc_schema_resource_find("", "v1", "nodes")));
    assert_true(k8sc_schema_resource_has_verb(pods, "deleteCollection"));
    assert_false(k8sc_schema_resource_has_verb(k8sc_schema_resource_find("", "v1", "namespaces"), "deleteCollection"));
    assert_false(k8sc_schema_resource_has_verb(pods, "delet"));
    assert_string_equal(k8sc_schema_type_name(k8sc_schema_resource_type(pods)), CORE "Pod");
    assert_null(k8sc_schema_resource_find("", "v1", "pod"));
    assert_null(k8sc_schema_resource_find("apps", "v1", "pods"));
    assert_null(k8sc_schema_resource_find("apps", "v2", "deployments"));
}

static void resources_are_found_by_kind(void **state)
{
    (void)state;
    assert_ptr_equal(k8sc_schema_resource_find_kind("apps/v1", "Deployment"),
                     k8sc_schema_resource_find("apps", "v1", "deployments"));
    assert_ptr_equal(k8sc_schema_resource_find_kind("v1", "Pod"), k8sc_schema_resource_find("", "v1", "pods"));
    assert_null(k8sc_schema_resource_find_kind("v1", "PodList"));
    assert_null(k8sc_schema_resource_find_kind("v1", "Deployment"));
}

/* Of a group-version that lives on, kinds that a release has dropped. */
static void what_was_dropped_is_known(void **state)
{
    const char *const dropped[][4] = {
        {"certificates.k8s.io", "v1alpha1", "podcertificaterequests", "PodCertificateRequest"},
        {"resource.k8s.io", "v1alpha3", "deviceclasses", "DeviceClass"},
        {"resource.k8s.io", "v1alpha3", "resourceclaims", "ResourceClaim"},
        {"resource.k8s.io", "v1alpha3", "resourceclaimtemplates", "ResourceClaimTemplate"},
        {"resource.k8s.io", "v1alpha3", "resourceslices", "ResourceSlice"},
        {"networking.k8s.io", "v1alpha1", "clustercidrs", "ClusterCIDR"},
        {"policy", "v1beta1", "podsecuritypolicies", "PodSecurityPolicy"},
        {"extensions", "v1beta1", "podsecuritypolicies", "PodSecurityPolicy"}};
    size_t i;
    (void)state;
    for (i = 0; i < sizeof dropped / sizeof *dropped; i++) {
        const k8sc_schema_resource *resource = k8sc_schema_resource_find(dropped[i][0], dropped[i][1], dropped[i][2]);
        assert_string_equal(k8sc_schema_resource_kind(resource), dropped[i][3]);
        assert_true(k8sc_schema_type_field_count(k8sc_schema_resource_type(resource)) >= 4);
    }
}

static void every_resource_is_found(void **state)
{
    int32_t i, count = k8sc_schema_resource_count();
    (void)state;
    assert_int_equal(count, 169);
    for (i = 0; i < count; i++) {
        const k8sc_schema_resource *resource = k8sc_schema_resource_at(i);
        const char *group = k8sc_schema_resource_group(resource), *version = k8sc_schema_resource_version(resource);
        const char *api_version = k8sc_schema_resource_api_version(resource),
                   *kind = k8sc_schema_resource_kind(resource);
        assert_ptr_equal(k8sc_schema_resource_find(group, version, k8sc_schema_resource_name(resource)), resource);
        assert_ptr_equal(k8sc_schema_resource_find_kind(api_version, kind), resource);
        assert_ptr_equal(k8sc_schema_type_find_kind(api_version, kind), k8sc_schema_resource_type(resource));
    }
}

static void every_type_is_found(void **state)
{
    int32_t i, j, count = k8sc_schema_type_count(), kinds = 0;
    (void)state;
    assert_int_equal(count, 1232);
    for (i = 0; i < count; i++) {
        const k8sc_schema_type *type = k8sc_schema_type_at(i);
        const char *api_version = k8sc_schema_type_api_version(type);
        assert_ptr_equal(k8sc_schema_type_find(k8sc_schema_type_name(type)), type);
        if (api_version) {
            assert_ptr_equal(k8sc_schema_type_find_kind(api_version, k8sc_schema_type_kind(type)), type);
            kinds++;
        }
        for (j = 0; j < k8sc_schema_type_field_count(type); j++) {
            const k8sc_schema_field *field = k8sc_schema_type_field_at(type, j);
            assert_ptr_equal(k8sc_schema_type_find_field(type, k8sc_schema_field_name(field)), field);
        }
    }
    assert_in_range(kinds, 320, 380);
}

static void which_types_are_kinds(void **state)
{
    const k8sc_schema_type *list = k8sc_schema_type_find_kind("v1", "PodList");
    (void)state;
    assert_string_equal(k8sc_schema_type_name(list), CORE "PodList");
    assert_string_equal(k8sc_schema_type_kind(list), "PodList");
    assert_string_equal(k8sc_schema_type_api_version(k8sc_schema_type_find(META "Status")), "v1");
    assert_string_equal(k8sc_schema_type_api_version(k8sc_schema_type_find(META "PartialObjectMetadata")),
                        "meta.k8s.io/v1");
    assert_string_equal(k8sc_schema_type_api_version(k8sc_schema_type_find("io.k8s.api.policy.v1.Eviction")),
                        "policy/v1");
    assert_string_equal(k8sc_schema_type_api_version(k8sc_schema_type_find("io.k8s.api.admission.v1.AdmissionReview")),
                        "admission.k8s.io/v1");
    assert_string_equal(k8sc_schema_type_name(k8sc_schema_type_find_kind("v1", "List")), CORE "List");
    /* The options of verbs are kinds of each group-version. */
    assert_ptr_equal(k8sc_schema_type_find_kind("v1", "DeleteOptions"), k8sc_schema_type_find(META "DeleteOptions"));
    assert_ptr_equal(k8sc_schema_type_find_kind("apps/v1", "DeleteOptions"),
                     k8sc_schema_type_find(META "DeleteOptions"));
    assert_string_equal(k8sc_schema_type_api_version(k8sc_schema_type_find(META "DeleteOptions")), "meta.k8s.io/v1");
    assert_null(k8sc_schema_type_find_kind("example.com/v1", "DeleteOptions"));
    assert_null(k8sc_schema_type_find_kind("apps/v1", "Status"));
    assert_null(k8sc_schema_type_api_version(k8sc_schema_type_find(CORE "PodSpec")));
    assert_null(k8sc_schema_type_api_version(k8sc_schema_type_find(CORE "ObjectReference")));
    assert_null(k8sc_schema_type_api_version(k8sc_schema_type_find(META "OwnerReference")));
    assert_null(k8sc_schema_type_find("Pod"));
    assert_null(k8sc_schema_type_find(CORE "Po"));
    assert_null(k8sc_schema_type_find(""));
}

static void methods_of_a_resource_are_found(void **state)
{
    const k8sc_schema_resource *deployments = k8sc_schema_resource_find("apps", "v1", "deployments"),
                               *pods = k8sc_schema_resource_find("", "v1", "pods");
    int32_t i, evict = -1;
    (void)state;
    assert_string_equal(k8sc_schema_resource_method_name(deployments, 0), "GetScale");
    assert_string_equal(k8sc_schema_resource_method_verb(deployments, 0), "get");
    assert_string_equal(k8sc_schema_resource_method_subresource(deployments, 0), "scale");
    assert_null(k8sc_schema_resource_method_input(deployments, 0));
    assert_string_equal(k8sc_schema_type_name(k8sc_schema_resource_method_result(deployments, 0)),
                        "io.k8s.api.autoscaling.v1.Scale");
    for (i = 0; i < k8sc_schema_resource_method_count(pods); i++)
        if (strcmp(k8sc_schema_resource_method_name(pods, i), "Evict") == 0) evict = i;
    assert_string_equal(k8sc_schema_type_name(k8sc_schema_resource_method_input(pods, evict)),
                        "io.k8s.api.policy.v1.Eviction");
    assert_null(k8sc_schema_resource_method_name(pods, k8sc_schema_resource_method_count(pods)));
    assert_null(k8sc_schema_resource_method_verb(pods, -1));
    assert_int_equal(k8sc_schema_resource_method_count(k8sc_schema_resource_find("", "v1", "configmaps")), 0);
}

static void fields_of_a_type_are_found(void **state)
{
    const k8sc_schema_type *spec = k8sc_schema_type_find(CORE "PodSpec"),
                           *service = k8sc_schema_type_find(CORE "ServiceSpec");
    const k8sc_schema_field *containers = k8sc_schema_type_find_field(spec, "containers"),
                            *ports = k8sc_schema_type_find_field(service, "ports");
    const k8sc_schema_field *selector = k8sc_schema_type_find_field(spec, "nodeSelector"),
                            *item = k8sc_schema_field_element(containers);
    (void)state;
    assert_int_equal(k8sc_schema_field_type(containers), K8SC_FIELD_ARRAY);
    assert_int_equal(k8sc_schema_field_type(item), K8SC_FIELD_OBJECT);
    assert_string_equal(k8sc_schema_field_name(item), "");
    assert_string_equal(k8sc_schema_type_name(k8sc_schema_field_object_type(item)), CORE "Container");
    assert_null(k8sc_schema_field_object_type(containers));
    assert_null(k8sc_schema_field_element(item));
    assert_true(k8sc_schema_field_is_required(containers));
    assert_false(k8sc_schema_field_is_required(selector));
    assert_true(k8sc_schema_field_is_pointer(k8sc_schema_type_find_field(spec, "activeDeadlineSeconds")));
    assert_string_equal(k8sc_schema_field_list_type(containers), "map");
    assert_string_equal(k8sc_schema_field_list_map_key(containers, 0), "name");
    assert_null(k8sc_schema_field_list_map_key(containers, 1));
    assert_string_equal(k8sc_schema_field_list_map_key(ports, 1), "protocol");
    assert_string_equal(k8sc_schema_field_map_type(selector), "atomic");
    assert_string_equal(k8sc_schema_field_map_type(containers), "");
    assert_string_equal(k8sc_schema_field_patch_strategy(containers), "merge");
    assert_string_equal(k8sc_schema_field_patch_merge_key(containers), "name");
    assert_string_equal(k8sc_schema_field_patch_strategy(selector), "");
    assert_string_equal(k8sc_schema_field_patch_merge_key(selector), "");
    assert_int_equal(k8sc_schema_field_protobuf_number(containers, 0), 2);
    assert_int_equal(k8sc_schema_field_protobuf_number(containers, 1), 0);
    assert_null(k8sc_schema_type_find_field(spec, "container"));
}

static void nothing_is_asked_of_nothing(void **state)
{
    (void)state;
    assert_null(k8sc_schema_resource_at(-1));
    assert_null(k8sc_schema_resource_at(k8sc_schema_resource_count()));
    assert_null(k8sc_schema_resource_find(NULL, "v1", "pods"));
    assert_null(k8sc_schema_resource_find("", NULL, "pods"));
    assert_null(k8sc_schema_resource_find("", "v1", NULL));
    assert_null(k8sc_schema_resource_find_kind(NULL, "Pod"));
    assert_null(k8sc_schema_resource_find_kind("v1", NULL));
    assert_null(k8sc_schema_resource_group(NULL));
    assert_null(k8sc_schema_resource_version(NULL));
    assert_null(k8sc_schema_resource_api_version(NULL));
    assert_null(k8sc_schema_resource_package(NULL));
    assert_null(k8sc_schema_resource_name(NULL));
    assert_null(k8sc_schema_resource_kind(NULL));
    assert_int_equal(k8sc_schema_resource_is_namespaced(NULL), 0);
    assert_null(k8sc_schema_resource_type(NULL));
    assert_null(k8sc_schema_resource_verb(NULL, 0));
    assert_null(k8sc_schema_resource_verb(k8sc_schema_resource_at(0), -1));
    assert_int_equal(k8sc_schema_resource_has_verb(NULL, "get"), 0);
    assert_int_equal(k8sc_schema_resource_has_verb(k8sc_schema_resource_at(0), NULL), 0);
    assert_int_equal(k8sc_schema_resource_method_count(NULL), 0);
    assert_null(k8sc_schema_resource_method_name(NULL, 0));
    assert_null(k8sc_schema_resource_method_subresource(NULL, 0));
    assert_null(k8sc_schema_resource_method_input(NULL, 0));
    assert_null(k8sc_schema_resource_method_result(NULL, 0));
    assert_null(k8sc_schema_type_at(-1));
    assert_null(k8sc_schema_type_at(k8sc_schema_type_count()));
    assert_null(k8sc_schema_type_find(NULL));
    assert_null(k8sc_schema_type_find_kind("v1", NULL));
    assert_null(k8sc_schema_type_find_kind(NULL, "Pod"));
    assert_null(k8sc_schema_type_name(NULL));
    assert_null(k8sc_schema_type_kind(NULL));
    assert_null(k8sc_schema_type_api_version(NULL));
    assert_int_equal(k8sc_schema_type_field_count(NULL), 0);
    assert_null(k8sc_schema_type_field_at(NULL, 0));
    assert_null(k8sc_schema_type_field_at(k8sc_schema_type_at(0), -1));
    assert_null(
        k8sc_schema_type_field_at(k8sc_schema_type_at(0), k8sc_schema_type_field_count(k8sc_schema_type_at(0))));
    assert_null(k8sc_schema_type_find_field(NULL, "name"));
    assert_null(k8sc_schema_type_find_field(k8sc_schema_type_at(0), NULL));
    assert_null(k8sc_schema_field_name(NULL));
    assert_int_equal(k8sc_schema_field_type(NULL), 0);
    assert_null(k8sc_schema_field_object_type(NULL));
    assert_null(k8sc_schema_field_element(NULL));
    assert_int_equal(k8sc_schema_field_is_required(NULL), 0);
    assert_int_equal(k8sc_schema_field_is_pointer(NULL), 0);
    assert_null(k8sc_schema_field_list_type(NULL));
    assert_null(k8sc_schema_field_list_map_key(NULL, 0));
    assert_null(k8sc_schema_field_map_type(NULL));
    assert_null(k8sc_schema_field_patch_strategy(NULL));
    assert_null(k8sc_schema_field_patch_merge_key(NULL));
    assert_int_equal(k8sc_schema_field_protobuf_number(NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resources_are_found_by_name),
        cmocka_unit_test(resources_are_found_by_kind),
        cmocka_unit_test(what_was_dropped_is_known),
        cmocka_unit_test(every_resource_is_found),
        cmocka_unit_test(every_type_is_found),
        cmocka_unit_test(which_types_are_kinds),
        cmocka_unit_test(methods_of_a_resource_are_found),
        cmocka_unit_test(fields_of_a_type_are_found),
        cmocka_unit_test(nothing_is_asked_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
