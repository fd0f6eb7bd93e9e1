--- Informers: a local cache of a resource, and handlers for its changes.
local compat = require "k8sc.compat"
local core = require "k8sc_core"
local options = require "k8sc.options"
local raise = require "k8sc.raise"
local selector = require "k8sc.selector"
local wait = require "k8sc.wait"

local Informer = {}
Informer.__index = Informer
Informer.__name = "k8sc.informer"

local Registration = {}
Registration.__index = Registration
Registration.__name = "k8sc.registration"

function Informer.new(factory, group, version, plural)
  local self = setmetatable({ factory = factory, client = factory.client, plural = plural, registrations = {} }, Informer)
  if factory.failure then
    self.failure = factory.failure
    return self
  end
  self.handle, self.failure = factory.handle:for_resource(group, version, plural)
  if self.handle then
    self.lister, self.failure = self.handle:lister()
  end
  return self
end

function Informer:__tostring()
  return "informer of " .. self.plural
end

local known = { add = true, update = true, delete = true, sync = true, error = true, resync = true, limit = true, when_full = true }
-- What of these is no function.
local settings = { resync = true, limit = true, when_full = true }
local policies = { coalesce = core.LIMIT_COALESCE, backpressure = core.LIMIT_BACKPRESSURE, keep_all = core.LIMIT_NONE }
local usual_limit = 1000

-- What happens where a handler does not keep up; nil where nothing was said of it.
local function limit_of(given)
  local limit, when_full = given.limit, given.when_full
  if limit == nil and when_full == nil then return nil end
  if limit ~= nil and not compat.is_integer(limit) then raise("on: limit: number of events expected, got %s", type(limit)) end
  local policy = policies[when_full == nil and "coalesce" or when_full]
  if not policy then raise("on: when_full: \"coalesce\", \"backpressure\" or \"keep_all\" expected, got %s", when_full) end
  if limit ~= nil and policy == core.LIMIT_NONE then raise("on: \"keep_all\" has no limit") end
  return policy, limit or usual_limit
end

-- Which of the functions an event is for. What more an event has is what its function is told.
local function_for = {
  [core.EVENT_ADD] = "add",
  [core.EVENT_UPDATE] = "update",
  [core.EVENT_DELETE] = "delete",
  [core.EVENT_SYNC] = "sync",
}

-- An error that no handler of the informer asks for is told once, to client.on_error.
local function deliver_error(self, registration, err)
  if registration.on.error then return registration.on.error, err end
  for other in pairs(self.registrations) do
    if other.on.error or other.id < registration.id then return nil end
  end
  return self.client.on_error, err, tostring(self)
end

--- Adds functions: add(object, initial), update(old, new), delete(object, inferred), sync() once all of the first list was told,
--- error(err). `resync` (seconds) repeats update(object, object) for everything. Where more than `limit` events wait (1000), they are
--- coalesced, or what `when_full` says: "coalesce", "backpressure", "keep_all". Answers a registration.
function Informer:on(given)
  options.check(given, known, "on")
  if given == nil then raise("on: table of functions expected") end
  local on, any = {}, false
  for name, fn in pairs(given) do
    if not settings[name] then
      if type(fn) ~= "function" and not (getmetatable(fn) and getmetatable(fn).__call) then raise("on: %s: function expected, got %s", name, type(fn)) end
      on[name], any = fn, true
    end
  end
  if not any then raise("on: at least one of add, update, delete, sync, error is needed") end
  local policy, limit = limit_of(given)
  if self.failure then return nil, self.failure end

  local registration = setmetatable({ informer = self, on = on }, Registration)
  registration.id = self.client:subscribe(function(kind, object, more)
    local name = function_for[kind]
    if name then return on[name], object, more end
    return deliver_error(self, registration, more)
  end, tostring(self))
  local err
  if given.resync ~= nil then
    local period = options.milliseconds(given.resync, "on: resync")
    registration.handle, err = self.handle:add_handler_with(period, nil, registration.id)
  else
    registration.handle, err = self.handle:add_handler(registration.id)
  end
  if not err and policy then
    local ok
    ok, err = registration.handle:set_limit(policy, limit)
    if not ok then self.handle:remove_handler(registration.handle) end
  end
  if err then
    self.client:unsubscribe(registration.id)
    return nil, err
  end
  self.registrations[registration] = true
  return registration
end

--- Ends it: no function of it runs any more.
function Registration:remove()
  local informer = self.informer
  informer.client:unsubscribe(self.id)
  informer.registrations[self] = nil
  return informer.handle:remove_handler(self.handle)
end

--- True once its functions were told of all that the first list had.
function Registration:has_synced()
  return self.handle:has_synced()
end

--- How many events wait for it.
function Registration:depth()
  return self.handle:depth()
end

--- How many events it was spared, since others took their place.
function Registration:coalesced()
  return self.handle:coalesced()
end

function Informer:forget_handlers()
  for registration in pairs(self.registrations) do self.client:unsubscribe(registration.id) end
  self.registrations = {}
end

--- informer:get("kube-system", "coredns"), or with a name alone where the resource has no namespaces.
function Informer:get(ns, name)
  if name == nil then ns, name = nil, ns end
  if type(name) ~= "string" or ns ~= nil and type(ns) ~= "string" then raise("get: [namespace and] name expected") end
  if self.failure then return nil, self.failure end
  return self.lister:get(ns, name)
end

local list_options = {
  namespace = { "string" },
  labels = { "labels" }, label_selector = { "labels" },
  fields = { "fields" }, field_selector = { "fields" },
}

--- What the cache holds, in no particular order: list{ namespace = "default", labels = { app = "web" } }. It knows the fields metadata.name and
--- metadata.namespace; an index knows the others.
function Informer:list(given)
  options.check(given, list_options, "list")
  given = given or {}
  if self.failure then return nil, self.failure end
  local labels = selector.labels(given.labels or given.label_selector)
  local fields = selector.fields(given.fields or given.field_selector)
  if fields == nil then return self.lister:list(given.namespace, labels) end
  local handle, err = core.options_new()
  if not handle then return nil, err end
  local ok
  ok, err = handle:set_field_selector(fields)
  if ok and labels ~= nil then ok, err = handle:set_label_selector(labels) end
  if not ok then return nil, err end
  return self.lister:select(given.namespace, handle)
end

--- Adds an index over what a JSON Pointer finds: add_index("node", "/spec/nodeName").
function Informer:add_index(name, pointer)
  if type(name) ~= "string" or type(pointer) ~= "string" then raise("add_index: name and JSON Pointer expected") end
  if self.failure then return nil, self.failure end
  return self.handle:add_pointer_index(name, pointer)
end

--- Adds an index over the value of a label: add_label_index("app", "app.kubernetes.io/name").
function Informer:add_label_index(name, key)
  if type(name) ~= "string" or type(key) ~= "string" then raise("add_label_index: name and key of a label expected") end
  if self.failure then return nil, self.failure end
  return self.handle:add_label_index(name, key)
end

--- Adds an index over the uids of owners.
function Informer:add_owner_index(name)
  if type(name) ~= "string" then raise("add_owner_index: name expected, got %s", type(name)) end
  if self.failure then return nil, self.failure end
  return self.handle:add_owner_index(name)
end

--- The objects that an index has under a value: by_index("node", "worker-1"). The index "namespace" is always there.
function Informer:by_index(name, value)
  if type(name) ~= "string" then raise("by_index: name of an index expected, got %s", type(name)) end
  if type(value) ~= "string" and type(value) ~= "boolean" and not compat.digits(value) then
    raise("by_index: string expected as value, got %s", type(value))
  end
  if self.failure then return nil, self.failure end
  return self.lister:by_index(name, tostring(value))
end

--- The values that an index has.
function Informer:index_values(name)
  if type(name) ~= "string" then raise("index_values: name of an index expected, got %s", type(name)) end
  if self.failure then return nil, self.failure end
  return self.lister:index_values(name)
end

--- The number of objects in the cache.
function Informer:size()
  return self.lister and self.lister:size() or 0
end

Informer.__len = Informer.size

function Informer:has_synced()
  return self.handle ~= nil and self.handle:has_synced()
end

--- Starts it, and blocks until the cache is filled.
function Informer:wait_for_sync(timeout)
  local deadline = wait.deadline(timeout, "wait_for_sync")
  local ok, err = self.factory:start()
  while ok do
    ok, err = self.handle:wait_for_sync(wait.piece(deadline))
    if ok or err.code ~= core.E_TIMEOUT or wait.over(deadline) then return ok, err end
    ok = true
  end
  return nil, err
end

--- Blocks until the cache has seen the resourceVersion of an object that was written: what is read from it then is not older.
function Informer:wait_for_resource_version(version, timeout)
  if type(version) ~= "string" then raise("wait_for_resource_version: resourceVersion expected, got %s", type(version)) end
  local deadline = wait.deadline(timeout, "wait_for_resource_version")
  local ok, err = self.factory:start()
  while ok do
    ok, err = self.handle:wait_for_resource_version(version, wait.piece(deadline))
    if ok or err.code ~= core.E_TIMEOUT or wait.over(deadline) then return ok, err end
    ok = true
  end
  return nil, err
end

--- The resourceVersion that the cache has reached; "" before the first list.
function Informer:resource_version()
  if self.failure then return nil, self.failure end
  return self.handle:last_sync_resource_version()
end

--- What it is and has done: a table with connected, synced, objects, bytes, last_event_at, relists, failures, queue_depth and more, by the
-- names of the C function's documentation.
function Informer:statistics()
  if self.failure then return nil, self.failure end
  local text, err = self.handle:statistics_json()
  if not text then return nil, err end
  return core.decode(text)
end

--- Stops it for good. The cache stays readable.
function Informer:stop()
  if self.failure then return true end
  self:forget_handlers()
  return self.handle:stop()
end

return Informer
