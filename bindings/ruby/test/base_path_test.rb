# frozen_string_literal: true

# A server at a path of its host, as behind a proxy that has several clusters: whatever is sent goes below that path.
require "check"
include Check

BASE = "/k8s/clusters/c-x"
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n"
server = K8sc::Testing::Server.start(base_path: "#{BASE}/", token: "secret", pods: 1)
client = server.connect
pods = client.core_v1.pods("default")
maps = client.core_v1.config_maps("default")
server.set_pod_log("default", "pod-00000", "main", "one\n")

def map(name)
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: name } }
end

# Calls all methods that the class has; nil: it sends nothing. What the others send must be below the path.
each = lambda do |owner, calls|
  (owner.public_instance_methods(false) - calls.keys).each { |name| raise "#{name} is not tried" }
  calls.compact.each do |name, call|
    before = server.requests.size
    call.call
    sent = server.requests.drop(before)
    raise "#{name} sends nothing" if sent.empty?

    outside = sent.map { |request| request["path"] }.reject { |path| path.start_with?("#{BASE}/") }
    raise "#{name} asks for #{outside.join(', ')}" unless outside.empty?
  end
end

quiet = ->(*names) { names.to_h { |name| [name, nil] } }

test "where it is" do
  equal server.url[-BASE.size..], BASE
  equal client.server, server.url
  raises(K8sc::InvalidArgument, /path must be like/) { K8sc::Testing::Server.start(base_path: "/a//b") }
end

test "every verb goes below the path" do
  me = { field_manager: "me" }
  each.call(K8sc::Resource, {
    **quiet.call(:namespace, :group_version, :plural, :namespace_name, :to_s, :inspect),
    get: -> { pods.get("pod-00000") },
    list: -> { pods.list },
    list_all: -> { pods.list_all },
    each: -> { pods.each { |_| break } },
    create: -> { maps.create(map("a")) },
    update: -> { maps.update(maps.get("a")) },
    update_status: -> { pods.update_status(pods.get("pod-00000")) },
    apply: -> { maps.apply(map("b"), **me) },
    apply_status: -> { pods.apply_status({ apiVersion: "v1", kind: "Pod", metadata: { name: "pod-00000" } }, **me) },
    patch: -> { pods.patch("pod-00000", { metadata: { labels: { a: "b" } } }) },
    delete: -> { maps.delete("b") },
    delete_collection: -> { maps.delete_collection },
    watch: -> { pods.watch { |_| break } },
    retry_watch: -> { pods.retry_watch(resource_version: "1") { |_| break } },
    wait_for: -> { pods.wait_for("none", deleted: true, within: 20) },
    log: -> { equal pods.log("pod-00000", container: "main"), "one\n" },
    log_lines: -> { equal pods.log_lines("pod-00000", container: "main").to_a, ["one"] }
  })
end

test "discovery goes below the path" do
  discovery = client.discovery(cache: :none)
  each.call(K8sc::Discovery, {
    **quiet.call(:invalidate, :fresh?),
    groups: -> { discovery.groups },
    resources: -> { discovery.resources("apps/v1") },
    all: -> { discovery.all },
    preferred: -> { [true, false].each { |namespaced| discovery.preferred(namespaced: namespaced) } },
    version: -> { discovery.version },
    openapi_v2: -> { discovery.openapi_v2 },
    openapi_v3: -> { [nil, "apps/v1", "v1"].each { |group_version| discovery.openapi_v3(group_version) } },
    has?: -> { discovery.has?("apps/v1") && discovery.has?("apps/v1", "deployments") }
  })
end

test "names and manifests" do
  each.call(K8sc::Names, {
    **quiet.call(:discovery),
    find: -> { server.connect { |own| own.find("deploy") } },
    category: -> { server.connect { |own| own.category("all") } },
    kind: -> { server.connect { |own| own.kind("apps/v1", "Deployment") } },
    create_manifest: -> { client.create_manifest(MANIFEST) },
    delete_manifest: -> { client.delete_manifest(MANIFEST) },
    apply_manifest: -> { client.apply_manifest(MANIFEST, field_manager: "me") }
  })
end

test "clients and informers" do
  each.call(K8sc::Client, {
    **quiet.call(:handle, :queue, :resource, :resource_known, :on_error, :stop, :fd, :server, :default_namespace, :close, :closed?, :inspect, :subscribe,
                 :unsubscribe, :report, :forget),
    request: -> { equal client.request("GET", "/version", query: { a: "b c" }).last, 200 },
    lines: -> { client.lines("GET", "/api/v1/pods") { |_| break } },
    informers: lambda do
      %i[pages auto].each { |mode| client.informers(list_mode: mode).tap { |all| all.core_v1.pods }.wait_for_sync(timeout: 20) }
      client.informers.kind("v1", "ConfigMap").wait_for_sync(timeout: 20)
    end,
    step: lambda do
      seen = []
      client.informers.core_v1.pods.on(add: ->(pod, _) { seen << pod })
      eventually(client) { seen.any? }
    end,
    run: lambda do
      client.informers.core_v1.nodes.on(sync: -> { client.stop })
      client.run
    end
  })
end

test "no way out of it" do
  ["/../c-y/version", "/%2e%2E/c-y/version"].each { |path| raises(K8sc::InvalidArgument, /segment/) { client.request("GET", path) } }
end

client.close
server.stop
done
