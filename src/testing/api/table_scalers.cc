// The columns of HorizontalPodAutoscalers, of each version.
#include "testing/api/table_cells.h"
#include "testing/base/quantity.h"

namespace k8sc::testing {

namespace {

// What metrics of v1 and those that nobody has set are.
constexpr int64_t usual_percentage = 80;

const char *source_of(std::string_view type)
{
    const std::pair<const char *, const char *> sources[] = {{"External", "external"},
                                                             {"Pods", "pods"},
                                                             {"Object", "object"},
                                                             {"Resource", "resource"},
                                                             {"ContainerResource", "containerResource"}};
    for (const auto &[name, source] : sources)
        if (type == name) return source;
    return nullptr;
}

// {"target":{"averageValue":"1"}}, or as v2beta1 has it: {"targetAverageValue":"1"}
const json_t *member(const json_t *source, const char *part, std::string name)
{
    const json_t *value = value_at(source, {part, name.c_str()});
    if (value && !json_is_null(value)) return value;
    // An object's average was called by that alone there.
    if (name == "averageValue" && json_is_string(json_object_get(source, "averageValue")))
        return json_object_get(source, "averageValue");
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
    value = json_object_get(source, (part + name).c_str());
    return value && !json_is_null(value) ? value : nullptr;
}

std::string quantity_or(const json_t *value, const char *otherwise) { return value ? quantity_text(value) : otherwise; }
std::string percentage_or(const json_t *value, const char *otherwise)
{
    return value ? std::to_string(json_integer_value(value)) + "%" : otherwise;
}

std::string metric_text(const json_t *metric, const json_t *state, bool with_name)
{
    const std::string type(text_at(metric, {"type"}));
    const char *source = source_of(type);
    if (!source) return "<unknown type>";
    const json_t *wanted = json_object_get(metric, source), *now = json_object_get(state, source);
    const bool is_resource = type == "Resource" || type == "ContainerResource", is_pods = type == "Pods";
    const std::string name = is_resource && with_name ? std::string(text_at(wanted, {"name"})) + ": " : "";
    const json_t *average = member(wanted, "target", "averageValue");
    if (average || is_pods)
        return name +
               (now ? quantity_or(member(now, "current", "averageValue"), is_resource || is_pods ? "0" : "<unknown>")
                    : "<unknown>") +
               "/" + quantity_or(average, "0") + (is_resource || is_pods ? "" : " (avg)");
    if (is_resource)
        return name + percentage_or(member(now, "current", "averageUtilization"), "<unknown>") + "/" +
               percentage_or(member(wanted, "target", "averageUtilization"), "<auto>");
    return (now ? quantity_or(member(now, "current", "value"), "0") : "<unknown>") + "/" +
           quantity_or(member(wanted, "target", "value"), "0");
}

std::string targets_text(const json_t *scaler, bool with_name)
{
    const json_t *metrics = value_at(scaler, {"spec", "metrics"}),
                 *states = value_at(scaler, {"status", "currentMetrics"});
    if (json_array_size(metrics) == 0) {
        const json_t *percentage = value_at(scaler, {"status", "currentCPUUtilizationPercentage"});
        return (with_name ? "cpu: " : "") +
               percentage_or(json_is_integer(percentage) ? percentage : nullptr, "<unknown>") + "/" +
               std::to_string(integer_at(scaler, {"spec", "targetCPUUtilizationPercentage"}, usual_percentage)) + "%";
    }
    constexpr size_t most = 2;
    std::vector<std::string> texts;
    for (size_t i = 0; i < std::min(json_array_size(metrics), most); ++i)
        texts.push_back(metric_text(json_array_get(metrics, i), json_array_get(states, i), with_name));
    const size_t more = json_array_size(metrics) - texts.size();
    return joined(texts, ", ") + (more > 0 ? " + " + std::to_string(more) + " more..." : "");
}

Json reference_cell(const json_t *scaler, const Column &, int64_t)
{
    const json_t *target = value_at(scaler, {"spec", "scaleTargetRef"});
    return Json::text(std::string(text_at(target, {"kind"})) + "/" + std::string(text_at(target, {"name"})));
}

Json targets_cell(const json_t *scaler, const Column &, int64_t) { return Json::text(targets_text(scaler, true)); }
Json nameless_targets_cell(const json_t *scaler, const Column &, int64_t)
{
    return Json::text(targets_text(scaler, false));
}
Json least_cell(const json_t *scaler, const Column &, int64_t)
{
    return Json::text(std::to_string(integer_at(scaler, {"spec", "minReplicas"}, 1)));
}
Json most_cell(const json_t *scaler, const Column &, int64_t)
{
    return Json::integer(integer_at(scaler, {"spec", "maxReplicas"}));
}
Json replicas_cell(const json_t *scaler, const Column &, int64_t)
{
    return Json::integer(integer_at(scaler, {"status", "currentReplicas"}));
}

}  // namespace

std::vector<Column> scaler_columns(int minor)
{
    return {text_column("Reference", reference_cell),
            text_column("Targets", minor >= 30 ? targets_cell : nameless_targets_cell),
            text_column("MinPods", least_cell),
            text_column("MaxPods", most_cell),
            text_column("Replicas", replicas_cell),
            age};
}

}  // namespace k8sc::testing
