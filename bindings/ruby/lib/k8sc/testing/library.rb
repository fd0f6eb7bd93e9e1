# frozen_string_literal: true

require "fiddle"
require "k8sc"
require "k8sc/testing/functions"

module K8sc
  module Testing
    # The functions of libk8sc-testing that are used here. What they are given is looked at first: to Fiddle an Integer is as good a pointer as a
    # String.
    # @api private
    module Library
      POINTER = Fiddle::TYPE_VOIDP
      INT = Fiddle::TYPE_INT
      LONG = Fiddle::TYPE_LONG_LONG
      TYPES = { handle: [POINTER], text: [POINTER], text_or_nil: [POINTER], bytes: [POINTER, Fiddle::TYPE_SIZE_T], int: [INT], flag: [INT], long: [LONG],
                place: [POINTER] }.freeze
      RANGES = { int: -2**31...2**31, long: -2**63...2**63 }.freeze

      module_function

      def library
        @library ||= begin
          Fiddle.dlopen("libk8sc-testing.so.#{VERSION[/\A\d+\.\d+/]}")
        rescue Fiddle::DLError
          Fiddle.dlopen("libk8sc-testing.so")
        end
      end

      def function(name, arguments, answer)
        (@functions ||= {})[name] ||= Fiddle::Function.new(library["k8sc_testing_#{name}"], arguments, answer)
      end

      # Calls one that has an error as its last argument; raises where it fails.
      def call(name, handle, *arguments)
        kinds = Functions::CALLS.fetch(name)
        given = checked(name, kinds, arguments)
        run(name, [POINTER, *kinds.each_value.flat_map { |kind| TYPES.fetch(kind) }], [handle, *given])
      end

      def count(name, handle, *arguments)
        kinds = Functions::COUNTS.fetch(name)
        given = checked(name, kinds, arguments)
        function(name, [POINTER, *kinds.each_value.flat_map { |kind| TYPES.fetch(kind) }], LONG).call(handle, *given)
      end

      # The pointer that a function stores through its last argument but the error.
      def out(name, handle, *arguments)
        place = place_of(Fiddle::SIZEOF_VOIDP)
        call(name, handle, *arguments, place)
        place.ptr
      end

      # The same for a number of 64 bits.
      def number(name, handle, *arguments)
        place = place_of(8)
        call(name, handle, *arguments, place)
        place[0, 8].unpack1("q")
      end

      # The same for a text, which is ours.
      def text(name, handle, *arguments)
        pointer = out(name, handle, *arguments)
        pointer.to_s.force_encoding("UTF-8")
      ensure
        function("string_free", [POINTER], Fiddle::TYPE_VOID).call(pointer) if pointer
      end

      def borrowed(name, handle)
        function(name, [POINTER], POINTER).call(handle).to_s.force_encoding("UTF-8")
      end

      # With options, which are freed at the end.
      def with_options
        place = place_of(Fiddle::SIZEOF_VOIDP)
        run("options_new", [POINTER], [place])
        options = place.ptr
        yield options
      ensure
        function("options_free", [POINTER], Fiddle::TYPE_VOID).call(options) if options
      end

      def run(name, types, given)
        error = place_of(Fiddle::SIZEOF_VOIDP)
        status = function(name, types + [POINTER], INT).call(*given, error)
        raise_error(status, error.ptr) if status.negative?
      end

      # It has names of its own for the functions of errors.
      def raise_error(status, error)
        message = Fiddle::Function.new(library["k8sc_error_message"], [POINTER], POINTER).call(error).to_s.force_encoding("UTF-8")
        Fiddle::Function.new(library["k8sc_error_free"], [POINTER], Fiddle::TYPE_VOID).call(error)
        Core.raise_error(status, message)
      end

      def place_of(size)
        Fiddle::Pointer.malloc(size, Fiddle::RUBY_FREE).tap { |place| place[0, size] = "\0" * size }
      end

      def checked(name, kinds, arguments)
        what = name.sub(/\A(server_|options_set_|options_)/, "")
        is_option = name.start_with?("options_set_")
        kinds.zip(arguments).flat_map { |(argument, kind), value| convert(kind, value, is_option ? what : "#{what}: #{argument}") }
      end

      # What is given for an argument of a kind, of which there may be two.
      def convert(kind, value, what)
        case kind
        when :text, :bytes, :text_or_nil then text_of(kind, value, what)
        when :int, :long then number_of(kind, value, what)
        when :flag then flag_of(value, what)
        else value
        end
      end

      def text_of(kind, value, what)
        return [nil] if value.nil? && kind == :text_or_nil
        raise TypeError, "#{what}: String#{' or nil' if kind == :text_or_nil} expected, got #{value.class}" unless value.is_a?(String)
        return [value, value.bytesize] if kind == :bytes
        raise ArgumentError, "#{what}: it holds a NUL character" if value.b.include?("\0")

        # A NUL follows it in memory, whatever its encoding.
        [value.encode(Encoding::UTF_8)]
      rescue EncodingError
        raise ArgumentError, "#{what}: it is not UTF-8"
      end

      def number_of(kind, value, what)
        raise TypeError, "#{what}: Integer expected, got #{value.class}" unless value.is_a?(Integer)
        raise RangeError, "#{what}: #{value} does not fit" unless RANGES.fetch(kind).cover?(value)

        [value]
      end

      def flag_of(value, what)
        raise TypeError, "#{what}: true or false expected, got #{value.class}" unless [true, false].include?(value)

        [value ? 1 : 0]
      end
    end
    private_constant :Library
  end
end
