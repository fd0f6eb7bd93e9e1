// The options classes: what a program sets in them reaches the library, and the server.
using System;
using System.Collections.Generic;
using System.Linq;
using K8sc;
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
}
