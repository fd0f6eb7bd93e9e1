// The C# side of bench/bindings/run; see sync.c.
using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using K8sc;

static class Sync {
  static double PeakMb() {
    string line = File.ReadLines("/proc/self/status").First(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
    return double.Parse(new string(line.Where(char.IsDigit).ToArray()), CultureInfo.InvariantCulture) / 1024;
  }

  static void Main(string[] args) {
    double bare = PeakMb();
    var cpu = Process.GetCurrentProcess().TotalProcessorTime;
    var clock = Stopwatch.StartNew();
    int pods = 0;
    long length = 0;
    var done = new ManualResetEventSlim();
    using (var client = new KubernetesClient(new ClientOptions { Server = args[0] })) {
      var factory = client.Informers(new InformerSettings { DropManagedFields = true });
      factory.CoreV1.Pods().AddHandler(
        added: pod => {
          pods++;
          length += pod.Metadata.Name.Length + pod.Status.Phase.Length + pod.Spec.NodeName.Length;
        },
        synced: done.Set);
      factory.Start();
      done.Wait();
      double wall = clock.Elapsed.TotalSeconds;
      double used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
      Console.WriteLine(string.Format(CultureInfo.InvariantCulture, "{{\"wall_s\":{0:F3},\"cpu_s\":{1:F3},\"bare_mb\":{2:F1},\"peak_mb\":{3:F1},\"pods\":{4},\"length\":{5}}}",
                                      wall, used, bare, PeakMb(), pods, length));
    }
  }
}
