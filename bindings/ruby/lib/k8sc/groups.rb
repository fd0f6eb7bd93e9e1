# frozen_string_literal: true

require "k8sc/similar"

module K8sc
  # client.core_v1.pods("default"), and the same on informers: groups, versions and resources by the names of client-go. Those of Kubernetes
  # itself are known: a name that does not exist raises NoMethodError, which says what was probably meant.
  # @api private
  module Groups
    # Groups that come with a cluster, and are not in the schema: any plural will do.
    OTHERS = { "apiextensions" => "apiextensions.k8s.io", "apiregistration" => "apiregistration.k8s.io", "metrics" => "metrics.k8s.io" }.freeze
    RENAMED = { "apiserverinternal" => "internal" }.freeze

    # { "apps" => { "v1" => { "deployments" => <resource> } } }
    def self.packages
      @packages ||= Core.schema_resource_count.times.each_with_object({}) do |index, all|
        resource = Core.schema_resource_at(index)
        package = RENAMED.fetch(resource.package, resource.package)
        ((all[package] ||= {})[resource.version] ||= {})[resource.name] = resource
      end
    end

    # The verbs of a resource, with underscores.
    def self.verbs(resource)
      (@verbs ||= {})[[resource.api_version, resource.name]] ||=
        (0..).lazy.map { |index| resource.verb(index) }.take_while(&:itself).map { |verb| verb.gsub(/[A-Z]/) { |letter| "_#{letter.downcase}" } }.to_a
    end

    def self.split(group_version)
      raise TypeError, "group and version expected, such as \"apps/v1\"; got #{group_version.class}" unless group_version.is_a?(String)

      group_version.include?("/") ? group_version.split("/", 2) : ["", group_version]
    end

    def respond_to_missing?(name, include_private = false)
      package, version = name.to_s.match(/\A([a-z]+)_(v\d+\w*)\z/)&.captures
      OTHERS.key?(package) || Groups.packages.dig(package, version) ? true : super
    end

    def method_missing(name, *arguments)
      package, version = name.to_s.match(/\A([a-z]+)_(v\d+\w*)\z/)&.captures
      return super if package.nil? || !arguments.empty?
      return Group.new(self, "#{OTHERS[package]}/#{version}", nil) if OTHERS.key?(package)

      versions = Groups.packages[package] || (raise NoMethodError, "no group is called #{package} here#{Similar.hint(package, Groups.packages.keys)} " \
                                                                   "(or use resource(\"<group>/#{version}\", \"<plural>\"))")
      resources = versions[version] || (raise NoMethodError, "#{package} has no version #{version}#{Similar.hint(version, versions.keys)}")
      Group.new(self, resources.each_value.first.api_version, resources)
    end

    # One group and version.
    class Group
      def initialize(owner, group_version, resources)
        @owner = owner
        @group_version = group_version
        @resources = resources
      end

      def inspect
        "#<K8sc::Groups::Group #{@group_version}>"
      end

      def respond_to_missing?(name, include_private = false)
        @resources.nil? || @resources.key?(plural_of(name)) || super
      end

      # A plural may have underscores: config_maps or configmaps.
      def method_missing(name, *arguments, **keywords)
        return super if name.to_s.match?(/[?!=]\z/)

        plural = plural_of(name)
        unless @resources.nil? || @resources.key?(plural)
          raise NoMethodError, "#{@group_version} has no resource #{name}#{Similar.hint(plural, @resources.keys)}"
        end
        @owner.resource_known(@resources && @resources[plural], @group_version, plural, *arguments, **keywords)
      end

      private

      def plural_of(name)
        name.to_s.downcase.delete("_")
      end
    end
  end
end
