-- An informer in luv's loop, as in Neovim: the client's descriptor is polled for reading, step() runs what waits.
--
--   lua5.4 luv_informer.lua [KUBECONFIG]
local k8sc = require "k8sc"
local uv = require "luv"

local client = k8sc.assert(k8sc.connect { kubeconfig = arg[1] })
client:informers { drop = "managedFields" }:core_v1():pods():on {
  add = function(pod) print("ADD", pod.metadata.name) end,
  delete = function(pod) print("DELETE", pod.metadata.name) end,
}

local poll = uv.new_poll(client:fd())
poll:start("r", function() k8sc.assert(client:step()) end)
k8sc.assert(client:step())  -- the first one starts the informers

local interrupt = uv.new_signal()
interrupt:start("sigint", function() uv.stop() end)
uv.run()

-- Before the descriptor goes, its poll has to.
poll:close()
interrupt:close()
uv.run()
client:close()
