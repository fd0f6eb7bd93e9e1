#include "testing/base/quantity.h"

#include <k8sc.h>

namespace k8sc::testing {

std::string quantity_text(const json_t *value)
{
    const std::string text = json_is_string(value) ? std::string(text_at(value, {})) : dump(value);
    char *canonical = nullptr;
    if (k8sc_quantity_canonical(text.c_str(), &canonical, nullptr) != K8SC_OK) return text;
    const std::string written = canonical;
    k8sc_string_free(canonical);
    return written;
}

}  // namespace k8sc::testing
