using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using K8sc.Native;

namespace K8sc {
  /// <summary>What a handler threw, or an informer could not do.</summary>
  public sealed class FailedEventArgs : EventArgs {
    internal FailedEventArgs(Exception exception, string source) {
      Exception = exception;
      Source = source;
    }

    /// <summary>What it was.</summary>
    public Exception Exception { get; }
    /// <summary>Whose: such as "handler of informer of pods".</summary>
    public string Source { get; }
  }

  /// <summary>
  /// A client for all groups. Any thread may use it. All handlers of its informers, logs and warnings run on one thread of its own, one
  /// after the other; what they throw comes to <see cref="Failed"/>.
  /// </summary>
  public sealed partial class KubernetesClient : IDisposable
#if K8SC_ASYNC_INTERFACES
    , IAsyncDisposable
#endif
  {
    readonly Client handle;
    readonly Native.Queue queue;
    readonly Dictionary<long, Action<Event>> subscribers = new Dictionary<long, Action<Event>>();
    readonly List<InformerFactory> factories = new List<InformerFactory>();
    readonly object gate = new object();
    long lastId;
    Thread dispatcher;
    volatile bool closed;

    /// <summary>By the options; without them by the kubeconfig, or the pod's service account. No request is sent yet.</summary>
    /// <exception cref="ConfigException">There is nothing to connect to, or a setting is wrong.</exception>
    public KubernetesClient(ClientOptions/*?*/ options = null) : this(options, null) { }

    internal KubernetesClient(ClientOptions/*?*/ options, Kubeconfig/*?*/ kubeconfig) {
      options = options ?? new ClientOptions();
      using (var config = options.Make(kubeconfig)) {
        KubernetesClient share = options.Share;
        if (share == null) Core.client_new(config, out handle);
        else Core.client_new_shared(config, share.handle, out handle);
      }
      queue = handle.queue();
      lock (open) open.Add(new WeakReference(this));
    }

    // Mono does not end a process while one of its threads waits in the library. What is still open then is closed, without waiting.
    static readonly List<WeakReference> open = new List<WeakReference>();

    static KubernetesClient() { AppDomain.CurrentDomain.ProcessExit += (sender, e) => Leave(); }

    static void Leave() {
      WeakReference[] all;
      lock (open) all = open.ToArray();
      foreach (var one in all) {
        var client = (KubernetesClient)one.Target;
        if (client == null || client.closed) continue;
        try {
          client.closed = true;
          client.queue.wakeup();
          client.handle.close(0);
        } catch (Exception) {
          // There is nobody left to tell.
        }
      }
    }

    internal Client Handle { get { return handle; } }

    /// <summary>
    /// What handlers threw, and errors of informers that no handler of theirs asks for. On the thread of the handlers. While nobody
    /// listens it is written to the standard error.
    /// </summary>
    public event EventHandler<FailedEventArgs>/*?*/ Failed;

    /// <summary>The server's URL.</summary>
    public string Server { get { return handle.server(); } }
    /// <summary>The namespace of the kubeconfig's context, or "default".</summary>
    public string DefaultNamespace { get { return handle.namespace_(); } }

    /// <summary>Any resource by group and version: Resource("apps/v1", "deployments", "default"). Without a namespace, or with "": all of them, or one that has none.</summary>
    public ResourceClient<KubernetesObject> Resource(string groupVersion, string plural, string/*?*/ ns = null) {
      return new ResourceClient<KubernetesObject>(this, groupVersion, plural, ns, one => one);
    }

    /// <summary>Informers that share connections and settings. Dispose of it, or of the client.</summary>
    public InformerFactory Informers(InformerSettings/*?*/ settings = null) {
      var made = new InformerFactory(this, settings ?? new InformerSettings());
      lock (gate) factories.Add(made);
      return made;
    }

    internal void Forget(InformerFactory factory) {
      lock (gate) factories.Remove(factory);
    }

    /// <summary>Uses another bearer token from now on.</summary>
    public void SetToken(string token) { handle.set_token(token); }

    /// <summary>Any request: RequestAsync("GET", "/version"). The answer is its body.</summary>
    public Task<string> RequestAsync(string method, string path, string/*?*/ body = null, string/*?*/ contentType = null, TimeSpan? timeout = null,
                                     CancellationToken cancellationToken = default(CancellationToken)) {
      return Calls.Run(cancellationToken, cancel => {
        Result result;
        using (var request = RequestOf(method, path, body, contentType, timeout)) {
          request.set_cancel(cancel);
          request.send(out result);
        }
        using (result) return result.body();
      });
    }

    /// <summary>Any request whose answer comes in time, as lines without their ends.</summary>
    public AsyncStream<string> Lines(string method, string path, string/*?*/ body = null, string/*?*/ contentType = null) {
      return new Lines(() => RequestOf(method, path, body, contentType, null));
    }

    Request RequestOf(string method, string path, string body, string contentType, TimeSpan? timeout) {
      RestClient rest;
      Request request;
      handle.rest("", "v1", out rest);
      using (rest) rest.verb(method, out request);
      // The first setter that fails makes the sending fail.
      request.set_relative_uri(path);
      if (timeout != null) request.set_timeout(Time.Milliseconds(timeout.Value));
      if (body != null) request.set_body(body, contentType ?? "application/json");
      return request;
    }

    internal long Subscribe(string source, Action<Event> tell) {
      lock (gate) {
        if (closed) throw new ObjectDisposedException("KubernetesClient");
        subscribers[++lastId] = next => {
          try {
            tell(next);
          } catch (Exception e) {
            Report(e, source);
          }
        };
        if (dispatcher == null) {
          dispatcher = new Thread(Dispatch) { IsBackground = true, Name = "k8sc handlers" };
          dispatcher.Start();
        }
        return lastId;
      }
    }

    internal void Unsubscribe(long id) {
      lock (gate) subscribers.Remove(id);
    }

    /// <summary>Whether the caller is a handler.</summary>
    internal bool IsDispatcher { get { return Thread.CurrentThread == dispatcher; } }

    internal void Report(Exception exception, string source) {
      var told = Failed;
      if (told == null) {
        Console.Error.WriteLine("k8sc: " + source + ": " + exception);
        return;
      }
      try {
        told(this, new FailedEventArgs(exception, source));
      } catch (Exception e) {
        Console.Error.WriteLine("k8sc: the listener of Failed: " + e);
      }
    }

    void Dispatch() {
      try {
        while (!closed) {
          Event next;
          queue.take(out next);
          if (next == null) {
            queue.wait(-1);
            continue;
          }
          using (next) {
            Action<Event> tell;
            lock (gate) subscribers.TryGetValue(next.user_data(), out tell);
            if (tell != null) tell(next);
          }
        }
      } catch (ObjectDisposedException) {
        // The client has been disposed of.
      } catch (Exception e) {
        if (!closed) Report(e, "the thread of the handlers");
      }
    }

    /// <summary>Ends everything of this client, and waits for that, handlers included. What informers have stays readable.</summary>
    public void Dispose() {
      lock (gate) {
        if (closed) return;
        closed = true;
        subscribers.Clear();
        factories.Clear();
      }
      queue.wakeup();
      if (dispatcher != null) JoinHandlers();
      handle.close(30000);
      handle.Dispose();
      queue.Dispose();
      lock (open) open.RemoveAll(one => one.Target == null || one.Target == this);
      lock (gate) {
        if (mapper != null) mapper.Dispose();
      }
    }

    // Which client's end a thread waits for.
    static readonly Dictionary<Thread, KubernetesClient> ending = new Dictionary<Thread, KubernetesClient>();

    /// <summary>Waits for the handlers to end, unless they wait for the caller: for its own end a handler cannot wait, nor two for each other's.</summary>
    void JoinHandlers() {
      lock (ending) {
        for (KubernetesClient next = this, other; next != null; next = other) {
          if (next.IsDispatcher) return;
          ending.TryGetValue(next.dispatcher, out other);
        }
        ending[Thread.CurrentThread] = this;
      }
      try {
        dispatcher.Join();
      } finally {
        lock (ending) ending.Remove(Thread.CurrentThread);
      }
    }

    /// <summary>The same, without a thread that waits.</summary>
#if K8SC_ASYNC_INTERFACES
    public ValueTask DisposeAsync() { return new ValueTask(End()); }
#else
    public Task DisposeAsync() { return End(); }
#endif

    Task End() {
      return Calls.Run(CancellationToken.None, cancel => {
        Dispose();
        return true;
      });
    }

    /// <summary>The server's URL, and no secrets.</summary>
    public override string ToString() { return "KubernetesClient of " + Server; }
  }
}
