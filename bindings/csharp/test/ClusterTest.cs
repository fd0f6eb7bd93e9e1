// The main job against a real API server, of $K8SC_TEST_KUBECONFIG.
using System;
using System.Collections.Generic;
using System.Linq;
using K8sc;
using K8sc.CoreV1;
using K8sc.MetaV1;

public static class ClusterTest {
  static ConfigMap Map(string name, string value = null) {
    var map = new ConfigMap { Metadata = new ObjectMeta { Name = name } };
    if (value != null) map.Data["k"] = value;
    return map;
  }

  static void With(Action<KubernetesClient, string> body) {
    string kubeconfig = Environment.GetEnvironmentVariable("K8SC_TEST_KUBECONFIG");
    if (kubeconfig == null) throw new Exception("$K8SC_TEST_KUBECONFIG names no kubeconfig");
    using (var client = new KubernetesClient(new ClientOptions { Kubeconfig = kubeconfig, Qps = -1 })) {
      string name = "csharp-" + Guid.NewGuid().ToString("N").Substring(0, 8);
      Check.Wait(client.CoreV1.Namespaces().CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = name } }));
      body(client, name);
      Check.Wait(client.CoreV1.Namespaces().DeleteAsync(name));
    }
  }

  [Check] public static void verbs() {
    With((client, ns) => {
      var maps = client.CoreV1.ConfigMaps(ns);
      var made = Check.Wait(maps.CreateAsync(Map("a", "v")));
      Check.Same(made.ToJson(), Check.Wait(maps.GetAsync("a")).ToJson());
      string version = made.Metadata.ResourceVersion;
      made.Data["k"] = "w";
      Check.Same("w", Check.Wait(maps.UpdateAsync(made)).Data["k"]);
      Check.Same(version, made.Metadata.ResourceVersion);
      Check.Throws<ConflictException>(() => Check.Wait(maps.UpdateAsync(made)));
      Check.Throws<AlreadyExistsException>(() => Check.Wait(maps.CreateAsync(Map("a"))));
      Check.Same("y", Check.Wait(maps.PatchAsync("a", Patch.Merge("{\"data\":{\"x\":\"y\"}}"))).Data["x"]);
      Check.Same("t", Check.Wait(maps.PatchAsync("a", Patch.Strategic(new ConfigMap { Data = { { "s", "t" } } }))).Data["s"]);
      Check.Same("v", Check.Wait(maps.ApplyAsync(Map("b", "v"), new RequestOptions { FieldManager = "me" })).Data["k"]);
      Check.Throws<ConflictException>(() => Check.Wait(maps.ApplyAsync(Map("b", "other"), new RequestOptions { FieldManager = "you" })));
      var names = new List<string>();
      Check.Wait(maps.Items(new RequestOptions { Limit = 1 }).ForEachAsync(map => {
        names.Add(map.Metadata.Name);
        return true;
      }));
      Check.That(names.Contains("a") && names.Contains("b"), "pages");
      Check.Same("metadata.name", Check.Throws<InvalidObjectException>(() => Check.Wait(maps.CreateAsync(Map("Not a name")))).Causes.Single().Field);
      var secret = Check.Wait(client.CoreV1.Secrets(ns).CreateAsync(new Secret { Metadata = new ObjectMeta { Name = "s" }, Data = { { "k", new byte[] { 0, 255 } } } }));
      Check.Same(255, (int)secret.Data["k"][1]);
      Check.Same("Deployment", Check.Wait(client.FindAsync("deploy")).Kind);
      Check.Same(0, Check.Wait(Check.Wait(client.KindAsync("apps/v1", "Deployment", ns)).ListAsync()).Count);
      using (var discovery = client.Discovery()) Check.That(Check.Wait(discovery.HasAsync("apps/v1", "deployments")), "discovery");
    });
  }

  [Check] public static void a_watch_and_an_informer() {
    With((client, ns) => {
      var maps = client.CoreV1.ConfigMaps(ns);
      string from = Check.Wait(maps.ListAsync()).ResourceVersion;
      var informer = client.Informers(new InformerSettings { Namespace = ns, DropManagedFields = true }).CoreV1.ConfigMaps();
      var log = new List<string>();
      informer.AddHandler(added: map => { lock (log) log.Add("+" + map.Metadata.Name); }, deleted: map => { lock (log) log.Add("-" + map.Metadata.Name); });
      Check.Wait(informer.WaitForSyncAsync(TimeSpan.FromSeconds(30)));
      Check.Wait(maps.CreateAsync(Map("seen")));
      Check.Wait(maps.DeleteAsync("seen"));
      var types = new List<WatchEventType>();
      Check.Wait(maps.Watch(new RequestOptions { ResourceVersion = from }).ForEachAsync(change => {
        if (change.Object.Metadata.Name == "seen") types.Add(change.Type);
        return !types.Contains(WatchEventType.Deleted);
      }));
      Check.That(types.SequenceEqual(new[] { WatchEventType.Added, WatchEventType.Deleted }), string.Join(" ", types));
      Check.Until(() => { lock (log) return log.Contains("-seen"); }, "the deletion");
      Check.That(log.Contains("+seen"), "the addition");
    });
  }
}
