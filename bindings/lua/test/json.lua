--- Documents: reading them lazily, as tables, and back.
local check = require "check"
local k8sc = require "k8sc"
local test, equal = check.test, check.equal

local text = [=[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-1","namespace":"default","labels":{"app":"web","tojson":"label"},]=]
  .. [=["generation":9007199254740993,"creationTimestamp":null},"spec":{"containers":[{"name":"a","image":"i:1"},{"name":"b","image":"i:2"}],]=]
  .. [=["volumes":[],"nodeSelector":{},"ratio":0.5,"whole":1e3,"huge":18446744073709551615,"hostNetwork":false},"deep":[[1,2],[3]],]=]
  .. [=["text":"tab\t quote\" slash\/ \u00e9 \ud83d\ude00 nul\u0000!","k\u00e9y":1,"twice":1,"twice":2}]=]
local pod = assert(k8sc.object(text))

test("fields read as those of a table", function()
  equal(pod.metadata.name, "web-1")
  equal(pod.spec.containers[1].image, "i:1")
  equal(pod.spec.containers[2].name, "b")
  equal(pod.spec.containers[3], nil)
  equal(pod.spec.containers[0], nil)
  equal(pod.spec.containers[-1], nil)
  equal(pod.spec.containers["1"], nil)
  equal(pod.spec.containers[1.5], nil)
  equal(pod.spec[1], nil)
  equal(pod.absent, nil)
  equal(pod.metadata.absent, nil)
end)

test("integers are exact, and integers", function()
  equal(pod.metadata.generation, k8sc.int64 "9007199254740993")
  equal(check.number_type(pod.metadata.generation), "integer")
  equal(pod.spec.ratio, 0.5)
  equal(pod.spec.whole, 1000.0)
  equal(check.number_type(pod.spec.huge), "float")
  local limits = assert(k8sc.object '{"a":9223372036854775807,"b":-9223372036854775808,"c":0,"d":-1}')
  equal(limits.a, k8sc.int64 "9223372036854775807")
  equal(limits.b, k8sc.int64 "-9223372036854775808")
  equal(limits.c, 0)
  equal(limits.d, -1)
end)

test("absent, null, false and empty are told apart", function()
  equal(pod.metadata.creationTimestamp, k8sc.null)
  equal(pod.spec.hostNetwork, false)
  equal(#pod.spec.volumes, 0)
  equal(k8sc.is_array(pod.spec.volumes), true)
  equal(k8sc.is_array(pod.spec.nodeSelector), false)
end)

test("text is unescaped", function()
  equal(pod.text, "tab\t quote\" slash/ é 😀 nul\0!")
  equal(pod["kéy"], 1)
  equal(pod.twice, 2, "the last of two members")
end)

test("length, pairs and ipairs", function()
  equal(#pod.spec.containers, 2)
  equal(#pod.metadata.labels, 2)
  local keys = {}
  for key, value in k8sc.pairs(pod.metadata.labels) do keys[#keys + 1] = key .. "=" .. value end
  equal(table.concat(keys, " "), "app=web tojson=label")
  local names = {}
  for i, container in k8sc.ipairs(pod.spec.containers) do names[i] = container.name end
  equal(table.concat(names, " "), "a b")
  names = {}
  for i, container in k8sc.pairs(pod.spec.containers) do names[i] = container.name end
  equal(table.concat(names, " "), "a b")
  for _ in k8sc.pairs(pod.spec.volumes) do error "an element of an empty array" end
  equal(pod.deep[2][1], 3)
  equal(pod.deep[1][2], 2)
  -- Backwards and twice, past the walk that is kept.
  local containers = pod.spec.containers
  equal(containers[2].name .. containers[1].name .. containers[1].name .. tostring(containers[5]) .. containers[2].name, "baanilb")
end)

test("Lua's own pairs and ipairs, where they know objects", function()
  if check.is_lua51 then return end
  local keys = {}
  for key, value in pairs(pod.metadata.labels) do keys[#keys + 1] = key .. "=" .. value end
  equal(table.concat(keys, " "), "app=web tojson=label")
  for i, container in ipairs(pod.spec.containers) do equal(container.name, ({ "a", "b" })[i]) end
end)

test("k8sc.pairs and ipairs know tables too", function()
  for key, value in k8sc.pairs { a = 1 } do equal(key .. value, "a1") end
  local sum = 0
  for i, value in k8sc.ipairs { 1, 2, nil, 4 } do sum = sum + i * value end
  equal(sum, 5)
end)

test("integers of 64 bits print, compare, concatenate and are sent as they are", function()
  local big, bigger = k8sc.int64 "9007199254740993", k8sc.int64 "9007199254740994"
  equal(tostring(big), "9007199254740993")
  equal(big .. "", "9007199254740993")
  equal(big < bigger and big <= bigger and bigger > big and big ~= bigger, true)
  equal(k8sc.int64 "-7", -7)
  equal(k8sc.tojson { a = big, b = k8sc.int64 "-9223372036854775808" }, '{"a":9007199254740993,"b":-9223372036854775808}')
  equal(k8sc.tojson(k8sc.totable(pod.metadata)):match '"generation":(%d+)', "9007199254740993")
  check.raises('int64: an integer of 64 bits expected, got "1.5"', k8sc.int64, "1.5")
  check.raises("int64: an integer", k8sc.int64, "9223372036854775808")
  if jit then equal(k8sc.tojson { a = require("ffi").cast("int64_t", -5), b = loadstring "return 9007199254740993LL" () }, '{"a":-5,"b":9007199254740993}') end
end)

test("the same part is equal to itself", function()
  equal(pod.metadata == pod.metadata, true)
  equal(pod.metadata == pod.spec, false)
  equal(pod == k8sc.object(text), false)
  equal(pod.metadata == 1, false)
end)

test("objects are frozen", function()
  check.raises("frozen", function() pod.metadata.name = "x" end)
  check.raises("frozen", function() pod.spec.containers[1] = "x" end)
end)

test("methods exist on whole objects, and fields win over them", function()
  -- Of two members of one name the last counts.
  equal(pod:tojson(), (text:gsub(" +$", ""):gsub('"twice":1,', "")))
  equal(pod:totable().metadata.name, "web-1")
  check.matches(pod:toyaml(), "\nkind: Pod\n")
  equal(pod.metadata.labels.tojson, "label")
  equal(pod.metadata.tojson, nil)
  equal(assert(k8sc.object '{"tojson":1}').tojson, 1)
  equal(k8sc.tojson(pod.metadata.labels), '{"app":"web","tojson":"label"}')
  equal(k8sc.totable(pod.spec.containers)[2].image, "i:2")
end)

test("tostring names it", function()
  equal(tostring(pod), "Pod default/web-1")
  equal(tostring(assert(k8sc.object '{"kind":"Node","metadata":{"name":"n"}}')), "Node n")
  equal(tostring(pod.metadata.labels), '{"app":"web","tojson":"label"}')
  equal(tostring(assert(k8sc.object '{"a":1}')), '{"a":1}')
  -- Of a Secret only what it is called, whichever part of it is printed; tojson has the rest.
  local secret = assert(k8sc.object [[{"kind":"Secret","metadata":{"name":"s","namespace":"d","annotations":{"a":"hunter2"}},
    "data":{"p":"aHVudGVyMg=="},"stringData":{"p":"hunter2"},"list":["hunter2"]}]])
  equal(tostring(secret), "Secret d/s")
  for _, part in ipairs { secret.data, secret.stringData, secret.metadata, secret.metadata.annotations, secret.list } do
    equal(tostring(part), "part of Secret d/s, which is not shown")
  end
  equal(k8sc.tojson(secret.stringData), '{"p":"hunter2"}')
  equal(tostring(assert(k8sc.object '{"kind":"Secret","stringData":{"p":"hunter2"}}')), "Secret, which is not shown")
  local list = assert(k8sc.object '{"kind":"SecretList","items":[{"data":{"p":"aHVudGVyMg=="}}]}')
  equal(tostring(list), "SecretList, which is not shown")
  equal(tostring(list.items[1].data), "part of SecretList, which is not shown")
end)

test("a table and back is the same text", function()
  local same = [=[{"a":[],"b":{},"c":null,"d":[null,false,0,""],"e":{"f":[{}]},"g":9007199254740993,"h":-0.25}]=]
  equal(k8sc.tojson(k8sc.totable(assert(k8sc.object(same)))), same)
end)

test("tables become JSON", function()
  equal(k8sc.tojson {}, "{}")
  equal(k8sc.tojson(k8sc.array {}), "[]")
  equal(k8sc.tojson(k8sc.array()), "[]")
  equal(k8sc.tojson { 1, "a", true, k8sc.null }, '[1,"a",true,null]')
  equal(k8sc.tojson { b = 2, a = 1 }, '{"a":1,"b":2}')
  equal(k8sc.tojson(6 / 2), "3")
  equal(k8sc.tojson(0.1), "0.1")
  equal(k8sc.tojson(1e300), "1e+300")
  equal(k8sc.tojson(1 / 3), "0.33333333333333331")
  equal(k8sc.tojson(k8sc.int64 "-9223372036854775808"), "-9223372036854775808")
  equal(k8sc.tojson '"\\\n\0é/', [["\"\\\n\u0000é/"]])
  equal(k8sc.tojson { spec = pod.spec.containers[1] }, '{"spec":{"name":"a","image":"i:1"}}')
end)

test("what has no JSON form raises", function()
  check.raises("an array has", k8sc.tojson, { 1, nil, 3 })
  check.raises("key name", k8sc.tojson, { 1, name = 2 })
  check.raises("key 1.5, which is a number", k8sc.tojson, { [1.5] = 1 })
  check.raises("function has no JSON form", k8sc.tojson, { f = print })
  check.raises("nan has no JSON form", k8sc.tojson, 0 / 0)
  check.raises("inf has no JSON form", k8sc.tojson, math.huge)
  local loop = {}
  loop.loop = loop
  check.raises("contain itself", k8sc.tojson, loop)
  check.raises("an array has", k8sc.tojson, k8sc.array { 1, nil, 3 })
end)

test("objects from tables, JSON and YAML", function()
  equal(assert(k8sc.object { a = { b = 1 } }).a.b, 1)
  equal(assert(k8sc.object "a:\n  b: 2\n").a.b, 2)
  equal(assert(k8sc.object ' {"a":{"b":3}}').a.b, 3)
  equal(k8sc.object(pod), pod)
  equal(assert(k8sc.object(pod.metadata)).name, "web-1")
  check.fails(k8sc.E_PARSE, k8sc.object '{"a":')
  check.fails(k8sc.E_PARSE, k8sc.object "a: [")
  check.fails(k8sc.E_PARSE, k8sc.object(pod.spec.containers))
  check.fails(k8sc.E_PARSE, k8sc.object { a = "\255" })
  check.raises("object expected", k8sc.object, 5)
  check.raises("object expected", k8sc.object)
end)

test("JSON Pointers", function()
  equal(k8sc.get(pod, "/metadata/labels/app"), "web")
  equal(k8sc.get(pod, "/spec/containers/1/name"), "b")
  equal(k8sc.get(pod, "/spec/containers/2/name"), nil)
  equal(k8sc.get(pod, "/no/such/field"), nil)
  equal(k8sc.get(pod, "/metadata/name/deeper"), nil)
  equal(k8sc.get(pod, "/tojson"), nil)
  equal(k8sc.get(pod, ""), pod)
  equal(k8sc.get({ ["a/b"] = { ["c~d"] = { 7 } } }, "/a~1b/c~0d/0"), 7)
  equal(k8sc.get({ a = false }, "/a"), false)
  check.raises("JSON Pointer expected", k8sc.get, pod, "metadata/name")
end)

test("parts outlive what they were read from", function()
  local spec = assert(k8sc.object(text)).spec
  collectgarbage()
  collectgarbage()
  equal(spec.containers[2].image, "i:2")
  local iterate, state = k8sc.pairs(assert(k8sc.object '{"a":"b"}'))
  collectgarbage()
  local key, value = iterate(state)
  equal(key .. value, "ab")
end)

test("nesting up to the limit", function()
  local deep = ('{"a":'):rep(900) .. "1" .. ("}"):rep(900)
  equal(k8sc.tojson(k8sc.totable(assert(k8sc.object(deep)))), deep)
  check.fails(k8sc.E_TOO_LARGE, k8sc.object(('{"a":'):rep(10100) .. "1" .. ("}"):rep(10100)))
end)

test("memory of objects is told to the collector", function()
  local filler = ("x"):rep(100000)
  local seen = setmetatable({}, { __mode = "k" })
  for i = 1, 200 do seen[assert(k8sc.object { text = filler })] = i end
  local alive = 0
  for _ in pairs(seen) do alive = alive + 1 end
  assert(alive < 150, alive .. " of 200 objects of 100 KB are still there")
end)

test("constants and version", function()
  check.matches(k8sc.version, "^%d+%.%d+%.%d+$")
  equal(k8sc.E_TIMEOUT, -9)
  check.raises("k8sc has no E_TIMEOOT", function() return k8sc.E_TIMEOOT end)
  equal(k8sc.nothing, nil)
end)

check.done()
