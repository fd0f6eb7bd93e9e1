using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace K8sc {
  /// <summary>
  /// JSON as plain values: Dictionary&lt;string, object&gt;, List&lt;object&gt;, string, bool, long, double and null. It is here so that the
  /// assembly needs no other, on Mono as on .NET. Integers are exact: what does not fit a long is a decimal.
  /// </summary>
  internal sealed class Json {
    // Nothing here calls itself, for a thread's stack may be small.
    const int deepest = 10000;
    readonly string text;
    int at;

    Json(string text) { this.text = text; }

    internal static object Parse(string text) {
      var json = new Json(text);
      object value = json.Value();
      json.Space();
      if (json.at != text.Length) throw json.Wrong("the end");
      return value;
    }

    internal static string Write(object value) {
      var into = new StringBuilder();
      var open = new Stack<Container>();
      Begin(into, value, open);
      while (open.Count > 0) open.Peek().Next(into, open);
      return into.ToString();
    }

    FormatException Wrong(string expected) { return new FormatException("JSON: " + expected + " expected at " + at); }

    void Space() {
      while (at < text.Length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) at++;
    }

    bool Take(char one) {
      Space();
      if (at >= text.Length || text[at] != one) return false;
      at++;
      return true;
    }

    /// <summary>A value whose members, if it has any, are read one after the other into what is open.</summary>
    object Value() {
      var open = new Stack<object>();
      var keys = new Stack<string>();
      for (;;) {
        if (open.Count > deepest) throw Wrong("less depth");
        object value = Take('{') ? new Dictionary<string, object>() : Take('[') ? new List<object>() : Scalar();
        if (value is Dictionary<string, object> && !Take('}')) {
          open.Push(value);
          keys.Push(Key());
        } else if (value is List<object> && !Take(']')) {
          open.Push(value);
        } else if (Closes(value, open, keys, out value)) {
          return value;
        }
      }
    }

    /// <summary>Puts a value where it belongs, and what that ends into what is around it. True at the end of all; false where another value follows.</summary>
    bool Closes(object value, Stack<object> open, Stack<string> keys, out object whole) {
      whole = value;
      for (; open.Count > 0; whole = open.Pop()) {
        var map = open.Peek() as Dictionary<string, object>;
        if (map != null) map[keys.Pop()] = whole;
        else ((List<object>)open.Peek()).Add(whole);
        if (Take(',')) {
          if (map != null) keys.Push(Key());
          return false;
        }
        if (!Take(map != null ? '}' : ']')) throw Wrong(map != null ? "'}'" : "']'");
      }
      return true;
    }

    string Key() {
      Space();
      if (at >= text.Length || text[at] != '"') throw Wrong("a key");
      string key = String();
      if (!Take(':')) throw Wrong("':'");
      return key;
    }

    object Scalar() {
      Space();
      if (at >= text.Length) throw Wrong("a value");
      switch (text[at]) {
      case '"': return String();
      case 't': return Word("true", true);
      case 'f': return Word("false", false);
      case 'n': return Word("null", null);
      default: return Number();
      }
    }

    object Word(string word, object value) {
      if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) throw Wrong("a value");
      at += word.Length;
      return value;
    }

    string String() {
      int begin = ++at;
      while (at < text.Length && text[at] != '"' && text[at] != '\\') at++;
      if (at < text.Length && text[at] == '"') return text.Substring(begin, at++ - begin);
      var made = new StringBuilder();
      made.Append(text, begin, at - begin);
      while (at < text.Length && text[at] != '"') {
        if (text[at] != '\\') made.Append(text[at++]);
        else made.Append(Escaped());
      }
      if (at >= text.Length) throw Wrong("'\"'");
      at++;
      return made.ToString();
    }

    char Escaped() {
      if (++at >= text.Length) throw Wrong("an escape");
      char one = text[at++];
      int known = "\"\\/bfnrt".IndexOf(one);
      if (known >= 0) return "\"\\/\b\f\n\r\t"[known];
      int code;
      if (one != 'u' || at + 4 > text.Length || !int.TryParse(text.Substring(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code)) throw Wrong("an escape");
      at += 4;
      return (char)code;
    }

    object Number() {
      int begin = at;
      bool whole = true;
      while (at < text.Length && "+-.0123456789eE".IndexOf(text[at]) >= 0) {
        whole &= "+.eE".IndexOf(text[at]) < 0;
        at++;
      }
      string word = text.Substring(begin, at - begin);
      long integer;
      decimal large;
      double number;
      if (whole && long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integer)) return integer;
      if (whole && decimal.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out large)) return large;
      if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out number)) return number;
      at = begin;
      throw Wrong("a value");
    }

    /// <summary>An array or object that is being written.</summary>
    sealed class Container {
      readonly IEnumerator members;
      readonly bool isMap;
      bool isFirst = true;

      internal Container(IEnumerator members, bool isMap) {
        this.members = members;
        this.isMap = isMap;
      }

      internal void Next(StringBuilder into, Stack<Container> open) {
        if (!members.MoveNext()) {
          into.Append(isMap ? '}' : ']');
          open.Pop();
          return;
        }
        if (!isFirst) into.Append(',');
        isFirst = false;
        object value = members.Current;
        if (isMap) {
          var entry = (DictionaryEntry)value;
          if (!(entry.Key is string)) throw new ArgumentException("keys of JSON are strings, not " + entry.Key.GetType());
          Quote(into, (string)entry.Key);
          into.Append(':');
          value = entry.Value;
        }
        Begin(into, value, open);
      }
    }

    static void Open(StringBuilder into, IEnumerator members, bool isMap, Stack<Container> open) {
      if (open.Count >= deepest) throw new ArgumentException("a value contains itself, or is nested too deep");
      into.Append(isMap ? '{' : '[');
      open.Push(new Container(members, isMap));
    }

    /// <summary>Writes a value, or the beginning of one that has members.</summary>
    static void Begin(StringBuilder into, object value, Stack<Container> open) {
      if (value is IntOrString) value = ((IntOrString)value).Value;
      if (value is Model) value = ((Model)value).Map;
      if (value == null) into.Append("null");
      else if (value is string) Quote(into, (string)value);
      else if (value is bool) into.Append((bool)value ? "true" : "false");
      else if (value is KubernetesObject) into.Append(((KubernetesObject)value).ToJson());
      else if (value is IDictionary) Open(into, ((IDictionary)value).GetEnumerator(), true, open);
      else if (value is byte[]) Quote(into, Convert.ToBase64String((byte[])value));
      else if (value is IEnumerable) Open(into, ((IEnumerable)value).GetEnumerator(), false, open);
      else if (value is double || value is float) Number(into, Convert.ToDouble(value, CultureInfo.InvariantCulture));
      else if (value is sbyte || value is byte || value is short || value is ushort || value is int || value is uint || value is long || value is ulong || value is decimal) {
        into.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
      } else if (value is DateTimeOffset) Quote(into, Form.Time((DateTimeOffset)value));
      else if (value is DateTime) Quote(into, Form.Time(new DateTimeOffset(((DateTime)value).ToUniversalTime())));
      else throw new ArgumentException("a " + value.GetType() + " has no form in JSON");
    }

    static void Number(StringBuilder into, double value) {
      if (double.IsNaN(value) || double.IsInfinity(value)) throw new ArgumentException(value.ToString(CultureInfo.InvariantCulture) + " has no form in JSON");
      into.Append(value.ToString("R", CultureInfo.InvariantCulture));
    }

    static void Quote(StringBuilder into, string value) {
      into.Append('"');
      foreach (char one in value) {
        int known = "\"\\\b\f\n\r\t".IndexOf(one);
        if (known >= 0) into.Append('\\').Append("\"\\bfnrt"[known]);
        else if (one < ' ') into.Append("\\u").Append(((int)one).ToString("x4", CultureInfo.InvariantCulture));
        else into.Append(one);
      }
      into.Append('"');
    }
  }
}
