using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace K8sc {
  /// <summary>A whole number, or a text such as "25%" or the name of a port.</summary>
  public struct IntOrString : IEquatable<IntOrString> {
    readonly object value;

    /// <summary>A number.</summary>
    public IntOrString(long number) { value = number; }
    /// <summary>A text.</summary>
    public IntOrString(string text) { value = text; }

    internal object Value { get { return value ?? 0L; } }
    /// <summary>The number; null where it is a text.</summary>
    public long? Number { get { return Value as long?; } }
    /// <summary>The text; null where it is a number.</summary>
    public string/*?*/ Text { get { return Value as string; } }

    /// <summary>A number.</summary>
    public static implicit operator IntOrString(long number) { return new IntOrString(number); }
    /// <summary>A text.</summary>
    public static implicit operator IntOrString(string text) { return new IntOrString(text); }
    /// <summary>Whether both are the same number, or the same text.</summary>
    public bool Equals(IntOrString other) { return Value.Equals(other.Value); }
    /// <summary>The same.</summary>
    public override bool Equals(object/*?*/ other) { return other is IntOrString && Equals((IntOrString)other); }
    /// <summary>Of the number or the text.</summary>
    public override int GetHashCode() { return Value.GetHashCode(); }
    /// <summary>As it is written.</summary>
    public override string ToString() { return Convert.ToString(Value, CultureInfo.InvariantCulture); }
  }

  /// <summary>How values of models stand in JSON.</summary>
  internal static class Form {
    internal static string Time(DateTimeOffset time) {
      var utc = time.ToUniversalTime();
      return utc.ToString(utc.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
    }

    internal static DateTimeOffset? Time(object value) {
      DateTimeOffset time;
      return value is string && DateTimeOffset.TryParse((string)value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time) ? time : (DateTimeOffset?)null;
    }

    internal static byte[] Bytes(object value) { return value is string ? Convert.FromBase64String((string)value) : null; }

    internal static IntOrString? Either(object value) {
      if (value is long) return new IntOrString((long)value);
      return value is string ? new IntOrString((string)value) : (IntOrString?)null;
    }

    internal static double? Number(object value) {
      return value is double || value is long || value is decimal ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : (double?)null;
    }

    /// <summary>As a CopyTo asks for it.</summary>
    internal static void Room(Array array, int index, int count) {
      if (array == null) throw new ArgumentNullException("array");
      if (index < 0) throw new ArgumentOutOfRangeException("index");
      if (array.Length - index < count) throw new ArgumentException("the array is too short");
    }

    internal static List<string> Strings(object value) {
      var list = value as List<object>;
      return list == null ? null : list.Select(one => one as string).ToList();
    }
  }

  /// <summary>
  /// An object of Kubernetes, or a part of one, with a property for each field that its kind has. It is a view of the document: what
  /// it does not know is kept and sent back as it came, a property that is null is absent, and parts that were read from it change with it.
  /// Reads may run on several threads at once, writes may not.
  /// </summary>
  public abstract class Model {
    KubernetesObject source;
    Model root;
    string path = "";
    Dictionary<string, object> map;

    internal static T Bind<T>(KubernetesObject source) where T : Model, new() { return new T { source = source }; }

    internal static T View<T>(object value) where T : Model, new() {
      return value is Dictionary<string, object> ? new T { map = (Dictionary<string, object>)value } : null;
    }

    // As long as nothing was written, the document itself is asked, and no tree of values is made of it.
    bool IsUnread { get { return map == null && (root == null ? source != null : root.map == null); } }
    KubernetesObject Source { get { return root == null ? source : root.source; } }

    internal Dictionary<string, object> Map {
      get {
        if (map != null) return map;
        if (root != null) map = Walk(root.Map, path);
        else map = source == null ? Begin() : source.ToDictionary();
        return map;
      }
    }

    internal virtual Dictionary<string, object> Begin() { return new Dictionary<string, object>(); }

    static Dictionary<string, object> Walk(Dictionary<string, object> from, string path) {
      object found = from;
      foreach (string part in path.Substring(1).Split('/')) {
        var parent = found as Dictionary<string, object>;
        if (parent == null || !parent.TryGetValue(part, out found)) found = null;
      }
      if (!(found is Dictionary<string, object>)) throw new InvalidOperationException("what was at " + path + " has been taken out of the object");
      return (Dictionary<string, object>)found;
    }

    internal object Raw(string name) {
      object value;
      return Map.TryGetValue(name, out value) ? value : null;
    }

    internal void Write(string name, object value) {
      if (value == null) Map.Remove(name);
      else Map[name] = value;
    }

    internal string ReadString(string name) { return IsUnread ? Source.Text(path + "/" + name) : Raw(name) as string; }
    internal long? ReadInteger(string name) { return IsUnread ? Source.Integer(path + "/" + name) : Raw(name) as long?; }
    internal bool? ReadBoolean(string name) { return IsUnread ? Source.Boolean(path + "/" + name) : Raw(name) as bool?; }
    internal double? ReadNumber(string name) { return IsUnread ? Source.Number(path + "/" + name) : Form.Number(Raw(name)); }
    internal DateTimeOffset? ReadTime(string name) { return Form.Time((object)ReadString(name)); }
    internal byte[] ReadBytes(string name) { return Form.Bytes(ReadString(name)); }
    internal IntOrString? ReadEither(string name) { return Form.Either(Raw(name)); }

    internal T ReadModel<T>(string name) where T : Model, new() {
      if (!IsUnread) return View<T>(Raw(name));
      string there = path + "/" + name;
      return Source.IsObject(there) ? new T { root = root ?? this, path = there } : null;
    }

    static object MapOf(Model one) { return one == null ? null : one.Map; }

    internal void WriteModel(string name, Model value) { Write(name, MapOf(value)); }
    internal void WriteTime(string name, DateTimeOffset? value, bool micro) {
      if (value == null) Write(name, null);
      else if (micro) Write(name, value.Value.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
      else Write(name, Form.Time(value.Value));
    }
    internal void WriteBytes(string name, byte[] value) { Write(name, value == null ? null : Convert.ToBase64String(value)); }
    internal void WriteEither(string name, IntOrString? value) { Write(name, value == null ? null : value.Value.Value); }

    internal ModelList<T> ReadModels<T>(string name) where T : Model, new() { return new ModelList<T>(this, name, View<T>, MapOf); }
    internal ModelList<string> ReadStrings(string name) { return new ModelList<string>(this, name, one => one as string, one => one); }
    internal ModelList<bool> ReadBooleans(string name) { return new ModelList<bool>(this, name, one => one as bool? ?? false, one => one); }
    internal ModelList<long> ReadIntegers(string name) { return new ModelList<long>(this, name, one => one as long? ?? 0, one => one); }
    internal ModelList<object> ReadValues(string name) { return new ModelList<object>(this, name, one => one, one => one); }
    internal ModelMap<T> ReadModelMap<T>(string name) where T : Model, new() { return new ModelMap<T>(this, name, View<T>, MapOf); }
    internal ModelMap<string> ReadStringMap(string name) { return new ModelMap<string>(this, name, one => one as string, one => one); }
    internal ModelMap<byte[]> ReadBytesMap(string name) { return new ModelMap<byte[]>(this, name, Form.Bytes, Convert.ToBase64String); }
    internal ModelMap<DateTimeOffset?> ReadTimeMap(string name) {
      return new ModelMap<DateTimeOffset?>(this, name, Form.Time, one => one == null ? null : Form.Time(one.Value));
    }
    internal ModelMap<IList<string>> ReadStringsMap(string name) {
      return new ModelMap<IList<string>>(this, name, one => Form.Strings(one), one => one.Cast<object>().ToList());
    }

    internal void WriteList<T>(string name, IEnumerable<T> values, Func<T, object> write) { Write(name, values == null ? null : values.Select(write).ToList()); }
    internal void WriteModels<T>(string name, IEnumerable<T> values) where T : Model { WriteList(name, values, MapOf); }
    internal void WriteMap<T>(string name, IEnumerable<KeyValuePair<string, T>> values, Func<T, object> write) {
      Write(name, values == null ? null : values.ToDictionary(one => one.Key, one => write(one.Value)));
    }
    internal void WriteModelMap<T>(string name, IEnumerable<KeyValuePair<string, T>> values) where T : Model { WriteMap(name, values, MapOf); }

    internal KubernetesObject Frozen() { return map == null && source != null ? source : KubernetesObject.FromJson(ToJson()); }

    /// <summary>As one line of JSON.</summary>
    public string ToJson() { return map == null && root == null && source != null ? source.ToJson() : Json.Write(Map); }

    /// <summary>JSON.</summary>
    public override string ToString() { return ToJson(); }
  }

  /// <summary>A model that is an object of its own, with kind and apiVersion.</summary>
  public abstract class ObjectModel : Model, IKubernetesObject {
    internal abstract string OwnApiVersion { get; }
    internal abstract string OwnKind { get; }

    internal override Dictionary<string, object> Begin() {
      return new Dictionary<string, object> { { "apiVersion", OwnApiVersion }, { "kind", OwnKind } };
    }

    /// <summary>The document as it is now.</summary>
    public KubernetesObject ToObject() { return Frozen(); }
  }

  /// <summary>An array of a model, as it stands in the document. It is empty, and not null, where there is none, and made by the first Add.</summary>
  public sealed class ModelList<T> : IList<T> {
    readonly Model owner;
    readonly string name;
    readonly Func<object, T> read;
    readonly Func<T, object> write;

    internal ModelList(Model owner, string name, Func<object, T> read, Func<T, object> write) {
      this.owner = owner;
      this.name = name;
      this.read = read;
      this.write = write;
    }

    static readonly List<object> nothing = new List<object>();
    List<object> Values { get { return owner.Raw(name) as List<object> ?? nothing; } }
    List<object> Own() {
      var values = owner.Raw(name) as List<object>;
      if (values == null) owner.Write(name, values = new List<object>());
      return values;
    }

    /// <summary>How many there are.</summary>
    public int Count { get { return Values.Count; } }
    /// <summary>False.</summary>
    public bool IsReadOnly { get { return false; } }
    /// <summary>One of them.</summary>
    public T this[int index] {
      get { return read(Values[index]); }
      set { Values[index] = write(value); }
    }
    /// <summary>Puts one at the end.</summary>
    public void Add(T item) { Own().Add(write(item)); }
    /// <summary>Puts one in between.</summary>
    public void Insert(int index, T item) { Own().Insert(index, write(item)); }
    /// <summary>Takes one out.</summary>
    public void RemoveAt(int index) { Values.RemoveAt(index); }
    /// <summary>Takes out what is the same.</summary>
    public bool Remove(T item) {
      int index = IndexOf(item);
      if (index >= 0) RemoveAt(index);
      return index >= 0;
    }
    /// <summary>Leaves an empty array.</summary>
    public void Clear() { Own().Clear(); }
    /// <summary>Where it is: the same value, or the same part of the document; -1 where it is not.</summary>
    public int IndexOf(T item) {
      object wanted = write(item);
      return Values.FindIndex(one => ReferenceEquals(one, wanted) || (one != null && one.Equals(wanted)));
    }
    /// <summary>Whether it is there.</summary>
    public bool Contains(T item) { return IndexOf(item) >= 0; }
    /// <summary>Copies all.</summary>
    public void CopyTo(T[] array, int index) {
      Form.Room(array, index, Count);
      foreach (object one in Values) array[index++] = read(one);
    }
    /// <summary>In order.</summary>
    public IEnumerator<T> GetEnumerator() { return Values.Select(read).GetEnumerator(); }
    IEnumerator IEnumerable.GetEnumerator() { return GetEnumerator(); }
  }

  /// <summary>A map of a model, as it stands in the document. It is empty, and not null, where there is none, and made by the first Add.</summary>
  public sealed class ModelMap<T> : IDictionary<string, T> {
    readonly Model owner;
    readonly string name;
    readonly Func<object, T> read;
    readonly Func<T, object> write;

    internal ModelMap(Model owner, string name, Func<object, T> read, Func<T, object> write) {
      this.owner = owner;
      this.name = name;
      this.read = read;
      this.write = write;
    }

    static readonly Dictionary<string, object> nothing = new Dictionary<string, object>();
    Dictionary<string, object> There { get { return owner.Raw(name) as Dictionary<string, object> ?? nothing; } }
    Dictionary<string, object> Own() {
      var values = owner.Raw(name) as Dictionary<string, object>;
      if (values == null) owner.Write(name, values = new Dictionary<string, object>());
      return values;
    }
    KeyValuePair<string, T> Pair(KeyValuePair<string, object> one) { return new KeyValuePair<string, T>(one.Key, read(one.Value)); }

    /// <summary>How many there are.</summary>
    public int Count { get { return There.Count; } }
    /// <summary>False.</summary>
    public bool IsReadOnly { get { return false; } }
    /// <summary>A key's value; KeyNotFoundException where there is none.</summary>
    public T this[string key] {
      get { return read(There[key]); }
      set { Own()[key] = write(value); }
    }
    /// <summary>The keys.</summary>
    public ICollection<string> Keys { get { return There.Keys; } }
    /// <summary>The values.</summary>
    public ICollection<T> Values { get { return There.Values.Select(read).ToList(); } }
    /// <summary>Adds one; ArgumentException where the key is there.</summary>
    public void Add(string key, T value) { Own().Add(key, write(value)); }
    /// <summary>Whether the key is there.</summary>
    public bool ContainsKey(string key) { return There.ContainsKey(key); }
    /// <summary>Takes it out.</summary>
    public bool Remove(string key) { return There.Remove(key); }
    /// <summary>A key's value, if there is one.</summary>
    public bool TryGetValue(string key, out T value) {
      object found;
      bool there = There.TryGetValue(key, out found);
      value = there ? read(found) : default(T);
      return there;
    }
    /// <summary>Leaves an empty map.</summary>
    public void Clear() { Own().Clear(); }
    void ICollection<KeyValuePair<string, T>>.Add(KeyValuePair<string, T> item) { Add(item.Key, item.Value); }
    bool ICollection<KeyValuePair<string, T>>.Contains(KeyValuePair<string, T> item) {
      object found;
      return There.TryGetValue(item.Key, out found) && Equals(found, write(item.Value));
    }
    bool ICollection<KeyValuePair<string, T>>.Remove(KeyValuePair<string, T> item) {
      return ((ICollection<KeyValuePair<string, T>>)this).Contains(item) && Remove(item.Key);
    }
    void ICollection<KeyValuePair<string, T>>.CopyTo(KeyValuePair<string, T>[] array, int index) {
      Form.Room(array, index, Count);
      foreach (var one in There) array[index++] = Pair(one);
    }
    /// <summary>All pairs.</summary>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() { return There.Select(Pair).GetEnumerator(); }
    IEnumerator IEnumerable.GetEnumerator() { return GetEnumerator(); }
  }
}
