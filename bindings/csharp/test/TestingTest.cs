// The fake API server: what it can be told, and what it tells.
using System;
using System.IO;
using System.Linq;
using K8sc;
using K8sc.Testing;

public static class TestingTest {
  [Check] public static void it_is_like_a_release() {
    using (var old = new FakeApiServer(new FakeApiServerOptions { KubernetesVersion = "1.21" }))
    using (var client = old.Connect()) {
      Check.Same(0, Check.Wait(client.Resource("batch/v1beta1", "cronjobs", "default").ListAsync()).Count);
      Check.Throws<NotFoundException>(() => Check.Wait(client.Resource("autoscaling/v2", "horizontalpodautoscalers", "default").ListAsync()));
    }
    Check.Throws<InvalidArgumentException>(() => new FakeApiServer(new FakeApiServerOptions { KubernetesVersion = "1.9" }));
  }

  [Check] public static void HTTP2_and_no_HTTP2() {
    var slow = new FakeApiServerOptions { Tls = true, Http2MaxStreams = 5, Http2UploadWindow = 1000, Http2AnswerPings = false };
    Check.Same(3L, ConnectionsOfThreeLists(slow));
    // One that asks for HTTP/2, and one for all.
    Check.Same(2L, ConnectionsOfThreeLists(new FakeApiServerOptions { Tls = true, Http2 = false }));
    Check.Throws<InvalidArgumentException>(() => new FakeApiServer(new FakeApiServerOptions { Http2MaxStreams = -1 }));
  }

  static long ConnectionsOfThreeLists(FakeApiServerOptions options) {
    using (var server = new FakeApiServer(options))
    using (var client = server.Connect()) {
      // Such a rule happens to HTTP/2 only, where it ends each connection behind an answer.
      server.Fault("{\"goaway\":\"after\"}");
      for (int i = 0; i < 3; i++) Check.Same(0, Check.Wait(client.CoreV1.Pods("default").ListAsync()).Count);
      return server.ConnectionCount;
    }
  }

  [Check] public static void objects_and_counts_beside_the_API() {
    using (var server = new FakeApiServer(new FakeApiServerOptions { Pods = 3 }))
    using (var client = server.Connect()) {
      Check.Same("Pod", server.Get("v1", "pods", "default", "pod-00001").Kind);
      long before = server.ResourceVersion;
      server.Remove("v1", "pods", "default", "pod-00001");
      Check.Same(before + 1, server.ResourceVersion);
      Check.Throws<ApiException>(() => server.Get("v1", "pods", "default", "pod-00001"));
      Check.Same(2, Check.Wait(client.CoreV1.Pods("default").ListAsync()).Count);
      Check.Same(1L, server.RequestCount("GET", "/api/v1/namespaces/default/pods"));
      Check.That(server.ConnectionCount > 0, "connections were counted");
      Check.Contains("\"method\":\"GET\"", server.LastRequest("GET", "/api/v1/namespaces/default/pods").ToJson());
      Check.That(server.Requests().Count >= 1, "requests are kept");
      Check.Throws<KubernetesException>(() => server.LastRequest("PUT"));
      long rule = server.Fault("{\"verb\":\"list\",\"times\":1,\"status\":{\"code\":403}}");
      Check.Same(0L, server.FaultCount(rule));
      Check.Throws<ForbiddenException>(() => Check.Wait(client.CoreV1.Pods("default").ListAsync()));
      Check.Same(1L, server.FaultCount(rule));
      Check.Contains("none", Check.Throws<ApiException>(() => server.Get("v1", "pods", "default", "none")).Message);
    }
  }

  [Check] public static void a_manifest_and_a_kubeconfig() {
    string path;
    using (var server = new FakeApiServer()) {
      server.Load("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: default}\n");
      path = server.KubeconfigPath;
      using (var client = new KubernetesClient(new ClientOptions { Kubeconfig = path }))
        Check.Same(2, Check.Wait(client.CoreV1.ConfigMaps("default").ListAsync()).Count);
      Check.Throws<KubernetesException>(() => server.Load("a: ["));
    }
    Check.That(!File.Exists(path), "the file is gone");
  }

  [Check] public static void users_and_what_they_may_do() {
    var options = new FakeApiServerOptions { Token = "admin", Authorization = true }.AddUser("janes", "jane", "readers");
    using (var server = new FakeApiServer(options))
    using (var jane = server.Connect(new ClientOptions { Token = "janes" })) {
      Check.Throws<ForbiddenException>(() => Check.Wait(jane.CoreV1.Pods("default").ListAsync()));
      server.Put(KubernetesObject.FromJson("{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"ClusterRoleBinding\",\"metadata\":{\"name\":\"readers\"}," +
        "\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"cluster-admin\"},\"subjects\":[{\"kind\":\"Group\",\"name\":\"readers\"}]}"));
      Check.Same(0, Check.Wait(jane.CoreV1.Pods("default").ListAsync()).Count);
    }
  }

  [Check] public static void a_container_that_has_begun_anew() {
    using (var server = new FakeApiServer(new FakeApiServerOptions { Pods = 1 }))
    using (var client = server.Connect()) {
      server.SetPodLog("default", "pod-00000", "main", "one\n");
      server.RestartContainer("default", "pod-00000", "main");
      server.AppendPodLog("default", "pod-00000", "main", "two\n");
      Check.Same("two\n", Check.Wait(client.CoreV1.Pods("default").LogAsync("pod-00000", new LogOptions { Container = "main" })));
      Check.Same("one\n", Check.Wait(client.CoreV1.Pods("default").LogAsync("pod-00000", new LogOptions { Container = "main", Previous = true })));
    }
  }

  [Check] public static void streaming_lists_and_pages() {
    var options = new FakeApiServerOptions {
      Pods = 5, StreamingLists = StreamingLists.Supported, PageLimit = 2, EventWindow = 10, BookmarkInterval = TimeSpan.FromSeconds(1), PartialObjects = true,
      ExpiredAtOpen = true
    };
    using (var server = new FakeApiServer(options))
    using (var client = server.Connect()) {
      Check.Same(2, Check.Wait(client.CoreV1.Pods("default").ListAsync(new RequestOptions { Limit = 5 })).Count);
      var pods = client.Informers().CoreV1.Pods();
      Check.Wait(pods.WaitForSyncAsync());
      // One list that is a watch, and no other.
      Check.Same(1L, server.RequestCount("GET", "/api/v1/pods"));
      server.SetStreamingLists(StreamingLists.Refused);
    }
  }

  [Check] public static void certificates() {
    string path = Path.GetTempFileName();
    try {
      using (var server = new FakeApiServer(new FakeApiServerOptions { Tls = true, Token = "a" })) {
        server.WriteKubeconfig(path);
        Check.That(File.ReadAllText(path).Contains(server.Url), "the kubeconfig was written");
        string ahead = server.PrepareCertificate();
        Check.Same(ahead, server.RenewCertificate());
        Check.That(server.CaPem != ahead, "the authority is another");
        server.Disconnect();
        server.AddToken("b");
        using (var client = new KubernetesClient(new ClientOptions { Server = server.Url, CertificateAuthority = ahead, Token = "b" }))
          Check.Same(0, Check.Wait(client.CoreV1.Pods("default").ListAsync()).Count);
        Check.Throws<KubernetesException>(() => server.SetClientCa("x"));
      }
    } finally {
      File.Delete(path);
    }
  }
}
