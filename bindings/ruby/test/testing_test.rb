# frozen_string_literal: true

# The fake API server: what it can be told, and what it tells.
require "check"
require "tmpdir"
include Check

Testing = K8sc::Testing

test "it is like a release" do
  Testing::Server.start(kubernetes_version: "1.21") do |old|
    client = old.connect
    equal client.discovery.version.minor, "21"
    raises(K8sc::NotFound) { client.resource("autoscaling/v2", "horizontalpodautoscalers", "default").list }
    equal client.resource("batch/v1beta1", "cronjobs", "default").list.to_a, []
    client.close
  end
  raises(K8sc::InvalidArgument, /"1.9" is none from 1.20/) { Testing::Server.start(kubernetes_version: "1.9") }
end

test "HTTP/2, and no HTTP/2" do
  protocol = lambda do |**settings|
    Testing::Server.start(tls: true, **settings) do |server|
      client = server.connect
      equal client.core_v1.pods("default").list.to_a, []
      client.close
      server.requests.first["protocol"]
    end
  end
  equal protocol.call(http2_max_streams: 5, http2_upload_window: 1000, http2_answer_pings: false), "HTTP/2.0"
  equal protocol.call(http2: false), "HTTP/1.1"
  raises(K8sc::InvalidArgument, /streams is -1/) { Testing::Server.start(http2_max_streams: -1) }
end

test "objects and counts beside the API" do
  Testing::Server.start(pods: 3) do |server|
    equal server.get("v1", "pods", "default", "pod-00001")["kind"], "Pod"
    before = server.resource_version
    server.remove("v1", "pods", "default", "pod-00001")
    equal server.resource_version, before + 1
    raises(K8sc::ApiError, /pod-00001/) { server.get("v1", "pods", "default", "pod-00001") }
    client = server.connect
    equal client.core_v1.pods("default").list.to_a.size, 2
    equal server.count("GET", "/api/v1/namespaces/default/pods"), 1
    equal server.connection_count.positive?, true
    equal server.watch_count, 0
    client.close
  end
end

test "streaming lists, pages and bookmarks" do
  Testing::Server.start(pods: 5, streaming_lists: :supported, page_limit: 2, bookmark_interval: 0.1, event_window: 10) do |server|
    client = server.connect
    pods = client.core_v1.pods("default")
    equal pods.list(limit: 5).to_a.size, 2
    events = []
    pods.watch(bookmarks: true) do |event|
      events << event.type
      break if event.type == :bookmark
    end
    equal events.last, :bookmark
    server.set_streaming_lists(:refused)
    raises(ArgumentError, /:maybe is none of/) { server.set_streaming_lists(:maybe) }
    client.close
  end
end

test "a manifest and a kubeconfig" do
  path = Testing::Server.start do |server|
    server.load("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: default}\n")
    client = K8sc.connect(kubeconfig: server.kubeconfig_path)
    equal client.core_v1.config_maps("default").list.to_a.size, 2
    client.close
    raises(K8sc::ParseError, /line/) { server.load("a: [") }
    server.kubeconfig_path
  end
  equal path.include?("k8sc-testing-"), true
end

test "users and what they may do" do
  binding = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata: { name: "readers" },
              roleRef: { kind: "ClusterRole", name: "cluster-admin" }, subjects: [{ kind: "Group", name: "readers" }] }
  Testing::Server.start(token: "admin", users: [["janes", "jane", ["readers"]], %w[joes joe]], authorization: true) do |server|
    jane = server.connect(token: "janes")
    raises(K8sc::Forbidden, /User "jane" cannot list resource "pods"/) { jane.core_v1.pods("default").list }
    server.put(binding)
    equal jane.core_v1.pods("default").list.to_a, []
    jane.close
  end
  raises(K8sc::InvalidArgument, /the token of user "a" is that of "b"/) { Testing::Server.start(users: [%w[x a], %w[x b]]) }
end

test "a container that has begun anew" do
  Testing::Server.start(pods: 1) do |server|
    client = server.connect
    server.set_pod_log("default", "pod-00000", "main", "one\n")
    server.restart_container("default", "pod-00000", "main")
    server.append_pod_log("default", "pod-00000", "main", "two\n")
    equal client.core_v1.pods("default").log("pod-00000", container: "main"), "two\n"
    equal client.core_v1.pods("default").log("pod-00000", container: "main", previous: true), "one\n"
    client.close
  end
end

test "a client that knows the renewed certificate connects" do
  Dir.mktmpdir do |dir|
    Testing::Server.start(tls: true, token: "a") do |server|
      server.write_kubeconfig("#{dir}/config")
      equal File.read("#{dir}/config").include?(server.url), true
      ahead = server.prepare_certificate
      equal server.renew_certificate, ahead
      equal server.ca_pem == ahead, false
      server.disconnect
      client = server.connect
      raises(K8sc::TLSError) { client.core_v1.pods("default").list(max_retries: 0) }
      client.close
      server.add_token("b")
      renewed = K8sc.connect(server: server.url, ca: ahead, token: "b", qps: -1)
      equal renewed.core_v1.pods("default").list.to_a, []
      renewed.close
      raises(K8sc::ParseError, /certificate/) { server.set_client_ca("x") }
    end
  end
end

test "what was asked, and how often a rule happened" do
  Testing::Server.start(pods: 1) do |server|
    server.connect do |client|
      client.core_v1.pods("default").list
      equal server.action_count(verb: "list", resource: "pods"), 1
      equal server.last_request("GET", "/api/v1/namespaces/default/pods")["verb"], "list"
      raises(K8sc::StateError, /no such request/) { server.last_request("PUT") }
      rule = server.fault(verb: "list", times: 1, status: { code: 403 })
      equal server.fault_count(rule), 0
      raises(K8sc::Forbidden, /pods/) { client.core_v1.pods("default").list }
      equal server.fault_count(rule), 1
    end
    raises(K8sc::ApiError, /none/) { server.get("v1", "pods", "default", "none") }
  end
end

test "what is no argument is named" do
  Testing::Server.start(pods: 1) do |server|
    wrong = {
      set_token: [42], add_token: [nil], put: [42], load: [42], generate_pods: ["3"], remove_fault: ["1"], actions: [], write_kubeconfig: ["a\0b"],
      set_client_ca: [1], set_pod_log: ["a", "b", "c", 42], append_pod_log: [1, "b", "c", "d"], restart_container: ["a", :b, "c"], count: [1, "x"],
      get: ["v1", 7, "default", "a"], remove: ["v1", "pods", 8, "a"], advance_clock: ["1"], set_streaming_lists: [1]
    }
    wrong.each do |name, arguments|
      server.public_send(name, *arguments, **(name == :actions ? { verb: 7 } : {}))
      raise "#{name} takes it"
    rescue TypeError, ArgumentError => e
      equal e.message.match?(/expected|NUL/), true, "#{name} says #{e.message}"
    end
    raises(TypeError, /\Aset_token: token: String or nil expected, got Integer\z/) { server.set_token(42) }
    raises(TypeError, /\Aset_pod_log: text: String expected, got Integer\z/) { server.set_pod_log("a", "b", "c", 42) }
    raises(RangeError, /generate_pods: count: 4294967296 does not fit/) { server.generate_pods(2**32) }
    equal server.get("v1", "pods", "default", "pod-00000")["kind"], "Pod"
  end
  raises(TypeError, /token: String expected, got Integer/) { Testing::Server.start(token: 42) }
  raises(TypeError, /port: Integer expected, got String/) { Testing::Server.start(port: "80") }
  raises(TypeError, /tls: true or false expected, got Integer/) { Testing::Server.start(tls: 1) }
  raises(TypeError, /add_user: name: String expected, got Integer/) { Testing::Server.start(users: [["a", 1]]) }
  raises(TypeError, /add_kind: kind: String expected, got NilClass/) { Testing::Server.start(kinds: [%w[example.com/v1 as]]) }
end

test "a forked child may end, and leaves its parent's server alone" do
  Testing::Server.start(pods: 1) do |server|
    path = server.kubeconfig_path
    pid = fork do
      told = [-> { server.get("v1", "pods", "default", "pod-00000") }, -> { server.stop }, -> { server.put(pod("a")) }].map do |use|
        use.call
      rescue K8sc::Error => e
        e.class
      end
      server = nil
      GC.start
      exit(told == [K8sc::ForkedError] * 3)
    end
    Process.wait(pid)
    equal $?.inspect.match?(/exit 0/), true, $?.inspect
    equal File.exist?(path), true
    equal server.get("v1", "pods", "default", "pod-00000")["kind"], "Pod"
  end
end

test "mistakes are named" do
  raises(ArgumentError, /start: unknown keyword :strcit; did you mean strict/) { Testing::Server.start(strcit: true) }
  raises(ArgumentError, /streaming_lists: "x" is none of/) { Testing::Server.start(streaming_lists: "x") }
end

done
