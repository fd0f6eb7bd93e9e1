--- Discovery, names and kinds, and manifests, against the fake API server.
local check = require "check"
local k8sc = require "k8sc"
local test, equal, fails, raises = check.test, check.equal, check.fails, check.raises

local fake = check.server()
local client = assert(k8sc.connect { kubeconfig = fake.kubeconfig, qps = -1 })

local manifest = [[
apiVersion: example.com/v1
kind: Engine
metadata: {name: first}
spec: {power: 3}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: default}
data: {size: "3"}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: engines.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: engines, kind: Engine, shortNames: [eng]}
  versions: [{name: v1, served: true, storage: true}]
]]

test("groups and resources", function()
  for _, cache in ipairs { "memory", "none" } do
    local discovery = assert(client:discovery { cache = cache })
    local names = {}
    for _, group in k8sc.ipairs(assert(discovery:groups())) do names[group.name] = group.preferredVersion.version end
    equal(names[""], "v1")
    equal(names.apps, "v1")
    local found = {}
    for _, resource in k8sc.ipairs(assert(discovery:resources "apps/v1")) do found[resource.name] = resource end
    equal(found.deployments.kind, "Deployment")
    equal(found["deployments/status"].namespaced, true)
    local lists, partial = discovery:all()
    equal(partial, nil)
    equal(lists[1].groupVersion, "v1")
    local namespaced = assert(discovery:preferred { namespaced = true })
    equal(#namespaced <= #assert(discovery:preferred()), true)
    check.matches(assert(discovery:version()).gitVersion, "^v1")
    equal(assert(discovery:openapi_v2()).swagger, "2.0")
    check.matches(k8sc.tojson(assert(discovery:openapi_v3())), "apis/apps/v1")
    equal(assert(discovery:openapi_v3 "apps/v1").openapi, "3.0.0")
    equal(discovery:has "apps/v1", true)
    equal(discovery:has "apps/v9", false)
    equal(discovery:has("apps/v1", "deployments"), true)
    equal(discovery:has("v1", "deployments"), false)
    equal(discovery:is_fresh(), true)
    assert(discovery:invalidate())
    equal(fails(k8sc.E_API, discovery:resources "none.example.com/v1"):is_not_found(), true)
  end
end)

test("wrong use", function()
  raises('cache: "memory", "none" or "disk" expected', function() client:discovery { cache = "paper" } end)
  raises('unknown option "cash"; did you mean "cache"', function() client:discovery { cash = "disk" } end)
  raises('discovery has no "group"; did you mean "groups"', function() return client:discovery().group end)
  raises("name of a resource or kind expected, got nil", function() client:find() end)
  raises("text, object or table of objects expected, got number", function() client:apply_manifest(1) end)
end)

test("in files", function()
  local directory = os.tmpname()
  os.remove(directory)
  local discovery = assert(client:discovery { directory = directory, ttl = 60 })
  assert(discovery:groups())
  equal(discovery:is_fresh(), true)
  local other = assert(client:discovery { directory = directory, ttl = 60 })
  assert(other:groups())
  equal(other:is_fresh(), false)
  os.execute("rm -r " .. directory)
end)

test("a resource is found by all its names", function()
  local mapping = assert(client:find "deploy")
  equal(mapping.resource, "deployments")
  equal(mapping.kind, "Deployment")
  equal(mapping.group .. "/" .. mapping.version, "apps/v1")
  equal(mapping.namespaced, true)
  equal(assert(client:find "Node").namespaced, false)
  equal(assert(client:find "ns").singular, "namespace")
  local err = fails(k8sc.E_API, client:find "deploymnet")
  equal(err:is_not_found(), true)
  check.matches(err, "deployments")
  local all = assert(client:category "all")
  equal(all[1].resource, "pods")
  equal(tostring(assert(client:kind("apps/v1", "Deployment", "default"))), "apps/v1 deployments in default")
  equal(tostring(assert(client:kind("v1", "Node", "default"))), "v1 nodes")
  equal(tostring(assert(client:kind "svc")), "v1 services")
end)

test("a manifest is applied, found and deleted", function()
  fails(k8sc.E_API, client:kind("example.com/v1", "Engine"))
  local results = assert(client:apply_manifest(manifest, { field_manager = "tests", namespace = "two" }))
  equal(#results, 3)
  equal(results.failures, 0)
  equal(results[1].object.kind, "CustomResourceDefinition")
  equal(results[3].object.metadata.namespace, "two")
  equal(results[3].source.spec.power, 3)
  equal(assert(assert(client:kind("eng", nil, "two")):get("first", { timeout = 5 })).spec.power, 3)
  equal(assert(client.core_v1.configmaps("default"):get "settings").data.size, "3")
  -- One of them fails, the other is there.
  local none, err, told = client:create_manifest({ { apiVersion = "v1", kind = "ConfigMap", metadata = { name = "settings" } },
                                                   { apiVersion = "v1", kind = "ConfigMap", metadata = { name = "more" } } }, { namespace = "default" })
  equal(none, nil)
  equal(err:is_already_exists(), true)
  equal(told.failures, 1)
  equal(told[1].error:is_already_exists(), true)
  equal(told[1].object, nil)
  equal(told[2].object.metadata.name, "more")
  equal(#assert(client:delete_manifest(manifest, { namespace = "two" })), 3)
  fails(k8sc.E_API, client:delete_manifest(manifest, { namespace = "two" }))
  equal(#assert(client:delete_manifest(manifest, { namespace = "two", ignore_not_found = true })), 3)
  check.matches(fails(k8sc.E_PARSE, client:apply_manifest("kind: A\n", { field_manager = "me" })), "document 1")
  fails(k8sc.E_INVALID, client:apply_manifest(manifest))
end)

fake:stop()
check.done()
