using System;
using System.Collections;
using System.Collections.Generic;
using K8sc.Native;

namespace K8sc {
  /// <summary>What can be sent to a server and comes from it: a <see cref="KubernetesObject"/>, or one of the typed models.</summary>
  public interface IKubernetesObject {
    /// <summary>The document as it is now.</summary>
    KubernetesObject ToObject();
  }

  /// <summary>
  /// Any object of Kubernetes, never changed, and read lazily: a field is looked up when it is asked for. Pointers are JSON Pointers
  /// such as "/spec/containers/0/image". Any thread may read it. To change one, take <see cref="ToDictionary"/> or <see cref="As{T}"/>,
  /// and send what you made of that.
  /// </summary>
  public sealed class KubernetesObject : IKubernetesObject, IDisposable {
    readonly Document document;

    internal KubernetesObject(Document document) { this.document = document; }

    internal static KubernetesObject Of(Document document) { return document == null ? null : new KubernetesObject(document); }

    internal Document Handle { get { return document; } }

    /// <summary>metadata.name; null where it is absent, as with all text here.</summary>
    public string/*?*/ Name { get { return document.name(); } }
    /// <summary>metadata.namespace.</summary>
    public string/*?*/ Namespace { get { return document.namespace_(); } }
    /// <summary>metadata.uid.</summary>
    public string/*?*/ Uid { get { return document.uid(); } }
    /// <summary>metadata.resourceVersion.</summary>
    public string/*?*/ ResourceVersion { get { return document.resource_version(); } }
    /// <summary>The kind, such as "Pod".</summary>
    public string/*?*/ Kind { get { return document.kind(); } }
    /// <summary>Group and version, such as "apps/v1".</summary>
    public string/*?*/ ApiVersion { get { return document.api_version(); } }

    /// <summary>A label's value.</summary>
    public string/*?*/ Label(string key) { return document.label(key); }
    /// <summary>An annotation's value.</summary>
    public string/*?*/ Annotation(string key) { return document.annotation(key); }

    /// <summary>Whether there is something, null included, at the pointer.</summary>
    public bool Has(string pointer) { return document.type(pointer) != Core.TYPE_ABSENT; }
    /// <summary>The string there; null where there is none.</summary>
    public string/*?*/ Text(string pointer) { return document.str(pointer); }
    /// <summary>The integer there; null where there is none.</summary>
    public long? Integer(string pointer) { return document.type(pointer) == Core.TYPE_INTEGER ? document.integer(pointer, 0) : (long?)null; }
    /// <summary>The number there, whole or not; null where there is none.</summary>
    public double? Number(string pointer) {
      int type = document.type(pointer);
      return type == Core.TYPE_INTEGER || type == Core.TYPE_NUMBER ? document.number(pointer, 0) : (double?)null;
    }
    /// <summary>The boolean there; null where there is none.</summary>
    public bool? Boolean(string pointer) { return document.type(pointer) == Core.TYPE_BOOL ? document.boolean(pointer, false) : (bool?)null; }
    /// <summary>How many elements or members the array or object there has; 0 where there is none.</summary>
    public long Count(string pointer) { return document.size(pointer); }
    /// <summary>The keys of the object there.</summary>
    public IReadOnlyList<string> Keys(string pointer) {
      var keys = new string[document.type(pointer) == Core.TYPE_OBJECT ? document.size(pointer) : 0];
      for (int i = 0; i < keys.Length; i++) keys[i] = document.key(pointer, i);
      return keys;
    }

    internal bool IsObject(string pointer) { return document.type(pointer) == Core.TYPE_OBJECT; }

    /// <summary>
    /// What is there, as plain values that are yours to change: Dictionary&lt;string, object&gt;, List&lt;object&gt;, string, bool, long,
    /// double (decimal for integers beyond long), null.
    /// </summary>
    public object/*?*/ Value(string pointer) {
      if (pointer == null) throw new ArgumentNullException("pointer");
      if (pointer.Length > 0 && pointer[0] != '/') return null;
      object found = Json.Parse(ToJson());
      foreach (string part in pointer.Length == 0 ? new string[0] : pointer.Substring(1).Split('/')) {
        string key = part.Replace("~1", "/").Replace("~0", "~");
        int index;
        if (found is Dictionary<string, object>) ((Dictionary<string, object>)found).TryGetValue(key, out found);
        else if (found is List<object> && int.TryParse(key, out index) && index >= 0 && index < ((List<object>)found).Count) found = ((List<object>)found)[index];
        else return null;
      }
      return found;
    }

    /// <summary>The whole document as <see cref="Value"/> has it.</summary>
    public Dictionary<string, object/*?*/> ToDictionary() { return (Dictionary<string, object>)Json.Parse(ToJson()); }

    /// <summary>The same as a typed model, such as K8sc.CoreV1.Pod; fields that the model does not know are kept.</summary>
    public T As<T>() where T : Model, new() { return Model.Bind<T>(this); }

    /// <summary>As one line of JSON.</summary>
    public string ToJson() { return document.json(); }

    /// <summary>As YAML.</summary>
    public string ToYaml() {
      string yaml;
      document.to_yaml(out yaml);
      return yaml;
    }

    /// <summary>Fails where the object does not fit the built-in schema of its kind: <see cref="InvalidObjectException"/>.</summary>
    public void Validate() { Core.schema_validate(document, null); }

    KubernetesObject IKubernetesObject.ToObject() { return this; }

    /// <summary>JSON.</summary>
    /// <exception cref="DocumentException">It is none, or not an object.</exception>
    public static KubernetesObject FromJson(string json) {
      Document made;
      Core.object_parse_json(json, out made);
      return new KubernetesObject(made);
    }

    /// <summary>One YAML document.</summary>
    /// <exception cref="DocumentException">It is none, or not a mapping.</exception>
    public static KubernetesObject FromYaml(string yaml) {
      Document made;
      Core.object_parse_yaml(yaml, out made);
      return new KubernetesObject(made);
    }

    /// <summary>Plain values: dictionaries with string keys, lists, strings, numbers, booleans, null.</summary>
    public static KubernetesObject From(IDictionary values) { return FromJson(Json.Write(values)); }

    /// <summary>Frees the document now, and not when the garbage is collected.</summary>
    public void Dispose() { document.Dispose(); }

    /// <summary>Kind and name.</summary>
    public override string ToString() { return Kind + " " + (string.IsNullOrEmpty(Namespace) ? "" : Namespace + "/") + Name; }
  }

  /// <summary>A list as the server sent it: all of it, or a page.</summary>
  public sealed class KubernetesList<T> : IReadOnlyList<T> {
    readonly T[] items;

    internal KubernetesList(ObjectList list, Func<KubernetesObject, T> wrap) {
      using (list) {
        items = new T[list.size()];
        for (int i = 0; i < items.Length; i++) {
          Document one;
          list.object_(i, out one);
          items[i] = wrap(new KubernetesObject(one));
        }
        ResourceVersion = list.resource_version();
        Continue = list.continue_();
        long remaining = list.remaining_item_count();
        if (remaining >= 0) RemainingItemCount = remaining;
      }
    }

    /// <summary>The list's own, for a watch that goes on from here.</summary>
    public string ResourceVersion { get; }
    /// <summary>The token of the next page, for RequestOptions.Continue; null or "" at the end.</summary>
    public string/*?*/ Continue { get; }
    /// <summary>How many are still to come, where the server tells.</summary>
    public long? RemainingItemCount { get; }
    /// <summary>How many are here.</summary>
    public int Count { get { return items.Length; } }
    /// <summary>One of them.</summary>
    public T this[int index] {
      get {
        if (index < 0 || index >= items.Length) throw new ArgumentOutOfRangeException("index");
        return items[index];
      }
    }
    /// <summary>In the server's order.</summary>
    public IEnumerator<T> GetEnumerator() { return ((IEnumerable<T>)items).GetEnumerator(); }
    IEnumerator IEnumerable.GetEnumerator() { return items.GetEnumerator(); }
  }
}
