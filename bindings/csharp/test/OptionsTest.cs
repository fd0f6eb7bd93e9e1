// The options classes: what a program sets in them reaches the library, and the server.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using K8sc;
using K8sc.CoreV1;
using K8sc.MetaV1;
using K8sc.Testing;

public static class OptionsTest {
  // No setter accepts these.
  static readonly Dictionary<Type, object> wrong = new Dictionary<Type, object> {
    { typeof(string), "a\0b" }, { typeof(TimeSpan?), TimeSpan.FromMilliseconds(-7) }, { typeof(int?), int.MinValue }, { typeof(long?), long.MinValue }
  };

  /// <summary>Sets each property to a value that the library refuses, and counts the properties.</summary>
  static int Refused<T>(Action<T> use) where T : new() {
    use(new T());
    var properties = typeof(T).GetProperties().Where(one => wrong.ContainsKey(one.PropertyType)).ToArray();
    foreach (var property in properties) {
      var options = new T();
      property.SetValue(options, wrong[property.PropertyType]);
      try {
        use(options);
      } catch (Exception e) when (e is ArgumentException || e is InvalidArgumentException) {
        continue;
      }
      throw new Exception(typeof(T).Name + "." + property.Name + " did not reach the library");
    }
    return properties.Length;
  }

  [Check] public static void every_property_reaches_the_library() {
    Check.With(1, (server, client) => {
      Check.That(Refused<ClientOptions>(options => {
        options.Kubeconfig = options.Kubeconfig ?? server.Kubeconfig;
        new KubernetesClient(options).Dispose();
      }) > 20, "a client's");
      Check.That(Refused<RequestOptions>(options => Check.Wait(client.CoreV1.Pods("default").ListAsync(options))) > 15, "a call's");
      Check.That(Refused<InformerSettings>(options => client.Informers(options).Dispose()) > 5, "informers'");
      foreach (var options in new[] { new RequestOptions { AllowWatchBookmarks = true }, new RequestOptions { DryRun = true }, new RequestOptions { Force = true } })
        Check.Throws<InvalidArgumentException>(() => Check.Wait(client.CoreV1.Pods("default").GetAsync("pod-00000", options)));
    });
  }

  static string Kubeconfig(FakeApiServer server, string token) {
    return "apiVersion: v1\nkind: Config\ncurrent-context: main\nclusters: [{name: here, cluster: {server: \"" + server.Url + "\"}}, {name: nowhere, cluster: {server: \"http://127.0.0.1:1\"}}]\n" +
      "users: [{name: a, user: {token: \"" + token + "\"}}, {name: b, user: {token: wrong}}]\n" +
      "contexts: [{name: main, context: {cluster: nowhere, user: b}}, {name: other, context: {cluster: here, user: a, namespace: shop}}]\n";
  }

  static string Header(FakeApiServer server, string name) { return server.LastRequest().Text("/headers/" + name); }

  [Check] public static void overrides_change_a_kubeconfig() {
    using (var server = new FakeApiServer(new FakeApiServerOptions { Tls = true, Token = "right" }))
    using (var plain = new FakeApiServer()) {
      string text = Kubeconfig(plain, "right"), path = Path.GetTempFileName(), ca = Path.GetTempFileName();
      try {
        File.WriteAllText(path, text);
        File.WriteAllText(ca, server.CaPem);
        // As text and as a file.
        foreach (string given in new[] { text, path }) {
          using (var client = new KubernetesClient(new ClientOptions { Kubeconfig = given, Overrides = new KubeconfigOverrides { Context = "other" } })) {
            Check.Same(plain.Url, client.Server);
            Check.Same("shop", client.DefaultNamespace);
          }
          using (var client = new KubernetesClient(new ClientOptions { Kubeconfig = given, Overrides = new KubeconfigOverrides { Cluster = "here", User = "a", Namespace = "own" } })) {
            Check.Same("own", client.DefaultNamespace);
            Check.Same(0, Check.Wait(client.CoreV1.Pods("default").ListAsync()).Count);
          }
          var overrides = new KubeconfigOverrides {
            Server = server.Url, CaFile = ca, Token = "right", ImpersonateUser = "jane", ImpersonateUid = "7", ImpersonateGroups = { "readers", "writers" }, ImpersonateExtra = { { "scopes", new[] { "view" } } }
          };
          using (var client = new KubernetesClient(new ClientOptions { Kubeconfig = given, Overrides = overrides })) {
            Check.Same(0, Check.Wait(client.CoreV1.Pods("default").ListAsync()).Count);
            Check.Same("Bearer right|jane|7|readers, writers|view", string.Join("|", new[] { "Authorization", "Impersonate-User", "Impersonate-Uid", "Impersonate-Group", "Impersonate-Extra-Scopes" }.Select(name => Header(server, name))));
          }
          // What a client is told beside them holds.
          overrides.Token = "wrong";
          using (var client = new KubernetesClient(new ClientOptions { Kubeconfig = given, Overrides = overrides, Token = "right" })) Check.Wait(client.CoreV1.Pods("default").ListAsync());
        }
      } finally {
        File.Delete(path);
        File.Delete(ca);
      }
      var one = new KubeconfigOverrides();
      Check.Throws<ArgumentException>(() => new KubernetesClient(new ClientOptions { Kubeconfig = text, Overrides = one, Context = "other" }));
      Check.Throws<ArgumentException>(() => new KubernetesClient(new ClientOptions { InCluster = true, Overrides = one }));
      Check.Contains("none", Check.Throws<ConfigException>(() => new KubernetesClient(new ClientOptions { Kubeconfig = text, Overrides = new KubeconfigOverrides { Context = "none" } })).Message);
      Check.Throws<InvalidArgumentException>(() => new KubernetesClient(new ClientOptions { Kubeconfig = text, Overrides = new KubeconfigOverrides { ImpersonateUid = "7" } }));
      Check.That(Refused<KubeconfigOverrides>(options => new KubernetesClient(new ClientOptions { Kubeconfig = text, Overrides = options }).Dispose()) > 10, "overrides");
    }
  }

  static RetryPolicy Quick(int retries) {
    return new RetryPolicy { MaxRetries = retries, InitialBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(2), Statuses = { 503, 418 } };
  }

  [Check] public static void a_retry_policy() {
    using (var server = new FakeApiServer()) {
      Action<int, int> fail = (status, times) => {
        server.ClearFaults();
        server.ForgetRequests();
        server.Fault("{\"verb\":\"list\",\"times\":" + times + ",\"status\":{\"code\":" + status + "}}");
      };
      using (var none = server.Connect(new ClientOptions { RetryPolicy = Quick(0) }))
      using (var three = server.Connect(new ClientOptions { RetryPolicy = Quick(3) }))
      using (var usual = server.Connect()) {
        Func<KubernetesClient, RetryPolicy, int> list = (client, policy) => Check.Wait(client.CoreV1.Pods("default").ListAsync(new RequestOptions { RetryPolicy = policy })).Count;
        fail(503, 3);
        Check.Same(503, Check.Throws<ApiException>(() => list(none, null)).HttpStatus);
        Check.Same(1L, server.ActionCount("list", "pods"));
        fail(503, 3);
        Check.Same(0, list(three, null));
        Check.Same(4L, server.ActionCount("list", "pods"));
        fail(418, 4);
        Check.Same(418, Check.Throws<ApiException>(() => list(three, null)).HttpStatus);
        Check.Same(4L, server.ActionCount("list", "pods"));
        // The policy of a call takes the place of the client's.
        fail(503, 3);
        Check.Throws<ApiException>(() => list(three, Quick(1)));
        Check.Same(2L, server.ActionCount("list", "pods"));
        fail(418, 3);
        Check.Throws<ApiException>(() => list(usual, null));
        Check.Same(1L, server.ActionCount("list", "pods"));
        fail(418, 3);
        Check.Same(0, list(usual, Quick(3)));
        Check.Same(4L, server.ActionCount("list", "pods"));
      }
      // Who is asked to wait longer than the cap gives up.
      var capped = Quick(3);
      foreach (int cap in new[] { 999, 1000 }) {
        server.ClearFaults();
        server.Fault("{\"verb\":\"list\",\"times\":1,\"status\":{\"code\":429,\"retryAfter\":1}}");
        capped.RetryAfterCap = TimeSpan.FromMilliseconds(cap);
        using (var client = server.Connect(new ClientOptions { RetryPolicy = capped })) {
          if (cap == 1000) Check.Wait(client.CoreV1.Pods("default").ListAsync());
          else Check.Throws<TooManyRequestsException>(() => Check.Wait(client.CoreV1.Pods("default").ListAsync()));
        }
      }
      Check.Throws<ArgumentException>(() => server.Connect(new ClientOptions { RetryPolicy = new RetryPolicy { InitialBackoff = TimeSpan.FromSeconds(1) } }));
      Check.Contains("max_ms is 1000", Check.Throws<InvalidArgumentException>(() => server.Connect(new ClientOptions { RetryPolicy = new RetryPolicy { InitialBackoff = TimeSpan.FromSeconds(2), MaxBackoff = TimeSpan.FromSeconds(1) } })).Message);
      Check.Contains("200", Check.Throws<InvalidArgumentException>(() => server.Connect(new ClientOptions { RetryPolicy = new RetryPolicy { Statuses = { 200 } } })).Message);
      Check.That(Refused<RetryPolicy>(policy => server.Connect(new ClientOptions { RetryPolicy = policy }).Dispose()) > 2, "a policy's");
    }
  }

  [Check] public static void a_retry_policy_and_writes() {
    using (var server = new FakeApiServer(new FakeApiServerOptions { Pods = 1 })) {
      var policy = Quick(3);
      using (var client = server.Connect()) {
        var pods = client.CoreV1.Pods("default");
        var pod = Check.Wait(pods.GetAsync("pod-00000"));
        server.Fault("{\"verb\":\"update\",\"times\":2,\"status\":{\"code\":503}}");
        Check.Throws<ApiException>(() => Check.Wait(pods.UpdateAsync(pod, new RequestOptions { RetryPolicy = policy })));
        policy.ConditionalWrites = true;
        Check.Wait(pods.UpdateAsync(pod, new RequestOptions { RetryPolicy = policy }));
        Check.Same(3L, server.ActionCount("update", "pods"));
        server.Stop();
        policy.Unsent = true;
        // The server is back before the last attempt.
        policy.InitialBackoff = policy.MaxBackoff = TimeSpan.FromMilliseconds(300);
        policy.MaxRetries = 100;
        var made = pods.CreateAsync(new Pod { Metadata = new ObjectMeta { Name = "late" }, Spec = new PodSpec { Containers = { new Container { Name = "a", Image = "b" } } } }, new RequestOptions { RetryPolicy = policy });
        Thread.Sleep(500);
        Check.That(!made.IsCompleted, "it is sent again");
        server.Restart();
        Check.Same("late", Check.Wait(made).Metadata.Name);
      }
    }
  }
}
