// Label and field selectors.
#include "target.h"

#include "core/selector.h"

using namespace k8sc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    std::string_view text = text_of(data, size);
    accepts([&] {
        LabelSelector selector = LabelSelector::parse(text);
        for (auto value : {"", "1", "a"}) {
            bool matched = selector.matches([&](std::string_view) { return std::optional<std::string_view>(value); });
            hold(matched || !selector.empty());
        }
        selector.matches([](std::string_view) { return std::optional<std::string_view>(); });
    });
    accepts([&] { FieldSelector::parse(text); });
    return 0;
}
