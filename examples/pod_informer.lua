-- Watches pods come and go: the whole of an informer in one page.
--
--   lua5.4 pod_informer.lua [KUBECONFIG]
--
-- Without an argument the configuration is found as kubectl finds it. Ends on Ctrl-C.
local k8sc = require "k8sc"

local client, err = k8sc.connect { kubeconfig = arg[1] }
if not client then
  io.stderr:write("pod_informer: ", tostring(err), "\n")
  os.exit(1)
end

local function say(what)
  return function(pod)
    print(("%-8s %s/%s on %s"):format(what, pod.metadata.namespace, pod.metadata.name, k8sc.get(pod, "/spec/nodeName") or "-"))
  end
end

io.stdout:setvbuf "line"
client:informers { drop = "managedFields" }:core_v1():pods():on {
  add = say "ADD",
  update = function(_, pod) say "UPDATE"(pod) end,
  delete = say "DELETE",
  sync = function() print(("%-8s"):format "SYNC") end,
  error = function(err) io.stderr:write(("%-8s %s\n"):format("ERROR", tostring(err))) end,
}

-- Ctrl-C makes the interpreter raise "interrupted!" in run(). The client is closed at any end.
local ran, answer, failure = pcall(client.run, client)
client:close()
local reason = ran and failure or not ran and answer
if reason and not tostring(reason):find "interrupted!" then
  io.stderr:write("pod_informer: ", tostring(reason), "\n")
  os.exit(1)
end
