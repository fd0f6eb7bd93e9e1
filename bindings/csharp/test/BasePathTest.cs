// A server at a path of its host, as behind a proxy that has several clusters: whatever is sent goes below that path.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using K8sc;
using K8sc.CoreV1;
using K8sc.MetaV1;
using K8sc.Testing;

public static class BasePathTest {
  const string Base = "/k8s/clusters/c-x";
  const string Text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n";

  static void With(Action<FakeApiServer, KubernetesClient> body) {
    using (var server = new FakeApiServer(new FakeApiServerOptions { BasePath = Base + "/", Token = "secret", Pods = 1 }))
    using (var client = server.Connect()) body(server, client);
  }

  static ConfigMap Map(string name) { return new ConfigMap { Metadata = new ObjectMeta { Name = name } }; }

  static void First<T>(AsyncStream<T> stream) {
    int seen = 0;
    Check.Wait(stream.ForEachAsync(one => {
      seen++;
      return false;
    }));
    Check.Same(1, seen);
  }

  // Calls all methods of the type that answer tasks or streams. What they send must be below the path.
  static void Each(FakeApiServer server, Type type, Dictionary<string, Action> calls) {
    foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)) {
      bool sends = typeof(Task).IsAssignableFrom(method.ReturnType) || method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(AsyncStream<>);
      Check.That(!sends || method.Name == "DisposeAsync" || calls.ContainsKey(method.Name), method.Name + " is not tried");
    }
    foreach (var call in calls) {
      long before = server.RequestCount();
      call.Value();
      Check.That(server.RequestCount() > before, call.Key + " sends nothing");
      Check.That(server.RequestCount() == server.RequestCount(null, Base + "/"), call.Key + " asks for what is outside");
    }
  }

  [Check] public static void where_it_is() {
    With((server, client) => {
      Check.That(server.Url.EndsWith(Base), server.Url);
      Check.Same(server.Url, client.Server);
    });
    Check.Contains("path must be like", Check.Throws<Exception>(() => new FakeApiServer(new FakeApiServerOptions { BasePath = "/a//b" })).Message);
  }

  [Check] public static void verbs() {
    With((server, client) => {
      var pods = client.CoreV1.Pods("default");
      var maps = client.CoreV1.ConfigMaps("default");
      var me = new RequestOptions { FieldManager = "me" };
      server.SetPodLog("default", "pod-00000", "main", "one\n");
      Each(server, typeof(ResourceClient<Pod>), new Dictionary<string, Action> {
        { "GetAsync", () => Check.Wait(pods.GetAsync("pod-00000")) },
        { "ListAsync", () => Check.Wait(pods.ListAsync()) },
        { "ListAllAsync", () => Check.Wait(pods.ListAllAsync()) },
        { "Items", () => First(pods.Items()) },
        { "CreateAsync", () => Check.Wait(maps.CreateAsync(Map("a"))) },
        { "UpdateAsync", () => Check.Wait(maps.UpdateAsync(Check.Wait(maps.GetAsync("a")))) },
        { "UpdateStatusAsync", () => Check.Wait(pods.UpdateStatusAsync(Check.Wait(pods.GetAsync("pod-00000")))) },
        { "ApplyAsync", () => Check.Wait(maps.ApplyAsync(Map("b"), me)) },
        { "ApplyStatusAsync", () => Check.Wait(pods.ApplyStatusAsync(new Pod { Metadata = new ObjectMeta { Name = "pod-00000" } }, me)) },
        { "PatchAsync", () => Check.Wait(pods.PatchAsync("pod-00000", Patch.Merge("{}"))) },
        { "DeleteAsync", () => Check.Wait(maps.DeleteAsync("b")) },
        { "DeleteCollectionAsync", () => Check.Wait(maps.DeleteCollectionAsync()) },
        { "Watch", () => First(pods.Watch()) },
        { "RetryWatch", () => First(pods.RetryWatch(new RequestOptions { ResourceVersion = "1" })) },
        { "WaitForConditionAsync", () => Check.Wait(pods.WaitForConditionAsync("pod-00000", "Ready")) },
        { "WaitForDeletionAsync", () => Check.Wait(pods.WaitForDeletionAsync("none")) },
        { "LogAsync", () => Check.Same("one\n", Check.Wait(pods.LogAsync("pod-00000", new LogOptions { Container = "main" }))) },
        { "LogLines", () => First(pods.LogLines("pod-00000", new LogOptions { Container = "main" })) }
      });
    });
  }

  [Check] public static void discovery() {
    With((server, client) => {
      using (var discovery = client.Discovery(DiscoveryCache.None)) {
        Each(server, typeof(ClusterDiscovery), new Dictionary<string, Action> {
          { "GroupsAsync", () => Check.Wait(discovery.GroupsAsync()) },
          { "ResourcesAsync", () => Check.Wait(discovery.ResourcesAsync("apps/v1")) },
          { "AllAsync", () => Check.Wait(discovery.AllAsync()) },
          { "PreferredAsync", () => Check.Wait(Task.WhenAll(discovery.PreferredAsync(), discovery.PreferredAsync(true))) },
          { "VersionAsync", () => Check.Wait(discovery.VersionAsync()) },
          { "OpenApiV2Async", () => Check.Wait(discovery.OpenApiV2Async()) },
          { "OpenApiV3Async", () => Check.Wait(Task.WhenAll(discovery.OpenApiV3Async(), discovery.OpenApiV3Async("apps/v1"), discovery.OpenApiV3Async("v1"))) },
          { "HasAsync", () => Check.Wait(Task.WhenAll(discovery.HasAsync("apps/v1"), discovery.HasAsync("apps/v1", "deployments"))) }
        });
      }
    });
  }

  [Check] public static void clients_and_informers() {
    With((server, client) => {
      Action<Action<KubernetesClient>> anew = body => {
        using (var own = server.Connect()) body(own);
      };
      Each(server, typeof(KubernetesClient), new Dictionary<string, Action> {
        { "RequestAsync", () => Check.Contains("major", Check.Wait(client.RequestAsync("GET", "/version?a=b"))) },
        { "Lines", () => First(client.Lines("GET", "/api/v1/pods")) },
        { "FindAsync", () => anew(own => Check.Wait(own.FindAsync("deploy"))) },
        { "CategoryAsync", () => anew(own => Check.Wait(own.CategoryAsync("all"))) },
        { "KindAsync", () => anew(own => Check.Wait(own.KindAsync("apps/v1", "Deployment"))) },
        { "CreateManifestAsync", () => Check.Wait(client.CreateManifestAsync(Text)) },
        { "DeleteManifestAsync", () => Check.Wait(client.DeleteManifestAsync(Text)) },
        { "ApplyManifestAsync", () => Check.Wait(client.ApplyManifestAsync(Text, null, new RequestOptions { FieldManager = "me" })) },
        { "Informers", () => anew(own => {
            foreach (var lists in new[] { ListMode.Pages, ListMode.Auto }) Check.Wait(own.Informers(new InformerSettings { ListMode = lists }).CoreV1.Pods().WaitForSyncAsync());
            Check.Wait(Check.Wait(own.Informers().KindAsync("v1", "ConfigMap")).WaitForSyncAsync());
          }) }
      });
    });
  }

  [Check] public static void no_way_out_of_it() {
    With((server, client) => {
      foreach (string path in new[] { "/../c-y/version", "/%2e%2E/c-y/version" })
        Check.Contains("segment", Check.Throws<InvalidArgumentException>(() => Check.Wait(client.RequestAsync("GET", path))).Message);
    });
  }
}
