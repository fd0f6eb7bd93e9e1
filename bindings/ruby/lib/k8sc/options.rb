# frozen_string_literal: true

require "k8sc/selector"
require "k8sc/setters"
require "k8sc/similar"

module K8sc
  # Keywords, told to the library one setter at a time.
  # @api private
  module Options
    CALL = Setters::CALL

    # Seconds, of which the milliseconds would not fit; they last as long as for ever.
    LONGEST = 9e15

    module_function

    # Seconds as the library's milliseconds. nil and Float::INFINITY: without limit.
    def milliseconds(seconds, what = "timeout")
      return -1 if seconds.nil? || seconds == Float::INFINITY
      unless seconds.is_a?(Numeric) && seconds.real?
        raise TypeError, "#{what}: number of seconds expected, got #{seconds.class}"
      end
      if seconds.respond_to?(:nan?) && seconds.nan?
        raise ArgumentError, "#{what}: number of seconds expected, got NaN"
      end
      return seconds.positive? ? -1 : -2 if seconds.abs >= LONGEST

      # A negative time stays one, and not by chance the -1 that means without limit.
      seconds.negative? ? [(seconds * 1000).floor, -2].min : (seconds * 1000).ceil
    end

    def convert(kind, value, what)
      converted =
        case kind
        when :string then value.is_a?(Symbol) ? value.to_s : value if value.is_a?(String) || value.is_a?(Symbol)
        when :integer then value if value.is_a?(Integer)
        when :number then value if value.is_a?(Numeric)
        when :boolean then return value if [true, false].include?(value)
        when :seconds then milliseconds(value, what)
        when :labels then Selector.labels(value) if value.is_a?(String) || value.is_a?(Hash)
        when :fields then Selector.fields(value) if value.is_a?(String) || value.is_a?(Hash)
        when :cancel then value if value.is_a?(Core::Cancel)
        end
      raise TypeError, "#{what}: #{kind == :labels || kind == :fields ? 'String or Hash' : kind} expected, got #{value.class}" if converted.nil?

      converted
    end

    # Raises for a keyword that there is not.
    def unknown(name, known, what)
      raise ArgumentError, "#{what}: unknown keyword #{name.inspect}#{Similar.hint(name, known)}"
    end

    def apply(handle, given, setters, what)
      given.each do |name, value|
        kind, method = setters[name] || unknown(name, setters.keys, what)
        handle.public_send(method, convert(kind, value, "#{what}: #{name}")) unless value.nil?
      end
      handle
    end

    # The options of one call.
    def call(given, what)
      options = apply(Core.options_new, given.except(:retry_policy), CALL, what)
      options.set_retry_policy(Policy.retry(given[:retry_policy], "#{what}: retry_policy")) if given[:retry_policy]
      options
    end
  end

  # A token that cancels all calls and watches which got it as `cancel:`, then and later. Any thread may do so.
  module Cancel
    # @return [Core::Cancel] with cancel and is_cancelled
    def self.new
      Core.cancel_new
    end
  end
end
