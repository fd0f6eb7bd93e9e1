--- Groups, resources and verbs by name, and the schema.
local check = require "check"
local k8sc = require "k8sc"
local test, equal, fails, raises = check.test, check.equal, check.fails, check.raises

local fake = check.server { pods = 2 }
local client = assert(k8sc.connect { kubeconfig = fake.kubeconfig, qps = -1 })

test("groups and resources as fields", function()
  equal(#assert(client.core_v1.pods("default"):list()), 2)
  equal(#assert(client.core_v1.pods():list()), 2)
  assert(client.apps_v1.deployments("default"):create { apiVersion = "apps/v1", kind = "Deployment", metadata = { name = "web" } })
  equal(tostring(client.apps_v1.deployments "default"), "apps/v1 deployments in default")
  equal(tostring(client.rbac_v1.cluster_roles()), "rbac.authorization.k8s.io/v1 clusterroles")
end)

test("and as methods", function()
  equal(#assert(client:core_v1():pods("default"):list()), 2)
  equal(#assert(client:core_v1():pods():list()), 2)
  equal(tostring(client:apps_v1():deployments "default"), "apps/v1 deployments in default")
  equal(assert(client:apps_v1():deployments("default"):get "web").metadata.name, "web")
end)

test("what comes with a cluster and is not in the schema", function()
  equal(tostring(client.apiextensions_v1.customresourcedefinitions()), "apiextensions.k8s.io/v1 customresourcedefinitions")
end)

test("all of them", function()
  local count = 0
  for name, versions in pairs(require("k8sc.schema").packages()) do
    for version, resources in pairs(versions) do
      local group = client[name .. "_" .. version]
      for plural in pairs(resources) do
        check.matches(tostring(group[plural]()), " " .. plural .. "$")
        count = count + 1
      end
    end
  end
  equal(count, 169)
end)

test("names that do not exist", function()
  raises('no group is called "coer" here; did you mean "core"%?', function() return client.coer_v1 end)
  raises('core has no version "v2"; did you mean "v1"%?', function() return client.core_v2 end)
  raises('apps/v1 has no resource "deploymnets"; did you mean "deployments"%?', function() return client.apps_v1.deploymnets end)
  raises('v1 has no resource "podz"; did you mean "pods"%?', function() return client:core_v1():podz "default" end)
  raises('a resource has no "lisst"; did you mean "list"%?', function() return client.core_v1.pods("default"):lisst() end)
  equal(client.nothing, nil)
end)

test("verbs that a resource does not have", function()
  local reviews = client.authorization_v1.subjectaccessreviews()
  raises('subjectaccessreviews of authorization.k8s.io/v1 has no verb "list"; it has: .*create', reviews.list, reviews)
  raises('no verb "delete"', reviews.delete, reviews, "a")
  raises('no verb "update_status"', function() client.core_v1.configmaps("default"):update_status {} end)
  raises('no verb "watch"', function() reviews:watch() end)
  -- Said by its group and plural, anything may be tried.
  fails(k8sc.E_API, client:resource("authorization.k8s.io/v1", "subjectaccessreviews"):get "a")
end)

test("a resource elsewhere keeps what is known of it", function()
  local maps = client.core_v1.configmaps "default"
  raises('no verb "update_status"', function() maps:namespace("other"):update_status {} end)
end)

test("a typed factory has an informer for each resource", function()
  local factory = client:informers()
  local pods = factory.core_v1.pods()
  equal(pods, factory:core_v1():pods())
  raises('did you mean "pods"', function() return factory.core_v1.podz end)
  assert(factory:wait_for_sync(20))
  equal(#assert(pods:list()), 2)
  assert(factory:shutdown())
end)

test("validate tells each fault by its field", function()
  equal(k8sc.validate { apiVersion = "v1", kind = "Pod", metadata = { name = "p" } }, true)
  local err = fails(k8sc.E_INVALID, k8sc.validate { apiVersion = "v1", kind = "Pod", spec = { containers = { { imagee = "x" } }, hostIPC = "yes" } })
  equal(#err.causes, 2)
  local by_field = {}
  for _, cause in ipairs(err.causes) do by_field[cause.field] = cause end
  check.matches(by_field["spec.containers[0].imagee"].message, "image")
  equal(by_field["spec.hostIPC"].type, "FieldValueTypeInvalid")
  fails(k8sc.E_UNKNOWN_KIND, k8sc.validate { apiVersion = "example.com/v1", kind = "Engine" })
  fails(k8sc.E_PARSE, k8sc.validate "{")
end)

fake:stop()
check.done()
