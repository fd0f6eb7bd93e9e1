// YAML: what is read can be written, and reads back the same.
#include "target.h"

#include "json/write.h"
#include "json/yaml.h"

using namespace k8sc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Json value;
    if (!accepts([&] { value = parse_yaml(text_of(data, size), "input"); })) return 0;
    std::string json = compact_json(value.get()), yaml = yaml_text(value.get());
    hold(compact_json(parse_yaml(yaml, "output").get()) == json);
    return 0;
}
