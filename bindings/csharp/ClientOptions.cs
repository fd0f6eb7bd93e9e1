using System;
using System.Collections.Generic;
using System.IO;
using K8sc.Native;

namespace K8sc {
  /// <summary>What a client is made from. What is null is as the kubeconfig, or the library, has it.</summary>
  public sealed partial class ClientOptions {
    /// <summary>The name of a kubeconfig, or its text. Without it and without Server: $KUBECONFIG, ~/.kube/config, the pod's service account.</summary>
    public string/*?*/ Kubeconfig { get; set; }
    /// <summary>A context of the kubeconfig other than the current one.</summary>
    public string/*?*/ Context { get; set; }
    /// <summary>The pod's service account and nothing else.</summary>
    public bool InCluster { get; set; }
    /// <summary>Settings applied on top of the kubeconfig, Context among them. Mutually exclusive with Context and InCluster.</summary>
    public KubeconfigOverrides/*?*/ Overrides { get; set; }
    /// <summary>How failed requests are retried.</summary>
    public RetryPolicy/*?*/ RetryPolicy { get; set; }
    /// <summary>PEM text, or the name of a file with it, as the next two.</summary>
    public string/*?*/ CertificateAuthority { get; set; }
    /// <summary>The client's certificate.</summary>
    public string/*?*/ ClientCertificate { get; set; }
    /// <summary>Its key.</summary>
    public string/*?*/ ClientKey { get; set; }
    /// <summary>The client-side rate limit in requests a second; -1: none.</summary>
    public double? Qps { get; set; }
    /// <summary>How many requests may come at once before it holds.</summary>
    public int? Burst { get; set; }
    /// <summary>Whom to act as.</summary>
    public string/*?*/ ImpersonateUser { get; set; }
    /// <summary>With these groups.</summary>
    public IList<string> ImpersonateGroups { get; } = new List<string>();
    /// <summary>A client of the same cluster whose connections are used, too.</summary>
    public KubernetesClient/*?*/ Share { get; set; }

    internal Config Make(K8sc.Kubeconfig/*?*/ loaded) {
      Config made = loaded == null ? Load() : Load(loaded);
      try {
        Tell(made);
        return made;
      } catch {
        made.Dispose();
        throw;
      }
    }

    // Each property is read once: another thread may set it meanwhile.
    Config Load() {
      string given = Kubeconfig, context = Context;
      KubeconfigOverrides overrides = Overrides;
      if (overrides != null) {
        if (context != null || InCluster) throw new ArgumentException("ClientOptions: Overrides is mutually exclusive with Context and InCluster");
        return LoadWith(given, overrides);
      }
      Config made;
      if (InCluster) Core.config_load_in_cluster(out made);
      else if (K8sc.Kubeconfig.IsText(given)) Core.config_parse(given, context, out made);
      else if (given != null || context != null || Server == null) Core.config_load(given, context, out made);
      else Core.config_new(out made);
      return made;
    }

    static Config LoadWith(string given, KubeconfigOverrides overrides) {
      if (K8sc.Kubeconfig.IsText(given)) {
        using (var parsed = K8sc.Kubeconfig.Parse(given)) return parsed.Configuration(overrides);
      }
      Config made;
      using (var copied = overrides.Make()) Core.config_load_with(given, copied, out made);
      return made;
    }

    Config Load(K8sc.Kubeconfig loaded) {
      KubeconfigOverrides overrides = Overrides;
      if (Kubeconfig != null || InCluster) throw new ArgumentException("Kubeconfig.Connect: the options cannot have Kubeconfig or InCluster");
      if (overrides != null && Context != null) throw new ArgumentException("ClientOptions: Overrides is mutually exclusive with Context");
      return loaded.Configuration(overrides ?? new KubeconfigOverrides { Context = Context });
    }

    void Tell(Config made) {
      SetAll(made);
      if (CertificateAuthority != null) made.set_ca(Pem(CertificateAuthority));
      if (ClientCertificate != null || ClientKey != null) made.set_client_certificate(Pem(ClientCertificate), Pem(ClientKey));
      if (Qps != null || Burst != null) made.set_rate_limit(Qps ?? 0, Burst ?? 0);
      if (ImpersonateUser != null) made.set_impersonation(ImpersonateUser, null);
      foreach (string one in ImpersonateGroups) made.add_impersonation_group(one);
      RetryPolicy policy = RetryPolicy;
      if (policy == null) return;
      using (var copied = policy.Make()) made.set_retry_policy(copied);
    }

    static string Pem(string value) {
      return value == null || value.Contains("-----BEGIN") ? value : File.ReadAllText(value);
    }
  }
}
