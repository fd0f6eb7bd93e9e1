--- What the server has: groups, versions and resources; and the way from a name, a kind or a manifest to a resource.
local call = require "k8sc.call"
local core = require "k8sc_core"
local groups = require "k8sc.groups"
local json = require "k8sc.json"
local options = require "k8sc.options"
local raise = require "k8sc.raise"
local similar = require "k8sc.similar"

local Discovery = { __name = "k8sc.discovery" }
local methods = {}

function Discovery.__index(_, name)
  return methods[name] or type(name) == "string" and raise("discovery has no %q%s", name, similar.hint(name, methods)) or nil
end

local known = { cache = { "string" }, directory = { "string" }, ttl = { "seconds" } }

--- client:discovery{ cache = "memory" }; "none" asks each time, "disk" keeps files below `directory` for `ttl` seconds (ten minutes).
local function new(client, given)
  options.check(given, known, "discovery")
  given = given or {}
  local cache = given.cache or (given.directory or given.ttl) and "disk" or "memory"
  local handle, err
  if cache == "memory" then
    handle, err = core.discovery_new_cached(client.handle)
  elseif cache == "none" then
    handle, err = core.discovery_new(client.handle)
  elseif cache == "disk" then
    handle, err = core.discovery_new_disk_cached(client.handle, given.directory, options.milliseconds(given.ttl or 600, "discovery: ttl"))
  else
    raise("discovery: cache: \"memory\", \"none\" or \"disk\" expected, got %q", cache)
  end
  if not handle then return nil, err end
  return setmetatable({ handle = handle }, Discovery)
end

--- The groups, as a table of { name, versions, preferredVersion }.
function methods:groups()
  local list, err = self.handle:server_groups()
  if not list then return nil, err end
  return list.groups
end

--- The resources of "apps/v1", subresources among them.
function methods:resources(group_version)
  groups.split(group_version)
  local list, err = self.handle:server_resources_for_group_version(group_version)
  if not list then return nil, err end
  return list.resources
end

--- The resources of all groups, one APIResourceList for each version; and the error of versions that could not be asked for, or nil.
function methods:all()
  local _, lists, partial = self.handle:server_groups_and_resources()
  if not lists then return nil, partial end
  return lists, partial
end

--- The same, each resource once and in its preferred version; with { namespaced = true } those in namespaces.
function methods:preferred(given)
  options.check(given, { namespaced = { "boolean" } }, "preferred")
  if given and given.namespaced then return self.handle:server_preferred_namespaced_resources() end
  return self.handle:server_preferred_resources()
end

function methods:version()
  return self.handle:server_version()
end

function methods:openapi_v2()
  return self.handle:openapi_v2()
end

--- The index of OpenAPI v3, or the document of a group and version.
function methods:openapi_v3(group_version)
  if group_version == nil then return self.handle:openapi_v3() end
  groups.split(group_version)
  return self.handle:openapi_v3_document(group_version)
end

--- discovery:has "apps/v1", discovery:has("apps/v1", "deployments")
function methods:has(group_version, resource)
  groups.split(group_version)
  if resource == nil then return self.handle:supports_version(group_version) end
  if type(resource) ~= "string" then raise("has: plural of a resource expected, got %s", type(resource)) end
  return self.handle:is_resource_enabled(group_version, resource)
end

function methods:invalidate()
  return self.handle:invalidate()
end

function methods:is_fresh()
  return self.handle:is_fresh()
end

local client = {}

function client:discovery(given)
  return new(self, given)
end

-- The client's own mapper, over a discovery that it remembers.
local function mapper(self)
  if not self.rest_mapper then
    local discovery, err = core.discovery_new_cached(self.handle)
    if not discovery then return nil, err end
    self.rest_mapper, err = core.rest_mapper_new(discovery)
    if not self.rest_mapper then return nil, err end
  end
  return self.rest_mapper
end

local function text(value, what)
  if type(value) ~= "string" then raise("%s expected, got %s", what, type(value)) end
  return value
end

--- What kubectl would take it for: client:find "deploy" answers { group = "apps", version = "v1", resource = "deployments", kind =
--- "Deployment", singular = "deployment", namespaced = true }.
function client:find(name)
  text(name, "find: name of a resource or kind")
  local handle, err = mapper(self)
  if not handle then return nil, err end
  return handle:find(name)
end

--- All resources of a category, such as "all".
function client:category(name)
  text(name, "category: name")
  local handle, err = mapper(self)
  if not handle then return nil, err end
  return handle:mappings_for_category(name)
end

local function of_mapping(self, mapping, ns)
  local group_version = mapping.group == "" and mapping.version or mapping.group .. "/" .. mapping.version
  return self:resource(group_version, mapping.resource, mapping.namespaced and ns or nil)
end

--- The resource of a kind: client:kind("example.com/v1", "Engine", "default"), or of anything that find() takes: client:kind "deploy".
function client:kind(group_version, kind, ns)
  local handle, err = mapper(self)
  if not handle then return nil, err end
  local mapping
  if kind == nil then
    mapping, err = handle:find(text(group_version, "kind: name of a resource or kind"))
  else
    local group, version = groups.split(group_version)
    mapping, err = handle:mapping_for_kind(group, version, text(kind, "kind: kind"))
  end
  if not mapping then return nil, err end
  return of_mapping(self, mapping, ns)
end

-- A manifest is text, an object, or a table of objects.
local function manifest_text(value, what)
  if type(value) == "string" then return value end
  if type(value) ~= "table" and type(value) ~= "userdata" then raise("%s: text, object or table of objects expected, got %s", what, type(value)) end
  if type(value) ~= "table" or not json.is_array(value) and #value == 0 then return json.encode(value) end
  local parts = {}
  for i, part in ipairs(value) do parts[i] = json.encode(part) end
  return table.concat(parts, "\n")
end

local function manifest(verb, also)
  local what = verb .. "_manifest"
  return function(self, value, given)
    options.table(given, what)
    local all, own = {}, {}
    for name, setting in pairs(given or {}) do
      if also[name] then own[name] = setting else all[name] = setting end
    end
    options.check(own, also, what)
    local made, err = call.options(all, what)
    if err then return nil, err end
    local handle
    handle, err = mapper(self)
    if not handle then return nil, err end
    return core.manifest(handle, verb, manifest_text(value, what), own.namespace, made, own.ignore_not_found or false)
  end
end

--- Everything that is in a manifest, in the order in which its objects need each other: client:apply_manifest(text, { field_manager = "me" }).
--- Answers a table of { source, object or error }; where one failed, nil, an error, and the table. `namespace` is for objects that
--- name none.
client.create_manifest = manifest("create", { namespace = { "string" } })
client.apply_manifest = manifest("apply", { namespace = { "string" } })
client.delete_manifest = manifest("delete", { namespace = { "string" }, ignore_not_found = { "boolean" } })

return { client = client }
