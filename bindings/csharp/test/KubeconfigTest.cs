// Kubeconfigs: read, changed, written, and connected with.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using K8sc;
using K8sc.Testing;

public static class KubeconfigTest {
  const string text = "apiVersion: v1\nkind: Config\ncurrent-context: prod\nclusters: [{name: c, cluster: {server: \"https://c\"}}, {name: d, cluster: {server: \"https://d\"}}]\n" +
                      "users: [{name: u, user: {token: s3cret}}]\n" +
                      "contexts: [{name: test, context: {cluster: d, user: u}}, {name: prod, context: {cluster: c, user: u, namespace: shop}}]\n";

  /// <summary>Runs with a directory that is deleted then.</summary>
  static void Within(Action<string> body) {
    string directory = Path.Combine(Path.GetTempPath(), "k8sc-kubeconfig-" + Guid.NewGuid().ToString("n"));
    Directory.CreateDirectory(directory);
    try {
      body(directory);
    } finally {
      Directory.Delete(directory, true);
    }
  }

  static string Joined(IEnumerable<string> names) { return string.Join(" ", names); }

  [Check] public static void what_a_text_has() {
    using (var config = Kubeconfig.Parse(text)) {
      Check.Same("prod", config.CurrentContext);
      Check.Same("prod test|c d|u", Joined(config.ContextNames) + "|" + Joined(config.ClusterNames) + "|" + Joined(config.UserNames));
      Check.Same("prod c u shop", config.Contexts.Where(one => one.IsCurrent).Select(one => one.Name + " " + one.Cluster + " " + one.User + " " + one.Namespace).Single());
      Check.Same("shop", config.GetContext("prod")["namespace"]);
      Check.Same("https://c", config.GetCluster("c")["server"]);
      Check.Same("s3cret", config.GetUser("u")["token"]);
      Check.Contains("s3cret", config.ToYaml());
      string redacted = config.ToRedactedYaml();
      Check.That(!redacted.Contains("s3cret") && redacted.Contains("REDACTED") && redacted.Contains("https://c"), "redacted");
      config.Validate();
      foreach (var get in new Action<string>[] { name => config.GetContext(name), name => config.GetCluster(name), name => config.GetUser(name), config.DeleteContext, config.DeleteCluster, config.DeleteUser, name => config.CurrentContext = name }) {
        Check.Contains("none", Check.Throws<ConfigException>(() => get("none")).Message);
      }
      Check.Throws<ArgumentNullException>(() => config.GetUser(null));
      Check.Throws<ArgumentNullException>(() => config.SetUser("u", null));
      Check.Throws<InvalidArgumentException>(() => config.SetCluster("c", new Dictionary<string, object> { { "server", 7 } }));
    }
    Check.Throws<DocumentException>(() => Kubeconfig.Parse("a: ["));
    Check.Throws<ArgumentNullException>(() => Kubeconfig.Parse(null));
    Check.Throws<KubernetesException>(() => Kubeconfig.Load("/nowhere/at/all"));
    var gone = new Kubeconfig();
    gone.Dispose();
    Check.Throws<ObjectDisposedException>(() => gone.ToYaml());
  }

  [Check] public static void changed_written_and_read_back() {
    Within(directory => {
      string path = Path.Combine(directory, "config"), copy = Path.Combine(directory, "new", "copy");
      File.WriteAllText(path, text);
      using (var config = Kubeconfig.Load(path))
      using (var before = Kubeconfig.Load(path)) {
        var cluster = config.GetCluster("c");
        cluster["server"] = "https://other";
        Check.Same("https://c", config.GetCluster("c")["server"]);
        config.SetCluster("c", cluster);
        config.SetUser("v", new Dictionary<string, object> { { "exec", new Dictionary<string, object> { { "apiVersion", "client.authentication.k8s.io/v1" }, { "command", "é" }, { "args", new[] { "a" } }, { "interactiveMode", "Never" } } } });
        config.SetContext("new", new Dictionary<string, object> { { "cluster", "c" }, { "user", "v" } });
        config.DeleteContext("test");
        config.DeleteCluster("d");
        config.CurrentContext = "new";
        Check.Contains("https://c", File.ReadAllText(path));
        config.Write();
        // Another program's change stays.
        before.SetUser("w", new Dictionary<string, object> { { "token", "t" } });
        before.Write();
        config.Write(copy);
      }
      using (var config = Kubeconfig.Load(path)) {
        Check.Same("new", config.CurrentContext);
        Check.Same("new prod|c|u v w", Joined(config.ContextNames) + "|" + Joined(config.ClusterNames) + "|" + Joined(config.UserNames));
        Check.Same("https://other", config.GetCluster("c")["server"]);
        Check.Same("é", ((Dictionary<string, object>)config.GetUser("v")["exec"])["command"]);
        config.DeleteUser("w");
        config.CurrentContext = null;
        config.Write();
      }
      using (var config = Kubeconfig.Load(path)) Check.Same(null + "|u v", config.CurrentContext + "|" + Joined(config.UserNames));
      using (var config = Kubeconfig.Load(copy)) Check.Same("new|u v", config.CurrentContext + "|" + Joined(config.UserNames));
      Check.Same("new", KubeconfigContext.All(copy).Single(one => one.IsCurrent).Name);
    });
  }

  [Check] public static void a_new_one_belongs_to_no_file() {
    Within(directory => {
      using (var config = new Kubeconfig()) {
        Check.Same(0, config.Contexts.Count);
        config.SetCluster("c", new Dictionary<string, object> { { "server", "https://c" } });
        config.SetContext("a", new Dictionary<string, object> { { "cluster", "c" }, { "user", "none" } });
        Check.Throws<KubernetesException>(() => config.Write());
        var error = Check.Throws<ConfigException>(config.Validate);
        Check.That(error.Causes.Count > 0, "causes");
        config.Write(Path.Combine(directory, "config"));
        Check.Contains("https://c", File.ReadAllText(Path.Combine(directory, "config")));
      }
    });
  }

  [Check] public static void minified_and_flattened() {
    Within(directory => {
      string ca = Path.Combine(directory, "ca.crt");
      using (var server = new FakeApiServer(new FakeApiServerOptions { Tls = true }))
      using (var config = Kubeconfig.Parse(text)) {
        File.WriteAllText(ca, server.CaPem);
        config.SetCluster("d", new Dictionary<string, object> { { "server", server.Url }, { "certificate-authority", ca } });
        using (var small = config.Minify("test"))
        using (var flat = small.Flatten()) {
          Check.Same("test|d", Joined(small.ContextNames) + "|" + Joined(small.ClusterNames));
          Check.Same(ca, small.GetCluster("d")["certificate-authority"]);
          File.Delete(ca);
          Check.That(!flat.GetCluster("d").ContainsKey("certificate-authority"), "no file");
          Check.Same(server.CaPem, Encoding.UTF8.GetString(Convert.FromBase64String((string)flat.GetCluster("d")["certificate-authority-data"])));
          using (var client = flat.Connect()) Check.Same(0, Check.Wait(client.CoreV1.Pods("default").ListAsync()).Count);
          Check.That(Check.Throws<ConfigException>(() => small.Flatten()).Causes.Count == 1, "the file that is gone");
        }
        using (var small = config.Minify()) Check.Same("prod", Joined(small.ContextNames));
        Check.Throws<ConfigException>(() => config.Minify("none"));
      }
    });
  }

  [Check] public static void connects() {
    using (var server = new FakeApiServer(new FakeApiServerOptions { Tls = true, Token = "right" }))
    using (var config = Kubeconfig.Parse(text)) {
      config.SetCluster("d", new Dictionary<string, object> { { "server", server.Url }, { "certificate-authority-data", Convert.ToBase64String(Encoding.UTF8.GetBytes(server.CaPem)) } });
      using (var client = config.Connect(new ClientOptions { Context = "test", Token = "right", Qps = -1 })) {
        Check.Same(server.Url, client.Server);
        Check.Same(0, Check.Wait(client.CoreV1.Pods("default").ListAsync()).Count);
      }
      using (var client = config.Connect(new ClientOptions { Overrides = new KubeconfigOverrides { Context = "test", Token = "right", Namespace = "own" } })) {
        Check.Same("own", client.DefaultNamespace);
        Check.Same(0, Check.Wait(client.CoreV1.Pods("default").ListAsync()).Count);
      }
      using (var client = config.Connect(new ClientOptions { Overrides = new KubeconfigOverrides { Context = "prod", Server = server.Url, Token = "right", Insecure = true } }))
        Check.Same(0, Check.Wait(client.CoreV1.Pods("default").ListAsync()).Count);
      using (var client = config.Connect()) Check.Same("https://c shop", client.Server + " " + client.DefaultNamespace);
      Check.Throws<ConfigException>(() => config.Connect(new ClientOptions { Context = "none" }));
      Check.Throws<ArgumentException>(() => config.Connect(new ClientOptions { Kubeconfig = text }));
      Check.Throws<ArgumentException>(() => config.Connect(new ClientOptions { InCluster = true }));
      Check.Throws<ArgumentException>(() => config.Connect(new ClientOptions { Context = "test", Overrides = new KubeconfigOverrides() }));
    }
  }

  [Check] public static void several_threads() {
    using (var config = Kubeconfig.Parse(text)) {
      Check.Wait(Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() => {
        for (int i = 0; i < 200; i++) {
          string name = "u" + thread + i;
          config.SetUser(name, new Dictionary<string, object> { { "token", name } });
          Check.Same(name, config.GetUser(name)["token"]);
          Check.That(config.UserNames.Contains(name), "its name");
          config.DeleteUser(name);
        }
      }))));
      Check.Same("u", Joined(config.UserNames));
    }
  }
}
