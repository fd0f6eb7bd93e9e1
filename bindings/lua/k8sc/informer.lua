--- Informers: a local copy of a resource, and the functions to be told of its changes.
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

local known = { add = true, update = true, delete = true, sync = true, error = true, resync = true }

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

--- Adds functions: add(object, initial), update(new, old), delete(object, inferred), sync() once all of the first list was told,
--- error(err). `resync` (seconds) repeats update(object, object) for everything. Answers a registration.
function Informer:on(given)
  options.check(given, known, "on")
  if given == nil then raise("on: table of functions expected") end
  local on, any = {}, false
  for name, fn in pairs(given) do
    if name ~= "resync" then
      if type(fn) ~= "function" and not (getmetatable(fn) and getmetatable(fn).__call) then raise("on: %s: function expected, got %s", name, type(fn)) end
      on[name], any = fn, true
    end
  end
  if not any then raise("on: at least one of add, update, delete, sync, error is needed") end
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

local list_options = { namespace = { "string" }, labels = { "labels" }, label_selector = { "labels" } }

--- What the copy has, in no particular order: list{ namespace = "default", labels = { app = "web" } }.
function Informer:list(given)
  options.check(given, list_options, "list")
  given = given or {}
  if self.failure then return nil, self.failure end
  return self.lister:list(given.namespace, selector.labels(given.labels or given.label_selector))
end

--- Adds an index over what a JSON Pointer finds: add_index("node", "/spec/nodeName").
function Informer:add_index(name, pointer)
  if type(name) ~= "string" or type(pointer) ~= "string" then raise("add_index: name and JSON Pointer expected") end
  if self.failure then return nil, self.failure end
  return self.handle:add_pointer_index(name, pointer)
end

--- The objects that an index has under a value: by_index("node", "worker-1"). The index "namespace" is always there.
function Informer:by_index(name, value)
  if type(name) ~= "string" then raise("by_index: name of an index expected, got %s", type(name)) end
  if type(value) ~= "string" and type(value) ~= "boolean" and math.type(value) ~= "integer" then
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

--- The number of objects in the copy.
function Informer:size()
  return self.lister and self.lister:size() or 0
end

Informer.__len = Informer.size

function Informer:has_synced()
  return self.handle ~= nil and self.handle:has_synced()
end

--- Starts it, and blocks until the copy is filled.
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

--- Where the copy stands; "" before the first list.
function Informer:resource_version()
  if self.failure then return nil, self.failure end
  return self.handle:last_sync_resource_version()
end

--- Stops it for good. The copy stays readable.
function Informer:stop()
  if self.failure then return true end
  self:forget_handlers()
  return self.handle:stop()
end

return Informer
