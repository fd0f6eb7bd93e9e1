# frozen_string_literal: true

require "fiddle"
require "k8sc"

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

      OBJECT = { group: :text, version: :text, resource: :text, namespace: :text_or_nil, name: :text }.freeze
      CONTAINER = { namespace: :text, pod: :text, container: :text }.freeze
      # The arguments after the handle, which each begins with, and before the error, which each ends with.
      FUNCTIONS = {
        "options_set_port" => { port: :int }, "options_set_tls" => { tls: :flag }, "options_set_token" => { token: :text }, "options_set_base_path" => { base_path: :text },
        "options_set_admin" => { admin: :flag }, "options_set_aggregated_discovery" => { aggregated_discovery: :flag },
        "options_set_allow_any_resource" => { allow_any_resource: :flag }, "options_set_strict" => { strict: :flag },
        "options_set_bookmark_interval" => { bookmark_interval: :long }, "options_set_kubernetes_version" => { kubernetes_version: :text },
        "options_set_page_limit" => { page_limit: :long }, "options_set_event_window" => { event_window: :long },
        "options_set_partial_objects" => { partial_objects: :flag }, "options_set_expired_at_open" => { expired_at_open: :flag },
        "options_set_streaming_lists" => { streaming_lists: :int }, "options_set_authorization" => { authorization: :flag },
        "options_set_http2" => { http2: :flag }, "options_set_http2_max_streams" => { http2_max_streams: :int },
        "options_set_http2_upload_window" => { http2_upload_window: :long }, "options_set_http2_answer_pings" => { http2_answer_pings: :flag },
        "options_add_user" => { token: :text, name: :text, groups: :text },
        "options_add_kind" => { group: :text, version: :text, plural: :text, kind: :text, namespaced: :flag },
        "server_start" => { out: :place }, "server_stop" => {}, "server_restart" => {}, "server_pause" => {}, "server_resume" => {},
        "server_disconnect" => {}, "server_compact" => {}, "server_clear" => {}, "server_forget_requests" => {}, "server_clear_faults" => {},
        "server_advance_clock" => { seconds: :long }, "server_set_token" => { token: :text_or_nil }, "server_add_token" => { token: :text },
        "server_set_streaming_lists" => { how: :int }, "server_set_client_ca" => { pem: :text_or_nil },
        "server_prepare_certificate" => { out: :place }, "server_renew_certificate" => { out: :place }, "server_write_kubeconfig" => { path: :text },
        "server_get" => { **OBJECT, out: :place }, "server_remove" => OBJECT, "server_resource_version" => { out: :place },
        "server_put" => { object: :bytes }, "server_load" => { manifest: :bytes }, "server_kubeconfig_path" => { out: :place },
        "server_generate_pods" => { namespace: :text, prefix: :text, count: :int },
        "server_set_pod_log" => { **CONTAINER, text: :bytes }, "server_append_pod_log" => { **CONTAINER, text: :bytes },
        "server_restart_container" => CONTAINER,
        "server_actions" => { verb: :text_or_nil, resource: :text_or_nil, namespace: :text_or_nil, name: :text_or_nil, out: :place },
        "server_request_log" => { out: :place }, "server_add_fault" => { rule: :text, out: :place }, "server_remove_fault" => { id: :long }
      }.freeze
      # Those that answer a number, and have no error.
      COUNTS = { "server_watch_count" => {}, "server_connection_count" => {}, "server_request_count" => { method: :text_or_nil, path: :text_or_nil } }.freeze

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
        kinds = FUNCTIONS.fetch(name)
        given = checked(name, kinds, arguments)
        run(name, [POINTER, *kinds.each_value.flat_map { |kind| TYPES.fetch(kind) }], [handle, *given])
      end

      def count(name, handle, *arguments)
        kinds = COUNTS.fetch(name)
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
        raise status == Core::E_FORKED ? ForkedError : Error, message
      end

      def place_of(size)
        Fiddle::Pointer.malloc(size, Fiddle::RUBY_FREE).tap { |place| place[0, size] = "\0" * size }
      end

      def checked(name, kinds, arguments)
        what = name.sub(/\A(server_|options_set_|options_)/, "")
        kinds.zip(arguments).flat_map { |(argument, kind), value| convert(kind, value, what == argument.to_s ? what : "#{what}: #{argument}") }
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
