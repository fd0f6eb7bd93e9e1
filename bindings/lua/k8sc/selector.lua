--- Selectors written as tables.
local compat = require "k8sc.compat"
local raise = require "k8sc.raise"

local function sorted_keys(selector, what)
  local keys = {}
  for key in pairs(selector) do
    if type(key) ~= "string" then raise("a %s selector has the key %s, which is a %s", what, key, type(key)) end
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

local function text(value, key)
  if type(value) ~= "string" and not compat.digits(value) then
    raise("the selector for %q: string expected, got %s", key, type(value))
  end
  return tostring(value)
end

local function label(key, value)
  if value == true then return key end
  if value == false then return "!" .. key end
  if type(value) ~= "table" then return key .. "=" .. text(value, key) end
  local values = {}
  for i, each in ipairs(value) do values[i] = text(each, key) end
  return ("%s in (%s)"):format(key, table.concat(values, ","))
end

--- "app=web,tier in (a,b)" as it is, or { app = "web", tier = { "a", "b" }, canary = false, owner = true }.
local function labels(selector)
  if type(selector) ~= "table" then return selector end
  local terms = {}
  for i, key in ipairs(sorted_keys(selector, "label")) do terms[i] = label(key, selector[key]) end
  return table.concat(terms, ",")
end

local escaped = { ["\\"] = "\\\\", ["="] = "\\=", [","] = "\\," }

--- "spec.nodeName=a" as it is, or { ["spec.nodeName"] = "a" }.
local function fields(selector)
  if type(selector) ~= "table" then return selector end
  local terms = {}
  for i, key in ipairs(sorted_keys(selector, "field")) do
    terms[i] = key .. "=" .. text(selector[key], key):gsub("[\\=,]", escaped)
  end
  return table.concat(terms, ",")
end

return { labels = labels, fields = fields }
