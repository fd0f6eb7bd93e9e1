# frozen_string_literal: true

require "fiddle"
require "json"
require "k8sc"

module K8sc
  # A fake API server inside of the process, for tests; docs/fake-apiserver.md tells how faithful it is.
  #
  #   K8sc::Testing::Server.start(pods: 3) do |server|
  #     server.connect { |client| client.core_v1.pods("default").list }
  #   end
  module Testing
    # The functions of libk8sc-testing that are used here.
    # @api private
    module Library
      POINTER = Fiddle::TYPE_VOIDP
      INT = Fiddle::TYPE_INT
      LONG = Fiddle::TYPE_LONG_LONG
      SIZE = Fiddle::TYPE_SIZE_T
      FUNCTIONS = {
        "options_new" => [POINTER], "options_free" => nil, "options_set_port" => [POINTER, INT], "options_set_tls" => [POINTER, INT],
        "options_set_token" => [POINTER, POINTER], "options_set_admin" => [POINTER, INT], "options_set_aggregated_discovery" => [POINTER, INT],
        "options_set_allow_any_resource" => [POINTER, INT], "options_set_strict" => [POINTER, INT], "options_set_bookmark_interval" => [POINTER, LONG],
        "options_set_kubernetes_version" => [POINTER, POINTER], "options_set_page_limit" => [POINTER, LONG], "options_set_event_window" => [POINTER, LONG],
        "options_set_partial_objects" => [POINTER, INT], "options_set_expired_at_open" => [POINTER, INT], "options_set_streaming_lists" => [POINTER, INT],
        "options_set_http2" => [POINTER, INT], "options_set_http2_max_streams" => [POINTER, INT], "options_set_http2_upload_window" => [POINTER, LONG],
        "options_set_http2_answer_pings" => [POINTER, INT],
        "options_add_user" => [POINTER] * 4, "options_set_authorization" => [POINTER, INT],
        "options_add_kind" => [POINTER] * 5 + [INT], "server_start" => [POINTER, POINTER], "server_free" => nil, "server_stop" => [POINTER],
        "server_restart" => [POINTER], "server_pause" => [POINTER], "server_resume" => [POINTER], "server_disconnect" => [POINTER],
        "server_compact" => [POINTER], "server_clear" => [POINTER], "server_advance_clock" => [POINTER, LONG], "server_set_token" => [POINTER, POINTER],
        "server_add_token" => [POINTER, POINTER], "server_set_streaming_lists" => [POINTER, INT], "server_set_client_ca" => [POINTER, POINTER],
        "server_prepare_certificate" => [POINTER, POINTER], "server_renew_certificate" => [POINTER, POINTER], "server_write_kubeconfig" => [POINTER, POINTER],
        "server_get" => [POINTER] * 7, "server_remove" => [POINTER] * 6, "server_resource_version" => [POINTER, POINTER],
        "server_put" => [POINTER, POINTER, SIZE], "server_load" => [POINTER, POINTER, SIZE], "server_kubeconfig_path" => [POINTER, POINTER], "server_generate_pods" => [POINTER, POINTER, POINTER, INT],
        "server_set_pod_log" => [POINTER] * 5 + [SIZE], "server_append_pod_log" => [POINTER] * 5 + [SIZE],
        "server_restart_container" => [POINTER] * 4,
        "server_actions" => [POINTER] * 6, "server_request_log" => [POINTER, POINTER], "server_forget_requests" => [POINTER],
        "server_fault_add" => [POINTER, POINTER, POINTER], "server_fault_remove" => [POINTER, LONG], "server_fault_clear" => [POINTER]
      }.freeze

      module_function

      def handle
        @handle ||= begin
          Fiddle.dlopen("libk8sc-testing.so.#{VERSION[/\A\d+\.\d+/]}")
        rescue Fiddle::DLError
          Fiddle.dlopen("libk8sc-testing.so")
        end
      end

      def function(name, arguments, answer)
        (@functions ||= {})[name] ||= Fiddle::Function.new(handle["k8sc_testing_#{name}"], arguments, answer)
      end

      # Calls one that has an error as its last argument; raises where it fails.
      def call(name, *arguments)
        error = Fiddle::Pointer.malloc(Fiddle::SIZEOF_VOIDP, Fiddle::RUBY_FREE)
        error[0, Fiddle::SIZEOF_VOIDP] = "\0" * Fiddle::SIZEOF_VOIDP
        status = function(name, FUNCTIONS.fetch(name) + [POINTER], INT).call(*arguments, error)
        return if status >= 0

        # A name of its own in the library that made it.
        message = Fiddle::Function.new(handle["k8sc_error_message"], [POINTER], POINTER).call(error.ptr).to_s.force_encoding("UTF-8")
        Fiddle::Function.new(handle["k8sc_error_free"], [POINTER], Fiddle::TYPE_VOID).call(error.ptr)
        raise Error, message
      end

      # The pointer that a function stores through its last argument but the error.
      def out(name, *arguments)
        place = Fiddle::Pointer.malloc(Fiddle::SIZEOF_VOIDP, Fiddle::RUBY_FREE)
        call(name, *arguments, place)
        place.ptr
      end

      def text(name, *arguments)
        pointer = out(name, *arguments)
        pointer.to_s.force_encoding("UTF-8")
      ensure
        function("string_free", [POINTER], Fiddle::TYPE_VOID).call(pointer) if pointer
      end

      def borrowed(name, server)
        function(name, [POINTER], POINTER).call(server).to_s.force_encoding("UTF-8")
      end
    end

    # A server. What each method does is told in include/k8sc_testing.h, by the same names.
    class Server
      FLAGS = { tls: "set_tls", admin: "set_admin", aggregated_discovery: "set_aggregated_discovery",
                allow_any_resource: "set_allow_any_resource", strict: "set_strict", partial_objects: "set_partial_objects",
                expired_at_open: "set_expired_at_open", authorization: "set_authorization",
                http2: "set_http2", http2_answer_pings: "set_http2_answer_pings" }.freeze
      STREAMING = { refused: 0, ignored: 1, supported: 2 }.freeze

      attr_reader :url, :kubeconfig

      # Starts one; with a block it is stopped at its end.
      # @param pods [Integer] how many to begin with
      # @param objects [Array] objects to begin with, as Hashes or text
      # @param kinds [Array] [["example.com/v1", "widgets", "Widget"], ...]
      # @param users [Array] [["token", "name", ["group", ...]], ...], beside the one of token
      # @param authorization [Boolean] users may do what Roles and ClusterRoles allow
      # @param kubernetes_version [String] what it is to be like: "1.34"
      # @param streaming_lists [Symbol] :refused, :ignored or :supported
      # @param bookmark_interval [Numeric] seconds
      # @param http2 [Boolean] whether HTTP/2 is spoken
      def self.start(pods: 0, objects: [], kinds: [], users: [], port: 0, token: nil, **settings)
        server = new(kinds, users, port, token, settings)
        begin
          server.generate_pods(pods) if pods.positive?
          objects.each { |object| server.put(object) }
        rescue StandardError
          server.stop
          raise
        end
        return server unless block_given?

        begin
          yield server
        ensure
          server.stop
        end
      end

      # @api private
      def self.streaming(how)
        STREAMING.fetch(how.to_sym) { raise ArgumentError, "streaming_lists: #{how.inspect} is none of #{STREAMING.keys.inspect}" }
      end

      # What is no flag, and how the library has it. The version first: what is set beside it holds.
      SETTERS = { kubernetes_version: ["set_kubernetes_version", :itself.to_proc], streaming_lists: ["set_streaming_lists", method(:streaming)],
                  bookmark_interval: ["set_bookmark_interval", ->(seconds) { (seconds * 1000).to_i }], page_limit: ["set_page_limit", :itself.to_proc],
                  event_window: ["set_event_window", :itself.to_proc], http2_max_streams: ["set_http2_max_streams", :itself.to_proc],
                  http2_upload_window: ["set_http2_upload_window", :itself.to_proc], **FLAGS.transform_values { |name| [name, ->(on) { on ? 1 : 0 }] } }.freeze

      # @api private
      def initialize(kinds, users, port, token, settings)
        settings.each_key { |name| Options.unknown(name, SETTERS.keys, "start") unless SETTERS[name] }
        options = Library.out("options_new")
        Library.call("options_set_port", options, port)
        Library.call("options_set_token", options, token) if token
        SETTERS.each do |name, (setter, value)|
          Library.call("options_#{setter}", options, value.call(settings[name])) unless settings[name].nil?
        end
        users.each { |own, name, groups = []| Library.call("options_add_user", options, own, name, groups.join(",")) }
        kinds.each do |group_version, plural, kind, namespaced = true|
          Library.call("options_add_kind", options, *Groups.split(group_version), plural, kind, namespaced ? 1 : 0)
        end
        @server = Library.out("server_start", options)
        @server.free = Library.handle["k8sc_testing_server_free"]
        @token = token
        @url = Library.borrowed("server_url", @server)
        @kubeconfig = Library.borrowed("server_kubeconfig", @server)
      ensure
        Library.function("options_free", [Library::POINTER], Fiddle::TYPE_VOID).call(options) if options
      end

      # A client of it, without a rate limit.
      def connect(**settings, &block)
        K8sc.connect(kubeconfig: kubeconfig, qps: -1, **{ token: @token }.compact, **settings, &block)
      end

      # Creates or replaces an object, or every item of a list.
      def put(object)
        text = Object.from(object).to_json
        Library.call("server_put", @server, text, text.bytesize)
      end

      # The same for every object of a manifest: YAML of any number of documents, or JSON.
      def load(manifest)
        Library.call("server_load", @server, manifest, manifest.bytesize)
      end

      def generate_pods(count, namespace: "default", prefix: "pod")
        Library.call("server_generate_pods", @server, namespace, prefix, count)
      end

      # What a container has written: what pods.log answers.
      def set_pod_log(namespace, pod, container, text)
        Library.call("server_set_pod_log", @server, namespace, pod, container, text, text.bytesize)
      end

      # It has written this, too; who follows the log gets it.
      def append_pod_log(namespace, pod, container, text)
        Library.call("server_append_pod_log", @server, namespace, pod, container, text, text.bytesize)
      end

      # It has ended and begins anew: what it has written is the log of the previous container.
      def restart_container(namespace, pod, container)
        Library.call("server_restart_container", @server, namespace, pod, container)
      end

      # What was asked of resources, as Hashes: actions(verb: "patch", resource: "deployments", name: "web").size == 1.
      def actions(verb: nil, resource: nil, namespace: nil, name: nil)
        JSON.parse(Library.text("server_actions", @server, verb, resource, namespace, name))
      end

      # The last 1000 requests.
      def requests
        JSON.parse(Library.text("server_request_log", @server))
      end

      # Makes it misbehave: fault(verb: "list", times: 1, status: { code: 429, retryAfter: 1 }).
      # @return [Integer] for remove_fault
      def fault(**rule)
        place = Fiddle::Pointer.malloc(8, Fiddle::RUBY_FREE)
        Library.call("server_fault_add", @server, JSON.generate(rule), place)
        place[0, 8].unpack1("q")
      end

      def remove_fault(id)
        Library.call("server_fault_remove", @server, id)
      end

      def clear_faults
        Library.call("server_fault_clear", @server)
      end

      def set_token(token)
        Library.call("server_set_token", @server, token)
        @token = token
      end

      # Beside the one that was set, until another is.
      def add_token(token)
        Library.call("server_add_token", @server, token)
      end

      # @param how [Symbol] :refused, :ignored or :supported
      def set_streaming_lists(how)
        Library.call("server_set_streaming_lists", @server, Server.streaming(how))
      end

      # Clients are asked for a certificate of this authority, as PEM; nil: nobody is.
      def set_client_ca(pem)
        Library.call("server_set_client_ca", @server, pem)
      end

      # The authority of the certificate that the next renewal takes, as PEM.
      def prepare_certificate
        Library.text("server_prepare_certificate", @server)
      end

      # A new authority, as PEM, and a new certificate for connections that come from now on.
      def renew_certificate
        Library.text("server_renew_certificate", @server)
      end

      # The authority that it began with, as PEM; "" without TLS.
      def ca_pem
        Library.borrowed("server_ca_pem", @server)
      end

      # The name of a file with it, for ENV["KUBECONFIG"] of what is tested; it is gone with the server.
      def kubeconfig_path
        Library.out("server_kubeconfig_path", @server).to_s.force_encoding("UTF-8")
      end

      def write_kubeconfig(path)
        Library.call("server_write_kubeconfig", @server, path.to_s)
      end

      # An object as the server has it now: get("apps/v1", "deployments", "default", "web"), and nil for a namespace where there is none.
      # @return [Hash]
      def get(group_version, resource, namespace, name)
        JSON.parse(Library.text("server_get", @server, *Groups.split(group_version), resource, namespace, name))
      end

      # Takes an object away, whatever its finalizers say.
      def remove(group_version, resource, namespace, name)
        Library.call("server_remove", @server, *Groups.split(group_version), resource, namespace, name)
      end

      def resource_version
        place = Fiddle::Pointer.malloc(8, Fiddle::RUBY_FREE)
        Library.call("server_resource_version", @server, place)
        place[0, 8].unpack1("q")
      end

      # How many watches are open now.
      def watch_count
        Library.function("server_watch_count", [Library::POINTER], Library::LONG).call(@server)
      end

      # How many connections came.
      def connection_count
        Library.function("server_connection_count", [Library::POINTER], Library::LONG).call(@server)
      end

      # How many requests came with this method and this beginning of a path; nil: any.
      def count(method = nil, path = nil)
        Library.function("server_request_count", [Library::POINTER] * 3, Library::LONG).call(@server, method, path)
      end

      # Watches find that so many seconds have gone.
      def advance_clock(seconds)
        Library.call("server_advance_clock", @server, (seconds * 1000).to_i)
      end

      %w[stop restart pause resume disconnect compact clear forget_requests].each do |name|
        define_method(name) { Library.call("server_#{name}", @server) }
      end

      def inspect
        "#<K8sc::Testing::Server #{url}>"
      end
    end
  end
end
