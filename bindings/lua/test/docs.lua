--- Every snippet of docs/lua.md, run against a fake API server. What a snippet takes for granted is in `given`.
local check = require "check"
local k8sc = require "k8sc"
local testing = require "k8sc.testing"
local test = check.test

local source = arg[0]:match "^(.*)bindings/lua/test/[^/]*$"
local server = assert(testing.start { pods = 3, kinds = { { "example.com/v1", "engines", "Engine" } } })
local connect = k8sc.connect

-- A loop that ends by itself once nothing happens any more.
local function run(client)
  local idle = 0
  while idle < 3 do
    local count = k8sc.assert(client:step(0.1))
    idle = count == 0 and idle + 1 or 0
  end
end

local function client()
  local made = k8sc.assert(server:connect())
  made.run = run
  return made
end

-- What a snippet finds beside Lua's own; what it prints goes to `printed`.
local function environment(printed)
  local of = client()
  local pods = of.core_v1.pods("default")
  return setmetatable({
    k8sc = k8sc,
    client = of,
    pods = pods,
    list = k8sc.assert(pods:list()),
    done = true,
    patch = { data = { more = "x" } },
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-text}\n",
    print = function(...)
      local words = { ... }
      for i = 1, select("#", ...) do words[i] = tostring(words[i]) end
      printed[#printed + 1] = table.concat(words, " ")
    end,
    assert = k8sc.assert,
  }, { __index = _G })
end

-- As `require "k8sc"` in a snippet finds it: without arguments it connects to this server.
k8sc.connect = function(given)
  if given then return connect(given) end
  return client()
end

-- What must have been printed where a word is in the snippet.
local expected = { ["pods:on{"] = "%+ pod%-00002", ["pods:watch{"] = "MODIFIED Pod default/pod%-00000", ["prometheus"] = "rest_client_requests_total" }

local function run_snippet(text, line)
  local printed, name = {}, "@docs/lua.md:" .. line
  local env = environment(printed)
  -- What waits for an event after `list` gets one.
  k8sc.assert(env.pods:patch("pod-00000", { metadata = { labels = { line = tostring(line) } } }))
  local chunk
  if setfenv then
    chunk = assert(loadstring(text, name))
    setfenv(chunk, env)
  else
    chunk = assert(load(text, name, "t", env))
  end
  chunk()
  for word, pattern in pairs(expected) do
    if text:find(word, 1, true) then check.matches(table.concat(printed, "\n"), pattern) end
  end
end

local count, line, inside, first = 0, 0, nil, nil
for text in io.lines(source .. "docs/lua.md") do
  line = line + 1
  if inside and text == "```" then
    local snippet, at = table.concat(inside, "\n"), first
    inside, count = nil, count + 1
    test(("the snippet of line %d"):format(at), function() run_snippet(snippet, at) end)
  elseif inside then
    inside[#inside + 1] = text
  elseif text == "```lua" then
    inside, first = {}, line + 1
  end
end
test("there are snippets", function() assert(count >= 6, count) end)

assert(server:stop())
check.done()
