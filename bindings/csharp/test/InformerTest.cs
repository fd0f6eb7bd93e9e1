using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using K8sc;
using K8sc.CoreV1;
using K8sc.Testing;

public static class InformerTest {
  static readonly RequestOptions now = new RequestOptions { GracePeriodSeconds = 0 };

  [Check] public static void events_and_the_copy() {
    Check.With(5, (server, client) => {
      var told = new List<string>();
      Action<string> tell = text => { lock (told) told.Add(text); };
      Func<int> count = () => { lock (told) return told.Count; };
      var pods = client.CoreV1.Pods("default");
      using (var factory = client.Informers(new InformerSettings { DropManagedFields = true, CompressionThreshold = 0 })) {
        var informer = factory.CoreV1.Pods();
        Check.That(factory.CoreV1.Pods() == informer && client == factory.Client, "one for each resource");
        informer.AddIndex("node", "/spec/nodeName");
        informer.AddLabelIndex("app", "app");
        informer.AddOwnerIndex("owner");
        informer.AddHandler(added: pod => tell("+" + pod.Metadata.Name), updated: (old, pod) => tell(old.Metadata.ResourceVersion == pod.Metadata.ResourceVersion ? "?" : "~" + pod.Metadata.Name),
                            deleted: pod => tell("-" + pod.Metadata.Name), synced: () => tell("synced"));
        Check.Wait(factory.WaitForSyncAsync(TimeSpan.FromSeconds(30)));
        Check.Until(() => count() == 6, "the first list");
        Check.Same("synced", told[5]);
        Check.Wait(pods.PatchAsync("pod-00001", Patch.Merge("{\"metadata\":{\"labels\":{\"app\":\"mine\"}}}")));
        Check.Wait(pods.DeleteAsync("pod-00000", now));
        Check.Until(() => count() == 8, "two changes");
        Check.Same("~pod-00001 -pod-00000", string.Join(" ", told.Skip(6)));

        Check.That(informer.Count == 4 && informer.HasSynced && informer.ResourceVersion.Length > 0, "the copy");
        Check.Same("pod-00001", informer.Get("default", "pod-00001").Metadata.Name);
        Check.That(informer.Get("default", "none") == null, "what is not there");
        Check.Same(4, informer.List().Count);
        Check.Same(4, informer.Count());
        Check.Same(1, informer.List(labelSelector: "app=mine").Count);
        Check.Same(1, informer.List("default", fieldSelector: "metadata.name=pod-00002").Count);
        Check.Same(0, informer.List("other").Count);
        string node = informer.Get("default", "pod-00001").Spec.NodeName;
        Check.That(informer.ByIndex("node", node).Any(pod => pod.Metadata.Name == "pod-00001") && informer.IndexValues("node").Contains(node), "an index");
        Check.Same("pod-00001", informer.ByIndex("app", "mine").Single().Metadata.Name);
        Check.Throws<InvalidArgumentException>(() => informer.ByIndex("none", "x"));
        var made = Check.Wait(pods.CreateAsync(new Pod { Metadata = new K8sc.MetaV1.ObjectMeta { Name = "new" }, Spec = new PodSpec { Containers = { new Container { Name = "a", Image = "b" } } } }));
        Check.Wait(informer.WaitForResourceVersionAsync(made.Metadata.ResourceVersion));
        Check.That(informer.Get("default", "new") != null, "read what was written");
        Check.Contains("\"pods\"", informer.StatisticsJson());
        Check.Contains("\"informers\"", factory.StatisticsJson());
        Check.Same("informer of pods", informer.ToString());

        // One that comes later is told of all that is there.
        int late = 0;
        Action<Pod> add = pod => Interlocked.Increment(ref late);
        informer.Added += add;
        Check.Until(() => late == 5, "a handler that comes late");
        informer.Added -= add;
        informer.Added -= add;
        Check.Wait(pods.DeleteAsync("new", now));
        Check.Until(() => { lock (told) return told.Last() == "-new"; }, "the deletion");
        Check.Same(5, late);
        factory.Dispose();
        Check.Same(4L, informer.Count);
      }
    });
  }

  [Check] public static void events_of_the_class() {
    Check.With(2, (server, client) => {
      var pods = client.CoreV1.Pods("default");
      var informer = client.Informers().CoreV1.Pods();
      int added = 0, updated = 0, deleted = 0, synced = 0;
      informer.Added += pod => Interlocked.Increment(ref added);
      informer.Updated += (old, pod) => Interlocked.Increment(ref updated);
      informer.Deleted += pod => Interlocked.Increment(ref deleted);
      informer.Synced += () => Interlocked.Increment(ref synced);
      Check.Wait(informer.WaitForSyncAsync());
      Check.Wait(pods.PatchAsync("pod-00001", Patch.Merge("{\"metadata\":{\"labels\":{\"app\":\"mine\"}}}")));
      Check.Wait(pods.DeleteAsync("pod-00000", now));
      Check.Until(() => added == 2 && updated == 1 && deleted == 1 && synced == 1, "one of each");
      informer.Stop();
    });
  }

  [Check] public static void what_handlers_throw_is_told() {
    Check.With(1, (server, client) => {
      var failures = new List<FailedEventArgs>();
      client.Failed += (sender, e) => {
        lock (failures) failures.Add(e);
        throw new Exception("the listener's own");
      };
      var pods = client.CoreV1.Pods("default");
      var informer = client.Informers().CoreV1.Pods();
      var error = Console.Error;
      var written = new System.IO.StringWriter();
      Console.SetError(written);
      try {
        informer.AddHandler(added: pod => { throw new Exception("add"); }, updated: (old, pod) => { throw new Exception("update"); },
                            deleted: pod => { throw new Exception("delete"); }, synced: () => { throw new Exception("sync"); });
        Check.Wait(informer.WaitForSyncAsync());
        Check.Wait(pods.PatchAsync("pod-00000", Patch.Merge("{\"metadata\":{\"labels\":{\"app\":\"mine\"}}}")));
        Check.Wait(pods.DeleteAsync("pod-00000", now));
        Check.Until(() => { lock (failures) return failures.Count == 4; }, "four failures");
        Check.Same("add sync update delete", string.Join(" ", failures.Select(one => one.Exception.Message)));
        Check.Same("handler of informer of pods", failures[0].Source);
        server.Fault("{\"verb\":\"list\",\"resource\":\"configmaps\",\"status\":{\"code\":403,\"reason\":\"Forbidden\"}}");
        var maps = client.Informers().CoreV1.ConfigMaps();
        maps.AddHandler(added: map => { });
        Check.Throws<KubernetesTimeoutException>(() => Check.Wait(maps.WaitForSyncAsync(TimeSpan.FromMilliseconds(300))));
        Check.Until(() => { lock (failures) return failures.Last().Exception is ForbiddenException; }, "an error of an informer that nobody asks for");
        Check.Same("informer of configmaps", failures.Last().Source);
        int before;
        var heard = new List<Exception>();
        maps.Failed += e => { lock (heard) { heard.Add(e); } throw new Exception("in Failed"); };
        Check.Until(() => { lock (heard) return heard.Count > 0; }, "one that is asked for");
        Check.Until(() => { lock (failures) return failures.Last().Exception.Message == "in Failed"; }, "what that handler threw");
        lock (failures) before = failures.Count(one => one.Exception is ForbiddenException);
        int more = heard.Count;
        Check.Until(() => { lock (heard) return heard.Count > more; }, "another");
        lock (failures) Check.Same(before, failures.Count(one => one.Exception is ForbiddenException));
      } finally {
        Console.SetError(error);
      }
      Check.Contains("the listener's own", written.ToString());
    });
  }

  [Check] public static void streams() {
    Check.With(2, (server, client) => {
      var informer = client.Informers().CoreV1.Pods();
      var pods = client.CoreV1.Pods("default");
      var seen = new List<string>();
      Task running = informer.Events().ForEachAsync(one => {
        lock (seen) seen.Add(one.Type + " " + (one.Object == null ? "" : one.Object.Metadata.Name) + (one.IsInitial ? " initial" : ""));
        if (one.Type == InformerEventType.Synced) Task.Run(() => pods.DeleteAsync("pod-00000", now));
        return one.Type != InformerEventType.Deleted;
      });
      Check.Wait(running);
      Check.That(seen.Count == 4 && seen[0].EndsWith(" initial", StringComparison.Ordinal) && seen[2] == "Synced " && seen[3] == "Deleted pod-00000", string.Join(", ", seen));
      using (var source = new CancellationTokenSource()) {
        var reader = informer.Events().GetAsyncEnumerator(source.Token);
        Check.That(Check.Wait(reader.MoveNextAsync().ToTask()) && reader.Current.Type == InformerEventType.Added && reader.Current.Old == null && !reader.Current.IsInferred, "what is there");
        source.Cancel();
        Check.Throws<OperationCanceledException>(() => { for (;;) Check.Wait(reader.MoveNextAsync().ToTask()); });
        reader.Dispose();
      }
    });
  }

  [Check] public static void settings() {
    Check.With(3, (server, client) => {
      var settings = new InformerSettings {
        Namespace = "default", LabelSelector = "app", FieldSelector = "metadata.name!=none", Resync = TimeSpan.FromHours(1), PageSize = 2, ListMode = ListMode.Pages,
        WatchIdleTimeout = TimeSpan.FromMinutes(5), CompressionThreshold = 100, DropPaths = { "/spec/containers" }, DropAnnotations = { "kubectl." },
        CustomResync = { { "v1/pods", TimeSpan.FromSeconds(1) } }
      };
      using (var factory = client.Informers(settings)) {
        var informer = factory.CoreV1.Pods();
        int again = 0;
        informer.Updated += (old, pod) => Interlocked.Increment(ref again);
        Check.Wait(informer.WaitForSyncAsync());
        Check.That(informer.Count > 0 && informer.First().Spec.Containers.Count == 0 && informer.First().Spec.NodeName != null, "left out");
        Check.That(server.ActionCount("list", "pods", "default") == server.ActionCount("list", "pods"), "one namespace");
        Check.Until(() => again > 0, "a resync");
        Check.Throws<ArgumentException>(() => informer.AddHandler());
        Check.Throws<ArgumentException>(() => informer.AddHandler(added: pod => { }, limit: 5, whenFull: WhenFull.KeepAll));
        var registration = informer.AddHandler(added: pod => { }, limit: 5, whenFull: WhenFull.Backpressure, resync: TimeSpan.FromHours(1));
        Check.Until(() => registration.HasSynced && registration.Depth == 0 && registration.Coalesced == 0, "a registration");
        registration.Dispose();
        registration.Dispose();
        using (var everywhere = client.Informers(new InformerSettings { Namespace = "" })) {
          var pods = everywhere.CoreV1.Pods();
          Check.Wait(pods.WaitForSyncAsync());
          Check.Same(3, pods.Count);
        }
        factory.Remove(informer);
        Check.That(factory.CoreV1.Pods() != informer, "a new one");
      }
      using (var factory = client.Informers(new InformerSettings { MetadataOnly = true, KeepPaths = { "/metadata/name" } })) {
        var informer = Check.Wait(factory.KindAsync("v1", "Pod"));
        Check.That(informer == factory.Resource("v1", "pods"), "the same by name");
        Check.Wait(informer.WaitForSyncAsync());
        Check.That(informer.Count == 3 && informer.First().Text("/spec/nodeName") == null, "metadata only");
      }
      Check.Throws<ArgumentException>(() => client.Informers(new InformerSettings { CustomResync = { { "pods", TimeSpan.Zero } } }));
      Check.Throws<InvalidArgumentException>(() => client.Informers(new InformerSettings { DropPaths = { "nonsense" } }));
    });
  }

  [Check] public static void waiting_can_be_given_up() {
    Check.With(1, (server, client) => {
      server.Fault("{\"verb\":\"list\",\"resource\":\"pods\",\"delay_ms\":600000}");
      var informer = client.Informers().CoreV1.Pods();
      using (var source = new CancellationTokenSource(100)) Check.Throws<OperationCanceledException>(() => Check.Wait(informer.WaitForSyncAsync(null, source.Token)));
      Check.Throws<KubernetesTimeoutException>(() => Check.Wait(informer.WaitForSyncAsync(TimeSpan.FromMilliseconds(50))));
    });
  }

  [Check] public static void a_client_may_be_disposed_of_by_a_handler() {
    using (var server = new FakeApiServer(new FakeApiServerOptions { Pods = 3 })) {
      var client = server.Connect();
      var done = new ManualResetEventSlim();
      var informer = client.Informers().CoreV1.Pods();
      int calls = 0;
      informer.Added += pod => {
        calls++;
        client.Dispose();
        done.Set();
      };
      try {
        Check.Wait(informer.WaitForSyncAsync());
      } catch (Exception e) when (e is ClientClosedException || e is ObjectDisposedException || e is KubernetesException) {
        // It was first.
      }
      Check.That(done.Wait(30000), "Dispose within a handler");
      Thread.Sleep(50);
      Check.Same(1, calls);
    }
  }

  /// <summary>Dispose comes between any two steps of the thread that calls handlers: it has called the last one, looks for more, and sleeps.</summary>
  [Check] public static void a_client_may_be_disposed_of_while_handlers_are_called() {
    using (var server = new FakeApiServer(new FakeApiServerOptions { Pods = 3 })) {
      for (int round = 0; round < 100; round++) {
        var client = server.Connect();
        int seen = 0;
        var pods = client.Informers().CoreV1.Pods();
        pods.AddHandler(any: change => Interlocked.Increment(ref seen));
        pods.WaitForSyncAsync();
        var ending = new Thread(() => {
          while (Volatile.Read(ref seen) < 4) Thread.SpinWait(1);
          for (int i = 0; i < round % 60 * 20; i++) Volatile.Read(ref seen);
          client.Dispose();
        });
        ending.Start();
        Check.That(ending.Join(60000), "the end of a client, round " + round);
      }
    }
  }

  [Check] public static void handlers_may_dispose_of_each_others_clients() {
    using (var server = new FakeApiServer(new FakeApiServerOptions { Pods = 1 })) {
      var clients = new[] { server.Connect(), server.Connect() };
      using (var both = new Barrier(2)) {
        var ended = new CountdownEvent(2);
        for (int i = 0; i < 2; i++) {
          var other = clients[1 - i];
          var pods = clients[i].Informers().CoreV1.Pods();
          pods.Added += pod => {
            both.SignalAndWait(30000);
            other.Dispose();
            ended.Signal();
          };
          pods.WaitForSyncAsync();
        }
        Check.That(ended.Wait(60000), "both ended");
      }
    }
  }

  /// <summary>A reader's Dispose comes between any two steps of who waits for its next item.</summary>
  [Check] public static void readers_end_at_any_moment() {
    Check.With(3, (server, client) => {
      for (int round = 0; round < 200; round++) {
        var reader = client.CoreV1.Pods("default").Watch().GetAsyncEnumerator();
        var next = reader.MoveNextAsync().ToTask();
        if (round % 3 > 0) next.Wait(30000);
        if (round % 3 == 1) next = reader.MoveNextAsync().ToTask();
        reader.Dispose();
        Check.That(Task.WhenAny(next, Task.Delay(60000)).GetAwaiter().GetResult() == next, "the end of a reader, round " + round);
      }
    });
  }

  /// <summary>100,000 events, with the collector at work all the time.</summary>
  [Check] public static void the_collector_takes_nothing_that_is_needed() {
    using (var server = new FakeApiServer())
    using (var client = server.Connect()) {
      const int rounds = 20, each = 5000;
      long events = 0, wrong = 0;
      var informer = client.Informers(new InformerSettings { CompressionThreshold = 0 }).CoreV1.Pods();
      informer.AddHandler(added: pod => { Look(pod, ref wrong); Interlocked.Increment(ref events); }, deleted: pod => { Look(pod, ref wrong); Interlocked.Increment(ref events); },
                          whenFull: WhenFull.KeepAll);
      Check.Wait(informer.WaitForSyncAsync());
      bool stop = false;
      var collector = new Thread(() => {
        while (!Volatile.Read(ref stop)) {
          GC.Collect(0);
          if (Interlocked.Read(ref events) % 7 == 0) Check.Collect();
          Thread.Sleep(1);
        }
      });
      collector.Start();
      for (int round = 0; round < rounds / 2; round++) {
        server.GeneratePods(each, "default", "r" + round + "-pod");
        Check.Until(() => informer.Count == each, "all pods");
        Check.Wait(client.CoreV1.Pods("default").DeleteCollectionAsync(now));
        Check.Until(() => informer.Count == 0, "no pod");
      }
      Check.Until(() => Interlocked.Read(ref events) >= rounds * each, "all events");
      Volatile.Write(ref stop, true);
      collector.Join();
      Check.Same((long)rounds * each, events);
      Check.Same(0L, wrong);
    }
  }

  static void Look(Pod pod, ref long wrong) {
    if (pod.Metadata.Name == null || pod.Status.Phase == null || pod.Metadata.Namespace != "default") wrong++;
  }
}
