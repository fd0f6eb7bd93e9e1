using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using K8sc.Native;

namespace K8sc {
  /// <summary>How informers get their first list.</summary>
  public enum ListMode {
    /// <summary>As a stream where the server can, else in pages.</summary>
    Auto,
    /// <summary>As a stream.</summary>
    Stream,
    /// <summary>In pages.</summary>
    Pages
  }

  /// <summary>What the informers of a factory have in common.</summary>
  public sealed partial class InformerSettings {
    /// <summary>The resync periods of single resources, by a key such as "apps/v1/deployments".</summary>
    public IDictionary<string, TimeSpan> CustomResync { get; } = new Dictionary<string, TimeSpan>();
    /// <summary>Leaves these fields out, as JSON Pointers such as "/status".</summary>
    public IList<string> DropPaths { get; } = new List<string>();
    /// <summary>Leaves everything else out.</summary>
    public IList<string> KeepPaths { get; } = new List<string>();
    /// <summary>Leaves out annotations that begin so.</summary>
    public IList<string> DropAnnotations { get; } = new List<string>();
    /// <summary>Bytes of JSON in the cache from which on its objects are kept compressed: much less memory, slower single reads. -1: never.</summary>
    public long? CompressionThreshold { get; set; }
    /// <summary>How the first list comes.</summary>
    public ListMode? ListMode { get; set; }

    internal InformerOptions Make() {
      InformerOptions made;
      Core.informer_options_new(out made);
      try {
        SetAll(made);
        foreach (var one in CustomResync) {
          int slash = one.Key.LastIndexOf('/');
          if (slash <= 0) throw new ArgumentException("CustomResync: key such as \"apps/v1/deployments\" expected, got \"" + one.Key + "\"");
          string group, version;
          GroupVersions.Split(one.Key.Substring(0, slash), out group, out version);
          made.set_custom_resync(group, version, one.Key.Substring(slash + 1), Time.Milliseconds(one.Value));
        }
        foreach (string path in DropPaths) made.drop_path(path);
        foreach (string path in KeepPaths) made.keep_path(path);
        foreach (string prefix in DropAnnotations) made.drop_annotations(prefix);
        if (CompressionThreshold != null) made.set_compression_threshold(CompressionThreshold.Value);
        if (ListMode != null) made.set_list_mode(ListMode == K8sc.ListMode.Auto ? Core.LIST_AUTO : ListMode == K8sc.ListMode.Stream ? Core.LIST_STREAM : Core.LIST_PAGES);
        return made;
      } catch {
        made.Dispose();
        throw;
      }
    }
  }

  /// <summary>Informers: one for each resource, however often it is asked for.</summary>
  public sealed partial class InformerFactory : IDisposable {
    readonly Dictionary<string, IInformer> informers = new Dictionary<string, IInformer>();
    readonly Native.InformerFactory handle;

    internal InformerFactory(KubernetesClient client, InformerSettings settings) {
      Client = client;
      using (var made = settings.Make()) Core.informer_factory_new(client.Handle, made, out handle);
    }

    /// <summary>Whose it is.</summary>
    public KubernetesClient Client { get; }

    internal Informer<T> For<T>(string groupVersion, string plural, Func<KubernetesObject, T> wrap) where T : class, IKubernetesObject {
      string group, version;
      GroupVersions.Split(groupVersion, out group, out version);
      Native.Informer made;
      handle.for_resource(group, version, plural, out made);
      return Known(groupVersion + "/" + plural, plural, made, wrap);
    }

    Informer<T> Known<T>(string key, string plural, Native.Informer made, Func<KubernetesObject, T> wrap) where T : class, IKubernetesObject {
      lock (informers) {
        IInformer known;
        key += " " + typeof(T);
        if (informers.TryGetValue(key, out known)) {
          made.Dispose();
          return (Informer<T>)known;
        }
        var informer = new Informer<T>(this, plural, made, wrap);
        informers[key] = informer;
        return informer;
      }
    }

    /// <summary>The informer of any resource: Resource("example.com/v1", "engines").</summary>
    public Informer<KubernetesObject> Resource(string groupVersion, string plural) { return For(groupVersion, plural, one => one); }

    /// <summary>The informer of a kind; the server is asked which resource that is.</summary>
    public Task<Informer<KubernetesObject>> KindAsync(string groupVersion, string kind, CancellationToken cancellationToken = default(CancellationToken)) {
      return Calls.Run(cancellationToken, cancel => {
        Native.Informer made;
        handle.for_kind(groupVersion, kind, out made);
        string plural = (string)((Dictionary<string, object>)Json.Parse(Informer<KubernetesObject>.Statistics(made)))["resource"];
        return Known<KubernetesObject>(groupVersion + "/" + plural, plural, made, one => one);
      });
    }

    /// <summary>Starts those that do not run yet.</summary>
    public void Start() { handle.start(); }

    /// <summary>Starts, and waits until all copies are filled. Handlers may still run after that.</summary>
    /// <exception cref="KubernetesTimeoutException">They were not in time.</exception>
    public Task WaitForSyncAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken)) {
      Start();
      return Calls.Wait(timeout, cancellationToken, handle.wait_for_sync);
    }

    /// <summary>What they are and have done, as JSON; docs/observability.md tells the members.</summary>
    public string StatisticsJson() {
      string text;
      handle.statistics_json(out text);
      return text;
    }

    /// <summary>Stops one for good, and forgets it.</summary>
    public void Remove<T>(Informer<T> informer) where T : class, IKubernetesObject {
      if (informer == null) throw new ArgumentNullException("informer");
      lock (informers) {
        foreach (var one in new List<KeyValuePair<string, IInformer>>(informers)) {
          if (one.Value == informer) informers.Remove(one.Key);
        }
      }
      informer.ForgetHandlers();
      handle.remove(informer.Handle);
    }

    /// <summary>Stops all for good, and waits until they have ended. What they have stays readable.</summary>
    public void Dispose() {
      Client.Forget(this);
      lock (informers) {
        foreach (var one in informers.Values) one.ForgetHandlers();
      }
      handle.shutdown();
    }
  }
}
