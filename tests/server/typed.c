#include "typed.h"

#include <k8sc/options.h>

k8sc_clientset *clientset(void)
{
    k8sc_clientset **made = clientset_slot();
    OK(k8sc_clientset_new_for_client(client, made, &err));
    return *made;
}

void text_is(const char *path, const char *is, const char *due)
{
    if (!is || strcmp(is, due) != 0) fail_msg("%s: %s instead of %s", path, is ? is : "nothing", due);
}

void number_is(const char *path, int64_t is, int64_t due)
{
    if (is != due) fail_msg("%s: %lld instead of %lld", path, (long long)is, (long long)due);
}

void bytes_are(const char *path, k8sc_status status, char *is, size_t is_len, const char *due, size_t due_len)
{
    int same = status == K8SC_OK && is_len == due_len && memcmp(is, due, due_len) == 0;
    k8sc_string_free(is);
    if (!same) fail_msg("%s: other bytes, %zu of them", path, is_len);
}

void must_be_not_found(void)
{
    if (!k8sc_error_is_not_found(failure)) fail_msg("%s", k8sc_error_message(failure));
}

int came_too_late(k8sc_status status)
{
    if (status == K8SC_OK) return 0;
    if (!k8sc_error_is_conflict(err)) fail_msg("%s", k8sc_error_message(err));
    forget_errors();
    return 1;
}

static k8sc_options *labelled(const char *of)
{
    char selector[128];
    snprintf(selector, sizeof selector, TYPED_LABEL "=%s", of);
    return with_label_selector(selector);
}

struct k8sc_list_options *list_options(const char *of, int64_t limit)
{
    struct k8sc_list_options *made = (struct k8sc_list_options *)labelled(of);
    if (limit) OK(k8sc_list_options_set_limit(made, limit, &err));
    return made;
}

struct k8sc_watch_options *watch_options(const char *of, const char *since)
{
    struct k8sc_watch_options *made = (struct k8sc_watch_options *)labelled(of);
    OK(k8sc_watch_options_set_resource_version(made, since, &err));
    return made;
}

struct k8sc_apply_options *apply_options(void)
{
    struct k8sc_apply_options *made = (struct k8sc_apply_options *)options();
    OK(k8sc_apply_options_set_field_manager(made, "typed", &err));
    OK(k8sc_apply_options_set_force(made, 1, &err));
    return made;
}

struct k8sc_delete_options *delete_options(void)
{
    struct k8sc_delete_options *made = (struct k8sc_delete_options *)options();
    OK(k8sc_delete_options_set_propagation_policy(made, "Background", &err));
    return made;
}

struct k8sc_delete_collection_options *delete_collection_options(const char *of)
{
    struct k8sc_delete_collection_options *made = (struct k8sc_delete_collection_options *)labelled(of);
    OK(k8sc_delete_collection_options_set_propagation_policy(made, "Background", &err));
    return made;
}

void count_one(void *counter) { ++*(int *)counter; }
