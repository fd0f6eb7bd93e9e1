--- The collector against what is in use: events without end, handles dropped in every order, the end of the process.
local check = require "check"
local k8sc = require "k8sc"
local testing = require "k8sc.testing"
local test, equal = check.test, check.equal
local closing = check.closing

local server = assert(testing.start { pods = 200 })

test("100,000 events with collections throughout", function()
  local client = closing(assert(server:connect()))
  local informer = client:informers():core_v1():pods()
  local events, kept = 0, {}
  local function seen(pod)
    events = events + 1
    if events % 100 == 0 then
      -- Parts outlive what they come from.
      kept[events / 100 % 50 + 1] = pod.metadata.labels
      collectgarbage "step"
    end
    if events % 5000 == 0 then collectgarbage() end
    return pod.metadata.name .. (pod.status.phase or "") .. (pod.spec.nodeName or "")
  end
  -- A handler that comes late is told of everything that is there.
  assert(informer:wait_for_sync(20))
  for i = 1, 500 do
    local registration = informer:on { add = seen, update = seen }
    check.eventually(client, function() return events >= i * 200 end)
    if i % 2 == 0 then registration:remove() end
  end
  equal(events >= 100000, true)
  for _, labels in ipairs(kept) do equal(type(k8sc.tojson(labels)), "string") end
end)

-- Every order of five things of which each but the first came of another.
local function orders(items, fn, done)
  if #items == 0 then return fn(done) end
  for i = 1, #items do
    local rest = {}
    for j, item in ipairs(items) do
      if j ~= i then rest[#rest + 1] = item end
    end
    local next_done = { k8sc.ipairs and (table.unpack or unpack)(done) }
    next_done[#next_done + 1] = items[i]
    orders(rest, fn, next_done)
  end
end

test("dropped in every order", function()
  local count = 0
  orders({ "client", "factory", "informer", "registration", "pod" }, function(order)
    local held = {}
    held.client = assert(server:connect())
    held.factory = held.client:informers { namespace = "default" }
    held.informer = held.factory:core_v1():pods()
    held.registration = held.informer:on { add = function() end }
    if count % 10 == 0 then
      assert(held.informer:wait_for_sync(20))
      held.pod = held.informer:get("default", "pod-00001")
    end
    for _, name in ipairs(order) do
      held[name] = nil
      collectgarbage()
    end
    count = count + 1
  end, {})
  equal(count, 120)
end)

test("two clients in one process do not share events", function()
  local first, second = closing(assert(server:connect())), closing(assert(server:connect()))
  local ones, twos = 0, 0
  first:informers():core_v1():pods():on { add = function() ones = ones + 1 end }
  second:informers { labels = { none = "such" } }:core_v1():pods():on { add = function() twos = twos + 1 end, sync = function() second:stop() end }
  assert(second:run())
  check.eventually(first, function() return ones == 200 end)
  equal(twos, 0)
end)

test("a process that just ends", function()
  local script = ([[
    local client = require("k8sc").connect{ kubeconfig = os.getenv "CONFIG" }
    client:informers():core_v1():pods():on{ add = function() end }
    client:step(5)
    client.core_v1.pods():watch()
    print "ended"]]):gsub("\n", " ")
  local path = os.tmpname()
  assert(server:write_kubeconfig(path))
  for _, ending in ipairs { "", " os.exit(0)", " error('at the end')" } do
    local pipe = assert(io.popen(("CONFIG=%s timeout 30 %s -e '%s%s' 2>&1; echo $?"):format(path, arg[-1], script, (ending:gsub("'", '"')))))
    local text = pipe:read "*a"
    pipe:close()
    check.matches(text, "ended")
    check.matches(text, ending:find "error" and "\n1\n$" or "\n0\n$")
  end
  os.remove(path)
end)

test("an error in each kind of function", function()
  local client, told = closing(assert(server:connect())), {}
  client.on_error = function(err, what) told[#told + 1] = what .. tostring(err) end
  local function broken(what) return function() error("broken " .. what) end end
  local informer = client:informers { namespace = "default" }:core_v1():pods()
  informer:on { add = broken "add", update = broken "update", delete = broken "delete", sync = broken "sync" }
  assert(client:on_trace(broken "trace"))
  assert(informer:wait_for_sync(20))
  assert(client.core_v1.pods("default"):patch("pod-00000", { metadata = { labels = { a = "b" } } }))
  assert(client.core_v1.pods("default"):delete "pod-00001")
  check.eventually(client, function()
    local all = table.concat(told)
    return all:find "broken add" and all:find "broken update" and all:find "broken delete" and all:find "broken sync" and all:find "broken trace"
  end)
end)

assert(server:stop())
check.done()
