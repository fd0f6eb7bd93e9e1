-- The Lua side of bench/bindings/run; see sync.c.
local k8sc = require "k8sc"
local core = require "k8sc_core"

local function peak_mb()
  for line in io.lines "/proc/self/status" do
    local kb = line:match "^VmHWM:%s*(%d+)"
    if kb then return kb / 1024 end
  end
end

local bare, began, cpu = peak_mb(), core.now(), os.clock()
local pods, length = 0, 0
local client = k8sc.assert(k8sc.connect { server = arg[1] })
client:informers { drop = "managedFields" }:core_v1():pods():on {
  add = function(pod)
    pods = pods + 1
    length = length + #pod.metadata.name + #pod.status.phase + #pod.spec.nodeName
  end,
  sync = function() client:stop() end,
}
k8sc.assert(client:run())
print(('{"wall_s":%.3f,"cpu_s":%.3f,"bare_mb":%.1f,"peak_mb":%.1f,"pods":%d,"length":%d}'):format(
  (core.now() - began) / 1000, os.clock() - cpu, bare, peak_mb(), pods, length))
