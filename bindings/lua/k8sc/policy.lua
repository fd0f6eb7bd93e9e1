--- Tables that become handles of their own: overrides of a kubeconfig, and retry policies.
local core = require "k8sc_core"
local options = require "k8sc.options"
local raise = require "k8sc.raise"
local setters = require "k8sc.setters"

local policy = {}

--- Overrides applied on top of a kubeconfig: { context =, cluster =, user =, namespace =, server =, token = ... }.
function policy.overrides(given, what)
  options.check(given, setters.overrides, what)
  local handle, err = core.overrides_new()
  if not handle then return nil, err end
  local ok
  ok, err = options.apply(handle, given, setters.overrides, what)
  if not ok then return nil, err end
  return handle
end

local known = { backoff = true, statuses = true }
for name, setter in pairs(setters.retry_policy) do known[name] = setter end

--- When a failed request is sent again: { max_retries =, backoff = { first, max }, retry_after_cap =, statuses = { 500 }, unsent =,
--- conditional_writes = }, with seconds.
function policy.retry(given, what)
  options.check(given, known, what)
  local handle, err = core.retry_policy_new()
  if not handle then return nil, err end
  local ok
  ok, err = options.apply(handle, given, setters.retry_policy, what)
  if ok and given.backoff ~= nil then
    if type(given.backoff) ~= "table" then raise("%s: backoff: { first, max } expected, got %s", what, type(given.backoff)) end
    ok, err = handle:set_backoff(options.milliseconds(given.backoff[1], what .. ": backoff"), options.milliseconds(given.backoff[2], what .. ": backoff"))
  end
  if ok and given.statuses ~= nil then
    if type(given.statuses) ~= "table" then raise("%s: statuses: table of numbers expected, got %s", what, type(given.statuses)) end
    for _, status in ipairs(given.statuses) do
      if ok then ok, err = handle:add_status(options.convert("int32", what .. ": statuses", status)) end
    end
  end
  if not ok then return nil, err end
  return handle
end

return policy
