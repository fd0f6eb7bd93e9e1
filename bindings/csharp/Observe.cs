using System;
using K8sc.Native;

namespace K8sc {
  /// <summary>How much is told.</summary>
  public enum LogLevel {
    /// <summary>What went wrong for good.</summary>
    Error,
    /// <summary>What went wrong for now.</summary>
    Warning,
    /// <summary>What happens seldom.</summary>
    Info,
    /// <summary>What happens often.</summary>
    Debug,
    /// <summary>Everything.</summary>
    Trace
  }

  /// <summary>A message of the library.</summary>
  public sealed class LogRecord {
    internal LogRecord(LogLevel level, string component, string text) {
      Level = level;
      Component = component;
      Text = text;
    }

    /// <summary>How important.</summary>
    public LogLevel Level { get; }
    /// <summary>Which part of the library.</summary>
    public string Component { get; }
    /// <summary>What it says; no secrets.</summary>
    public string Text { get; }
  }

  /// <summary>Handlers that were added together; Dispose takes them off.</summary>
  public sealed class ClientSubscription : IDisposable {
    readonly KubernetesClient client;
    readonly long id;
    readonly Subscription handle;

    internal ClientSubscription(KubernetesClient client, long id, Subscription handle) {
      this.client = client;
      this.id = id;
      this.handle = handle;
    }

    /// <summary>No more is told.</summary>
    public void Dispose() {
      client.Unsubscribe(id);
      handle.cancel();
      handle.Dispose();
    }
  }

  public sealed partial class KubernetesClient {
    static readonly int[] levels = { Core.LOG_ERROR, Core.LOG_WARNING, Core.LOG_INFO, Core.LOG_DEBUG, Core.LOG_TRACE };

    delegate void Subscribing(long id, out Subscription made);

    ClientSubscription Observe(string source, Action<Event> tell, Subscribing subscribe) {
      long id = Subscribe(source, tell);
      try {
        Subscription made;
        subscribe(id, out made);
        return new ClientSubscription(this, id, made);
      } catch {
        Unsubscribe(id);
        throw;
      }
    }

    /// <summary>Messages up to a level, for any logger.</summary>
    public ClientSubscription OnLog(LogLevel level, Action<LogRecord> tell) {
      if (tell == null) throw new ArgumentNullException("tell");
      if (level < LogLevel.Error || level > LogLevel.Trace) throw new ArgumentOutOfRangeException("level");
      return Observe("OnLog", next => tell(new LogRecord((LogLevel)Array.IndexOf(levels, next.level()), next.component(), next.text())),
                     (long id, out Subscription made) => handle.on_log(levels[(int)level], null, id, out made));
    }

    /// <summary>What servers warn of: each text once, or each time.</summary>
    public ClientSubscription OnWarning(Action<string> tell, bool repeated = false) {
      if (tell == null) throw new ArgumentNullException("tell");
      return Observe("OnWarning", next => tell(next.text()), (long id, out Subscription made) => handle.on_warning(repeated, null, id, out made));
    }

    /// <summary>A line of JSON for each request that has ended; docs/observability.md tells its members.</summary>
    public ClientSubscription OnTrace(Action<string> tell) {
      if (tell == null) throw new ArgumentNullException("tell");
      return Observe("OnTrace", next => tell(next.text()), (long id, out Subscription made) => handle.on_trace(null, id, out made));
    }

    /// <summary>What the client has counted, as JSON.</summary>
    public string MetricsJson() {
      string text;
      handle.metrics_json(out text);
      return text;
    }

    /// <summary>The same in Prometheus' text format.</summary>
    public string MetricsPrometheus() {
      string text;
      handle.metrics_prometheus(out text);
      return text;
    }
  }
}
