--- Informers: handlers, the local copy, and its indexes.
local check = require "check"
local k8sc = require "k8sc"
local testing = require "k8sc.testing"
local test, equal, fails = check.test, check.equal, check.fails
local closing = check.closing

local fake = check.server { pods = 20 }
local client = assert(k8sc.connect { kubeconfig = fake.kubeconfig, qps = -1 })
local pods = client:resource("v1", "pods", "default")

local function pod(name, labels)
  return { apiVersion = "v1", kind = "Pod", metadata = { name = name, labels = labels }, spec = { nodeName = "extra", containers = { { name = "a", image = "b" } } } }
end

local factory = client:informers { namespace = "default", drop = "managedFields" }
local informer = factory:core_v1():pods()

test("a factory has one informer for a resource", function()
  equal(factory:core_v1():pods(), informer)
  equal(factory:resource("v1", "pods"), informer)
  equal(factory:core_v1():nodes() == informer, false)
  equal(tostring(informer), "informer of pods")
  equal(informer:has_synced(), false)
  equal(informer:resource_version(), "")
end)

local log, initial = {}, 0
local registration

test("add, with initial, then sync", function()
  registration = assert(informer:on {
    add = function(object, is_initial)
      if is_initial then initial = initial + 1 else log[#log + 1] = "add " .. object.metadata.name end
    end,
    update = function(old, new)
      log[#log + 1] = ("update %s %s->%s"):format(new.metadata.name, old.metadata.labels.v, new.metadata.labels.v)
    end,
    delete = function(object, inferred) log[#log + 1] = ("delete %s %s"):format(object.metadata.name, tostring(inferred)) end,
    sync = function(...)
      equal(select("#", ...), 2)
      log[#log + 1] = "sync " .. initial
    end,
  })
  equal(registration:has_synced(), false)
  check.eventually(client, function() return #log > 0 end)
  equal(log[1], "sync 20")
  equal(registration:has_synced(), true)
  equal(informer:has_synced(), true)
  check.matches(informer:resource_version(), "^%d+$")
end)

test("changes: add, update with both states, delete", function()
  log = {}
  assert(pods:create(pod("x", { v = "1" })))
  assert(pods:patch("x", { metadata = { labels = { v = "2" } } }))
  assert(pods:delete "x")
  check.eventually(client, function() return #log == 3 end)
  equal(table.concat(log, ", "), "add x, update x 1->2, delete x false")
end)

test("the local copy", function()
  assert(pods:create(pod("y", { app = "unusual" })))
  check.eventually(client, function() return informer:get("default", "y") end)
  equal(informer:size(), 21)
  equal(informer:size(), 21)
  equal(#informer:list(), 21)
  equal(#informer:list { labels = { app = "unusual" } }, 1)
  equal(#informer:list { label_selector = "app=unusual" }, 1)
  equal(#informer:list { namespace = "default" }, 21)
  equal(#informer:list { namespace = "other" }, 0)
  fails(k8sc.E_PARSE, informer:list { labels = "a in" })
  local err = fails(k8sc.E_API, informer:get("default", "none"))
  equal(err:is_not_found(), true)
  check.raises("name expected", informer.get, informer)
  check.raises("list: unknown option", informer.list, informer, { ns = "x" })
end)

test("an index finds objects by their values", function()
  assert(informer:add_index("node", "/spec/nodeName"))
  local there = assert(informer:by_index("node", "extra"))
  equal(#there, 1)
  equal(there[1].metadata.name, "y")
  equal(#assert(informer:by_index("node", "nowhere")), 0)
  equal(#assert(informer:by_index("namespace", "default")), 21)
  local values = assert(informer:index_values "namespace")
  equal(table.concat(values, ","), "default")
  fails(k8sc.E_INVALID, informer:by_index("nothing", "x"))
  fails(k8sc.E_INVALID, informer:index_values "nothing")
  fails(k8sc.E_INVALID, informer:add_index("bad", "no pointer"))
  fails(k8sc.E_INVALID, informer:add_index("node", "/spec/nodeName"))
  check.raises("name and JSON Pointer expected", informer.add_index, informer, "x", print)
  check.raises("string expected as value", informer.by_index, informer, "node")
end)

test("indexes over labels and owners", function()
  assert(informer:add_label_index("app", "app"))
  assert(informer:add_owner_index "owner")
  local owned = pod("owned", { app = "unusual" })
  owned.metadata.ownerReferences = { { apiVersion = "apps/v1", kind = "ReplicaSet", name = "r", uid = "u-1" } }
  local written = assert(pods:create(owned))
  assert(informer:wait_for_resource_version(written.metadata.resourceVersion, 20))
  equal(#assert(informer:by_index("app", "unusual")), 2)
  local there = assert(informer:by_index("owner", "u-1"))
  equal(#there, 1)
  equal(there[1].metadata.name, "owned")
  fails(k8sc.E_PARSE, informer:add_label_index("bad", "a,b"))
  fails(k8sc.E_INVALID, informer:add_owner_index "app")
  check.raises("name and key of a label expected", informer.add_label_index, informer, "x")
  check.raises("add_owner_index: name expected", informer.add_owner_index, informer)
  assert(pods:delete "owned")
  check.eventually(client, function() return #assert(informer:by_index("owner", "u-1")) == 0 end)
end)

test("lists by fields", function()
  equal(#assert(informer:list { fields = { ["metadata.name"] = "y" } }), 1)
  equal(#assert(informer:list { field_selector = "metadata.name!=y", namespace = "default" }), 20)
  equal(#assert(informer:list { fields = "metadata.name=y", labels = { app = "unusual" } }), 1)
  equal(#assert(informer:list { fields = "metadata.name=y", labels = { app = "none" } }), 0)
  fails(k8sc.E_INVALID, informer:list { fields = { ["spec.nodeName"] = "extra" } })
end)

test("an informer tells its statistics", function()
  local told = assert(informer:statistics())
  equal(told.resource, "pods")
  equal(told.synced, true)
  equal(told.objects, informer:size())
  equal(check.number_type(told.bytes), "integer")
  check.matches(told.last_event_at, "^%d+%-%d+%-%d+T")
  local all = assert(factory:statistics())
  local found
  for _, one in ipairs(all) do found = found or one.resource == "pods" end
  equal(found, true)
  equal(assert(factory:wait_for_cache_sync(10))["v1/pods"], true)
end)

test("the informer of a kind, and removing it", function()
  local other = client:informers()
  local maps = assert(other:kind("v1", "ConfigMap"))
  equal(maps, other:core_v1():configmaps())
  local err = fails(k8sc.E_API, other:kind("v1", "Nonsense"))
  check.matches(tostring(err), "Nonsense")
  check.raises("apiVersion and kind expected", other.kind, other, "v1")
  assert(other:wait_for_sync(10))
  assert(other:remove(maps))
  equal(maps == other:core_v1():configmaps(), false)
  check.raises("an informer of this factory expected", other.remove, other, maps)
  other:shutdown()
end)

test("waiting for a version", function()
  assert(informer:wait_for_resource_version(informer:resource_version()))
  local err = fails(k8sc.E_TIMEOUT, informer:wait_for_resource_version("99999999999", 0.05))
  check.matches(tostring(err), "99999999999")
  fails(k8sc.E_INVALID, informer:wait_for_resource_version("x", 1))
  check.raises("resourceVersion expected", informer.wait_for_resource_version, informer, 5)
end)

test("a handler that falls behind gets the newest", function()
  local values, synced = {}, false
  local slow = assert(informer:on {
    limit = 1,
    update = function(old, new) values[#values + 1] = old.metadata.labels.v .. ">" .. new.metadata.labels.v end,
    sync = function() synced = true end,
  })
  local written = assert(pods:create(pod("behind", { v = "0" })))
  assert(informer:wait_for_resource_version(written.metadata.resourceVersion, 20))
  check.eventually(client, function() return synced and slow:depth() == 0 end)
  for i = 1, 5 do
    written = assert(pods:patch("behind", { metadata = { labels = { v = tostring(i) } } }))
  end
  assert(informer:wait_for_resource_version(written.metadata.resourceVersion, 20))
  equal(slow:depth(), 1)
  equal(slow:coalesced(), 4)
  check.eventually(client, function() return #values == 1 end)
  equal(values[1], "0>5")
  slow:remove()
  for _, policy in ipairs { "coalesce", "backpressure", "keep_all" } do
    assert(informer:on { when_full = policy, add = print }):remove()
  end
  fails(k8sc.E_INVALID, informer:on { limit = 0, add = print })
  check.raises("limit: number of events expected", informer.on, informer, { limit = "x", add = print })
  check.raises("when_full: \"coalesce\"", informer.on, informer, { when_full = "x", add = print })
  check.raises("has no limit", informer.on, informer, { when_full = "keep_all", limit = 5, add = print })
  check.raises("at least one of", informer.on, informer, { limit = 5 })
  assert(pods:delete "behind")
  check.eventually(client, function() return #assert(informer:list { fields = "metadata.name=behind" }) == 0 end)
end)

test("compressed or not, it reads the same", function()
  for _, from in ipairs { false, 0, 1048576 } do
    local other = client:informers { namespace = "default", compression_threshold = from }
    local copy = other:core_v1():pods()
    assert(copy:wait_for_sync(20))
    for _, object in ipairs(assert(copy:list())) do
      equal(object.spec.nodeName, assert(informer:get("default", object.metadata.name)).spec.nodeName)
    end
    equal(copy:size(), informer:size())
    assert(other:shutdown())
  end
  check.raises("number of bytes or false expected", client.informers, client, { compression_threshold = true })
end)

test("several handlers, one added late", function()
  local adds, initials, synced = 0, 0, false
  local late = assert(informer:on {
    add = function(_, is_initial)
      adds = adds + 1
      if is_initial then initials = initials + 1 end
    end,
    sync = function() synced = true end,
  })
  check.eventually(client, function() return synced end)
  equal(adds, 21)
  equal(initials, 21)
  log = {}
  assert(pods:create(pod "z"))
  check.eventually(client, function() return adds == 22 and #log == 1 end)

  assert(late:remove())
  assert(late:remove())
  assert(pods:delete "z")
  check.eventually(client, function() return #log == 2 end)
  equal(adds, 22)
end)

test("a handler that is removed while its events wait gets none", function()
  local called = 0
  local gone = assert(informer:on { add = function() called = called + 1 end })
  gone:remove()
  client:step(0.2)
  equal(called, 0)
end)

test("a handler may remove itself", function()
  local called, own = 0, nil
  own = assert(informer:on { add = function()
    called = called + 1
    own:remove()
  end })
  check.eventually(client, function() return called > 0 end)
  client:step(0.2)
  equal(called, 1)
end)

test("resync repeats update", function()
  local other = client:informers()
  local updates, same = 0, true
  assert(other:core_v1():pods():on { resync = 1, update = function(old, new)
    updates = updates + 1
    same = same and new.metadata.resourceVersion == old.metadata.resourceVersion
  end })
  check.eventually(client, function() return updates >= 21 end)
  equal(same, true)
  assert(other:shutdown())
end)

test("wait_for_sync, of a factory and of an informer", function()
  local other = client:informers { labels = { app = "unusual" }, resync = 60, custom_resync = { ["apps/v1/deployments"] = 30 }, page_size = 100,
    watch_idle_timeout = 60, list_mode = "pages" }
  local chosen = other:core_v1():pods()
  assert(other:wait_for_sync(10))
  equal(chosen:size(), 1)
  equal(chosen:get("default", "y").metadata.name, "y")
  assert(other:apps_v1():deployments():wait_for_sync(10))
  assert(other:shutdown())
  fails(k8sc.E_STATE, other:start())
end)

test("wait_for_sync has an end", function()
  local nobody = closing(assert(k8sc.connect { server = "http://127.0.0.1:1" }))
  local never = nobody:informers()
  never:core_v1():pods()
  local err = fails(k8sc.E_TIMEOUT, never:wait_for_sync(0.3))
  check.matches(err, "pods")
end)

test("errors go to the handler that asks for them", function()
  local nobody = closing(assert(k8sc.connect { server = "http://127.0.0.1:1" }))
  local errors = {}
  nobody.on_error = function() error "it was told twice" end
  local list = nobody:informers():core_v1():pods()
  list:on { add = print }
  list:on { error = function(err) errors[#errors + 1] = err end }
  check.eventually(nobody, function() return errors[1] end)
  equal(errors[1].code, k8sc.E_CONNECT)
end)

test("errors that nobody asks for go to on_error, once", function()
  local nobody = closing(assert(k8sc.connect { server = "http://127.0.0.1:1" }))
  local told = {}
  nobody.on_error = function(err, what) told[#told + 1] = what .. ": " .. err.name end
  local list = nobody:informers():core_v1():pods()
  list:on { add = print }
  list:on { delete = print }
  check.eventually(nobody, function() return told[1] end)
  equal(told[1], "informer of pods: K8SC_E_CONNECT")
  nobody:step()
  equal(#told, 1)
end)

test("what is wrong with a factory or an informer is told by start, step and run", function()
  local c = closing(assert(k8sc.connect { kubeconfig = fake.kubeconfig }))
  local wrong = c:informers { labels = "a in" }
  local informer_of_wrong = wrong:core_v1():pods()
  fails(k8sc.E_PARSE, informer_of_wrong:on { add = print })
  fails(k8sc.E_PARSE, informer_of_wrong:list())
  fails(k8sc.E_PARSE, informer_of_wrong:wait_for_sync(1))
  fails(k8sc.E_PARSE, wrong:start())
  fails(k8sc.E_PARSE, c:step())
  fails(k8sc.E_PARSE, c:run())
  assert(wrong:shutdown())
  local other = c:informers()
  fails(k8sc.E_INVALID, other:resource("v1", "po/ds"):on { add = print })
  fails(k8sc.E_INVALID, c:run())
  fails(k8sc.E_INVALID, c:informers({ resync = -5 }):start())
  check.raises("drop: \"managedFields\"", c.informers, c, { drop = "status" })
  check.raises("drop: string or table of strings", c.informers, c, { drop = { 5 } })
  check.raises("keep: string or table of strings", c.informers, c, { keep = true })
  fails(k8sc.E_INVALID, c:informers({ keep = { "spec" } }):start())
  fails(k8sc.E_INVALID, c:informers({ drop = "/metadata/name" }):start())
  fails(k8sc.E_INVALID, c:informers({ compression_threshold = -5 }):start())
  check.raises("custom_resync: key such as", c.informers, c, { custom_resync = { pods = 5 } })
  check.raises("at least one of", other:core_v1():pods().on, other:core_v1():pods(), {})
  check.raises("on: add: function expected, got string", other:core_v1():pods().on, other:core_v1():pods(), { add = "x" })
end)

test("what is left out of objects", function()
  local c = assert(k8sc.connect { kubeconfig = fake.kubeconfig, qps = -1 })
  local function one(given)
    given.namespace, given.field_selector = "default", "metadata.name=ruled"
    local ruled = c:informers(given):core_v1():pods()
    assert(ruled:wait_for_sync(30))
    local object = assert(ruled:get("default", "ruled"))
    return object
  end
  local made = pod("ruled", { a = "b" })
  made.metadata.annotations = { ["x.io/a"] = "1", ["y.io/a"] = "2" }
  assert(pods:create(made))
  local object = one { drop = { "managedFields", "/spec/nodeName" }, drop_annotations = "x.io/" }
  equal(object.metadata.annotations["x.io/a"], nil)
  equal(object.metadata.annotations["y.io/a"], "2")
  equal(object.spec.nodeName, nil)
  equal(object.spec.containers[1].image, "b")
  object = one { keep = { "/spec/containers/*/image" } }
  equal(object.metadata.labels.a, "b")
  equal(object.metadata.annotations, nil)
  equal(object.spec.nodeName, nil)
  equal(object.spec.containers[1].name, nil)
  equal(object.spec.containers[1].image, "b")
  object = one { metadata_only = true }
  equal(object.kind, "PartialObjectMetadata")
  equal(object.spec, nil)
  assert(pods:delete("ruled"))
  assert(c:close())
end)

test("stop: the copy stays readable", function()
  local c = closing(assert(k8sc.connect { kubeconfig = fake.kubeconfig, qps = -1 }))
  local list = c:informers():core_v1():pods()
  assert(list:wait_for_sync(10))
  assert(list:stop())
  equal(list:size(), 21)
  equal(list:get("default", "y").metadata.name, "y")
  fails(k8sc.E_STATE, list:on { add = print })
end)

test("deletes that were missed are inferred", function()
  local server = closing(assert(testing.start { event_window = 10, objects = { pod("gone", { app = "gone" }) } }))
  local c = closing(assert(server:connect()))
  c.on_error = function() end
  local list = c:informers { labels = { app = "gone" } }:core_v1():pods()
  local said
  list:on { delete = function(object, inferred) said = { name = object.metadata.name, inferred = inferred } end }
  check.eventually(c, function() return list:size() == 1 end)
  -- While it may not watch, the pod goes, and then the server forgets that it went.
  local away = assert(server:fault { verb = "watch", resource = "pods", status = { code = 503 } })
  assert(server:disconnect())
  assert(server:remove("v1", "pods", "default", "gone"))
  assert(server:generate_pods(20))
  assert(away:remove())
  check.eventually(c, function() return said end)
  equal(said.name, "gone")
  equal(said.inferred, true)
  equal(list:size(), 0)
end)

test("a custom resource", function()
  local widgets = client:resource("example.com/v1", "widgets", "default")
  assert(widgets:create { apiVersion = "example.com/v1", kind = "Widget", metadata = { name = "w" } })
  local list = client:informers():resource("example.com/v1", "widgets")
  assert(list:wait_for_sync(10))
  equal(list:get("default", "w").kind, "Widget")
end)

client:close()
equal(informer:get("default", "y").metadata.name, "y")
fake:stop()
check.done()
