using System;
using System.Collections.Generic;
using System.IO;
using K8sc.Native;

namespace K8sc {
  /// <summary>What a client is made from. What is null is as the kubeconfig, or the library, has it.</summary>
  public sealed class ClientOptions {
    /// <summary>The name of a kubeconfig, or its text. Without it and without Server: $KUBECONFIG, ~/.kube/config, the pod's service account.</summary>
    public string/*?*/ Kubeconfig { get; set; }
    /// <summary>A context of the kubeconfig other than the current one.</summary>
    public string/*?*/ Context { get; set; }
    /// <summary>The pod's service account and nothing else.</summary>
    public bool InCluster { get; set; }
    /// <summary>The server's URL.</summary>
    public string/*?*/ Server { get; set; }
    /// <summary>A bearer token.</summary>
    public string/*?*/ Token { get; set; }
    /// <summary>A file with one, read anew as it changes.</summary>
    public string/*?*/ TokenFile { get; set; }
    /// <summary>PEM text, or the name of a file with it, as the next two.</summary>
    public string/*?*/ CertificateAuthority { get; set; }
    /// <summary>The client's certificate.</summary>
    public string/*?*/ ClientCertificate { get; set; }
    /// <summary>Its key.</summary>
    public string/*?*/ ClientKey { get; set; }
    /// <summary>Whether the server's certificate goes unchecked.</summary>
    public bool? Insecure { get; set; }
    /// <summary>The name that is looked for in the server's certificate.</summary>
    public string/*?*/ TlsServerName { get; set; }
    /// <summary>The default namespace.</summary>
    public string/*?*/ Namespace { get; set; }
    /// <summary>The User-Agent.</summary>
    public string/*?*/ UserAgent { get; set; }
    /// <summary>The deadline of each call.</summary>
    public TimeSpan? Timeout { get; set; }
    /// <summary>The deadline of a connection.</summary>
    public TimeSpan? ConnectTimeout { get; set; }
    /// <summary>After which silence a call is given up.</summary>
    public TimeSpan? IdleTimeout { get; set; }
    /// <summary>The same for watches.</summary>
    public TimeSpan? WatchIdleTimeout { get; set; }
    /// <summary>The client-side rate limit in requests a second; -1: none.</summary>
    public double? Qps { get; set; }
    /// <summary>How many requests may come at once before it holds.</summary>
    public int? Burst { get; set; }
    /// <summary>Whether HTTP/2 is used.</summary>
    public bool? Http2 { get; set; }
    /// <summary>The largest object that is taken.</summary>
    public long? MaxObjectBytes { get; set; }
    /// <summary>The largest answer that is accepted, after decompression.</summary>
    public long? MaxAnswerBytes { get; set; }
    /// <summary>The URL of a proxy.</summary>
    public string/*?*/ Proxy { get; set; }
    /// <summary>Whether answers may be compressed on the way.</summary>
    public bool? Compression { get; set; }
    /// <summary>Whom to act as.</summary>
    public string/*?*/ ImpersonateUser { get; set; }
    /// <summary>With these groups.</summary>
    public IList<string> ImpersonateGroups { get; } = new List<string>();
    /// <summary>A client of the same cluster whose connections are used, too.</summary>
    public KubernetesClient/*?*/ Share { get; set; }

    internal Config Make() {
      Config made;
      if (InCluster) Core.config_load_in_cluster(out made);
      else if (Kubeconfig != null && Kubeconfig.IndexOf('\n') >= 0) Core.config_parse(Kubeconfig, Context, out made);
      else if (Kubeconfig != null || Context != null || Server == null) Core.config_load(Kubeconfig, Context, out made);
      else Core.config_new(out made);
      try {
        Tell(made);
        return made;
      } catch {
        made.Dispose();
        throw;
      }
    }

    void Tell(Config made) {
      if (Server != null) made.set_server(Server);
      if (Token != null) made.set_token(Token);
      if (TokenFile != null) made.set_token_file(TokenFile);
      if (CertificateAuthority != null) made.set_ca(Pem(CertificateAuthority));
      if (ClientCertificate != null || ClientKey != null) made.set_client_certificate(Pem(ClientCertificate), Pem(ClientKey));
      if (Insecure != null) made.set_insecure(Insecure.Value);
      if (TlsServerName != null) made.set_tls_server_name(TlsServerName);
      if (Namespace != null) made.set_namespace(Namespace);
      if (UserAgent != null) made.set_user_agent(UserAgent);
      if (Timeout != null) made.set_timeout(Time.Milliseconds(Timeout.Value));
      if (ConnectTimeout != null) made.set_connect_timeout(Time.Milliseconds(ConnectTimeout.Value));
      if (IdleTimeout != null) made.set_idle_timeout(Time.Milliseconds(IdleTimeout.Value));
      if (WatchIdleTimeout != null) made.set_watch_idle_timeout(Time.Milliseconds(WatchIdleTimeout.Value));
      if (Qps != null || Burst != null) made.set_rate_limit(Qps ?? 0, Burst ?? 0);
      if (Http2 != null) made.set_http2(Http2.Value);
      if (MaxObjectBytes != null) made.set_max_object_bytes(MaxObjectBytes.Value);
      if (MaxAnswerBytes != null) made.set_max_answer_bytes(MaxAnswerBytes.Value);
      if (Proxy != null) made.set_proxy(Proxy);
      if (Compression != null) made.set_compression(Compression.Value);
      if (ImpersonateUser != null) made.set_impersonation(ImpersonateUser, null);
      foreach (string one in ImpersonateGroups) made.add_impersonation_group(one);
    }

    static string Pem(string value) {
      return value == null || value.Contains("-----BEGIN") ? value : File.ReadAllText(value);
    }
  }
}
