/* Kubernetes' own API as data. What these stand for is built into the library, and never freed: there is nothing to destroy. */

int32_t k8sc_schema_resource_count(void);
const k8sc_schema_resource *k8sc_schema_resource_at(int32_t index);
const k8sc_schema_resource *k8sc_schema_resource_find(const char *group, const char *version, const char *resource);
const k8sc_schema_resource *k8sc_schema_resource_find_kind(const char *api_version, const char *kind);

%extend k8sc_schema_resource {
    ~k8sc_schema_resource() {}
    const char *group();
    const char *version();
    const char *api_version();
    const char *package();
    const char *name();
    const char *kind();
    bool is_namespaced();
    const k8sc_schema_type *type();
    const char *verb(int32_t index);
    bool has_verb(const char *verb);
    int32_t method_count();
    const char *method_name(int32_t index);
    const char *method_verb(int32_t index);
    const char *method_subresource(int32_t index);
    const k8sc_schema_type *method_input(int32_t index);
    const k8sc_schema_type *method_result(int32_t index);
}

int32_t k8sc_schema_type_count(void);
const k8sc_schema_type *k8sc_schema_type_at(int32_t index);
const k8sc_schema_type *k8sc_schema_type_find(const char *name);
const k8sc_schema_type *k8sc_schema_type_find_kind(const char *api_version, const char *kind);

%extend k8sc_schema_type {
    ~k8sc_schema_type() {}
    const char *name();
    const char *kind();
    const char *api_version();
    int32_t field_count();
    const k8sc_schema_field *field_at(int32_t index);
    const k8sc_schema_field *find_field(const char *name);
}

%extend k8sc_schema_field {
    ~k8sc_schema_field() {}
    const char *name();
    int32_t type();
    const k8sc_schema_type *object_type();
    const k8sc_schema_field *element();
    bool is_required();
    bool is_pointer();
    int32_t bits();
    const char *list_type();
    const char *list_map_key(int32_t index);
    const char *map_type();
    const char *patch_strategy();
    const char *patch_merge_key();
    int32_t protobuf_number(int32_t index);
}

k8sc_status k8sc_schema_validate(const k8sc_object *object, const k8sc_schema_type *type, k8sc_error **err);
