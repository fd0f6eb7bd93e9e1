// jansson's values, owned.
#pragma once

#include <jansson.h>

#include <memory>
#include <new>

namespace k8sc {

struct JsonFree {
    void operator()(json_t *value) const { json_decref(value); }
};
using Json = std::unique_ptr<json_t, JsonFree>;

// Takes over a new reference from jansson, whose only failure is a lack of memory.
inline Json own(json_t *value)
{
    if (!value) throw std::bad_alloc();
    return Json(value);
}

}  // namespace k8sc
