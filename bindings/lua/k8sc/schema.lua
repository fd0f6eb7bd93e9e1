--- Kubernetes' own API as the library knows it: which groups, resources and verbs there are, and what objects hold.
local core = require "k8sc_core"

local schema = {}

-- By what client-go calls it: { apps = { v1 = { deployments = <resource> } } }. Read once, when it is first asked for.
local packages
-- The library's word for a package, and ours.
local other_names = { apiserverinternal = "internal" }

local function load()
  packages = {}
  for i = 0, core.schema_resource_count() - 1 do
    local resource = core.schema_resource_at(i)
    local name = resource:package()
    name = other_names[name] or name
    local versions = packages[name] or {}
    packages[name] = versions
    local resources = versions[resource:version()] or {}
    versions[resource:version()] = resources
    resources[resource:name()] = resource
  end
  return packages
end

--- The versions of a group by its short name, such as "core" or "rbac"; nil where there is no such.
function schema.package(name)
  return (packages or load())[name]
end

--- The short names of all groups, as the keys of a table.
function schema.packages()
  return packages or load()
end

-- By name; a verb of client-go's typed clients, such as updateStatus, is written update_status here.
local verbs = setmetatable({}, { __mode = "k" })

--- The verbs that a resource has, as the keys of a table.
function schema.verbs(resource)
  if not verbs[resource] then
    local found, i = {}, 0
    local verb = resource:verb(0)
    while verb do
      found[verb:gsub("%u", function(letter) return "_" .. letter:lower() end)] = true
      i = i + 1
      verb = resource:verb(i)
    end
    verbs[resource] = found
  end
  return verbs[resource]
end

--- Validates an object (or a table, or text) against Kubernetes' schema: true, or nil and an error with a cause for each validation error.
function schema.validate(value)
  local object, err = require("k8sc.object").from(value)
  if not object then return nil, err end
  return core.schema_validate(object, nil)
end

return schema
