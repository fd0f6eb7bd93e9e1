--- The whole of the test runner: each test is a function, a failure is an error, the output is TAP.
--- Tests are started as: lua <file> <the fake API server's program>
local check = { server_program = arg and arg[1] }
local count, failures = 0, 0

local function show(value)
  return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

local open = {}

--- What the test that runs has open, closed at its end: `local x <close>`, which Lua 5.1 has not.
function check.closing(value)
  open[#open + 1] = value
  return value
end

--- A value whose finalizer is `fn`. Of what was made after it the finalizers run before.
function check.finalized(fn)
  if not newproxy then return setmetatable({}, { __gc = fn }) end
  local value = newproxy(true)
  getmetatable(value).__gc = fn
  return value
end

function check.test(name, fn)
  count = count + 1
  local ok, err = xpcall(fn, function(err) return debug.traceback(tostring(err), 2) end)
  while #open > 0 do table.remove(open):close() end
  if not ok then
    failures = failures + 1
    io.write("# ", (err:gsub("\n", "\n# ")), "\n")
  end
  io.write(ok and "ok " or "not ok ", count, " - ", name, "\n")
  io.flush()
end

-- Lua 5.1 and LuaJIT have doubles, and a userdata for integers that these cannot hold.
function check.number_type(value)
  if math.type then return math.type(value) end
  if type(value) == "userdata" and pcall(function() return value < value end) then return "integer" end
  if type(value) ~= "number" then return nil end
  return value == math.floor(value) and math.abs(value) <= 2 ^ 53 and "integer" or "float"
end

check.is_lua51 = _VERSION == "Lua 5.1"
check.is_luajit = jit ~= nil

function check.equal(actual, expected, what)
  if actual ~= expected or check.number_type(actual) ~= check.number_type(expected) then
    error(("%s: %s expected, got %s"):format(what or "value", show(expected), show(actual)), 2)
  end
end

function check.matches(text, pattern)
  if not tostring(text):find(pattern) then error(("%s does not match %q"):format(show(tostring(text)), pattern), 2) end
end

--- fn(...) raises, and the message matches.
function check.raises(pattern, fn, ...)
  local ok, err = pcall(fn, ...)
  if ok then error("it does not raise", 2) end
  check.matches(err, pattern)
  return err
end

--- What a call answered is nil and an error of this code.
function check.fails(code, value, err)
  if value ~= nil then error("it does not fail: " .. show(value), 2) end
  if getmetatable(err) == nil or err.code ~= code then
    error(("error %s expected, got %s (%s)"):format(code, show(err), type(err) == "table" and err.name or type(err)), 2)
  end
  return err
end

-- The fake API server, as a process that ends with the test.
local Server = {}
Server.__index = Server

--- server{ pods = 3, port = 1234, tls = true, churn = 0.1 }
function check.server(given)
  local self = setmetatable({ kubeconfig = os.tmpname() }, Server)
  local flags = {}
  for _, name in ipairs { "pods", "port", "churn", "token" } do
    if given and given[name] then flags[#flags + 1] = ("--%s %s"):format(name, given[name]) end
  end
  if given and given.tls then flags[#flags + 1] = "--tls" end
  -- The shell tells its number, so that it can be ended; timeout(1) ends it where the test cannot.
  local command = ("timeout 120 %s --kubeconfig %s %s & echo $!; wait"):format(check.server_program, self.kubeconfig, table.concat(flags, " "))
  self.pipe = assert(io.popen(command))
  for _ = 1, 2 do
    local line = self.pipe:read "*l" or error "the server does not start"
    if line:find "^%d+$" then self.pid = line else self.url = line end
  end
  return self
end

function Server:stop()
  if not self.pid then return end
  os.execute("kill " .. self.pid)
  self.pipe:close()
  os.remove(self.kubeconfig)
  self.pid = nil
end

Server.__gc = Server.stop

--- Calls step() until `done` answers something, for at most a minute.
function check.eventually(client, done)
  local deadline = os.time() + 60
  repeat
    assert(client:step(0.05))
    local value = done()
    if value then return value end
  until os.time() > deadline
  error("it does not happen", 2)
end

--- The last line of each file of tests.
function check.done()
  io.write("1..", count, "\n")
  io.flush()
  -- Everything is collected here, so that tools see what leaks.
  os.exit(failures == 0 and 0 or 1, true)
end

return check
