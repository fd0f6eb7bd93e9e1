using System;
using System.Collections.Generic;
using K8sc.Native;

namespace K8sc {
  /// <summary>Settings applied on top of a kubeconfig, such as kubectl's --server and --token. What is null is as the kubeconfig has it.</summary>
  public sealed partial class KubeconfigOverrides {
    /// <summary>Gets or sets the PEM file of the client certificate.</summary>
    public string/*?*/ ClientCertificateFile { get; set; }
    /// <summary>Gets or sets the PEM file of the private key of the client certificate.</summary>
    public string/*?*/ ClientKeyFile { get; set; }
    /// <summary>Gets or sets the user to impersonate. With a user, nothing of the kubeconfig's impersonation is used.</summary>
    public string/*?*/ ImpersonateUser { get; set; }
    /// <summary>Gets or sets the uid of the impersonated user. It needs ImpersonateUser.</summary>
    public string/*?*/ ImpersonateUid { get; set; }
    /// <summary>Gets the groups of the impersonated user.</summary>
    public IList<string> ImpersonateGroups { get; } = new List<string>();
    /// <summary>Gets the extra fields of the impersonated user, with their values.</summary>
    public IDictionary<string, IList<string>> ImpersonateExtra { get; } = new Dictionary<string, IList<string>>();

    internal Overrides Make() {
      Overrides made;
      Core.overrides_new(out made);
      try {
        SetAll(made);
        if (ClientCertificateFile != null || ClientKeyFile != null) made.set_client_certificate_files(ClientCertificateFile, ClientKeyFile);
        if (ImpersonateUser != null || ImpersonateUid != null) made.set_impersonation(ImpersonateUser, ImpersonateUid);
        foreach (string group in ImpersonateGroups) made.add_impersonation_group(group);
        foreach (var field in ImpersonateExtra) {
          if (field.Value == null) throw new ArgumentException("KubeconfigOverrides: ImpersonateExtra: " + field.Key + " is null");
          foreach (string value in field.Value) made.add_impersonation_extra(field.Key, value);
        }
        return made;
      } catch {
        made.Dispose();
        throw;
      }
    }
  }
}
