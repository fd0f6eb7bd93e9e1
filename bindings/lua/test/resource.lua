--- Every verb on a built-in resource, against the fake API server.
local check = require "check"
local k8sc = require "k8sc"
local test, equal, fails = check.test, check.equal, check.fails
local closing = check.closing

local fake = check.server { pods = 25 }
local client = assert(k8sc.connect { kubeconfig = fake.kubeconfig, qps = -1 })
local pods = client:resource("v1", "pods", "default")

local function config_map(name, data)
  return { apiVersion = "v1", kind = "ConfigMap", metadata = { name = name, labels = { app = "test" } }, data = data }
end
local maps = client:core_v1():configmaps "default"

test("create from a table, from text and from an object", function()
  local made = assert(maps:create(config_map("a", { k = "v" })))
  equal(made.data.k, "v")
  check.matches(made.metadata.uid, "%-")
  made = assert(maps:create(k8sc.tojson(config_map("b", { k = "w" }))))
  equal(made.metadata.name, "b")
  made = assert(maps:create "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: x}\n")
  equal(made.data.k, "x")
  made = assert(maps:create(assert(k8sc.object(config_map "d"))))
  equal(made.metadata.name, "d")
end)

test("create twice", function()
  local err = fails(k8sc.E_API, maps:create(config_map "a"))
  equal(err:is_already_exists(), true)
  equal(err.status, 409)
  equal(err.reason, "AlreadyExists")
end)

test("dry run stores nothing", function()
  assert(maps:create(config_map("dry"), { dry_run = true }))
  equal(fails(k8sc.E_API, maps:get "dry"):is_not_found(), true)
end)

test("get an object, or an error that says why not", function()
  equal(assert(maps:get "a").data.k, "v")
  equal(assert(maps:get("a", { timeout = 5 })).data.k, "v")
  local err = fails(k8sc.E_API, maps:get "nope")
  equal(err:is_not_found(), true)
  equal(err:is_conflict(), false)
  equal(err.status, 404)
  equal(err.reason, "NotFound")
  equal(err.name, "K8SC_E_API")
  equal(err.body.kind, "Status")
  equal(err.body.details.name, "nope")
  equal(#err.causes, 0)
  equal(err.retry_after, nil)
  check.matches(err, "nope")
  check.matches("failed: " .. err, "^failed: .*nope")
  -- As assert() raises it; that of Lua 5.1 wants text.
  local ok, raised = pcall(function() return k8sc.assert(maps:get "nope") end)
  equal(ok, false)
  equal(raised:is_not_found(), true)
end)

test("update, and a conflict", function()
  local old = assert(maps:get "a")
  local draft = k8sc.totable(old)
  draft.data.k = "v2"
  equal(assert(maps:update(draft)).data.k, "v2")
  local err = fails(k8sc.E_API, maps:update(draft))
  equal(err:is_conflict(), true)
  equal(assert(maps:get "a").data.k, "v2")
end)

test("update of the status", function()
  local draft = k8sc.totable(assert(pods:get "pod-00001"))
  draft.status.phase = "Failed"
  equal(assert(pods:update_status(draft)).status.phase, "Failed")
end)

test("patch: merge, JSON, by type and by form", function()
  equal(assert(maps:patch("a", { data = { extra = "1" } })).data.extra, "1")
  equal(assert(maps:patch("a", { data = { extra = k8sc.null } })).data.extra, nil)
  equal(assert(maps:patch("a", { { op = "add", path = "/data/extra", value = "2" } })).data.extra, "2")
  equal(assert(maps:patch("a", '[{"op":"remove","path":"/data/extra"}]')).data.extra, nil)
  equal(assert(maps:patch("a", '{"data":{"extra":"3"}}', { type = "merge" })).data.extra, "3")
  equal(assert(maps:patch("a", { data = { x = "y" } }, { type = "strategic" })).data.x, "y")
  local applied = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {z: one}\n"
  equal(assert(maps:patch("a", applied, { type = "apply", field_manager = "test" })).data.z, "one")
end)

test("apply needs a field manager", function()
  check.matches(fails(k8sc.E_INVALID, maps:apply(config_map "a")), "manager")
  equal(assert(maps:apply(config_map("a", { z = "two" }), { field_manager = "test", force = true })).data.z, "two")
  equal(fails(k8sc.E_API, maps:apply(config_map("a", { z = "three" }), { field_manager = "other" })):is_conflict(), true)
  local status = { apiVersion = "v1", kind = "Pod", metadata = { name = "pod-00001" }, status = { phase = "Failed" } }
  equal(assert(pods:apply_status(status, { field_manager = "test", force = true })).status.phase, "Failed")
end)

test("list, with selectors as text and as tables", function()
  local all = assert(maps:list())
  equal(#all, 4)
  check.matches(all.resource_version, "^%d+$")
  equal(all.continue, nil)
  equal(#assert(maps:list { label_selector = "app=test" }), 3)
  equal(#assert(maps:list { labels = { app = { "test", "other" } } }), 3)
  equal(#assert(maps:list { labels = { app = false } }), 1)
  equal(#assert(maps:list { fields = { ["metadata.name"] = "a" } }), 1)
  local names = {}
  for i, map in ipairs(all) do names[i] = map.metadata.name end
  table.sort(names)
  equal(table.concat(names), "abcd")
end)

test("a list in pages", function()
  local page = assert(pods:list { limit = 10 })
  equal(#page, 10)
  equal(page.remaining_item_count, 15)
  local rest = assert(pods:list { limit = 100, continue = page.continue })
  equal(#rest, 15)
  equal(rest.continue, nil)
  equal(#assert(pods:list_all { limit = 10 }), 25)
  local seen = 0
  for pod in pods:pages { limit = 10 } do
    check.matches(pod.metadata.name, "^pod%-")
    seen = seen + 1
  end
  equal(seen, 25)
  for _ in pods:pages { limit = 10 } do break end
end)

test("pages raise what goes wrong", function()
  local err = select(2, pcall(function() for _ in client:resource("v1", "pods", ".."):pages() do end end))
  equal(err.code, k8sc.E_INVALID)
  err = select(2, pcall(function() for _ in pods:pages { continue = "nonsense" } do end end))
  equal(err.status, 400)
end)

test("delete, one and many", function()
  assert(maps:delete "b")
  equal(fails(k8sc.E_API, maps:delete "b"):is_not_found(), true)
  equal(fails(k8sc.E_API, maps:delete("a", { precondition_uid = "other" })):is_conflict(), true)
  assert(maps:delete("d", { propagation_policy = "Background", grace_period_seconds = 0 }))
  assert(maps:delete_collection { labels = { app = "test" } })
  equal(#assert(maps:list()), 1)
  assert(maps:delete_collection())
  equal(#assert(maps:list()), 0)
end)

test("another namespace, and all of them", function()
  local elsewhere = pods:namespace "elsewhere"
  assert(elsewhere:create { apiVersion = "v1", kind = "Pod", metadata = { name = "far" }, spec = { containers = { { name = "a", image = "b" } } } })
  equal(#assert(elsewhere:list()), 1)
  equal(#assert(pods:list()), 25)
  equal(#assert(pods:namespace():list()), 26)
end)

test("a resource without namespaces", function()
  local nodes = client:core_v1():nodes()
  assert(nodes:create { apiVersion = "v1", kind = "Node", metadata = { name = "n1" } })
  equal(tostring(assert(nodes:get "n1")), "Node n1")
end)

test("a custom resource", function()
  local widgets = client:resource("example.com/v1", "widgets", "default")
  local made = assert(widgets:create { apiVersion = "example.com/v1", kind = "Widget", metadata = { name = "w" }, spec = { size = 3, parts = k8sc.array {} } })
  equal(made.spec.size, 3)
  equal(k8sc.tojson(made.spec.parts), "[]")
end)

test("requests by hand", function()
  local body, status = assert(client:request("GET", "/version"))
  equal(status, 200)
  check.matches(assert(k8sc.object(body)).gitVersion, "^v")
  local object = k8sc.tojson(config_map("by-hand", {}))
  body, status = assert(client:request("POST", "/api/v1/namespaces/default/configmaps?dryRun=All", { body = object, timeout = 5 }))
  equal(status, 201)
  equal(fails(k8sc.E_API, client:request("GET", "/api/v1/nothing/here/at/all")).status, 404)
  check.raises("method and path expected", client.request, client, "GET")
end)

test("a server that is not there", function()
  local nobody = closing(assert(k8sc.connect { server = "http://127.0.0.1:1" }))
  local err = fails(k8sc.E_CONNECT, nobody:resource("v1", "pods"):list { max_retries = 0 })
  equal(err:is_retriable(), true)
  equal(err.status, 0)
  equal(err.body, nil)
end)

test("after close", function()
  assert(client:close())
  assert(client:close())
  fails(k8sc.E_CLOSED, pods:get "pod-00001")
  fails(k8sc.E_CLOSED, client:step())
end)

test("with TLS and a token", function()
  local secure = check.server { tls = true, token = "secret", pods = 2 }
  do
    local c = closing(assert(k8sc.connect { kubeconfig = secure.kubeconfig }))
    equal(#assert(c:core_v1():pods():list()), 2)
    local wrong = closing(assert(k8sc.connect { kubeconfig = secure.kubeconfig, token = "wrong" }))
    equal(fails(k8sc.E_API, wrong:core_v1():pods():list()):is_unauthorized(), true)
    local blind = closing(assert(k8sc.connect { server = secure.url, token = "secret" }))
    fails(k8sc.E_TLS, blind:core_v1():pods():list { max_retries = 0 })
    local trusting = closing(assert(k8sc.connect { server = secure.url, token = "secret", insecure = true }))
    equal(#assert(trusting:core_v1():pods():list()), 2)
  end
  secure:stop()
end)

fake:stop()
check.done()
