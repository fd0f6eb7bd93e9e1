# frozen_string_literal: true

# The Ruby side of bench/bindings/run; see sync.c.
require "k8sc"

def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
def cpu = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
def peak_mb = File.read("/proc/self/status")[/^VmHWM:\s*(\d+)/, 1].to_i / 1024.0

bare = peak_mb
began = now
cpu_began = cpu
pods = length = 0
client = K8sc.connect(server: ARGV[0])
client.informers(drop: "managedFields").core_v1.pods.on(
  add: lambda do |pod, _|
    pods += 1
    length += pod.metadata.name.bytesize + pod.status.phase.bytesize + pod.spec.node_name.bytesize
  end,
  sync: -> { client.stop }
)
client.run
puts format('{"wall_s":%.3f,"cpu_s":%.3f,"bare_mb":%.1f,"peak_mb":%.1f,"pods":%d,"length":%d}', now - began, cpu - cpu_began, bare, peak_mb, pods, length)
