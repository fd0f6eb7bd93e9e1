--- What only a real API server does: server-side apply, strategic merge patch, validation, scale.
local check = require "check"
local k8sc = require "k8sc"
local test, equal, fails = check.test, check.equal, check.fails

local client = assert(k8sc.connect { kubeconfig = os.getenv "K8SC_TEST_KUBECONFIG", qps = -1 })
local maps = client:core_v1():configmaps "default"
local deployments = client:apps_v1():deployments "default"

local manifest = [[
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  replicas: 2
  selector: {matchLabels: {app: d}}
  template:
    metadata: {labels: {app: d}}
    spec: {containers: [{name: a, image: b}]}
]]

test("apply, and a conflict that names the other manager", function()
  local map = { apiVersion = "v1", kind = "ConfigMap", metadata = { name = "applied" }, data = { a = "1" } }
  local made = assert(maps:apply(map, { field_manager = "one" }))
  equal(made.metadata.managedFields[1].manager, "one")
  map.data.a = "2"
  local err = fails(k8sc.E_API, maps:apply(map, { field_manager = "two" }))
  equal(err:is_conflict(), true)
  equal(err.causes[1].type, "FieldManagerConflict")
  equal(err.causes[1].field, ".data.a")
  check.matches(err.causes[1].message, '"one"')
  equal(assert(maps:apply(map, { field_manager = "two", force = true })).data.a, "2")
  equal(assert(maps:patch("applied", map, { type = "apply", field_manager = "two" })).data.a, "2")
end)

test("a strategic merge patch keeps what a merge patch replaces", function()
  local made = assert(deployments:create(manifest))
  equal(made.spec.replicas, 2)
  local patch = { spec = { template = { spec = { containers = { { name = "b", image = "c" } } } } } }
  equal(#assert(deployments:patch("d", patch, { type = "strategic" })).spec.template.spec.containers, 2)
  equal(#assert(deployments:patch("d", patch)).spec.template.spec.containers, 1)
end)

test("a float that is whole is a replica count", function()
  equal(assert(deployments:patch("d", { spec = { replicas = 6 / 2 } })).spec.replicas, 3)
end)

test("a subresource", function()
  local scale = assert(deployments:get("d", { subresource = "scale" }))
  equal(scale.kind, "Scale")
  equal(scale.spec.replicas, 3)
end)

test("apply of a status", function()
  local status = { apiVersion = "apps/v1", kind = "Deployment", metadata = { name = "d" }, status = { replicas = 1 } }
  equal(assert(deployments:apply_status(status, { field_manager = "me", force = true })).status.replicas, 1)
end)

test("what validation says is in the causes", function()
  local err = fails(k8sc.E_API, deployments:create { apiVersion = "apps/v1", kind = "Deployment", metadata = { name = "e" }, spec = {} })
  equal(err:is_invalid(), true)
  equal(err.status, 422)
  local fields = {}
  for _, cause in ipairs(err.causes) do fields[cause.field] = cause.type end
  equal(fields["spec.selector"], "FieldValueRequired")
end)

test("an informer has what a list has", function()
  local informer = client:informers { drop = "managedFields" }:core_v1():configmaps()
  informer:on { sync = function() client:stop() end }
  assert(client:run())
  equal(informer:size(), #assert(maps:namespace():list()))
  equal(informer:get("default", "applied").metadata.managedFields, nil)
end)

client:close()
check.done()
