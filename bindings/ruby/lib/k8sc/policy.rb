# frozen_string_literal: true

require "k8sc/options"

module K8sc
  # Hashes that become handles of their own.
  # @api private
  module Policy
    RETRY = (Setters::RETRY_POLICY.keys + %i[backoff statuses]).freeze

    module_function

    # Overrides applied on top of a kubeconfig.
    def overrides(given, what)
      raise TypeError, "#{what}: Hash expected, got #{given.class}" unless given.is_a?(Hash)

      Options.apply(Core.overrides_new, given, Setters::OVERRIDES, what)
    end

    # When a failed request is sent again; times are seconds.
    def retry(given, what)
      raise TypeError, "#{what}: Hash expected, got #{given.class}" unless given.is_a?(Hash)

      given.each_key { |name| RETRY.include?(name) || Options.unknown(name, RETRY, what) }
      policy = Core.retry_policy_new
      Options.apply(policy, given.except(:backoff, :statuses), Setters::RETRY_POLICY, what)
      first, longest = given[:backoff]
      policy.set_backoff(Options.milliseconds(first, "#{what}: backoff"), Options.milliseconds(longest, "#{what}: backoff")) if given[:backoff]
      Array(given[:statuses]).each { |status| policy.add_status(Options.convert(:integer, status, "#{what}: statuses")) }
      policy
    end
  end
  private_constant :Policy
end
