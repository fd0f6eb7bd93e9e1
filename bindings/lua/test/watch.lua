--- Watches as iterators.
local check = require "check"
local k8sc = require "k8sc"
local test, equal, fails = check.test, check.equal, check.fails
local closing = check.closing

local fake = check.server { pods = 3 }
local client = assert(k8sc.connect { kubeconfig = fake.kubeconfig, qps = -1 })
local pods = client:resource("v1", "pods", "default")

local function pod(name, labels)
  return { apiVersion = "v1", kind = "Pod", metadata = { name = name, labels = labels }, spec = { containers = { { name = "a", image = "b" } } } }
end

test("events come in order, and break ends it", function()
  local from = assert(pods:list()).resource_version
  assert(pods:create(pod "w"))
  assert(pods:patch("w", { metadata = { labels = { a = "1" } } }))
  assert(pods:delete "w")
  local seen = {}
  for event in pods:watch { resource_version = from } do
    seen[#seen + 1] = event.type .. " " .. event.object.metadata.name
    equal(event.error, nil)
    if event.type == "DELETED" then break end
  end
  equal(table.concat(seen, ", "), "ADDED w, MODIFIED w, DELETED w")
end)

test("without a resourceVersion it begins with what is there", function()
  local seen = 0
  for event in pods:watch() do
    equal(event.type, "ADDED")
    seen = seen + 1
    if seen == 3 then break end
  end
end)

test("an error in the loop ends the watch too", function()
  local held
  local ok = pcall(function()
    for event in pods:watch() do
      held = event
      error "out"
    end
  end)
  equal(ok, false)
  equal(held.object.kind, "Pod")
end)

test("selectors, and the server's end of it", function()
  assert(pods:create(pod("chosen", { pick = "me" })))
  local seen = {}
  for event in pods:watch { labels = { pick = "me" }, timeout_seconds = 1 } do seen[#seen + 1] = event.type end
  equal(table.concat(seen), "ADDED")
end)

test("bookmarks come when asked for", function()
  local event
  for each in pods:watch { bookmarks = true, fields = { ["metadata.name"] = "none" } } do
    event = each
    break
  end
  equal(event.type, "BOOKMARK")
  check.matches(event.object.metadata.resourceVersion, "^%d+$")
end)

test("next() with a time limit, and cancel()", function()
  local watch = pods:watch { fields = { ["metadata.name"] = "chosen" } }
  equal(watch:next(10).type, "ADDED")
  local before = os.clock()
  local err = fails(k8sc.E_TIMEOUT, watch:next(0.2))
  equal(err:is_timeout(), true)
  assert(os.clock() - before < 0.15, "it burns the processor while it waits")
  fails(k8sc.E_TIMEOUT, watch:next(0))
  assert(pods:patch("chosen", { metadata = { labels = { b = "2" } } }))
  equal(watch:next(10).type, "MODIFIED")
  watch:cancel()
  watch:cancel()
  equal(watch:next(), nil)
  equal(watch:next(1), nil)
end)

test("what goes wrong is one event of type ERROR, then the end", function()
  local function errors(watch)
    local seen = {}
    for event in watch, nil, nil, watch do seen[#seen + 1] = event end
    equal(#seen, 1)
    equal(seen[1].type, "ERROR")
    equal(seen[1].object, nil)
    return seen[1].error
  end
  equal(errors((pods:watch { resource_version = "nonsense" })).code, k8sc.E_API)
  equal(errors((pods:watch { limit = 5 })).code, k8sc.E_INVALID)
  equal(errors((pods:watch { idle_timeout = 0.3, fields = { ["metadata.name"] = "none" } })).code, k8sc.E_TIMEOUT)
  fails(k8sc.E_INVALID, pods:list { idle_timeout = 1 })
  equal(errors((pods:watch { labels = "a in" })).code, k8sc.E_PARSE)
  equal(errors((client:resource("v1", "po/ds"):watch())).code, k8sc.E_INVALID)
  check.raises('watch: unknown option "label"', pods.watch, pods, { label = "x" })
end)

test("a watch disturbs nobody else's events", function()
  local pods_seen = 0
  local informer = client:informers():core_v1():pods()
  assert(informer:on { add = function() pods_seen = pods_seen + 1 end })
  assert(informer:wait_for_sync(10))
  for _ in pods:watch() do break end
  equal(pods_seen, 0)
  check.eventually(client, function() return pods_seen == 4 end)
end)

test("a watch that is forgotten is collected", function()
  for _ = 1, 20 do pods:watch() end
  collectgarbage()
  collectgarbage()
end)

test("the server goes away in the middle", function()
  local other = check.server { pods = 1 }
  local c = closing(assert(k8sc.connect { kubeconfig = other.kubeconfig, qps = -1 }))
  local types = {}
  for event in c:core_v1():pods():watch { max_retries = 0 } do
    types[#types + 1] = event.type
    if event.type == "ADDED" then other:stop() end
  end
  -- An end without a word may be a clean one or not; either way the loop ends.
  equal(types[1], "ADDED")
  assert(#types <= 2)
end)

test("a watch that resumes", function()
  local from = assert(pods:list()).resource_version
  assert(pods:create(pod "resumed"))
  local seen = {}
  for event in pods:retry_watch { resource_version = from, timeout_seconds = 1 } do
    seen[#seen + 1] = event.type .. " " .. event.object.metadata.name
    -- Longer than the first connection is kept.
    if #seen == 1 then
      for _ = 1, 2 do
        for _ in pods:watch { timeout_seconds = 1, fields = { ["metadata.name"] = "none" } } do error "none" end
      end
      assert(pods:delete "resumed")
    end
    if #seen == 2 then break end
  end
  equal(table.concat(seen, ", "), "ADDED resumed, DELETED resumed")
end)

test("a watch that resumes needs a version", function()
  local event = pods:retry_watch():next()
  equal(event.error.code, k8sc.E_INVALID)
end)

test("waiting for a condition and for the end", function()
  local ready = pod "ready"
  ready.status = { conditions = { { type = "Ready", status = "True" }, { type = "Slow", status = "False" } } }
  assert(pods:create(ready))
  equal(assert(pods:wait_for("ready", { condition = "Ready" }, 10)).metadata.name, "ready")
  equal(assert(pods:wait_for("ready", { condition = "slow", status = "false" })).metadata.name, "ready")
  local err = fails(k8sc.E_TIMEOUT, pods:wait_for("ready", { condition = "Slow" }, 0))
  check.matches(err.message, "pods default/ready")
  fails(k8sc.E_TIMEOUT, pods:wait_for("ready", { deleted = true }, 0.1))
  assert(pods:delete "ready")
  equal(pods:wait_for("ready", { deleted = true }, 10), true)
  equal(pods:wait_for("ready", { deleted = true }), true)
  fails(k8sc.E_INVALID, pods:wait_for("ready", { deleted = true }, 1, { labels = "a=b" }))
  check.raises("either a condition", pods.wait_for, pods, "ready", {})
  check.raises('unknown option "deletd"', pods.wait_for, pods, "ready", { deletd = true })
end)

test("a client that is closed ends its watches", function()
  local c = assert(k8sc.connect { kubeconfig = fake.kubeconfig, qps = -1 })
  local watch = c:core_v1():pods():watch { fields = { ["metadata.name"] = "chosen" } }
  equal(watch:next(10).type, "ADDED")
  c:close()
  local event = watch:next(10)
  equal(event.type, "ERROR")
  equal(watch:next(10), nil)
end)

client:close()
fake:stop()
check.done()
