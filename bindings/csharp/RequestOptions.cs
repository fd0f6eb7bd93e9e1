using System;
using System.Collections.Generic;
using System.Threading;
using K8sc.Native;

namespace K8sc {
  /// <summary>
  /// The options of one call, as Kubernetes names them. One that has no meaning for the verb is an <see cref="InvalidArgumentException"/>.
  /// </summary>
  public sealed class RequestOptions {
    /// <summary>Such as "app=web,tier in (a, b)"; <see cref="Selector.Labels"/> makes one of a dictionary.</summary>
    public string/*?*/ LabelSelector { get; set; }
    /// <summary>Such as "spec.nodeName=node-1".</summary>
    public string/*?*/ FieldSelector { get; set; }
    /// <summary>The size of a page.</summary>
    public long? Limit { get; set; }
    /// <summary>The token of a page, from KubernetesList.Continue.</summary>
    public string/*?*/ Continue { get; set; }
    /// <summary>For reads and watches: how new an answer has to be, or where a watch begins.</summary>
    public string/*?*/ ResourceVersion { get; set; }
    /// <summary>"Exact" or "NotOlderThan".</summary>
    public string/*?*/ ResourceVersionMatch { get; set; }
    /// <summary>After how many seconds the server ends a list or a watch.</summary>
    public long? TimeoutSeconds { get; set; }
    /// <summary>Whether a watch has bookmarks.</summary>
    public bool? AllowWatchBookmarks { get; set; }
    /// <summary>The server does everything but keep it.</summary>
    public bool? DryRun { get; set; }
    /// <summary>Who owns the fields that are written.</summary>
    public string/*?*/ FieldManager { get; set; }
    /// <summary>"Ignore", "Warn" or "Strict".</summary>
    public string/*?*/ FieldValidation { get; set; }
    /// <summary>Apply: takes fields from other managers.</summary>
    public bool? Force { get; set; }
    /// <summary>Delete: "Orphan", "Background" or "Foreground".</summary>
    public string/*?*/ PropagationPolicy { get; set; }
    /// <summary>Delete: how long it may take to end.</summary>
    public long? GracePeriodSeconds { get; set; }
    /// <summary>Delete: only the object with this uid.</summary>
    public string/*?*/ PreconditionUid { get; set; }
    /// <summary>Delete: only the object at this version.</summary>
    public string/*?*/ PreconditionResourceVersion { get; set; }
    /// <summary>Such as "status" or "scale".</summary>
    public string/*?*/ Subresource { get; set; }
    /// <summary>The deadline of the call, retries included.</summary>
    public TimeSpan? Timeout { get; set; }
    /// <summary>Ends a watch on which nothing comes for so long.</summary>
    public TimeSpan? IdleTimeout { get; set; }
    /// <summary>How often a failed request is sent again.</summary>
    public int? MaxRetries { get; set; }

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
      if (LabelSelector != null) made.set_label_selector(LabelSelector);
      if (FieldSelector != null) made.set_field_selector(FieldSelector);
      if (Limit != null) made.set_limit(Limit.Value);
      if (Continue != null) made.set_continue(Continue);
      if (ResourceVersion != null) made.set_resource_version(ResourceVersion);
      if (ResourceVersionMatch != null) made.set_resource_version_match(ResourceVersionMatch);
      if (TimeoutSeconds != null) made.set_timeout_seconds(TimeoutSeconds.Value);
      if (AllowWatchBookmarks != null) made.set_allow_watch_bookmarks(AllowWatchBookmarks.Value);
      if (DryRun != null) made.set_dry_run(DryRun.Value);
      if (FieldManager != null) made.set_field_manager(FieldManager);
      if (FieldValidation != null) made.set_field_validation(FieldValidation);
      if (Force != null) made.set_force(Force.Value);
      if (PropagationPolicy != null) made.set_propagation_policy(PropagationPolicy);
      if (GracePeriodSeconds != null) made.set_grace_period_seconds(GracePeriodSeconds.Value);
      if (PreconditionUid != null) made.set_precondition_uid(PreconditionUid);
      if (PreconditionResourceVersion != null) made.set_precondition_resource_version(PreconditionResourceVersion);
      if (Subresource != null) made.set_subresource(Subresource);
      if (Timeout != null) made.set_timeout(Time.Milliseconds(Timeout.Value));
      if (IdleTimeout != null) made.set_idle_timeout(Time.Milliseconds(IdleTimeout.Value));
      if (MaxRetries != null) made.set_max_retries(MaxRetries.Value);
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
