using System;
using System.Threading;
using K8sc.Native;

namespace K8sc {
  /// <summary>What a watch tells.</summary>
  public enum WatchEventType {
    /// <summary>An object is there.</summary>
    Added,
    /// <summary>It has changed.</summary>
    Modified,
    /// <summary>It is gone; the object is its last state.</summary>
    Deleted,
    /// <summary>Nothing has changed up to the object's resourceVersion.</summary>
    Bookmark
  }

  /// <summary>An event of a watch.</summary>
  public sealed class WatchEvent<T> {
    internal WatchEvent(WatchEventType type, T item) {
      Type = type;
      Object = item;
    }

    /// <summary>What has happened.</summary>
    public WatchEventType Type { get; }
    /// <summary>To which object.</summary>
    public T Object { get; }
  }

  /// <summary>A queue of its own, from which one reader takes events.</summary>
  internal abstract class QueueReader<T> : AsyncStreamReader<T> {
    readonly Native.Queue queue;
    readonly CancellationTokenRegistration registration;
    volatile bool ended;
    int disposed;

    internal QueueReader(CancellationToken token) : base(token) {
      Core.queue_new(out queue);
      registration = token.Register(queue.wakeup);
    }

    internal Native.Queue Queue { get { return queue; } }

    /// <summary>True where the event makes an item; the last one ends it.</summary>
    internal abstract bool Take(Event next, out T item, out bool last);

    internal override bool Next(Native.Cancel cancel, CancellationToken token, out T item) {
      item = default(T);
      try {
        while (!ended) {
          token.ThrowIfCancellationRequested();
          Event next;
          queue.take(out next);
          if (next == null) {
            queue.wait(-1);
            continue;
          }
          using (next) {
            bool last;
            bool made = Take(next, out item, out last);
            if (last) ended = true;
            if (made) return true;
          }
        }
      } catch (ObjectDisposedException) when (ended) {
        // Dispose ends whoever waits.
      } catch {
        ended = true;
        throw;
      }
      return false;
    }

    public override void Dispose() {
      if (Interlocked.Exchange(ref disposed, 1) != 0) return;
      ended = true;
      registration.Dispose();
      queue.wakeup();
      Stop();
      queue.Dispose();
    }

    internal abstract void Stop();
  }

  internal sealed class ResourceWatch<T> : AsyncStream<WatchEvent<T>> {
    readonly Resource resource;
    readonly RequestOptions options;
    readonly bool retry;
    readonly Func<KubernetesObject, T> wrap;

    internal ResourceWatch(Resource resource, RequestOptions options, bool retry, Func<KubernetesObject, T> wrap) {
      this.resource = resource;
      this.options = options;
      this.retry = retry;
      this.wrap = wrap;
    }

    internal override AsyncStreamReader<WatchEvent<T>> Begin(CancellationToken token) { return new Reader(this, token); }

    sealed class Reader : QueueReader<WatchEvent<T>> {
      readonly ResourceWatch<T> from;
      readonly Watch watch;

      internal Reader(ResourceWatch<T> from, CancellationToken token) : base(token) {
        this.from = from;
        try {
          using (var made = RequestOptions.Make(from.options, null)) {
            made.set_queue(Queue);
            if (from.retry) from.resource.retry_watch(made, 0, out watch);
            else from.resource.watch(made, 0, out watch);
          }
        } catch {
          Dispose();
          throw;
        }
      }

      internal override bool Take(Event next, out WatchEvent<T> item, out bool last) {
        int kind = next.kind();
        item = null;
        // What ended it is told once: by the event before the last, or by the last.
        last = kind == Core.EVENT_CLOSED || kind == Core.EVENT_ERROR;
        if (last) {
          var error = next.error();
          if (error != null) throw error;
          return false;
        }
        item = new WatchEvent<T>((WatchEventType)(kind == Core.EVENT_ADDED ? 0 : kind == Core.EVENT_MODIFIED ? 1 : kind == Core.EVENT_DELETED ? 2 : 3),
                                 from.wrap(KubernetesObject.Of(next.object_())));
        return true;
      }

      internal override void Stop() {
        if (watch == null) return;
        watch.cancel();
        watch.Dispose();
      }
    }
  }
}
