--- client:core_v1():pods(), and the same on an informer factory: names of groups, versions and resources as methods.
local raise = require "k8sc.raise"

-- The groups of Kubernetes itself, as client-go names them. Others are reached by resource("group/version", plural).
local groups = {
  core = "",
  admissionregistration = "admissionregistration.k8s.io",
  apiextensions = "apiextensions.k8s.io",
  apiregistration = "apiregistration.k8s.io",
  apps = "apps",
  authentication = "authentication.k8s.io",
  authorization = "authorization.k8s.io",
  autoscaling = "autoscaling",
  batch = "batch",
  certificates = "certificates.k8s.io",
  coordination = "coordination.k8s.io",
  discovery = "discovery.k8s.io",
  events = "events.k8s.io",
  extensions = "extensions",
  flowcontrol = "flowcontrol.apiserver.k8s.io",
  metrics = "metrics.k8s.io",
  networking = "networking.k8s.io",
  node = "node.k8s.io",
  policy = "policy",
  rbac = "rbac.authorization.k8s.io",
  resource = "resource.k8s.io",
  scheduling = "scheduling.k8s.io",
  storage = "storage.k8s.io",
  storagemigration = "storagemigration.k8s.io",
}

-- Any plural is a method. It may be written with underscores: config_maps or configmaps.
local group_meta = {
  __index = function(_, name)
    if type(name) ~= "string" then return nil end
    local plural = name:lower():gsub("_", "")
    return function(self, ...) return self.owner:resource(self.group_version, plural, ...) end
  end,
}

--- The method `name` of something that has resource(group_version, plural, ...), where it is one like apps_v1; else nil.
local function accessor(name)
  if type(name) ~= "string" then return nil end
  local short, version = name:match "^(%l+)_(v%d+%w*)$"
  if not short then return nil end
  local group = groups[short]
  if not group then raise("no group is called %q here; use resource(\"<group>/%s\", \"<plural>\")", short, version) end
  return function(owner)
    return setmetatable({ owner = owner, group_version = group == "" and version or group .. "/" .. version }, group_meta)
  end
end

--- "apps/v1" as group and version.
local function split(group_version)
  if type(group_version) ~= "string" then raise("group and version expected, such as \"apps/v1\"; got %s", type(group_version)) end
  local group, version = group_version:match "^([^/]*)/(.*)$"
  return group or "", version or group_version
end

return { accessor = accessor, split = split }
