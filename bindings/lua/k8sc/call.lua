--- The options of one call, as tables.
local core = require "k8sc_core"
local options = require "k8sc.options"

-- The library refuses those that have no meaning for a verb, and says so.
local setters = require("k8sc.setters").call
local policy = require "k8sc.policy"

local known = { retry_policy = { "table" } }
for name, setter in pairs(setters) do known[name] = setter end

local patch_types = {
  json = core.PATCH_JSON,
  merge = core.PATCH_MERGE,
  strategic = core.PATCH_STRATEGIC_MERGE,
  apply = core.PATCH_APPLY,
}
local for_patch = { type = true }
for name, setter in pairs(known) do for_patch[name] = setter end

local call = {}

--- The handle for a table of options; nil where there are none. An empty continue token is what a last page has: no option.
local function make(given, what, needed)
  if given == nil or next(given) == nil then
    if not needed then return nil end
    given = {}
  end
  local handle, err = core.options_new()
  if not handle then return nil, err end
  local ok
  ok, err = options.apply(handle, given, setters, what)
  if ok and given.retry_policy then
    local retries
    retries, err = policy.retry(given.retry_policy, what .. ": retry_policy")
    ok = retries
    if ok then ok, err = handle:set_retry_policy(retries) end
  end
  if not ok then return nil, err end
  return handle
end

function call.options(given, what, needed)
  options.check(given, known, what)
  return make(given, what, needed)
end

--- The same for a patch, and its type: an array is a JSON patch, all else a merge patch, unless `type` says otherwise.
function call.patch_options(given, is_array, what)
  options.check(given, for_patch, what)
  local name = given and given.type
  if name == nil then name = is_array and "json" or "merge" end
  local patch_type = type(name) == "string" and patch_types[name]
  if not patch_type then options.unknown(name, patch_types, what .. ": type") end
  local handle, err = make(given, what)
  if err then return nil, err end
  return patch_type, handle
end

return call
