# frozen_string_literal: true

require "k8sc/list"
require "k8sc/wait"

module K8sc
  # A local cache of a resource, and handlers for its changes. Reading it never waits.
  class Informer
    include Enumerable

    FUNCTIONS = { Core::EVENT_ADD => :add, Core::EVENT_UPDATE => :update, Core::EVENT_DELETE => :delete, Core::EVENT_SYNC => :sync }.freeze
    POLICIES = { coalesce: Core::LIMIT_COALESCE, backpressure: Core::LIMIT_BACKPRESSURE, keep_all: Core::LIMIT_NONE }.freeze

    # Handlers that were added together.
    class Registration
      # @api private
      attr_reader :id, :functions, :handle

      # @api private
      def initialize(informer, id, functions, handle)
        @informer = informer
        @id = id
        @functions = functions
        @handle = handle
      end

      # No handler of it runs any more.
      def remove
        @informer.remove(self)
      end

      # Whether all of the first list was told.
      def synced?
        handle.has_synced
      end

      # How many events wait for it, and how many it was spared since others took their place.
      def depth
        handle.depth
      end

      def coalesced
        handle.coalesced
      end
    end

    # @api private
    attr_reader :handle

    # @api private
    def initialize(factory, plural, handle)
      @factory = factory
      @plural = plural
      @handle = handle
      @lister = handle.lister
      @registrations = {}
    end

    # Adds handlers: add(object, initial), update(old, new), delete(object, inferred), sync() once all of the first list was told,
    # error(exception). They run in {Client#step} and {Client#run}.
    # @param resync [Numeric] seconds: update for everything, that often
    # @param limit [Integer] where more events wait (1000), when_full says what happens: :coalesce, :backpressure or :keep_all
    # @return [Registration]
    def on(add: nil, update: nil, delete: nil, sync: nil, error: nil, resync: nil, limit: nil, when_full: nil)
      functions = { add: add, update: update, delete: delete, sync: sync, error: error }.compact
      raise ArgumentError, "on: at least one of add:, update:, delete:, sync:, error: is needed" if functions.empty?

      functions.each { |name, function| raise TypeError, "on: #{name}: what can be called expected, got #{function.class}" unless function.respond_to?(:call) }
      policy = limit_of(limit, when_full)
      registration = nil
      id = client.subscribe(to_s) { |kind, object, more| pick(registration, functions, kind, object, more) }
      begin
        made = resync ? handle.add_handler_with(Options.milliseconds(resync, "on: resync"), nil, id) : handle.add_handler(id)
        made.set_limit(*policy) if policy
      rescue Error
        client.unsubscribe(id)
        raise
      end
      registration = Registration.new(self, id, functions, made)
      @registrations[id] = registration
    end

    # One handler, as a block: on_add { |object, initial| }, on_update { |old, new| }, on_delete { |object, inferred| }, on_sync { },
    # on_error { |exception| }.
    %i[add update delete sync error].each do |name|
      define_method(:"on_#{name}") { |**options, &block| on(name => block, **options) }
    end

    # An object of the cache: get("kube-system", "coredns"), or get("node-1") where the resource has no namespaces; nil where it is not there.
    def get(namespace, name = nil)
      namespace, name = nil, namespace if name.nil?
      @lister.get(namespace, name)
    rescue NotFound
      nil
    end

    # What the cache holds, in no particular order. It knows the fields metadata.name and metadata.namespace; an index knows the others.
    # @return [Array<Object>]
    def list(namespace: nil, label_selector: nil, labels: label_selector, field_selector: nil, fields: field_selector)
      options = Core.options_new
      options.set_label_selector(Options.convert(:labels, labels, "list: labels")) if labels
      options.set_field_selector(Options.convert(:fields, fields, "list: fields")) if fields
      @lister.select(namespace, options).first
    end

    def each(&block)
      return enum_for(:each) unless block

      list.each(&block)
      self
    end

    def size
      @lister.size
    end
    alias count size

    # An index: add_index("node", "/spec/nodeName"), add_index("app", label: "app"), add_index("owner", owner: true).
    def add_index(name, pointer = nil, label: nil, owner: false)
      raise ArgumentError, "add_index: one of a JSON Pointer, label: and owner: true expected" unless [pointer, label, owner || nil].compact.size == 1

      return handle.add_pointer_index(name, pointer) if pointer
      return handle.add_label_index(name, label) if label

      handle.add_owner_index(name)
    end

    # The objects that an index has under a value. The index "namespace" is always there.
    def by_index(name, value)
      @lister.by_index(name, value.to_s).first
    end

    def index_values(name)
      @lister.index_values(name)
    end

    def synced?
      handle.has_synced
    end

    # Starts it, and waits until the cache is filled.
    def wait_for_sync(timeout: nil)
      @factory.start
      ms = Options.milliseconds(timeout, "wait_for_sync: timeout")
      K8sc.waiting { handle.wait_for_sync(ms) }
      true
    end

    # Waits until the cache has seen the resourceVersion of an object that was written: what is read from it then is not older.
    def wait_for_resource_version(version, timeout: nil)
      @factory.start
      ms = Options.milliseconds(timeout, "wait_for_resource_version: timeout")
      K8sc.waiting { handle.wait_for_resource_version(version, ms) }
      true
    end

    # The resourceVersion that the cache has reached; "" before the first list.
    def resource_version
      handle.last_sync_resource_version
    end

    # What it is and has done, as a Hash; docs/observability.md has the names.
    def statistics
      JSON.parse(handle.statistics_json)
    end

    # Stops it for good. The cache stays readable.
    def stop
      forget_handlers
      K8sc.waiting { handle.stop }
    end

    # @api private
    def remove(registration)
      unless registration.is_a?(Registration)
        raise TypeError, "remove: a registration expected, got #{registration.class}"
      end

      client.unsubscribe(registration.id)
      handle.remove_handler(registration.handle) if @registrations.delete(registration.id)
    end

    # @api private
    def forget_handlers
      @registrations.each_key { |id| client.unsubscribe(id) }
      @registrations.clear
    end

    def to_s
      "informer of #{@plural}"
    end

    def inspect
      "#<K8sc::Informer of #{@plural}, #{size} objects>"
    end

    private

    def client
      @factory.client
    end

    def limit_of(limit, when_full)
      return nil if limit.nil? && when_full.nil?

      policy = POLICIES[when_full || :coalesce] || (raise ArgumentError, "on: when_full: :coalesce, :backpressure or :keep_all expected, got #{when_full.inspect}")
      raise ArgumentError, "on: :keep_all has no limit" if limit && policy == Core::LIMIT_NONE

      [policy, limit || 1000]
    end

    # The function to call and its arguments. An error that no handler of the informer asks for is told once, to the client's on_error.
    def pick(registration, functions, kind, object, more)
      name = FUNCTIONS[kind]
      return [functions[name], *arguments(name, object, more)] if name
      return [functions[:error], more] if functions[:error]

      heard = @registrations.each_value.any? { |other| other.functions[:error] || (registration && other.id < registration.id) }
      [client.method(:report), more, to_s] unless heard
    end

    # In client-go's order: the old state, then the new one.
    def arguments(name, object, more)
      case name
      when :sync then []
      when :update then [more, object]
      else [object, more]
      end
    end
  end
end
