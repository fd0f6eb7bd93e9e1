--- A watch as an iterator. It has a queue of its own, so that waiting for it disturbs nobody else's events.
local call = require "k8sc.call"
local core = require "k8sc_core"
local error_of = require "k8sc.error"
local wait = require "k8sc.wait"

local Watch = {}
Watch.__index = Watch
Watch.__name = "k8sc.watch"

local function open(self, resource, given, verb)
  local made, err = call.options(given, verb, true)
  if err or resource.failure then return nil, err or resource.failure end
  self.queue, err = core.queue_new()
  if not self.queue then return nil, err end
  local ok
  ok, err = made:set_queue(self.queue)
  if not ok then return nil, err end
  self.handle, err = resource.handle[verb](resource.handle, made, 1)
  return self.handle, err
end

--- Answers what a generic for wants; the first value is the watch itself, for those who call next() and cancel().
function Watch.start(resource, given, verb)
  local self = setmetatable({}, Watch)
  local ok, err = open(self, resource, given, verb)
  -- A watch that cannot begin says so as one that breaks does.
  if not ok then self.failure = err end
  return self, nil, nil, self
end

local names = {
  [core.EVENT_ADDED] = "ADDED",
  [core.EVENT_MODIFIED] = "MODIFIED",
  [core.EVENT_DELETED] = "DELETED",
  [core.EVENT_BOOKMARK] = "BOOKMARK",
  [core.EVENT_ERROR] = "ERROR",
}

-- Ends the watch where it stands, and answers the event that says why.
local function broken(self, err)
  self:cancel()
  return { type = "ERROR", error = err }
end

-- The event that the user sees; nil where there is nothing to say.
local function translate(self, kind, object, err)
  if kind ~= core.EVENT_CLOSED then
    self.told = kind == core.EVENT_ERROR
    return { type = names[kind], object = object, error = err }
  end
  -- The failure that ended it has mostly been told already, by an ERROR.
  if err and not self.told then return broken(self, err) end
  self:cancel()
  return nil
end

--- The next event: { type = "ADDED", "MODIFIED", "DELETED", "BOOKMARK" or "ERROR", object = ..., error = ... }. Blocks, at most
--- `timeout` seconds. Answers nil at the end, and nil and an error where the time is over.
function Watch:next(timeout)
  if self.failure then return broken(self, self.failure) end
  local deadline = wait.deadline(timeout, "next")
  while not self.ended do
    local id, kind, object, err = self.queue:take()
    if id then
      local event = translate(self, kind, object, err)
      if event then return event end
    elseif kind then
      return broken(self, kind)  -- in an error's place
    elseif wait.over(deadline) then
      return nil, error_of.new(core.E_TIMEOUT, "no event came in time")
    else
      local ok
      ok, err = wait.once(self.queue, deadline)
      if not ok then return broken(self, err) end
    end
  end
  return nil
end

-- For the generic for, which passes its state and control.
function Watch:__call()
  return (self:next())
end

--- Ends it. Leaving a for loop does so too.
function Watch:cancel()
  self.ended, self.failure = true, nil
  if self.handle then
    self.handle:cancel()
    core.release(self.handle)
    core.release(self.queue)
    self.handle = nil
  end
end

Watch.__close = Watch.cancel

return Watch
