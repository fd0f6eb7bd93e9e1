using System;
using System.Collections.Generic;
using K8sc.Native;

namespace K8sc {
  /// <summary>One validation error that a server, or the schema, found in an object.</summary>
  public sealed class ErrorCause {
    internal ErrorCause(string type, string field, string message) {
      Type = type;
      Field = field;
      Message = message;
    }

    /// <summary>Such as "FieldValueRequired"; may be "".</summary>
    public string Type { get; }
    /// <summary>The path of the field; may be "".</summary>
    public string Field { get; }
    /// <summary>What is wrong.</summary>
    public string Message { get; }

    /// <summary>The field and what is wrong with it.</summary>
    public override string ToString() { return Field.Length == 0 ? Message : Field + ": " + Message; }
  }

  /// <summary>
  /// What fails in the library. Its subclasses are the kinds of failure that programs tell apart. A call that was cancelled throws an
  /// OperationCanceledException instead.
  /// </summary>
  public class KubernetesException : Exception {
    internal KubernetesException(IntPtr error) : base(Utf8.FromNative(CorePINVOKE.k8sc_cs_error_message(error))) {
      Code = CorePINVOKE.k8sc_cs_error_code(error);
      HttpStatus = CorePINVOKE.k8sc_cs_error_http_status(error);
      Reason = Utf8.FromNative(CorePINVOKE.k8sc_cs_error_reason(error));
      StatusJson = Utf8.FromNative(CorePINVOKE.k8sc_cs_error_status_json(error));
      IsRetriable = (CorePINVOKE.k8sc_cs_error_is(error) & 512) != 0;
      IsNotProcessed = (CorePINVOKE.k8sc_cs_error_is(error) & 1024) != 0;
      var after = CorePINVOKE.k8sc_cs_error_retry_after(error);
      if (after >= 0) RetryAfter = TimeSpan.FromMilliseconds(after);
      var causes = new ErrorCause[CorePINVOKE.k8sc_cs_error_cause_count(error)];
      for (int i = 0; i < causes.Length; i++) causes[i] = new ErrorCause(Part(error, i, 0), Part(error, i, 1), Part(error, i, 2));
      Causes = causes;
    }

    internal KubernetesException(string message, Exception inner) : base(message, inner) {
      Code = Core.E_API;
      Reason = "";
      Causes = new ErrorCause[0];
    }

    /// <summary>The number of the failure: one of K8sc.Native.Core.E_...</summary>
    public int Code { get; }
    /// <summary>The answer's HTTP status; 0 where there was no answer.</summary>
    public int HttpStatus { get; }
    /// <summary>Kubernetes' reason, such as "NotFound"; "" where there is none.</summary>
    public string Reason { get; }
    /// <summary>The server's Status; null where it sent none.</summary>
    public string/*?*/ StatusJson { get; }
    /// <summary>How long the server asks to wait; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; }
    /// <summary>Whether the same request may do better later.</summary>
    public bool IsRetriable { get; }
    /// <summary>Whether the server certainly did not process the request, so that any verb can be sent again.</summary>
    public bool IsNotProcessed { get; }
    /// <summary>The validation errors of an object that was refused, each with its field.</summary>
    public IReadOnlyList<ErrorCause> Causes { get; }

    static string Part(IntPtr error, int index, int part) { return Utf8.FromNative(CorePINVOKE.k8sc_cs_error_cause(error, index, part)) ?? ""; }

    /// <summary>The exception for an error of the library, which stays its owner's.</summary>
    internal static Exception Of(IntPtr error) {
      int code = CorePINVOKE.k8sc_cs_error_code(error);
      int kinds = CorePINVOKE.k8sc_cs_error_is(error);
      if (code == Core.E_CANCELLED) return new OperationCanceledException(Utf8.FromNative(CorePINVOKE.k8sc_cs_error_message(error)));
      if (code == Core.E_TIMEOUT || (code == Core.E_API && (kinds & 256) != 0)) return new KubernetesTimeoutException(error);
      if (code == Core.E_API) {
        if ((kinds & 1) != 0) return new NotFoundException(error);
        if ((kinds & 2) != 0) return new AlreadyExistsException(error);
        if ((kinds & 4) != 0) return new ConflictException(error);
        if ((kinds & 8) != 0) return new InvalidObjectException(error);
        if ((kinds & 16) != 0) return new GoneException(error);
        if ((kinds & 32) != 0) return new ForbiddenException(error);
        if ((kinds & 64) != 0) return new UnauthorizedException(error);
        if ((kinds & 128) != 0) return new TooManyRequestsException(error);
        return new ApiException(error);
      }
      // A document that does not fit the schema is what a server calls invalid.
      if (code == Core.E_INVALID) {
        bool field = CorePINVOKE.k8sc_cs_error_cause_count(error) > 0 && Part(error, 0, 0).StartsWith("FieldValue", StringComparison.Ordinal);
        return field ? (Exception)new InvalidObjectException(error) : new InvalidArgumentException(error);
      }
      if (code == Core.E_CONNECT || code == Core.E_TRANSPORT || code == Core.E_RESOLVE || code == Core.E_TLS) return new ConnectionException(error);
      if (code == Core.E_CONFIG || code == Core.E_IO || code == Core.E_NOT_IN_CLUSTER) return new ConfigException(error);
      if (code == Core.E_CREDENTIALS) return new CredentialsException(error);
      if (code == Core.E_CLOSED) return new ClientClosedException(error);
      if (code == Core.E_UNKNOWN_KIND) return new UnknownKindException(error);
      if (code == Core.E_PARSE || code == Core.E_DECODE || code == Core.E_TOO_LARGE) return new DocumentException(error);
      return new KubernetesException(error);
    }

    /// <summary>The same for an error that is the caller's; null for none.</summary>
    internal static Exception Taken(IntPtr error) {
      if (error == IntPtr.Zero) return null;
      try {
        return Of(error);
      } finally {
        CorePINVOKE.k8sc_cs_error_free(error);
      }
    }
  }

  /// <summary>The server refused, with an HTTP status of 400 or more.</summary>
  public class ApiException : KubernetesException {
    internal ApiException(IntPtr error) : base(error) { }
  }

  /// <summary>404: there is no such object, or no such resource.</summary>
  public sealed class NotFoundException : ApiException {
    internal NotFoundException(IntPtr error) : base(error) { }
  }

  /// <summary>409: an object of that name exists.</summary>
  public sealed class AlreadyExistsException : ApiException {
    internal AlreadyExistsException(IntPtr error) : base(error) { }
  }

  /// <summary>409: somebody else has changed the object, or owns a field.</summary>
  public sealed class ConflictException : ApiException {
    internal ConflictException(IntPtr error) : base(error) { }
  }

  /// <summary>422, or a document that does not fit the schema; Causes tells what is wrong.</summary>
  public sealed class InvalidObjectException : ApiException {
    internal InvalidObjectException(IntPtr error) : base(error) { }
  }

  /// <summary>410: a resourceVersion or continue token is too old.</summary>
  public sealed class GoneException : ApiException {
    internal GoneException(IntPtr error) : base(error) { }
  }

  /// <summary>403.</summary>
  public sealed class ForbiddenException : ApiException {
    internal ForbiddenException(IntPtr error) : base(error) { }
  }

  /// <summary>401.</summary>
  public sealed class UnauthorizedException : ApiException {
    internal UnauthorizedException(IntPtr error) : base(error) { }
  }

  /// <summary>429; RetryAfter tells when to come back.</summary>
  public sealed class TooManyRequestsException : ApiException {
    internal TooManyRequestsException(IntPtr error) : base(error) { }
  }

  /// <summary>A deadline passed, here or at the server.</summary>
  public sealed class KubernetesTimeoutException : KubernetesException {
    internal KubernetesTimeoutException(IntPtr error) : base(error) { }
  }

  /// <summary>The server was not reached, or the connection broke.</summary>
  public sealed class ConnectionException : KubernetesException {
    internal ConnectionException(IntPtr error) : base(error) { }
  }

  /// <summary>A kubeconfig or another setting, or a file that one names, cannot be used.</summary>
  public sealed class ConfigException : KubernetesException {
    internal ConfigException(IntPtr error) : base(error) { }
  }

  /// <summary>No credentials could be had: a plugin or an identity provider failed.</summary>
  public sealed class CredentialsException : KubernetesException {
    internal CredentialsException(IntPtr error) : base(error) { }
  }

  /// <summary>The client has been disposed of.</summary>
  public sealed class ClientClosedException : KubernetesException {
    internal ClientClosedException(IntPtr error) : base(error) { }
  }

  /// <summary>The kind is not one of Kubernetes' own, so there is no schema of it here.</summary>
  public sealed class UnknownKindException : KubernetesException {
    internal UnknownKindException(IntPtr error) : base(error) { }
  }

  /// <summary>An argument is wrong.</summary>
  public sealed class InvalidArgumentException : KubernetesException {
    internal InvalidArgumentException(IntPtr error) : base(error) { }
  }

  /// <summary>A text is not the JSON or YAML that it should be, or larger than is allowed.</summary>
  public sealed class DocumentException : KubernetesException {
    internal DocumentException(IntPtr error) : base(error) { }
  }
}
