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
    // Both ways go by recursion, on threads with little stack, too. Objects may be deeper; their JSON text is there for those.
    const int MostDepth = 1000;
    readonly string text;
    int at;

    Json(string text) { this.text = text; }

    internal static object Parse(string text) {
      var json = new Json(text);
      object value = json.Value(0);
      json.Space();
      if (json.at != text.Length) throw json.Wrong("the end");
      return value;
    }

    internal static string Write(object value) {
      var into = new StringBuilder();
      Write(into, value, 0);
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

    object Value(int depth) {
      if (depth > MostDepth) throw Wrong("not more than " + MostDepth + " levels of depth are");
      Space();
      if (at >= text.Length) throw Wrong("a value");
      switch (text[at]) {
      case '{': return Map(depth);
      case '[': return Array(depth);
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

    Dictionary<string, object> Map(int depth) {
      var map = new Dictionary<string, object>();
      at++;
      if (Take('}')) return map;
      do {
        Space();
        if (at >= text.Length || text[at] != '"') throw Wrong("a key");
        string key = String();
        if (!Take(':')) throw Wrong("':'");
        map[key] = Value(depth + 1);
      } while (Take(','));
      if (!Take('}')) throw Wrong("'}'");
      return map;
    }

    List<object> Array(int depth) {
      var list = new List<object>();
      at++;
      if (Take(']')) return list;
      do list.Add(Value(depth + 1)); while (Take(','));
      if (!Take(']')) throw Wrong("']'");
      return list;
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

    static void Write(StringBuilder into, object value, int depth) {
      if (depth > MostDepth) throw new ArgumentException("a value contains itself, or is nested too deep");
      if (value == null) into.Append("null");
      else if (value is string) Quote(into, (string)value);
      else if (value is bool) into.Append((bool)value ? "true" : "false");
      else if (value is Model) Write(into, ((Model)value).Map, depth);
      else if (value is KubernetesObject) into.Append(((KubernetesObject)value).ToJson());
      else if (value is IDictionary) Write(into, (IDictionary)value, depth);
      else if (value is byte[]) Quote(into, Convert.ToBase64String((byte[])value));
      else if (value is IEnumerable) Write(into, (IEnumerable)value, depth);
      else if (value is double || value is float) Number(into, Convert.ToDouble(value, CultureInfo.InvariantCulture));
      else if (value is sbyte || value is byte || value is short || value is ushort || value is int || value is uint || value is long || value is ulong || value is decimal) {
        into.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
      } else if (value is DateTimeOffset) Quote(into, Form.Time((DateTimeOffset)value));
      else if (value is DateTime) Quote(into, Form.Time(new DateTimeOffset(((DateTime)value).ToUniversalTime())));
      else if (value is IntOrString) Write(into, ((IntOrString)value).Value, depth);
      else throw new ArgumentException("a " + value.GetType() + " has no form in JSON");
    }

    static void Number(StringBuilder into, double value) {
      if (double.IsNaN(value) || double.IsInfinity(value)) throw new ArgumentException(value.ToString(CultureInfo.InvariantCulture) + " has no form in JSON");
      into.Append(value.ToString("R", CultureInfo.InvariantCulture));
    }

    static void Write(StringBuilder into, IDictionary map, int depth) {
      char before = '{';
      foreach (DictionaryEntry entry in map) {
        if (!(entry.Key is string)) throw new ArgumentException("keys of JSON are strings, not " + entry.Key.GetType());
        into.Append(before);
        Quote(into, (string)entry.Key);
        into.Append(':');
        Write(into, entry.Value, depth + 1);
        before = ',';
      }
      into.Append(before == '{' ? "{}" : "}");
    }

    static void Write(StringBuilder into, IEnumerable list, int depth) {
      char before = '[';
      foreach (object value in list) {
        into.Append(before);
        Write(into, value, depth + 1);
        before = ',';
      }
      into.Append(before == '[' ? "[]" : "]");
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
