# frozen_string_literal: true

# Under Async's scheduler: its timeouts end what waits, and other tasks run meanwhile. Skipped (77) where Async is not installed.
require "check"
begin
  require "async"
rescue LoadError
  exit(77)
end
include Check

server = K8sc::Testing::Server.start(pods: 3)
server.set_pod_log("default", "pod-00000", "main", "one\n")

# What a task answers; what it raises comes out of here.
def task(&block)
  Sync { |parent| parent.async(&block).wait }
end

test "with_timeout ends watches, logs, steps, loops and calls" do
  client = server.connect
  pods = client.core_v1.pods("default")
  informer = client.informers.core_v1.pods
  informer.on_update {}
  informer.wait_for_sync(timeout: 20)
  client.step
  hung = server.connect
  waits = {
    "watch" => -> { pods.watch(resource_version: pods.list.resource_version) { |_| } }, "watch.next" => -> { pods.watch(labels: "none=such").next },
    "watch.next(timeout:)" => -> { pods.watch(labels: "none=such").next(timeout: 60) },
    "log_lines" => -> { pods.log_lines("pod-00000", container: "main", follow: true) { |_| } }, "step" => -> { client.step(nil) },
    "step(60)" => -> { client.step(60) }, "run" => -> { client.run }, "list" => -> { hung.core_v1.config_maps.list }, "find" => -> { hung.find("deploy") }
  }
  server.fault(resource: "configmaps", delay_ms: 60_000)
  server.fault(path: "/apis", times: 1, delay_ms: 60_000)
  waits.each do |name, wait|
    began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    raises(Async::TimeoutError) { task { |each| each.with_timeout(0.3) { wait.call } } }
    took = Process.clock_gettime(Process::CLOCK_MONOTONIC) - began
    equal took < 10, true, "#{name} took #{took}"
  end
  server.clear_faults
  equal task { pods.list.size }, 3
  [client, hung].each(&:close)
end

test "tasks run beside each other" do
  client = server.connect
  pods = client.core_v1.pods("default")
  log = []
  Sync do |parent|
    informer = client.informers(fields: "metadata.name=pod-00002").core_v1.pods
    informer.on(sync: -> { client.stop })
    parent.async { client.run; log << "synced #{informer.size}" }
    parent.async { log << pods.watch.first(3).size }
    parent.async { log << pods.log_lines("pod-00000", container: "main").to_a }
    parent.async { log << pods.list.size }
  end
  equal log.sort_by(&:to_s), [3, 3, ["one"], "synced 1"]
  client.close
end

test "a timeout of our own is ours" do
  client = server.connect
  raises(K8sc::Timeout) { task { client.core_v1.pods("default").watch(labels: "none=such").next(timeout: 0.1) } }
  equal task { client.step(0.1) }, 0
  client.close
end

server.stop
done
