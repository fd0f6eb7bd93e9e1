using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using K8sc.Native;

namespace K8sc {
  /// <summary>
  /// The verbs on one resource. Each call runs on a thread of its own kind and the task ends with it; the token ends its request at once.
  /// What fails is a <see cref="KubernetesException"/>. Any thread may use one, and as many calls at once as it likes.
  /// </summary>
  /// <typeparam name="T">A model such as K8sc.CoreV1.Pod, or <see cref="KubernetesObject"/> for any kind.</typeparam>
  public sealed class ResourceClient<T> where T : class, IKubernetesObject {
    readonly KubernetesClient client;
    readonly Func<KubernetesObject, T> wrap;
    readonly Resource resource;
    readonly string subresource;

    internal ResourceClient(KubernetesClient client, string groupVersion, string plural, string ns, Func<KubernetesObject, T> wrap, string subresource = null) {
      this.client = client;
      this.wrap = wrap;
      this.subresource = subresource;
      GroupVersion = groupVersion;
      Plural = plural;
      Namespace = string.IsNullOrEmpty(ns) ? null : ns;
      string group, version;
      GroupVersions.Split(groupVersion, out group, out version);
      client.Handle.resource(group, version, plural, Namespace, out resource);
    }

    /// <summary>Such as "apps/v1".</summary>
    public string GroupVersion { get; }
    /// <summary>Such as "deployments".</summary>
    public string Plural { get; }
    /// <summary>null: all namespaces, or a resource that has none.</summary>
    public string/*?*/ Namespace { get; }

    /// <summary>The same in another namespace; null or "": in all.</summary>
    public ResourceClient<T> InNamespace(string/*?*/ ns) { return new ResourceClient<T>(client, GroupVersion, Plural, ns, wrap, subresource); }

    /// <summary>The same, with objects of any kind.</summary>
    public ResourceClient<KubernetesObject> Dynamic {
      get { return new ResourceClient<KubernetesObject>(client, GroupVersion, Plural, Namespace, one => one, subresource); }
    }

    /// <summary>A subresource, with the type that it has: Subresource&lt;K8sc.AutoscalingV1.Scale&gt;("scale").</summary>
    public ResourceClient<TOther> Subresource<TOther>(string name) where TOther : ObjectModel, new() {
      return new ResourceClient<TOther>(client, GroupVersion, Plural, Namespace, Model.Bind<TOther>, name);
    }

    /// <summary>One object.</summary>
    public Task<T> GetAsync(string name, RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      return One("get", options, cancellationToken, (CallOptions made, out Document got) => resource.get(name, made, out got));
    }

    /// <summary>One answer of the server: everything, or a page of Limit.</summary>
    public Task<KubernetesList<T>> ListAsync(RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      return Call("list", options, cancellationToken, made => {
        ObjectList list;
        resource.list(made, out list);
        return new KubernetesList<T>(list, wrap);
      });
    }

    /// <summary>Everything, fetched in pages, as one list.</summary>
    public Task<KubernetesList<T>> ListAllAsync(RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      return Call("list", options, cancellationToken, made => {
        ObjectList list;
        resource.list_all(made, out list);
        return new KubernetesList<T>(list, wrap);
      });
    }

    /// <summary>Every object, while no more than a page is held.</summary>
    public AsyncStream<T> Items(RequestOptions/*?*/ options = null) {
      Need("list", null);
      return new Pages<T>(resource, options, wrap);
    }

    /// <summary>Creates it; the answer is as the server has it.</summary>
    public Task<T> CreateAsync(T item, RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      var sent = Sent(item);
      return One("create", options, cancellationToken, (CallOptions made, out Document got) => resource.create(sent, made, out got));
    }

    /// <summary>Replaces it. Where it has changed since it was read: <see cref="ConflictException"/>.</summary>
    public Task<T> UpdateAsync(T item, RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      var sent = Sent(item);
      return One("update", options, cancellationToken, (CallOptions made, out Document got) => resource.update(sent, made, out got));
    }

    /// <summary>Replaces its status.</summary>
    public Task<T> UpdateStatusAsync(T item, RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      var sent = Sent(item);
      return One("updateStatus", options, cancellationToken, (CallOptions made, out Document got) => resource.update_status(sent, made, out got));
    }

    /// <summary>Server-side apply, by the object's name. FieldManager says who owns the fields.</summary>
    public Task<T> ApplyAsync(T item, RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      var sent = Sent(item);
      string name = NameOf(sent);
      return One("apply", options, cancellationToken, (CallOptions made, out Document got) => resource.apply(name, sent, made, out got));
    }

    /// <summary>The same for its status.</summary>
    public Task<T> ApplyStatusAsync(T item, RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      var sent = Sent(item);
      string name = NameOf(sent);
      return One("applyStatus", options, cancellationToken, (CallOptions made, out Document got) => resource.apply_status(name, sent, made, out got));
    }

    /// <summary>Changes a part of it.</summary>
    public Task<T> PatchAsync(string name, Patch patch, RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      if (patch == null) throw new ArgumentNullException("patch");
      return One("patch", options, cancellationToken, (CallOptions made, out Document got) => resource.patch(name, patch.Type, patch.Text, made, out got));
    }

    /// <summary>Deletes it; the answer is a Status, or the object where it waits for its finalizers.</summary>
    public Task<KubernetesObject> DeleteAsync(string name, RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      return Call("delete", options, cancellationToken, made => {
        Document got;
        resource.delete(name, made, out got);
        return KubernetesObject.Of(got);
      });
    }

    /// <summary>Deletes all that the options select.</summary>
    public Task<KubernetesObject> DeleteCollectionAsync(RequestOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      return Call("deleteCollection", options, cancellationToken, made => {
        Document got;
        resource.delete_collection(made, out got);
        return KubernetesObject.Of(got);
      });
    }

    /// <summary>Events as they come, until the server ends the watch. What breaks it is thrown where the next event is waited for.</summary>
    public AsyncStream<WatchEvent<T>> Watch(RequestOptions/*?*/ options = null) {
      Need("watch", null);
      return new ResourceWatch<T>(resource, options, false, wrap);
    }

    /// <summary>The same, but it goes on where it was, from one connection to the next. ResourceVersion says where it begins.</summary>
    public AsyncStream<WatchEvent<T>> RetryWatch(RequestOptions options) {
      Need("watch", null);
      return new ResourceWatch<T>(resource, options, true, wrap);
    }

    /// <summary>Waits until the object has a condition, such as "Ready"; <see cref="KubernetesTimeoutException"/> where it does not in time.</summary>
    public Task<T> WaitForConditionAsync(string name, string type, string status = "True", TimeSpan? timeout = null, RequestOptions/*?*/ options = null,
                                         CancellationToken cancellationToken = default(CancellationToken)) {
      long ms = timeout == null ? -1 : Time.Milliseconds(timeout.Value);
      return One("watch", options, cancellationToken, (CallOptions made, out Document got) => resource.wait_for_condition(name, type, status, made, ms, out got));
    }

    /// <summary>Waits until the object is gone.</summary>
    public Task WaitForDeletionAsync(string name, TimeSpan? timeout = null, RequestOptions/*?*/ options = null,
                                     CancellationToken cancellationToken = default(CancellationToken)) {
      long ms = timeout == null ? -1 : Time.Milliseconds(timeout.Value);
      return Call("watch", options, cancellationToken, made => {
        resource.wait_for_deletion(name, made, ms);
        return true;
      });
    }

    /// <summary>A pod's log. <see cref="LogOptions"/> say which part.</summary>
    public Task<string> LogAsync(string name, LogOptions/*?*/ options = null, CancellationToken cancellationToken = default(CancellationToken)) {
      if (options != null && options.Follow) throw new ArgumentException("LogAsync: it would not end with Follow; LogLines has the lines as they come");
      return client.RequestAsync("GET", LogPath(name, options), cancellationToken: cancellationToken);
    }

    /// <summary>The same line by line, without their ends; with Follow as they are written, until the container ends.</summary>
    public AsyncStream<string> LogLines(string name, LogOptions/*?*/ options = null) { return client.Lines("GET", LogPath(name, options)); }

    string LogPath(string name, LogOptions options) {
      if (name == null) throw new ArgumentNullException("name");
      if (name.Length == 0) throw new ArgumentException("the name is empty", "name");
      string group, version;
      GroupVersions.Split(GroupVersion, out group, out version);
      return (group.Length == 0 ? "/api/" : "/apis/" + group + "/") + version + (Namespace == null ? "" : "/namespaces/" + Uri.EscapeDataString(Namespace)) +
                    "/" + Plural + "/" + Uri.EscapeDataString(name) + "/log" + (options == null ? "" : options.Query());
    }

    /// <summary>Group and version, resource, namespace.</summary>
    public override string ToString() { return GroupVersion + " " + Plural + (Namespace == null ? "" : " in " + Namespace); }

    static Document Sent(T item) {
      if (item == null) throw new ArgumentNullException("item");
      return item.ToObject().Handle;
    }

    static string NameOf(Document sent) {
      string name = sent.name();
      if (string.IsNullOrEmpty(name)) throw new ArgumentException("the object has no metadata.name");
      return name;
    }

    delegate void Asking(CallOptions options, out Document got);

    Task<T> One(string verb, RequestOptions options, CancellationToken token, Asking ask) {
      return Call(verb, options, token, made => {
        Document got;
        ask(made, out got);
        return got == null ? null : wrap(new KubernetesObject(got));
      });
    }

    Task<TAnswer> Call<TAnswer>(string verb, RequestOptions options, CancellationToken token, Func<CallOptions, TAnswer> call) {
      if (subresource != null && (options == null || options.Subresource == null)) {
        options = options == null ? new RequestOptions() : options.Clone();
        options.Subresource = subresource;
      }
      Need(verb, options);
      return Calls.Run(options, token, call);
    }

    /// <summary>What the schema says that the resource cannot do is not asked of the server.</summary>
    void Need(string verb, RequestOptions options) {
      if (options != null && options.Subresource != null) return;
      string group, version;
      GroupVersions.Split(GroupVersion, out group, out version);
      var known = Core.schema_resource_find(group, version, Plural);
      if (known == null || known.has_verb(verb)) return;
      var verbs = new List<string>();
      for (int i = 0; known.verb(i) != null; i++) verbs.Add(known.verb(i));
      throw new NotSupportedException(Plural + " of " + GroupVersion + " has no verb " + verb + "; it has: " + string.Join(", ", verbs));
    }
  }

  /// <summary>Which part of a pod's log.</summary>
  public sealed class LogOptions {
    /// <summary>Which container; needed where there are several.</summary>
    public string/*?*/ Container { get; set; }
    /// <summary>Only the last lines.</summary>
    public long? TailLines { get; set; }
    /// <summary>Only what is newer.</summary>
    public long? SinceSeconds { get; set; }
    /// <summary>Only so many bytes.</summary>
    public long? LimitBytes { get; set; }
    /// <summary>Of the container before the last restart.</summary>
    public bool Previous { get; set; }
    /// <summary>Only what is newer than this time.</summary>
    public DateTime? SinceTime { get; set; }
    /// <summary>A time before each line.</summary>
    public bool Timestamps { get; set; }
    /// <summary>Go on with what is written later. For LogLines only.</summary>
    public bool Follow { get; set; }

    internal string Query() {
      var parts = new List<string>();
      if (Container != null) parts.Add("container=" + Uri.EscapeDataString(Container));
      if (TailLines != null) parts.Add("tailLines=" + TailLines);
      if (SinceSeconds != null) parts.Add("sinceSeconds=" + SinceSeconds);
      if (LimitBytes != null) parts.Add("limitBytes=" + LimitBytes);
      if (Previous) parts.Add("previous=true");
      if (SinceTime != null)
        parts.Add("sinceTime=" + Uri.EscapeDataString(SinceTime.Value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)));
      if (Timestamps) parts.Add("timestamps=true");
      if (Follow) parts.Add("follow=true");
      return parts.Count == 0 ? "" : "?" + string.Join("&", parts);
    }
  }

  internal static class GroupVersions {
    /// <summary>"apps/v1" is the group "apps" and the version "v1"; "v1" is of the group "".</summary>
    internal static void Split(string groupVersion, out string group, out string version) {
      if (groupVersion == null) throw new ArgumentNullException("groupVersion");
      int slash = groupVersion.IndexOf('/');
      group = slash < 0 ? "" : groupVersion.Substring(0, slash);
      version = groupVersion.Substring(slash + 1);
    }
  }
}
