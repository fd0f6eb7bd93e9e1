using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Reflection;
using K8sc;
using K8sc.CoreV1;
using K8sc.MetaV1;

public static class ModelTest {
  const string text = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":\"y\"},\"creationTimestamp\":\"2024-05-06T07:08:09Z\"}," +
    "\"spec\":{\"nodeName\":\"n\",\"new\":{\"thing\":[1,2.5,null]},\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"unknown\":\"kept\"," +
    "\"ports\":[{\"containerPort\":80}],\"livenessProbe\":{\"httpGet\":{\"port\":\"http\"}}}]},\"status\":{\"phase\":\"Running\"}}";

  /// <summary>Objects as deep as the library takes them, on a thread with little stack.</summary>
  [Check] public static void as_deep_as_an_object_may_be() {
    const int deep = 9000;
    string text = "{\"a\":" + string.Concat(Enumerable.Repeat("[{\"b\":", deep / 2)) + "1" + string.Concat(Enumerable.Repeat("}]", deep / 2)) + "}";
    Exception failure = null;
    var thread = new Thread(() => {
      try {
        Check.Same(text, KubernetesObject.From(KubernetesObject.FromJson(text).ToDictionary()).ToJson());
        var itself = new List<object>();
        itself.Add(itself);
        Check.Throws<ArgumentException>(() => Patch.Merge(itself));
      } catch (Exception e) {
        failure = e;
      }
    }, 256 * 1024);
    thread.Start();
    thread.Join();
    if (failure != null) throw failure;
  }

  [Check] public static void what_is_not_known_is_kept() {
    var source = KubernetesObject.FromJson(text);
    var pod = source.As<Pod>();
    Check.Same(text, pod.ToJson());
    Check.Same(source.ToJson(), pod.ToObject().ToJson());
    Check.That(pod.Metadata.Name == "a" && pod.Spec.NodeName == "n" && pod.Status.Phase == "Running", "read without a tree");
    Check.Same(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero), pod.Metadata.CreationTimestamp.Value);
    var spec = pod.Spec;
    pod.Spec.Containers[0].Image = "new";
    Check.Same("new", spec.Containers[0].Image);
    spec.NodeName = "m";
    Check.Same("m", pod.Spec.NodeName);
    Check.Same(text.Replace("\"i\"", "\"new\"").Replace("\"n\"", "\"m\""), pod.ToJson());
    Check.Same(text, source.ToJson());
    Check.Same("m", pod.ToObject().Text("/spec/nodeName"));
  }

  [Check] public static void absent_is_not_zero() {
    var pod = new Pod();
    Check.Same("{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}", pod.ToJson());
    Check.That(pod.Metadata == null && pod.Spec == null, "absent objects");
    pod.Spec = new PodSpec();
    Check.That(pod.Spec.TerminationGracePeriodSeconds == null && !pod.Spec.HostNetwork && pod.Spec.Containers.Count == 0 && pod.Spec.NodeSelector.Count == 0, "absent values");
    Check.Contains("\"spec\":{}", pod.ToJson());
    pod.Spec.TerminationGracePeriodSeconds = 0;
    pod.Spec.AutomountServiceAccountToken = false;
    Check.Contains("\"spec\":{\"terminationGracePeriodSeconds\":0,\"automountServiceAccountToken\":false}", pod.ToJson());
    pod.Spec.TerminationGracePeriodSeconds = null;
    pod.Spec.AutomountServiceAccountToken = null;
    pod.Spec.Containers = null;
    Check.Contains("\"spec\":{}", pod.ToJson());
    pod.Spec.Containers = new List<Container>();
    Check.Contains("\"spec\":{\"containers\":[]}", pod.ToJson());
    var spec = KubernetesObject.FromJson(text).As<Pod>();
    var inner = spec.Spec;
    spec.Spec = null;
    Check.Throws<InvalidOperationException>(() => inner.NodeName = "x");
  }

  [Check] public static void lists_and_maps() {
    var pod = KubernetesObject.FromJson(text).As<Pod>();
    var containers = pod.Spec.Containers;
    var second = new Container { Name = "d" };
    containers.Add(second);
    containers.Insert(0, new Container { Name = "b" });
    Check.Same("b c d", string.Join(" ", pod.Spec.Containers.Select(one => one.Name)));
    Check.That(containers.IndexOf(second) == 2 && containers.Contains(second) && !containers.IsReadOnly, "found");
    second.Image = "late";
    Check.Same("late", pod.Spec.Containers[2].Image);
    Check.That(containers.Remove(second) && !containers.Remove(second), "removed");
    containers[0] = new Container { Name = "e" };
    containers.RemoveAt(1);
    var copy = new Container[1];
    containers.CopyTo(copy, 0);
    Check.Same("e", copy[0].Name);
    containers.Clear();
    Check.Same(0, pod.Spec.Containers.Count);
    var labels = pod.Metadata.Labels;
    labels.Add("a", "b");
    string found;
    Check.That(labels.TryGetValue("x", out found) && found == "y" && !labels.TryGetValue("z", out found) && labels.ContainsKey("a"), "found");
    Check.Throws<ArgumentException>(() => labels.Add("a", "c"));
    Check.Throws<KeyNotFoundException>(() => found = labels["none"]);
    Check.Same("x=y a=b", string.Join(" ", labels.Select(one => one.Key + "=" + one.Value)));
    Check.That(string.Join(" ", labels.Keys) == "x a" && string.Join(" ", labels.Values) == "y b", "keys and values");
    Check.That(labels.Contains(new KeyValuePair<string, string>("a", "b")) && labels.Remove(new KeyValuePair<string, string>("a", "b")) && !labels.Remove("a"), "removed");
    labels.Clear();
    Check.Contains("\"labels\":{}", pod.ToJson());
    var args = new Container { Args = { "a", "b" } };
    Check.Same("{\"args\":[\"a\",\"b\"]}", args.ToJson());
    Check.Same(1, args.Args.IndexOf("b"));
  }

  [Check] public static void forms() {
    var probe = KubernetesObject.FromJson(text).As<Pod>().Spec.Containers[0].LivenessProbe.HttpGet;
    Check.That(probe.Port.Value.Text == "http" && probe.Port.Value.Number == null, "a name");
    probe.Port = 8080;
    Check.That(probe.Port.Value.Number == 8080 && probe.Port.Value.ToString() == "8080" && probe.Port.Value.Equals(8080), "a number");
    Check.Same("{\"port\":8080}", probe.ToJson());
    var secret = new Secret { Data = { { "k", new byte[] { 0, 255 } } } };
    Check.Contains("\"data\":{\"k\":\"AP8=\"}", secret.ToJson());
    Check.Same(255, (int)secret.Data["k"][1]);
    var lease = new K8sc.CoordinationV1.LeaseSpec { RenewTime = new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)) };
    Check.Same("{\"renewTime\":\"2024-01-02T02:04:05.000000Z\"}", lease.ToJson());
    var limits = new ResourceRequirements { Limits = { { "cpu", "100m" } } };
    Check.Same("{\"limits\":{\"cpu\":\"100m\"}}", limits.ToJson());
    var extra = new K8sc.AuthenticationV1.UserInfo { Extra = { { "scopes", new[] { "a", "b" } } } };
    Check.Same("{\"extra\":{\"scopes\":[\"a\",\"b\"]}}", extra.ToJson());
    Check.Same("b", extra.Extra["scopes"][1]);
  }

  [Check] public static void json() {
    const string numbers = "{\"a\":9223372036854775807,\"b\":-9223372036854775808,\"c\":18446744073709551615,\"d\":0.1,\"e\":1E+30,\"f\":\"\\u0001\\n\\\"\\\\é😀\",\"g\":[[],{},null,true]}";
    var values = KubernetesObject.FromJson(numbers).ToDictionary();
    Check.That((long)values["a"] == long.MaxValue && (decimal)values["c"] == ulong.MaxValue && (double)values["d"] == 0.1, "numbers");
    Check.Same("\u0001\n\"\\é😀", (string)values["f"]);
    Check.Same(numbers, KubernetesObject.From(values).ToJson().Replace("1e+30", "1E+30").Replace("1e30", "1E+30"));
    Check.Throws<ArgumentException>(() => KubernetesObject.From(new Dictionary<string, object> { { "a", double.NaN } }));
    Check.Contains("System.Object", Check.Throws<ArgumentException>(() => KubernetesObject.From(new Dictionary<string, object> { { "a", new object() } })).Message);
    Check.Throws<ArgumentException>(() => KubernetesObject.From(new Dictionary<int, object> { { 1, null } }));
    var loop = new Dictionary<string, object>();
    loop["a"] = loop;
    Check.Contains("contains itself", Check.Throws<ArgumentException>(() => KubernetesObject.From(loop)).Message);
    Check.Throws<ArgumentException>(() => KubernetesObject.From(new Dictionary<string, object> { { "a", "\ud800" } }));
    Check.Same("{\"a\":[1,2],\"b\":\"AQ==\",\"c\":1}", KubernetesObject.From(new Dictionary<string, object> { { "a", new[] { 1, 2 } }, { "b", new byte[] { 1 } }, { "c", (IntOrString)1 } }).ToJson());
  }

  /// <summary>Every property of every class, written and read again.</summary>
  [Check] public static void every_field_of_every_type() {
    int fields = 0, types = 0;
    foreach (var type in typeof(Model).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Model)) && !type.IsAbstract)) {
      types++;
      foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)) {
        var model = (Model)Activator.CreateInstance(type);
        property.SetValue(model, Sample(property.PropertyType, 2));
        var read = (Model)typeof(KubernetesObject).GetMethod("As").MakeGenericMethod(type).Invoke(KubernetesObject.FromJson(model.ToJson()), null);
        Check.That(property.GetValue(read) != null, type + "." + property.Name);
        string was = Show(property.GetValue(model));
        Check.That(was == Show(property.GetValue(read)), type + "." + property.Name + ": " + was + " and " + Show(property.GetValue(read)));
        Check.Same(model.ToJson(), read.ToJson());
        fields++;
      }
    }
    Check.That(types > 700 && fields > 3900, types + " types, " + fields + " fields");
  }

  static object Sample(Type type, int depth) {
    type = Nullable.GetUnderlyingType(type) ?? type;
    if (type == typeof(string) || type == typeof(object)) return "text";
    if (type == typeof(long)) return 42L;
    if (type == typeof(bool)) return true;
    if (type == typeof(double)) return 1.5;
    if (type == typeof(byte[])) return new byte[] { 1, 2 };
    if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero);
    if (type == typeof(IntOrString)) return new IntOrString("25%");
    if (type.IsSubclassOf(typeof(Model))) return Activator.CreateInstance(type);
    var arguments = type.GetGenericArguments();
    if (type.GetGenericTypeDefinition() == typeof(IList<>)) {
      var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(arguments));
      list.Add(Sample(arguments[0], depth - 1));
      return list;
    }
    var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments));
    map.Add("key", Sample(arguments[1], depth - 1));
    return map;
  }

  static string Show(object value) {
    if (value == null) return "nothing";
    if (value is string || value is Model || value is IntOrString) return value.ToString();
    if (value is IEnumerable) return "[" + string.Join(",", ((IEnumerable)value).Cast<object>().Select(one => one.GetType().Name.StartsWith("KeyValuePair", StringComparison.Ordinal) ? Show(one.GetType().GetProperty("Value").GetValue(one)) : Show(one))) + "]";
    return Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture);
  }
}
