--- The examples with loops of their own, run as a user would; and every snippet of docs/lua.md.
local check = require "check"
local testing = require "k8sc.testing"
local test, equal = check.test, check.equal

local source = arg[0]:match "^(.*)bindings/lua/test/[^/]*$"
local server = assert(testing.start { pods = 3 })
local kubeconfig = os.tmpname()
assert(server:write_kubeconfig(kubeconfig))

local function run(command)
  local pipe = assert(io.popen(command .. " 2>&1; echo status $?"))
  local text = pipe:read "*a"
  pipe:close()
  return text
end

-- An example needs a module that may not be there for this Lua.
local function has(module) return (pcall(require, module)) end

test("in luv's loop", function()
  if not has "luv" then return io.write "# no luv for this Lua\n" end
  local text = run(("timeout --foreground -s INT -k 5 2 %s %sexamples/luv_informer.lua %s"):format(arg[-1], source, kubeconfig))
  for i = 0, 2 do check.matches(text, ("ADD\tpod%%-0000%d\n"):format(i)) end
  -- timeout says 124 though the program ended by itself.
  check.matches(text, "status 124\n$")
end)

test("around poll", function()
  if not has "posix.poll" then return io.write "# no luaposix for this Lua\n" end
  local text = run(("sleep 2 | timeout -k 5 20 %s %sexamples/poll_informer.lua %s"):format(arg[-1], source, kubeconfig))
  for i = 0, 2 do check.matches(text, ("ADD\tpod%%-0000%d\n"):format(i)) end
  check.matches(text, "status 0\n$")
end)

os.remove(kubeconfig)
assert(server:stop())
check.done()
