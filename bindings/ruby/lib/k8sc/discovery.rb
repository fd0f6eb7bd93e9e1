# frozen_string_literal: true

module K8sc
  # What a server has: groups, versions and resources.
  class Discovery
    # @api private
    def initialize(client, cache: :memory, directory: nil, ttl: 600)
      @handle =
        case cache
        when :memory then Core.discovery_new_cached(client.handle)
        when :none then Core.discovery_new(client.handle)
        when :disk then Core.discovery_new_disk_cached(client.handle, directory, Options.milliseconds(ttl, "discovery: ttl"))
        else raise ArgumentError, "discovery: cache: :memory, :none or :disk expected, got #{cache.inspect}"
        end
    end

    def groups
      K8sc.waiting { @handle.server_groups }["groups"]
    end

    # The resources of "apps/v1", subresources among them.
    def resources(group_version)
      K8sc.waiting { @handle.server_resources_for_group_version(group_version) }["resources"]
    end

    # The resources of all groups, one APIResourceList for each version, and the error of versions that could not be asked for, or nil.
    def all
      with_failure(K8sc.waiting { @handle.server_groups_and_resources })
    end

    # The same, each resource once and in its preferred version.
    def preferred(namespaced: false)
      with_failure(K8sc.waiting { namespaced ? @handle.server_preferred_namespaced_resources : @handle.server_preferred_resources })
    end

    def version
      K8sc.waiting { @handle.server_version }
    end

    def openapi_v2
      K8sc.waiting { @handle.openapi_v2 }
    end

    # The index of OpenAPI v3, or the document of a group and version.
    def openapi_v3(group_version = nil)
      K8sc.waiting { group_version ? @handle.openapi_v3_document(group_version) : @handle.openapi_v3 }
    end

    def has?(group_version, resource = nil)
      K8sc.waiting { resource ? @handle.is_resource_enabled(group_version, resource) : @handle.supports_version(group_version) }
    end

    def invalidate
      K8sc.waiting { @handle.invalidate }
    end

    def fresh?
      @handle.is_fresh
    end

    private

    def with_failure((list, failure))
      [List.new(list), failure]
    end
  end

  # The way from a name, a kind or a manifest to a resource; part of {Client}.
  module Names
    Mapping = Struct.new(:group, :version, :resource, :kind, :singular, :namespaced) do
      def group_version
        group.empty? ? version : "#{group}/#{version}"
      end
    end
    # Of a manifest: what was to be done with, and what came of it: an object, or an error.
    Result = Struct.new(:source, :object, :error)

    # Some objects of a manifest failed: `results` has all, `cause` the first failure.
    class ManifestError < Error
      attr_reader :results

      # @api private
      def initialize(message, results)
        super(message)
        @results = results
      end
    end

    def discovery(**options)
      Discovery.new(self, **options)
    end

    # What kubectl would take it for: find("deploy").kind is "Deployment".
    # @return [Mapping]
    def find(name)
      mapping_of(K8sc.waiting { mapper.find(name) })
    end

    # All resources of a category, such as "all".
    def category(name)
      K8sc.waiting { mapper.mappings_for_category(name) }.map { |mapping| mapping_of(mapping) }
    end

    # The resource of a kind: kind("example.com/v1", "Engine", "default"), or of what {#find} takes: kind("deploy").
    # @return [Resource]
    def kind(group_version, kind = nil, namespace = nil)
      mapping = kind ? mapping_of(K8sc.waiting { mapper.mapping_for_kind(*Groups.split(group_version), kind) }) : find(group_version)
      resource(mapping.group_version, mapping.resource, mapping.namespaced ? namespace : nil)
    end

    # Everything that is in a manifest (YAML or JSON text, an object, or an Array), in the order in which its objects need each other.
    # @return [Array<Result>]
    # @raise [ManifestError] where one failed
    def apply_manifest(manifest, namespace: nil, **options)
      manifest("apply", manifest, namespace, false, options)
    end

    def create_manifest(manifest, namespace: nil, **options)
      manifest("create", manifest, namespace, false, options)
    end

    def delete_manifest(manifest, namespace: nil, ignore_not_found: false, **options)
      manifest("delete", manifest, namespace, ignore_not_found, options)
    end

    private

    # Over a discovery that is remembered.
    def mapper
      @mapper ||= Core.rest_mapper_new(Core.discovery_new_cached(handle))
    end

    def mapping_of(mapping)
      Mapping.new(*mapping.values_at(*Mapping.members))
    end

    def text_of(manifest, verb)
      return manifest if manifest.is_a?(String)
      return JSON.generate(manifest) if manifest.is_a?(Hash) || manifest.is_a?(Object)
      unless manifest.is_a?(Enumerable)
        raise TypeError,
              "#{verb}_manifest: text, an object or an Array expected, got #{manifest.class}"
      end

      manifest.map { |object| JSON.generate(object) }.join("\n")
    end

    def manifest(verb, manifest, namespace, ignore_not_found, options)
      text = text_of(manifest, verb)
      made = Options.call(options, "#{verb}_manifest")
      results, error = K8sc.waiting { Core.manifest(mapper, verb, text, namespace, made, ignore_not_found) }
      raise error if results.nil?

      results = results.map { |result| Result.new(*result) }
      return results unless error

      begin
        raise error
      rescue Error
        raise ManifestError.new(error.message, results)
      end
    end
  end
end
