#ifndef K8SC_BINDING_MANIFEST_H
#define K8SC_BINDING_MANIFEST_H

#include "k8sc.h"

/* Reads a manifest, and creates, applies or deletes (`verb`) its objects. *results is there also where some failed. */
k8sc_status k8sc_binding_manifest(k8sc_rest_mapper *mapper, const char *verb, const char *text, size_t text_len,
                                  const char *ns, const k8sc_options *options, int ignore_not_found,
                                  k8sc_manifest_results **results, k8sc_error **err);

#endif
