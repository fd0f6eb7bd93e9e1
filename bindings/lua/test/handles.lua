--- Handles against what scripts do with them: uses after the end, in finalizers, at the end of the
--- program, in forked children, and in the place of something else.
local check = require "check"
local k8sc = require "k8sc"
local process = require "test_process"
local testing = require "k8sc.testing"
local test, equal, raises = check.test, check.equal, check.raises
local closing = check.closing

local server = assert(testing.start { pods = 3 })
local function connect() return assert(server:connect()) end

-- Each makes something, and answers what uses it.
local uses = {
  ["client:close"] = function(client) return function() return client:close() end end,
  ["client:step"] = function(client) return function() return client:step() end end,
  ["client:server"] = function(client) return function() return client:server() end end,
  ["client:informers"] = function(client)
    return function() return assert(client:informers():start()) end
  end,
  ["client:discovery"] = function(client) return function() return client:discovery() end end,
  ["pods:get"] = function(client)
    local pods = client.core_v1.pods("default")
    return function() return pods:get "pod-00000" end
  end,
  ["watch:cancel"] = function(client)
    local watch = client.core_v1.pods():watch()
    return function() return watch:cancel() end
  end,
  ["watch:next"] = function(client)
    local watch = client.core_v1.pods():watch()
    return function() return watch:next(0) end
  end,
  ["lines:next"] = function(client)
    local lines = client:lines("GET", "/version")
    return function() return lines:next(0) end
  end,
  ["the next of pages"] = function(client)
    local item = client.core_v1.pods():pages()
    return item
  end,
  ["informer:get"] = function(client)
    local informer = client:informers():core_v1():pods()
    return function() return informer:get("default", "pod-00000") end
  end,
  ["registration:remove"] = function(client)
    local registration = client:informers():core_v1():pods():on { add = function() end }
    return function() return registration:remove() end
  end,
  ["subscription:cancel"] = function(client)
    local subscription = client:on_trace(function() end)
    return function() return subscription:cancel() end
  end,
  ["discovery:groups"] = function(client)
    local discovery = client:discovery()
    return function() return discovery:groups() end
  end,
  ["token:cancel"] = function()
    local token = k8sc.cancel()
    return function() return token:cancel() end
  end,
  ["server:count"] = function()
    local other = assert(testing.start())
    return function() return other:count() end
  end,
  ["fault:count"] = function()
    local fault = assert(assert(testing.start()):fault { status = { code = 500 } })
    return function() return fault:count() end
  end,
}
local function object()
  local list = { 1, { ["a\"b"] = "c" } }
  return assert(k8sc.object { kind = "A", text = ("x"):rep(5000), list = list })
end
for name, use in pairs {
  ["object.field"] = function(it) return it.text end,
  ["#object"] = function(it) return #it end,
  ["object:tojson"] = function(it) return k8sc.tojson(it) end,
  ["object:totable"] = function(it) return k8sc.totable(it) end,
  ["object:toyaml"] = function(it) return k8sc.toyaml(it) end,
  ["tostring(object)"] = tostring,
  ["create(object)"] = function(it) return connect().core_v1.pods("default"):create(it) end,
} do
  uses[name] = function()
    local it = object()
    return function() return use(it) end
  end
end
uses["the walk of pairs"] = function()
  local next_field, state, key = k8sc.pairs(object())
  return function()
    for _, value in next_field, state, key do tostring(value) end
  end
end
uses["an element of an array"] = function()
  local list = object().list
  return function() return list[2] end
end

-- What `use` did in a finalizer that runs after those of all that `use` needs.
local function in_finalizer(make)
  local answered
  local function leave()
    local use
    -- Held until `use` is there: a collection may begin at any allocation.
    local held = { check.finalized(function() answered = { pcall(use) } end) }
    use = make(connect())
    held[1] = nil
  end
  leave()
  for _ = 1, 4 do collectgarbage() end
  return assert(answered, "the finalizer did not run")
end

local names = {}
for name in pairs(uses) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do
  test("in a finalizer: " .. name, function()
    local answered = in_finalizer(uses[name])
    equal(answered[1], false)
    check.matches(answered[2], "collected$")
  end)
end

-- Runs Lua text in an interpreter of its own; answers what it wrote, and its status behind it.
local function run(script)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(script)
  file:close()
  local pipe = assert(io.popen(("timeout 60 %s %s 2>&1; echo status $?"):format(arg[-1], path)))
  local text = pipe:read "*a"
  pipe:close()
  os.remove(path)
  return text
end

test("at the end of a program finalizers may do what they like", function()
  local text = run [[
    local check, k8sc, testing = require "check", require "k8sc", require "k8sc.testing"
    local held = {}
    local function use(name, fn) io.write(name, " ", tostring(select(2, pcall(fn))), "\n") end
    held.first = check.finalized(function()
      local client = held.client
      use("close", function() return client:close() end)
      use("get", function() return held.pods:get "pod-00000" end)
      use("cancel", function() return held.watch:cancel() end)
      use("walk", function() for _, value in held.next do tostring(value) end end)
      use("count", function() return held.server:count() end)
    end)
    held.server = assert(testing.start { pods = 1 })
    held.client = assert(held.server:connect())
    held.pods = held.client.core_v1.pods("default")
    held.watch = held.pods:watch()
    held.next = k8sc.pairs(assert(k8sc.object { kind = "A", text = ("x"):rep(5000) }))
    -- This one runs while all of it is there; what it allocates, and the collection, run the
    -- finalizers of what it uses in Lua 5.1.
    held.last = check.finalized(function()
      local texts = {}
      for i = 1, 200 do
        texts[i] = pcall(function()
          return tostring(held.client) .. k8sc.tojson(held.pods:get "pod-00000")
        end)
        texts[i] = pcall(function() return k8sc.totable(held.pods:get "pod-00000") end)
        if i % 50 == 0 then collectgarbage() end
      end
      print "last"
    end)
  ]]
  check.matches(text, "last\n")
  for _, name in ipairs { "close", "get", "cancel", "walk", "count" } do
    check.matches(text, name .. " [^\n]*collected\n")
  end
  check.matches(text, "\nstatus 0\n$")
end)

test("closed, cancelled and released more than once", function()
  local client = closing(connect())
  local watch = client.core_v1.pods():watch()
  watch:cancel()
  watch:cancel()
  equal(watch:next(), nil)
  local lines = assert(client:lines("GET", "/version"))
  lines:cancel()
  equal(lines:next(), nil)
  local subscription = client:on_trace(function() end)
  subscription:cancel()
  subscription:cancel()
  assert(client:close())
  assert(client:close())
  check.fails(k8sc.E_CLOSED, client.core_v1.pods():list())
end)

test("finalizers are not for scripts", function()
  local client = closing(connect())
  for _, value in ipairs { client.handle, object(), object().list } do
    equal(type(getmetatable(value)), "string")
  end
  raises("no fields", function() client.handle.x = 1 end)
  raises("closed or collected", function()
    local queue = client.handle:queue()
    debug.getmetatable(queue).__gc(queue)
    queue:fd()
  end)
end)

test("what is no handle is not taken for one", function()
  local client = closing(connect())
  local pods, discovery = client.core_v1.pods("default"), client:discovery()
  local strangers = {
    object(), object().list, io.stdout, k8sc.null, client.handle, client, {}, print, true,
    coroutine.create(function() end),
  }
  -- Where it is no number, which every text may be.
  local large = k8sc.int64 "9007199254740993"
  if type(large) == "userdata" then strangers[#strangers + 1] = large end
  for _, stranger in ipairs(strangers) do
    for name, fn in pairs {
      openapi_v3 = function() return discovery:openapi_v3(stranger) end,
      category = function() return client:category(stranger) end,
      set_token = function() return server:set_token(stranger) end,
      add_token = function() return server:add_token(stranger) end,
      load = function() return server:load(stranger) end,
      put = function() return assert(server:put(stranger)) end,
      get = function() return server:get("v1", "pods", stranger, "a") end,
      remove = function() return server:remove("v1", "pods", "default", stranger) end,
      generate_pods = function() return server:generate_pods(stranger) end,
      set_pod_log = function() return server:set_pod_log("default", "pod-00000", stranger, "") end,
      append_pod_log = function()
        return server:append_pod_log("default", "pod-00000", "main", stranger)
      end,
      restart_container = function() return server:restart_container(stranger, "a", "b") end,
      write_kubeconfig = function() return server:write_kubeconfig(stranger) end,
      kubernetes_version = function() return testing.start { kubernetes_version = stranger } end,
      request = function() return client:request("GET", "/version", { cancel = stranger }) end,
      share = function()
        if stranger == client then error "a client is right" end
        return k8sc.connect { server = server.url, share = stranger }
      end,
      name = function() return pods:get(stranger) end,
      take = function() return client.handle.take(stranger) end,
    } do
      local ok, err = pcall(fn)
      if ok then error(("%s takes a %s (%s)"):format(name, type(stranger), tostring(stranger))) end
      -- What is wrong is told where it was given; a tail call has no place.
      if tostring(err):find "^[^:]*k8sc/%l+%.lua:%d" then
        error("raised within the library: " .. tostring(err))
      end
    end
  end
  raises('handles.lua:%d+: group and version expected, such as "apps/v1"; got userdata', function()
    discovery:openapi_v3(object())
  end)
  raises("handles.lua:%d+: set_token: string expected as argument 1, got null", function()
    server:set_token(k8sc.null)
  end)
  raises("handles.lua:%d+: close: called on what is no client, but nil", function()
    client.handle.close(nil, 0)
  end)
  raises("handles.lua:%d+: close: called on what is no client, but queue", function()
    client.handle.close(client.queue, 0)
  end)
  raises("handles.lua:%d+: server: 0 arguments expected, got 1", function()
    client.handle:server(1)
  end)
end)

test("numbers and text that the library could not take whole", function()
  local client = closing(connect())
  raises("get: string without a zero byte expected as argument 1, got string", function()
    client.core_v1.pods("default"):get "pod-00000\0x"
  end)
  raises("generate_pods: integer of 32 bits expected as argument 3", function()
    server:generate_pods(2147483648)
  end)
  raises("list: max_retries: integer of 32 bits expected, got ", function()
    client.core_v1.pods():list { max_retries = 2 ^ 40 }
  end)
  equal(assert(server:set_pod_log("default", "pod-00000", "main", "a\0b")), true)
  equal(client.core_v1.pods("default"):log("pod-00000", { container = "main" }), "a\0b")
end)

test("nothing of SWIG's is left among the globals", function()
  equal(rawget(_G, "swig_type"), nil)
  equal(rawget(_G, "swig_equals"), nil)
end)

test("a forked child may end, but not use what it was born with", function()
  local client = connect()
  local informer = client:informers():core_v1():pods()
  assert(informer:wait_for_sync(20))
  local watch = client.core_v1.pods():watch()
  local text = run [[
    local process, k8sc, testing = require "test_process", require "k8sc", require "k8sc.testing"
    io.stdout:setvbuf "no"
    local server = assert(testing.start { pods = 2 })
    local client = assert(server:connect())
    local informer = client:informers():core_v1():pods()
    assert(informer:wait_for_sync(20))
    local watch = client.core_v1.pods():watch()
    assert(watch:next(20))
    local pid = process.fork()
    if pid == 0 then
      local list, err = client.core_v1.pods():list()
      print(list, err.code == k8sc.E_FORKED)
      print("server", (pcall(function() return assert(server:set_token "x") end)))
      watch:cancel()
      local own = assert(testing.start { pods = 1 })
      print(#assert(assert(own:connect()).core_v1.pods():list()))
      return
    end
    print(process.wait(pid, 30))
    print(#assert(client.core_v1.pods():list()))
  ]]
  check.matches(text, "^nil\ttrue\nserver\tfalse\n1\nexit\t0\n2\nstatus 0\n$")
  watch:cancel()
  client:close()
end)

assert(server:stop())
check.done()
