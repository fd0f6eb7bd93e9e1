#include "testing/patch/last_applied.h"

namespace k8sc::testing {

namespace {

const char annotation[] = "kubectl.kubernetes.io/last-applied-configuration";
// Of all annotations together.
constexpr size_t most_bytes = 256 * 1024;

// Go's encoder makes texts that can stand in a web page.
std::string for_web_pages(const std::string &json)
{
    std::string text;
    for (const char c : json) {
        if (c == '<')
            text += "\\u003c";
        else if (c == '>')
            text += "\\u003e";
        else if (c == '&')
            text += "\\u0026";
        else
            text += c;
    }
    return text;
}

size_t bytes_of(json_t *annotations)
{
    size_t bytes = 0;
    const char *key;
    json_t *value;
    json_object_foreach(annotations, key, value) bytes += std::string_view(key).size() + json_string_length(value);
    return bytes;
}

}  // namespace

std::string_view last_applied(const json_t *document)
{
    return text_at(document, {"metadata", "annotations", annotation});
}

Json last_applied_config(const Kind &kind, const json_t *document)
{
    std::string why;
    const std::string_view text = last_applied(document);
    Json config = text.empty() ? Json() : Json::parse(text, why);
    return json_is_object(config.get()) && text_at(config.get(), {"apiVersion"}) == kind.api_version() ? config
                                                                                                       : Json();
}

void renew_last_applied(json_t *document, const Json &config)
{
    if (last_applied(document).empty()) return;
    json_t *annotations = value_at(document, {"metadata", "annotations"});
    const Json kept = config.copy();
    json_object_del(value_at(kept.get(), {"metadata", "annotations"}), annotation);
    set(annotations, annotation, Json::text(for_web_pages(dump(kept.get(), true)) + "\n"));
    if (bytes_of(annotations) > most_bytes) json_object_del(annotations, annotation);
}

}  // namespace k8sc::testing
