# frozen_string_literal: true

require "forwardable"

module K8sc
  # One answer of the server to a list: an Array of objects that also knows its resourceVersion and how it goes on.
  class List
    include Enumerable
    extend Forwardable

    attr_reader :items, :resource_version, :remaining_item_count

    def_delegators :items, :each, :size, :length, :[], :empty?, :last, :to_a

    def initialize((items, resource_version, continue, remaining))
      raise TypeError, "List: Array expected, got #{items.class}" unless items.is_a?(Array)

      @items = items.freeze
      @resource_version = resource_version
      @continue = continue
      @remaining_item_count = remaining
      freeze
    end

    # The token of the next page, for `list(limit:, continue:)`; nil on the last one.
    def continue
      @continue unless @continue.nil? || @continue.empty?
    end

    def inspect
      "#<K8sc::List of #{size} at #{resource_version}>"
    end
  end
end
