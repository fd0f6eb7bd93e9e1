--- Logs, warnings, traces, metrics; and the cancelling of calls.
local check = require "check"
local k8sc = require "k8sc"
local test, equal, fails, raises = check.test, check.equal, check.fails, check.raises
local closing = check.closing

local testing = require "k8sc.testing"

local server = assert(testing.start { pods = 2, token = "secret-token" })
local function connect() return closing(assert(server:connect())) end

test("logs come up to a level, in step, until they are cancelled", function()
  local client, records = connect(), {}
  local subscription = assert(client:on_log("debug", function(record) records[#records + 1] = record end))
  assert(client.core_v1.pods("default"):list())
  check.eventually(client, function() return #records > 0 end)
  local found
  for _, record in ipairs(records) do
    if record.component == "http" and record.level == "debug" and record.text:find "/api/v1/namespaces/default/pods" then found = record end
    assert(not record.text:find "secret%-token", record.text)
  end
  assert(found, "no message of the request")
  equal(found.dropped, 0)
  subscription:cancel()
  local before = #records
  assert(client.core_v1.pods("default"):list())
  client:step(0.2)
  equal(#records, before)
  raises('on_log: level expected %(debug, error, info, trace, warning%), got inof; did you mean "info"', client.on_log, client, "inof", print)
  raises("on_log: function expected, got nil", client.on_log, client, "info")
end)

test("traces are tables", function()
  local client, traces = connect(), {}
  assert(client:on_trace(function(trace) traces[#traces + 1] = trace end))
  assert(client.core_v1.pods("default"):get "pod-00000")
  check.eventually(client, function() return #traces > 0 end)
  equal(traces[1].method, "GET")
  equal(traces[1].status, 200)
  raises("on_trace: function expected", client.on_trace, client)
end)

test("warnings: once for a text, or each time", function()
  local client, once, each = connect(), {}, {}
  assert(client:on_warning(function(record) once[#once + 1] = record.text end))
  assert(client:on_warning(function(record) each[#each + 1] = record.text end, { repeated = true }))
  assert(server:fault { verb = "list", warning = "this is old" })
  for _ = 1, 2 do assert(client.core_v1.pods("default"):list()) end
  check.eventually(client, function() return #each == 2 end)
  equal(#once, 1)
  equal(once[1], "this is old")
  assert(server:clear_faults())
  raises('on_warning: unknown option "repeat"', client.on_warning, client, print, { ["repeat"] = true })
end)

test("a function that fails is told to on_error", function()
  local client, told = connect(), nil
  client.on_error = function(err, what) told = what .. ": " .. err end
  assert(client:on_trace(function() error "broken" end))
  assert(client.core_v1.pods("default"):list())
  check.eventually(client, function() return told end)
  check.matches(told, "^handler of on_trace: .*broken")
end)

test("metrics as a table and as Prometheus' text", function()
  local client = connect()
  assert(client.core_v1.pods("default"):list())
  local metrics = assert(client:metrics())
  equal(metrics.requests[1].code .. " " .. metrics.requests[1].count, "200 1")
  check.matches(assert(client:prometheus()), "\nrest_client_requests_total{[^\n]*code=\"200\"[^\n]*} 1\n")
end)

test("a cancelled token ends calls, and those that are yet to come", function()
  local client = connect()
  local cancel = k8sc.cancel()
  equal(cancel:is_cancelled(), false)
  assert(client.core_v1.pods("default"):list { cancel = cancel })
  cancel:cancel()
  equal(cancel:is_cancelled(), true)
  fails(k8sc.E_CANCELLED, client.core_v1.pods("default"):list { cancel = cancel })
  raises("list: cancel: token of k8sc.cancel%(%) expected, got string", client.core_v1.pods("default").list, client.core_v1.pods("default"), { cancel = "x" })
end)

assert(server:stop())
check.done()
