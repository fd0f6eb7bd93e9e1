# frozen_string_literal: true

# A Kubernetes client: all groups and verbs, watches, informers. docs/ruby.md tells how to use it.
require "k8sc/core"
require "k8sc/error"
require "k8sc/object"
require "k8sc/client"
require "k8sc/contexts"

module K8sc
  VERSION = Core.version

  class << self
    # A client. Without arguments the configuration is found as kubectl finds it; see {Config.make} for the keywords.
    # With a block, the client is closed at its end, and the block's value is returned.
    def connect(share: nil, logger: nil, log_level: :info, **settings)
      client = Client.new(Config.make(**settings), share: share)
      client.log_to(logger, log_level) if logger
      return client unless block_given?

      begin
        yield client
      ensure
        client.close
      end
    end

    # An object from a Hash, from JSON or YAML text; an {Object} is what it is.
    def object(value)
      Object.from(value)
    end

    # Holds an object against Kubernetes' own schema: true, or {Invalid} with a cause for each fault.
    def validate(value)
      Core.schema_validate(Object.from(value), nil)
      true
    end

    # Runs what waits. In a fiber whose scheduler runs others, it waits on a thread, which ends with whatever ends the fiber's wait.
    # @api private
    def waiting
      return yield unless Fiber.respond_to?(:scheduler) && Fiber.current_scheduler

      thread = Thread.new do
        Thread.current.report_on_exception = false
        yield
      end
      begin
        thread.value
      ensure
        thread.kill
      end
    end
  end
end
