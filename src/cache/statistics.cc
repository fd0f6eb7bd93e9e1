#include "cache/statistics.h"

#include "core/wall_clock.h"

namespace k8sc {

void write_statistics(JsonText &out, const char *name, const InformerStatistics &of)
{
    out.open(name, '{');
    out.string("group", of.group);
    out.string("version", of.version);
    out.string("resource", of.resource);
    out.string("namespace", of.ns);
    out.boolean("started", of.started);
    out.boolean("synced", of.synced);
    out.boolean("stopped", of.stopped);
    out.boolean("connected", of.connected);
    if (of.last_event_at)
        out.string("last_event_at", rfc3339(*of.last_event_at));
    else
        out.raw("last_event_at", "null");
    out.string("last_resource_version", of.last_version);
    out.number("objects", of.size.objects);
    out.number("json_bytes", of.size.json_bytes);
    out.number("bytes", of.size.bytes);
    out.number("dictionaries", of.size.dictionaries);
    out.number("relists", of.relists);
    out.number("watches", of.watches);
    out.number("failures", of.failures);
    if (of.last_failure) {
        out.open("last_failure", '{');
        out.string("at", rfc3339(of.last_failure->at));
        out.string("message", of.last_failure->message);
        out.close('}');
    } else {
        out.raw("last_failure", "null");
    }
    int64_t depth = 0;
    for (auto &handler : of.handlers) depth += handler.depth;
    out.number("queue_depth", depth);
    out.open("handlers", '[');
    for (auto &handler : of.handlers) {
        out.open(nullptr, '{');
        out.boolean("synced", handler.synced);
        out.number("queue_depth", handler.depth);
        out.number("coalesced", handler.coalesced);
        out.close('}');
    }
    out.close(']');
    out.close('}');
}

}  // namespace k8sc
