using System;
using System.Collections;
using System.Collections.Generic;
using K8sc.Native;

namespace K8sc {
  /// <summary>
  /// The content of kubeconfig files, to read, change and write. A stanza is a dictionary with the fields of a kubeconfig, such as "server" and
  /// "certificate-authority-data"; Set takes it back after a change. Any thread may use it.
  /// </summary>
  public sealed class Kubeconfig : IDisposable {
    // One thread at a time uses it.
    readonly Native.Kubeconfig handle;

    Kubeconfig(Native.Kubeconfig handle) { this.handle = handle; }

    /// <summary>Makes an empty kubeconfig, which belongs to no file.</summary>
    public Kubeconfig() { Core.kubeconfig_new(out handle); }

    /// <summary>Loads a file, which must exist. Without a path it loads and merges the files that kubectl reads; there may be none.</summary>
    /// <exception cref="KubernetesException">A file cannot be read, or is not a kubeconfig.</exception>
    public static Kubeconfig Load(string/*?*/ path = null) {
      Native.Kubeconfig made;
      Core.kubeconfig_load(path, out made);
      return new Kubeconfig(made);
    }

    /// <summary>Parses the text of a kubeconfig, which belongs to no file.</summary>
    /// <exception cref="KubernetesException">It is not YAML, or not a kubeconfig.</exception>
    public static Kubeconfig Parse(string text) {
      if (text == null) throw new ArgumentNullException("text");
      Native.Kubeconfig made;
      Core.kubeconfig_parse(text, out made);
      return new Kubeconfig(made);
    }

    /// <summary>Whether it is the text of a kubeconfig, and not the name of a file.</summary>
    internal static bool IsText(string given) { return given != null && given.IndexOf('\n') >= 0; }

    internal static Kubeconfig Of(string given) { return IsText(given) ? Parse(given) : Load(given); }

    /// <summary>Gets or sets the name of the current context; null: none.</summary>
    /// <exception cref="ConfigException">No context has that name.</exception>
    public string/*?*/ CurrentContext {
      get { lock (handle) return handle.current_context(); }
      set { lock (handle) handle.set_current_context(value); }
    }

    /// <summary>Gets the names of the contexts in alphabetical order.</summary>
    public IReadOnlyList<string> ContextNames { get { lock (handle) return Names(handle.context_count(), handle.context_name); } }
    /// <summary>Gets the names of the clusters in alphabetical order.</summary>
    public IReadOnlyList<string> ClusterNames { get { lock (handle) return Names(handle.cluster_count(), handle.cluster_name); } }
    /// <summary>Gets the names of the users in alphabetical order.</summary>
    public IReadOnlyList<string> UserNames { get { lock (handle) return Names(handle.user_count(), handle.user_name); } }

    static string[] Names(int count, Func<int, string> at) {
      var names = new string[count];
      for (int i = 0; i < count; i++) names[i] = at(i);
      return names;
    }

    /// <summary>Gets the contexts in alphabetical order.</summary>
    public IReadOnlyList<KubeconfigContext> Contexts {
      get {
        lock (handle) {
          string current = handle.current_context();
          var contexts = new List<KubeconfigContext>();
          foreach (string name in ContextNames) {
            Document found;
            handle.get_context(name, out found);
            using (var stanza = new KubernetesObject(found)) contexts.Add(new KubeconfigContext(name, stanza, name == current));
          }
          return contexts;
        }
      }
    }

    delegate void Getting(string name, out Document found);

    Dictionary<string, object> Get(Getting get, string name) {
      if (name == null) throw new ArgumentNullException("name");
      Document found;
      lock (handle) get(name, out found);
      using (var stanza = new KubernetesObject(found)) return stanza.ToDictionary();
    }

    void Set(Action<string, string> set, string name, IDictionary stanza) {
      if (name == null) throw new ArgumentNullException("name");
      if (stanza == null) throw new ArgumentNullException("stanza");
      string json = Json.Write(stanza);
      lock (handle) set(name, json);
    }

    void Delete(Action<string> delete, string name) {
      if (name == null) throw new ArgumentNullException("name");
      lock (handle) delete(name);
    }

    /// <summary>Returns the stanza of a context.</summary>
    /// <exception cref="ConfigException">No context has that name.</exception>
    public Dictionary<string, object/*?*/> GetContext(string name) { return Get(handle.get_context, name); }
    /// <summary>Returns the stanza of a cluster, secrets included.</summary>
    /// <exception cref="ConfigException">No cluster has that name.</exception>
    public Dictionary<string, object/*?*/> GetCluster(string name) { return Get(handle.get_cluster, name); }
    /// <summary>Returns the stanza of a user, secrets included.</summary>
    /// <exception cref="ConfigException">No user has that name.</exception>
    public Dictionary<string, object/*?*/> GetUser(string name) { return Get(handle.get_user, name); }

    /// <summary>Sets the whole stanza of a context, new or existing: {"cluster": "c", "user": "u"}.</summary>
    /// <exception cref="InvalidArgumentException">A known field has a wrong type.</exception>
    public void SetContext(string name, IDictionary stanza) { Set(handle.set_context, name, stanza); }
    /// <summary>Sets the whole stanza of a cluster, new or existing: {"server": "https://c"}.</summary>
    /// <exception cref="InvalidArgumentException">A known field has a wrong type.</exception>
    public void SetCluster(string name, IDictionary stanza) { Set(handle.set_cluster, name, stanza); }
    /// <summary>Sets the whole stanza of a user, new or existing: {"token": "t"}.</summary>
    /// <exception cref="InvalidArgumentException">A known field has a wrong type.</exception>
    public void SetUser(string name, IDictionary stanza) { Set(handle.set_user, name, stanza); }

    /// <summary>Deletes a context from all files that have it. References to it stay.</summary>
    /// <exception cref="ConfigException">No context has that name.</exception>
    public void DeleteContext(string name) { Delete(handle.delete_context, name); }
    /// <summary>Deletes a cluster from all files that have it. References to it stay.</summary>
    /// <exception cref="ConfigException">No cluster has that name.</exception>
    public void DeleteCluster(string name) { Delete(handle.delete_cluster, name); }
    /// <summary>Deletes a user from all files that have it. References to it stay.</summary>
    /// <exception cref="ConfigException">No user has that name.</exception>
    public void DeleteUser(string name) { Delete(handle.delete_user, name); }

    /// <summary>
    /// Writes the changes, each stanza to its own file; with a path, everything to that file. A file is replaced as a whole or not at all.
    /// Waits up to 3 seconds for the lock of each file, which kubectl uses as well.
    /// </summary>
    /// <exception cref="KubernetesException">A file cannot be written, or there is no path and the kubeconfig belongs to no file.</exception>
    public void Write(string/*?*/ path = null) { lock (handle) handle.write(path); }

    /// <summary>Validates all stanzas, and the certificates and keys that they refer to.</summary>
    /// <exception cref="ConfigException">There are validation errors; Causes lists them.</exception>
    public void Validate() { lock (handle) handle.validate(); }

    /// <summary>Makes a kubeconfig with one context, the current one without an argument, and the stanzas that it uses.</summary>
    /// <exception cref="ConfigException">The context does not exist, or none is current.</exception>
    public Kubeconfig Minify(string/*?*/ context = null) {
      Native.Kubeconfig made;
      lock (handle) handle.minify(context, out made);
      return new Kubeconfig(made);
    }

    /// <summary>Makes a kubeconfig with the content of certificate and key files inline.</summary>
    /// <exception cref="ConfigException">A file cannot be read; Causes lists those files.</exception>
    public Kubeconfig Flatten() {
      Native.Kubeconfig made;
      lock (handle) handle.flatten(out made);
      return new Kubeconfig(made);
    }

    /// <summary>Returns the kubeconfig as YAML, secrets included. Paths are absolute.</summary>
    public string ToYaml() {
      string text;
      lock (handle) handle.to_yaml(out text);
      return text;
    }

    /// <summary>Returns the kubeconfig as YAML without secrets, for display.</summary>
    public string ToRedactedYaml() {
      string text;
      lock (handle) handle.redacted(out text);
      return text;
    }

    /// <summary>Makes a client of a context: that of the options or of their overrides, else the current one. Never uses the pod's service account.</summary>
    /// <exception cref="ConfigException">There is no such context, or a setting is wrong.</exception>
    public KubernetesClient Connect(ClientOptions/*?*/ options = null) { return new KubernetesClient(options, this); }

    internal Config Configuration(KubeconfigOverrides given) {
      Config made;
      using (var overrides = given.Make()) {
        lock (handle) handle.config(overrides, out made);
      }
      return made;
    }

    /// <summary>Frees it now, and not when the garbage is collected.</summary>
    public void Dispose() { handle.Dispose(); }
  }
}
