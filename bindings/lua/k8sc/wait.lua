--- Waiting, in pieces short enough that the interpreter notices a signal between them.
local core = require "k8sc_core"
local options = require "k8sc.options"

local wait = {}
local slice_ms = 1000

--- When a wait of so many seconds is over; nil: never.
function wait.deadline(timeout, what)
  if timeout == nil then return nil end
  local ms = options.milliseconds(timeout, what or "timeout")
  if ms == -1 then return nil end
  return core.now() + ms
end

function wait.over(deadline)
  return deadline ~= nil and core.now() >= deadline
end

--- How long the next piece of a wait may be.
function wait.piece(deadline)
  if not deadline then return slice_ms end
  return math.max(0, math.min(slice_ms, deadline - core.now()))
end

--- One piece of a wait for a queue: it ends at an event, a wakeup or a signal.
function wait.once(queue, deadline)
  return queue:poll(wait.piece(deadline))
end

return wait
