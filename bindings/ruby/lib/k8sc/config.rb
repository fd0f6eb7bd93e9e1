# frozen_string_literal: true

require "k8sc/options"
require "k8sc/policy"

module K8sc
  # What a client is made from.
  module Config
    SETTERS = Setters::CONFIG

    KNOWN = (SETTERS.keys + %i[kubeconfig context in_cluster ca client_certificate client_key qps burst overrides retry_policy share logger log_level]).freeze

    module_function

    # @param kubeconfig [String] the name of a file, or its text
    # @param context [String] of the kubeconfig
    # @param in_cluster [Boolean] the pod's service account and nothing else
    # @param ca [String] PEM text, or the name of a file with it; as client_certificate and client_key
    # @param qps [Numeric] the client-side rate limit, with burst; -1: none
    # @param overrides [Hash] applied on top of the kubeconfig: context, cluster, user, namespace, server, token, ...
    # @param retry_policy [Hash] max_retries, backoff: [first, longest], retry_after_cap, statuses, unsent, conditional_writes
    # @param settings also server, token, token_file, insecure, tls_server_name, namespace, user_agent, timeout, connect_timeout, idle_timeout,
    #   watch_idle_timeout, http2, max_object_bytes, proxy, compression
    # @return [Core::Config]
    def make(kubeconfig: nil, context: nil, in_cluster: false, ca: nil, client_certificate: nil, client_key: nil, qps: nil, burst: nil,
             overrides: nil, retry_policy: nil, **settings)
      settings.each_key { |name| SETTERS.key?(name) || Options.unknown(name, KNOWN, "connect") }
      texts = { kubeconfig: kubeconfig, context: context, ca: ca,
                client_certificate: client_certificate, client_key: client_key }.compact
      texts.each { |name, value| need_text(value, "connect: #{name}") }
      rates = { qps: qps, burst: burst }.compact
      rates.each { |name, value| Options.convert(:number, value, "connect: #{name}") }
      config = overrides ? overridden(kubeconfig, context, in_cluster, overrides) : begin_with(kubeconfig, context, in_cluster, settings[:server])
      config.set_ca(pem(ca)) if ca
      config.set_client_certificate(pem(client_certificate), pem(client_key)) if client_certificate || client_key
      Options.apply(config, settings, SETTERS, "connect")
      config.set_rate_limit((qps || 0).to_f, (burst || 0).to_i) if qps || burst
      config.set_retry_policy(Policy.retry(retry_policy, "connect: retry_policy")) if retry_policy
      config
    end

    # @api private
    def overridden(kubeconfig, context, in_cluster, overrides)
      raise ArgumentError, "connect: overrides: not together with context: or in_cluster:" if context || in_cluster

      made = Policy.overrides(overrides, "connect: overrides")
      return Core.kubeconfig_parse(kubeconfig).config(made) if kubeconfig&.include?("\n")

      Core.config_load_with(kubeconfig, made)
    end

    # @api private
    def begin_with(kubeconfig, context, in_cluster, server)
      return Core.config_load_in_cluster if in_cluster
      return Core.config_parse(kubeconfig, context) if kubeconfig&.include?("\n")
      return Core.config_load(kubeconfig, context) if kubeconfig || context || server.nil?

      Core.config_new
    end

    # @api private
    def need_text(value, what)
      raise TypeError, "#{what}: String expected, got #{value.class}" unless value.is_a?(String)
    end

    # @api private
    def pem(value)
      value.nil? || value.include?("-----BEGIN") ? value : File.read(value)
    end
  end
end
