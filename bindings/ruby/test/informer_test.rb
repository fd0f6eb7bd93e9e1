# frozen_string_literal: true

# Informers, the loop, the collector, and the end of things.
require "check"
require "rbconfig"
require "tempfile"
require "timeout"
include Check

server = K8sc::Testing::Server.start(pods: 20)

test "handlers are told of what is there and of changes" do
  client = server.connect
  pods = client.core_v1.pods("default")
  log = []
  initial = 0
  informer = client.informers(namespace: "default", drop: "managedFields").core_v1.pods
  informer.on(add: ->(pod, first) { first ? initial += 1 : log << "add #{pod.metadata.name}" },
              update: ->(old, new) { log << "update #{old.metadata.labels&.[]('v')}>#{new.metadata.labels['v']}" },
              delete: ->(pod, inferred) { log << "delete #{pod.metadata.name} #{inferred}" },
              sync: -> { client.stop })
  client.run
  equal initial, 20
  pods.create(pod("x", v: "1"))
  made = pods.patch("x", { metadata: { labels: { v: "2" } } })
  informer.wait_for_resource_version(made.metadata.resource_version, timeout: 20)
  equal informer.get("default", "x").metadata.labels["v"], "2"
  pods.delete("x")
  eventually(client) { log.any? { |line| line.start_with?("delete") } }
  equal log.first, "add x"
  equal log.last, "delete x false"
  equal informer.get("default", "none"), nil
  equal informer.size, 20
  equal informer.synced?, true
  equal informer.statistics["objects"], 20
  client.close
end

test "the copy: lists, selectors, indexes" do
  client = server.connect
  informer = client.informers.core_v1.pods
  informer.add_index("node", "/spec/nodeName")
  informer.add_index("app", label: "app")
  raises(ArgumentError, /add_index/) { informer.add_index("none") }
  informer.wait_for_sync(timeout: 20)
  node = informer.index_values("node").first
  equal informer.by_index("node", node).map { |pod| pod.spec.node_name }.uniq, [node]
  equal informer.list(namespace: "default").size, 20
  equal informer.list(fields: { "metadata.name" => "pod-00001" }).size, 1
  equal informer.list(labels: { none: "such" }), []
  equal informer.map { |pod| pod.metadata.name }.min, "pod-00000"
  raises(ArgumentError, /namespace of its factory/) { client.informers.core_v1.pods("default") }
  everywhere = client.informers(namespace: "").core_v1.pods
  everywhere.wait_for_sync(timeout: 20)
  equal everywhere.map { |pod| pod.metadata.name }.min, "pod-00000"
  equal client.core_v1.pods("").list(limit: 1).size, 1
  equal client.core_v1.pods("default").namespace("").namespace_name, nil
  raises(K8sc::InvalidArgument, /all namespaces/) { client.core_v1.pods("").get("pod-00000") }
  raises(ArgumentError, /drop/) { client.informers(drop: "status") }
  raises(ArgumentError, /unknown keyword :lables; did you mean labels/) { client.informers(lables: {}) }
  client.close
end

test "a handler that raises is told of, and the loop goes on" do
  client = server.connect
  told = []
  seen = 0
  client.on_error { |error, what| told << "#{what}: #{error.message}" }
  informer = client.informers.core_v1.pods
  informer.on_add { seen += 1; raise "broken add" }
  informer.on_update { raise "broken update" }
  informer.on_delete { raise "broken delete" }
  informer.on_sync { raise "broken sync" }
  traces = client.on_trace { raise "broken trace" }
  informer.wait_for_sync(timeout: 20)
  pods = client.core_v1.pods("default")
  pods.create(pod("y"))
  pods.patch("y", { metadata: { labels: { a: "b" } } })
  eventually(client) { told.any? { |line| line.include?("broken update") } }
  pods.delete("y")
  eventually(client) { %w[add update delete sync trace].all? { |what| told.any? { |line| line.include?("broken #{what}") } } }
  equal seen, 21
  # Those of the last requests may wait still.
  traces.cancel
  client.on_error { |error, _| raise error }
  informer.on_add { raise IOError, "fatal" }
  raises(IOError, /fatal/) { loop { client.step(1) } }
  client.close
end

test "a step ends, however fast events come" do
  client = server.connect
  pods = client.core_v1.pods("default")
  pods.create(pod("busy"))
  told = 0
  informer = client.informers(namespace: "default", fields: "metadata.name=busy").core_v1.pods
  # Each event is followed by the next before it is over.
  informer.on_update do
    told += 1
    made = pods.patch("busy", { metadata: { labels: { n: told.to_s } } })
    informer.wait_for_resource_version(made.metadata.resource_version, timeout: 20)
  end
  informer.wait_for_sync(timeout: 20)
  pods.patch("busy", { metadata: { labels: { n: "0" } } })
  Timeout.timeout(60) do
    [1, 2].each do |times|
      eventually(client) { told >= times }
      equal told, times
    end
  end
  pods.delete("busy")
  client.close
end

test "errors of the server come to a handler, or to on_error" do
  client = K8sc.connect(server: "http://127.0.0.1:1")
  errors = []
  client.informers.core_v1.pods.on_error { |error| errors << error }
  eventually(client) { errors.any? }
  equal errors.first.class, K8sc::ConnectionError
  other = K8sc.connect(server: "http://127.0.0.1:1")
  other.on_error { |error, what| errors << "#{what} #{error.class}" }
  other.informers.core_v1.pods.on_add {}
  eventually(other) { errors.include?("informer of pods K8sc::ConnectionError") }
  [client, other].each(&:close)
end

# Many for each round: where a machine is busy, a thread that is woken waits for its turn.
test "100,000 events with collections throughout" do
  many = K8sc::Testing::Server.start(pods: 400)
  client = many.connect
  informer = client.informers.core_v1.pods
  informer.wait_for_sync(timeout: 20)
  events = 0
  kept = []
  250.times do |round|
    registration = informer.on_add do |pod|
      events += 1
      kept[events % 50] = pod.metadata.labels if (events % 100).zero?
      pod.status.phase
    end
    eventually(client) { events >= (round + 1) * 400 }
    registration.remove if round.odd?
    GC.start if (round % 12).zero?
  end
  equal events >= 100_000, true
  kept.compact.each { |labels| equal labels.to_json.start_with?("{"), true }
  client.close
  many.stop
end

test "dropped in every order" do
  orders = %i[client factory informer registration pod].permutation.to_a
  orders.each_with_index do |order, index|
    held = { client: server.connect }
    held[:factory] = held[:client].informers(namespace: "default")
    held[:informer] = held[:factory].core_v1.pods
    held[:registration] = held[:informer].on_add {}
    if (index % 20).zero?
      held[:informer].wait_for_sync(timeout: 20)
      held[:pod] = held[:informer].get("default", "pod-00001")
    end
    order.each do |name|
      held.delete(name)
      GC.start(full_mark: false)
    end
  end
  GC.start
end

test "two clients do not share events" do
  first = server.connect
  second = server.connect
  ones = twos = 0
  first.informers.core_v1.pods.on_add { ones += 1 }
  second.informers(labels: { none: "such" }).core_v1.pods.on(add: -> { twos += 1 }, sync: -> { second.stop })
  second.run
  eventually(first) { ones == 20 }
  equal twos, 0
  [first, second].each(&:close)
end

test "a process that just ends" do
  Tempfile.create("kubeconfig") do |file|
    file.write(server.kubeconfig)
    file.close
    script = <<~RUBY
      require "k8sc"
      client = K8sc.connect(kubeconfig: #{file.path.inspect})
      client.informers.core_v1.pods.on_add {}
      client.step(5)
      client.core_v1.pods.watch
      puts "ended"
    RUBY
    { "" => 0, "exit!(3)" => 3, "raise 'at the end'" => 1, "Thread.new { client.run }; sleep 0.1" => 0 }.each do |ending, code|
      includes = $LOAD_PATH.first(3).flat_map { |path| ["-I", path] }
      text = IO.popen([RbConfig.ruby, *includes, "-e", "$stdout.sync = true\n" + script + ending, { err: %i[child out] }], &:read)
      equal [text.include?("ended"), $?.exitstatus], [true, code], ending
    end
  end
end

server.stop
done
