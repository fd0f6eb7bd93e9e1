# frozen_string_literal: true

# The main job against a real API server, of $K8SC_TEST_KUBECONFIG.
require "check"
require "securerandom"
include Check

client = K8sc.connect(kubeconfig: ENV.fetch("K8SC_TEST_KUBECONFIG"), qps: -1)
name = "ruby-#{SecureRandom.hex(4)}"
client.core_v1.namespaces.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: name } })
maps = client.core_v1.config_maps(name)

def map(name, data = {})
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: name }, data: data }
end

test "every verb works on a real server" do
  made = maps.create(map("a", "k" => "v"))
  equal maps.get("a"), made
  draft = made.to_h
  draft["data"]["k"] = "w"
  equal maps.update(draft).data["k"], "w"
  raises(K8sc::Conflict) { maps.update(made) }
  raises(K8sc::AlreadyExists) { maps.create(map("a")) }
  equal maps.patch("a", { data: { x: "y" } }).data.to_h, { "k" => "w", "x" => "y" }
  equal maps.patch("a", { data: { s: "t" } }, type: :strategic).data["s"], "t"
  equal maps.apply(map("b", "k" => "v"), field_manager: "me").data["k"], "v"
  raises(K8sc::Conflict) { maps.apply(map("b", "k" => "other"), field_manager: "you") }
  equal maps.each(limit: 1).map { |one| one.metadata.name } & %w[a b], %w[a b]
  error = raises(K8sc::Invalid) { maps.create(map("Not a name")) }
  equal error.causes.map(&:field), ["metadata.name"]
end

test "a watch and an informer" do
  from = maps.list.resource_version
  informer = client.informers(namespace: name, drop: "managedFields").core_v1.configmaps
  log = []
  informer.on(add: ->(object, _) { log << "+#{object.metadata.name}" }, delete: ->(object, _) { log << "-#{object.metadata.name}" })
  informer.wait_for_sync(timeout: 30)
  maps.create(map("seen"))
  maps.delete("seen")
  types = []
  maps.watch(resource_version: from) do |event|
    types << event.type if event.object.metadata.name == "seen"
    break if event.type == :deleted
  end
  equal types, %i[added deleted]
  eventually(client) { log.include?("-seen") }
  equal log.include?("+a") && log.include?("+seen"), true
  equal informer.get(name, "a").metadata.managed_fields, nil
end

test "names and kinds" do
  equal client.find("deploy").group_version, "apps/v1"
  equal client.kind("apps/v1", "Deployment", name).list.to_a, []
  equal client.discovery.has?("apps/v1", "deployments"), true
end

client.core_v1.namespaces.delete(name)
client.close
done
