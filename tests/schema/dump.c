/* Writes all that the library knows of the schema in the grammar of the data file, so that both can be compared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "k8sc.h"

static const char *const forms[] = {"?",          "string",   "boolean",   "integer",  "number",        "bytes",
                                    "?",          "?",        "?",         "quantity", "int-or-string", "time",
                                    "micro-time", "duration", "any-object"};

static void print_type(const k8sc_schema_type *type)
{
    const char *name = k8sc_schema_type_name(type);
    const char *const roots[] = {"io.k8s.api.", "io.k8s.apimachinery.pkg.apis."};
    size_t i;
    for (i = 0; i < 2; i++) {
        if (strncmp(name, roots[i], strlen(roots[i])) != 0) continue;
        printf("%s", name + strlen(roots[i]));
        return;
    }
    fprintf(stderr, "the type %s is from elsewhere\n", name);
    exit(1);
}

static void print_form(const k8sc_schema_field *field)
{
    switch (k8sc_schema_field_type(field)) {
    case K8SC_FIELD_ARRAY:
    case K8SC_FIELD_MAP: {
        int is_array = k8sc_schema_field_type(field) == K8SC_FIELD_ARRAY;
        printf(is_array ? "[" : "{");
        print_form(k8sc_schema_field_element(field));
        printf(is_array ? "]" : "}");
        return;
    }
    case K8SC_FIELD_OBJECT:
        printf("@");
        print_type(k8sc_schema_field_object_type(field));
        return;
    default: printf("%s", k8sc_schema_field_bits(field) == 32 ? "int32" : forms[k8sc_schema_field_type(field)]);
    }
}

static void print_word(const char *key, const char *word)
{
    if (*word) printf(" %s=%s", key, word);
}

static void print_field(const k8sc_schema_field *field)
{
    int32_t i, number;
    const char *key;
    printf("  %s ", k8sc_schema_field_name(field));
    print_form(field);
    if (k8sc_schema_field_is_required(field)) printf(" required");
    if (k8sc_schema_field_is_pointer(field)) printf(" pointer");
    print_word("list", k8sc_schema_field_list_type(field));
    for (i = 0; (key = k8sc_schema_field_list_map_key(field, i)) != NULL; i++) printf("%s%s", i ? "," : " keys=", key);
    print_word("map", k8sc_schema_field_map_type(field));
    print_word("strategy", k8sc_schema_field_patch_strategy(field));
    print_word("merge-key", k8sc_schema_field_patch_merge_key(field));
    for (i = 0; (number = k8sc_schema_field_protobuf_number(field, i)) != 0; i++)
        printf("%s%d", i ? "/" : " pb=", (int)number);
    printf("\n");
}

static void print_method(const k8sc_schema_resource *resource, int32_t i)
{
    const char *subresource = k8sc_schema_resource_method_subresource(resource, i);
    printf("    method %s %s %s", k8sc_schema_resource_method_name(resource, i),
           k8sc_schema_resource_method_verb(resource, i), *subresource ? subresource : "-");
    if (k8sc_schema_resource_method_input(resource, i)) {
        printf(" input=");
        print_type(k8sc_schema_resource_method_input(resource, i));
    }
    if (k8sc_schema_resource_method_result(resource, i)) {
        printf(" result=");
        print_type(k8sc_schema_resource_method_result(resource, i));
    }
    printf("\n");
}

static void print_resource(const k8sc_schema_resource *resource)
{
    const char *verb;
    int32_t i;
    printf("  resource %s %s %s ", k8sc_schema_resource_name(resource), k8sc_schema_resource_kind(resource),
           k8sc_schema_resource_is_namespaced(resource) ? "namespaced" : "cluster");
    for (i = 0; (verb = k8sc_schema_resource_verb(resource, i)) != NULL; i++) printf("%s%s", i ? "," : "", verb);
    printf(i ? "\n" : "-\n");
    for (i = 0; i < k8sc_schema_resource_method_count(resource); i++) print_method(resource, i);
}

int main(void)
{
    const char *last = "";
    int32_t i, j;
    for (i = 0; i < k8sc_schema_resource_count(); i++) {
        const k8sc_schema_resource *resource = k8sc_schema_resource_at(i);
        const char *group = k8sc_schema_resource_group(resource);
        if (strcmp(last, k8sc_schema_resource_api_version(resource)) != 0)
            printf("group-version %s %s %s -\n", *group ? group : "\"\"", k8sc_schema_resource_version(resource),
                   k8sc_schema_resource_package(resource));
        last = k8sc_schema_resource_api_version(resource);
        print_resource(resource);
    }
    for (i = 0; i < k8sc_schema_type_count(); i++) {
        const k8sc_schema_type *type = k8sc_schema_type_at(i);
        printf("type ");
        print_type(type);
        printf("\n");
        for (j = 0; j < k8sc_schema_type_field_count(type); j++) print_field(k8sc_schema_type_field_at(type, j));
    }
    return 0;
}
