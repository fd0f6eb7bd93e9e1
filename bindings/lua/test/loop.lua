--- The loop: step, run, stop, handlers that fail, and the end of things.
local check = require "check"
local k8sc = require "k8sc"
local test, equal, fails = check.test, check.equal, check.fails
local closing = check.closing

local fake = check.server { pods = 5 }
local function connect() return assert(k8sc.connect { kubeconfig = fake.kubeconfig, qps = -1 }) end

test("run until stop, started by itself", function()
  local client = closing(connect())
  local names = {}
  client:informers():core_v1():pods():on {
    add = function(pod) names[#names + 1] = pod.metadata.name end,
    sync = function() client:stop() end,
  }
  assert(client:run())
  equal(#names, 5)
end)

test("stop ends the run that follows", function()
  local client = closing(connect())
  client:stop()
  assert(client:run())
end)

test("stop within a handler ends the step at once; what waits is for the next", function()
  local client = closing(connect())
  local seen = 0
  local informer = client:informers():core_v1():pods()
  informer:on { add = function()
    seen = seen + 1
    client:stop()
  end }
  assert(client:run())
  equal(seen, 1)
  assert(client:run())
  equal(seen, 2)
end)

test("step answers the number of events, and waits no longer than asked", function()
  local client = closing(connect())
  local before = os.time()
  equal(client:step(), 0)
  equal(client:step(0), 0)
  equal(client:step(0.1), 0)
  assert(os.time() - before <= 2)
  client:informers():core_v1():pods():on { add = function() end, sync = function() end }
  local total = 0
  while total < 6 do total = total + assert(client:step(5)) end
  equal(total, 6)
  check.raises("step: number of seconds expected", client.step, client, "x")
end)

test("a failing handler is told to on_error with a traceback, and the loop goes on", function()
  local client = closing(connect())
  local told, seen = {}, 0
  client.on_error = function(err, what) told[#told + 1] = what .. ": " .. tostring(err) end
  client:informers():core_v1():pods():on {
    add = function()
      seen = seen + 1
      error "broken"
    end,
    sync = function() client:stop() end,
  }
  assert(client:run())
  equal(seen, 5)
  equal(#told, 5)
  check.matches(told[1], "^handler of informer of pods: .*loop.lua:%d+: broken\nstack traceback")
end)

test("error values of handlers arrive as they are", function()
  local client = closing(connect())
  local value, got = {}, nil
  client.on_error = function(err)
    got = err
    client:stop()
  end
  client:informers():core_v1():pods():on { add = function() error(value) end }
  assert(client:run())
  equal(got, value)
end)

test("what on_error raises comes out of run, and nothing is lost", function()
  local client = closing(connect())
  local seen = 0
  client.on_error = function(err) error(err, 0) end
  client:informers():core_v1():pods():on {
    add = function(pod)
      seen = seen + 1
      if seen == 2 then error("fatal " .. pod.metadata.name, 0) end
    end,
    sync = function() client:stop() end,
  }
  check.raises("fatal pod%-", client.run, client)
  assert(client:run())
  equal(seen, 5)
end)

test("on_error writes to standard error unless it is replaced", function()
  local client = closing(connect())
  local written = {}
  local stderr = io.stderr
  io.stderr = { write = function(_, ...) written[#written + 1] = table.concat { ... } end }
  client.on_error("text", "handler of x")
  io.stderr = stderr
  equal(written[1], "k8sc: handler of x: text\n")
end)

test("a step ends after those that waited at its start", function()
  local client = closing(connect())
  local pods = client.core_v1.pods("default")
  local informer = client:informers():core_v1():pods()
  local calls = 0
  assert(informer:on {
    update = function(_, new)
      calls = calls + 1
      if calls > 20 then error("the step does not end", 0) end
      -- Another event waits before this one is done.
      local labels = { calls = tostring(calls) }
      local changed = assert(pods:patch("pod-00000", { metadata = { labels = labels } }))
      assert(informer:wait_for_resource_version(changed.metadata.resourceVersion, 20))
    end,
  })
  client.on_error = function(err) error(err, 0) end
  assert(informer:wait_for_sync(20))
  while client:step() > 0 do end
  assert(pods:patch("pod-00000", { metadata = { labels = { calls = "0" } } }))
  equal(client:step(20), 1)
  equal(client:step(), 1)
  equal(calls, 2)
end)

test("a step ends where each event is the cause of the next", function()
  local client = closing(connect())
  local traces = 0
  assert(client:on_trace(function()
    traces = traces + 1
    if traces < 50 then assert(client:request("GET", "/version")) end
  end))
  assert(client:request("GET", "/version"))
  equal(client:step(20), 1)
  assert(traces < 50)
end)

test("handlers may use the client, yield and step again", function()
  -- In plain Lua 5.1 nothing can yield through a pcall.
  if check.is_lua51 and not check.is_luajit then return end
  local client = closing(connect())
  local pods, got = client:resource("v1", "pods", "default"), 0
  client:informers():core_v1():pods():on {
    add = function(pod)
      got = got + (assert(pods:get(pod.metadata.name)) == pod and 0 or 1)
      coroutine.yield(pod.metadata.name)
      assert(client:step())
    end,
    sync = function() client:stop() end,
  }
  local loop = coroutine.wrap(function()
    assert(client:run())
    return "ended"
  end)
  local answers = {}
  repeat answers[#answers + 1] = loop() until answers[#answers] == "ended"
  equal(#answers, 6)
  equal(got, 5)
end)

test("a handler may close the client", function()
  local client = connect()
  local seen = 0
  client:informers():core_v1():pods():on { add = function()
    seen = seen + 1
    client:close()
  end }
  equal(client:run(), true)
  equal(seen, 1)
  fails(k8sc.E_CLOSED, client:step())
end)

test("run of a client that is closed ends at once", function()
  local client = connect()
  assert(client:close())
  equal(client:run(), true)
  check.raises("close: number of seconds expected", client.close, client, "x")
end)

test("the descriptor belongs to a queue, and is readable while events wait", function()
  local client = closing(connect())
  local fd = client:fd()
  equal(check.number_type(fd), "integer")
  assert(fd > 2)
  -- No poll() in Lua: what the kernel tells of an eventfd says whether it is set.
  local function readable()
    local file = io.open("/proc/self/fdinfo/" .. fd)
    if not file then return nil end
    local text = file:read "*a"
    file:close()
    local count = text:match "eventfd%-count:%s*(%x+)"
    return count and tonumber(count, 16) > 0
  end
  if readable() == nil then return end
  equal(readable(), false)
  local factory = client:informers()
  factory:core_v1():pods():on { add = function() end }
  assert(factory:wait_for_sync(10))
  equal(readable(), true)
  client:step()
  equal(readable(), false)
end)

test("nothing needs to be closed", function()
  for _ = 1, 5 do
    local client = connect()
    client:informers():core_v1():pods():on { add = function() end }
    client:step()
    client:core_v1():pods():watch()
  end
  collectgarbage()
  collectgarbage()
end)

test("a client stays while its informer is held, and the other way round", function()
  local seen = 0
  local client = connect()
  client:informers():core_v1():pods():on { add = function() seen = seen + 1 end }
  collectgarbage()
  check.eventually(client, function() return seen == 5 end)
  local informer
  do
    local other = connect()
    informer = other:informers():core_v1():pods()
  end
  collectgarbage()
  assert(informer:wait_for_sync(10))
  equal(informer:size(), 5)
  if not check.is_lua51 then equal(#informer, 5) end
end)

test("a client is closed at the end of its block", function()
  if check.is_lua51 then return end
  local client = connect()
  assert(load "local client <close> = ..." )(client)
  fails(k8sc.E_CLOSED, client:step())
end)

test("Ctrl-C ends run, also where nothing happens", function()
  local script = ("require'k8sc'.connect{kubeconfig='%s'}:run()"):format(fake.kubeconfig)
  local interpreter = arg[-1]
  local pipe = closing(assert(io.popen(("timeout -s INT -k 20 5 %s -e \"%s\" 2>&1; echo $?"):format(interpreter, script))))
  local text = pipe:read "*a"
  check.matches(text, "interrupted!")
  check.matches(text, "124\n$")
end)

fake:stop()
check.done()
