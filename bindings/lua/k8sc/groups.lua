--- client.core_v1.pods("default"), client:core_v1():pods("default"), and the same on an informer factory: names of groups, versions and
--- resources. Those of Kubernetes itself are known: a name that does not exist is an error, which says what was probably meant.
local raise = require "k8sc.raise"
local schema = require "k8sc.schema"
local similar = require "k8sc.similar"

-- Groups that come with a cluster, and are not in the schema: any plural will do.
local others = { apiextensions = "apiextensions.k8s.io", apiregistration = "apiregistration.k8s.io", metrics = "metrics.k8s.io" }

-- A plural may be written with underscores: config_maps or configmaps.
local function find_resource(self, name)
  local plural = name:lower():gsub("_", "")
  local known = self.resources
  if known and not known[plural] then
    raise("%s has no resource %q%s", self.group_version, name, similar.hint(plural, known))
  end
  return plural, known and known[plural]
end

local group_meta = {
  __name = "k8sc.group",
  -- What comes of client.core_v1 is what client:core_v1() answers.
  __call = function(self) return self end,
}

function group_meta.__index(self, name)
  if type(name) ~= "string" then return nil end
  local plural, known = find_resource(self, name)
  return function(...)
    if rawequal((...), self) then return self.owner:resource_known(known, self.group_version, plural, select(2, ...)) end
    return self.owner:resource_known(known, self.group_version, plural, ...)
  end
end

local function group_of(owner, group, version, resources)
  local group_version = group == "" and version or group .. "/" .. version
  return setmetatable({ owner = owner, group_version = group_version, resources = resources or false }, group_meta)
end

--- What `owner`, which has resource_known(known, group_version, plural, ...), has under a name like apps_v1; else nil.
local function accessor(owner, name)
  if type(name) ~= "string" then return nil end
  local short, version = name:match "^(%l+)_(v%d+%w*)$"
  if not short then return nil end
  if others[short] then return group_of(owner, others[short], version) end
  local versions = schema.package(short)
  if not versions then
    raise("no group is called %q here%s (or use resource(\"<group>/%s\", \"<plural>\"))", short, similar.hint(short, schema.packages()), version)
  end
  local resources = versions[version]
  if not resources then raise("%s has no version %q%s", short, version, similar.hint(version, versions)) end
  local _, first = next(resources)
  return group_of(owner, first:group(), version, resources)
end

--- "apps/v1" as group and version.
local function split(group_version)
  if type(group_version) ~= "string" then raise("group and version expected, such as \"apps/v1\"; got %s", type(group_version)) end
  local group, version = group_version:match "^([^/]*)/(.*)$"
  return group or "", version or group_version
end

return { accessor = accessor, split = split }
