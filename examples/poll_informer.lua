-- An informer beside other descriptors in a loop around poll(2), here through luaposix: standard input ends it.
--
--   lua5.4 poll_informer.lua [KUBECONFIG]
local k8sc = require "k8sc"
local posix_poll = require "posix.poll".poll

local client = k8sc.assert(k8sc.connect { kubeconfig = arg[1] })
client:informers { drop = "managedFields" }:core_v1():pods():on {
  add = function(pod) print("ADD", pod.metadata.name) end,
  delete = function(pod) print("DELETE", pod.metadata.name) end,
}

local ours, input = client:fd(), 0
local fds = { [ours] = { events = { IN = true } }, [input] = { events = { IN = true } } }
k8sc.assert(client:step())  -- the first one starts the informers
repeat
  posix_poll(fds, -1)
  if fds[ours].revents.IN then k8sc.assert(client:step()) end
until fds[input].revents.IN or fds[input].revents.HUP
client:close()
