--- Logs of pods, bodies that come in time, and what a kubeconfig offers.
local check = require "check"
local k8sc = require "k8sc"
local testing = require "k8sc.testing"
local test, equal, fails, raises = check.test, check.equal, check.fails, check.raises

local server = assert(testing.start { pods = 3 })
local client = assert(server:connect())
local pods = client.core_v1.pods("default")

local function answers(text)
  return assert(server:fault { resource = "pods/log", answer = { code = 200, body = text } })
end

local function last_request()
  local requests = assert(server:requests())
  return requests[#requests]
end

test("a log as text", function()
  local rule = answers "one\ntwo\n"
  equal(assert(pods:log "web"), "one\ntwo\n")
  equal(last_request().path, "/api/v1/namespaces/default/pods/web/log")
  assert(pods:log("web", { container = "a b&c", tail_lines = 10, previous = true }))
  equal(last_request().query, "container=a+b%26c&previous=true&tailLines=10")
  rule:remove()
  equal(fails(k8sc.E_API, pods:log "none").status, 404)
  raises("unknown option \"tail_line\"; did you mean \"tail_lines\"", pods.log, pods, "web", { tail_line = 1 })
  raises("unknown option \"follow\"", pods.log, pods, "web", { follow = true })
  raises("tail_lines: integer expected, got string", pods.log, pods, "web", { tail_lines = "ten" })
  raises("log: name expected, got nil", pods.log, pods)
  raises("log: the name is empty", pods.log, pods, "")
end)

test("a log line by line", function()
  local rule = answers "one\r\n\ntwo\nlast"
  local seen = {}
  for line in assert(pods:log_lines("web", { follow = true })) do seen[#seen + 1] = line end
  equal(table.concat(seen, "|"), "one\r||two|last")
  rule:remove()
  local lines = assert(pods:log_lines "none")
  local line, err = lines:next()
  equal(line, nil)
  equal(err.status, 404)
  line, err = lines:next()
  equal(line, nil)
  equal(err, nil)
  raises("not", function()
    for _ in assert(pods:log_lines "none") do end
  end)
end)

test("the fake server has logs, and they are followed", function()
  assert(server:set_pod_log("default", "pod-00000", "main", "one\ntwo\n"))
  equal(assert(pods:log("pod-00000", { container = "main", tail_lines = 1 })), "two\n")
  local lines = assert(pods:log_lines("pod-00000", { container = "main", follow = true }))
  equal(lines:next(10), "one")
  equal(lines:next(10), "two")
  fails(k8sc.E_TIMEOUT, lines:next(0.05))
  assert(server:append_pod_log("default", "pod-00000", "main", "three\n"))
  equal(lines:next(10), "three")
  assert(pods:delete "pod-00000")
  equal(lines:next(10), nil)
  equal(#assert(server:actions { verb = "delete", resource = "pods" }), 1)
end)

test("what the container before wrote", function()
  assert(server:set_pod_log("default", "pod-00001", "main", "one\n"))
  assert(server:restart_container("default", "pod-00001", "main"))
  assert(server:append_pod_log("default", "pod-00001", "main", "two\n"))
  equal(assert(pods:log("pod-00001", { container = "main" })), "two\n")
  equal(assert(pods:log("pod-00001", { container = "main", previous = true })), "one\n")
end)

test("an empty body has no lines", function()
  local rule = answers ""
  equal((assert(pods:log_lines "web")):next(), nil)
  rule:remove()
end)

test("lines come as they are written", function()
  local lines = assert(client:lines("GET", "/api/v1/namespaces/default/pods?watch=1"))
  for i = 1, 2 do equal(assert(k8sc.object((lines:next(10)))).object.metadata.name, ("pod-%05d"):format(i)) end
  fails(k8sc.E_TIMEOUT, lines:next(0.05))
  assert(server:generate_pods(1, "default", "late"))
  check.matches(assert(lines:next(10)), '"late%-00000"')
  lines:cancel()
  equal(lines:next(), nil)
  lines:cancel()
end)

test("a token cancels", function()
  local token = k8sc.cancel()
  local lines = assert(client:lines("GET", "/api/v1/namespaces/default/pods?watch=1&resourceVersion=" .. server:resource_version(), { cancel = token }))
  fails(k8sc.E_TIMEOUT, lines:next(0.02))
  token:cancel()
  fails(k8sc.E_CANCELLED, lines:next(10))
end)

test("what breaks is told after the lines before it", function()
  local rule = assert(server:fault { verb = "watch", cut_after_bytes = 20 })
  local lines = assert(client:lines("GET", "/api/v1/namespaces/default/pods?watch=1"))
  equal(#assert(lines:next(10)), 20)
  fails(k8sc.E_TRANSPORT, lines:next(10))
  rule:remove()
end)

test("a long line in many pieces", function()
  local long = ("x"):rep(3000000)
  local rule = answers(long .. "\n" .. long)
  local lines = assert(pods:log_lines "web")
  equal(#assert(lines:next(20)), 3000000)
  equal(#assert(lines:next(20)), 3000000)
  equal(lines:next(20), nil)
  rule:remove()
end)

test("contexts are read without a client", function()
  local text = [[
apiVersion: v1
kind: Config
current-context: prod
clusters: [{name: c, cluster: {server: "https://c"}}]
users: [{name: u, user: {token: secret}}]
contexts:
- {name: test, context: {cluster: c, user: u}}
- {name: prod, context: {cluster: c, user: u, namespace: shop}}
]]
  local contexts = assert(k8sc.contexts(text))
  equal(#contexts, 2)
  equal(contexts.current, "prod")
  equal(contexts[1].name, "prod")
  equal(contexts[1].namespace, "shop")
  equal(contexts[2].namespace, nil)
  equal(contexts[2].cluster .. contexts[2].user, "cu")
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  equal(assert(k8sc.contexts(path))[2].name, "test")
  os.remove(path)
  fails(k8sc.E_IO, k8sc.contexts "/nowhere/at/all")
  fails(k8sc.E_PARSE, k8sc.contexts "a: [\n")
  raises("got table", k8sc.contexts, {})
end)

test("a kubeconfig is read, edited and written", function()
  local kubeconfig = assert(k8sc.kubeconfig(server.kubeconfig))
  assert(kubeconfig:set_user("other", '{"token":"secret"}'))
  assert(kubeconfig:set_context("second", '{"cluster":"' .. kubeconfig:cluster_name(0) .. '","user":"other","namespace":"shop"}'))
  equal(kubeconfig:context_count(), 2)
  equal(kubeconfig:redacted():find("secret", 1, true), nil)
  local path = os.tmpname()
  assert(kubeconfig:write(path))
  local chosen = assert(k8sc.connect { kubeconfig = path, overrides = { context = "second", token = "another" } })
  equal(chosen:default_namespace(), "shop")
  assert(chosen:close())
  os.remove(path)
  local here = assert(k8sc.connect { kubeconfig = server.kubeconfig, overrides = { namespace = "here" } })
  equal(here:default_namespace(), "here")
  assert(here:close())
  fails(k8sc.E_CONFIG, k8sc.connect { kubeconfig = server.kubeconfig, overrides = { context = "none" } })
  raises("not together", k8sc.connect, { context = "a", overrides = {} })
  raises('overrides: unknown option "contxt"; did you mean "context"', k8sc.connect, { overrides = { contxt = "a" } })
end)

test("a retry policy, of a client and of a call", function()
  local rule = assert(server:fault { verb = "list", resource = "configmaps", times = 2, status = { code = 500 } })
  local quick = { statuses = { 500 }, backoff = { 0.001, 0.002 } }
  local patient = assert(server:connect { retry_policy = quick })
  assert(patient.core_v1.configmaps("default"):list())
  equal(rule:count(), 2)
  assert(patient:close())
  local again = assert(server:fault { verb = "list", resource = "configmaps", times = 1, status = { code = 500 } })
  fails(k8sc.E_API, client.core_v1.configmaps("default"):list())
  assert(again:remove())
  again = assert(server:fault { verb = "list", resource = "configmaps", times = 1, status = { code = 500 } })
  assert(client.core_v1.configmaps("default"):list { retry_policy = quick })
  equal(again:count(), 1)
  raises('retry_policy: unknown option "status"; did you mean "statuses"', server.connect, server, { retry_policy = { status = 500 } })
  fails(k8sc.E_INVALID, server:connect { retry_policy = { statuses = { 200 } } })
end)

assert(client:close())
server:stop()
check.done()
