# frozen_string_literal: true

# The main job in Ruby, against the fake API server: ruby smoke.rb <its program>
require "json"
require "tmpdir"
require "timeout"
require "k8sc"

def check(what, ok)
  raise "FAILED: #{what}" unless ok
  puts "ok - #{what}"
end

def error_of
  yield
  nil
rescue K8sc::Error => e
  e
end

Core = K8sc::Core

def pod(name)
  Core.object_parse_json({ apiVersion: "v1", kind: "Pod", metadata: { name: name, annotations: { note: "é€😀" } },
                           spec: { containers: [{ name: "a", image: "b" }] } }.to_json)
end

def run(kubeconfig)
  client = K8sc.connect(kubeconfig: kubeconfig)
  pods = client.resource("", "v1", "pods", "default")

  list = pods.list(nil)
  check "list", list.size == 5 && list.at(0).name == "pod-00000" && list.at(9).nil?
  check "list's metadata", list.resource_version.match?(/\A\d+\z/) && list.continue == ""
  made = pods.create(pod("x"), nil)
  check "create", made.name == "x" && made.uid.include?("-")
  note = pods.get("x", nil).str("/metadata/annotations/note")
  check "text is UTF-8", note == "é€😀" && note.encoding == Encoding::UTF_8
  check "text that is not there", made.str("/no/such").nil? && made.label("a").nil?
  big = Core.object_parse_json('{"a":9007199254740993,"b":true,"c":0.5}')
  check "integers are exact", big.integer("/a", 0) == 9_007_199_254_740_993 && big.integer("/z", -(2**63)) == -(2**63)
  check "booleans and numbers", big.boolean("/b", false) == true && big.number("/c", 0) == 0.5

  e = error_of { pods.get("none", nil) }
  check "errors are exceptions", e.code == Core::E_API && e.not_found? && !e.conflict? && e.http_status == 404 && e.reason == "NotFound"
  check "with the message and the Status", e.message.include?("none") && JSON.parse(e.status_json)["kind"] == "Status"
  check "arguments", error_of { Core.object_parse_json("{") }.code == Core::E_PARSE
  check "an embedded NUL", (pods.get("a\0b", nil) rescue $!).is_a?(ArgumentError)
  check "other encodings are converted", Core.object_parse_yaml("k: é".encode("ISO-8859-1")).str("/k") == "é"

  options = Core.options_new
  options.set_label_selector("app=none")
  check "options", pods.list(options).size.zero?

  discovery = Core.discovery_new_cached(client)
  check "discovery", discovery.server_groups.str("/kind") == "APIGroupList" && discovery.is_fresh
  mapper = Core.rest_mapper_new(discovery)
  mapping = mapper.find("deploy")
  check "a short name", mapping.kind == "Deployment" && mapping.group == "apps" && mapping.is_namespaced
  check "a wrong name", error_of { mapper.find("deploymnets") }.message.include?("deployments")
  deployments = Core.schema_resource_find("apps", "v1", "deployments")
  check "the schema", deployments.type.find_field("spec").object_type.kind == "DeploymentSpec"
  check "what the schema does not have", Core.schema_resource_find("apps", "v1", "none").nil?
  wrong = Core.object_parse_json('{"apiVersion":"v1","kind":"Pod","spce":{}}')
  check "validation", error_of { Core.schema_validate(wrong, nil) }.message.include?("spec")
  GC.start
  check "what is borrowed for ever", deployments.has_verb("list")

  # An informer, in pull form: 7 names the subscription.
  factory = Core.informer_factory_new(client, nil)
  informer = factory.for_resource("", "v1", "pods")
  registration = informer.add_handler(7)
  factory.start
  queue = client.queue
  events = []
  pull = lambda do |count|
    Timeout.timeout(20) do
      until events.size >= count
        queue.wait(1000)
        while (event = queue.take)
          events << [event.user_data, event.kind_name, event.object&.name, event.is_initial]
        end
      end
    end
  end
  pull.call(7)
  check "events of the first list", events.first(6).all? { |e| e[0] == 7 && e[1] == "ADD" && e[3] } && events[6][1] == "SYNC"
  check "the registration", registration.has_synced
  pods.delete("x", nil)
  pull.call(8)
  check "delete", events[7][1, 2] == %w[DELETE x]
  lister = informer.lister
  check "the local copy", lister.size == 5 && lister.get("default", "pod-00001").kind == "Pod"
  check "errors of the local copy", error_of { lister.get("default", "x") }.not_found?

  # Other threads run while one waits, and a wait can be interrupted.
  ticks = 0
  ticker = Thread.new { 100.times { ticks += 1; sleep 0.001 } }
  queue.wait(300)
  ticker.join
  check "wait lets other threads run", ticks == 100
  began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  interrupted = begin
    Timeout.timeout(0.1) { queue.wait(30_000) }
  rescue Timeout::Error
    true
  end
  check "wait can be interrupted", interrupted == true && Process.clock_gettime(Process::CLOCK_MONOTONIC) - began < 5
  check "the descriptor", IO.select([IO.for_fd(queue.fd, autoclose: false)], nil, nil, 0).nil?

  factory.shutdown
  client.close(-1)
  check "after close", error_of { pods.list(nil) }.code == Core::E_CLOSED
end

Dir.mktmpdir do |dir|
  kubeconfig = File.join(dir, "kubeconfig")
  server = IO.popen([ARGV[0], "--pods", "5", "--kubeconfig", kubeconfig])
  begin
    server.gets
    run(kubeconfig)
    3.times { GC.start }
  ensure
    Process.kill("TERM", server.pid)
    server.close
  end
end
