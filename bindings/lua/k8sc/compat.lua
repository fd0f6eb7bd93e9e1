--- What differs between Lua 5.4 and Lua 5.1 with LuaJIT, and the rest of this library then need not know.
local core = require "k8sc_core"

local compat = { unpack = table.unpack or unpack }

-- Where there are no integers, a number without a fraction is one, as far as a double is exact.
local function plain_integer(value)
  return type(value) == "number" and value == math.floor(value) and math.abs(value) <= 2 ^ 53 and value or nil
end

--- The integer that a number is, as Lua's own where it has them; nil where it is none.
compat.integer = math.tointeger and function(value) return type(value) == "number" and math.tointeger(value) or nil end or plain_integer

local native_type = math.type
--- True where a value is an integer already: 3, and not 3.0 where the two differ.
compat.is_integer = native_type and function(value) return native_type(value) == "integer" end
  or function(value) return plain_integer(value) ~= nil end

--- The digits of any integer of 64 bits: a number, what k8sc.int64 makes, or LuaJIT's 1LL; nil for other values.
function compat.digits(value)
  if type(value) == "cdata" then return (tostring(value):match "^(%-?%d+)U?LL$") end
  return core.integer_text(value)
end

-- Lua 5.1 passes no arguments on.
compat.xpcall = xpcall
if not select(2, xpcall(function(passed) return passed end, print, true)) then
  function compat.xpcall(fn, failed, ...)
    local count, arguments = select("#", ...), { ... }
    return xpcall(function() return fn(compat.unpack(arguments, 1, count)) end, failed)
  end
end

--- pairs and ipairs for tables and for objects. Those of Lua 5.4 know objects themselves.
function compat.pairs(value)
  if core.whole(value) ~= nil then return core.pairs(value) end
  return pairs(value)
end

local function next_element(value, i)
  local element = value[i + 1]
  if element ~= nil then return i + 1, element end
end

function compat.ipairs(value)
  return next_element, value, 0
end

return compat
