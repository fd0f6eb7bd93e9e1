# frozen_string_literal: true

# k8sc for Ruby: the library's functions as methods, without a layer of their own yet. See k8sc.h for what they do.
require "k8sc/core"

module K8sc
  # Raised where a function of the library fails.
  class Core::Error
    attr_reader :code, :http_status, :reason, :causes, :retry_after_ms, :status_json

    %i[not_found already_exists conflict invalid gone forbidden unauthorized too_many_requests timeout retriable].each do |name|
      define_method(:"#{name}?") { instance_variable_get(:"@#{name}") }
    end
  end
  Error = Core::Error

  # A client from a kubeconfig, found as kubectl finds it where none is named.
  def self.connect(kubeconfig: nil, context: nil)
    Core.client_new(Core.config_load(kubeconfig, context))
  end
end
