--- k8sc: a Kubernetes client. docs/lua.md tells how to use it; this file is only the door.
local core = require "k8sc_core"
local json = require "k8sc.json"
local object = require "k8sc.object"

require "k8sc.error"

-- Lua 5.1's own accepts no error but text.
local function assert_(...)
  if (...) then return ... end
  error((select(2, ...)), 0)
end

local k8sc = {
  connect = require("k8sc.client").connect,
  contexts = require "k8sc.contexts",
  -- A kubeconfig to read and edit, by the methods that k8sc.h has for k8sc_kubeconfig: the text of one, a file, or what kubectl reads.
  kubeconfig = require "k8sc.kubeconfig",
  null = json.null,
  array = json.array,
  is_array = json.is_array,
  object = object.from,
  get = object.get,
  -- For Lua 5.1 and LuaJIT, whose own know tables only, and whose numbers are doubles.
  pairs = object.pairs,
  ipairs = object.ipairs,
  int64 = core.int64,
  assert = assert_,
  -- A token that cancels the calls it was given to, as their option `cancel`: from a handler, or before they begin.
  cancel = core.cancel_new,
  tojson = object.tojson,
  totable = object.totable,
  toyaml = object.toyaml,
  validate = require("k8sc.schema").validate,
  version = core.version(),
}

-- k8sc.E_TIMEOUT and so on: what err.code is compared with. A name that does not exist must not quietly compare unequal.
return setmetatable(k8sc, {
  __index = function(_, name)
    if type(name) == "string" and name:find "^E_" then
      return core[name] or error(("k8sc has no %s"):format(name), 2)
    end
  end,
})
