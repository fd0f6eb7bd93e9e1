// What is asked for where metadata is enough: as client-go's metadata client asks, with whole objects from servers that
// know nothing else.
#pragma once

namespace k8sc {

constexpr char partial_object_list[] =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
constexpr char partial_object[] = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

}  // namespace k8sc
