--- The options of one call, as tables.
local core = require "k8sc_core"
local options = require "k8sc.options"

-- The library refuses those that have no meaning for a verb, and says so.
local setters = {
  label_selector = { "labels", "set_label_selector" },
  labels = { "labels", "set_label_selector" },
  field_selector = { "fields", "set_field_selector" },
  fields = { "fields", "set_field_selector" },
  limit = { "integer", "set_limit" },
  continue = { "string", "set_continue" },
  resource_version = { "string", "set_resource_version" },
  resource_version_match = { "string", "set_resource_version_match" },
  timeout_seconds = { "integer", "set_timeout_seconds" },
  allow_watch_bookmarks = { "boolean", "set_allow_watch_bookmarks" },
  bookmarks = { "boolean", "set_allow_watch_bookmarks" },
  dry_run = { "boolean", "set_dry_run" },
  field_manager = { "string", "set_field_manager" },
  field_validation = { "string", "set_field_validation" },
  force = { "boolean", "set_force" },
  propagation_policy = { "string", "set_propagation_policy" },
  grace_period_seconds = { "integer", "set_grace_period_seconds" },
  precondition_uid = { "string", "set_precondition_uid" },
  precondition_resource_version = { "string", "set_precondition_resource_version" },
  subresource = { "string", "set_subresource" },
  timeout = { "seconds", "set_timeout" },
  idle_timeout = { "seconds", "set_idle_timeout" },
  max_retries = { "int32", "set_max_retries" },
  cancel = { "cancel", "set_cancel" },
}

local patch_types = {
  json = core.PATCH_JSON,
  merge = core.PATCH_MERGE,
  strategic = core.PATCH_STRATEGIC_MERGE,
  apply = core.PATCH_APPLY,
}
local for_patch = { type = true }
for name, setter in pairs(setters) do for_patch[name] = setter end

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
  if not ok then return nil, err end
  return handle
end

function call.options(given, what, needed)
  options.check(given, setters, what)
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
