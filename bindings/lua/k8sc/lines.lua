--- A body that comes in time, as lines. It has a queue of its own, so that waiting for it disturbs nobody else's events.
local core = require "k8sc_core"
local error_of = require "k8sc.error"
local wait = require "k8sc.wait"

local Lines = {}
Lines.__index = Lines
Lines.__name = "k8sc.lines"

--- Begins; nil and an error where that fails. What the server answers is told by the first line that is waited for.
function Lines.start(request)
  local self = setmetatable({ pieces = {}, ready = {}, first = 1 }, Lines)
  local err
  self.queue, err = core.queue_new()
  if self.queue then self.handle, err = request:start_stream(self.queue, 1) end
  if not self.handle then return nil, err end
  return self
end

-- Whole lines become ready; what is behind the last waits for the rest of its own.
local function add(self, data)
  local from = 1
  while true do
    local stop = data:find("\n", from, true)
    if not stop then break end
    self.pieces[#self.pieces + 1] = data:sub(from, stop - 1)
    self.ready[#self.ready + 1] = table.concat(self.pieces)
    self.pieces = {}
    from = stop + 1
  end
  if from <= #data then self.pieces[#self.pieces + 1] = data:sub(from) end
end

-- A last line need not end.
local function finish(self, err)
  local rest = table.concat(self.pieces)
  self:cancel()
  self.failure = err
  if rest ~= "" then self.ready[#self.ready + 1] = rest end
end

local function take(self)
  local line = self.ready[self.first]
  if line == nil then return nil end
  self.first = self.first + 1
  if self.first > #self.ready then self.ready, self.first = {}, 1 end
  return line
end

--- The next line, without its end. Blocks, at most `timeout` seconds. Answers nil at the end; nil and an error where it broke, or the time
--- is over.
function Lines:next(timeout)
  local deadline = wait.deadline(timeout, "next")
  while true do
    local line = take(self)
    if line then return line end
    if not self.handle then
      local failure = self.failure
      self.failure = nil
      return nil, failure
    end
    local id, kind, data, err = self.queue:take()
    if id then
      if kind == core.EVENT_DATA then add(self, data) else finish(self, err) end
    elseif kind then
      finish(self, kind)  -- in an error's place
    elseif wait.over(deadline) then
      return nil, error_of.new(core.E_TIMEOUT, "no line came in time")
    else
      local ok
      ok, err = wait.once(self.queue, deadline)
      if not ok then finish(self, err) end
    end
  end
end

-- For the generic for, which cannot be told of an error but by raising it.
function Lines:__call()
  local line, err = self:next()
  if err then error(err, 0) end
  return line
end

--- Ends it. Leaving a for loop does so too.
function Lines:cancel()
  if not self.handle then return end
  self.handle:cancel()
  core.release(self.handle)
  core.release(self.queue)
  self.handle, self.pieces = nil, {}
end

Lines.__close = Lines.cancel

return Lines
