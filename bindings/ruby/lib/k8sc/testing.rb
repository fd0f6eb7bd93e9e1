# frozen_string_literal: true

require "json"
require "k8sc"
require "k8sc/testing/library"

module K8sc
  # A fake API server inside of the process, for tests; docs/fake-apiserver.md tells how faithful it is.
  #
  #   K8sc::Testing::Server.start(pods: 3) do |server|
  #     server.connect { |client| client.core_v1.pods("default").list }
  #   end
  module Testing
    # A server. What each method does is told in include/k8sc_testing.h, by the same names.
    class Server
      STREAMING = { refused: 0, ignored: 1, supported: 2 }.freeze

      attr_reader :url, :kubeconfig

      # Starts one; with a block it is stopped at its end.
      # @param pods [Integer] how many to begin with
      # @param objects [Array] objects to begin with, as Hashes or text
      # @param kinds [Array] [["example.com/v1", "widgets", "Widget"], ...]
      # @param users [Array] [["token", "name", ["group", ...]], ...], beside the one of token
      # @param authorization [Boolean] users may do what Roles and ClusterRoles allow
      # @param base_path [String] where it is on its host: "/k8s/clusters/c-x"
      # @param kubernetes_version [String] what it is to be like: "1.34"
      # @param streaming_lists [Symbol] :refused, :ignored or :supported
      # @param bookmark_interval [Numeric] seconds
      # @param http2 [Boolean] whether HTTP/2 is spoken
      def self.start(pods: 0, objects: [], kinds: [], users: [], port: 0, token: nil, **settings)
        server = new(kinds, users, port, token, settings)
        begin
          server.generate_pods(pods)
          Array(objects).each { |object| server.put(object) }
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
        raise TypeError, "streaming_lists: Symbol expected, got #{how.class}" unless how.is_a?(Symbol) || how.is_a?(String)

        STREAMING.fetch(how.to_sym) { raise ArgumentError, "streaming_lists: #{how.inspect} is none of #{STREAMING.keys.inspect}" }
      end

      # @api private
      def self.milliseconds(seconds, what)
        raise TypeError, "#{what}: number of seconds expected, got #{seconds.class}" unless seconds.is_a?(Numeric) && seconds.real?

        (seconds * 1000).to_i
      end

      # How the library has what is set. The version first: what is set beside it holds.
      SETTERS = { kubernetes_version: :itself.to_proc, base_path: :itself.to_proc, streaming_lists: method(:streaming),
                  bookmark_interval: ->(seconds) { milliseconds(seconds, "bookmark_interval") },
                  **%i[page_limit event_window tls admin aggregated_discovery allow_any_resource strict partial_objects expired_at_open
                       authorization http2 http2_max_streams http2_upload_window http2_answer_pings].to_h { |name| [name, :itself.to_proc] } }.freeze

      # @api private
      def initialize(kinds, users, port, token, settings)
        settings.each_key { |name| Options.unknown(name, SETTERS.keys, "start") unless SETTERS[name] }
        Library.with_options do |options|
          configure(options, kinds, users, port, token, settings)
          @server = Library.out("server_start", options)
        end
        @server.free = Library.library["k8sc_testing_server_free"]
        @token = token
        @url = Library.borrowed("server_url", @server)
        @kubeconfig = Library.borrowed("server_kubeconfig", @server)
      end

      # A client of it, without a rate limit.
      def connect(**settings, &block)
        K8sc.connect(kubeconfig: kubeconfig, qps: -1, **{ token: @token }.compact, **settings, &block)
      end

      # Creates or replaces an object, or every item of a list.
      def put(object)
        text = Object.from(object).to_json
        Library.call("server_put", @server, text)
      end

      # The same for every object of a manifest: YAML of any number of documents, or JSON.
      def load(manifest)
        Library.call("server_load", @server, manifest)
      end

      def generate_pods(count, namespace: "default", prefix: "pod")
        Library.call("server_generate_pods", @server, namespace, prefix, count)
      end

      # What a container has written: what pods.log answers.
      def set_pod_log(namespace, pod, container, text)
        Library.call("server_set_pod_log", @server, namespace, pod, container, text)
      end

      # It has written this, too; who follows the log gets it.
      def append_pod_log(namespace, pod, container, text)
        Library.call("server_append_pod_log", @server, namespace, pod, container, text)
      end

      # It has ended and begins anew: what it has written is the log of the previous container.
      def restart_container(namespace, pod, container)
        Library.call("server_restart_container", @server, namespace, pod, container)
      end

      # What was asked of resources, as Hashes: actions(verb: "patch", resource: "deployments", name: "web").size == 1.
      def actions(verb: nil, resource: nil, namespace: nil, name: nil)
        JSON.parse(Library.text("server_actions", @server, verb, resource, namespace, name))
      end

      # How many of them: action_count(verb: "patch", resource: "deployments").
      def action_count(verb: nil, resource: nil, namespace: nil, name: nil)
        Library.count("server_action_count", @server, verb, resource, namespace, name)
      end

      # The last 1000 requests.
      def requests
        JSON.parse(Library.text("server_request_log", @server))
      end

      # The last request with this method and this beginning of a path, nil: any. Raises where there was none.
      # @return [Hash]
      def last_request(method = nil, path = nil)
        JSON.parse(Library.text("server_last_request", @server, method, path))
      end

      # Makes it misbehave: fault(verb: "list", times: 1, status: { code: 429, retryAfter: 1 }).
      # @return [Integer] for remove_fault
      def fault(**rule)
        Library.number("server_add_fault", @server, JSON.generate(rule))
      end

      # How many requests it happened to.
      def fault_count(id)
        Library.count("server_fault_count", @server, id)
      end

      def remove_fault(id)
        Library.call("server_remove_fault", @server, id)
      end

      def clear_faults
        Library.call("server_clear_faults", @server)
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
        Library.number("server_resource_version", @server)
      end

      # How many watches are open now.
      def watch_count
        Library.count("server_watch_count", @server)
      end

      # How many connections came.
      def connection_count
        Library.count("server_connection_count", @server)
      end

      # How many requests came with this method and this beginning of a path; nil: any.
      def count(method = nil, path = nil)
        Library.count("server_request_count", @server, method, path)
      end

      # Watches find that so many seconds have gone.
      def advance_clock(seconds)
        Library.call("server_advance_clock", @server, Server.milliseconds(seconds, "advance_clock"))
      end

      %w[stop restart pause resume disconnect compact clear forget_requests].each do |name|
        define_method(name) { Library.call("server_#{name}", @server) }
      end

      def inspect
        "#<K8sc::Testing::Server #{url}>"
      end

      private

      def configure(options, kinds, users, port, token, settings)
        Library.call("options_set_port", options, port)
        Library.call("options_set_token", options, token) if token
        SETTERS.each { |name, value| Library.call("options_set_#{name}", options, value.call(settings[name])) unless settings[name].nil? }
        Array(users).each { |own, name, groups = []| Library.call("options_add_user", options, own, name, Array(groups).join(",")) }
        Array(kinds).each do |group_version, plural, kind, namespaced = true|
          Library.call("options_add_kind", options, *Groups.split(group_version), plural, kind, namespaced)
        end
      end
    end
  end
end
