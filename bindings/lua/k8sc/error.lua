--- What errors can do. The table itself is made in C, complete, when something fails.
local core = require "k8sc_core"

local methods = {}
for _, name in ipairs {
  "is_not_found", "is_already_exists", "is_conflict", "is_invalid", "is_gone", "is_forbidden", "is_unauthorized",
  "is_too_many_requests", "is_timeout", "is_retriable", "is_not_processed",
} do
  methods[name] = function(self) return self.is[name] end
end

local meta = core.metatable "k8sc.error"
meta.__index = methods
meta.__tostring = function(self) return self.message end
meta.__concat = function(a, b) return tostring(a) .. tostring(b) end

return { new = core.new_error }
