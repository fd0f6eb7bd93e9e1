--- Raises a mistake of the program that calls this library, at the line where the program does so.
local core = require "k8sc_core"

local here = debug and debug.getinfo(1, "S").source:match "^(.*)raise%.lua$"
-- What is raised in C finds the same line.
if here then core.library(here) end

-- Lua 5.1 formats nothing but text and numbers.
local function shown(...)
  local values = { ... }
  for i = 1, select("#", ...) do
    if type(values[i]) ~= "number" then values[i] = tostring(values[i]) end
  end
  return (table.unpack or unpack)(values)
end

return function(format, ...)
  local level = 2
  if here then
    local info = debug.getinfo(level, "S")
    while info and info.source:sub(1, #here) == here do
      level = level + 1
      info = debug.getinfo(level, "S")
    end
  end
  error(format:format(shown(...)), level)
end
