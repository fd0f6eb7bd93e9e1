# frozen_string_literal: true

require "k8sc/config"
require "k8sc/discovery"
require "k8sc/groups"
require "k8sc/informers"
require "k8sc/lines"
require "k8sc/observe"
require "k8sc/resource"
require "k8sc/wait"

module K8sc
  # A client for all groups, and the loop that calls handlers. Calls and informers may be used from any thread; one thread at a time runs the
  # loop. After fork a child has to connect anew: what it inherited raises {ForkedError}.
  class Client
    include Groups
    include Names
    include Observe

    # A part of a URL.
    # @api private
    def self.encode(value)
      value.to_s.b.gsub(/[^A-Za-z0-9\-._~]/n) { |char| format("%%%02X", char.ord) }
    end

    # @api private
    attr_reader :handle, :queue

    # @api private
    def initialize(config, share: nil)
      raise TypeError, "share: K8sc::Client expected, got #{share.class}" unless share.nil? || share.is_a?(Client)

      @handle = share ? Core.client_new_shared(config, share.handle) : Core.client_new(config)
      @queue = @handle.queue
      @subscribers = {}
      @factories = []
      @last_id = 0
      @lock = Mutex.new
      @on_error = ->(error, what) { warn "k8sc: #{what}: #{error.full_message(highlight: false)}" }
    end

    # A resource by group and version: resource("apps/v1", "deployments", "default"). Without a namespace, or with "": all of them, or one that has none.
    # @return [Resource]
    def resource(group_version, plural, namespace = nil)
      Resource.new(self, group_version, plural, namespace)
    end

    # @api private
    def resource_known(known, group_version, plural, namespace = nil)
      Resource.new(self, group_version, plural, namespace, known)
    end

    # A factory of informers; see {Informers}.
    def informers(**options)
      factory = Informers.new(self, **options)
      @lock.synchronize { @factories << factory }
      factory
    end

    # Any request: request("GET", "/version").
    # @return [Array(String, Integer)] the body and the HTTP status
    def request(method, path, query: {}, body: nil, content_type: nil, timeout: nil, cancel: nil)
      request = request_of(method, path, query, body, content_type, timeout, cancel)
      result = K8sc.waiting { request.send }
      [result.body, result.http_status]
    end

    # Any request whose answer comes in time, as {Lines}; with a block each line, until the end or until the block breaks.
    def lines(method, path, query: {}, body: nil, content_type: nil, timeout: nil, cancel: nil, &block)
      Lines.open(request_of(method, path, query, body, content_type, timeout, cancel), &block)
    end

    # Told of what handlers raise, and of errors of informers that no handler asks for, with what it was. By default it warns. What it raises itself
    # comes out of {#step} and {#run}.
    def on_error(&block)
      raise ArgumentError, "on_error: a block is needed" unless block

      @on_error = block
    end

    # Calls the handlers of the events that wait, and not of those that come meanwhile; where none
    # waits, waits for them up to `timeout` seconds. Starts informers that do not run.
    # @return [Integer] how many events there were
    def step(timeout = 0)
      start
      deadline = Wait.deadline(timeout)
      loop do
        count = round
        return count if count.positive? || @stopping || Wait.over?(deadline)

        Wait.once(queue, deadline)
      end
    end

    # Calls handlers until {#stop}.
    def run
      step(nil) until @stopping || @closed
    rescue ClosedError
      raise unless @closed
    ensure
      @stopping = false
    end

    # Ends the {#run} that runs, or the next one. Any thread, and a trap handler.
    def stop
      @stopping = true
      queue.wakeup
    end

    # A descriptor that is readable while events wait: for a loop of your own, which then calls {#step}. Never read or close it.
    def fd
      queue.fd
    end

    def server
      handle.server
    end

    def default_namespace
      handle.namespace
    end

    # Ends everything of this client, and waits for that. What informers have stays readable.
    def close(timeout: 30)
      return if @ended

      Options.milliseconds(timeout, "close: timeout")
      @closed = true
      @lock.synchronize do
        @subscribers.clear
        @factories.clear
      end
      Wait.slices(timeout) { |ms| handle.close(ms) }
      @ended = true
      nil
    end

    def closed?
      @closed ? true : false
    end

    def inspect
      "#<K8sc::Client of #{server}>"
    end

    # @api private
    def subscribe(what, &pick)
      @lock.synchronize do
        @last_id += 1
        @subscribers[@last_id] = [what, pick]
        @last_id
      end
    end

    # @api private
    def unsubscribe(id)
      @lock.synchronize { @subscribers.delete(id) }
    end

    # @api private
    def report(error, what)
      @on_error.call(error, what)
    end

    # @api private
    def forget(factory)
      @lock.synchronize { @factories.delete(factory) }
    end

    private

    def request_of(method, path, query, body, content_type, timeout, cancel)
      raise TypeError, "request: query: Hash expected, got #{query.class}" unless query.is_a?(Hash)

      request = handle.rest("", "v1").verb(method)
      query = query.map { |name, value| "#{Client.encode(name)}=#{Client.encode(value)}" }.join("&")
      request.set_relative_uri(query.empty? ? path : "#{path}#{path.include?('?') ? '&' : '?'}#{query}")
      request.set_timeout(Options.milliseconds(timeout, "request: timeout")) if timeout
      request.set_body(body.is_a?(String) ? body : JSON.generate(body), content_type) if body
      request.set_cancel(Options.convert(:cancel, cancel, "request: cancel")) if cancel
      request
    end

    def start
      @lock.synchronize { @factories.select(&:to_start?) }.each(&:start)
    end

    # One is asked for also where none waits: that takes up a wakeup, and tells of a client that is
    # closed.
    def round
      count = 0
      [queue.depth, 1].max.times do
        event = queue.take
        break unless event

        count += 1
        deliver(event)
        break if @stopping
      end
      count
    end

    def deliver((id, kind, object, more))
      what, pick = @lock.synchronize { @subscribers[id] }
      return unless pick

      function, *arguments = pick.call(kind, object, more)
      return unless function

      begin
        function.call(*arguments)
      rescue StandardError, NotImplementedError => e
        report(e, "handler of #{what}")
      end
    end
  end
end
