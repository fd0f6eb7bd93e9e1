--- Calls every function with whatever there is: wrong types, closed and collected handles, inside
--- of handlers, inside of finalizers, in forked children, while the collector is forced; each life
--- is a process, which must end by itself, and well.
---
---   K8SC_RANDOM_SECONDS=600 goes on for so long (4); K8SC_SEED=NUMBER repeats one life.
local check = require "check"
local process = require "test_process"

local directory = arg[0]:match "^(.*/)" or "./"
local given_seed = tonumber(os.getenv "K8SC_SEED")
local seconds = tonumber(os.getenv "K8SC_RANDOM_SECONDS") or 4
local deadline = process.now() + seconds
local first = given_seed or os.time() % 1000000
local least = given_seed and 1 or 2

-- A folder of its own, and nothing that leads to a cluster of whoever runs this.
local home = os.tmpname()
os.remove(home)
assert(os.execute("mkdir " .. home))

local function live(seed)
  local environment = ("HOME=%s KUBECONFIG=%s/none"):format(home, home)
  local life_seconds = math.max(1, math.min(2, seconds / 2))
  local life = ("%s %srandom_life.lua %d %g"):format(arg[-1], directory, seed, life_seconds)
  local command = ("cd %s && env -u KUBERNETES_SERVICE_HOST -u KUBERNETES_SERVICE_PORT %s "
    .. "timeout -s KILL %d %s 2>&1; echo status $?"):format(home, environment, seconds + 100, life)
  local pipe = assert(io.popen(command))
  local text = pipe:read "*a"
  pipe:close()
  return text
end

local lives = 0
repeat
  lives = lives + 1
  local seed = first + lives - 1
  check.test("seed " .. seed, function()
    local text = live(seed)
    if not text:find "\nstatus 0\n$" then
      error("K8SC_SEED=" .. seed .. " repeats it\n" .. text:sub(-8000), 0)
    end
    io.write("# ", (text:match "(%d+ calls of %d+ functions)" or "?"), "\n")
    local functions = tonumber(text:match "calls of (%d+) functions")
    if not functions or functions < 100 then error("only few functions were called", 0) end
  end)
until lives >= least and (given_seed or process.now() >= deadline)

os.execute("rm -rf " .. home)
check.done()
