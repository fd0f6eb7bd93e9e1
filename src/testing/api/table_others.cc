// The columns of claims, cron jobs, ingresses and disruption budgets.
#include "testing/api/table.h"
#include "testing/api/table_cells.h"
#include "testing/base/quantity.h"

namespace k8sc::testing {

namespace {

// ---- claims

// In an order of their own, each once.
std::string modes_text(const json_t *modes)
{
    const std::pair<const char *, const char *> names[] = {
        {"ReadWriteOnce", "RWO"}, {"ReadOnlyMany", "ROX"}, {"ReadWriteMany", "RWX"}, {"ReadWriteOncePod", "RWOP"}};
    std::vector<std::string> all;
    for (const auto &[name, shorter] : names)
        for (size_t i = 0; i < json_array_size(modes); ++i) {
            if (text_at(json_array_get(modes, i), {}) != name) continue;
            all.emplace_back(shorter);
            break;
        }
    return joined(all);
}

bool is_bound(const json_t *claim) { return !text_at(claim, {"spec", "volumeName"}).empty(); }

Json unset_or(const json_t *value) { return Json::text(json_is_string(value) ? text_at(value, {}) : "<unset>"); }

Json claim_status_cell(const json_t *claim, const Column &, int64_t)
{
    return Json::text(text_at(claim, {"metadata", "deletionTimestamp"}).empty() ? text_at(claim, {"status", "phase"})
                                                                                : "Terminating");
}

Json volume_cell(const json_t *claim, const Column &, int64_t)
{
    return Json::text(text_at(claim, {"spec", "volumeName"}));
}

Json capacity_cell(const json_t *claim, const Column &, int64_t)
{
    if (!is_bound(claim)) return Json::text("");
    const json_t *storage = value_at(claim, {"status", "capacity", "storage"});
    return Json::text(storage ? quantity_text(storage) : "0");
}

Json modes_cell(const json_t *claim, const Column &, int64_t)
{
    return Json::text(is_bound(claim) ? modes_text(value_at(claim, {"status", "accessModes"})) : "");
}

Json class_cell(const json_t *claim, const Column &, int64_t)
{
    const json_t *before = value_at(claim, {"metadata", "annotations", "volume.beta.kubernetes.io/storage-class"});
    return Json::text(before ? text_at(before, {}) : text_at(claim, {"spec", "storageClassName"}));
}

Json attributes_class_cell(const json_t *claim, const Column &, int64_t)
{
    return unset_or(value_at(claim, {"spec", "volumeAttributesClassName"}));
}

// The default is of API servers.
Json volume_mode_cell(const json_t *claim, const Column &, int64_t)
{
    const std::string_view mode = text_at(claim, {"spec", "volumeMode"});
    return Json::text(mode.empty() ? "Filesystem" : mode);
}

// ---- cron jobs

const json_t *job_of(const json_t *cron) { return value_at(cron, {"spec", "jobTemplate", "spec"}); }
const json_t *job_containers(const json_t *cron) { return value_at(job_of(cron), {"template", "spec", "containers"}); }

Json schedule_cell(const json_t *cron, const Column &, int64_t)
{
    return Json::text(text_at(cron, {"spec", "schedule"}));
}
Json zone_cell(const json_t *cron, const Column &, int64_t)
{
    const json_t *zone = value_at(cron, {"spec", "timeZone"});
    return Json::text(json_is_string(zone) ? text_at(zone, {}) : "<none>");
}
Json suspend_cell(const json_t *cron, const Column &, int64_t)
{
    return Json::text(json_is_true(value_at(cron, {"spec", "suspend"})) ? "True" : "False");
}
Json active_cell(const json_t *cron, const Column &, int64_t)
{
    return Json::integer(static_cast<int64_t>(json_array_size(value_at(cron, {"status", "active"}))));
}
Json last_schedule_cell(const json_t *cron, const Column &, int64_t now)
{
    const std::string_view time = text_at(cron, {"status", "lastScheduleTime"});
    return Json::text(time.empty() ? "<none>" : age_of(time, now));
}
Json job_containers_cell(const json_t *cron, const Column &, int64_t)
{
    return Json::text(joined(job_containers(cron), "name"));
}
Json job_images_cell(const json_t *cron, const Column &, int64_t)
{
    return Json::text(joined(job_containers(cron), "image"));
}
Json job_selector_cell(const json_t *cron, const Column &, int64_t)
{
    return pairs(value_at(job_of(cron), {"selector", "matchLabels"}));
}

// ---- ingresses

Json ingress_class_cell(const json_t *ingress, const Column &, int64_t)
{
    const json_t *name = value_at(ingress, {"spec", "ingressClassName"});
    return Json::text(json_is_string(name) ? text_at(name, {}) : "<none>");
}

Json hosts_cell(const json_t *ingress, const Column &, int64_t)
{
    constexpr size_t most = 3;
    const json_t *rules = value_at(ingress, {"spec", "rules"});
    std::vector<std::string> hosts;
    bool more = false;
    for (size_t i = 0; i < json_array_size(rules); ++i) {
        const std::string_view host = text_at(json_array_get(rules, i), {"host"});
        more = more || hosts.size() == most;
        if (!more && !host.empty()) hosts.emplace_back(host);
    }
    if (hosts.empty()) return Json::text("*");
    // Rules without a host count, too.
    return Json::text(joined(hosts) + (more ? " + " + std::to_string(json_array_size(rules) - most) + " more..." : ""));
}

Json address_cell(const json_t *ingress, const Column &, int64_t)
{
    const json_t *points = value_at(ingress, {"status", "loadBalancer", "ingress"});
    std::vector<std::string> all;
    for (size_t i = 0; i < json_array_size(points); ++i) {
        const std::string_view ip = text_at(json_array_get(points, i), {"ip"}),
                               name = text_at(json_array_get(points, i), {"hostname"});
        if (!ip.empty() || !name.empty()) all.emplace_back(ip.empty() ? name : ip);
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return Json::text(joined(all));
}

Json ingress_ports_cell(const json_t *ingress, const Column &, int64_t)
{
    return Json::text(json_array_size(value_at(ingress, {"spec", "tls"})) > 0 ? "80, 443" : "80");
}

// ---- budgets

// A count, or a percentage.
Json limit_text(const json_t *value)
{
    if (json_is_integer(value)) return Json::text(std::to_string(json_integer_value(value)));
    return Json::text(json_is_string(value) ? text_at(value, {}) : "N/A");
}

Json min_available_cell(const json_t *budget, const Column &, int64_t)
{
    return limit_text(value_at(budget, {"spec", "minAvailable"}));
}
Json max_unavailable_cell(const json_t *budget, const Column &, int64_t)
{
    return limit_text(value_at(budget, {"spec", "maxUnavailable"}));
}
Json allowed_cell(const json_t *budget, const Column &, int64_t)
{
    return Json::integer(integer_at(budget, {"status", "disruptionsAllowed"}));
}

}  // namespace

std::vector<Column> claim_columns(int minor)
{
    std::vector<Column> columns = {text_column("Status", claim_status_cell), text_column("Volume", volume_cell),
                                   text_column("Capacity", capacity_cell), text_column("Access Modes", modes_cell),
                                   text_column("StorageClass", class_cell)};
    if (minor >= 29) columns.push_back(text_column("VolumeAttributesClass", attributes_class_cell));
    columns.push_back(age);
    columns.push_back(text_column("VolumeMode", volume_mode_cell, 1));
    return columns;
}

std::vector<Column> cronjob_columns(int minor)
{
    std::vector<Column> columns = {text_column("Schedule", schedule_cell)};
    if (minor >= 30) columns.push_back(text_column("Timezone", zone_cell));
    for (const Column &column :
         {Column{.name = "Suspend", .type = "boolean", .cell = suspend_cell}, integer_column("Active", active_cell),
          text_column("Last Schedule", last_schedule_cell), age, text_column("Containers", job_containers_cell, 1),
          text_column("Images", job_images_cell, 1), text_column("Selector", job_selector_cell, 1)})
        columns.push_back(column);
    return columns;
}

std::vector<Column> ingress_columns()
{
    return {text_column("Class", ingress_class_cell), text_column("Hosts", hosts_cell),
            text_column("Address", address_cell), text_column("Ports", ingress_ports_cell), age};
}

std::vector<Column> budget_columns()
{
    return {text_column("Min Available", min_available_cell), text_column("Max Unavailable", max_unavailable_cell),
            integer_column("Allowed Disruptions", allowed_cell), age};
}

}  // namespace k8sc::testing
