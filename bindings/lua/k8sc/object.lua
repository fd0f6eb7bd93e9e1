--- Objects: frozen documents that read as tables do.
local compat = require "k8sc.compat"
local core = require "k8sc_core"
local json = require "k8sc.json"
local raise = require "k8sc.raise"

local object = {}

--- An object from a table, from JSON or YAML text, or from a part of another object. Answers nil and an error where text is not
--- what it should be.
function object.from(value)
  local whole = core.whole(value)
  if whole then return value end
  if whole == nil and type(value) == "string" then
    local parse = value:find "^%s*{" and core.object_parse_json or core.object_parse_yaml
    return parse(value)
  end
  if whole == nil and type(value) ~= "table" then
    raise("object expected (a table, JSON or YAML text, or what k8sc answered), got %s", type(value))
  end
  return core.object_parse_json(json.encode(value))
end

--- JSON text of an object, a part of one, or any Lua value that has a JSON form.
object.tojson = json.encode

--- A copy that may be changed: tables all the way down.
function object.totable(value)
  if core.whole(value) ~= nil then return core.totable(value) end
  if type(value) ~= "string" and type(value) ~= "table" then return value end
  local made, err = object.from(value)
  if not made then return nil, err end
  return core.totable(made)
end

--- YAML text of an object.
function object.toyaml(value)
  local made, err = object.from(value)
  if not made then return nil, err end
  return core.object_to_yaml(made)
end

--- What a JSON Pointer finds in an object or a table, or nil: k8sc.get(pod, "/metadata/labels/app").
function object.get(value, pointer)
  if type(pointer) ~= "string" or not (pointer == "" or pointer:find "^/") then
    raise("JSON Pointer expected, such as /metadata/name; got %s", pointer)
  end
  for token in pointer:gmatch "/([^/]*)" do
    if type(value) ~= "table" and core.whole(value) == nil then return nil end
    token = token:gsub("~1", "/"):gsub("~0", "~")
    if json.is_array(value) then
      value = token:find "^%d+$" and value[tonumber(token) + 1]
    elseif type(value) == "table" then
      value = value[token]
    else
      value = core.member(value, token)
    end
  end
  return value
end

local function walk(over, what)
  return function(value)
    if type(value) ~= "table" and core.whole(value) == nil then
      raise("%s: table or object expected, got %s", what, type(value))
    end
    return over(value)
  end
end

--- What Lua's own are to tables.
object.pairs = walk(compat.pairs, "pairs")
object.ipairs = walk(compat.ipairs, "ipairs")

core.set_object_methods { tojson = object.tojson, totable = object.totable, toyaml = object.toyaml }

return object
