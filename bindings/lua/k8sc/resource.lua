--- The verbs on one resource.
local call = require "k8sc.call"
local core = require "k8sc_core"
local groups = require "k8sc.groups"
local json = require "k8sc.json"
local object = require "k8sc.object"
local options = require "k8sc.options"
local raise = require "k8sc.raise"
local schema = require "k8sc.schema"
local similar = require "k8sc.similar"
local watch = require "k8sc.watch"

local methods = {}
local Resource = { __name = "k8sc.resource" }

function Resource.__index(_, name)
  local method = methods[name]
  if method == nil and type(name) == "string" then raise("a resource has no %q%s", name, similar.hint(name, methods)) end
  return method
end

-- Of one that Kubernetes has itself it is known which verbs there are.
local function need_verb(self, verb)
  local known = rawget(self, "known")
  if known and not schema.verbs(known)[verb] then
    raise("%s of %s has no verb %q; it has: %s", self.plural, self.group_version, verb, similar.names(schema.verbs(known)))
  end
end

--- pods:namespace("default"): the same resource there. Without an argument, or with "": everywhere.
function methods:namespace(ns)
  return Resource.new(self.client, self.group_version, self.plural, ns, rawget(self, "known"))
end

function Resource.new(client, group_version, plural, ns, known)
  local group, version = groups.split(group_version)
  if type(plural) ~= "string" then raise("plural of a resource expected, such as \"pods\"; got %s", type(plural)) end
  if ns ~= nil and type(ns) ~= "string" then raise("namespace expected, got %s", type(ns)) end
  if ns == "" then ns = nil end
  local self = { client = client, group_version = group_version, plural = plural, ns = ns, known = known, failure = false }
  -- A name that cannot be is the answer of the first verb, so that calls can be chained.
  local handle, err = client.handle:resource(group, version, plural, ns)
  self.handle, self.failure = handle or false, err or false
  return setmetatable(self, Resource)
end

function Resource:__tostring()
  return ("%s %s%s"):format(self.group_version, self.plural, rawget(self, "ns") and " in " .. self.ns or "")
end

local function check_name(name, verb)
  if type(name) ~= "string" then raise("%s: name expected, got %s", verb, type(name)) end
end

-- A verb that is told a name and options.
local function on_name(verb)
  return function(self, name, given)
    need_verb(self, verb)
    check_name(name, verb)
    local options, err = call.options(given, verb)
    if err or self.failure then return nil, err or self.failure end
    return self.handle[verb](self.handle, name, options)
  end
end

-- A verb that is told an object (a table, text or an object) and options.
local function on_object(verb)
  return function(self, value, given)
    need_verb(self, verb)
    local made, err, options = object.from(value)
    if made then options, err = call.options(given, verb) end
    if err or self.failure then return nil, err or self.failure end
    return self.handle[verb](self.handle, made, options)
  end
end

-- The same, by the object's name.
local function on_named_object(verb)
  return function(self, value, given)
    need_verb(self, verb)
    local made, err, options = object.from(value)
    if made then options, err = call.options(given, verb) end
    if err or self.failure then return nil, err or self.failure end
    local name = object.get(made, "/metadata/name")
    if type(name) ~= "string" then raise("%s: the object has no metadata.name", verb) end
    return self.handle[verb](self.handle, name, made, options)
  end
end

-- A verb that is told options only.
local function on_all(verb)
  return function(self, given)
    need_verb(self, verb == "list_all" and "list" or verb)
    local options, err = call.options(given, verb)
    if err or self.failure then return nil, err or self.failure end
    return self.handle[verb](self.handle, options)
  end
end

methods.get = on_name "get"
methods.delete = on_name "delete"
methods.create = on_object "create"
methods.update = on_object "update"
methods.update_status = on_object "update_status"
methods.apply = on_named_object "apply"
methods.apply_status = on_named_object "apply_status"
methods.delete_collection = on_all "delete_collection"
--- One answer of the server: everything, or with `limit` a page, whose `continue` leads to the next.
methods.list = on_all "list"
--- Everything, fetched in pages, as one list.
methods.list_all = on_all "list_all"

--- for pod in pods:pages{ limit = 500 } do: every object, while no more than one page is held. Raises the error where a page
--- cannot be had, as io.lines does: a loop has no other way to tell.
function methods:pages(given)
  need_verb(self, "list")
  local options, err = call.options(given, "pages")
  if err or self.failure then error(err or self.failure, 0) end
  local pager
  pager, err = self.handle:pages(options)
  if not pager then error(err, 0) end
  local release = setmetatable({}, { __close = function() core.release(pager) end })
  return function()
    local item, failure = pager:next()
    if failure then error(failure, 0) end
    return item
  end, nil, nil, release
end

--- Patches with a table, an object or text: { type = "merge" }, "json", "strategic" or "apply".
function methods:patch(name, patch, given)
  need_verb(self, "patch")
  check_name(name, "patch")
  local text = patch
  local is_array = json.is_array(patch)
  if type(patch) == "string" then
    is_array = patch:find "^%s*%[" ~= nil
  else
    if type(patch) ~= "table" and type(patch) ~= "userdata" then raise("patch: table or text expected, got %s", type(patch)) end
    text = json.encode(patch)
  end
  local patch_type, options = call.patch_options(given, is_array, "patch")
  if not patch_type or self.failure then return nil, self.failure or options end
  return self.handle:patch(name, patch_type, text, options)
end

--- for event in pods:watch{ labels = "app=web" } do print(event.type, event.object) end
function methods:watch(given)
  need_verb(self, "watch")
  return watch.start(self, given, "watch")
end

--- The same, but it goes on where it was, from one connection to the next; `resource_version` it cannot do without.
function methods:retry_watch(given)
  need_verb(self, "watch")
  return watch.start(self, given, "retry_watch")
end

local log_options = {
  container = { "string", "container" },
  tail_lines = { "integer", "tailLines" },
  since_seconds = { "integer", "sinceSeconds" },
  since_time = { "string", "sinceTime" },
  limit_bytes = { "integer", "limitBytes" },
  previous = { "boolean", "previous" },
  timestamps = { "boolean", "timestamps" },
  insecure_skip_tls_verify_backend = { "boolean", "insecureSkipTLSVerifyBackend" },
}
local for_log = { timeout = { "seconds" }, cancel = { "cancel" } }
for name, known in pairs(log_options) do for_log[name] = known end
local for_log_lines = { follow = { "boolean" } }
for name, known in pairs(for_log) do for_log_lines[name] = known end

local function escape(text)
  return (text:gsub("[^%w%-._~]", function(char) return ("%%%02X"):format(char:byte()) end))
end

-- The path of a pod's log, and the options of the request.
local function log_request(self, name, given, known, what)
  check_name(name, what)
  if name == "" then raise("%s: the name is empty", what) end
  options.check(given, known, what)
  local group, version = groups.split(self.group_version)
  local path = { group == "" and "/api" or "/apis/" .. escape(group), escape(version) }
  if rawget(self, "ns") then path[#path + 1] = "namespaces/" .. escape(self.ns) end
  path[#path + 1] = escape(self.plural) .. "/" .. escape(name) .. "/log"
  local query = {}
  for option, value in pairs(given or {}) do
    local parameter = option == "follow" and { "boolean", "follow" } or log_options[option]
    if parameter then query[#query + 1] = parameter[2] .. "=" .. escape(tostring(options.convert(parameter[1], option, value))) end
  end
  local uri = table.concat(path, "/") .. (#query > 0 and "?" .. table.concat(query, "&") or "")
  return uri, given and { timeout = given.timeout, cancel = given.cancel }
end

--- pods:log("web", { container = "main", tail_lines = 100, since_seconds = 60, since_time = "2030-01-01T00:00:00Z", limit_bytes = 1000,
--- previous = true, timestamps = true }): a pod's log as text.
function methods:log(name, given)
  local uri, sent = log_request(self, name, given, for_log, "log")
  if self.failure then return nil, self.failure end
  local text, err = self.client:request("GET", uri, sent)
  if not text then return nil, err end
  return text
end

--- for line in assert(pods:log_lines("web", { follow = true })) do: the same line by line; with `follow` as they are written, until the container ends.
--- Raises the error where it breaks; next(timeout) answers nil and the error.
function methods:log_lines(name, given)
  local uri, sent = log_request(self, name, given, for_log_lines, "log_lines")
  if self.failure then return nil, self.failure end
  return self.client:lines("GET", uri, sent)
end

local states = { condition = { "string" }, status = { "string" }, deleted = { "boolean" } }

--- pods:wait_for("web", { condition = "Ready" }, 60) answers the object, pods:wait_for("web", { deleted = true }, 60) true. `status` is
--- the condition's, "True" by default. Blocks, at most `timeout` seconds.
function methods:wait_for(name, state, timeout, given)
  check_name(name, "wait_for")
  options.check(state, states, "wait_for")
  local is_deletion = state and state.deleted == true
  local is_condition = state and type(state.condition) == "string"
  if is_deletion == is_condition then raise "wait_for: either a condition, such as { condition = \"Ready\" }, or { deleted = true } expected" end
  local ms = timeout == nil and -1 or options.milliseconds(timeout, "wait_for: timeout")
  local made, err = call.options(given, "wait_for")
  if err or self.failure then return nil, err or self.failure end
  if is_deletion then return self.handle:wait_for_deletion(name, made, ms) end
  return self.handle:wait_for_condition(name, state.condition, state.status or "True", made, ms)
end

return Resource
