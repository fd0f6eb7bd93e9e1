using System;
using System.Collections.Generic;
using System.Threading;
using K8sc.Native;

namespace K8sc {
  /// <summary>
  /// The options of one call, as Kubernetes names them. One that has no meaning for the verb is an <see cref="InvalidArgumentException"/>.
  /// <see cref="Selector.Labels"/> makes a label selector of a dictionary.
  /// </summary>
  public sealed partial class RequestOptions {
    /// <summary>How the call is retried, in place of the client's policy.</summary>
    public RetryPolicy/*?*/ RetryPolicy { get; set; }

    /// <summary>A copy to change.</summary>
    public RequestOptions Clone() { return (RequestOptions)MemberwiseClone(); }

    internal static CallOptions Make(RequestOptions given, Cancel cancel) {
      CallOptions made;
      Core.options_new(out made);
      try {
        if (cancel != null) made.set_cancel(cancel);
        if (given != null) given.Tell(made);
        return made;
      } catch {
        made.Dispose();
        throw;
      }
    }

    void Tell(CallOptions made) {
      SetAll(made);
      RetryPolicy policy = RetryPolicy;
      if (policy == null) return;
      using (var copied = policy.Make()) made.set_retry_policy(copied);
    }
  }

  internal static class Time {
    /// <summary>As the library counts: -1 is without limit, which every other negative time is not.</summary>
    internal static long Milliseconds(TimeSpan time) {
      if (time == Timeout.InfiniteTimeSpan) return -1;
      double ms = time.TotalMilliseconds;
      return ms < 0 ? Math.Min((long)Math.Floor(ms), -2) : (long)Math.Ceiling(ms);
    }
  }

  /// <summary>Label selectors, made of values.</summary>
  public static class Selector {
    /// <summary>All of these labels: {"app": "web"} is "app=web"; a null asks that the label be there.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, string/*?*/>> labels) {
      if (labels == null) throw new ArgumentNullException("labels");
      var parts = new List<string>();
      foreach (var one in labels) parts.Add(one.Value == null ? one.Key : one.Key + "=" + one.Value);
      return string.Join(",", parts);
    }
  }

  /// <summary>A change to an object, for PatchAsync.</summary>
  public sealed class Patch {
    internal readonly int Type;
    internal readonly string Text;

    Patch(int type, object content) {
      Type = type;
      Text = content as string ?? Json.Write(content);
    }

    /// <summary>A merge patch: what is null is taken out. Text, or plain values: a dictionary.</summary>
    public static Patch Merge(object content) { return new Patch(Core.PATCH_MERGE, content); }
    /// <summary>A strategic merge patch: lists are merged by their keys. Text, plain values, or a model.</summary>
    public static Patch Strategic(object content) { return new Patch(Core.PATCH_STRATEGIC_MERGE, content); }
    /// <summary>A JSON patch: a list of operations, as text or plain values.</summary>
    public static Patch JsonOperations(object content) { return new Patch(Core.PATCH_JSON, content); }
    /// <summary>Server-side apply; ApplyAsync is simpler.</summary>
    public static Patch Apply(object content) { return new Patch(Core.PATCH_APPLY, content); }
  }
}
