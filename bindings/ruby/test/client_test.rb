# frozen_string_literal: true

# Groups, verbs, objects, errors, watches, discovery, manifests, observing.
require "check"
require "logger"
require "stringio"
include Check

server = K8sc::Testing::Server.start(pods: 5, kinds: [["example.com/v1", "engines", "Engine"]])
client = server.connect
pods = client.core_v1.pods("default")
maps = client.core_v1.config_maps("default")

test "groups, resources and verbs by name" do
  equal client.core_v1.pods.to_s, "v1 pods"
  equal client.rbac_v1.roles("a").to_s, "rbac.authorization.k8s.io/v1 roles in a"
  equal client.apiextensions_v1.customresourcedefinitions.to_s, "apiextensions.k8s.io/v1 customresourcedefinitions"
  equal client.respond_to?(:apps_v1), true
  equal client.respond_to?(:apps_v9), false
  raises(NoMethodError, /no group is called aps here; did you mean apps/) { client.aps_v1 }
  raises(NoMethodError, /apps has no version v9/) { client.apps_v9 }
  raises(NoMethodError, /apps\/v1 has no resource deploymnets; did you mean deployments/) { client.apps_v1.deploymnets }
  raises(NoMethodError, /has no verb list; it has: create/) { client.authorization_v1.selfsubjectaccessreviews.list }
  raises(NoMethodError, /nothing/) { client.nothing }
end

test "create, get, update, patch, apply, delete" do
  made = maps.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { "k" => "v" } })
  equal made.metadata.name, "a"
  equal maps.get("a").data["k"], "v"
  draft = made.to_h
  draft["data"]["k"] = "w"
  equal maps.update(draft).data["k"], "w"
  raises(K8sc::Conflict) { maps.update(made) }
  equal maps.patch("a", { data: { x: "y" } }).data.to_h, { "k" => "w", "x" => "y" }
  equal maps.patch("a", [{ op: "remove", path: "/data/x" }]).data.to_h, { "k" => "w" }
  equal maps.patch("a", '{"data":{"s":"t"}}', type: :strategic).data["s"], "t"
  raises(ArgumentError, /type: :mrege is unknown; did you mean merge/) { maps.patch("a", {}, type: :mrege) }
  equal maps.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {k: v}\n", field_manager: "me", force: true).data["k"], "v"
  raises(ArgumentError, /no metadata.name/) { maps.apply({ apiVersion: "v1", kind: "ConfigMap" }, field_manager: "me") }
  equal maps.create({ metadata: { name: "dry" }, apiVersion: "v1", kind: "ConfigMap" }, dry_run: true).metadata.name, "dry"
  raises(K8sc::NotFound) { maps.get("dry") }
  maps.delete("b")
  maps.delete_collection(labels: { none: "such" })
  equal maps.list.size, 1
end

test "lists, pages and Enumerable" do
  list = pods.list(limit: 2)
  equal list.size, 2
  equal list.map { |pod| pod.metadata.name }, %w[pod-00000 pod-00001]
  equal list.remaining_item_count, 3
  equal pods.list(limit: 2, continue: list.continue).first.metadata.name, "pod-00002"
  equal pods.list.continue, nil
  equal pods.each(limit: 2).map { |pod| pod.metadata.name }.size, 5
  equal pods.first.metadata.name, "pod-00000"
  equal pods.lazy.select { |pod| pod.metadata.name.end_with?("4") }.to_a.size, 1
  equal pods.list_all(limit: 2).size, 5
  equal client.core_v1.pods.list(labels: { app: %w[none such], x: false }).to_a, []
  equal pods.list(fields: { "metadata.name" => "pod-00003" }).size, 1
end

test "wrong keywords are named" do
  raises(ArgumentError, /list: unknown keyword :lable_selector; did you mean label_selector/) { pods.list(lable_selector: "a") }
  raises(TypeError, /list: limit: integer expected, got String/) { pods.list(limit: "5") }
  raises(ArgumentError, /connect: unknown keyword :sever; did you mean server/) { K8sc.connect(sever: "x") }
  raises(K8sc::InvalidArgument) { pods.get("a", limit: 5) }
  raises(TypeError, /get: name expected, got Integer/) { pods.get(5) }
  raises(TypeError, /object expected/) { pods.create(5) }
end

test "wrong types are named, wherever they are" do
  informer = client.informers.core_v1.pods
  {
    /kubeconfig: String/ => -> { K8sc.connect(kubeconfig: 4) },
    /ca: String/ => -> { K8sc.connect(server: "http://a", ca: 4) },
    /qps: number/ => -> { K8sc.connect(server: "http://a", qps: "x") },
    /contexts: String/ => -> { K8sc.contexts(4) },
    /resource: ns: String/ => -> { client.resource("v1", "pods", 4) },
    /find: argument: String/ => -> { client.find(4) },
    /query: Hash/ => -> { client.request("GET", "/version", query: 4) },
    /cancel: cancel/ => -> { client.request("GET", "/version", cancel: 4) },
    /apply_manifest: text/ => -> { client.apply_manifest(nil, field_manager: "me") },
    /custom_resync: Hash/ => -> { client.informers(custom_resync: 4) },
    /keep_path: pointer: String/ => -> { client.informers(keep: 4) },
    /remove: a registration/ => -> { informer.remove(4) },
    /get: name: String/ => -> { informer.get(4) },
    /wait_for_sync: timeout/ => -> { informer.wait_for_sync(timeout: "x") },
    /is_resource_enabled: resource: String/ => -> { client.discovery.has?("v1", 4) },
    /at: String/ => -> { pods.list.first.at(4) }
  }.each { |pattern, call| raises(TypeError, pattern, &call) }
  raises(ArgumentError, /type: 4 is unknown/) { pods.patch("a", {}, type: 4) }
  raises(ArgumentError, /level 4 is unknown/) { client.on_log(4) {} }
  raises(ArgumentError, /NaN/) { client.step(Float::NAN) }
end

test "what a wrong argument is told of outlives a collection" do
  options = K8sc::Core.options_new
  GC.stress = true
  begin
    message = /\Aset_limit: int64_t expected, got K8sc::Core::CallOptions\z/
    raises(TypeError, message) { options.set_limit(options) }
  ensure
    GC.stress = false
  end
end

test "objects read by name, key, path and pattern" do
  object = K8sc.object(<<~JSON)
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"w","namespace":"d","labels":{"app":"web","name":"label"},"creationTimestamp":null},
     "spec":{"containers":[{"name":"a","image":"i:1"}],"hostNetwork":false},"status":{"podIP":"10.0.0.1","hostIPs":[]},
     "big":9007199254740993,"half":0.5,"text":"é \\ud83d\\ude00"}
  JSON
  equal object.metadata.name, "w"
  equal object.status.pod_ip, "10.0.0.1"
  equal object.status.podIP, "10.0.0.1"
  equal object["metadata"]["labels"]["app"], "web"
  equal object[:metadata][:labels][:name], "label"
  equal object.dig(:spec, :containers, 0, :image), "i:1"
  equal object.dig("spec", "none", "deeper"), nil
  equal object.spec.containers.map(&:image), ["i:1"]
  equal object.spec.host_network, false
  equal object.spec.node_name, nil
  equal object.metadata.key?("creationTimestamp"), true
  equal object.metadata.creation_timestamp, nil
  equal [object["big"], object["half"]], [9_007_199_254_740_993, 0.5]
  equal K8sc.object('{"huge":18446744073709551617}')["huge"], 18_446_744_073_709_551_617
  equal object["text"], "é 😀"
  equal object.at("/spec/containers/0/name"), "a"
  equal object.keys.first(2), %w[apiVersion kind]
  raises(NoMethodError) { object.spec.node_nmae }
  raises(FrozenError, /to_h/) { object.metadata.name = "x" }
  equal object.to_s, "Pod d/w"
  equal object.respond_to?(:spec), true
  equal object.spec.respond_to?(:node_name), true
  equal object.spec.respond_to?(:nonsense), false
  case object
  in { kind: "Pod", metadata: { name: String => name, namespace: } }
    equal [name, namespace], %w[w d]
  end
  equal object.to_h(symbolize_names: true)[:metadata][:labels], { app: "web", name: "label" }
  equal K8sc.object(object.to_h), object
  equal K8sc.object(object.spec).to_json, object.spec.to_json
  equal K8sc.object(object.to_yaml)["metadata"]["name"], "w"
  equal JSON.generate({ spec: object.spec }), %({"spec":#{object.spec.to_json}})
end

test "inspect shows no secret" do
  secret = K8sc.object({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, data: { password: "aHVudGVyMg==" } })
  [secret, secret.data, K8sc.connect(server: "http://127.0.0.1:1", token: "hunter2")].each { |thing| equal thing.inspect.match?(/hunter2|aHVu/), false }
  nameless = K8sc.object({ kind: "Secret", stringData: { password: "hunter2" } })
  list = K8sc.object({ kind: "SecretList", items: [{ data: { password: "aHVudGVyMg==" } }] })
  [secret.data, nameless, nameless.string_data, list, list.items[0], list.items[0].data].each do |thing|
    [thing.to_s, thing.inspect, "#{thing}"].each { |text| equal text.match?(/hunter2|aHVu/), false, text }
  end
  equal secret.data.to_s, "#<K8sc::Object with password>"
  equal nameless.string_data.to_json, '{"password":"hunter2"}'
end

test "errors by kind, with the Status" do
  error = raises(K8sc::NotFound, /none/) { pods.get("none") }
  equal [error.http_status, error.reason, error.code, error.retriable?], [404, "NotFound", K8sc::Core::E_API, false]
  equal error.status["details"]["name"], "none"
  equal error.is_a?(K8sc::ApiError) && error.is_a?(K8sc::Error), true
  raises(K8sc::AlreadyExists) { pods.create(pod("pod-00000")) }
  raises(K8sc::ParseError) { K8sc.object("{") }
  raises(K8sc::ConnectionError) { K8sc.connect(server: "http://127.0.0.1:1").core_v1.pods.list(max_retries: 0) }
  server.fault(verb: "list", times: 1, status: { code: 429, retryAfter: 7 })
  error = raises(K8sc::TooManyRequests) { pods.list(max_retries: 0) }
  equal error.retry_after, 7.0
  server.fault(verb: "list", times: 1, delay_ms: 3000)
  raises(K8sc::Timeout) { pods.list(timeout: 0.2, max_retries: 0) }
  error = raises(K8sc::Invalid) { K8sc.validate(pod("x").merge(spek: {})) }
  equal error.causes.first.field, "spek"
  equal K8sc.validate(pod("x")), true
end

test "a cancel token ends calls" do
  cancel = K8sc::Cancel.new
  pods.list(cancel: cancel)
  cancel.cancel
  raises(K8sc::Cancelled) { pods.list(cancel: cancel) }
end

test "watches as blocks and enumerators" do
  from = pods.list.resource_version
  pods.create(pod("w"))
  pods.patch("w", { metadata: { labels: { a: "1" } } })
  pods.delete("w")
  seen = []
  pods.watch(resource_version: from) do |event|
    seen << [event.type, event.object.metadata.name]
    break if event.type == :deleted
  end
  equal seen, [[:added, "w"], [:modified, "w"], [:deleted, "w"]]
  watch = pods.watch(resource_version: from)
  equal watch.first(2).map(&:type), %i[added modified]
  raises(K8sc::Timeout) { 3.times { watch.next(timeout: 0.1) } }
  watch.cancel
  equal watch.next, nil
  equal pods.watch(timeout_seconds: 1).to_a.map(&:type).uniq, [:added]
  retried = pods.retry_watch(resource_version: from)
  equal retried.next(timeout: 10).object.metadata.name, "w"
  retried.cancel
  server.compact
  equal pods.watch(resource_version: "1").to_a.map { |event| [event.type, event.error.class] }, [[:error, K8sc::Gone]]
end

test "waiting for a condition and for a deletion" do
  raises(K8sc::Timeout) { pods.wait_for("pod-00000", condition: "Nonsense", within: 0.2) }
  Thread.new { sleep 0.1; pods.delete("pod-00004") }
  equal pods.wait_for("pod-00004", deleted: true, within: 20), true
  raises(ArgumentError, /either condition: or deleted/) { pods.wait_for("a") }
end

test "names, kinds, categories, discovery" do
  equal client.find("deploy").kind, "Deployment"
  raises(K8sc::NotFound, /deployments/) { client.find("deploymnets") }
  equal client.kind("example.com/v1", "Engine", "default").to_s, "example.com/v1 engines in default"
  equal client.kind("po").to_s, "v1 pods"
  equal client.category("all").map(&:resource).include?("pods"), true
  discovery = client.discovery(cache: :none)
  equal discovery.groups.any? { |group| group["name"] == "apps" }, true
  equal discovery.resources("apps/v1").any? { |resource| resource["name"] == "deployments" }, true
  equal discovery.has?("apps/v1", "deployments") && !discovery.has?("apps/v7"), true
  lists, failure = discovery.all
  equal [lists.first["kind"], failure], ["APIResourceList", nil]
  equal discovery.preferred(namespaced: true).first.size.positive?, true
  raises(ArgumentError, /cache/) { client.discovery(cache: :wrong) }
end

test "a manifest is applied and deleted, with an error for each object" do
  text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m1}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m2}\n"
  equal client.apply_manifest(text, namespace: "default", field_manager: "me").map { |result| result.object.metadata.name }, %w[m1 m2]
  error = raises(K8sc::Names::ManifestError) { client.create_manifest(text, namespace: "default") }
  equal error.results.map { |result| result.error.class }, [K8sc::AlreadyExists] * 2
  equal error.cause.class, K8sc::AlreadyExists
  client.delete_manifest([{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m1" } }], namespace: "default")
  raises(K8sc::NotFound) { maps.get("m1") }
  client.delete_manifest(text, namespace: "default", ignore_not_found: true)
end

test "raw requests" do
  body, status = client.request("GET", "/version")
  equal [JSON.parse(body)["major"], status], ["1", 200]
  client.request("GET", "/api/v1/pods", query: { labelSelector: "a=b,c" })
  equal server.requests.last["query"], "labelSelector=a%3Db%2Cc"
  raises(K8sc::NotFound) { client.request("GET", "/nothing") }
end

test "logs, warnings, traces, metrics" do
  own = server.connect
  io = StringIO.new
  own.log_to(Logger.new(io), :debug)
  traces = []
  warnings = []
  subscription = own.on_trace { |trace| traces << trace }
  own.on_warning { |text| warnings << text }
  server.fault(verb: "get", times: 1, warning: "this is old")
  own.core_v1.pods("default").get("pod-00000")
  eventually(own) { traces.any? && warnings.any? }
  equal [traces.first["method"], warnings], ["GET", ["this is old"]]
  equal io.string.include?("/api/v1/namespaces/default/pods/pod-00000"), true
  subscription.cancel
  equal own.metrics["requests"].first["count"], 1
  equal own.prometheus.include?("rest_client_requests_total"), true
  raises(ArgumentError, /level :inof is unknown; did you mean info/) { own.on_log(:inof) {} }
  own.close
end

test "connecting: blocks, sharing, tokens, TLS" do
  K8sc::Testing::Server.start(tls: true, token: "secret") do |secure|
    secure.connect do |own|
      equal own.core_v1.pods.list.size, 0
      equal secure.connect(share: own).core_v1.pods.list.size, 0
    end
    raises(K8sc::Unauthorized) { secure.connect(token: "wrong").core_v1.pods.list }
    raises(K8sc::TLSError) { K8sc.connect(server: secure.url, token: "secret").core_v1.pods.list(max_retries: 0) }
  end
  closed = server.connect
  closed.close
  equal closed.closed?, true
  raises(K8sc::ClosedError) { closed.core_v1.pods.list }
end

test "the fake server tells what was done" do
  server.forget_requests
  pods.patch("pod-00001", { metadata: { labels: { a: "b" } } })
  equal server.actions(verb: "patch", resource: "pods", name: "pod-00001").size, 1
  equal server.actions(verb: "delete").size, 0
  raises(ArgumentError, /start: unknown keyword :tsl; did you mean tls/) { K8sc::Testing::Server.start(tsl: true) }
  raises(K8sc::InvalidArgument, /nonsense/) { server.fault(nonsense: true) }
end

client.close
server.stop
done
