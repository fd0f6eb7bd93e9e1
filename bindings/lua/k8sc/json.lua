--- Lua values as JSON text, and the two things that Lua's tables cannot say: null, and that an empty table is an array.
local compat = require "k8sc.compat"
local core = require "k8sc_core"
local raise = require "k8sc.raise"

local array_meta = core.metatable "k8sc.array"
-- A light userdata of address 0: the null of other JSON libraries too. The library decodes null to it.
local null = core.decode "null"
-- As deep as the library reads.
local max_depth = 1000

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
for byte = 0, 31 do
  local char = string.char(byte)
  escapes[char] = escapes[char] or ("\\u%04x"):format(byte)
end

local function quoted(text)
  return '"' .. text:gsub('[%c"\\]', escapes) .. '"'
end

local function number(value)
  if compat.is_integer(value) then return ("%d"):format(value) end
  if value ~= value or value == math.huge or value == -math.huge then raise("%s has no JSON form", value) end
  -- 6 / 2 is 3.0 in Lua, and no replica count for Kubernetes.
  if value == math.floor(value) and math.abs(value) < 2 ^ 53 then return ("%d"):format(value) end
  local text = ("%.15g"):format(value)
  if tonumber(text) ~= value then text = ("%.17g"):format(value) end
  return (text:gsub(",", "."))  -- some locales
end

local encode

local function encode_array(value, out, depth)
  local size, count = #value, 0
  for key in pairs(value) do
    if not compat.is_integer(key) or key < 1 or key > size then raise("an array has the key %s", key) end
    count = count + 1
  end
  if count ~= size then raise("an array has holes; k8sc.null can fill them") end
  out[#out + 1] = "["
  for i = 1, size do
    if i > 1 then out[#out + 1] = "," end
    encode(value[i], out, depth)
  end
  out[#out + 1] = "]"
end

-- Members in order of their keys: the same table gives the same text.
local function encode_object(value, out, depth)
  local keys = {}
  for key in pairs(value) do
    if type(key) ~= "string" then raise("an object has the key %s, which is a %s", key, type(key)) end
    keys[#keys + 1] = key
  end
  table.sort(keys)
  out[#out + 1] = "{"
  for i, key in ipairs(keys) do
    if i > 1 then out[#out + 1] = "," end
    out[#out + 1] = quoted(key)
    out[#out + 1] = ":"
    encode(value[key], out, depth)
  end
  out[#out + 1] = "}"
end

local function is_array(value)
  if type(value) == "table" then return getmetatable(value) == array_meta or #value > 0 end
  return core.is_array(value) or false
end

function encode(value, out, depth)
  local kind = type(value)
  if kind == "string" then
    out[#out + 1] = quoted(value)
  elseif kind == "number" then
    out[#out + 1] = number(value)
  elseif kind == "boolean" then
    out[#out + 1] = tostring(value)
  elseif value == null then
    out[#out + 1] = "null"
  elseif compat.digits(value) then
    out[#out + 1] = compat.digits(value)
  elseif core.whole(value) ~= nil then
    out[#out + 1] = core.tojson(value)
  elseif kind == "table" then
    if depth == max_depth then raise("a table is nested deeper than %d; does it contain itself?", max_depth) end
    if is_array(value) then encode_array(value, out, depth + 1) else encode_object(value, out, depth + 1) end
  else
    raise("a %s has no JSON form", kind)
  end
end

return {
  null = null,
  is_array = is_array,
  array = function(value)
    value = value == nil and {} or value
    if type(value) ~= "table" then raise("array: table expected, got %s", type(value)) end
    local meta = getmetatable(value)
    if meta ~= nil and meta ~= array_meta then
      raise "array: a table without a metatable expected"
    end
    return setmetatable(value, array_meta)
  end,
  encode = function(value)
    local out = {}
    encode(value, out, 0)
    return table.concat(out)
  end,
}
