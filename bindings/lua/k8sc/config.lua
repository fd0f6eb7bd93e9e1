--- What a client is made from: connect's options.
local compat = require "k8sc.compat"
local core = require "k8sc_core"
local error_of = require "k8sc.error"
local options = require "k8sc.options"
local raise = require "k8sc.raise"
local policy = require "k8sc.policy"

local setters = require("k8sc.setters").config
local known = {
  kubeconfig = { "string" },
  context = { "string" },
  in_cluster = { "boolean" },
  ca = { "string" },
  client_certificate = { "string" },
  client_key = { "string" },
  qps = { "number" },
  burst = { "int32" },
  overrides = { "table" },
  retry_policy = { "table" },
  share = true,
}
for name, setter in pairs(setters) do known[name] = setter end

local config = {}

-- PEM text, or the name of a file with it.
local function pem(given, name)
  local value = given[name]
  if value == nil then return nil end
  if value:find("-----BEGIN", 1, true) then return value end
  local file, reason = io.open(value, "rb")
  if not file then return nil, error_of.new(core.E_IO, ("%s: %s"):format(name, reason)) end
  local text
  text, reason = file:read "*a"
  file:close()
  if not text then
    return nil, error_of.new(core.E_IO, ("%s: %s: %s"):format(name, value, reason))
  end
  return text
end

-- Where the settings begin: a file, the text of one, the pod's own, or nothing where a server is named.
local function begin(given)
  local context, kubeconfig = given.context, given.kubeconfig
  if given.overrides then
    local overrides, err = policy.overrides(given.overrides, "connect: overrides")
    if not overrides then return nil, err end
    if kubeconfig and kubeconfig:find "\n" then
      local read
      read, err = core.kubeconfig_parse(kubeconfig)
      if not read then return nil, err end
      return read:config(overrides)
    end
    return core.config_load_with(kubeconfig, overrides)
  end
  if given.in_cluster then return core.config_load_in_cluster() end
  if kubeconfig and kubeconfig:find "\n" then return core.config_parse(kubeconfig, context) end
  if kubeconfig or context or not given.server then return core.config_load(kubeconfig, context) end
  return core.config_new()
end

local function set_certificates(handle, given)
  local ca, certificate, key, ok, err
  ca, err = pem(given, "ca")
  if not err then certificate, err = pem(given, "client_certificate") end
  if not err then key, err = pem(given, "client_key") end
  if err then return nil, err end
  if ca then
    ok, err = handle:set_ca(ca)
    if not ok then return nil, err end
  end
  if certificate or key then return handle:set_client_certificate(certificate, key) end
  return true
end

--- A configuration, or nil and an error.
function config.make(given)
  options.check(given, known, "connect")
  if given and given.overrides and (given.context or given.in_cluster) then
    raise("connect: overrides have the context, and are of a kubeconfig: not together with context or in_cluster")
  end
  given = given or {}
  local handle, err = begin(given)
  if not handle then return nil, err end
  local ok
  ok, err = set_certificates(handle, given)
  if ok then ok, err = options.apply(handle, given, setters, "connect") end
  if ok and (given.qps ~= nil or given.burst ~= nil) then
    -- burst may be 20.0 in Lua
    ok, err = handle:set_rate_limit(given.qps or 0, compat.integer(given.burst or 0))
  end
  if ok and given.retry_policy then
    local retries
    retries, err = policy.retry(given.retry_policy, "connect: retry_policy")
    ok = retries
    if ok then ok, err = handle:set_retry_policy(retries) end
  end
  if not ok then return nil, err end
  return handle
end

return config
