// Any document against the schema: by what it says it is, and against a few types.
#include "target.h"

#include "schema/schema.h"
#include "schema/validate.h"
#include "json/object.h"

using namespace k8sc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Ref<Object> object;
    if (!accepts([&] { object = Object::parse(text_of(data, size)); })) return 0;
    bool known = accepts([&] { schema::validate(*object, nullptr); });
    // What is valid as its own kind holds no fault as a type that is given.
    if (known) {
        auto kind = object->root().member("kind").string(), version = object->root().member("apiVersion").string();
        hold(accepts([&] { schema::validate(*object, schema::find_kind(*version, *kind)); }));
    }
    for (auto name : {"io.k8s.api.core.v1.Pod", "io.k8s.api.core.v1.PodSpec", "io.k8s.api.core.v1.Secret",
                      "io.k8s.api.apps.v1.Deployment"})
        accepts([&] { schema::validate(*object, schema::find_type(name)); });
    return 0;
}
