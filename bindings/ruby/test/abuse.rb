# frozen_string_literal: true

require "fiddle"
require "json"
require "timeout"
require "tmpdir"
require "k8sc/testing"

# Calls what there is in K8sc with whatever there is: wrong types, handles that are closed, results of other calls. What it may raise is known.
class Abuse
  ALLOWED = [K8sc::Error, TypeError, ArgumentError, NameError, RangeError, FrozenError, IndexError, IOError, EncodingError, SystemCallError, StopIteration,
             FiberError, LocalJumpError, ThreadError, JSON::JSONError, Timeout::Error].freeze
  # Each is short, whatever it waits for; most are long over by then.
  SECONDS = 0.05
  ENDLESS = %i[next each each_pair run step wait wait_for wait_for_sync wait_for_cache_sync wait_for_resource_version wait_for_condition wait_for_deletion accept
               watch retry_watch lines log_lines connect start waiting].freeze
  PLAIN = [nil, true, false, 0, 1, -1, 3, 2**31 - 1, 2**31, 2**63, 2**64, -2**63, 0.5, -1.0, Float::NAN, Float::INFINITY, Complex(1, 1), "", "a", "pods", "v1",
           "apps/v1", "default", "pod-00001", "metadata.name=pod-00001", "1", "a\0b", "\xff", "é".encode("UTF-16LE"), "\xff".b, "{", "a: [",
           '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}', "x" * 100_000, "/api/v1/pods", "GET", :merge, :add, :disk, [], [1], [nil, nil],
           ["a"] * 5, {}, { "a" => 1 }, { metadata: { name: "pod-00001" } }, Object.new, BasicObject, Class, 1..2, ->(*) {}, :to_s.to_proc,
           Thread.current, Fiddle::Pointer.new(0)].freeze

  attr_reader :calls

  # @param trace [IO, nil] is told of each call before it begins
  def initialize(random, trace = nil)
    @random = random
    @trace = trace
    @calls = 0
    @patient = true
    @modules = Abuse.modules(K8sc)
    begin_anew
  end

  # K8sc and what is in it.
  def self.modules(of, found = [])
    found << of
    of.constants.map { |name| of.const_get(name) }.grep(Module).each { |inner| modules(inner, found) if inner.name&.start_with?("K8sc") && !found.include?(inner) }
    found
  end

  # Another server, and new handles; some of them are closed, cancelled or stopped.
  def begin_anew
    finish
    @server = K8sc::Testing::Server.start(pods: 3, kinds: [["example.com/v1", "engines", "Engine"]])
    @client = @server.connect(timeout: 1)
    closed = @server.connect
    @pool = [@server, @client, *handles_of(@client), closed, *handles_of(closed), *@modules]
    closed.close
  end

  # One call. Answers what it called.
  def call
    receiver, name, parameters = target
    arguments, keywords, block = given(parameters)
    @trace&.puts("#{shown(receiver)}.#{name}(#{[*arguments.map { |each| shown(each) }, *keywords.map { |key, value| "#{key}: #{shown(value)}" }].join(', ')})#{' {}' if block}")
    @calls += 1
    keep(Timeout.timeout(SECONDS) { receiver.public_send(name, *arguments, **keywords, &block) })
  rescue *ALLOWED
    nil
  rescue RuntimeError => e
    raise unless e.instance_of?(Stop)
  end

  # In a handler, and in what Ruby calls when it collects something.
  def in_handler
    client = @client.closed? ? (@client = @server.connect) : @client
    calls = 0
    client.informers(namespace: "default").core_v1.pods.on_add { 3.times { call } if (calls += 1) < 5 }
    Timeout.timeout(2) { client.step(0.3) }
  rescue *ALLOWED
    nil
  end

  # Ruby puts interrupts off there, so what waits without end is left out.
  def in_finalizer
    @patient = false
    5.times { ObjectSpace.define_finalizer(Object.new, ->(_) { call }) }
    GC.start
  ensure
    @patient = true
  end

  # In a child that has what its parent had, and ends as programs do. Raises where it crashes or hangs.
  def in_child
    $stdout.flush
    pid = fork do
      10.times { call }
      exit(0)
    rescue SystemExit
      raise
    rescue Exception => e # rubocop:disable Lint/RescueException
      warn e.full_message(highlight: false)
      exit!(1)
    end
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 60
    until (ended = Process.wait2(pid, Process::WNOHANG))
      sleep 0.005
      next if Process.clock_gettime(Process::CLOCK_MONOTONIC) < deadline

      Process.kill("ABRT", pid)
      Process.wait(pid)
      raise "a forked child hangs"
    end
    raise "a forked child ended with #{ended[1].inspect}" unless ended[1].success?
  end

  # While the collector runs at each allocation.
  def under_stress
    GC.stress = true
    call
  ensure
    GC.stress = false
  end

  def finish
    [@client, @server].compact.zip(%i[close stop]).each { |handle, how| Timeout.timeout(30) { handle.public_send(how) } }
    @pool = []
  end

  # Of blocks that are given: ends a call from within.
  class Stop < RuntimeError
  end

  private

  def handles_of(client)
    pods = client.core_v1.pods("default")
    factory = client.informers(namespace: "default")
    informer = factory.core_v1.pods
    registration = informer.on_add {}
    informer.wait_for_sync(timeout: 20)
    watch = pods.watch(resource_version: "0")
    list = pods.list
    [pods, client.core_v1, factory, informer, registration, watch, pods.watch.tap(&:cancel), pods.log_lines("pod-00000", follow: true), client.discovery, list, list.first,
     list.first.metadata, K8sc::Cancel.new, client.on_trace {}, client.handle, client.queue, pods.instance_variable_get(:@handle), informer.handle,
     registration.handle, error_of { pods.get("none") }]
  end

  def error_of
    yield
  rescue K8sc::Error => e
    e
  end

  # A receiver, and one of its methods that are ours.
  def target
    loop do
      receiver = pick(@pool)
      owners = (receiver.is_a?(Module) ? receiver.singleton_class : receiver.class).ancestors & owners_of(receiver)
      methods = owners.flat_map { |owner| owner.public_instance_methods(false) } - %i[method_missing respond_to_missing?]
      methods += %i[new allocate] if receiver.is_a?(Class)
      methods -= ENDLESS unless @patient
      next if methods.empty?

      name = pick(methods)
      return [receiver, name, receiver.method(name).parameters]
    end
  end

  def owners_of(receiver)
    receiver.is_a?(Module) ? [receiver.singleton_class] : @modules
  end

  # Mostly as many arguments as it takes.
  def given(parameters)
    kinds = parameters.map(&:first)
    count = kinds.count(:req) + (kinds.include?(:opt) || kinds.include?(:rest) ? @random.rand(4) : 0)
    count = @random.rand(5) if one_in(10)
    names = parameters.filter_map { |kind, name| name if %i[key keyreq].include?(kind) }
    names += K8sc::Options::CALL.keys + K8sc::Config::SETTERS.keys if kinds.include?(:keyrest)
    keywords = kinds.intersect?(%i[key keyreq keyrest]) ? names.sample(@random.rand(3), random: @random).to_h { |name| [name, value] } : {}
    block = ->(*) { one_in(2) ? call : raise(Stop) } if one_in(4)
    [Array.new(count) { value }, keywords, block]
  end

  def value
    one_in(3) ? pick(@pool) : pick(PLAIN)
  end

  def keep(result)
    return if result.nil? || result.is_a?(Numeric) || result.is_a?(String) && result.size > 1000

    @pool.size < 200 ? @pool << result : @pool[@random.rand(@pool.size)] = result
  end

  def pick(from)
    from[@random.rand(from.size)]
  end

  def one_in(count)
    @random.rand(count).zero?
  end

  def shown(value)
    case value
    when String, Symbol, Numeric, nil, true, false then value.inspect[0, 60]
    when Module then value.name
    else "<#{value.class}>"
    end
  end
end
