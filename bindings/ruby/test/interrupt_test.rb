# frozen_string_literal: true

# What waits can be interrupted, holds up no other thread or fiber, and says so after a fork.
require "check"
require "timeout"
include Check

server = K8sc::Testing::Server.start(pods: 3)
client = server.connect
pods = client.core_v1.pods("default")

def seconds
  began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  yield
  Process.clock_gettime(Process::CLOCK_MONOTONIC) - began
end

test "Timeout.timeout, Thread#raise and Thread#kill end a request" do
  server.fault(verb: "list", stall_after_bytes: 10)
  took = seconds { raises(::Timeout::Error) { ::Timeout.timeout(0.3) { pods.list } } }
  equal took < 5, true, "took #{took}"
  thread = Thread.new { pods.list }
  thread.report_on_exception = false
  sleep 0.2
  thread.raise(IOError, "enough")
  raises(IOError, /enough/) { thread.value }
  thread = Thread.new { pods.each.to_a }
  sleep 0.2
  took = seconds { thread.kill.join }
  equal took < 5, true, "took #{took}"
  server.clear_faults
  equal pods.list.size, 3
end

test "a signal ends a request, and what waits in the loop" do
  server.fault(verb: "list", stall_after_bytes: 10)
  [-> { pods.list }, -> { client.run }, -> { pods.watch(resource_version: "0", labels: "none=such").next }].each do |waits|
    main = Thread.current
    killer = Thread.new { sleep 0.3; Process.kill("INT", Process.pid) }
    raises(Interrupt) { waits.call }
    killer.join
    equal main, Thread.current
  end
  server.clear_faults
end

# Ruby hears of signals on a thread that sleeps, and there is none here.
test "a signal ends a request, and the loop, while all other threads wait for a request" do
  server.fault(verb: "list", delay_ms: 60_000)
  [->(own) { own.core_v1.pods.list }, ->(own) { own.run }].each do |wait|
    reader, writer = IO.pipe
    pid = fork do
      own = server.connect
      2.times { Thread.new { own.core_v1.pods.list } }
      sleep 0.1
      writer.write("x")
      wait.call(own)
    rescue Interrupt
      exit!(0)
    ensure
      exit!(1)
    end
    reader.read(1)
    sleep 0.2
    Process.kill("INT", pid)
    equal end_of(pid, within: 20).exitstatus, 0
  end
  server.clear_faults
end

# All that may wait for a server, or for another thread that does.
def waits(client, own, informer)
  manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
  pods = client.core_v1.pods("default")
  discovery = client.discovery
  { "get" => -> { pods.get("a") }, "list_all" => -> { pods.list_all },
    "create" => -> { pods.create(pod("a")) },
    "wait_for" => -> { pods.wait_for("a", condition: "Ready") },
    "log" => -> { pods.log("a") }, "log_lines" => -> { pods.log_lines("a").to_a },
    "request" => -> { client.request("GET", "/version") },
    "find" => -> { own.find("deploy") }, "kind" => -> { own.kind("apps/v1", "Deployment") },
    "category" => -> { own.category("all") },
    "apply_manifest" => -> { own.apply_manifest(manifest, field_manager: "me") },
    "create_manifest" => -> { own.create_manifest(manifest) },
    "delete_manifest" => -> { own.delete_manifest(manifest) },
    "informers.kind" => -> { own.informers.kind("apps/v1", "Deployment") },
    "groups" => -> { discovery.groups }, "resources" => -> { discovery.resources("apps/v1") },
    "all" => -> { discovery.all }, "preferred" => -> { discovery.preferred },
    "preferred namespaced" => -> { discovery.preferred(namespaced: true) },
    "version" => -> { discovery.version }, "openapi_v2" => -> { discovery.openapi_v2 },
    "openapi_v3" => -> { discovery.openapi_v3 },
    "openapi_v3 of" => -> { discovery.openapi_v3("apps/v1") },
    "has?" => -> { discovery.has?("apps/v1") },
    "has? a resource" => -> { discovery.has?("apps/v1", "deployments") },
    "informer.wait_for_sync" => -> { informer.wait_for_sync },
    "wait_for_resource_version" => -> { informer.wait_for_resource_version("1") } }
end

test "whatever waits ends by Timeout.timeout, Thread#kill and a signal" do
  own = server.connect
  server.fault(delay_ms: 60_000)
  informer = own.informers.core_v1.secrets
  waits(client, own, informer).each do |name, call|
    took = seconds { raises(::Timeout::Error) { ::Timeout.timeout(0.05) { call.call } } }
    equal took < 5, true, "#{name} took #{took}"
    thread = Thread.new(&call)
    sleep 0.02
    took = seconds { thread.kill.join }
    equal took < 5, true, "#{name} took #{took} to be killed"
  end
  waits(client, own, informer).slice("find", "apply_manifest", "all").each_value do |call|
    killer = Thread.new { sleep 0.1; Process.kill("INT", Process.pid) }
    raises(Interrupt) { call.call }
    killer.join
  end
  server.clear_faults
  equal own.find("deploy").kind, "Deployment"
  own.close
end

test "one that waits for another's load of a discovery ends, too, and the load goes on" do
  discovery = client.discovery
  server.forget_requests
  server.fault(path: "/api", times: 1, delay_ms: 1500)
  loader = Thread.new { discovery.groups.size }
  sleep 0.01 until server.count("GET", "/api").positive?
  took = seconds do
    raises(::Timeout::Error) { ::Timeout.timeout(0.1) { discovery.has?("apps/v1") } }
  end
  equal took < 1, true, "took #{took}"
  equal loader.value.positive?, true
  equal discovery.has?("apps/v1"), true
end

test "what does not raise ends nothing: a signal's handler, and an interrupt that is put off" do
  hit = 0
  before = trap("USR1") { hit += 1 }
  server.fault(verb: "list", times: 2, delay_ms: 500)
  killer = Thread.new { 3.times { sleep 0.1; Process.kill("USR1", Process.pid) } }
  equal pods.list.size, 3
  killer.join
  trap("USR1", before)
  equal hit, 3
  put_off = nil
  thread = Thread.new do
    Thread.handle_interrupt(IOError => :never) { put_off = pods.list.size }
  end
  thread.report_on_exception = false
  sleep 0.1
  thread.raise(IOError, "later")
  raises(IOError, /later/) { thread.value }
  equal put_off, 3
end

test "a trap that raises ends a request, and is what is raised" do
  before = trap("USR1") { raise IOError, "from the trap" }
  server.fault(verb: "list", times: 1, delay_ms: 60_000)
  killer = Thread.new { sleep 0.1; Process.kill("USR1", Process.pid) }
  raises(IOError, /from the trap/) { pods.list }
  killer.join
  trap("USR1", before)
end

test "an interrupt of one call does not use up the token that others have" do
  token = K8sc::Cancel.new
  server.fault(verb: "list", times: 1, delay_ms: 60_000)
  raises(::Timeout::Error) { ::Timeout.timeout(0.1) { pods.list(cancel: token) } }
  equal token.is_cancelled, false
  equal pods.list(cancel: token).size, 3
end

test "a client that closes is interrupted, and can be closed again" do
  own = server.connect
  own.close(timeout: 0.0) rescue K8sc::Timeout
  own.close
  equal own.closed?, true
  raises(TypeError, /close: timeout/) { server.connect.close(timeout: "soon") }
end

test "other threads run while one waits" do
  server.fault(verb: "list", times: 1, delay_ms: 500)
  count = 0
  counter = Thread.new { loop { count += 1; sleep 0.01 } }
  pods.list
  counter.kill
  equal count > 10, true, "count #{count}"
  results = 8.times.map { Thread.new { 20.times.map { pods.get("pod-00001").metadata.name }.uniq } }.map(&:value)
  equal results.uniq, [["pod-00001"]]
end

# As small as a scheduler can be: fibers wait for descriptors, times and each other.
class Scheduler
  def initialize
    @readable = {}
    @waiting = {}
    @blocked = {}
    @ready = []
    @lock = Mutex.new
    @wakeup = IO.pipe
  end

  def fiber(&block)
    Fiber.new(blocking: false, &block).tap(&:transfer)
  end

  def io_wait(io, _events, timeout)
    @readable[io] = Fiber.current
    @waiting[Fiber.current] = now + timeout if timeout
    @loop.transfer
    @waiting.delete(Fiber.current)
    @readable.delete(io) ? false : IO::READABLE
  end

  def kernel_sleep(duration = nil)
    block(:sleep, duration)
  end

  def block(_blocker, timeout = nil)
    @blocked[Fiber.current] = true
    @waiting[Fiber.current] = now + timeout if timeout
    @loop.transfer
    @waiting.delete(Fiber.current)
    @blocked.delete(Fiber.current) ? false : true
  end

  def unblock(_blocker, fiber)
    @lock.synchronize { @ready << fiber }
    @wakeup[1].write_nonblock("x")
  end

  def close
    run
  end

  def run
    @loop = Fiber.current
    until @readable.empty? && @waiting.empty? && @blocked.empty? && @ready.empty?
      pause = @waiting.values.min&.then { |at| [at - now, 0].max }
      ready, = IO.select([@wakeup[0], *@readable.keys], [], [], pause)
      @wakeup[0].read_nonblock(100) if ready&.include?(@wakeup[0])
      (ready || []).each { |io| @readable.delete(io)&.transfer unless io == @wakeup[0] }
      @lock.synchronize { @ready.shift(@ready.size) }.each { |fiber| @blocked.delete(fiber) && fiber.transfer }
      @waiting.select { |_, at| at <= now }.each_key(&:transfer)
    end
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end

test "under a fiber scheduler other fibers run" do
  server.fault(verb: "list", delay_ms: 300)
  own = server.connect
  log = []
  Thread.new do
    scheduler = Scheduler.new
    Fiber.set_scheduler(scheduler)
    scheduler.instance_variable_set(:@loop, Fiber.current)
    Fiber.schedule { log << "list #{pods.list.size}" }
    Fiber.schedule do
      informer = own.informers(fields: "metadata.name=pod-00002").core_v1.pods
      informer.on(sync: -> { own.stop })
      own.run
      log << "synced #{informer.size}"
    end
    Fiber.schedule do
      5.times do
        sleep 0.02
        log << "tick"
      end
    end
    scheduler.run
    Fiber.set_scheduler(nil)
  end.join
  equal log.sort, ["list 3", "synced 1", *["tick"] * 5]
  equal log.index("tick") < log.index("list 3"), true, log.inspect
  server.clear_faults
  own.close
end

test "a forked child is told to connect anew, and can" do
  informer = client.informers.core_v1.pods
  informer.wait_for_sync(timeout: 20)
  reader, writer = IO.pipe
  pid = fork do
    reader.close
    answers = [-> { pods.list }, -> { client.step(0.1) }, -> { client.informers }].map do |use|
      use.call
      "worked"
    rescue K8sc::Error => e
      e.class.name
    end
    answers << K8sc.connect(kubeconfig: server.kubeconfig).core_v1.pods.list.size
    writer.write(answers.join(" "))
    writer.close
    exit!(0)
  end
  writer.close
  equal reader.read, "#{(['K8sc::ForkedError'] * 3).join(' ')} 3"
  equal end_of(pid).exitstatus, 0
  equal informer.size, 3
end

client.close
server.stop
done
