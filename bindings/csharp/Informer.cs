using System;
using System.Collections;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using K8sc.Native;

namespace K8sc {
  /// <summary>What happens where more events wait for a handler than its limit.</summary>
  public enum WhenFull {
    /// <summary>Events of the same object become one.</summary>
    Coalesce,
    /// <summary>The informer waits.</summary>
    Backpressure,
    /// <summary>There is no limit.</summary>
    KeepAll
  }

  /// <summary>What an informer tells.</summary>
  public enum InformerEventType {
    /// <summary>An object is there.</summary>
    Added,
    /// <summary>It has changed, or is told of again by a resync.</summary>
    Updated,
    /// <summary>It is gone.</summary>
    Deleted,
    /// <summary>All of the first list was told.</summary>
    Synced
  }

  /// <summary>An event of an informer's stream.</summary>
  public sealed class InformerEvent<T> where T : class {
    internal InformerEvent(InformerEventType type, T item, T old, bool isInitial, bool isInferred) {
      Type = type;
      Object = item;
      Old = old;
      IsInitial = isInitial;
      IsInferred = isInferred;
    }

    /// <summary>What has happened.</summary>
    public InformerEventType Type { get; }
    /// <summary>The object; of a deletion its last known state; null for Synced.</summary>
    public T/*?*/ Object { get; }
    /// <summary>Of an update: as it was before.</summary>
    public T/*?*/ Old { get; }
    /// <summary>Whether it was there before the handler was.</summary>
    public bool IsInitial { get; }
    /// <summary>Of a deletion: it was found to be gone, and the last state may be an older one.</summary>
    public bool IsInferred { get; }
  }

  internal interface IInformer {
    Native.Informer Handle { get; }
    void ForgetHandlers();
  }

  /// <summary>A local cache of a resource, and handlers for its changes. Reading it never waits; any thread may.</summary>
  public sealed class Informer<T> : IEnumerable<T>, IInformer where T : class, IKubernetesObject {
    readonly Native.Informer handle;
    readonly InformerFactory factory;
    readonly Native.Lister lister;
    readonly Func<KubernetesObject, T> wrap;
    readonly List<InformerRegistration> registrations = new List<InformerRegistration>();
    readonly Dictionary<Delegate, List<InformerRegistration>> byDelegate = new Dictionary<Delegate, List<InformerRegistration>>();

    internal Informer(InformerFactory factory, string plural, Native.Informer handle, Func<KubernetesObject, T> wrap) {
      this.factory = factory;
      this.handle = handle;
      this.wrap = wrap;
      Plural = plural;
      handle.lister(out lister);
    }

    /// <summary>The resource.</summary>
    public string Plural { get; }
    internal Native.Informer Handle { get { return handle; } }
    Native.Informer IInformer.Handle { get { return handle; } }
    void IInformer.ForgetHandlers() { ForgetHandlers(); }

    /// <summary>Told of each object that is there or comes.</summary>
    public event Action<T> Added { add { Keep(value, AddHandler(added: value)); } remove { Drop(value); } }
    /// <summary>Told of each change: the old and the new state.</summary>
    public event Action<T, T> Updated { add { Keep(value, AddHandler(updated: value)); } remove { Drop(value); } }
    /// <summary>Told of each object that is gone, with its last known state.</summary>
    public event Action<T> Deleted { add { Keep(value, AddHandler(deleted: value)); } remove { Drop(value); } }
    /// <summary>Told once all of the first list was told.</summary>
    public event Action Synced { add { Keep(value, AddHandler(synced: value)); } remove { Drop(value); } }
    /// <summary>Told what goes wrong while the informer tries again.</summary>
    public event Action<Exception> Failed { add { Keep(value, AddHandler(failed: value)); } remove { Drop(value); } }

    void Keep(Delegate key, InformerRegistration made) {
      lock (registrations) {
        List<InformerRegistration> known;
        if (!byDelegate.TryGetValue(key, out known)) byDelegate[key] = known = new List<InformerRegistration>();
        known.Add(made);
      }
    }

    void Drop(Delegate key) {
      InformerRegistration last;
      lock (registrations) {
        List<InformerRegistration> known;
        if (!byDelegate.TryGetValue(key, out known)) return;
        last = known[known.Count - 1];
        known.RemoveAt(known.Count - 1);
        if (known.Count == 0) byDelegate.Remove(key);
      }
      last.Dispose();
    }

    /// <summary>
    /// Adds handlers that are told of events in their order, on the client's thread of handlers. One that is added later is first told of
    /// everything that is there. The events of this class do the same for one handler alone.
    /// </summary>
    /// <param name="added">The object.</param>
    /// <param name="updated">The old and the new state.</param>
    /// <param name="deleted">The last known state.</param>
    /// <param name="synced">All of the first list was told.</param>
    /// <param name="failed">What goes wrong while the informer tries again.</param>
    /// <param name="any">Every event, for what the others do not tell: whether it is initial or inferred.</param>
    /// <param name="resync">How often updated is told of everything.</param>
    /// <param name="limit">Where more events wait (1000), whenFull says what happens.</param>
    /// <param name="whenFull">What happens.</param>
    public InformerRegistration AddHandler(Action<T>/*?*/ added = null, Action<T, T>/*?*/ updated = null, Action<T>/*?*/ deleted = null, Action/*?*/ synced = null,
                                           Action<Exception>/*?*/ failed = null, Action<InformerEvent<T>>/*?*/ any = null, TimeSpan? resync = null,
                                           long? limit = null, WhenFull? whenFull = null) {
      if (added == null && updated == null && deleted == null && synced == null && failed == null && any == null) {
        throw new ArgumentException("AddHandler: at least one handler is needed");
      }
      InformerRegistration registration = null;
      long id = Client.Subscribe("handler of " + this, next => {
        int kind = next.kind();
        if (kind == Core.EVENT_ERROR) {
          if (failed != null) failed(next.error());
          else if (!IsHeard(registration)) Client.Report(next.error(), ToString());
          return;
        }
        if (any != null) any(Make(next, kind));
        if (kind == Core.EVENT_ADD && added != null) added(Object(next));
        else if (kind == Core.EVENT_UPDATE && updated != null) updated(wrap(KubernetesObject.Of(next.old_object())), Object(next));
        else if (kind == Core.EVENT_DELETE && deleted != null) deleted(Object(next));
        else if (kind == Core.EVENT_SYNC && synced != null) synced();
      });
      try {
        Registration made;
        if (resync == null) handle.add_handler(id, out made);
        else handle.add_handler_with(Time.Milliseconds(resync.Value), null, id, out made);
        Limit(made, limit, whenFull);
        registration = new InformerRegistration(made, failed != null, () => {
          Client.Unsubscribe(id);
          lock (registrations) {
            if (!registrations.Remove(registration)) return;
          }
          handle.remove_handler(made);
        }, () => Client.Unsubscribe(id));
      } catch {
        Client.Unsubscribe(id);
        throw;
      }
      lock (registrations) registrations.Add(registration);
      return registration;
    }

    static void Limit(Registration made, long? limit, WhenFull? whenFull) {
      if (limit == null && whenFull == null) return;
      if (whenFull == WhenFull.KeepAll && limit != null) throw new ArgumentException("KeepAll has no limit");
      made.set_limit(whenFull == WhenFull.KeepAll ? Core.LIMIT_NONE : whenFull == WhenFull.Backpressure ? Core.LIMIT_BACKPRESSURE : Core.LIMIT_COALESCE, limit ?? 1000);
    }

    /// <summary>Whether an error is told by somebody else: a handler that asks for them, or the first of those that do not.</summary>
    bool IsHeard(InformerRegistration registration) {
      lock (registrations) {
        foreach (var one in registrations) {
          if (one.HearsErrors) return true;
        }
        return registrations.Count > 0 && registration != null && registrations[0] != registration;
      }
    }

    T Object(Event next) { return wrap(KubernetesObject.Of(next.object_())); }

    InformerEvent<T> Make(Event next, int kind) {
      if (kind == Core.EVENT_SYNC) return new InformerEvent<T>(InformerEventType.Synced, null, null, false, false);
      var type = kind == Core.EVENT_ADD ? InformerEventType.Added : kind == Core.EVENT_UPDATE ? InformerEventType.Updated : InformerEventType.Deleted;
      return new InformerEvent<T>(type, Object(next), type == InformerEventType.Updated ? wrap(KubernetesObject.Of(next.old_object())) : null, next.is_initial(), next.is_inferred());
    }

    /// <summary>The same events as a stream, first of what is there. For a slow reader, events of the same object coalesce beyond a thousand.</summary>
    public AsyncStream<InformerEvent<T>> Events() { return new Stream(this); }

    sealed class Stream : AsyncStream<InformerEvent<T>> {
      readonly Informer<T> informer;
      internal Stream(Informer<T> informer) { this.informer = informer; }
      internal override AsyncStreamReader<InformerEvent<T>> Begin(CancellationToken token) { return new Reader(informer, token); }
    }

    sealed class Reader : QueueReader<InformerEvent<T>> {
      readonly Informer<T> informer;
      readonly Registration registration;

      internal Reader(Informer<T> informer, CancellationToken token) : base(token) {
        this.informer = informer;
        try {
          informer.handle.add_handler_with(0, Queue, 0, out registration);
          registration.set_limit(Core.LIMIT_COALESCE, 1000);
          informer.factory.Start();
        } catch {
          Dispose();
          throw;
        }
      }

      internal override bool Take(Event next, out InformerEvent<T> item, out bool last) {
        int kind = next.kind();
        last = kind == Core.EVENT_CLOSED;
        item = null;
        if (kind == Core.EVENT_ERROR) informer.Client.Report(next.error(), informer.ToString());
        if (last || kind == Core.EVENT_ERROR) return false;
        item = informer.Make(next, kind);
        return true;
      }

      internal override void Stop() {
        if (registration == null) return;
        informer.handle.remove_handler(registration);
        registration.Dispose();
      }
    }

    KubernetesClient Client { get { return factory.Client; } }

    /// <summary>An object of the cache; null where it is not there. The first argument is null where the resource has no namespaces.</summary>
    public T/*?*/ Get(string/*?*/ ns, string name) {
      Document found;
      try {
        lister.get(ns, name, out found);
      } catch (NotFoundException) {
        return null;
      }
      return wrap(new KubernetesObject(found));
    }

    /// <summary>What the cache holds, in no particular order. It knows the fields metadata.name and metadata.namespace; an index knows the others.</summary>
    public IReadOnlyList<T> List(string/*?*/ ns = null, string/*?*/ labelSelector = null, string/*?*/ fieldSelector = null) {
      ObjectList list;
      using (var made = RequestOptions.Make(new RequestOptions { LabelSelector = labelSelector, FieldSelector = fieldSelector }, null)) lister.select(ns, made, out list);
      return new KubernetesList<T>(list, wrap);
    }

    /// <summary>The number of objects in the cache.</summary>
    public long Count { get { return lister.size(); } }
    /// <summary>All of them.</summary>
    public IEnumerator<T> GetEnumerator() { return List().GetEnumerator(); }
    IEnumerator IEnumerable.GetEnumerator() { return GetEnumerator(); }

    /// <summary>An index by a field: AddIndex("node", "/spec/nodeName").</summary>
    public void AddIndex(string name, string pointer) { handle.add_pointer_index(name, pointer); }
    /// <summary>An index by a label's value.</summary>
    public void AddLabelIndex(string name, string label) { handle.add_label_index(name, label); }
    /// <summary>An index by the uids of owners.</summary>
    public void AddOwnerIndex(string name) { handle.add_owner_index(name); }

    /// <summary>What an index has under a value. The index "namespace" is always there.</summary>
    public IReadOnlyList<T> ByIndex(string name, string value) {
      ObjectList list;
      lister.by_index(name, value, out list);
      return new KubernetesList<T>(list, wrap);
    }

    /// <summary>The values of an index.</summary>
    public IReadOnlyList<string> IndexValues(string name) {
      Strings values;
      lister.index_values(name, out values);
      using (values) {
        var all = new string[values.size()];
        for (int i = 0; i < all.Length; i++) all[i] = values.at(i);
        return all;
      }
    }

    /// <summary>Whether the cache is filled.</summary>
    public bool HasSynced { get { return handle.has_synced(); } }

    /// <summary>The resourceVersion that the cache has reached; "" before the first list.</summary>
    public string ResourceVersion {
      get {
        string version;
        handle.last_sync_resource_version(out version);
        return version;
      }
    }

    /// <summary>Starts it, and waits until the cache is filled.</summary>
    public Task WaitForSyncAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken)) {
      factory.Start();
      return Calls.Wait(timeout, cancellationToken, handle.wait_for_sync);
    }

    /// <summary>Waits until the cache has seen the resourceVersion of an object that was written: what is read from it then is not older.</summary>
    public Task WaitForResourceVersionAsync(string resourceVersion, TimeSpan? timeout = null, CancellationToken cancellationToken = default(CancellationToken)) {
      factory.Start();
      return Calls.Wait(timeout, cancellationToken, ms => handle.wait_for_resource_version(resourceVersion, ms));
    }

    internal static string Statistics(Native.Informer handle) {
      string text;
      handle.statistics_json(out text);
      return text;
    }

    /// <summary>What it is and has done, as JSON; docs/observability.md tells the members.</summary>
    public string StatisticsJson() { return Statistics(handle); }

    /// <summary>Stops it for good. The cache stays readable.</summary>
    public void Stop() {
      ForgetHandlers();
      handle.stop();
    }

    internal void ForgetHandlers() {
      lock (registrations) {
        foreach (var one in registrations) one.Forget();
        registrations.Clear();
        byDelegate.Clear();
      }
    }

    /// <summary>The resource.</summary>
    public override string ToString() { return "informer of " + Plural; }
  }

  /// <summary>Handlers that were added together; Dispose takes them off.</summary>
  public sealed class InformerRegistration : IDisposable {
    readonly Registration handle;
    readonly Action remove, forget;

    internal InformerRegistration(Registration handle, bool hearsErrors, Action remove, Action forget) {
      this.handle = handle;
      this.remove = remove;
      this.forget = forget;
      HearsErrors = hearsErrors;
    }

    internal bool HearsErrors { get; private set; }

    /// <summary>Whether all of the first list was told.</summary>
    public bool HasSynced { get { return handle.has_synced(); } }
    /// <summary>How many events wait.</summary>
    public long Depth { get { return handle.depth(); } }
    /// <summary>How many it was spared since others took their place.</summary>
    public long Coalesced { get { return handle.coalesced(); } }

    internal void Forget() { forget(); }

    /// <summary>None of its handlers is called any more, but for one that runs.</summary>
    public void Dispose() {
      HearsErrors = false;
      remove();
    }
  }
}
