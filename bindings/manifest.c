/* A manifest by one call, for languages that bind no manifest handles. */
#include "manifest.h"

#include <string.h>

k8sc_status k8sc_binding_manifest(k8sc_rest_mapper *mapper, const char *verb, const char *text, size_t text_len,
                                  const char *ns, const k8sc_options *options, int ignore_not_found,
                                  k8sc_manifest_results **results, k8sc_error **err)
{
    k8sc_list *objects = NULL;
    if (!verb) verb = "";
    k8sc_status status = k8sc_manifest_parse(text, text_len, &objects, err);
    *results = NULL;
    if (status < 0) return status;
    if (strcmp(verb, "create") == 0)
        status = k8sc_manifest_create(mapper, objects, ns, options, results, err);
    else if (strcmp(verb, "apply") == 0)
        status = k8sc_manifest_apply(mapper, objects, ns, options, results, err);
    else if (strcmp(verb, "delete") == 0)
        status = k8sc_manifest_delete(mapper, objects, ns, options, ignore_not_found, results, err);
    else
        status = k8sc_manifest_create(mapper, NULL, ns, options, results, err); /* no verb: refused */
    k8sc_list_free(objects);
    return status;
}
