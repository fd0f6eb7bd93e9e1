# frozen_string_literal: true

require "fiddle"
require "json"
require "timeout"
require "tmpdir"
require "k8sc/testing"

# Calls what there is in K8sc with whatever there is: wrong types, handles that are closed, results
# of other calls. What it may raise is known.
class Abuse
  ALLOWED = [K8sc::Error, TypeError, ArgumentError, NameError, RangeError, FrozenError, IndexError,
             IOError, EncodingError, SystemCallError, StopIteration, FiberError, LocalJumpError,
             ThreadError, JSON::JSONError, Timeout::Error, Fiddle::DLError].freeze
  # Each is short, whatever it waits for; most are long over by then.
  SECONDS = 0.05
  # What may wait without end, and what makes others do so.
  ENDLESS = %i[pause next each each_pair run step wait wait_for wait_for_sync wait_for_cache_sync
               wait_for_resource_version wait_for_condition wait_for_deletion accept watch
               retry_watch lines log_lines connect start waiting].freeze
  PLAIN = [nil, true, false, 0, 1, -1, 3, 2**31 - 1, 2**31, 2**63, 2**64, -2**63, 0.5, -1.0,
           Float::NAN, Float::INFINITY, Complex(1, 1), "", "a", "pods", "v1", "apps/v1", "default",
           "pod-00001", "metadata.name=pod-00001", "1", "a\0b", "\xff", "é".encode("UTF-16LE"),
           "\xff".b, "{", "a: [",
           '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}', "x" * 100_000,
           "/api/v1/pods", "GET", :merge, :add, :disk, [], [1], [nil, nil], ["a"] * 5, {},
           { "a" => 1 }, { metadata: { name: "pod-00001" } }, Object.new, BasicObject, Class, 1..2,
           ->(*) {}, :to_s.to_proc, Thread.current, Fiddle::Pointer.new(0)].freeze

  # How many calls there were, and which functions had none: [module, name, whether it is its own].
  attr_reader :calls, :untold

  # Of blocks that are given: ends a call from within.
  class Stop < RuntimeError
  end

  # @param trace [IO, nil] is told of each call before it begins
  def initialize(random, trace = nil)
    @random = random
    @trace = trace
    @calls = 0
    @patient = true
    @modules = Abuse.modules(K8sc)
    @functions = @modules.flat_map { |each| Abuse.functions(each) }
    @untold = @functions.to_h { |each| [each, true] }
    @deck = []
    @later = []
    begin_anew
  end

  # K8sc and what is in it.
  def self.modules(of, found = [])
    found << of
    inner = of.constants.map { |name| of.const_get(name) }.grep(Module)
    inner.select! { |each| each.name&.start_with?("K8sc") }
    inner.each { |each| modules(each, found) unless found.include?(each) }
    found
  end

  # What a module can do itself, and what its instances can.
  def self.functions(of)
    own = of.singleton_class.public_instance_methods(false)
    own += %i[new allocate] if of.is_a?(Class)
    of_instances = of.public_instance_methods(false) - %i[method_missing respond_to_missing?]
    own.map { |name| [of, name, true] } + of_instances.map { |name| [of, name, false] }
  end

  # Another server, and new handles; some of them are closed, cancelled or stopped.
  def begin_anew
    finish
    @server = K8sc::Testing::Server.start(pods: 3, kinds: [["example.com/v1", "engines", "Engine"]])
    @client = @server.connect(timeout: 1)
    closed = @server.connect
    @handles = [@server, @client, *handles_of(@client), closed, *handles_of(closed)]
    @results = []
    closed.close
  end

  # One call. Answers what it called.
  def call
    receiver, name, parameters = target
    arguments, keywords, block = given(parameters)
    tell(receiver, name, arguments, keywords, block) if @trace
    @calls += 1
    keep(in_time { receiver.public_send(name, *arguments, **keywords, &block) })
  rescue *ALLOWED, Stop
    nil
  rescue StandardError => e
    # Who calls a handler or a finalizer goes on.
    @surprise = e
    raise
  end

  # In a handler, and in what Ruby calls when it collects something.
  def in_handler
    client = @client.closed? ? (@client = @server.connect) : @client
    calls = 0
    pods = client.informers(namespace: "default").core_v1.pods
    pods.on_add { 3.times { call } if (calls += 1) < 5 }
    Timeout.timeout(2) { client.step(0.1) until calls >= 3 || client.closed? }
    no_surprise
  rescue *ALLOWED
    no_surprise
  end

  # Ruby puts interrupts off there: a timeout would come later, and end something else. So there is
  # none, and what may wait without end is left out. The server has to be as it was begun.
  def in_finalizer
    @patient = false
    5.times { ObjectSpace.define_finalizer(Object.new, ->(_) { call unless @patient }) }
    GC.start
    no_surprise
  ensure
    @patient = true
  end

  # In a child that has what its parent had, and ends as programs do. Raises where it crashes or
  # hangs.
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
    ended = Check.end_of(pid)
    raise "a forked child ended with #{ended.inspect}" unless ended.success?
  end

  # While the collector runs at each allocation.
  def under_stress
    GC.stress = true
    call
  ensure
    GC.stress = false
  end

  def finish
    Timeout.timeout(30) { @client&.close }
    Timeout.timeout(30) { @server&.stop }
    @handles = @results = []
  end

  private

  # Of each class that there is.
  def handles_of(client)
    [*handles_of_names(client), *handles_of_informers(client), *handles_of_core(client)]
  end

  def handles_of_names(client)
    pods = client.core_v1.pods("default")
    list = pods.list
    broken = { apiVersion: "example.com/v1", kind: "None", metadata: { name: "a" } }
    [pods, client.core_v1, client.discovery, client.find("deploy"), list, list.first,
     list.first.metadata, K8sc.contexts(@server.kubeconfig).first, client.discovery.groups.first,
     *client.apply_manifest(pod("applied"), namespace: "default", field_manager: "me"),
     error_of { pods.get("none") },
     error_of { client.apply_manifest([broken], field_manager: "me") },
     K8sc::Error::Cause.new("type", "field", "message"), K8sc::Observe::Record.new(:info, "a", "b"),
     K8sc::Watch::Event.new(:added, list.first, nil)]
  end

  def handles_of_informers(client)
    factory = client.informers(namespace: "default")
    informer = factory.core_v1.pods
    registration = informer.on_add {}
    informer.wait_for_sync(timeout: 20)
    pods = client.core_v1.pods("default")
    watch = pods.watch(resource_version: "0")
    lines = pods.log_lines("pod-00000", follow: true)
    observed = client.on_trace {}
    [factory, informer, registration, watch, pods.watch.tap(&:cancel), lines, observed,
     *inner(factory, :@handle), *inner(informer, :@handle, :@lister), registration.handle,
     *inner(watch, :@handle, :@queue), *inner(lines, :@handle), *inner(observed, :@handle)]
  end

  def handles_of_core(client)
    rest = client.handle.rest("", "v1")
    request = rest.verb("GET")
    request.set_resource("pods")
    pods = inner(client.core_v1.pods("default"), :@handle).first
    discovery = K8sc::Core.discovery_new_cached(client.handle)
    type = K8sc::Core.schema_resource_find("", "v1", "pods")
    [client.handle, client.queue, rest, request, request.send, pods,
     pods.pages(K8sc::Core.options_new), K8sc::Core.options_new, K8sc::Core.informer_options_new,
     K8sc::Core.cancel_new, K8sc::Core.rate_limiter_new(1000.0, 1000), discovery,
     K8sc::Core.rest_mapper_new(discovery), K8sc::Core.kubeconfig_parse(@server.kubeconfig),
     K8sc::Core.overrides_new, K8sc::Core.retry_policy_new,
     K8sc::Config.make(kubeconfig: @server.kubeconfig), type, type.type, type.type.field_at(0)]
  end

  def inner(of, *names)
    names.map { |name| of.instance_variable_get(name) }
  end

  def pod(name)
    Check.pod(name).merge(metadata: { name: name })
  end

  def error_of
    yield
  rescue K8sc::Error => e
    e
  end

  # What is called next, and what has it: each function in its turn, in an order by chance.
  def target
    loop do
      @deck = @functions.shuffle(random: @random) if @deck.empty?
      @deck.push(*@later.shift(@later.size)) if @patient
      owner, name, itself = @deck.pop
      if !@patient && ENDLESS.include?(name)
        @later << [owner, name, itself]
        next
      end

      receivers = itself ? [owner] : (@handles + @results).grep(owner)
      next if receivers.empty?

      @untold.delete([owner, name, itself])
      receiver = pick(receivers)
      return [receiver, name, receiver.method(name).parameters]
    end
  end

  # Mostly as many arguments as it takes.
  def given(parameters)
    kinds = parameters.map(&:first)
    count = kinds.count(:req) + (kinds.intersect?(%i[opt rest]) ? @random.rand(4) : 0)
    count = @random.rand(5) if one_in(10)
    names = parameters.filter_map { |kind, name| name if %i[key keyreq].include?(kind) }
    names += K8sc::Options::CALL.keys + K8sc::Config::SETTERS.keys if kinds.include?(:keyrest)
    names = names.sample(@random.rand(3), random: @random)
    keywords = names.to_h { |name| [name, value] }
    block = ->(*) { one_in(2) ? call : raise(Stop) } if one_in(4)
    [Array.new(count) { value }, keywords, block]
  end

  def value
    one_in(3) ? pick(@handles + @modules + @results) : pick(PLAIN)
  end

  def keep(result)
    return if result.nil? || result.is_a?(Numeric) || result.is_a?(String) && result.size > 1000

    @results.size < 150 ? @results << result : @results[@random.rand(@results.size)] = result
  end

  def no_surprise
    raise @surprise if @surprise
  end

  def in_time(&work)
    @patient ? Timeout.timeout(SECONDS, &work) : work.call
  end

  def pick(from)
    from[@random.rand(from.size)]
  end

  def one_in(count)
    @random.rand(count).zero?
  end

  def tell(receiver, name, arguments, keywords, block)
    given = arguments.map { |each| shown(each) }
    given += keywords.map { |key, value| "#{key}: #{shown(value)}" }
    @trace.puts("#{shown(receiver)}.#{name}(#{given.join(', ')})#{' {}' if block}")
  end

  def shown(value)
    case value
    when String, Symbol, Numeric, nil, true, false then value.inspect[0, 60]
    when Module then value.name
    else "<#{value.class}>"
    end
  end
end
