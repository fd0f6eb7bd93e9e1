using System;
using System.Threading;

namespace K8sc {
  /// <summary>
  /// Documents lie outside of the collector's heap, where it sees only their small proxies: told nothing, it lets thousands of them wait for
  /// it. Mono does not listen to what it is told, so there it is sent for.
  /// </summary>
  internal static class Weight {
    // What a document takes, more or less.
    const int bytes = 4096;
    const int many = 1000;
    static readonly bool isMono = Type.GetType("Mono.Runtime") != null;
    static int made;

    internal static void Add() {
      if (!isMono) GC.AddMemoryPressure(bytes);
      else if (Interlocked.Increment(ref made) % many == 0) GC.Collect(0, GCCollectionMode.Optimized);
    }

    internal static void Remove() {
      if (!isMono) GC.RemoveMemoryPressure(bytes);
    }
  }
}
