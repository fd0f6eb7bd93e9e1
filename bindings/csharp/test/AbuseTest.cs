// Every public method, called at random: with wrong arguments and things that are disposed of, by several threads at once, within handlers and
// finalizers, while the collector is sent for. Nothing may crash, hang, or throw what only a fault of the library's throws. K8SC_ABUSE_SECONDS
// is for how long (3), K8SC_SEED makes the same choices again.
using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using K8sc;
using K8sc.Testing;

public static class AbuseTest {
  const int threads = 3;
  const int patienceSeconds = 90;

  static int Setting(string name, int otherwise) {
    int value;
    return int.TryParse(Environment.GetEnvironmentVariable(name), out value) ? value : otherwise;
  }

  [Check] public static void everything_at_random() {
    int seconds = Setting("K8SC_ABUSE_SECONDS", 3), seed = Setting("K8SC_SEED", Environment.TickCount & 0xffffff);
    var world = new AbuseWorld();
    var error = Console.Error;
    string directory = Directory.GetCurrentDirectory();
    Console.WriteLine("# abuse: K8SC_SEED=" + seed + " K8SC_ABUSE_SECONDS=" + seconds);
    Directory.CreateDirectory(world.Scratch);
    Directory.SetCurrentDirectory(world.Scratch);
    Console.SetError(TextWriter.Null);
    try {
      Run(world, seconds, seed);
    } finally {
      Console.SetError(error);
      Directory.SetCurrentDirectory(directory);
      Directory.Delete(world.Scratch, true);
    }
    var missed = world.Missed().ToArray();
    Console.WriteLine("# abuse: " + world.Calls + " calls, " + missed.Length + " methods not reached" + (seconds < 60 ? "" : ": " + string.Join(" ", missed)));
    if (world.Failures.Count > 0) throw new Exception(string.Join("\n", world.Failures.GroupBy(one => one.Substring(0, Math.Min(100, one.Length))).Select(one => one.First()).Take(20)));
    Check.That(world.Calls > 100, world.Calls + " calls");
  }

  static void Run(AbuseWorld world, int seconds, int seed) {
    Fresh(world);
    var all = Enumerable.Range(0, threads).Select(i => new Thread(() => Work(world, seed + i))).ToList();
    all.Add(new Thread(() => Tend(world, seed)));
    foreach (var one in all) one.Start();
    var clock = Stopwatch.StartNew();
    while (clock.Elapsed.TotalSeconds < seconds && world.Failures.Count < 100) Thread.Sleep(20);
    world.Stop = true;
    foreach (var one in all) {
      while (!one.Join(1000)) Look(world);
    }
  }

  /// <summary>What hangs cannot be ended, but by the end of the process.</summary>
  static void Look(AbuseWorld world) {
    var stuck = world.Stuck(patienceSeconds);
    if (stuck.Length == 0) return;
    Console.WriteLine("not ok - " + string.Join(", ", stuck) + " does not end");
    Console.Out.Flush();
    Process.GetCurrentProcess().Kill();
  }

  static void Work(AbuseWorld world, int seed) {
    var abuse = new Abuse(world, seed);
    while (!world.Stop) abuse.Step();
  }

  /// <summary>There is always something that works, something for the finalizers, and a collection.</summary>
  static void Tend(AbuseWorld world, int seed) {
    for (int round = 0; !world.Stop; round++) {
      new Finalized(world, seed + round);
      if (round % 4 == 0) Fresh(world);
      if (round % 8 == 7) Check.Collect();
      else GC.Collect(0);
      Thread.Sleep(20);
      Look(world);
    }
  }

  static void Fresh(AbuseWorld world) {
    try {
      var server = new FakeApiServer(new FakeApiServerOptions { Pods = 5 }.AddKind("example.com/v1", "widgets", "Widget"));
      var client = server.Connect();
      var factory = client.Informers();
      var informer = factory.CoreV1.Pods();
      var pods = client.CoreV1.Pods("default");
      var map = new K8sc.CoreV1.ConfigMap { Metadata = new K8sc.MetaV1.ObjectMeta { Name = "m" }, Data = { { "a", "b" } } };
      foreach (object one in new object[] {
        server, client, factory, informer, pods, map, map.ToObject(), client.Resource("v1", "pods", "default"), client.Discovery(), informer.Events(), pods.Watch(), pods.Items(), client.Lines("GET", "/version"),
        client.CoreV1, client.AppsV1, factory.CoreV1, new RequestOptions { Limit = 2 }, new ClientOptions { Kubeconfig = server.Kubeconfig }, Kubeconfig.Parse(server.Kubeconfig), Patch.Merge("{\"metadata\":{}}"), new LogOptions()
      }) world.Keep(one);
      Natives(world, server);
      Check.Wait(informer.WaitForSyncAsync());
      world.Keep(Check.Wait(pods.ListAsync()));
    } catch (Exception e) when (e is ObjectDisposedException || e is KubernetesException || e is OperationCanceledException || e is ArgumentException) {
      // Others have them already.
    }
  }

  static void Natives(AbuseWorld world, FakeApiServer server) {
    K8sc.Native.Config config;
    K8sc.Native.Client client;
    K8sc.Native.Resource pods;
    K8sc.Native.Queue queue;
    K8sc.Native.Cancel cancel;
    K8sc.Native.ObjectList list;
    K8sc.Native.RestClient rest;
    K8sc.Native.Request request;
    K8sc.Native.Discovery discovery;
    K8sc.Native.RestMapper mapper;
    K8sc.Native.Core.config_parse(server.Kubeconfig, null, out config);
    K8sc.Native.Core.client_new(config, out client);
    client.resource("", "v1", "pods", "default", out pods);
    K8sc.Native.Core.queue_new(out queue);
    K8sc.Native.Core.cancel_new(out cancel);
    pods.list(null, out list);
    client.rest("", "v1", out rest);
    rest.get(out request);
    K8sc.Native.Core.discovery_new_cached(client, out discovery);
    K8sc.Native.Core.rest_mapper_new(discovery, out mapper);
    foreach (object one in new object[] { config, client, pods, queue, cancel, list, rest, request, discovery, mapper, client.queue() }) world.Keep(one);
  }

  sealed class Finalized {
    readonly AbuseWorld world;
    readonly int seed;

    internal Finalized(AbuseWorld world, int seed) {
      this.world = world;
      this.seed = seed;
    }

    ~Finalized() {
      if (!world.Stop) new Abuse(world, seed).Steps(3);
    }
  }
}
