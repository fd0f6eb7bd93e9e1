--- What the randomised test gives to functions: chosen by a seed, the same in each Lua.
local k8sc = require "k8sc"

local random = { state = 1 }

-- Park and Miller's, whose products a double holds.
local function next_number()
  random.state = random.state * 16807 % 2147483647
  return random.state
end

function random.seed(seed)
  random.state = seed % 2147483646 + 1
  for _ = 1, 5 do next_number() end
end

--- An integer of 1 to n.
function random.below(n) return next_number() % n + 1 end
function random.one_of(list) return list[random.below(#list)] end
--- True once in n times.
function random.once_in(n) return random.below(n) == 1 end

local plain = {
  false, true, 0, 1, 2, 20, -2, 1.5, 0 / 0, 2 ^ 31, 2 ^ 53, -2 ^ 53, "", "x", "a\0b", "\255\254",
  ("x"):rep(3000), "v1", "apps/v1", "pods", "default", "pod-00000", "pod-00001", "GET", "/version",
  "/api/v1/pods", "a=b", "a in (b", "{}", "[1]", '{"kind":', "kind: ConfigMap", "a: [", "Pod",
  "deploy", "all", "merge", "disk", "admin", "/metadata/name", "info", "namespace",
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n", "%s%n%d", "../..",
  "1", "K8SC", "main", "add", "Ready", print, k8sc.null, io.stdout,
  coroutine.create(function() end), k8sc.int64 "9007199254740993",
  k8sc.int64 "-9223372036854775808",
}
if jit then plain[#plain + 1] = require("ffi").new("int64_t", 7) end
local keys = {
  "name", "namespace", "kind", "metadata", "labels", "fields", "limit", "timeout", "cancel",
  "type", "body", "share", "server", "token", "pods", "objects", "kinds", "users", "drop",
  "resync", "add", "update", "sync", "error", "follow", "container", "condition", "deleted",
  "cache", "ttl", "directory", "verb", "resource", "status", "times", "field_manager", "force",
  "data", "spec", 1, 2, "nonsense",
}

-- What is in use: whoever calls puts in what functions have answered.
random.things = {}

local function table_of_values(depth)
  local made = {}
  for _ = 1, random.below(4) - 1 do made[random.one_of(keys)] = random.value(depth + 1) end
  if random.once_in(8) then
    setmetatable(made, { __index = function() error "an __index that fails" end })
  end
  return made
end

--- Any value; nil often.
function random.value(depth)
  depth = depth or 0
  local choice = random.below(100)
  if choice <= 8 then return nil end
  if choice <= 55 then return random.one_of(plain) end
  if choice <= 75 and #random.things > 0 then return random.one_of(random.things) end
  if choice <= 92 and depth < 3 then return table_of_values(depth) end
  return random.calls
end

return random
