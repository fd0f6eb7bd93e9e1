using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using K8sc.Native;

namespace K8sc {
  /// <summary>
  /// Threads for calls that wait. They are not the thread pool's: that grows by about one thread a second, and calls that wait for a server
  /// would hold up each other and the program's own work.
  /// </summary>
  internal static class Workers {
    const int idleMs = 5000;
    static readonly object gate = new object();
    static readonly Queue<Action> work = new Queue<Action>();
    static int idle;

    internal static void Start(Action action) {
      lock (gate) {
        work.Enqueue(action);
        if (idle >= work.Count) {
          Monitor.Pulse(gate);
          return;
        }
      }
      new Thread(Run) { IsBackground = true, Name = "k8sc call" }.Start();
    }

    static void Run() {
      for (;;) {
        Action action;
        lock (gate) {
          while (work.Count == 0) {
            idle++;
            bool told = Monitor.Wait(gate, idleMs);
            idle--;
            if (!told && work.Count == 0) return;
          }
          action = work.Dequeue();
        }
        action();
      }
    }
  }

  internal static class Calls {
    /// <summary>Makes a call of the library elsewhere; the token ends its request at once.</summary>
    internal static Task<T> Run<T>(RequestOptions options, CancellationToken token, Func<CallOptions, T> call) {
      return Run(token, cancel => {
        using (var made = RequestOptions.Make(options, cancel)) return call(made);
      });
    }

    internal static Task<T> Run<T>(CancellationToken token, Func<Cancel, T> call) {
      if (token.IsCancellationRequested) return Cancelled<T>(token);
      var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
      Workers.Start(() => {
        try {
          Cancel cancel;
          Core.cancel_new(out cancel);
          using (cancel)
          using (token.Register(cancel.cancel)) done.TrySetResult(Bound(cancel, call));
        } catch (OperationCanceledException) {
          if (token.IsCancellationRequested) done.TrySetCanceled(token);
          else done.TrySetCanceled();
        } catch (Exception e) {
          done.TrySetException(e);
        }
      });
      return done.Task;
    }

    /// <summary>The thread has the token, too, for the calls that are given none: discovery, names, and waits of informers.</summary>
    static T Bound<T>(Cancel cancel, Func<Cancel, T> call) {
      Core.cancel_bind(cancel);
      try {
        return call(cancel);
      } finally {
        Core.cancel_bind(null);
      }
    }

    /// <summary>A wait of so many milliseconds; -1: without end.</summary>
    internal static Task Wait(TimeSpan? timeout, CancellationToken token, Action<long> wait) {
      long limit = timeout == null ? -1 : Time.Milliseconds(timeout.Value);
      return Run(token, cancel => {
        wait(limit);
        return true;
      });
    }

    static Task<T> Cancelled<T>(CancellationToken token) {
      var done = new TaskCompletionSource<T>();
      done.TrySetCanceled(token);
      return done.Task;
    }
  }
}
