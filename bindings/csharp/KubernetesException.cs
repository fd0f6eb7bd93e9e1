using System;

namespace K8sc {
  /// <summary>Thrown where a function of the library fails.</summary>
  public sealed class KubernetesException : Exception {
    readonly int predicates;

    internal KubernetesException(IntPtr error) : base(Utf8.FromNative(CorePINVOKE.k8sc_cs_error_message(error))) {
      Code = CorePINVOKE.k8sc_cs_error_code(error);
      HttpStatus = CorePINVOKE.k8sc_cs_error_http_status(error);
      Reason = Utf8.FromNative(CorePINVOKE.k8sc_cs_error_reason(error));
      StatusJson = Utf8.FromNative(CorePINVOKE.k8sc_cs_error_status_json(error));
      predicates = CorePINVOKE.k8sc_cs_error_is(error);
    }

    /// <summary>One of Core.E_...</summary>
    public int Code { get; }
    /// <summary>0 where there was no answer.</summary>
    public int HttpStatus { get; }
    /// <summary>Kubernetes' reason, such as "NotFound"; "" where there is none.</summary>
    public string Reason { get; }
    /// <summary>The server's Status; null where it sent none.</summary>
    public string StatusJson { get; }

    public bool IsNotFound { get { return (predicates & 1) != 0; } }
    public bool IsAlreadyExists { get { return (predicates & 2) != 0; } }
    public bool IsConflict { get { return (predicates & 4) != 0; } }
    public bool IsInvalid { get { return (predicates & 8) != 0; } }
    public bool IsGone { get { return (predicates & 16) != 0; } }
    public bool IsForbidden { get { return (predicates & 32) != 0; } }
    public bool IsUnauthorized { get { return (predicates & 64) != 0; } }
    public bool IsTooManyRequests { get { return (predicates & 128) != 0; } }
    public bool IsTimeout { get { return (predicates & 256) != 0; } }
    public bool IsRetriable { get { return (predicates & 512) != 0; } }
  }
}
