--- Informer factories: one shared informer for each resource.
local compat = require "k8sc.compat"
local core = require "k8sc_core"
local groups = require "k8sc.groups"
local Informer = require "k8sc.informer"
local options = require "k8sc.options"
local raise = require "k8sc.raise"
local wait = require "k8sc.wait"

local methods = {}
local Factory = { __name = "k8sc.informer_factory" }

function Factory.__index(self, name)
  return methods[name] or groups.accessor(self, name)
end

local setters = require("k8sc.setters").informers
-- Each of these is told one at a time.
local adders = {
  drop_annotations = { "strings", "drop_annotations" },
  keep = { "strings", "keep_path" },
}
local list_modes = { auto = core.LIST_AUTO, stream = core.LIST_STREAM, pages = core.LIST_PAGES }
local known = { drop = true, custom_resync = true, list_mode = true, compression_threshold = true }
for name, setter in pairs(setters) do known[name] = setter end
for name, adder in pairs(adders) do known[name] = adder end

local function add_all(handle, given)
  for name, adder in pairs(adders) do
    for _, text in ipairs(given[name] ~= nil and options.convert(adder[1], name, given[name]) or {}) do
      local ok, err = handle[adder[2]](handle, text)
      if not ok then return nil, err end
    end
  end
  return true
end

-- Paths, and "managedFields" by its name alone.
local function set_drop(handle, drop)
  for _, what in ipairs(options.convert("strings", "informers: drop", drop)) do
    if what ~= "managedFields" and what:sub(1, 1) ~= "/" then
      raise("informers: drop: \"managedFields\" or a path such as \"/status\" expected, got %q", what)
    end
    local ok, err
    if what == "managedFields" then
      ok, err = handle:set_drop_managed_fields(true)
    else
      ok, err = handle:drop_path(what)
    end
    if not ok then return nil, err end
  end
  return true
end

-- { ["apps/v1/deployments"] = 60 }
local function set_custom_resync(handle, periods)
  if type(periods) ~= "table" then raise("informers: custom_resync: table expected, got %s", type(periods)) end
  for key, seconds in pairs(periods) do
    local group_version, plural = tostring(key):match "^(.+)/([^/]+)$"
    if not plural then raise("informers: custom_resync: key such as \"apps/v1/deployments\" expected, got %s", key) end
    local group, version = groups.split(group_version)
    local ok, err = handle:set_custom_resync(group, version, plural, options.milliseconds(seconds, "informers: custom_resync"))
    if not ok then return nil, err end
  end
  return true
end

-- Bytes; false: never.
local function set_compression_threshold(handle, bytes)
  if bytes == false then bytes = -1 end
  if not compat.is_integer(bytes) then raise("informers: compression_threshold: number of bytes or false expected, got %s", type(bytes)) end
  return handle:set_compression_threshold(bytes)
end

local function make_options(given)
  options.check(given, known, "informers")
  local handle, err = core.informer_options_new()
  if not handle then return nil, err end
  if given then
    local ok
    ok, err = options.apply(handle, given, setters, "informers")
    if ok and given.custom_resync ~= nil then ok, err = set_custom_resync(handle, given.custom_resync) end
    if ok then ok, err = add_all(handle, given) end
    if ok and given.drop ~= nil then ok, err = set_drop(handle, given.drop) end
    if ok and given.compression_threshold ~= nil then ok, err = set_compression_threshold(handle, given.compression_threshold) end
    if ok and given.list_mode ~= nil then
      local mode = list_modes[given.list_mode]
      if not mode then raise("informers: list_mode: \"auto\", \"stream\" or \"pages\" expected, got %s", given.list_mode) end
      ok, err = handle:set_list_mode(mode)
    end
    if not ok then return nil, err end
  end
  return handle
end

function Factory.new(client, given)
  local self = { client = client, informers = {}, to_start = true }
  local handle, err = make_options(given)
  if handle then
    handle, err = core.informer_factory_new(client.handle, handle)
  end
  -- Told by start(), and so by client:run(), so that calls can be chained.
  self.handle, self.failure = handle, err
  return setmetatable(self, Factory)
end

--- The informer for a resource: the same one each time.
function methods:resource(group_version, plural, ...)
  if select("#", ...) > 0 then raise("an informer has the namespace of its factory: client:informers{ namespace = ... }") end
  if type(plural) ~= "string" then raise("plural of a resource expected, such as \"pods\"; got %s", type(plural)) end
  local group, version = groups.split(group_version)
  local key = group .. "/" .. version .. "/" .. plural
  if not self.informers[key] then
    self.informers[key] = Informer.new(self, group, version, plural)
    self.to_start = true
  end
  return self.informers[key]
end

function methods:resource_known(_, group_version, plural, ...)
  return self:resource(group_version, plural, ...)
end

--- The informer for a kind: the server is asked which resource that is. nil, err where it has none.
function methods:kind(group_version, kind)
  if type(group_version) ~= "string" or type(kind) ~= "string" then raise("kind: apiVersion and kind expected, such as \"apps/v1\", \"Deployment\"") end
  if self.failure then return nil, self.failure end
  local handle, err = self.handle:for_kind(group_version, kind)
  if not handle then return nil, err end
  return self:resource(group_version, core.decode(assert(handle:statistics_json())).resource)
end

--- Stops one informer for good, and forgets it: asked for again, there is another one.
function methods:remove(informer)
  for key, known in pairs(self.informers) do
    if known == informer then
      if known.failure then return nil, known.failure end
      known:forget_handlers()
      self.informers[key] = nil
      return self.handle:remove(known.handle)
    end
  end
  raise("remove: an informer of this factory expected")
end

--- What informer:statistics() answers, for each one that was asked for, as a list.
function methods:statistics()
  if self.failure then return nil, self.failure end
  local text, err = self.handle:statistics_json()
  if not text then return nil, err end
  return core.decode(text).informers
end

--- Starts the informers that were asked for and do not run. client:step() and client:run() do it too.
function methods:start()
  if self.failure then return nil, self.failure end
  for _, informer in pairs(self.informers) do
    if informer.failure then return nil, informer.failure end
  end
  local ok, err = self.handle:start()
  if not ok then return nil, err end
  self.to_start = false
  return true
end

--- Starts, and blocks until the caches are filled. Handlers run later, in client:step() or client:run().
function methods:wait_for_sync(timeout)
  local deadline = wait.deadline(timeout, "wait_for_sync")
  local ok, err = self:start()
  while ok do
    ok, err = self.handle:wait_for_sync(wait.piece(deadline))
    if ok or err.code ~= core.E_TIMEOUT or wait.over(deadline) then return ok, err end
    ok = true
  end
  return nil, err
end

--- The same, but answers for each informer whether its cache is filled: { ["v1/pods"] = true, ["apps/v1/deployments"] = false }.
function methods:wait_for_cache_sync(timeout)
  local deadline = wait.deadline(timeout, "wait_for_cache_sync")
  local ok, err = self:start()
  while ok do
    local text
    text, err = self.handle:wait_for_cache_sync(wait.piece(deadline))
    if not text then return nil, err end
    -- One that was stopped is not waited for.
    local waits = false
    for _, one in ipairs(self:statistics()) do waits = waits or one.started and not one.synced and not one.stopped end
    if not waits or wait.over(deadline) then return core.decode(text) end
  end
  return nil, err
end

--- Stops all informers for good, and waits until they have ended.
function methods:shutdown()
  self.client.factories[self] = nil
  if self.failure then return true end
  for _, informer in pairs(self.informers) do informer:forget_handlers() end
  return self.handle:shutdown()
end

return Factory
