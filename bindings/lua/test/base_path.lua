--- A server at a path of its host, as behind a proxy that has several clusters: whatever is sent goes below that path.
local check = require "check"
local k8sc = require "k8sc"
local testing = require "k8sc.testing"
local test, equal, fails, matches = check.test, check.equal, check.fails, check.matches

local base = "/k8s/clusters/c-x"
local server = assert(testing.start { base_path = base .. "/", token = "secret", pods = 1 })
local client = assert(server:connect())
local pods, maps = client.core_v1.pods("default"), client.core_v1.config_maps("default")
assert(server:set_pod_log("default", "pod-00000", "main", "one\n"))

local function map(name) return { apiVersion = "v1", kind = "ConfigMap", metadata = { name = name } } end
local manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n"

-- What a call sends, and that it is below the path.
local function below(name, fn)
  local before = #assert(server:requests())
  fn()
  local requests = assert(server:requests())
  if #requests <= before then error(name .. " sends nothing", 2) end
  for i = before + 1, #requests do
    if requests[i].path:sub(1, #base + 1) ~= base .. "/" then error(name .. " asks for " .. requests[i].path, 2) end
  end
end

-- The functions that an object has, by its metatable.
local function functions_of(object)
  local index = getmetatable(object).__index
  for i = 1, 20 do
    local name, value = debug.getupvalue(index, i)
    if name == "methods" then return value end
  end
  error "no methods found"
end

-- Calls each of them, in no order; false: it sends nothing.
local function each(object, calls)
  for name in pairs(functions_of(object)) do
    if calls[name] == nil then error(name .. " is not tried") end
    if calls[name] then below(name, calls[name]) end
  end
end

local function first(iterator)
  for value in iterator do return value end
end

test("where it is", function()
  matches(server.url, base:gsub("%p", "%%%0") .. "$")
  equal(client:server(), server.url)
  check.raises("base_path", testing.start, { base_path = 5 })
  local none, err = testing.start { base_path = "/a//b" }
  equal(none, nil)
  matches(err.message, "path must be like")
end)

test("every verb goes below the path", function()
  local apply = { field_manager = "me" }
  each(pods, {
    namespace = false,
    get = function() assert(pods:get "pod-00000") end,
    list = function() assert(pods:list()) end,
    list_all = function() assert(pods:list_all()) end,
    pages = function() assert(first(pods:pages())) end,
    create = function() assert(maps:create(map "made")) end,
    update = function()
      assert(server:put(map "changed"))
      assert(maps:update(assert(maps:get "changed")))
    end,
    update_status = function() assert(pods:update_status(assert(pods:get "pod-00000"))) end,
    apply = function() assert(maps:apply(map "applied", apply)) end,
    apply_status = function() assert(pods:apply_status({ apiVersion = "v1", kind = "Pod", metadata = { name = "pod-00000" } }, apply)) end,
    patch = function() assert(pods:patch("pod-00000", { metadata = { labels = { a = "b" } } })) end,
    delete = function()
      assert(server:put(map "deleted"))
      assert(maps:delete "deleted")
    end,
    delete_collection = function() assert(maps:delete_collection()) end,
    watch = function() assert(first(assert(pods:watch()))) end,
    retry_watch = function() assert(first(assert(pods:retry_watch { resource_version = "1" }))) end,
    wait_for = function() assert(pods:wait_for("none", { deleted = true }, 20)) end,
    log = function() equal(assert(pods:log("pod-00000", { container = "main" })), "one\n") end,
    log_lines = function() equal(first(assert(pods:log_lines("pod-00000", { container = "main" }))), "one") end,
  })
end)

test("discovery goes below the path", function()
  local discovery = assert(client:discovery { cache = "none" })
  each(discovery, {
    invalidate = false,
    is_fresh = false,
    groups = function() assert(discovery:groups()) end,
    resources = function() assert(discovery:resources "apps/v1") end,
    all = function() assert(discovery:all()) end,
    preferred = function()
      assert(discovery:preferred())
      assert(discovery:preferred { namespaced = true })
    end,
    version = function() assert(discovery:version()) end,
    openapi_v2 = function() assert(discovery:openapi_v2()) end,
    openapi_v3 = function()
      assert(discovery:openapi_v3())
      equal(assert(discovery:openapi_v3 "apps/v1").openapi, "3.0.0")
    end,
    has = function()
      assert(discovery:has "apps/v1")
      assert(discovery:has("apps/v1", "deployments"))
    end,
  })
end)

test("what a client does goes below the path", function()
  local function anew() return check.closing(assert(server:connect())) end
  local own = anew()
  each(client, {
    on_error = false, resource = false, resource_known = false, subscribe = false, unsubscribe = false, stop = false, fd = false, server = false,
    default_namespace = false, close = false, discovery = false, on_log = false, on_warning = false, on_trace = false, metrics = false,
    prometheus = false,
    request = function() equal(select(2, assert(client:request("GET", "/version"))), 200) end,
    lines = function() assert(first(assert(client:lines("GET", "/api/v1/namespaces/default/pods?limit=1")))) end,
    find = function() assert(anew():find "deploy") end,
    category = function() assert(anew():category "all") end,
    kind = function() assert(anew():kind("apps/v1", "Deployment")) end,
    create_manifest = function()
      server:remove("v1", "configmaps", "default", "m")
      assert(client:create_manifest(manifest))
    end,
    apply_manifest = function() assert(client:apply_manifest(manifest, { field_manager = "me" })) end,
    delete_manifest = function()
      assert(server:put(map "m"))
      assert(client:delete_manifest(manifest))
    end,
    informers = function()
      for _, mode in ipairs { "pages", "auto" } do
        local informer = own:informers { list_mode = mode }.core_v1.pods()
        assert(informer:wait_for_sync(20))
      end
      assert(own:informers():kind("v1", "ConfigMap"):wait_for_sync(20))
    end,
    step = function()
      own:informers().core_v1.secrets():on { add = print }
      own:step(0)
      assert(server:get("v1", "pods", "default", "pod-00000"))
      while #assert(server:actions { resource = "secrets" }) == 0 do own:step(0.05) end
    end,
    run = function()
      own:informers().core_v1.nodes():on { sync = function() own:stop() end }
      own:run()
    end,
  })
end)

test("no way out of it", function()
  for _, path in ipairs { "/../c-y/version", "/%2e%2e/c-y/version" } do
    matches(fails(k8sc.E_INVALID, client:request("GET", path)).message, "segment")
  end
end)

client:close()
server:stop()
check.done()
