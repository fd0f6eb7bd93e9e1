// Arguments of the functions of factories and informers.
#pragma once

#include "api/guard.h"
#include "cache/informer.h"

namespace k8sc::api {

inline const InformerOptions &options_or_default(const k8sc_informer_options *options)
{
    static const InformerOptions defaults;
    return options ? *options : defaults;
}

inline ResourceKey key_of(const char *group, const char *version, const char *resource)
{
    need(group, "group");
    need(version, "version");
    need(resource, "resource");
    return {group, version, resource};
}

}  // namespace k8sc::api
