using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using K8sc.Native;

namespace K8sc {
  /// <summary>A body that comes in time, as lines without their ends.</summary>
  internal sealed class Lines : AsyncStream<string> {
    readonly Func<Request> make;

    internal Lines(Func<Request> make) { this.make = make; }

    internal override AsyncStreamReader<string> Begin(CancellationToken token) { return new Reader(make, token); }

    sealed class Reader : QueueReader<string> {
      readonly Call call;
      readonly Queue<string> ready = new Queue<string>();
      readonly List<byte> rest = new List<byte>();
      Exception failure;

      internal Reader(Func<Request> make, CancellationToken token) : base(token) {
        try {
          using (var request = make()) request.start_stream(Queue, 0, out call);
        } catch {
          Dispose();
          throw;
        }
      }

      internal override bool Next(Native.Cancel cancel, CancellationToken token, out string item) {
        if (ready.Count > 0) {
          token.ThrowIfCancellationRequested();
          item = ready.Dequeue();
          return true;
        }
        var failed = failure;
        failure = null;
        if (failed != null) throw failed;
        return base.Next(cancel, token, out item);
      }

      internal override bool Take(Event next, out string item, out bool last) {
        last = next.kind() != Core.EVENT_DATA;
        if (last) {
          failure = next.error();
          // A last line need not end.
          if (rest.Count > 0) ready.Enqueue(Whole());
        } else {
          Add(next.bytes());
        }
        item = null;
        if (ready.Count > 0) {
          item = ready.Dequeue();
          return true;
        }
        var failed = failure;
        failure = null;
        if (failed != null) throw failed;
        return false;
      }

      // A character may be cut between two pieces, so lines are text only when they are whole.
      void Add(byte[] piece) {
        int from = 0;
        for (int i = Array.IndexOf(piece, (byte)'\n'); i >= 0; i = Array.IndexOf(piece, (byte)'\n', from)) {
          rest.AddRange(new ArraySegment<byte>(piece, from, i - from));
          ready.Enqueue(Whole());
          from = i + 1;
        }
        rest.AddRange(new ArraySegment<byte>(piece, from, piece.Length - from));
      }

      string Whole() {
        string line = Encoding.UTF8.GetString(rest.ToArray());
        rest.Clear();
        return line;
      }

      internal override void Stop() {
        if (call == null) return;
        call.cancel();
        call.Dispose();
      }
    }
  }
}

namespace K8sc.Native {
  public sealed partial class Event {
    internal byte[] bytes() {
      var made = new byte[CorePINVOKE.k8sc_cs_event_data(swigCPtr, null, 0)];
      CorePINVOKE.k8sc_cs_event_data(swigCPtr, made, made.Length);
      return made;
    }
  }
}
