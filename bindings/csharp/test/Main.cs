// All tests, or those of the classes or methods that are named. "exit" ends the process in the midst of everything.
using System;
using System.Threading;
using K8sc.Testing;

static class Program {
  static int Main(string[] args) { return args.Length == 1 && args[0] == "exit" ? Leave() : Check.RunAll(args); }

  static int Leave() {
    var server = new FakeApiServer(new FakeApiServerOptions { Pods = 50 });
    var client = server.Connect();
    int seen = 0;
    var pods = client.Informers().CoreV1.Pods();
    pods.Added += pod => Interlocked.Increment(ref seen);
    Check.Wait(pods.WaitForSyncAsync());
    Check.Until(() => seen == 50, "all pods");
    server.Fault("{\"verb\":\"get\",\"resource\":\"pods\",\"delay_ms\":600000}");
    client.CoreV1.Pods("default").GetAsync("pod-00000");
    var watch = client.CoreV1.Pods("default").Watch().GetAsyncEnumerator();
    watch.MoveNextAsync();
    Thread.Sleep(100);
    Console.WriteLine("leaving");
    return 0;
  }
}
