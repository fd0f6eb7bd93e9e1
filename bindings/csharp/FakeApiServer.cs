using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using static K8sc.Testing.TestingNative;

namespace K8sc.Testing {
  /// <summary>What a <see cref="FakeApiServer"/> makes of streaming lists.</summary>
  public enum StreamingLists {
    /// <summary>Refused, as by servers that know them and have them switched off.</summary>
    Refused = 0,
    /// <summary>Answered as if nobody had asked for one.</summary>
    Ignored = 1,
    /// <summary>Streamed.</summary>
    Supported = 2
  }

  /// <summary>How a <see cref="FakeApiServer"/> begins. What each does is told in k8sc_testing.h, by the same names.</summary>
  public sealed class FakeApiServerOptions {
    /// <summary>0: any that is free.</summary>
    public int Port { get; set; }
    /// <summary>Where it is on its host, such as "/k8s/clusters/c-x"; null: at its root.</summary>
    public string/*?*/ BasePath { get; set; }
    /// <summary>Whether it speaks HTTPS.</summary>
    public bool Tls { get; set; }
    /// <summary>Whether it speaks HTTP/2; null: yes.</summary>
    public bool? Http2 { get; set; }
    /// <summary>How many requests a connection of HTTP/2 may have open at the same time; null: as the library has it.</summary>
    public int? Http2MaxStreams { get; set; }
    /// <summary>How many bytes a request's body may have, as HTTP/2's window never opens further; null: it does.</summary>
    public long? Http2UploadWindow { get; set; }
    /// <summary>Whether PINGs of HTTP/2 are answered; null: yes.</summary>
    public bool? Http2AnswerPings { get; set; }
    /// <summary>The bearer token that it asks for.</summary>
    public string/*?*/ Token { get; set; }
    /// <summary>Whether it can be commanded by HTTP, too.</summary>
    public bool Admin { get; set; }
    /// <summary>Whether discovery is in one answer, as newer servers have it; null: as the library has it.</summary>
    public bool? AggregatedDiscovery { get; set; }
    /// <summary>Whether it takes resources that it does not know.</summary>
    public bool? AllowAnyResource { get; set; }
    /// <summary>Whether it does what a cluster does beyond storing objects: docs/fake-apiserver.md tells what.</summary>
    public bool Strict { get; set; }
    /// <summary>The release that it is to be like, such as "1.34"; what is set beside it holds.</summary>
    public string/*?*/ KubernetesVersion { get; set; }
    /// <summary>What it makes of streaming lists; null: as the library has it.</summary>
    public StreamingLists? StreamingLists { get; set; }
    /// <summary>How often a watch gets a bookmark; zero: never; null: as the library has it.</summary>
    public TimeSpan? BookmarkInterval { get; set; }
    /// <summary>The most items that a page of a list has, whatever a client asks for.</summary>
    public long? PageLimit { get; set; }
    /// <summary>How many events of each resource are remembered.</summary>
    public long? EventWindow { get; set; }
    /// <summary>Whether objects are answered as metadata only where that is asked for; null: yes.</summary>
    public bool? PartialObjects { get; set; }
    /// <summary>Whether a watch from a version that is too old fails at once, and not by an event; null: no.</summary>
    public bool? ExpiredAtOpen { get; set; }
    /// <summary>How many pods to begin with, in the namespace "default".</summary>
    public int Pods { get; set; }

    /// <summary>Whether users may only do what Roles and ClusterRoles allow.</summary>
    public bool Authorization { get; set; }

    internal readonly List<Action<IntPtr>> kinds = new List<Action<IntPtr>>();
    internal readonly List<Action<IntPtr>> users = new List<Action<IntPtr>>();

    /// <summary>A user beside the one of <see cref="Token"/>, by a token and in these groups.</summary>
    public FakeApiServerOptions AddUser(string token, string name, params string[] groups) {
      users.Add(made => FakeApiServer.AddUser(made, token, name, string.Join(",", groups)));
      return this;
    }

    /// <summary>A custom resource that is there from the beginning: AddKind("example.com/v1", "widgets", "Widget").</summary>
    public FakeApiServerOptions AddKind(string groupVersion, string plural, string kind, bool isNamespaced = true) {
      string group, version;
      GroupVersions.Split(groupVersion, out group, out version);
      kinds.Add(made => FakeApiServer.AddKind(made, group, version, plural, kind, isNamespaced));
      return this;
    }
  }

  /// <summary>A fake API server inside of the process, for tests; docs/fake-apiserver.md tells how faithful it is.</summary>
  public sealed class FakeApiServer : IDisposable {
    readonly Handle server;
    string token;

    // The library for tests needs the library itself, which is found for sure by this way.
    static FakeApiServer() { Native.Core.version(); }

    /// <summary>Starts one.</summary>
    public FakeApiServer(FakeApiServerOptions/*?*/ options = null) {
      options = options ?? new FakeApiServerOptions();
      IntPtr made, error;
      Check(k8sc_testing_options_new(out made, out error), error);
      try {
        Check(k8sc_testing_options_set_port(made, options.Port, out error), error);
        if (options.BasePath != null) Check(k8sc_testing_options_set_base_path(made, Utf8.ToNative(options.BasePath), out error), error);
        Check(k8sc_testing_options_set_tls(made, options.Tls ? 1 : 0, out error), error);
        Check(k8sc_testing_options_set_admin(made, options.Admin ? 1 : 0, out error), error);
        if (options.Token != null) Check(k8sc_testing_options_set_token(made, Utf8.ToNative(options.Token), out error), error);
        if (options.KubernetesVersion != null) Check(k8sc_testing_options_set_kubernetes_version(made, Utf8.ToNative(options.KubernetesVersion), out error), error);
        if (options.StreamingLists != null) Check(k8sc_testing_options_set_streaming_lists(made, (int)options.StreamingLists.Value, out error), error);
        if (options.BookmarkInterval != null) Check(k8sc_testing_options_set_bookmark_interval(made, Time.Milliseconds(options.BookmarkInterval.Value), out error), error);
        if (options.PageLimit != null) Check(k8sc_testing_options_set_page_limit(made, options.PageLimit.Value, out error), error);
        if (options.EventWindow != null) Check(k8sc_testing_options_set_event_window(made, options.EventWindow.Value, out error), error);
        if (options.Http2 != null) Check(k8sc_testing_options_set_http2(made, options.Http2.Value ? 1 : 0, out error), error);
        if (options.Http2MaxStreams != null) Check(k8sc_testing_options_set_http2_max_streams(made, options.Http2MaxStreams.Value, out error), error);
        if (options.Http2UploadWindow != null) Check(k8sc_testing_options_set_http2_upload_window(made, options.Http2UploadWindow.Value, out error), error);
        if (options.Http2AnswerPings != null) Check(k8sc_testing_options_set_http2_answer_pings(made, options.Http2AnswerPings.Value ? 1 : 0, out error), error);
        if (options.PartialObjects != null) Check(k8sc_testing_options_set_partial_objects(made, options.PartialObjects.Value ? 1 : 0, out error), error);
        if (options.ExpiredAtOpen != null) Check(k8sc_testing_options_set_expired_at_open(made, options.ExpiredAtOpen.Value ? 1 : 0, out error), error);
        if (options.AggregatedDiscovery != null) Check(k8sc_testing_options_set_aggregated_discovery(made, options.AggregatedDiscovery.Value ? 1 : 0, out error), error);
        if (options.AllowAnyResource != null) Check(k8sc_testing_options_set_allow_any_resource(made, options.AllowAnyResource.Value ? 1 : 0, out error), error);
        Check(k8sc_testing_options_set_strict(made, options.Strict ? 1 : 0, out error), error);
        Check(k8sc_testing_options_set_authorization(made, options.Authorization ? 1 : 0, out error), error);
        foreach (var add in options.kinds) add(made);
        foreach (var add in options.users) add(made);
        IntPtr started;
        Check(k8sc_testing_server_start(made, out started, out error), error);
        server = new Handle(started);
      } finally {
        k8sc_testing_options_free(made);
      }
      token = options.Token;
      Url = Held(() => Utf8.FromNative(k8sc_testing_server_url(server)));
      Kubeconfig = Held(() => Utf8.FromNative(k8sc_testing_server_kubeconfig(server)));
      try {
        if (options.Pods > 0) GeneratePods(options.Pods);
      } catch {
        Dispose();
        throw;
      }
    }

    /// <summary>Where it listens.</summary>
    public string Url { get; }
    /// <summary>A kubeconfig for it, as text.</summary>
    public string Kubeconfig { get; }

    /// <summary>A client of it, without a rate limit.</summary>
    public KubernetesClient Connect(ClientOptions/*?*/ options = null) {
      options = options ?? new ClientOptions();
      options.Kubeconfig = Kubeconfig;
      options.Token = options.Token ?? token;
      options.Qps = options.Qps ?? -1;
      return new KubernetesClient(options);
    }

    /// <summary>Creates or replaces an object, or every item of a list.</summary>
    public void Put(IKubernetesObject item) {
      if (item == null) throw new ArgumentNullException("item");
      IntPtr error;
      var text = Utf8.ToNative(item.ToObject().ToJson());
      Check(k8sc_testing_server_put(Server, text, (UIntPtr)(text.Length - 1), out error), error);
    }

    /// <summary>The same for every object of a manifest: YAML of any number of documents, or JSON.</summary>
    public void Load(string manifest) {
      if (manifest == null) throw new ArgumentNullException("manifest");
      IntPtr error;
      var text = Utf8.ToNative(manifest);
      Check(k8sc_testing_server_load(Server, text, (UIntPtr)(text.Length - 1), out error), error);
    }

    /// <summary>Creates pods, and nodes for them.</summary>
    public void GeneratePods(int count, string ns = "default", string prefix = "pod") {
      IntPtr error;
      Check(k8sc_testing_server_generate_pods(Server, Utf8.ToNative(ns), Utf8.ToNative(prefix), count, out error), error);
    }

    /// <summary>What a container has written: what LogAsync and LogLines answer.</summary>
    public void SetPodLog(string ns, string pod, string container, string text) { PodLog(k8sc_testing_server_set_pod_log, ns, pod, container, text); }

    /// <summary>It has written this, too; who follows the log gets it.</summary>
    public void AppendPodLog(string ns, string pod, string container, string text) { PodLog(k8sc_testing_server_append_pod_log, ns, pod, container, text); }

    /// <summary>It has ended and begins anew: what it has written is the log of the previous container.</summary>
    public void RestartContainer(string ns, string pod, string container) {
      IntPtr error;
      Check(k8sc_testing_server_restart_container(Server, Utf8.ToNative(ns), Utf8.ToNative(pod), Utf8.ToNative(container), out error), error);
    }

    delegate int Writing(SafeHandle server, byte[] ns, byte[] pod, byte[] container, byte[] text, UIntPtr length, out IntPtr error);

    void PodLog(Writing write, string ns, string pod, string container, string text) {
      if (text == null) throw new ArgumentNullException("text");
      IntPtr error;
      var bytes = Utf8.ToNative(text);
      Check(write(Server, Utf8.ToNative(ns), Utf8.ToNative(pod), Utf8.ToNative(container), bytes, (UIntPtr)(bytes.Length - 1), out error), error);
    }

    /// <summary>How many watches are open now.</summary>
    public long WatchCount { get { return k8sc_testing_server_watch_count(Server); } }

    /// <summary>How often something was asked of a resource; null stands for anything: ActionCount("patch", "deployments", name: "web").</summary>
    public long ActionCount(string/*?*/ verb = null, string/*?*/ resource = null, string/*?*/ ns = null, string/*?*/ name = null) {
      return k8sc_testing_server_action_count(Server, Utf8.ToNative(verb), Utf8.ToNative(resource), Utf8.ToNative(ns), Utf8.ToNative(name));
    }

    /// <summary>The same requests, with all that they said.</summary>
    public IReadOnlyList<KubernetesObject> Actions(string/*?*/ verb = null, string/*?*/ resource = null, string/*?*/ ns = null, string/*?*/ name = null) {
      return Objects(TextOf((SafeHandle own, out IntPtr text, out IntPtr error) =>
        k8sc_testing_server_actions(own, Utf8.ToNative(verb), Utf8.ToNative(resource), Utf8.ToNative(ns), Utf8.ToNative(name), out text, out error)));
    }

    /// <summary>The last 1000 requests, oldest first.</summary>
    public IReadOnlyList<KubernetesObject> Requests() { return Objects(TextOf(k8sc_testing_server_request_log)); }

    /// <summary>The last request with this method and this beginning of a path; null: any.</summary>
    public KubernetesObject LastRequest(string/*?*/ method = null, string/*?*/ path = null) {
      return KubernetesObject.FromJson(TextOf((SafeHandle own, out IntPtr text, out IntPtr error) =>
        k8sc_testing_server_last_request(own, Utf8.ToNative(method), Utf8.ToNative(path), out text, out error)));
    }

    static IReadOnlyList<KubernetesObject> Objects(string json) {
      var all = new List<KubernetesObject>();
      foreach (object one in (List<object>)Json.Parse(json)) all.Add(KubernetesObject.FromJson(Json.Write(one)));
      return all;
    }

    /// <summary>
    /// Makes it misbehave by a rule, as JSON or plain values: Fault("{\"verb\":\"list\",\"times\":1,\"status\":{\"code\":429,\"retryAfter\":1}}").
    /// The answer is for <see cref="RemoveFault"/>.
    /// </summary>
    public long Fault(object rule) {
      long id;
      IntPtr error;
      Check(k8sc_testing_server_add_fault(Server, Utf8.ToNative(rule as string ?? Json.Write(rule)), out id, out error), error);
      return id;
    }

    /// <summary>How many requests a rule happened to.</summary>
    public long FaultCount(long id) { return k8sc_testing_server_fault_count(Server, id); }

    /// <summary>Ends a rule.</summary>
    public void RemoveFault(long id) {
      IntPtr error;
      Check(k8sc_testing_server_remove_fault(Server, id, out error), error);
    }

    /// <summary>Asks for another token from now on; null: for none.</summary>
    public void SetToken(string/*?*/ value) {
      IntPtr error;
      Check(k8sc_testing_server_set_token(Server, Utf8.ToNative(value), out error), error);
      token = value;
    }

    /// <summary>Takes this token, too, until another is set.</summary>
    public void AddToken(string value) {
      IntPtr error;
      Check(k8sc_testing_server_add_token(Server, Utf8.ToNative(value), out error), error);
    }

    /// <summary>What it makes of streaming lists from now on, as after an upgrade.</summary>
    public void SetStreamingLists(StreamingLists how) {
      IntPtr error;
      Check(k8sc_testing_server_set_streaming_lists(Server, (int)how, out error), error);
    }

    /// <summary>Clients are asked for a certificate of this authority, as PEM; null: nobody is.</summary>
    public void SetClientCa(string/*?*/ pem) {
      IntPtr error;
      Check(k8sc_testing_server_set_client_ca(Server, Utf8.ToNative(pem), out error), error);
    }

    /// <summary>The authority that it began with, as PEM; null without TLS.</summary>
    public string/*?*/ CaPem { get { return Held(() => Utf8.FromNative(k8sc_testing_server_ca_pem(Server))); } }

    /// <summary>The authority of the certificate that the next renewal takes, as PEM.</summary>
    public string PrepareCertificate() { return TextOf(k8sc_testing_server_prepare_certificate); }
    /// <summary>A new authority, as PEM, and a new certificate for connections that come from now on.</summary>
    public string RenewCertificate() { return TextOf(k8sc_testing_server_renew_certificate); }

    delegate int Telling(SafeHandle server, out IntPtr text, out IntPtr error);

    string TextOf(Telling call) {
      IntPtr text, error;
      Check(call(Server, out text, out error), error);
      try {
        return Utf8.FromNative(text);
      } finally {
        k8sc_testing_string_free(text);
      }
    }

    /// <summary>The name of a file with its kubeconfig, for the KUBECONFIG of what is tested; it is gone with the server.</summary>
    public string KubeconfigPath {
      get {
        return Held(() => {
          IntPtr path, error;
          Check(k8sc_testing_server_kubeconfig_path(Server, out path, out error), error);
          return Utf8.FromNative(path);
        });
      }
    }

    /// <summary>Writes its kubeconfig to a file.</summary>
    public void WriteKubeconfig(string path) {
      IntPtr error;
      Check(k8sc_testing_server_write_kubeconfig(Server, Utf8.ToNative(path), out error), error);
    }

    /// <summary>An object as the server has it now: Get("apps/v1", "deployments", "default", "web"); null for a namespace where there is none.</summary>
    public KubernetesObject Get(string groupVersion, string resource, string/*?*/ ns, string name) {
      string group, version;
      GroupVersions.Split(groupVersion, out group, out version);
      return KubernetesObject.FromJson(TextOf((SafeHandle own, out IntPtr text, out IntPtr error) =>
        k8sc_testing_server_get(own, Utf8.ToNative(group), Utf8.ToNative(version), Utf8.ToNative(resource), Utf8.ToNative(ns), Utf8.ToNative(name), out text, out error)));
    }

    /// <summary>Takes an object away, whatever its finalizers say.</summary>
    public void Remove(string groupVersion, string resource, string/*?*/ ns, string name) {
      string group, version;
      IntPtr error;
      GroupVersions.Split(groupVersion, out group, out version);
      Check(k8sc_testing_server_remove(Server, Utf8.ToNative(group), Utf8.ToNative(version), Utf8.ToNative(resource), Utf8.ToNative(ns), Utf8.ToNative(name), out error), error);
    }

    /// <summary>The resourceVersion of its state.</summary>
    public long ResourceVersion {
      get {
        long version;
        IntPtr error;
        Check(k8sc_testing_server_resource_version(Server, out version, out error), error);
        return version;
      }
    }

    /// <summary>How many connections came.</summary>
    public long ConnectionCount { get { return k8sc_testing_server_connection_count(Server); } }

    /// <summary>How many requests came with this method and this beginning of a path; null: any.</summary>
    public long RequestCount(string/*?*/ method = null, string/*?*/ path = null) {
      return k8sc_testing_server_request_count(Server, Utf8.ToNative(method), Utf8.ToNative(path));
    }

    /// <summary>Watches find that so much time has gone.</summary>
    public void AdvanceClock(TimeSpan time) {
      IntPtr error;
      Check(k8sc_testing_server_advance_clock(Server, Time.Milliseconds(time), out error), error);
    }

    delegate int Command(SafeHandle server, out IntPtr error);

    void Do(Command command) {
      IntPtr error;
      Check(command(Server, out error), error);
    }

    /// <summary>Ends all rules.</summary>
    public void ClearFaults() { Do(k8sc_testing_server_clear_faults); }
    /// <summary>Refuses connections until <see cref="Restart"/>.</summary>
    public void Stop() { Do(k8sc_testing_server_stop); }
    /// <summary>Begins again, with what it had.</summary>
    public void Restart() { Do(k8sc_testing_server_restart); }
    /// <summary>Is silent until <see cref="Resume"/>.</summary>
    public void Pause() { Do(k8sc_testing_server_pause); }
    /// <summary>Goes on.</summary>
    public void Resume() { Do(k8sc_testing_server_resume); }
    /// <summary>Cuts all connections.</summary>
    public void Disconnect() { Do(k8sc_testing_server_disconnect); }
    /// <summary>Forgets the history: older resourceVersions are gone.</summary>
    public void Compact() { Do(k8sc_testing_server_compact); }
    /// <summary>Loses all objects, and begins to count anew.</summary>
    public void Clear() { Do(k8sc_testing_server_clear); }
    /// <summary>Forgets what was asked so far.</summary>
    public void ForgetRequests() { Do(k8sc_testing_server_forget_requests); }

    /// <summary>Ends it; while a call runs on another thread, after that.</summary>
    public void Dispose() { server.Dispose(); }

    Handle Server {
      get {
        if (server.IsClosed) throw new ObjectDisposedException("FakeApiServer");
        return server;
      }
    }

    /// <summary>Reads a text that is the server's, while nobody frees it.</summary>
    string Held(Func<string> read) {
      bool held = false;
      try {
        server.DangerousAddRef(ref held);
        return read();
      } finally {
        if (held) server.DangerousRelease();
      }
    }

    /// <summary>Frees the server once nobody calls it any more.</summary>
    sealed class Handle : SafeHandle {
      internal Handle(IntPtr pointer) : base(IntPtr.Zero, true) { SetHandle(pointer); }
      public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
      protected override bool ReleaseHandle() {
        k8sc_testing_server_free(handle);
        return true;
      }
    }

    internal static void AddKind(IntPtr options, string group, string version, string plural, string kind, bool isNamespaced) {
      IntPtr error;
      Check(k8sc_testing_options_add_kind(options, Utf8.ToNative(group), Utf8.ToNative(version), Utf8.ToNative(plural), Utf8.ToNative(kind), isNamespaced ? 1 : 0, out error), error);
    }

    internal static void AddUser(IntPtr options, string token, string name, string groups) {
      IntPtr error;
      Check(k8sc_testing_options_add_user(options, Utf8.ToNative(token), Utf8.ToNative(name), Utf8.ToNative(groups), out error), error);
    }

    static void Check(int status, IntPtr error) {
      if (status < 0) throw KubernetesException.Taken(error);
    }
  }
}
