using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using K8sc.Native;

namespace K8sc {
  /// <summary>The resource of a name or a kind.</summary>
  public sealed class ResourceMapping {
    internal ResourceMapping(string group, string version, string resource, string kind, string singular, bool isNamespaced) {
      Group = group;
      Version = version;
      Resource = resource;
      Kind = kind;
      Singular = singular;
      IsNamespaced = isNamespaced;
    }

    /// <summary>Such as "apps"; "" is the core group.</summary>
    public string Group { get; }
    /// <summary>Such as "v1".</summary>
    public string Version { get; }
    /// <summary>Such as "deployments".</summary>
    public string Resource { get; }
    /// <summary>Such as "Deployment".</summary>
    public string Kind { get; }
    /// <summary>Such as "deployment".</summary>
    public string Singular { get; }
    /// <summary>Whether its objects are in namespaces.</summary>
    public bool IsNamespaced { get; }
    /// <summary>Such as "apps/v1".</summary>
    public string GroupVersion { get { return Group.Length == 0 ? Version : Group + "/" + Version; } }
  }

  /// <summary>What was done with one object of a manifest.</summary>
  public sealed class ManifestResult {
    internal ManifestResult(KubernetesObject source, KubernetesObject item, Exception error) {
      Source = source;
      Object = item;
      Error = error;
    }

    /// <summary>As the manifest has it.</summary>
    public KubernetesObject Source { get; }
    /// <summary>As the server has it; null where it failed.</summary>
    public KubernetesObject/*?*/ Object { get; }
    /// <summary>Why it failed; null where it did not.</summary>
    public Exception/*?*/ Error { get; }
  }

  /// <summary>Some objects of a manifest failed; the inner exception is the first failure.</summary>
  public sealed class ManifestException : KubernetesException {
    internal ManifestException(string message, Exception first, IReadOnlyList<ManifestResult> results) : base(message, first) { Results = results; }

    /// <summary>Of all objects that were reached.</summary>
    public IReadOnlyList<ManifestResult> Results { get; }
  }

  /// <summary>Resources of groups and versions, and what failed beside them.</summary>
  public sealed class DiscoveredResources {
    internal DiscoveredResources(ObjectList list, Exception failure) {
      Lists = new KubernetesList<KubernetesObject>(list, one => one);
      Failure = failure;
    }

    /// <summary>An APIResourceList for each group and version.</summary>
    public IReadOnlyList<KubernetesObject> Lists { get; }
    /// <summary>Which groups could not be asked for, and why; null where all could.</summary>
    public Exception/*?*/ Failure { get; }
  }

  /// <summary>How discovery remembers.</summary>
  public enum DiscoveryCache {
    /// <summary>In memory, until Invalidate.</summary>
    Memory,
    /// <summary>Not at all.</summary>
    None,
    /// <summary>In files, as kubectl does.</summary>
    Disk
  }

  /// <summary>What a server has: groups, versions and resources.</summary>
  public sealed class ClusterDiscovery : IDisposable {
    readonly Discovery handle;

    internal ClusterDiscovery(Client client, DiscoveryCache cache, string directory, TimeSpan ttl) {
      if (cache == DiscoveryCache.None) Core.discovery_new(client, out handle);
      else if (cache == DiscoveryCache.Memory) Core.discovery_new_cached(client, out handle);
      else Core.discovery_new_disk_cached(client, directory, Time.Milliseconds(ttl), out handle);
    }

    delegate void Asking(out Document got);

    static Task<KubernetesObject> One(Asking ask, CancellationToken token) {
      return Calls.Run(token, cancel => {
        Document got;
        ask(out got);
        return KubernetesObject.Of(got);
      });
    }

    /// <summary>The APIGroupList.</summary>
    public Task<KubernetesObject> GroupsAsync(CancellationToken cancellationToken = default(CancellationToken)) { return One(handle.server_groups, cancellationToken); }
    /// <summary>The APIResourceList of "apps/v1", subresources among them.</summary>
    public Task<KubernetesObject> ResourcesAsync(string groupVersion, CancellationToken cancellationToken = default(CancellationToken)) {
      return One((out Document got) => handle.server_resources_for_group_version(groupVersion, out got), cancellationToken);
    }
    /// <summary>The resources of all groups.</summary>
    public Task<DiscoveredResources> AllAsync(CancellationToken cancellationToken = default(CancellationToken)) {
      return Calls.Run(cancellationToken, cancel => {
        Document groups;
        ObjectList list;
        Exception partial;
        handle.server_groups_and_resources(out groups, out list, out partial);
        groups.Dispose();
        return new DiscoveredResources(list, partial);
      });
    }
    /// <summary>The same, each resource once and in its preferred version.</summary>
    public Task<DiscoveredResources> PreferredAsync(bool namespaced = false, CancellationToken cancellationToken = default(CancellationToken)) {
      return Calls.Run(cancellationToken, cancel => {
        ObjectList list;
        Exception partial;
        if (namespaced) handle.server_preferred_namespaced_resources(out list, out partial);
        else handle.server_preferred_resources(out list, out partial);
        return new DiscoveredResources(list, partial);
      });
    }
    /// <summary>The server's version.</summary>
    public Task<KubernetesObject> VersionAsync(CancellationToken cancellationToken = default(CancellationToken)) { return One(handle.server_version, cancellationToken); }
    /// <summary>The OpenAPI v2 document.</summary>
    public Task<KubernetesObject> OpenApiV2Async(CancellationToken cancellationToken = default(CancellationToken)) { return One(handle.openapi_v2, cancellationToken); }
    /// <summary>The index of OpenAPI v3, or the document of a group and version.</summary>
    public Task<KubernetesObject> OpenApiV3Async(string/*?*/ groupVersion = null, CancellationToken cancellationToken = default(CancellationToken)) {
      return groupVersion == null ? One(handle.openapi_v3, cancellationToken)
                                  : One((out Document got) => handle.openapi_v3_document(groupVersion, out got), cancellationToken);
    }
    /// <summary>Whether the server has a group and version, or a resource of it.</summary>
    public Task<bool> HasAsync(string groupVersion, string/*?*/ resource = null, CancellationToken cancellationToken = default(CancellationToken)) {
      return Calls.Run(cancellationToken, cancel => {
        bool yes;
        if (resource == null) handle.supports_version(groupVersion, out yes);
        else handle.is_resource_enabled(groupVersion, resource, out yes);
        return yes;
      });
    }
    /// <summary>Asks the server anew from now on.</summary>
    public void Invalidate() { handle.invalidate(); }
    /// <summary>Whether what it answers was asked for since it was made, or made to forget.</summary>
    public bool IsFresh { get { return handle.is_fresh(); } }
    /// <summary>Frees it.</summary>
    public void Dispose() { handle.Dispose(); }
  }

  public sealed partial class KubernetesClient {
    RestMapper mapper;

    /// <summary>What the server has.</summary>
    public ClusterDiscovery Discovery(DiscoveryCache cache = DiscoveryCache.Memory, string/*?*/ directory = null, TimeSpan? ttl = null) {
      return new ClusterDiscovery(handle, cache, directory, ttl ?? TimeSpan.FromMinutes(10));
    }

    RestMapper Mapper() {
      lock (gate) {
        if (mapper != null) return mapper;
        Native.Discovery discovery;
        Core.discovery_new_cached(handle, out discovery);
        using (discovery) Core.rest_mapper_new(discovery, out mapper);
        return mapper;
      }
    }

    static ResourceMapping Take(RestMapping one) {
      using (one) return new ResourceMapping(one.group(), one.version(), one.resource(), one.kind(), one.singular(), one.is_namespaced());
    }

    /// <summary>What kubectl would take a name for: FindAsync("deploy") is about Deployment.</summary>
    /// <exception cref="NotFoundException">There is nothing of that name; the message tells what is similar.</exception>
    public Task<ResourceMapping> FindAsync(string name, CancellationToken cancellationToken = default(CancellationToken)) {
      return Calls.Run(cancellationToken, cancel => {
        RestMapping found;
        Mapper().find(name, out found);
        return Take(found);
      });
    }

    /// <summary>All resources of a category, such as "all".</summary>
    public Task<IReadOnlyList<ResourceMapping>> CategoryAsync(string name, CancellationToken cancellationToken = default(CancellationToken)) {
      return Calls.Run<IReadOnlyList<ResourceMapping>>(cancellationToken, cancel => {
        RestMappings found;
        Mapper().mappings_for_category(name, out found);
        using (found) {
          var all = new ResourceMapping[found.size()];
          for (int i = 0; i < all.Length; i++) {
            all[i] = new ResourceMapping(found.group(i), found.version(i), found.resource(i), found.kind(i), found.singular(i), found.is_namespaced(i));
          }
          return all;
        }
      });
    }

    /// <summary>The resource of a kind, custom ones too: KindAsync("example.com/v1", "Engine", "default").</summary>
    /// <exception cref="NotFoundException">The server has no such kind; the message tells what is similar.</exception>
    public Task<ResourceClient<KubernetesObject>> KindAsync(string groupVersion, string kind, string/*?*/ ns = null, CancellationToken cancellationToken = default(CancellationToken)) {
      return Calls.Run(cancellationToken, cancel => {
        string group, version;
        RestMapping found;
        GroupVersions.Split(groupVersion, out group, out version);
        Mapper().mapping_for_kind(group, version, kind, out found);
        var mapping = Take(found);
        return Resource(mapping.GroupVersion, mapping.Resource, mapping.IsNamespaced ? ns : null);
      });
    }

    /// <summary>Applies everything that is in a manifest (YAML of many documents, or JSON), in the order in which its objects need each other.</summary>
    /// <exception cref="ManifestException">Some failed.</exception>
    public Task<IReadOnlyList<ManifestResult>> ApplyManifestAsync(string manifest, string/*?*/ ns = null, RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      return Manifest("apply", manifest, ns, options, false, cancellationToken);
    }

    /// <summary>Creates it.</summary>
    /// <exception cref="ManifestException">Some failed.</exception>
    public Task<IReadOnlyList<ManifestResult>> CreateManifestAsync(string manifest, string/*?*/ ns = null, RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      return Manifest("create", manifest, ns, options, false, cancellationToken);
    }

    /// <summary>Deletes it, the last first.</summary>
    /// <exception cref="ManifestException">Some failed.</exception>
    public Task<IReadOnlyList<ManifestResult>> DeleteManifestAsync(string manifest, string/*?*/ ns = null, bool ignoreNotFound = false, RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      return Manifest("delete", manifest, ns, options, ignoreNotFound, cancellationToken);
    }

    Task<IReadOnlyList<ManifestResult>> Manifest(string verb, string manifest, string ns, RequestOptions options, bool ignoreNotFound, CancellationToken token) {
      return Calls.Run<IReadOnlyList<ManifestResult>>(options, token, made => {
        ManifestResults results = null;
        try {
          Core.manifest(Mapper(), verb, manifest, ns, made, ignoreNotFound, out results);
        } catch (KubernetesException) {
          if (results == null) throw;
          // Else it is told below, with the results.
        }
        using (results) {
          var all = new ManifestResult[results.size()];
          for (int i = 0; i < all.Length; i++) all[i] = new ManifestResult(KubernetesObject.Of(results.source(i)), KubernetesObject.Of(results.object_(i)), results.error(i));
          var failed = all.Where(one => one.Error != null).ToArray();
          if (failed.Length == 0) return all;
          token.ThrowIfCancellationRequested();
          throw new ManifestException(failed.Length + " of " + all.Length + " objects failed, first " + failed[0].Source + ": " + failed[0].Error.Message, failed[0].Error, all);
        }
      });
    }
  }
}
