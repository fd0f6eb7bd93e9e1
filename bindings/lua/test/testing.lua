--- The fake API server within the test's own process, as users of this library start it.
local check = require "check"
local k8sc = require "k8sc"
local testing = require "k8sc.testing"
local test, equal, fails, raises = check.test, check.equal, check.fails, check.raises
local closing = check.closing

local function config_map(name) return { apiVersion = "v1", kind = "ConfigMap", metadata = { name = name, namespace = "default" } } end

test("three lines: a server, a client, a request", function()
  local server = closing(assert(testing.start { pods = 3 }))
  local client = closing(assert(server:connect()))
  equal(#assert(client.core_v1.pods("default"):list()), 3)
  check.matches(server.url, "^http://127%.0%.0%.1:%d+$")
  equal(server:count("GET", "/api/v1/namespaces/default/pods"), 1)
  equal(server:requests()[1].method, "GET")
  equal(assert(server:last_request("GET")).verb, "list")
  fails(k8sc.E_STATE, server:last_request "PUT")
  equal(server:action_count { verb = "list", resource = "pods" }, 1)
  equal(server:ca_pem(), nil)
  assert(server:forget_requests())
  equal(server:count(), 0)
end)

test("objects go in and come out beside the client", function()
  local server = closing(assert(testing.start { objects = { config_map "a", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: default}\n" } }))
  local client = closing(assert(server:connect()))
  equal(assert(client.core_v1.configmaps("default"):get "b").metadata.name, "b")
  equal(assert(server:get("v1", "configmaps", "default", "a")).metadata.name, "a")
  assert(server:remove("v1", "configmaps", "default", "a"))
  fails(k8sc.E_API, client.core_v1.configmaps("default"):get "a")
  fails(k8sc.E_API, server:get("v1", "configmaps", "default", "a"))
  fails(k8sc.E_PARSE, server:put "{")
end)

test("TLS and tokens", function()
  local server = closing(assert(testing.start { tls = true, token = "first" }))
  local client = closing(assert(server:connect()))
  check.matches(server.url, "^https://")
  assert(client.core_v1.pods("default"):list())
  assert(server:set_token "second")
  equal(select(2, client.core_v1.pods("default"):list()):is_unauthorized(), true)
  assert(closing(assert(server:connect())).core_v1.pods("default"):list())
end)

test("a resource of one's own", function()
  local server = closing(assert(testing.start { kinds = { { "example.com/v1", "widgets", "Widget" } }, allow_any_resource = false }))
  local client = closing(assert(server:connect()))
  local widgets = client:resource("example.com/v1", "widgets", "default")
  assert(widgets:create { apiVersion = "example.com/v1", kind = "Widget", metadata = { name = "w" } })
  equal(assert(client:kind("example.com/v1", "Widget", "default")):get("w").kind, "Widget")
  fails(k8sc.E_API, client:resource("example.com/v1", "gadgets", "default"):list())
end)

test("faults by rule, and what an informer does about them", function()
  local server = closing(assert(testing.start { pods = 2 }))
  local client = closing(assert(server:connect()))
  client.on_error = function() end
  local fault = assert(server:fault { verb = "list", resource = "pods", times = 1, status = { code = 500 } })
  local informer = client:informers():core_v1():pods()
  assert(informer:wait_for_sync(20))
  equal(fault:count(), 1)
  equal(informer:size(), 2)
  assert(fault:remove())
  local err = fails(k8sc.E_INVALID, server:fault { verb = "list", nonsense = true })
  check.matches(err, "nonsense")
  assert(server:fault { status = { code = 418 } })
  equal(select(2, client.core_v1.pods("default"):list { max_retries = 0 }).status, 418)
  assert(server:clear_faults())
  assert(client.core_v1.pods("default"):list())
end)

test("it goes down and comes back", function()
  local server = closing(assert(testing.start { pods = 1 }))
  local client = closing(assert(server:connect()))
  assert(server:pause())
  equal(client.core_v1.pods("default"):list { max_retries = 0, timeout = 2 }, nil)
  assert(server:resume())
  assert(client.core_v1.pods("default"):list())
  assert(server:restart())
  equal(#assert(client.core_v1.pods("default"):list()), 1)
  local before = assert(server:resource_version())
  assert(server:generate_pods(4, "other", "x"))
  equal(server:resource_version(), before + 4)
  assert(server:compact())
end)

test("it is like a release", function()
  local server = closing(assert(testing.start { kubernetes_version = "1.21", pods = 1 }))
  local client = closing(assert(server:connect()))
  equal(#assert(client:resource("batch/v1beta1", "cronjobs", "default"):list()), 0)
  fails(k8sc.E_API, client:resource("autoscaling/v2", "horizontalpodautoscalers", "default"):list())
  check.matches(fails(k8sc.E_INVALID, testing.start { kubernetes_version = "1.9" }), "1.9")
end)

test("HTTP/2, and no HTTP/2", function()
  local function protocol(given)
    given.tls = true
    local server = closing(assert(testing.start(given)))
    local client = closing(assert(server:connect()))
    equal(#assert(client.core_v1.pods("default"):list()), 0)
    return server:requests()[1].protocol
  end
  equal(protocol { http2_max_streams = 5, http2_upload_window = 1000, http2_answer_pings = false }, "HTTP/2.0")
  equal(protocol { http2 = false }, "HTTP/1.1")
  fails(k8sc.E_INVALID, testing.start { http2_max_streams = -1 })
end)

test("a manifest and a kubeconfig", function()
  local server = closing(assert(testing.start()))
  assert(server:load "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: default}\n")
  local client = closing(assert(k8sc.connect { kubeconfig = assert(server:kubeconfig_path()) }))
  equal(#assert(client.core_v1.config_maps("default"):list()), 2)
  equal(server:kubeconfig_path(), server:kubeconfig_path())
  fails(k8sc.E_PARSE, server:load "a: [")
end)

test("users and what they may do", function()
  local server = closing(assert(testing.start { token = "admin", users = { { "janes", "jane", { "readers" } }, { "joes", "joe" } }, authorization = true }))
  local jane = closing(assert(server:connect { token = "janes" }))
  check.matches(fails(k8sc.E_API, jane.core_v1.pods("default"):list()), 'User "jane" cannot list resource "pods"')
  assert(server:put {
    apiVersion = "rbac.authorization.k8s.io/v1", kind = "ClusterRoleBinding", metadata = { name = "readers" },
    roleRef = { kind = "ClusterRole", name = "cluster-admin" }, subjects = { { kind = "Group", name = "readers" } },
  })
  equal(#assert(jane.core_v1.pods("default"):list()), 0)
  raises("start: users", testing.start, { users = { { "x" } } })
end)

test("many servers, and what is left is collected", function()
  for i = 1, 5 do
    local server = assert(testing.start { pods = i })
    equal(#assert(assert(server:connect()).core_v1.pods():list()), i)
  end
  collectgarbage()
  collectgarbage()
end)

test("mistakes are named", function()
  raises('start: unknown option "prot"; did you mean "port"?', testing.start, { prot = 1 })
  raises("start: port: integer expected", testing.start, { port = "x" })
  raises("start: kinds", testing.start, { kinds = { { "example.com/v1" } } })
  raises("streaming_lists: ignored, refused, supported expected, got maybe", testing.start, { streaming_lists = "maybe" })
  fails(k8sc.E_INVALID, testing.start { port = 70000 })
end)

check.done()
