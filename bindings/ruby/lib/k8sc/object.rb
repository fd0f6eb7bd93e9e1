# frozen_string_literal: true

require "json"

module K8sc
  # A document as a server sent it, or a part of one: frozen, and read where it lies. Fields are read by name, `pod.metadata.name`,
  # `pod.status.pod_ip` or `pod.status.podIP`, by key, `pod["metadata"]["labels"]["app"]`, or by path, `pod.dig(:metadata, :labels, "app")`.
  #
  # A field that is absent is nil, as one that is null is; {#key?} tells. A name that cannot be a field of its kind raises NoMethodError.
  # Keys that Ruby's own methods shadow, such as "method" or "size", and those of maps, such as labels, are read with [].
  class Object
    # @param value [Hash, String, Object] a Hash, JSON or YAML text, or an object, which is returned as it is
    def self.from(value)
      case value
      when Object then value.whole? ? value : Core.object_parse_json(value.to_json)
      when String then value.match?(/\A\s*\{/) ? Core.object_parse_json(value) : Core.object_parse_yaml(value)
      when Hash then Core.object_parse_json(JSON.generate(value))
      else raise TypeError, "object expected (Hash, JSON or YAML text, or K8sc::Object), got #{value.class}"
      end
    end

    # What is at a path: keys, and indexes of arrays; nil where it ends.
    def dig(key, *rest)
      value = self[key]
      value.nil? || rest.empty? ? value : value.dig(*rest)
    end

    # @return [Hash] a copy that can be changed, all the way down; JSON::NestingError where that is further than 1,000 levels
    def to_h(symbolize_names: false)
      JSON.parse(to_json, symbolize_names: symbolize_names, max_nesting: 1000)
    end

    def to_yaml(*)
      Core.object_to_yaml(whole? ? self : Object.from(self))
    end

    alias each_pair each
    alias has_key? key?

    # For `case pod in { metadata: { name: } }`.
    def deconstruct_keys(keys)
      (keys || self.keys.map(&:to_sym)).each_with_object({}) do |key, found|
        value = member_named(key)
        found[key] = value unless ABSENT.equal?(value)
      end
    end

    def ==(other)
      other.is_a?(Object) && (equal?(other) || to_h == other.to_h)
    end
    alias eql? ==

    def hash
      to_h.hash
    end

    # Kind and name; of a part, and of what has no name, JSON, unless that is of a Secret.
    def to_s
      name_in_messages || (secret? ? inspect : to_json)
    end

    # The kind and name, or the keys, and never what a Secret holds.
    def inspect
      "#<K8sc::Object #{name_in_messages || "with #{keys.join(', ')}"}>"
    end

    # What it is called in messages; nil where it is a part or has no name.
    def name_in_messages
      return unless whole? && self["kind"] && (name = dig("metadata", "name"))

      [self["kind"], [dig("metadata", "namespace"), name].compact.join("/")].join(" ")
    end
    private :name_in_messages

    def respond_to_missing?(name, include_private = false)
      plain = name.to_s
      return super if plain.match?(/[?!=]\z/)

      known_field?(plain) || !ABSENT.equal?(member_named(plain)) || super
    end

    def method_missing(name, *arguments)
      raise FrozenError, "this object is frozen; change a copy: to_h" if name.end_with?("=")
      return super unless arguments.empty? && !name.match?(/[?!]\z/)

      value = member_named(name)
      return value unless ABSENT.equal?(value)
      return nil if known_field?(name)

      super
    end
  end
end
