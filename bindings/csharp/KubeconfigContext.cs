using System.Collections.Generic;

namespace K8sc {
  /// <summary>A context of a kubeconfig.</summary>
  public sealed class KubeconfigContext {
    internal KubeconfigContext(string name, KubernetesObject stanza, bool isCurrent) {
      Name = name;
      Cluster = stanza.Text("/cluster");
      User = stanza.Text("/user");
      Namespace = stanza.Text("/namespace");
      IsCurrent = isCurrent;
    }

    /// <summary>Its name, which <see cref="ClientOptions.Context"/> takes.</summary>
    public string Name { get; }
    /// <summary>Its cluster.</summary>
    public string/*?*/ Cluster { get; }
    /// <summary>Its user.</summary>
    public string/*?*/ User { get; }
    /// <summary>Its namespace; null: none is named.</summary>
    public string/*?*/ Namespace { get; }
    /// <summary>Whether it is used where none is named.</summary>
    public bool IsCurrent { get; }

    /// <summary>
    /// The contexts of a kubeconfig in the order of the alphabet: of a file, or of a text; without one, of the files that kubectl reads.
    /// </summary>
    /// <exception cref="KubernetesException">It cannot be read, or is none.</exception>
    public static IReadOnlyList<KubeconfigContext> All(string/*?*/ kubeconfig = null) {
      using (var read = Kubeconfig.Of(kubeconfig)) return read.Contexts;
    }

    /// <summary>Its name.</summary>
    public override string ToString() { return Name; }
  }
}
