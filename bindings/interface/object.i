/* Frozen documents, and lists of strings. Lua and Ruby read both their own way (lua/value.c, ruby/object.c). */

k8sc_status k8sc_object_parse_json(const char *text, size_t text_len, k8sc_object **out, k8sc_error **err);
k8sc_status k8sc_object_parse_yaml(const char *text, size_t text_len, k8sc_object **out, k8sc_error **err);

#if defined(SWIGLUA) || defined(SWIGRUBY)
k8sc_status k8sc_object_to_yaml(const k8sc_object *object, char **out, k8sc_error **err);
#else
%rename(Document) k8sc_object;
typedef struct k8sc_object {} k8sc_object;
%extend k8sc_object {
    ~k8sc_object() { k8sc_object_unref($self); }
    const char *json(size_t *len);
    const char *name();
    const char *namespace();
    const char *uid();
    const char *resource_version();
    const char *kind();
    const char *api_version();
    const char *label(const char *key);
    const char *annotation(const char *key);
    int32_t type(const char *pointer);
    const char *str(const char *pointer, size_t *len);
    /* int and bool are no names for a method. */
    int64_t integer(const char *pointer, int64_t fallback) { return k8sc_object_int($self, pointer, fallback); }
    bool boolean(const char *pointer, bool fallback) { return k8sc_object_bool($self, pointer, fallback); }
    double number(const char *pointer, double fallback);
    int64_t size(const char *pointer);
    const char *key(const char *pointer, int64_t index, size_t *len);
    const char *raw(const char *pointer, size_t *len);
    k8sc_status to_yaml(char **out, k8sc_error **err);
}

%extend k8sc_strings {
    ~k8sc_strings() { k8sc_strings_free($self); }
    int64_t size();
    const char *at(int64_t index, size_t *len);
}
#endif
