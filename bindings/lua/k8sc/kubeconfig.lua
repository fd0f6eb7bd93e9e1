--- k8sc.kubeconfig(): a kubeconfig to read, edit and write, by the methods of k8sc_kubeconfig in k8sc.h. `given` is a file, or the text of
--- one; without it the files that kubectl reads.
local core = require "k8sc_core"
local raise = require "k8sc.raise"

return function(given)
  if given ~= nil and type(given) ~= "string" then raise("kubeconfig: name of a file or text expected, got %s", type(given)) end
  if given and given:find "\n" then return core.kubeconfig_parse(given) end
  return core.kubeconfig_load(given)
end
