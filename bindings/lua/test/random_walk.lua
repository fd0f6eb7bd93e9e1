--- Finds what can be called: in the tables of modules, and in what values offer by their
--- metatables. A function that is new is found by itself.
local walk = {}

local function add_functions(from, found)
  for name, fn in next, from do
    if type(fn) == "function" and type(name) == "string" then
      found[#found + 1] = { name = name, fn = fn }
    end
  end
end

-- Where __index is a function, it looks in a table that it knows by this name.
local function add_methods(index, found)
  for i = 1, 255 do
    local name, value = debug.getupvalue(index, i)
    if not name then return end
    if name == "methods" then add_functions(value, found) end
  end
end

local function in_order(found)
  table.sort(found, function(a, b) return a.name < b.name end)
  return found
end

--- The functions of a value, each { name =, fn = }, in the order of their names.
function walk.functions_of(value)
  local found, meta = {}, debug.getmetatable(value)
  if type(value) == "table" then add_functions(value, found) end
  if type(meta) ~= "table" then return in_order(found) end
  add_functions(meta, found)
  local index = rawget(meta, "__index")
  if type(index) == "table" then add_functions(index, found) end
  if type(index) == "function" then add_methods(index, found) end
  return in_order(found)
end

--- The tables of all modules that this library consists of, by their names.
function walk.modules()
  local modules = {}
  for name, module in next, package.loaded do
    if name:find "^k8sc" and type(module) == "table" then
      modules[#modules + 1] = { name = name, value = module }
    end
  end
  return in_order(modules)
end

return walk
