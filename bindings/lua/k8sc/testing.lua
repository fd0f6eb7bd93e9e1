--- A fake API server inside of the process, for tests:
---
---   local server = assert(require("k8sc.testing").start { pods = 3 })
---   local client = assert(server:connect())
---   ...
---   server:stop()
---
--- docs/fake-apiserver.md tells how faithful it is; include/k8sc_testing.h what each function does.
local core = require "k8sc_testing_core"
local k8sc = require "k8sc"
local groups = require "k8sc.groups"
local json = require "k8sc.json"
local options = require "k8sc.options"
local raise = require "k8sc.raise"
local similar = require "k8sc.similar"

local streaming = { refused = core.STREAMING_REFUSED, ignored = core.STREAMING_IGNORED, supported = core.STREAMING_SUPPORTED }

local setters = require("k8sc.setters").testing
local known = {
  kinds = { "table" }, users = { "table" }, kubernetes_version = { "string" },
  streaming_lists = true, pods = { "int32" }, objects = { "table" },
}
for name, setter in pairs(setters) do known[name] = setter end

local Server = {}
Server.__index = Server
Server.__name = "k8sc.testing.server"

local Fault = {}
Fault.__index = Fault
Fault.__name = "k8sc.testing.fault"

local function streaming_mode(how, what)
  local mode = streaming[how]
  if not mode then raise("%s: %s expected, got %s", what, similar.names(streaming), how) end
  return mode
end

-- { "example.com/v1", "widgets", "Widget", true }
local function add_kind(handle, kind)
  if type(kind) ~= "table" or type(kind[1]) ~= "string" or type(kind[2]) ~= "string" or type(kind[3]) ~= "string" then
    raise 'start: kinds: { "example.com/v1", "widgets", "Widget", namespaced } expected'
  end
  local group, version = groups.split(kind[1])
  return handle:add_kind(group, version, kind[2], kind[3], kind[4] ~= false)
end

-- { "token", "name", { "group", ... } }
local function add_user(handle, user)
  if type(user) ~= "table" or type(user[1]) ~= "string" or type(user[2]) ~= "string" then
    raise 'start: users: { "token", "name", { "group", ... } } expected'
  end
  local member_of = options.convert("strings", "start: users", user[3] == nil and {} or user[3])
  return handle:add_user(user[1], user[2], table.concat(member_of, ","))
end

local function make_options(given)
  local handle, err = core.options_new()
  if not handle then return nil, err end
  local ok = true
  -- First: what is set beside it holds.
  if given.kubernetes_version then ok, err = handle:set_kubernetes_version(given.kubernetes_version) end
  if ok then ok, err = options.apply(handle, given, setters, "start") end
  if ok and given.streaming_lists ~= nil then
    ok, err = handle:set_streaming_lists(streaming_mode(given.streaming_lists, "start: streaming_lists"))
  end
  for _, kind in ipairs(ok and given.kinds or {}) do
    if ok then ok, err = add_kind(handle, kind) end
  end
  for _, user in ipairs(ok and given.users or {}) do
    if ok then ok, err = add_user(handle, user) end
  end
  if not ok then return nil, err end
  return handle
end

--- Starts a server: start{ port =, tls =, token =, pods = 3, objects = { ... }, kinds = { { "example.com/v1", "widgets", "Widget" } } and
--- what k8sc_testing.h has more }. nil, err where it cannot.
local function start(given)
  options.check(given, known, "start")
  given = given or {}
  local made, err = make_options(given)
  if not made then return nil, err end
  local handle
  handle, err = core.server_start(made)
  if not handle then return nil, err end
  local self = setmetatable({ handle = handle, url = handle:url(), kubeconfig = handle:kubeconfig(), token = given.token }, Server)
  local ok = true
  if given.pods then ok, err = self:generate_pods(given.pods) end
  for _, object in ipairs(given.objects or {}) do
    if ok then ok, err = self:put(object) end
  end
  if not ok then
    handle:stop()
    return nil, err
  end
  return self
end

--- A client of it, without a rate limit. Options as k8sc.connect's.
function Server:connect(given)
  options.table(given, "connect")
  local all = { kubeconfig = self.kubeconfig, token = self.token, qps = -1 }
  for name, value in pairs(given or {}) do all[name] = value end
  return k8sc.connect(all)
end

--- Creates or replaces an object, or every item of a list: a table, JSON or YAML text, or an object.
function Server:put(value)
  local object, err = k8sc.object(value)
  if not object then return nil, err end
  return self.handle:put(k8sc.tojson(object))
end

--- The same for every object of a manifest: YAML of any number of documents, or JSON.
function Server:load(manifest) return self.handle:load(manifest) end

--- An object as the server has it now: get("v1", "pods", "default", "web"); ns is nil for what has no namespace.
function Server:get(group_version, plural, ns, name)
  local group, version = groups.split(group_version)
  local text, err = self.handle:get(group, version, plural, ns, name)
  if not text then return nil, err end
  return k8sc.object(text)
end

--- Deletes it at once.
function Server:remove(group_version, plural, ns, name)
  local group, version = groups.split(group_version)
  return self.handle:remove(group, version, plural, ns, name)
end

--- Makes plausible pods, "pod-00000" and so on.
function Server:generate_pods(count, ns, prefix)
  return self.handle:generate_pods(ns or "default", prefix or "pod", count)
end

--- What a container has written, for pods/log: set_pod_log("default", "web", "main", "one\n"). append_pod_log goes on, and whoever follows gets it.
function Server:set_pod_log(ns, pod, container, text) return self.handle:set_pod_log(ns, pod, container, text) end
--- It has ended and begins anew: what it has written is the log of the previous container.
function Server:restart_container(ns, pod, container) return self.handle:restart_container(ns, pod, container) end
function Server:append_pod_log(ns, pod, container, text) return self.handle:append_pod_log(ns, pod, container, text) end

local matchers = { verb = { "string" }, resource = { "string" }, namespace = { "string" }, name = { "string" } }

--- What was asked of resources: #server:actions{ verb = "patch", resource = "deployments", name = "web" } == 1. Each is a table with verb, resource,
--- namespace, name, path, body and so on; what is left out matches anything.
function Server:actions(match)
  options.check(match, matchers, "actions")
  match = match or {}
  local text, err = self.handle:actions(match.verb, match.resource, match.namespace, match.name)
  if not text then return nil, err end
  return k8sc.totable(assert(k8sc.object('{"actions":' .. text .. "}"))).actions
end

--- How many of them.
function Server:action_count(match)
  options.check(match, matchers, "action_count")
  match = match or {}
  return self.handle:action_count(match.verb, match.resource, match.namespace, match.name)
end

--- Watches and tokens find that so many seconds have gone.
function Server:advance_clock(seconds) return self.handle:advance_clock(options.milliseconds(seconds, "advance_clock")) end

--- The last 1000 requests, oldest first, as tables with method, path, query, headers, body.
function Server:requests()
  local text, err = self.handle:request_log()
  if not text then return nil, err end
  return k8sc.totable(assert(k8sc.object('{"requests":' .. text .. "}"))).requests
end

--- The last request with this method and this beginning of a path, nil: any; nil, err where there was none.
function Server:last_request(method, path)
  local text, err = self.handle:last_request(method, path)
  if not text then return nil, err end
  return k8sc.totable(assert(k8sc.object(text)))
end

--- How many requests came with this method and this beginning of a path; nil: any.
function Server:count(method, path)
  return self.handle:request_count(method, path)
end

--- Makes it misbehave: fault{ verb = "list", resource = "pods", times = 1, status = { code = 429, retryAfter = 1 } }. k8sc_testing.h
--- tells what a rule can be. Answers the rule, with count() and remove().
function Server:fault(rule)
  if type(rule) ~= "table" then raise("fault: table expected, got %s", type(rule)) end
  local id, err = self.handle:add_fault(json.encode(rule))
  if not id then return nil, err end
  return setmetatable({ server = self.handle, id = id }, Fault)
end

--- How many requests it happened to.
function Fault:count() return self.server:fault_count(self.id) end
function Fault:remove() return self.server:remove_fault(self.id) end

function Server:set_streaming_lists(how) return self.handle:set_streaming_lists(streaming_mode(how, "set_streaming_lists")) end

--- The token that requests must carry from now on.
function Server:set_token(token)
  local ok, err = self.handle:set_token(token)
  if ok then self.token = token end
  return ok, err
end

--- Ends all connections and threads. The collector does so, too.
function Server:stop() return self.handle:stop() end
Server.close = Server.stop
Server.__close = Server.stop

-- Without arguments or with those of C.
for name, method in pairs {
  restart = "restart", pause = "pause", resume = "resume", disconnect = "disconnect", compact = "compact", clear = "clear", add_token = "add_token",
  clear_faults = "clear_faults", forget_requests = "forget_requests", renew_certificate = "renew_certificate",
  prepare_certificate = "prepare_certificate", set_client_ca = "set_client_ca", ca_pem = "ca_pem",
  resource_version = "resource_version", watch_count = "watch_count", connection_count = "connection_count", write_kubeconfig = "write_kubeconfig", kubeconfig_path = "kubeconfig_path",
} do
  Server[name] = function(self, ...) return self.handle[method](self.handle, ...) end
end

return { start = start }
