// The plain functions in C#, against the fake API server: Functions.exe <its program>
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using K8sc;
using K8sc.Native;
using Informer = K8sc.Native.Informer;
using InformerFactory = K8sc.Native.InformerFactory;
using Queue = K8sc.Native.Queue;

static class Functions {
  static void Check(string what, bool ok) {
    if (!ok) throw new Exception("FAILED: " + what);
    Console.WriteLine("ok - " + what);
  }

  static KubernetesException ErrorOf(Action action) {
    try { action(); } catch (KubernetesException e) { return e; }
    return null;
  }

  static Document Pod(string name) {
    Document pod;
    Core.object_parse_json("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"" + name +
      "\",\"annotations\":{\"note\":\"é€😀\"}},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"b\"}]}}", out pod);
    return pod;
  }

  static void Verbs(Resource pods) {
    ObjectList list;
    pods.list(null, out list);
    Check("list", list.size() == 5 && list.at(0).name() == "pod-00000" && list.at(9) == null);
    Document made, got;
    pods.create(Pod("x"), null, out made);
    Check("create", made.name() == "x" && made.uid().Contains("-"));
    pods.get("x", null, out got);
    Check("text is UTF-8", got.str("/metadata/annotations/note") == "é€😀" && got.json().Contains("é€😀"));
    Check("text that is not there", got.str("/no/such") == null && got.label("a") == null);
    Document big;
    Core.object_parse_json("{\"a\":9007199254740993,\"b\":true,\"c\":0.5}", out big);
    Check("integers are exact", big.integer("/a", 0) == 9007199254740993L && big.integer("/z", long.MinValue) == long.MinValue);
    Check("booleans and numbers", big.boolean("/b", false) && big.number("/c", 0) == 0.5);
    string yaml;
    big.to_yaml(out yaml);
    Check("owned text", yaml.Contains("a: 9007199254740993"));
  }

  static void Errors(Resource pods) {
    Document none = null;
    var e = ErrorOf(() => pods.get("none", null, out none));
    Check("errors are exceptions", e.Code == Core.E_API && e is NotFoundException && e.HttpStatus == 404 && e.Reason == "NotFound");
    Check("with the message and the Status", e.Message.Contains("none") && e.StatusJson.Contains("\"Status\"") && none == null);
    Check("arguments", ErrorOf(() => Core.object_parse_json("{", out none)).Code == Core.E_PARSE);
    bool refused = false;
    try { pods.get("a\0b", null, out none); } catch (ArgumentException) { refused = true; }
    Check("an embedded NUL", refused);
    CallOptions options;
    ObjectList list;
    Core.options_new(out options);
    options.set_label_selector("app=none");
    pods.list(options, out list);
    Check("options", list.size() == 0);
  }

  static void Names(Client client) {
    Discovery discovery;
    RestMapper mapper;
    RestMapping mapping;
    Document groups;
    Core.discovery_new_cached(client, out discovery);
    discovery.server_groups(out groups);
    Check("discovery", groups.str("/kind") == "APIGroupList" && discovery.is_fresh());
    Core.rest_mapper_new(discovery, out mapper);
    mapper.find("deploy", out mapping);
    Check("a short name", mapping.kind() == "Deployment" && mapping.group() == "apps" && mapping.is_namespaced());
    Check("a wrong name", ErrorOf(() => mapper.find("deploymnets", out mapping)).Message.Contains("deployments"));
    SchemaResource deployments = Core.schema_resource_find("apps", "v1", "deployments");
    Check("the schema", deployments.type().find_field("spec").object_type().kind() == "DeploymentSpec");
    Check("what the schema does not have", Core.schema_resource_find("apps", "v1", "none") == null);
    Document wrong;
    Core.object_parse_json("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spce\":{}}", out wrong);
    Check("validation", ErrorOf(() => Core.schema_validate(wrong, null)).Message.Contains("spec"));
    GC.Collect();
    GC.WaitForPendingFinalizers();
    Check("what is borrowed for ever", deployments.has_verb("list"));
  }

  static void Informers(Client client, Resource pods) {
    InformerFactory factory;
    Informer informer;
    Registration registration;
    Core.informer_factory_new(client, null, out factory);
    factory.for_resource("", "v1", "pods", out informer);
    informer.add_handler(7, out registration);   // 7 names the subscription
    factory.start();
    var queue = client.queue();
    var events = new List<string>();
    Action<int> pull = count => {
      var clock = Stopwatch.StartNew();
      while (events.Count < count && clock.ElapsedMilliseconds < 20000) {
        queue.wait(1000);
        Event next;
        for (queue.take(out next); next != null; queue.take(out next)) using (next) {
          var document = next.object_();
          events.Add(next.user_data() + " " + next.kind_name() + " " + (document == null ? "-" : document.name()) + " " + next.is_initial());
        }
      }
    };
    pull(7);
    Check("events of the first list", events[0].StartsWith("7 ADD ") && events[5].EndsWith(" True") && events[6] == "7 SYNC - False");
    Check("the registration", registration.has_synced());
    Document gone;
    pods.delete("x", null, out gone);
    pull(8);
    Check("delete", events[7].StartsWith("7 DELETE x"));
    Lister lister;
    Document found;
    informer.lister(out lister);
    lister.get("default", "pod-00001", out found);
    Check("the local copy", lister.size() == 5 && found.kind() == "Pod");
    Check("errors of the local copy", ErrorOf(() => lister.get("default", "x", out found)) is NotFoundException);

    var waiting = Task.Run(() => queue.wait(30000));
    Thread.Sleep(100);
    queue.wakeup();
    Check("wakeup from another thread", waiting.Wait(10000) && !waiting.Result);
    Queue own;
    Event none;
    Core.queue_new(out own);
    own.wakeup();
    own.take(out none);
    var slept = Stopwatch.StartNew();
    Check("wakeup before a take", none == null && !own.wait(20000) && slept.ElapsedMilliseconds < 10000);
    factory.shutdown();
  }

  static void Run(string kubeconfig) {
    Config config;
    Client client;
    Resource pods;
    Core.config_load(kubeconfig, null, out config);
    Core.client_new(config, out client);
    client.resource("", "v1", "pods", "default", out pods);
    Verbs(pods);
    Errors(pods);
    Names(client);
    Informers(client, pods);
    client.close(-1);
    ObjectList list;
    Check("after close", ErrorOf(() => pods.list(null, out list)).Code == Core.E_CLOSED);

    // A handle that is disposed while another thread waits in it is freed when that call is over.
    Queue queue;
    Core.queue_new(out queue);
    var blocked = Task.Run(() => queue.wait(300));
    Thread.Sleep(50);
    queue.Dispose();
    Check("Dispose while another thread waits", blocked.Wait(10000));
    bool disposed = false;
    try { queue.wait(0); } catch (ObjectDisposedException) { disposed = true; }
    Check("use after Dispose", disposed);
  }

  static int Main(string[] args) {
    string kubeconfig = Path.GetTempFileName();
    var start = new ProcessStartInfo(args[0], "--pods 5 --kubeconfig " + kubeconfig) { UseShellExecute = false, RedirectStandardOutput = true };
    using (var server = Process.Start(start)) {
      try {
        server.StandardOutput.ReadLine();
        Run(kubeconfig);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return 0;
      } catch (Exception e) {
        Console.Error.WriteLine(e);
        return 1;
      } finally {
        server.Kill();
        File.Delete(kubeconfig);
      }
    }
  }
}
