using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
#if K8SC_ASYNC_INTERFACES
using Moved = System.Threading.Tasks.ValueTask<bool>;
using Ended = System.Threading.Tasks.ValueTask;
#else
using Moved = System.Threading.Tasks.Task<bool>;
using Ended = System.Threading.Tasks.Task;
#endif

namespace K8sc {
  /// <summary>
  /// Items that come in time: for `await foreach` of C# 8 and later, or MoveNextAsync and Current by hand. In the package it is an
  /// IAsyncEnumerable; the assembly that Mono's compiler makes has the same members without that interface, which Mono does not know.
  /// </summary>
  public abstract class AsyncStream<T>
#if K8SC_ASYNC_INTERFACES
    : IAsyncEnumerable<T>
#endif
  {
    internal abstract AsyncStreamReader<T> Begin(CancellationToken token);

    /// <summary>Begins. The token ends it, and what waits for the next item throws OperationCanceledException.</summary>
    public AsyncStreamReader<T> GetAsyncEnumerator(CancellationToken cancellationToken = default(CancellationToken)) { return Begin(cancellationToken); }

#if K8SC_ASYNC_INTERFACES
    IAsyncEnumerator<T> IAsyncEnumerable<T>.GetAsyncEnumerator(CancellationToken token) { return Begin(token); }
#endif

    /// <summary>Runs a function for each item, for programs whose language has no `await foreach`; it returns false to end.</summary>
    public async Task ForEachAsync(Func<T, bool> each, CancellationToken cancellationToken = default(CancellationToken)) {
      if (each == null) throw new ArgumentNullException("each");
      var reader = Begin(cancellationToken);
      try {
        while (await reader.MoveNextAsync().ConfigureAwait(false)) {
          if (!each(reader.Current)) return;
        }
      } finally {
        reader.Dispose();
      }
    }
  }

  /// <summary>One pass through an <see cref="AsyncStream{T}"/>. One MoveNextAsync at a time; dispose of it at the end.</summary>
  public abstract class AsyncStreamReader<T> : IDisposable
#if K8SC_ASYNC_INTERFACES
    , IAsyncEnumerator<T>
#endif
  {
    readonly CancellationToken token;

    internal AsyncStreamReader(CancellationToken token) { this.token = token; }

    /// <summary>The item to which MoveNextAsync went.</summary>
    public T Current { get; private set; }

    /// <summary>Waits for the next item; false at the end.</summary>
    public Moved MoveNextAsync() {
      var next = NextAsync(token);
#if K8SC_ASYNC_INTERFACES
      return new Moved(next);
#else
      return next;
#endif
    }

    async Task<bool> NextAsync(CancellationToken token) {
      var next = await Calls.Run(token, cancel => {
        T item;
        bool there = Next(cancel, token, out item);
        return new KeyValuePair<bool, T>(there, item);
      }).ConfigureAwait(false);
      Current = next.Value;
      return next.Key;
    }

    internal abstract bool Next(Native.Cancel cancel, CancellationToken token, out T item);

    /// <summary>Ends it, and what it holds.</summary>
    public abstract void Dispose();

    /// <summary>The same.</summary>
    public Ended DisposeAsync() {
      Dispose();
#if K8SC_ASYNC_INTERFACES
      return default(Ended);
#else
      return Task.FromResult(true);
#endif
    }
  }

  /// <summary>Every object of a list, while no more than a page is held.</summary>
  internal sealed class Pages<T> : AsyncStream<T> {
    readonly Native.Resource resource;
    readonly RequestOptions options;
    readonly Func<KubernetesObject, T> wrap;

    internal Pages(Native.Resource resource, RequestOptions options, Func<KubernetesObject, T> wrap) {
      this.resource = resource;
      this.options = options;
      this.wrap = wrap;
    }

    internal override AsyncStreamReader<T> Begin(CancellationToken token) { return new Reader(this, token); }

    sealed class Reader : AsyncStreamReader<T> {
      readonly Pages<T> pages;
      readonly Native.Cancel cancelled;
      readonly Native.Pager pager;
      readonly CancellationTokenRegistration registration;
      int disposed;

      internal Reader(Pages<T> pages, CancellationToken token) : base(token) {
        this.pages = pages;
        Native.Core.cancel_new(out cancelled);
        using (var made = RequestOptions.Make(pages.options, cancelled)) pages.resource.pages(made, out pager);
        registration = token.Register(cancelled.cancel);
      }

      internal override bool Next(Native.Cancel cancel, CancellationToken token, out T item) {
        Native.Document next;
        pager.next(out next);
        item = next == null ? default(T) : pages.wrap(new KubernetesObject(next));
        return next != null;
      }

      public override void Dispose() {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        registration.Dispose();
        cancelled.cancel();
        pager.Dispose();
        cancelled.Dispose();
      }
    }
  }
}
