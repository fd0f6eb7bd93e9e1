// What only the package has: streams as IAsyncEnumerable, clients as IAsyncDisposable.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using K8sc;
using K8sc.CoreV1;
using K8sc.Testing;

public static class StreamTest {
  [Check] public static void await_foreach() { Check.Wait(Loop()); }

  static async Task Loop() {
    using var server = new FakeApiServer(new FakeApiServerOptions { Pods = 5 });
    await using var client = server.Connect();
    var names = new List<string>();
    await foreach (var pod in client.CoreV1.Pods("default").Items(new RequestOptions { Limit = 2 })) names.Add(pod.Metadata.Name);
    Check.Same(5, names.Count);
    IAsyncEnumerable<WatchEvent<Pod>> events = client.CoreV1.Pods("default").Watch();
    int seen = 0;
    await foreach (var one in events) {
      if (++seen == 5) break;
    }
    using var source = new CancellationTokenSource(200);
    try {
      await foreach (var one in client.CoreV1.Pods("default").Watch().WithCancellation(source.Token)) seen++;
      throw new Exception("it was to be cancelled");
    } catch (OperationCanceledException) {
      Check.Same(10, seen);
    }
  }
}
