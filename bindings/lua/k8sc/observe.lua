--- What a client tells of its work: logs, warnings of servers, traces of requests, and what it has counted.
local core = require "k8sc_core"
local options = require "k8sc.options"
local raise = require "k8sc.raise"
local similar = require "k8sc.similar"

local levels = {
  error = core.LOG_ERROR, warning = core.LOG_WARNING, info = core.LOG_INFO, debug = core.LOG_DEBUG, trace = core.LOG_TRACE,
}
local level_names = {}
for name, level in pairs(levels) do level_names[level] = name end

local Subscription = {}
Subscription.__index = Subscription
Subscription.__name = "k8sc.subscription"

--- Ends it: the function is not called any more.
function Subscription:cancel()
  self.client:unsubscribe(self.id)
  self.handle:cancel()
end

-- `begin` is told the number that comes back with the events, and answers the handle.
local function subscribe(client, what, fn, convert, begin)
  if type(fn) ~= "function" and not (getmetatable(fn) and getmetatable(fn).__call) then raise("%s: function expected, got %s", what, type(fn)) end
  local id = client:subscribe(function(_, text, more) return fn, convert(text, more) end, what)
  local handle, err = begin(id)
  if not handle then
    client:unsubscribe(id)
    return nil, err
  end
  return setmetatable({ client = client, id = id, handle = handle }, Subscription)
end

local function record(text, more)
  return { text = text, level = level_names[more.level], component = more.component, dropped = more.dropped }
end

local methods = {}

--- client:on_log("info", function(record) end): messages up to a level ("error", "warning", "info", "debug", "trace"), in step() and run().
--- A record has text, level, component, and dropped: how many were lost before it since too many waited.
function methods:on_log(level, fn)
  local number = levels[level]
  if not number then raise("on_log: level expected (%s), got %s%s", similar.names(levels), level, similar.hint(tostring(level), levels)) end
  return subscribe(self, "on_log", fn, record, function(id) return self.handle:on_log(number, nil, id) end)
end

local warning_options = { repeated = { "boolean" } }

--- client:on_warning(function(record) end): what servers warn of, each text once, or each time with { repeated = true }.
function methods:on_warning(fn, given)
  options.check(given, warning_options, "on_warning")
  local repeated = given ~= nil and given.repeated == true
  return subscribe(self, "on_warning", fn, record, function(id) return self.handle:on_warning(repeated, nil, id) end)
end

--- client:on_trace(function(trace) end): a table for each request that has ended. docs/observability.md has its fields.
function methods:on_trace(fn)
  local function decoded(text) return core.decode(text) end
  return subscribe(self, "on_trace", fn, decoded, function(id) return self.handle:on_trace(nil, id) end)
end

--- What the client has counted, as a table.
function methods:metrics()
  local text, err = self.handle:metrics_json()
  if not text then return nil, err end
  return core.decode(text)
end

--- The same in Prometheus' text format.
function methods:prometheus()
  return self.handle:metrics_prometheus()
end

return methods
