# frozen_string_literal: true

# ruby-kubeclient beside bench/bindings/sync.rb: it lists the same pods once, and reads the same fields. It has no cache and no watch here, so it does
# less. The replay server has no discovery; the method for pods is defined by hand.
require "kubeclient"

def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
def cpu = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
def peak_mb = File.read("/proc/self/status")[/^VmHWM:\s*(\d+)/, 1].to_i / 1024.0

bare = peak_mb
began = now
cpu_began = cpu
client = Kubeclient::Client.new("#{ARGV[0]}/api", "v1")
list = client.get_entities("Pod", "pods", {})
pods = length = 0
list.each do |pod|
  pods += 1
  length += pod.metadata.name.bytesize + pod.status.phase.bytesize + pod.spec.nodeName.bytesize
end
puts format('{"wall_s":%.3f,"cpu_s":%.3f,"bare_mb":%.1f,"peak_mb":%.1f,"pods":%d,"length":%d}', now - began, cpu - cpu_began, bare, peak_mb, pods, length)
