# frozen_string_literal: true

require "k8sc/groups"
require "k8sc/list"
require "k8sc/options"
require "k8sc/watch"

module K8sc
  # The verbs on one resource. Keywords are the options of the call: label_selector: (or labels:) and field_selector: (or fields:) as String or
  # Hash, limit:, continue:, resource_version:, resource_version_match:, timeout_seconds: (the server's), timeout: (ours, in seconds), dry_run:,
  # field_manager:, field_validation:, force:, propagation_policy:, grace_period_seconds:, precondition_uid:, precondition_resource_version:,
  # subresource:, max_retries:, cancel:. One that has no meaning for a verb raises {InvalidArgument}.
  #
  # Calls wait, other threads and fibers run meanwhile, and an interrupt of the thread (Ctrl-C, Thread#kill, Timeout.timeout) ends the request.
  class Resource
    include Enumerable

    PATCH_TYPES = { json: Core::PATCH_JSON, merge: Core::PATCH_MERGE, strategic: Core::PATCH_STRATEGIC_MERGE, apply: Core::PATCH_APPLY }.freeze

    attr_reader :group_version, :plural, :namespace_name

    # @api private
    def initialize(client, group_version, plural, namespace, known = nil)
      raise TypeError, "plural of a resource expected, such as \"pods\"; got #{plural.class}" unless plural.is_a?(String)

      namespace = nil if namespace == ""
      @client = client
      @group_version = group_version
      @plural = plural
      @namespace_name = namespace
      @known = known
      @handle = client.handle.resource(*Groups.split(group_version), plural, namespace)
    end

    # The same resource elsewhere; without an argument, or with "", everywhere.
    def namespace(name = nil)
      Resource.new(@client, group_version, plural, name, @known)
    end

    # @return [Object]
    def get(name, **options)
      on_name(:get, name, options)
    end

    # One answer of the server: everything, or with limit: a page.
    # @return [List]
    def list(**options)
      List.new(call(:list, options) { |made| @handle.list(made) })
    end

    # Everything, fetched in pages, as one list.
    # @return [List]
    def list_all(**options)
      need(:list)
      List.new(call(nil, options, "list_all") { |made| @handle.list_all(made) })
    end

    # Every object, while no more than one page is held; without a block an Enumerator. A resource is Enumerable by it.
    def each(**options)
      return enum_for(:each, **options) unless block_given?

      need(:list)
      pager = @handle.pages(Options.call(options, "each"))
      while (object = K8sc.waiting { pager.next })
        yield object
      end
      self
    end

    # @param object [Hash, String, Object] a Hash, JSON or YAML text, or an object
    # @return [Object] as the server has it
    def create(object, **options)
      on_object(:create, object, options)
    end

    def update(object, **options)
      on_object(:update, object, options)
    end

    def update_status(object, **options)
      on_object(:update_status, object, options)
    end

    # Server-side apply, by the object's name.
    def apply(object, **options)
      on_named_object(:apply, object, options)
    end

    def apply_status(object, **options)
      on_named_object(:apply_status, object, options)
    end

    # @param patch [Hash, Array, String, Object]
    # @param type [Symbol] :merge, :strategic, :json or :apply; an Array is a JSON patch, all else a merge patch
    def patch(name, patch, type: nil, **options)
      type ||= patch.is_a?(Array) || patch.is_a?(String) && patch.match?(/\A\s*\[/) ? :json : :merge
      number = PATCH_TYPES[type.is_a?(String) ? type.to_sym : type]
      unless number
        hint = Similar.hint(type, PATCH_TYPES.keys)
        raise ArgumentError, "patch: type: #{type.inspect} is unknown#{hint}"
      end
      text = patch.is_a?(String) ? patch : JSON.generate(patch)
      call(:patch, options) { |made| @handle.patch(name_of(name, :patch), number, text, made) }
    end

    # @return [Object] a Status, or the object where it waits for its finalizers
    def delete(name, **options)
      on_name(:delete, name, options)
    end

    def delete_collection(**options)
      call(:delete_collection, options) { |made| @handle.delete_collection(made) }
    end

    # Events as they come: a {Watch}, or with a block each of its events until the watch ends or the block breaks.
    def watch(**options, &block)
      need(:watch)
      Watch.open(@handle, :watch, options, &block)
    end

    # The same, but it goes on where it was, from one connection to the next; resource_version: it cannot do without.
    def retry_watch(**options, &block)
      need(:watch)
      Watch.open(@handle, :retry_watch, options, &block)
    end

    # Waits, at most `timeout` seconds, until the object has a condition, or is gone.
    # @return [Object, true] the object; true once it is gone
    def wait_for(name, condition: nil, status: "True", deleted: false, within: nil, **options)
      raise ArgumentError, "wait_for: either condition: or deleted: true expected" if condition.nil? != deleted

      ms = Options.milliseconds(within, "wait_for: within")
      return call(nil, options, "wait_for") { |made| @handle.wait_for_condition(name, condition, status, made, ms) } unless deleted

      call(nil, options, "wait_for") { |made| @handle.wait_for_deletion(name, made, ms) }
      true
    end

    LOG_PARAMETERS = { container: "container", tail_lines: "tailLines", since_seconds: "sinceSeconds", since_time: "sinceTime", limit_bytes: "limitBytes",
                       previous: "previous", timestamps: "timestamps", follow: "follow",
                       insecure_skip_tls_verify_backend: "insecureSkipTLSVerifyBackend" }.freeze

    # A pod's log, as text: log("web", container: "main", tail_lines: 100, since_seconds: 60, since_time: Time.now - 60, limit_bytes: 1000,
    # previous: true, timestamps: true).
    def log(name, timeout: nil, cancel: nil, **options)
      raise ArgumentError, "log: it would not end with follow:; log_lines has the lines as they come" if options[:follow]

      @client.request("GET", path(name_of(name, :log), "log"), query: log_query(options, "log"), timeout: timeout, cancel: cancel).first
    end

    # The same line by line; with follow: true as they are written, until the container ends. {Lines}, or with a block each line until the end
    # or until the block breaks.
    def log_lines(name, timeout: nil, cancel: nil, **options, &block)
      query = log_query(options, "log_lines")
      @client.lines("GET", path(name_of(name, :log_lines), "log"), query: query, timeout: timeout, cancel: cancel, &block)
    end

    def to_s
      "#{group_version} #{plural}#{" in #{namespace_name}" if namespace_name}"
    end

    def inspect
      "#<K8sc::Resource #{self}>"
    end

    private

    def log_query(options, what)
      options.compact.to_h do |name, value|
        parameter = LOG_PARAMETERS[name] || Options.unknown(name, LOG_PARAMETERS.keys, what)
        [parameter, value.is_a?(Time) ? value.utc.strftime("%Y-%m-%dT%H:%M:%SZ") : value]
      end
    end

    def path(name, subresource)
      group, version = Groups.split(group_version)
      segments = [group.empty? ? "api" : ["apis", group], version, (["namespaces", namespace_name] if namespace_name), plural, name, subresource]
      "/" + segments.flatten.compact.map { |segment| Client.encode(segment) }.join("/")
    end

    def need(verb)
      return if @known.nil? || Groups.verbs(@known).include?(verb.to_s)

      raise NoMethodError, "#{plural} of #{group_version} has no verb #{verb}; it has: #{Groups.verbs(@known).sort.join(', ')}"
    end

    def name_of(name, verb)
      raise TypeError, "#{verb}: name expected, got #{name.class}" unless name.is_a?(String) || name.is_a?(Symbol)

      name.to_s
    end

    def call(verb, options, what = verb.to_s)
      need(verb) if verb && options[:subresource].nil?
      made = Options.call(options, what)
      K8sc.waiting { yield made }
    end

    def on_name(verb, name, options)
      call(verb, options) { |made| @handle.public_send(verb, name_of(name, verb), made) }
    end

    def on_object(verb, value, options)
      object = Object.from(value)
      call(verb, options) { |made| @handle.public_send(verb, object, made) }
    end

    def on_named_object(verb, value, options)
      object = Object.from(value)
      name = object.dig("metadata", "name")
      raise ArgumentError, "#{verb}: the object has no metadata.name" unless name.is_a?(String)

      call(verb, options) { |made| @handle.public_send(verb, name, object, made) }
    end
  end
end
