--- Tables of options, told to the library one setter at a time.
local compat = require "k8sc.compat"
local raise = require "k8sc.raise"
local selector = require "k8sc.selector"
local similar = require "k8sc.similar"

local options = {}

--- Seconds as the library's milliseconds. math.huge: without limit.
function options.milliseconds(seconds, what)
  if type(seconds) ~= "number" or seconds ~= seconds then
    raise("%s: number of seconds expected, got %s", what, type(seconds) == "number" and "nan" or type(seconds))
  end
  if seconds > 1e12 then return -1 end
  -- A negative time stays one, and not by chance the -1 that means without limit.
  if seconds < 0 then return math.min(math.floor(seconds * 1000), -2) end
  return compat.integer(math.ceil(seconds * 1000))
end

-- What a value must be, and what becomes of it.
local kinds = {}

function kinds.table(value) return type(value) == "table" and value or nil end
function kinds.string(value) return type(value) == "string" and value or nil end
function kinds.boolean(value)
  if type(value) == "boolean" then return value end
end
function kinds.integer(value) return compat.digits(value) and value or compat.integer(value) end
function kinds.int32(value, name)
  local integer = tonumber(compat.digits(value) or compat.integer(value))
  if integer and (integer < -2 ^ 31 or integer >= 2 ^ 31) then
    raise("%s: integer of 32 bits expected, got %s", name, value)
  end
  return integer
end
function kinds.number(value) return type(value) == "number" and value or nil end
function kinds.seconds(value, name) return options.milliseconds(value, name) end
function kinds.strings(value)
  if type(value) == "string" then return { value } end
  if type(value) ~= "table" then return nil end
  for _, text in ipairs(value) do
    if type(text) ~= "string" then return nil end
  end
  return value
end
function kinds.labels(value) return kinds.string(selector.labels(value)) end
function kinds.fields(value) return kinds.string(selector.fields(value)) end

-- A handle that k8sc.cancel() made: the only kind with these two methods.
function kinds.cancel(value)
  local ok, cancelled = pcall(function() return value:is_cancelled() end)
  return ok and type(value) == "userdata" and type(cancelled) == "boolean" and value or nil
end

local expected = {
  cancel = "token of k8sc.cancel()", int32 = "integer", strings = "string or table of strings",
  labels = "string or table", fields = "string or table",
}

--- Checks and converts one value.
function options.convert(kind, name, value)
  local converted = kinds[kind](value, name)
  if converted == nil then raise("%s: %s expected, got %s", name, expected[kind] or kind, type(value)) end
  return converted
end

--- Raises for a key that `known` does not have, and names the one that was probably meant.
function options.unknown(key, known, what)
  raise("%s: unknown option %q%s", what, tostring(key), similar.hint(key, known))
end

--- Raises where `given` is neither a table nor nil.
function options.table(given, what)
  if given ~= nil and type(given) ~= "table" then
    raise("%s: table of options expected, got %s", what, type(given))
  end
end

--- Raises where `given` is no table of known options. `known` says for each { kind, method }, or true where its kind is seen to
--- elsewhere.
function options.check(given, known, what)
  options.table(given, what)
  for key, value in pairs(given or {}) do
    if known[key] == nil then options.unknown(key, known, what) end
    if known[key] ~= true then options.convert(known[key][1], what .. ": " .. key, value) end
  end
end

--- Calls handle's setters for what is given. Answers true, or nil and the first error.
function options.apply(handle, given, setters, what)
  local names = {}
  for name in pairs(given) do
    if setters[name] then names[#names + 1] = name end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    local kind, method = compat.unpack(setters[name])
    local ok, err = handle[method](handle, options.convert(kind, what .. ": " .. name, given[name]))
    if not ok then return nil, err end
  end
  return true
end

return options
