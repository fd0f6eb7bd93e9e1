--- What was probably meant by a name that does not exist.
local similar = {}

local function distance(a, b)
  local row = {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do
      local above = row[j]
      local change = a:byte(i) == b:byte(j) and 0 or 1
      row[j] = math.min(above + 1, row[j - 1] + 1, diagonal + change)
      diagonal = above
    end
  end
  return row[#b]
end

--- The key of `known` that is most like `name`; nil where none is like it.
function similar.nearest(name, known)
  local best, best_distance
  local plain = tostring(name):lower():gsub("[_%-]", "")
  for key in pairs(known) do
    local d = distance(plain, (key:lower():gsub("_", "")))
    if not best or d < best_distance or d == best_distance and key < best then best, best_distance = key, d end
  end
  return best and best_distance <= math.max(2, math.floor(#plain / 3)) and best or nil
end

--- The keys of a table, in order, as text.
function similar.names(known)
  local names = {}
  for name in pairs(known) do names[#names + 1] = name end
  table.sort(names)
  return table.concat(names, ", ")
end

--- What a message ends with: `; did you mean "pods"?`, or `; there are: ...`.
function similar.hint(name, known)
  local nearest = similar.nearest(name, known)
  return nearest and ("; did you mean %q?"):format(nearest) or "; there are: " .. similar.names(known)
end

return similar
