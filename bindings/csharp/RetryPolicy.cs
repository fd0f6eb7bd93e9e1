using System;
using System.Collections.Generic;
using K8sc.Native;

namespace K8sc {
  /// <summary>How failed requests are retried. What is null is as the library has it.</summary>
  public sealed partial class RetryPolicy {
    /// <summary>Gets or sets the back-off after a first failure without a Retry-After, which doubles with each attempt. It needs MaxBackoff.</summary>
    public TimeSpan? InitialBackoff { get; set; }
    /// <summary>Gets or sets the longest back-off. It needs InitialBackoff.</summary>
    public TimeSpan? MaxBackoff { get; set; }
    /// <summary>Gets the HTTP statuses, 400 to 599, on which GET and HEAD are also sent again, with or without Retry-After.</summary>
    public IList<int> Statuses { get; } = new List<int>();

    internal Native.RetryPolicy Make() {
      if ((InitialBackoff == null) != (MaxBackoff == null)) throw new ArgumentException("RetryPolicy: InitialBackoff and MaxBackoff need each other");
      Native.RetryPolicy made;
      Core.retry_policy_new(out made);
      try {
        SetAll(made);
        if (InitialBackoff != null) made.set_backoff(Time.Milliseconds(InitialBackoff.Value), Time.Milliseconds(MaxBackoff.Value));
        foreach (int status in Statuses) made.add_status(status);
        return made;
      } catch {
        made.Dispose();
        throw;
      }
    }
  }
}
