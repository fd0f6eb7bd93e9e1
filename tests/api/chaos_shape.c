/* The shapes that objects have in caches, made a second time by other means: by editing what a list says. */
#include "chaos.h"

const char *const space_names[spaces] = {"blue", "green", "red"};
const char *const shape_names[shapes] = {"whole",          "without managedFields", "without annotations",
                                         "without a path", "with one path",         "metadata only",
                                         "transformed",    "pruned and transformed"};

void name_of_place(int place, char name[8]) { snprintf(name, 8, "m%02d", place % names_each); }

int place_of(const k8sc_object *object)
{
    const char *name = k8sc_object_name(object);
    for (int space = 0; space < spaces; space++)
        if (strcmp(k8sc_object_namespace(object), space_names[space]) == 0 && name[0] == 'm' &&
            atoi(name + 1) < names_each)
            return space * names_each + atoi(name + 1);
    return -1;
}

/* Takes one part away and adds another. What has the addition already was here before. */
static k8sc_object *edit(const k8sc_object *object)
{
    k8sc_draft *draft;
    k8sc_object *made = NULL;
    const char *before = k8sc_object_str(object, "/data/seen", NULL);
    if (k8sc_object_edit(object, &draft, NULL) < 0) return NULL;
    if (k8sc_draft_remove(draft, "/data/big", NULL) == K8SC_OK &&
        k8sc_draft_set_str(draft, "/data/seen", before ? "twice" : "once", NULL) == K8SC_OK)
        k8sc_draft_freeze(draft, &made, NULL);
    k8sc_draft_free(draft);
    return made;
}

static int transform(k8sc_object *object, k8sc_object **out, void *unused)
{
    (void)unused;
    *out = edit(object);
    return *out ? 0 : -1;
}

k8sc_status shape_options(enum shape shape, k8sc_informer_options *options, k8sc_error **err)
{
    k8sc_status status = K8SC_OK;
    if (shape == without_managed_fields || shape == pruned_and_transformed)
        status = k8sc_informer_options_set_drop_managed_fields(options, 1, err);
    if (status < 0) return status;
    switch (shape) {
    case without_annotations: return k8sc_informer_options_drop_annotations(options, "noise/", err);
    case without_path: return k8sc_informer_options_drop_path(options, "/data/big", err);
    case only_path: return k8sc_informer_options_keep_path(options, "/data/v", err);
    case metadata_only: return k8sc_informer_options_set_metadata_only(options, 1, err);
    case transformed:
    case pruned_and_transformed: return k8sc_informer_options_set_transform(options, transform, NULL, NULL, err);
    default: return status;
    }
}

/* Removes the members of a part whose names are in the list, or those that are not. */
static void remove_members(k8sc_draft *draft, const k8sc_object *object, const char *part, const char *list, int listed)
{
    for (int64_t i = 0; i < k8sc_object_size(object, part); i++) {
        char pointer[64], word[64];
        size_t len;
        const char *key = k8sc_object_key(object, part, i, &len);
        snprintf(word, sizeof word, " %.*s ", (int)len, key);
        snprintf(pointer, sizeof pointer, "%s/%.*s", part, (int)len, key);
        if (!memchr(key, '/', len) && !strstr(list, word) == !listed) k8sc_draft_remove(draft, pointer, NULL);
    }
}

static void without_noise(k8sc_draft *draft, const k8sc_object *object)
{
    int kept = k8sc_object_annotation(object, "keep") != NULL;
    k8sc_draft_remove(draft, "/metadata/annotations/noise~1a", NULL);
    k8sc_draft_remove(draft, "/metadata/annotations/noise~1b", NULL);
    if (!kept) k8sc_draft_remove(draft, "/metadata/annotations", NULL);
}

k8sc_object *shape_apply(enum shape shape, const k8sc_object *object)
{
    k8sc_draft *draft;
    k8sc_object *made = NULL, *edited;
    if (shape == transformed) return edit(object);
    if (k8sc_object_edit(object, &draft, NULL) < 0) return NULL;
    if (shape == without_managed_fields || shape == pruned_and_transformed)
        k8sc_draft_remove(draft, "/metadata/managedFields", NULL);
    if (shape == without_annotations) without_noise(draft, object);
    if (shape == without_path) k8sc_draft_remove(draft, "/data/big", NULL);
    if (shape == only_path) {
        remove_members(draft, object, "", " apiVersion kind metadata data ", 0);
        remove_members(draft, object, "/metadata", " name namespace uid resourceVersion labels ", 0);
        remove_members(draft, object, "/data", " v ", 0);
    }
    k8sc_draft_freeze(draft, &made, NULL);
    k8sc_draft_free(draft);
    if (shape != pruned_and_transformed || !made) return made;
    edited = edit(made);
    k8sc_object_unref(made);
    return edited;
}

/* Metadata that the server makes has another order of members than that of whole objects. */
static int same_value(const k8sc_object *one, const k8sc_object *other, const char *pointer)
{
    int32_t type = k8sc_object_type(one, pointer);
    int64_t size = k8sc_object_size(one, pointer);
    size_t len, other_len;
    if (type != k8sc_object_type(other, pointer) || size != k8sc_object_size(other, pointer)) return 0;
    for (int64_t i = 0; i < size; i++) {
        char below[512];
        const char *key = k8sc_object_key(one, pointer, i, &len);
        int at = snprintf(below, sizeof below, "%s/", pointer);
        if (type == K8SC_TYPE_ARRAY) snprintf(below + at, sizeof below - (size_t)at, "%lld", (long long)i);
        for (size_t k = 0; type == K8SC_TYPE_OBJECT && k < len && at < 500; k++)
            at += snprintf(below + at, sizeof below - (size_t)at, key[k] == '/' ? "~1" : "%c", key[k]);
        if (!same_value(one, other, below)) return 0;
    }
    if (size >= 0) return 1;
    const char *text = k8sc_object_raw(one, pointer, &len), *other_text = k8sc_object_raw(other, pointer, &other_len);
    return text && other_text && len == other_len && memcmp(text, other_text, len) == 0;
}

int shape_is_equal(enum shape shape, const k8sc_object *cached, const k8sc_object *wanted)
{
    if (shape != metadata_only) return strcmp(k8sc_object_json(cached, NULL), k8sc_object_json(wanted, NULL)) == 0;
    return same_value(cached, wanted, "/metadata") && strcmp(k8sc_object_kind(cached), "PartialObjectMetadata") == 0 &&
           k8sc_object_type(cached, "/data") == K8SC_TYPE_ABSENT;
}
