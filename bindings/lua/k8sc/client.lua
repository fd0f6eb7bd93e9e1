--- The client, and the loop that calls handlers.
local compat = require "k8sc.compat"
local config = require "k8sc.config"
local core = require "k8sc_core"
local discovery = require "k8sc.discovery"
local Factory = require "k8sc.factory"
local groups = require "k8sc.groups"
local Lines = require "k8sc.lines"
local observe = require "k8sc.observe"
local options = require "k8sc.options"
local raise = require "k8sc.raise"
local Resource = require "k8sc.resource"
local wait = require "k8sc.wait"

local methods = {}
local Client = { __name = "k8sc.client" }

function Client.__index(self, name)
  return methods[name] or groups.accessor(self, name)
end

for name, method in pairs(discovery.client) do methods[name] = method end
for name, method in pairs(observe) do methods[name] = method end

--- Where failures of handlers go, and errors of informers that no handler asks for. Replace it to log them elsewhere; what it
--- raises comes out of step() and run().
function methods.on_error(err, what)
  io.stderr:write("k8sc: ", tostring(what), ": ", tostring(err), "\n")
end

local function connect(given)
  local settings, err = config.make(given)
  if not settings then return nil, err end
  local handle
  if given and given.share then
    if getmetatable(given.share) ~= Client then raise("connect: share: client expected, got %s", type(given.share)) end
    handle, err = core.client_new_shared(settings, given.share.handle)
  else
    handle, err = core.client_new(settings)
  end
  if not handle then return nil, err end
  return setmetatable({
    handle = handle,
    queue = handle:queue(),
    factories = {},
    subscribers = {},
    last_id = 0,
  }, Client)
end

--- client:resource("apps/v1", "deployments", "default"); without a namespace, or with "": all of them, or a resource that has none.
function methods:resource(group_version, plural, ns)
  return Resource.new(self, group_version, plural, ns)
end

-- What is known of it comes from the schema.
function methods:resource_known(known, group_version, plural, ns)
  return Resource.new(self, group_version, plural, ns, known)
end

--- A factory of informers: client:informers{ namespace = "default" }.
function methods:informers(given)
  local factory = Factory.new(self, given)
  self.factories[factory] = true
  return factory
end

local request_options = { body = { "string" }, content_type = { "string" }, timeout = { "seconds" }, cancel = { "cancel" } }

local function request_of(self, method, uri, given, what)
  options.check(given, request_options, what)
  if type(method) ~= "string" or type(uri) ~= "string" then raise("%s: method and path expected", what) end
  given = given or {}
  local rest, request, err
  rest, err = self.handle:rest("", "v1")
  if rest then request, err = rest:verb(method) end
  if not request then return nil, err end
  -- The first setter that fails makes the sending fail.
  request:set_relative_uri(uri)
  if given.timeout then request:set_timeout(options.milliseconds(given.timeout, what .. ": timeout")) end
  if given.body then request:set_body(given.body, given.content_type) end
  if given.cancel then request:set_cancel(given.cancel) end
  return request
end

--- Any request: client:request("GET", "/version"). Answers the body and the HTTP status.
function methods:request(method, uri, given)
  local request, result, err
  request, err = request_of(self, method, uri, given, "request")
  if request then result, err = request:send() end
  if not result then return nil, err end
  return result:body(), result:http_status()
end

--- Any request whose answer comes in time, as lines: for line in assert(client:lines("GET", path)) do. They raise where it breaks, as
--- io.lines does; next(timeout) answers nil and the error.
function methods:lines(method, uri, given)
  local request, err = request_of(self, method, uri, given, "lines")
  if not request then return nil, err end
  return Lines.start(request)
end

-- The pull form of a subscription: `pick` is told kind, object and what more an event has, and
-- answers the function to call and its arguments.
function methods:subscribe(pick, what)
  local id = self.last_id + 1
  self.last_id = id
  self.subscribers[id] = { pick = pick, what = what }
  return id
end

function methods:unsubscribe(id)
  self.subscribers[id] = nil
end

local function guarded(self, what, fn, ...)
  if not fn then return end
  local failed = function(err)
    -- A traceback says where a handler broke; an error value that is not text speaks for itself.
    return type(err) == "string" and debug.traceback(err, 2) or err
  end
  local ok, err = compat.xpcall(fn, failed, ...)
  if not ok then self.on_error(err, "handler of " .. what) end
end

local function start(self)
  for factory in pairs(self.factories) do
    if factory.to_start or factory.failure then
      local ok, err = factory:start()
      if not ok then return nil, err end
    end
  end
  return true
end

--- Calls the handlers of all events that wait; where none does, waits for them up to `timeout`
--- seconds (0 by default). Those that come while handlers run are for the next step. Starts informers
--- that do not run. Answers how many events there were. For hosts with a loop of their own: see fd().
function methods:step(timeout)
  local deadline = wait.deadline(timeout or 0, "step")
  local ok, err = start(self)
  local count, waiting = 0, nil
  while ok do
    waiting = waiting or self.queue:depth()
    local id, kind, object, more = self.queue:take()
    if id then
      local subscriber = self.subscribers[id]
      count = count + 1
      if subscriber then guarded(self, subscriber.what, subscriber.pick(kind, object, more)) end
      if self.stopping or count >= waiting then return count end
    elseif kind then
      return nil, kind  -- in an error's place
    elseif count > 0 or self.stopping or wait.over(deadline) then
      return count
    else
      waiting = nil
      ok, err = wait.once(self.queue, deadline)
    end
  end
  return nil, err
end

--- Calls handlers until stop(). Answers true, or nil and an error.
function methods:run()
  local ok, err = true, nil
  while ok and not self.stopping and not self.closed do
    ok, err = self:step(math.huge)
  end
  self.stopping = nil
  if not ok and not self.closed then return nil, err end
  return true
end

--- Ends the run() that runs, or the next one.
function methods:stop()
  self.stopping = true
  self.queue:wakeup()
end

--- A descriptor that polls readable while events wait: for the host's own loop, which then calls step(). Never read or close it.
function methods:fd()
  return self.queue:fd()
end

--- The URL of the server, and the namespace of the configuration.
function methods:server()
  return self.handle:server()
end

function methods:default_namespace()
  return self.handle:namespace()
end

--- Ends everything of this client, and waits for that, at most `timeout` seconds (30 by default). What informers have stays
--- readable.
function methods:close(timeout)
  local ms = options.milliseconds(timeout or 30, "close")
  self.closed, self.subscribers, self.factories = true, {}, {}
  return self.handle:close(ms)
end

Client.__close = function(self) self:close() end

function Client:__tostring()
  return "k8sc client of " .. tostring(self.handle:server())
end

return { connect = connect }
