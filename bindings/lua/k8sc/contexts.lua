--- What a kubeconfig offers.
local read = require "k8sc.kubeconfig"
local raise = require "k8sc.raise"

--- k8sc.contexts(): an array of { name =, cluster =, user =, namespace = }, in the order of the alphabet, whose field `current` is the name
--- of the current one. `kubeconfig` is a file, or the text of one; without it the files that kubectl reads.
return function(kubeconfig)
  if kubeconfig ~= nil and type(kubeconfig) ~= "string" then raise("contexts: name of a file or text expected, got %s", type(kubeconfig)) end
  local handle, err = read(kubeconfig)
  if not handle then return nil, err end
  local made = { current = handle:current_context() }
  for i = 1, handle:context_count() do
    local name = handle:context_name(i - 1)
    local context
    context, err = handle:get_context(name)
    if not context then return nil, err end
    made[i] = { name = name, cluster = context.cluster, user = context.user, namespace = context.namespace }
  end
  return made
end
