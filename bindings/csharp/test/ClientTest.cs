using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using K8sc;
using K8sc.AppsV1;
using K8sc.CoreV1;
using K8sc.MetaV1;
using K8sc.Testing;

public static class ClientTest {
  static Pod Pod(string name) {
    return new Pod {
      Metadata = new ObjectMeta { Name = name, Annotations = { { "note", "é€😀" } } },
      Spec = new PodSpec { Containers = { new Container { Name = "main", Image = "busybox" } } }
    };
  }

  static ConfigMap Map(string name) { return new ConfigMap { Metadata = new ObjectMeta { Name = name }, Data = { { "a", "1" } } }; }

  static KubernetesObject Definition(string group, string plural, string kind) {
    return KubernetesObject.FromJson("{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":\"" + plural + "." + group +
      "\"},\"spec\":{\"group\":\"" + group + "\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"" + plural + "\",\"singular\":\"" + kind.ToLowerInvariant() + "\",\"kind\":\"" + kind +
      "\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}}}]}}");
  }

  [Check] public static void verbs_of_a_typed_resource() {
    Check.With(3, (server, client) => {
      var pods = client.CoreV1.Pods("default");
      var list = Check.Wait(pods.ListAsync());
      Check.Same(3, list.Count);
      Check.Same("pod-00000", list[0].Metadata.Name);
      Check.That(list.ResourceVersion.Length > 0 && list.RemainingItemCount == null, "the list's own");
      var made = Check.Wait(pods.CreateAsync(Pod("web")));
      Check.That(made.Metadata.Uid.Contains("-"), "uid");
      Check.Same("é€😀", made.Metadata.Annotations["note"]);
      made.Metadata.Labels["app"] = "web";
      var updated = Check.Wait(pods.UpdateAsync(made));
      Check.Same("web", updated.Metadata.Labels["app"]);
      Check.Throws<ConflictException>(() => Check.Wait(pods.UpdateAsync(made)));
      updated.Status = new PodStatus { Phase = "Running" };
      Check.Same("Running", Check.Wait(pods.UpdateStatusAsync(updated)).Status.Phase);
      var patched = Check.Wait(pods.PatchAsync("web", Patch.Merge(new Dictionary<string, object> { { "metadata", new Dictionary<string, object> { { "labels", new Dictionary<string, object> { { "app", null } } } } } })));
      Check.Same(0, patched.Metadata.Labels.Count);
      patched = Check.Wait(pods.PatchAsync("web", Patch.JsonOperations("[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"b\":\"c\"}}]")));
      Check.Same("c", patched.Metadata.Labels["b"]);
      patched = Check.Wait(pods.PatchAsync("web", Patch.Strategic(new Pod { Spec = new PodSpec { Containers = { new Container { Name = "main", Image = "new" } } } })));
      Check.Same("new", patched.Spec.Containers.Single().Image);
      Check.Same(3, Check.Wait(pods.ListAsync(new RequestOptions { FieldSelector = "metadata.name!=web" })).Count);
      Check.Same(1, Check.Wait(pods.ListAsync(new RequestOptions { LabelSelector = Selector.Labels(new Dictionary<string, string> { { "b", "c" } }) })).Count);
      Check.Wait(pods.DeleteAsync("web", new RequestOptions { GracePeriodSeconds = 0 }));
      Check.Throws<NotFoundException>(() => Check.Wait(pods.GetAsync("web")));
      Check.Wait(pods.DeleteCollectionAsync());
      Check.Same(0, Check.Wait(client.CoreV1.Pods().ListAsync()).Count);
      Check.Same("v1 pods in default", pods.ToString());
    });
  }

  [Check] public static void apply_owns_fields() {
    Check.With(0, (server, client) => {
      var maps = client.CoreV1.ConfigMaps("default");
      var options = new RequestOptions { FieldManager = "one" };
      Check.Wait(maps.ApplyAsync(Map("m"), options));
      var other = Map("m");
      other.Data["a"] = "2";
      var error = Check.Throws<ConflictException>(() => Check.Wait(maps.ApplyAsync(other, new RequestOptions { FieldManager = "two" })));
      Check.Contains(".data.a", error.Causes[0].Field);
      Check.Same("2", Check.Wait(maps.ApplyAsync(other, new RequestOptions { FieldManager = "two", Force = true })).Data["a"]);
      Check.Throws<ArgumentException>(() => maps.ApplyAsync(new ConfigMap()));
      Check.Throws<ArgumentNullException>(() => maps.CreateAsync(null));
    });
  }

  [Check] public static void pages() {
    Check.With(7, (server, client) => {
      var pods = client.CoreV1.Pods("default");
      var page = Check.Wait(pods.ListAsync(new RequestOptions { Limit = 3 }));
      Check.That(page.Count == 3 && page.RemainingItemCount == 4 && !string.IsNullOrEmpty(page.Continue), "a page");
      Check.Same(3, Check.Wait(pods.ListAsync(new RequestOptions { Limit = 3, Continue = page.Continue })).Count);
      Check.Same(7, Check.Wait(pods.ListAllAsync(new RequestOptions { Limit = 2 })).Count);
      var names = new List<string>();
      server.ForgetRequests();
      Check.Wait(pods.Items(new RequestOptions { Limit = 2 }).ForEachAsync(pod => {
        names.Add(pod.Metadata.Name);
        return names.Count < 5;
      }));
      Check.Same("pod-00000 pod-00001 pod-00002 pod-00003 pod-00004", string.Join(" ", names));
      Check.Same(3L, server.ActionCount("list", "pods"));
    });
  }

  [Check] public static void errors_are_told_apart() {
    Check.With(1, (server, client) => {
      var pods = client.CoreV1.Pods("default");
      var error = Check.Throws<NotFoundException>(() => Check.Wait(pods.GetAsync("none")));
      Check.That(error.HttpStatus == 404 && error.Reason == "NotFound" && !error.IsRetriable && error.RetryAfter == null, "what it tells");
      Check.Contains("none", error.Message);
      Check.Contains("\"Status\"", error.StatusJson);
      Check.Throws<AlreadyExistsException>(() => Check.Wait(pods.CreateAsync(Pod("pod-00000"))));
      var invalid = Check.Throws<InvalidObjectException>(() => Check.Wait(pods.CreateAsync(Pod("Not A Name"))));
      Check.Contains("metadata.name", invalid.Causes[0].Field);
      var rule = server.Fault("{\"verb\":\"get\",\"status\":{\"code\":429,\"retryAfter\":7}}");
      var busy = Check.Throws<TooManyRequestsException>(() => Check.Wait(pods.GetAsync("pod-00000", new RequestOptions { MaxRetries = 0 })));
      Check.Same(TimeSpan.FromSeconds(7), busy.RetryAfter.Value);
      server.RemoveFault(rule);
      server.Fault(new Dictionary<string, object> { { "verb", "get" }, { "status", new Dictionary<string, object> { { "code", 403 }, { "reason", "Forbidden" } } } });
      Check.Throws<ForbiddenException>(() => Check.Wait(pods.GetAsync("pod-00000")));
      server.ClearFaults();
      server.SetToken("other");
      Check.Throws<UnauthorizedException>(() => Check.Wait(pods.GetAsync("pod-00000")));
      client.SetToken("other");
      Check.Wait(pods.GetAsync("pod-00000"));
      Check.Throws<InvalidArgumentException>(() => Check.Wait(pods.GetAsync("pod-00000", new RequestOptions { Force = true })));
      Check.Throws<InvalidArgumentException>(() => Check.Wait(pods.GetAsync("")));
      Check.Throws<ArgumentException>(() => Check.Wait(pods.GetAsync("a\0b")));
      Check.Contains("it has: create", Check.Throws<NotSupportedException>(() => client.CoreV1.Services("default").DeleteCollectionAsync()).Message);
      server.Stop();
      Check.Throws<ConnectionException>(() => Check.Wait(pods.GetAsync("pod-00000", new RequestOptions { MaxRetries = 0 })));
      Check.Throws<ConfigException>(() => new KubernetesClient(new ClientOptions { Kubeconfig = "/no/such/file" }));
      Check.Throws<DocumentException>(() => KubernetesObject.FromJson("{"));
    });
  }

  [Check] public static void a_token_ends_the_request_at_once() {
    Check.With(1, (server, client) => {
      server.Fault("{\"verb\":\"get\",\"resource\":\"pods\",\"delay_ms\":600000}");
      var pods = client.CoreV1.Pods("default");
      using (var source = new CancellationTokenSource()) {
        // Many at once, so that nobody waits for anybody.
        var calls = Enumerable.Range(0, 100).Select(i => pods.GetAsync("pod-00000", null, source.Token)).ToArray();
        Check.Same(1, Check.Wait(pods.ListAsync()).Count);
        Check.Until(() => server.ActionCount("get", "pods") == 100, "all hundred requests");
        var clock = Stopwatch.StartNew();
        source.Cancel();
        foreach (var call in calls) Check.Same(source.Token, Check.Throws<TaskCanceledException>(() => Check.Wait(call)).CancellationToken);
        Check.That(clock.ElapsedMilliseconds < 10000, "promptly");
        server.ClearFaults();
        Check.Throws<TaskCanceledException>(() => Check.Wait(pods.GetAsync("pod-00000", null, source.Token)));
        Check.Same(100L, server.ActionCount("get", "pods"));
      }
      Check.Throws<KubernetesTimeoutException>(() => {
        server.Fault("{\"verb\":\"get\",\"resource\":\"pods\",\"delay_ms\":600000}");
        Check.Wait(pods.GetAsync("pod-00000", new RequestOptions { Timeout = TimeSpan.FromMilliseconds(100) }));
      });
    });
  }

  [Check] public static void a_token_ends_whatever_waits() {
    Check.With(0, (server, client) => {
      server.Fault("{\"delay_ms\":600000}");
      var factory = client.Informers();
      var discovery = client.Discovery(DiscoveryCache.None);
      var shared = client.Discovery();
      const string manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
      var calls = new Dictionary<string, Func<CancellationToken, Task>> {
        { "groups", discovery.GroupsAsync }, { "resources", token => discovery.ResourcesAsync("v1", token) }, { "all", discovery.AllAsync }, { "preferred", token => discovery.PreferredAsync(true, token) },
        { "version", discovery.VersionAsync }, { "OpenAPI v2", discovery.OpenApiV2Async }, { "OpenAPI v3", token => discovery.OpenApiV3Async(null, token) }, { "a document", token => discovery.OpenApiV3Async("v1", token) },
        { "has", token => discovery.HasAsync("apps/v1", "deployments", token) }, { "shared groups", shared.GroupsAsync }, { "shared has", token => shared.HasAsync("apps/v1", null, token) },
        { "find", token => client.FindAsync("deploy", token) }, { "category", token => client.CategoryAsync("all", token) }, { "kind", token => client.KindAsync("apps/v1", "Deployment", null, token) },
        { "informer of a kind", token => factory.KindAsync("v1", "Pod", token) }, { "create", token => client.CreateManifestAsync(manifest, "default", null, token) },
        { "apply", token => client.ApplyManifestAsync(manifest, "default", new RequestOptions { FieldManager = "test" }, token) }, { "delete", token => client.DeleteManifestAsync(manifest, "default", true, null, token) },
        { "sync", token => factory.CoreV1.Pods().WaitForSyncAsync(null, token) }, { "sync of all", token => factory.WaitForSyncAsync(null, token) },
        { "version of an informer", token => factory.CoreV1.Pods().WaitForResourceVersionAsync("1", null, token) }, { "log", token => client.CoreV1.Pods("default").LogAsync("a", null, token) },
        { "condition", token => client.CoreV1.Pods("default").WaitForConditionAsync("a", "Ready", cancellationToken: token) }, { "deletion", token => client.CoreV1.Pods("default").WaitForDeletionAsync("a", cancellationToken: token) },
        { "request", token => client.RequestAsync("GET", "/version", cancellationToken: token) }, { "items", token => client.CoreV1.Pods().Items().ForEachAsync(pod => true, token) },
      };
      using (var source = new CancellationTokenSource()) {
        // All at once: some wait for what others load.
        var waiting = calls.ToDictionary(call => call.Key, call => call.Value(source.Token));
        Thread.Sleep(300);
        foreach (var one in waiting) Check.That(!one.Value.IsCompleted, one.Key + " is over too soon");
        var clock = Stopwatch.StartNew();
        source.Cancel();
        foreach (var one in waiting) {
          var error = Check.Throws<OperationCanceledException>(() => Check.Wait(one.Value));
          Check.That(error.CancellationToken == source.Token && clock.ElapsedMilliseconds < 15000, one.Key);
        }
      }
      // Nothing of it is remembered.
      server.ClearFaults();
      server.Disconnect();
      Check.That(Check.Wait(shared.HasAsync("apps/v1", "deployments")) && Check.Wait(client.FindAsync("deploy")).Kind == "Deployment", "after that");
    });
  }

  [Check] public static void watches() {
    Check.With(1, (server, client) => {
      var pods = client.CoreV1.Pods("default");
      var reader = pods.Watch().GetAsyncEnumerator();
      Check.That(Check.Wait(reader.MoveNextAsync().ToTask()) && reader.Current.Type == WatchEventType.Added && reader.Current.Object.Metadata.Name == "pod-00000", "added");
      Check.Wait(pods.PatchAsync("pod-00000", Patch.Merge("{\"metadata\":{\"labels\":{\"x\":\"y\"}}}")));
      Check.That(Check.Wait(reader.MoveNextAsync().ToTask()) && reader.Current.Type == WatchEventType.Modified, "modified");
      Check.Wait(pods.DeleteAsync("pod-00000", new RequestOptions { GracePeriodSeconds = 0 }));
      Check.That(Check.Wait(reader.MoveNextAsync().ToTask()) && reader.Current.Type == WatchEventType.Deleted, "deleted");
      var waiting = reader.MoveNextAsync().ToTask();
      Thread.Sleep(50);
      reader.Dispose();
      Check.That(!Check.Wait(waiting), "Dispose ends who waits");
      Check.That(!Check.Wait(reader.MoveNextAsync().ToTask()), "and stays so");
      reader.Dispose();

      using (var source = new CancellationTokenSource())
      using (var other = pods.Watch().GetAsyncEnumerator(source.Token)) {
        waiting = other.MoveNextAsync().ToTask();
        Thread.Sleep(50);
        source.Cancel();
        Check.Throws<OperationCanceledException>(() => Check.Wait(waiting));
      }
      server.Compact();
      using (var old = pods.Watch(new RequestOptions { ResourceVersion = "1" }).GetAsyncEnumerator()) {
        Check.Throws<GoneException>(() => Check.Wait(old.MoveNextAsync().ToTask()));
        Check.That(!Check.Wait(old.MoveNextAsync().ToTask()), "an error is told once");
      }
      using (var ending = pods.Watch(new RequestOptions { TimeoutSeconds = 1 }).GetAsyncEnumerator()) Check.That(!Check.Wait(ending.MoveNextAsync().ToTask()), "the end");
    });
  }

  [Check] public static void watches_that_resume_and_waits() {
    Check.With(1, (server, client) => {
      var pods = client.CoreV1.Pods("default");
      string version = Check.Wait(pods.ListAsync()).ResourceVersion;
      using (var reader = pods.RetryWatch(new RequestOptions { ResourceVersion = version }).GetAsyncEnumerator()) {
        Check.Wait(pods.CreateAsync(Pod("a")));
        Check.That(Check.Wait(reader.MoveNextAsync().ToTask()) && reader.Current.Object.Metadata.Name == "a", "before the cut");
        server.Disconnect();
        Check.Wait(pods.CreateAsync(Pod("b")));
        Check.That(Check.Wait(reader.MoveNextAsync().ToTask()) && reader.Current.Object.Metadata.Name == "b", "after it");
      }
      var ready = pods.WaitForConditionAsync("a", "Ready", timeout: TimeSpan.FromSeconds(30));
      Check.Wait(pods.PatchAsync("a", Patch.Merge("{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}"), new RequestOptions { Subresource = "status" }));
      Check.Same("a", Check.Wait(ready).Metadata.Name);
      Check.Throws<KubernetesTimeoutException>(() => Check.Wait(pods.WaitForConditionAsync("b", "Ready", timeout: TimeSpan.FromMilliseconds(100))));
      var gone = pods.WaitForDeletionAsync("a", TimeSpan.FromSeconds(30));
      Check.Wait(pods.DeleteAsync("a", new RequestOptions { GracePeriodSeconds = 0 }));
      Check.Wait(gone);
    });
  }

  [Check] public static void any_kind() {
    Check.With(0, (server, client) => {
      Check.Wait(client.Resource("apiextensions.k8s.io/v1", "customresourcedefinitions").CreateAsync(Definition("example.com", "engines", "Engine")));
      var engines = Check.Wait(client.KindAsync("example.com/v1", "Engine", "default"));
      Check.Same("engines", engines.Plural);
      var values = new Dictionary<string, object> {
        { "apiVersion", "example.com/v1" }, { "kind", "Engine" }, { "metadata", new Dictionary<string, object> { { "name", "v8" } } },
        { "spec", new Dictionary<string, object> { { "cylinders", 8 }, { "serial", 9007199254740993L }, { "fuels", new[] { "petrol", "gas" } }, { "turbo", true }, { "litres", 4.2 } } }
      };
      using (var made = Check.Wait(engines.CreateAsync(KubernetesObject.From(values)))) {
        Check.Same(9007199254740993L, made.Integer("/spec/serial").Value);
        Check.That(made.Boolean("/spec/turbo") == true && made.Number("/spec/litres") == 4.2 && made.Number("/spec/cylinders") == 8, "numbers");
        Check.That(made.Integer("/spec/litres") == null && made.Integer("/spec/none") == null && made.Text("/spec/serial") == null && made.Boolean("/x") == null, "of another type");
        Check.Same("gas", made.Text("/spec/fuels/1"));
        Check.That(made.Count("/spec/fuels") == 2 && made.Has("/spec/turbo") && !made.Has("/spec/none"), "counts");
        Check.Same("petrol,gas", string.Join(",", (List<object>)made.Value("/spec/fuels")));
        Check.Same("gas", (string)made.Value("/spec/fuels/1"));
        Check.That(made.Value("/spec/none/x") == null, "nothing there");
        Check.That(made.Keys("/spec").Count == 5 && made.Keys("/none").Count == 0, "keys");
        Check.Contains("serial: 9007199254740993", made.ToYaml());
        Check.Same("Engine default/v8", made.ToString());
        Check.Same("v8", KubernetesObject.FromYaml(made.ToYaml()).Name);
      }
      Check.Same("Deployment", Check.Wait(client.FindAsync("deploy")).Kind);
      Check.Contains("deployments", Check.Throws<NotFoundException>(() => Check.Wait(client.FindAsync("deploymnets"))).Message);
      Check.Contains("pods", Check.Throws<NotFoundException>(() => Check.Wait(client.KindAsync("v1", "Pood"))).Message);
      Check.Throws<UnknownKindException>(() => KubernetesObject.From(values).Validate());
      Check.That(Check.Wait(client.CategoryAsync("all")).Any(one => one.GroupVersion == "apps/v1" && one.Resource == "deployments" && one.IsNamespaced), "a category");
      Check.Contains("spec", Check.Throws<InvalidObjectException>(() => KubernetesObject.FromJson("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spce\":{}}").Validate()).Message);
      foreach (var all in new[] { null, "" }) {
        var everywhere = engines.InNamespace(all);
        Check.Same(null, everywhere.Namespace);
        Check.Same("v8", Check.Wait(everywhere.ListAsync()).Single().Name);
        Check.Contains("all namespaces", Check.Throws<InvalidArgumentException>(() => Check.Wait(client.CoreV1.Pods(all).GetAsync("a"))).Message);
      }
    });
  }

  [Check] public static void manifests() {
    Check.With(0, (server, client) => {
      string manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one, namespace: default}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: two, namespace: default}\n";
      var results = Check.Wait(client.CreateManifestAsync(manifest));
      Check.That(results.Count == 2 && results.All(one => one.Error == null && one.Object.Uid != null), "created");
      var error = Check.Throws<ManifestException>(() => Check.Wait(client.CreateManifestAsync(manifest + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: three, namespace: default}\n")));
      Check.That(error.Results.Count(one => one.Error is AlreadyExistsException) == 2 && error.InnerException is AlreadyExistsException, "results of all");
      Check.Wait(client.ApplyManifestAsync(manifest, options: new RequestOptions { FieldManager = "test", Force = true }));
      Check.Wait(client.DeleteManifestAsync(manifest));
      Check.Throws<ManifestException>(() => Check.Wait(client.DeleteManifestAsync(manifest)));
      Check.Wait(client.DeleteManifestAsync(manifest, ignoreNotFound: true));
      Check.Throws<DocumentException>(() => Check.Wait(client.ApplyManifestAsync("a: [")));
    });
  }

  [Check] public static void discovery() {
    Check.With(0, (server, client) => {
      using (var discovery = client.Discovery()) {
        Check.Same("APIGroupList", Check.Wait(discovery.GroupsAsync()).Kind);
        Check.Same("APIResourceList", Check.Wait(discovery.ResourcesAsync("apps/v1")).Kind);
        var all = Check.Wait(discovery.AllAsync());
        Check.That(all.Lists.Count > 5 && all.Failure == null, "all");
        Check.That(Check.Wait(discovery.PreferredAsync(true)).Lists.Count > 0, "preferred");
        Check.That(Check.Wait(discovery.HasAsync("apps/v1", "deployments")) && !Check.Wait(discovery.HasAsync("none/v1")), "has");
        Check.That(Check.Wait(discovery.VersionAsync()).Text("/major") == "1", "version");
        Check.That(discovery.IsFresh, "fresh");
        discovery.Invalidate();
      }
    });
  }

  [Check] public static void subresources_and_logs() {
    Check.With(1, (server, client) => {
      var web = new Deployment { Metadata = new ObjectMeta { Name = "web" }, Spec = new DeploymentSpec { Replicas = 2 } };
      web.Spec.Selector = new LabelSelector { MatchLabels = { { "app", "web" } } };
      web.Spec.Template = new PodTemplateSpec { Metadata = new ObjectMeta { Labels = { { "app", "web" } } }, Spec = new PodSpec { Containers = { new Container { Name = "a", Image = "b" } } } };
      Check.Wait(client.AppsV1.Deployments("default").CreateAsync(web));
      server.Fault("{\"verb\":\"get\",\"resource\":\"deployments/scale\",\"answer\":{\"body\":{\"apiVersion\":\"autoscaling/v1\",\"kind\":\"Scale\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":2}}}}");
      var scale = client.AppsV1.Deployments("default").Subresource<K8sc.AutoscalingV1.Scale>("scale");
      Check.Same(2L, Check.Wait(scale.GetAsync("web")).Spec.Replicas);
      server.Fault("{\"verb\":\"get\",\"resource\":\"pods/log\",\"answer\":{\"body\":\"line é\"}}");
      Check.Same("line é", Check.Wait(client.CoreV1.Pods("default").LogAsync("pod-00000", new LogOptions { Container = "a b", TailLines = 5, Timestamps = true })));
      Check.Contains("container=a+b&tailLines=5&timestamps=true", server.Actions("get", "pods/log").Single().ToJson());
    });
  }

  [Check] public static void what_a_client_tells() {
    using (var server = new FakeApiServer(new FakeApiServerOptions { Pods = 1, Token = "s3cret-token" }))
    using (var client = server.Connect()) {
      var texts = new List<string>();
      var traces = new List<string>();
      var warnings = new List<string>();
      using (client.OnLog(LogLevel.Debug, record => { lock (texts) texts.Add(record.Level + " " + record.Component + " " + record.Text); }))
      using (client.OnTrace(text => { lock (texts) traces.Add(text); }))
      using (client.OnWarning(text => { lock (texts) warnings.Add(text); })) {
        server.Fault("{\"verb\":\"get\",\"resource\":\"pods\",\"warning\":\"old things\"}");
        Check.Wait(client.CoreV1.Pods("default").GetAsync("pod-00000"));
        Check.Until(() => { lock (texts) return texts.Count > 0 && traces.Count > 0 && warnings.Count > 0; }, "a log, a trace and a warning");
        lock (texts) {
          Check.Contains("old things", warnings[0]);
          Check.Contains("pod-00000", traces[0]);
          Check.That(!texts.Concat(traces).Any(text => text.Contains("s3cret")), "no secrets");
        }
      }
      int before;
      lock (texts) before = traces.Count;
      Check.Wait(client.CoreV1.Pods("default").ListAsync());
      Thread.Sleep(100);
      lock (texts) Check.Same(before, traces.Count);
      Check.Contains("{", client.MetricsJson());
      Check.Contains("# TYPE", client.MetricsPrometheus());
      Check.That(!client.ToString().Contains("s3cret"), "no secrets");
      Check.Throws<ArgumentNullException>(() => client.OnLog(LogLevel.Info, null));
    }
  }

  [Check] public static void two_clients_and_the_end_of_one() {
    using (var one = new FakeApiServer(new FakeApiServerOptions { Pods = 1 }))
    using (var two = new FakeApiServer(new FakeApiServerOptions { Pods = 2, Tls = true })) {
      var first = one.Connect();
      using (var second = two.Connect())
      using (var shared = two.Connect(new ClientOptions { Share = second, Namespace = "other" })) {
        Check.Same(1, Check.Wait(first.CoreV1.Pods().ListAsync()).Count);
        Check.Same(2, Check.Wait(second.CoreV1.Pods().ListAsync()).Count);
        Check.Same(2, Check.Wait(shared.CoreV1.Pods().ListAsync()).Count);
        Check.Same("other", shared.DefaultNamespace);
        var pods = first.CoreV1.Pods();
        one.Fault("{\"verb\":\"list\",\"resource\":\"pods\",\"delay_ms\":600000}");
        var waiting = pods.ListAsync();
        Check.Until(() => one.ActionCount("list", "pods") == 2, "the request");
        Check.Wait(first.DisposeAsync().ToTask());
        first.Dispose();
        var error = Check.Throws<Exception>(() => Check.Wait(waiting));
        Check.That(error is ClientClosedException || error is OperationCanceledException, "what waited: " + error.GetType());
        error = Check.Throws<Exception>(() => Check.Wait(pods.ListAsync()));
        Check.That(error is ClientClosedException || error is ObjectDisposedException, "after that: " + error.GetType());
        Check.Throws<ObjectDisposedException>(() => first.OnLog(LogLevel.Info, record => { }));
        Check.Same(2, Check.Wait(second.CoreV1.Pods().ListAsync()).Count);
      }
    }
  }

  static List<string> Lines(AsyncStream<string> stream, CancellationToken token = default(CancellationToken)) {
    var lines = new List<string>();
    Check.Wait(stream.ForEachAsync(line => {
      lines.Add(line);
      return true;
    }, token));
    return lines;
  }

  [Check] public static void logs() {
    Check.With(1, (server, client) => {
      var pods = client.CoreV1.Pods("default");
      server.Fault("{\"resource\":\"pods/log\",\"nth\":1,\"times\":3,\"answer\":{\"code\":200,\"body\":\"one\\r\\n\\n\u20ac\\nlast\"}}");
      Check.Same("one\r\n\n\u20ac\nlast", Check.Wait(pods.LogAsync("web", new LogOptions { Container = "a b", TailLines = 10, SinceTime = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc) })));
      Check.Same("one\r||\u20ac|last", string.Join("|", Lines(pods.LogLines("web", new LogOptions { Follow = true }))));
      var first = pods.LogLines("web").GetAsyncEnumerator();
      Check.That(Check.Wait(first.MoveNextAsync().ToTask()), "a first line");
      Check.Same("one\r", first.Current);
      first.Dispose();
      Check.Throws<NotFoundException>(() => Lines(pods.LogLines("none")));
      Check.Throws<NotFoundException>(() => Check.Wait(pods.LogAsync("none")));
      Check.Throws<ArgumentException>(() => pods.LogAsync("web", new LogOptions { Follow = true }));
      Check.Throws<ArgumentException>(() => pods.LogLines(""));
    });
  }

  [Check] public static void logs_followed() {
    Check.With(1, (server, client) => {
      var pods = client.CoreV1.Pods("default");
      server.SetPodLog("default", "pod-00000", "main", "one\n\u20ac\n");
      Check.Same("\u20ac\n", Check.Wait(pods.LogAsync("pod-00000", new LogOptions { Container = "main", TailLines = 1 })));
      using (var lines = pods.LogLines("pod-00000", new LogOptions { Container = "main", Follow = true }).GetAsyncEnumerator()) {
        Check.That(Check.Wait(lines.MoveNextAsync().ToTask()) && Check.Wait(lines.MoveNextAsync().ToTask()), "what there is");
        Check.Same("\u20ac", lines.Current);
        server.AppendPodLog("default", "pod-00000", "main", "three\n");
        Check.That(Check.Wait(lines.MoveNextAsync().ToTask()), "what comes");
        Check.Same("three", lines.Current);
        Check.Wait(pods.DeleteAsync("pod-00000"));
        Check.That(!Check.Wait(lines.MoveNextAsync().ToTask()), "the end");
      }
    });
  }

  [Check] public static void lines_as_they_come() {
    Check.With(2, (server, client) => {
      const string watch = "/api/v1/namespaces/default/pods?watch=1";
      using (var lines = client.Lines("GET", watch).GetAsyncEnumerator()) {
        for (int i = 0; i < 2; i++) {
          Check.That(Check.Wait(lines.MoveNextAsync().ToTask()), "a line");
          Check.Same("pod-0000" + i, KubernetesObject.FromJson(lines.Current).Text("/object/metadata/name"));
        }
        var next = lines.MoveNextAsync().ToTask();
        Check.That(!next.Wait(50), "nothing is written yet");
        Check.Wait(client.CoreV1.Pods("default").CreateAsync(Pod("late")));
        Check.That(Check.Wait(next) && lines.Current.Contains("\"late\""), "what was written");
      }
      Check.Until(() => server.WatchCount == 0, "the end of the request");
      using (var source = new CancellationTokenSource(50)) Check.Throws<OperationCanceledException>(() => Lines(client.Lines("GET", watch), source.Token));
      Check.Until(() => server.WatchCount == 0, "the end of the request");
      server.Fault("{\"verb\":\"watch\",\"cut_after_bytes\":20}");
      using (var lines = client.Lines("GET", watch).GetAsyncEnumerator()) {
        Check.That(Check.Wait(lines.MoveNextAsync().ToTask()), "what came before");
        Check.Same(20, lines.Current.Length);
        Check.Throws<KubernetesException>(() => Check.Wait(lines.MoveNextAsync().ToTask()));
      }
    });
  }

  [Check] public static void contexts() {
    const string text = "apiVersion: v1\nkind: Config\ncurrent-context: prod\nclusters: [{name: c, cluster: {server: \"https://c\"}}]\nusers: [{name: u, user: {token: secret}}]\n" +
                        "contexts: [{name: test, context: {cluster: c, user: u}}, {name: prod, context: {cluster: c, user: u, namespace: shop}}]\n";
    var all = KubeconfigContext.All(text);
    Check.Same("prod test", string.Join(" ", all));
    Check.That(all[0].IsCurrent && !all[1].IsCurrent, "the current one");
    Check.Same("c u shop", all[0].Cluster + " " + all[0].User + " " + all[0].Namespace);
    Check.Same(null, all[1].Namespace);
    Check.Throws<KubernetesException>(() => KubeconfigContext.All("/nowhere/at/all"));
  }

  [Check] public static void dropped_in_every_order() {
    for (int round = 0; round < 24; round++) {
      using (var server = new FakeApiServer(new FakeApiServerOptions { Pods = 3 })) {
        Drop(server, round);
        Check.Collect();
      }
    }
  }

  static void Drop(FakeApiServer server, int round) {
    var client = server.Connect();
    var factory = client.Informers();
    var pods = factory.CoreV1.Pods();
    var registration = pods.AddHandler(added: pod => { });
    Check.Wait(factory.WaitForSyncAsync());
    var watch = client.CoreV1.Pods().Watch().GetAsyncEnumerator();
    Check.Wait(watch.MoveNextAsync().ToTask());
    var held = pods.Get("default", "pod-00000");
    var things = new List<IDisposable> { registration, watch, factory, client };
    for (int left = things.Count; left > 0; left--) {
      int pick = round % left;
      round /= left;
      try {
        things[pick].Dispose();
      } catch (ObjectDisposedException) {
        // What it belonged to is gone.
      }
      things.RemoveAt(pick);
      if (left == 3) Check.Collect();
    }
    Check.Same("pod-00000", held.Metadata.Name);
  }
}

static class Tasks {
  internal static Task<bool> ToTask(this Task<bool> task) { return task; }
  internal static Task ToTask(this Task task) { return task; }
#if K8SC_ASYNC_INTERFACES
  internal static Task<bool> ToTask(this ValueTask<bool> task) { return task.AsTask(); }
  internal static Task ToTask(this ValueTask task) { return task.AsTask(); }
#endif
}
