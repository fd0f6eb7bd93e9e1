# frozen_string_literal: true

require "k8sc/groups"
require "k8sc/informer"
require "k8sc/options"

module K8sc
  # A factory: one shared informer for each resource.
  #
  #   client.informers(namespace: "default", drop: "managedFields").core_v1.pods
  class Informers
    include Groups

    SETTERS = Setters::INFORMERS
    LIST_MODES = { auto: Core::LIST_AUTO, stream: Core::LIST_STREAM, pages: Core::LIST_PAGES }.freeze

    # @api private
    attr_reader :client

    # @param drop [String, Array<String>] what is left out: "managedFields", or paths such as "/status"
    # @param keep [String, Array<String>] paths that are kept, and no others
    # @param drop_annotations [String, Array<String>] prefixes
    # @param compression_threshold [Integer, false] bytes of JSON from which on the copy is kept compressed; false: never
    # @param list_mode [Symbol] :auto, :stream or :pages
    # @param custom_resync [Hash] { "apps/v1/deployments" => 60 }
    # @param settings also namespace, resync, label_selector, field_selector, metadata_only, page_size, watch_idle_timeout
    def initialize(client, drop: nil, keep: nil, drop_annotations: nil, compression_threshold: nil, list_mode: nil, custom_resync: {}, **settings)
      @client = client
      @informers = {}
      options = Core.informer_options_new
      Options.apply(options, settings, SETTERS, "informers")
      Array(drop).each { |what| drop(options, what) }
      Array(keep).each { |path| options.keep_path(path) }
      Array(drop_annotations).each { |prefix| options.drop_annotations(prefix) }
      options.set_compression_threshold(compression_threshold || -1) unless compression_threshold.nil?
      options.set_list_mode(LIST_MODES[list_mode] || (raise ArgumentError, "informers: list_mode: :auto, :stream or :pages expected, got #{list_mode.inspect}")) if list_mode
      unless custom_resync.is_a?(Hash)
        raise TypeError, "informers: custom_resync: Hash expected, got #{custom_resync.class}"
      end

      custom_resync.each { |key, seconds| resync(options, key, seconds) }
      @handle = Core.informer_factory_new(client.handle, options)
    end

    # The informer for a resource: the same one each time.
    # @return [Informer]
    def resource(group_version, plural)
      @informers[[group_version, plural]] ||= begin
        @to_start = true
        Informer.new(self, plural, @handle.for_resource(*Groups.split(group_version), plural))
      end
    end

    # @api private
    def resource_known(_known, group_version, plural, *namespace)
      raise ArgumentError, "an informer has the namespace of its factory: informers(namespace: ...)" unless namespace.empty?

      resource(group_version, plural)
    end

    # The informer for a kind: the server is asked which resource that is.
    def kind(group_version, kind)
      found = K8sc.waiting { @handle.for_kind(group_version, kind) }
      resource(group_version, JSON.parse(found.statistics_json)["resource"])
    end

    # Starts the informers that were asked for and do not run; {Client#step} and {Client#run} do it, too.
    def start
      @to_start = false
      @handle.start
    end

    # @api private
    def to_start?
      @to_start
    end

    # Starts, and waits until the copies are filled. Handlers run later, in step or run.
    def wait_for_sync(timeout: nil)
      start
      ms = Options.milliseconds(timeout, "wait_for_sync: timeout")
      K8sc.waiting { @handle.wait_for_sync(ms) }
      true
    end

    # What {Informer#statistics} answers, for each.
    def statistics
      JSON.parse(@handle.statistics_json)["informers"]
    end

    # Stops one for good, and forgets it.
    def remove(informer)
      key = @informers.key(informer) || (raise ArgumentError, "remove: an informer of this factory expected")
      @informers.delete(key)
      informer.forget_handlers
      K8sc.waiting { @handle.remove(informer.handle) }
    end

    # Stops all for good, and waits until they have ended.
    def shutdown
      client.forget(self)
      @informers.each_value(&:forget_handlers)
      K8sc.waiting { @handle.shutdown }
    end

    def inspect
      "#<K8sc::Informers #{@informers.keys.map { |key| key.join('/') }.join(', ')}>"
    end

    private

    def drop(options, what)
      return options.set_drop_managed_fields(true) if what == "managedFields"
      raise ArgumentError, "informers: drop: \"managedFields\" or a path such as \"/status\" expected, got #{what.inspect}" unless what.to_s.start_with?("/")

      options.drop_path(what)
    end

    def resync(options, key, seconds)
      group_version, plural = key.to_s.match(%r{\A(.+)/([^/]+)\z})&.captures
      raise ArgumentError, "informers: custom_resync: key such as \"apps/v1/deployments\" expected, got #{key.inspect}" unless plural

      options.set_custom_resync(*Groups.split(group_version), plural, Options.milliseconds(seconds, "informers: custom_resync"))
    end
  end
end
