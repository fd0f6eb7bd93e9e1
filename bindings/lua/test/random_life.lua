--- One life of the randomised test: lua random_life.lua <seed> <seconds>. It ends as programs do,
--- with what is there still, and with 1 where it found a fault. What crashes or hangs is seen by
--- whoever started it: random.lua.
-- LuaJIT 2.1.0-beta3 never leaves a compiled loop over pairs() where a finalizer ran that has such
-- loops, too.
if jit then jit.off() end
local check = require "check"
local k8sc = require "k8sc"
local process = require "test_process"
local random = require "random_values"
local testing = require "k8sc.testing"
local walk = require "random_walk"
local unpack = table.unpack or unpack

local seed, seconds = assert(tonumber(arg[1])), assert(tonumber(arg[2]))
random.seed(seed)
-- Where a machine is busy it goes on until enough was called, but not for ever.
local enough, ends, latest = 120, process.now() + seconds, process.now() + 40
local calls, functions, known, faults, depth, in_child = 0, {}, 0, {}, 0, false
local finish_at

local function is_over()
  local now = process.now()
  if finish_at then return now >= finish_at end
  return now >= latest or now >= ends and (in_child or known >= enough)
end

-- Waits without an end become short ones: both are what all waits of the library are told by.
local wait, options = require "k8sc.wait", require "k8sc.options"
local real_deadline, real_milliseconds = wait.deadline, options.milliseconds
function wait.deadline(timeout, what)
  return math.min(real_deadline(timeout, what) or math.huge, real_deadline(0.03))
end
function options.milliseconds(given, what)
  local ms = real_milliseconds(given, what)
  return (ms == -1 or ms > 300) and 300 or ms
end
-- Those of handles, whose numbers are milliseconds; and how many arguments lead to the time.
local waits = {
  wait_for = 3, wait_for_sync = 1, wait_for_cache_sync = 1, wait_for_resource_version = 2,
  wait_for_condition = 5, wait_for_deletion = 3, poll = 1, accept = 1, close = 1,
}

local function keep(value)
  local kind = type(value)
  if kind == "table" and not debug.getmetatable(value) then return end
  if kind ~= "table" and kind ~= "userdata" and kind ~= "thread" then return end
  local at = #random.things < 120 and #random.things + 1 or random.below(120)
  random.things[at] = value
end

local function some_calls() random.calls(2) end

-- What mostly makes sense, so that more than the look at arguments is reached.
local usual = {
  get = { { "pod-00000" }, { "default", "pod-00000" }, { "v1", "pods", "default", "pod-00000" } },
  resource = { { "v1", "pods", "default" }, { "v1", "pods" } },
  request = { { "GET", "/version" } }, lines = { { "GET", "/api/v1/pods" } },
  log = { { "pod-00000" } }, log_lines = { { "pod-00000" } },
  informers = { { { namespace = "default" } }, {} }, discovery = { { { cache = "memory" } }, {} },
  find = { { "deploy" } }, category = { { "all" } }, kind = { { "deploy" }, { "v1", "Pod" } },
  has = { { "v1", "pods" } }, resources = { { "v1" } }, openapi_v3 = { { "v1" }, {} },
  create = { { { apiVersion = "v1", kind = "Pod", metadata = { name = "made" } } } },
  delete = { { "made" } }, patch = { { "pod-00001", { metadata = { labels = { a = "b" } } } } },
  list = { {}, { { limit = 1 } } }, pages = { { { limit = 1 } } }, watch = { {} },
  retry_watch = { { { resource_version = "1" } } }, namespace = { { "default" } },
  wait_for = { { "pod-00000", { deleted = true }, 0.02 } },
  object = { { { kind = "A", list = { 1, { b = "c" } } } } }, pairs = { {} },
  decode = { { '{"a":[1,{"b":"\\u00e9"}]}' } },
  fault = { { { verb = "list", times = 1, status = { code = 500 } } } },
  generate_pods = { { 2 }, { 2, "default", "more" } },
  set_pod_log = { { "default", "pod-00000", "main", "a\nb" } },
  apply_manifest = { {
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n",
    { field_manager = "me" },
  } },
  step = { {}, { 0.01 } }, start = { { { pods = 1 } }, {} }, on_log = { { "debug", some_calls } },
  on_trace = { { some_calls } }, on_warning = { { some_calls } },
  on = { { { add = some_calls, error = function() end } } },
  by_index = { { "namespace", "default" } }, index_values = { { "namespace" } },
}

local function arguments_for(name, subject)
  local known = usual[name]
  local given, count
  if known and random.below(3) > 1 then
    given = { unpack(random.one_of(known)) }
    count = #given
    if random.once_in(3) then
      local at = random.below(count + 1)
      given[at], count = random.value(), math.max(count, at)
    end
  else
    given, count = {}, random.below(5) - 1
    for i = 1, count do given[i] = random.value() end
  end
  local time = waits[name]
  if time then
    count = math.max(count, time)
    if given[time] == nil or type(given[time]) == "number" then
      given[time] = type(subject) == "userdata" and 20 or 0.02
    end
  end
  return given, count
end

local function describe(...)
  local texts = {}
  for i = 1, select("#", ...) do
    local ok, text = pcall(tostring, (select(i, ...)))
    texts[i] = ok and text:sub(1, 60):gsub("%c", "?") or "?"
  end
  return table.concat(texts, ", ")
end

-- Those that this library calls itself, and nobody else does.
local internal = {
  new = true, subscribe = true, unsubscribe = true, resource_known = true, forget_handlers = true,
}
-- Told once, where the library is loaded: anything else would make another library of it.
local setup = { library = true, set_object_methods = true }
local made_by_start = { ["k8sc.lines"] = true, ["k8sc.watch"] = true }
local function is_internal(name, subject)
  local meta = debug.getmetatable(subject)
  return internal[name] or name == "start" and meta and made_by_start[rawget(meta, "__name")]
end

-- Who gives something wrong is told so where he does; nothing is raised from inside of the library.
local function judge(ok, err, name, told, subject, ...)
  if ok or not told or is_internal(name, subject) or type(err) ~= "string" then return end
  local place = err:match "^([^:]*):%d+:" or ""
  if not place:find "k8sc/%l+%.lua$" and not place:find "lua/k8sc%.lua$" then return end
  local text = "%s(%s) raises within the library: %s"
  faults[#faults + 1] = text:format(name, describe(subject, ...), err)
end

local function run_for_short(value, count)
  for _ = 1, count do
    local ok, first, second = pcall(value)
    if not ok or first == nil then return end
    keep(first)
    keep(second)
  end
end

-- `told`: whether the function is documented, and so has to say what is wrong with what it is
-- given.
local function call(name, fn, subject, told)
  local given, count = arguments_for(name, subject)
  if name == "run" and type(subject) == "table" then
    pcall(function() subject.stopping = true end)
  end
  if not functions[fn] then known = known + 1 end
  calls, functions[fn] = calls + 1, true
  local results
  if subject == nil then
    results = { pcall(fn, unpack(given, 1, count)) }
  else
    results = { pcall(fn, subject, unpack(given, 1, count)) }
  end
  judge(results[1], results[2], name, told, subject, unpack(given, 1, count))
  for i = 2, is_internal(name, subject) and 0 or math.min(#results, 5) do
    keep(results[i])
    if type(results[i]) == "function" then run_for_short(results[i], 4) end
  end
end

local function call_something()
  -- A function of a module, or of what is in use; now and then on what it is not for.
  if random.once_in(5) then
    local module = random.one_of(walk.modules())
    local found = walk.functions_of(module.value)
    if #found == 0 then return end
    local chosen = random.one_of(found)
    if setup[chosen.name] then return end
    return call(chosen.name, chosen.fn, nil, module.name == "k8sc" or module.name == "k8sc.testing")
  end
  local subject = random.one_of(random.things)
  local found = walk.functions_of(subject)
  if #found == 0 then return end
  local chosen = random.one_of(found)
  -- Rarely, since it ends what others need.
  local is_end = chosen.name == "__gc" or chosen.name == "close" or chosen.name == "stop"
  if is_end and not random.once_in(6) then return end
  if random.once_in(8) then return call(chosen.name, chosen.fn, random.value(), false) end
  call(chosen.name, chosen.fn, subject, not chosen.name:find "^__")
end

--- Some calls; inside of handlers and finalizers, too, but not for ever.
function random.calls(count)
  if depth >= 3 then return end
  depth = depth + 1
  for _ = 1, type(count) == "number" and count == count and count <= 10 and count or 2 do
    if is_over() then break end
    local ok, err = pcall(call_something)
    if not ok then faults[#faults + 1] = tostring(err) end
  end
  depth = depth - 1
  if random.once_in(10) then error("a handler fails", 0) end
end

-- What is made after a guard is finalized before it: the guard then finds it gone.
local function litter(server)
  local held = {}
  keep(check.finalized(function()
    for _, value in pairs(held) do
      keep(value)
      if type(value) == "function" then run_for_short(value, 3) end
    end
    pcall(random.calls, 3)
  end))
  random.things[#random.things] = nil  -- nobody else holds it
  held.client = server:connect { timeout = 0.3 }
  if not held.client then return end
  held.pods = held.client.core_v1.pods("default")
  held.watch = held.pods:watch { timeout = 0.3 }
  held.lines = held.client:lines("GET", "/api/v1/pods", { timeout = 0.3 })
  held.object = k8sc.object { kind = "A", text = ("x"):rep(2000), list = { 1, { ["b\"c"] = 2 } } }
  held.part = held.object.list
  held.walk = k8sc.pairs(held.object)
  held.informer = held.client:informers():core_v1():pods()
  held.handle = held.client.handle
end

local function new_world()
  local server = assert(testing.start { pods = 2, token = random.once_in(4) and "secret" or nil })
  local client = assert(server:connect { timeout = 0.3 })
  client.on_error = function() end
  local factory = client:informers { namespace = "default" }
  local informer = factory:core_v1():pods()
  local pods = client.core_v1.pods("default")
  local function handler() random.calls(2) end
  for _, value in ipairs {
    server, client, factory, informer, pods, client:resource("apps/v1", "deployments"),
    client.core_v1, client:discovery(), k8sc.cancel(),
    informer:on {
      add = handler, update = handler, delete = handler, sync = handler, error = handler,
    },
    client:on_log("debug", handler), client:on_trace(handler), client:on_warning(handler),
    server:fault { verb = "delete", status = { code = 500 } }, (pods:watch { timeout = 0.3 }),
    assert(k8sc.object { kind = "A", b = { 1, 2 } }), k8sc.array {}, client.handle, client.queue,
    server.handle, informer.lister,
  } do keep(value) end
  return server, client
end

local may_fork = not os.getenv "K8SC_NO_RANDOM_FORKS"

local function in_a_child()
  local pid = process.fork()
  if pid == 0 then
    in_child, ends, faults = true, process.now() + 0.1, {}
    random.seed(seed + 1)
    return true
  end
  local how, number = process.wait(pid, 60)
  if how == "exit" and number == 0 then return false end
  faults[#faults + 1] = ("a forked child ends with %s %d"):format(how, number)
end

local function live()
  while not is_over() do
    local server, client = new_world()
    for round = 1, 60 do
      if is_over() then break end
      pcall(random.calls, 4)
      pcall(client.step, client)
      if round % 20 == 0 then pcall(litter, server) end
      if random.once_in(12) then collectgarbage() end
      if random.once_in(4) then collectgarbage "step" end
      if may_fork and random.once_in(40) and not in_child and in_a_child() then return end
      if random.once_in(20) then pcall(coroutine.wrap(function() random.calls(3) end)) end
    end
    pcall(client.close, client, 1)
    if random.once_in(2) then pcall(server.stop, server) end
  end
end

io.stdout:setvbuf "no"
local ok, err = xpcall(live, debug.traceback)
if not ok then faults[#faults + 1] = err end
-- What finalizers do at the end.
finish_at = process.now() + 1
local where = in_child and "fault in a child: " or "fault: "
for i = 1, math.min(#faults, 10) do print(where .. faults[i]) end
if #faults > 0 then os.exit(1) end
if not in_child then print(("%d calls of %d functions"):format(calls, known)) end
-- The end of the file ends the state, with all that is there still.
