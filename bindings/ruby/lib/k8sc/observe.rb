# frozen_string_literal: true

module K8sc
  # What a client tells of its work; part of {Client}. The blocks run in {Client#step} and {Client#run}.
  module Observe
    LEVELS = { error: Core::LOG_ERROR, warning: Core::LOG_WARNING, info: Core::LOG_INFO, debug: Core::LOG_DEBUG, trace: Core::LOG_TRACE }.freeze
    # level is one of the keys of LEVELS, component the part of the library.
    Record = Struct.new(:level, :component, :text)

    # Ends with {#cancel}.
    class Subscription
      # @api private
      def initialize(client, id, handle)
        @client = client
        @id = id
        @handle = handle
      end

      def cancel
        @client.unsubscribe(@id)
        @handle.cancel
      end
    end

    # Messages up to a level.
    # @yieldparam record [Record]
    def on_log(level = :info, &block)
      number = LEVELS[level.is_a?(String) ? level.to_sym : level]
      unless number
        hint = Similar.hint(level, LEVELS.keys)
        raise ArgumentError, "on_log: level #{level.inspect} is unknown#{hint}"
      end
      observe("on_log", block, ->(more) { Record.new(LEVELS.key(more[0]), more[1], more[2]) }) { |id| handle.on_log(number, nil, id) }
    end

    # What servers warn of, each text once, or each time with repeated: true.
    # @yieldparam text [String]
    def on_warning(repeated: false, &block)
      observe("on_warning", block, :itself.to_proc) { |id| handle.on_warning(repeated, nil, id) }
    end

    # A Hash for each request that has ended.
    # @yieldparam trace [Hash]
    def on_trace(&block)
      observe("on_trace", block, ->(text) { JSON.parse(text) }) { |id| handle.on_trace(nil, id) }
    end

    # Has a Logger told what {#on_log} tells.
    def log_to(logger, level = :info)
      severities = { error: 3, warning: 2, info: 1, debug: 0, trace: 0 }
      on_log(level) { |record| logger.add(severities.fetch(record.level), record.text, "k8sc.#{record.component}") }
    end

    # What the client has counted.
    # @return [Hash]
    def metrics
      JSON.parse(handle.metrics_json)
    end

    # The same in Prometheus' text format.
    def prometheus
      handle.metrics_prometheus
    end

    private

    def observe(what, block, convert)
      raise ArgumentError, "#{what}: a block is needed" unless block

      id = subscribe(what) { |_, _, more| [block, convert.call(more)] }
      Subscription.new(self, id, yield(id))
    rescue Error
      unsubscribe(id) if id
      raise
    end
  end
end
