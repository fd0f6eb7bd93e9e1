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
  server.fault(verb: "list", times: 1, delay_ms: 300)
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
  Process.wait(pid)
  equal $?.exitstatus, 0
  equal informer.size, 3
end

client.close
server.stop
done
