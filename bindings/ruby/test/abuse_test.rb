# frozen_string_literal: true

# Every public method with wrong arguments, on closed handles, in handlers, finalizers and forked
# children, while the collector runs. Nothing crashes, hangs, or raises what nobody expects.
# K8SC_ABUSE_SECONDS says for how long, K8SC_SEED repeats the choices, K8SC_ABUSE_TRACE names a file
# that is told of each call.
require "check"
require "abuse"
include Check

seconds = Float(ENV.fetch("K8SC_ABUSE_SECONDS", "5"))
seed = Integer(ENV.fetch("K8SC_SEED", Random.new_seed & 0xffffff))
puts "# K8SC_SEED=#{seed} K8SC_ABUSE_SECONDS=#{seconds}"
trace = ENV["K8SC_ABUSE_TRACE"]&.then { |path| File.open(path, "w") }
trace&.sync = true
# What the layer warns of is what handlers raised here.
$VERBOSE = nil
Thread.report_on_exception = false

Dir.mktmpdir do |directory|
  Dir.chdir(directory) do
    ENV["HOME"] = ENV["XDG_CACHE_HOME"] = directory
    ENV["KUBECONFIG"] = "#{directory}/none"
    abuse = Abuse.new(Random.new(seed), trace)
    ends_at = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
    test "nothing crashes or hangs", limit: seconds + LIMIT do
      until Process.clock_gettime(Process::CLOCK_MONOTONIC) > ends_at && abuse.untold.empty?
        abuse.in_finalizer
        abuse.in_handler
        300.times { abuse.call }
        abuse.under_stress
        abuse.in_child unless ENV["K8SC_NO_RANDOM_FORKS"]
        abuse.begin_anew
      end
      puts "# #{abuse.calls} calls"
    end
    test "and all still works" do
      abuse.finish
      K8sc::Testing::Server.start(pods: 3) do |server|
        server.connect { |client| equal client.core_v1.pods("default").list.size, 3 }
      end
    end
  end
end
done
