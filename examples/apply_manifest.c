/*
 * Applies all objects of a YAML or JSON file, or deletes them, whatever their kinds: the server is asked what it has.
 *
 *   apply_manifest FILE [delete]
 */
#include <k8sc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *name, size_t *len)
{
    FILE *file = fopen(name, "rb");
    char *text = NULL, *more;
    size_t size = 0;
    *len = 0;
    while (file && (more = realloc(text, size += 65536)) != NULL) {
        text = more;
        *len += fread(text + *len, 1, size - *len, file);
        if (*len < size) break;
    }
    if (!file || ferror(file)) perror(name);
    if (file) fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    k8sc_config *config = NULL;
    k8sc_client *client = NULL;
    k8sc_discovery *discovery = NULL;
    k8sc_rest_mapper *mapper = NULL;
    k8sc_list *objects = NULL;
    k8sc_options *options = NULL;
    k8sc_manifest_results *results = NULL;
    k8sc_error *err = NULL;
    size_t len = 0;
    int64_t i;
    int deletes = argc == 3 && strcmp(argv[2], "delete") == 0;
    char *text = argc == 2 || deletes ? read_file(argv[1], &len) : NULL;

    if (!text) {
        if (argc != 2 && !deletes) fprintf(stderr, "usage: apply_manifest FILE [delete]\n");
        return EXIT_FAILURE;
    }
    if (k8sc_manifest_parse(text, len, &objects, &err) < 0 || k8sc_config_load(NULL, NULL, &config, &err) < 0 ||
        k8sc_client_new(config, &client, &err) < 0 ||
        k8sc_discovery_new_disk_cached(client, NULL, 6 * 3600 * 1000, &discovery, &err) < 0 ||
        k8sc_rest_mapper_new(discovery, &mapper, &err) < 0 || k8sc_options_new(&options, &err) < 0)
        goto out;
    if (deletes) {
        k8sc_manifest_delete(mapper, objects, NULL, options, 1, &results, &err);
    } else {
        if (k8sc_options_set_field_manager(options, "apply_manifest", &err) < 0) goto out;
        k8sc_manifest_apply(mapper, objects, NULL, options, &results, &err);
    }
    for (i = 0; i < k8sc_manifest_results_size(results); i++) {
        const k8sc_object *source = k8sc_manifest_results_source(results, i);
        const k8sc_error *failure = k8sc_manifest_results_error(results, i);
        printf("%s %s: %s\n", k8sc_object_kind(source), k8sc_object_name(source),
               failure   ? k8sc_error_message(failure)
               : deletes ? "deleted"
                         : "applied");
    }

out:
    if (err) fprintf(stderr, "apply_manifest: %s\n", k8sc_error_message(err));
    i = err != NULL;
    k8sc_manifest_results_free(results);
    k8sc_options_free(options);
    k8sc_list_free(objects);
    k8sc_rest_mapper_unref(mapper);
    k8sc_discovery_unref(discovery);
    k8sc_client_unref(client);
    k8sc_config_free(config);
    k8sc_error_free(err);
    free(text);
    return i ? EXIT_FAILURE : EXIT_SUCCESS;
}
