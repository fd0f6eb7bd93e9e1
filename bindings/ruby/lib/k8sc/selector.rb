# frozen_string_literal: true

module K8sc
  # Selectors written as Hashes.
  # @api private
  module Selector
    module_function

    # "app=web,tier in (a,b)" as it is, or { app: "web", tier: %w[a b], canary: false, owner: true }.
    def labels(selector)
      return selector if selector.is_a?(String)

      selector.map do |key, value|
        case value
        when true then key.to_s
        when false, nil then "!#{key}"
        when Array then "#{key} in (#{value.join(',')})"
        else "#{key}=#{value}"
        end
      end.join(",")
    end

    # "spec.nodeName=a" as it is, or { "spec.nodeName" => "a" }.
    def fields(selector)
      return selector if selector.is_a?(String)

      selector.map { |key, value| "#{key}=#{value.to_s.gsub(/[\\=,]/) { |char| "\\#{char}" }}" }.join(",")
    end
  end
end
