// Calls of public methods with arguments at random: null, wrong, disposed of, and right ones among them.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using K8sc;

/// <summary>What the threads that abuse the library have in common: its objects, alive or not, and what was found.</summary>
public sealed class AbuseWorld {
  static readonly Assembly library = typeof(KubernetesClient).Assembly;
  readonly Dictionary<Type, List<object>> pool = new Dictionary<Type, List<object>>();
  readonly HashSet<string> called = new HashSet<string>();
  readonly object gate = new object();

  internal readonly Type[] Models = library.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Model)) && !type.IsAbstract).ToArray();
  // Structs that a client makes are nothing without it, and delegates have no life of their own.
  internal readonly Type[] Others = library.GetExportedTypes().Where(type => !type.IsSubclassOf(typeof(Model)) && !type.IsSubclassOf(typeof(Delegate)) && !type.IsEnum && !type.IsInterface &&
    !type.IsGenericTypeDefinition && (type.IsClass || type == typeof(IntOrString))).ToArray();
  internal readonly string Scratch = Path.Combine(Path.GetTempPath(), "k8sc-abuse-" + Guid.NewGuid().ToString("n"));
  internal readonly List<string> Failures = new List<string>();
  readonly Dictionary<object, KeyValuePair<MethodBase, long>> running = new Dictionary<object, KeyValuePair<MethodBase, long>>();
  internal volatile bool Stop;
  internal long Calls;

  internal void Fail(string what) {
    lock (gate) Failures.Add(what);
  }

  internal static bool IsOurs(Type type) { return type.Assembly == library; }

  internal void Keep(object one) {
    if (one == null || one is Array || !IsOurs(one.GetType())) return;
    lock (gate) {
      List<object> known;
      if (!pool.TryGetValue(one.GetType(), out known)) pool[one.GetType()] = known = new List<object>();
      if (known.Count < 16) known.Add(one);
      else known[(int)(Calls % 16)] = one;
    }
  }

  internal object Any(Random random, Func<Type, bool> wanted) {
    lock (gate) {
      var fit = pool.Where(entry => wanted(entry.Key)).Select(entry => entry.Value).ToArray();
      if (fit.Length == 0) return null;
      var some = fit[random.Next(fit.Length)];
      return some[random.Next(some.Count)];
    }
  }

  /// <summary>A call begins; the answer is for <see cref="Leave"/>.</summary>
  internal object Enter(MethodBase method) {
    var ticket = new object();
    lock (gate) {
      Calls++;
      called.Add(Name(method));
      running[ticket] = new KeyValuePair<MethodBase, long>(method, Stopwatch.GetTimestamp());
    }
    return ticket;
  }

  internal void Leave(object ticket) {
    lock (gate) running.Remove(ticket);
  }

  /// <summary>Calls that have run for longer than that.</summary>
  internal string[] Stuck(int seconds) {
    long before = Stopwatch.GetTimestamp() - seconds * Stopwatch.Frequency;
    lock (gate) return running.Values.Where(one => one.Value < before).Select(one => Name(one.Key)).ToArray();
  }

  /// <summary>Public methods of other classes than models that were never reached.</summary>
  internal IEnumerable<string> Missed() {
    lock (gate) return Others.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
      .Select(Name).Where(name => !called.Contains(name)).OrderBy(name => name).ToArray();
  }

  internal static string Name(MethodBase method) { return method.DeclaringType + "." + method.Name; }
}

/// <summary>One thread's calls.</summary>
public sealed class Abuse {
  /// <summary>What handlers throw.</summary>
  public sealed class Thrown : Exception { }

  static readonly string[] strings = {
    "", "a\0b", "\ud800", "/", "//", "/metadata/name", "/spec/containers/0", "/~", "pods", "v1", "apps/v1", "default", "pod-00000", "Pod", "Deployment", "none", "é€😀", "get", "list", "delete",
    "{}", "{", "[]", "null", "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"}}", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n", "a: [", "app=web", "a in (", "metadata.name=x",
    "http://127.0.0.1:1", "https://", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", "1.30", "GET", "/api/v1/pods", "/version", "%", "100", "1h", "0", "{\"verb\":\"get\",\"times\":1,\"status\":{\"code\":500}}",
    "application/json", "status", "Ready", new string('x', 70000)
  };
  static readonly long[] numbers = { 0, 0, 1, 1, 2, 7, -1, -2, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue };
  static readonly Type[] badExceptions = {
    typeof(NullReferenceException), typeof(IndexOutOfRangeException), typeof(InvalidCastException), typeof(AccessViolationException), typeof(System.Runtime.InteropServices.SEHException),
    typeof(OutOfMemoryException), typeof(TypeLoadException), typeof(MissingMethodException), typeof(InvalidProgramException), typeof(System.Runtime.InteropServices.MarshalDirectiveException)
  };
  const int patienceMs = 30000;

  readonly AbuseWorld world;
  readonly Random random;
  readonly int depth;

  internal Abuse(AbuseWorld world, int seed, int depth = 0) {
    this.world = world;
    this.depth = depth;
    random = new Random(seed);
  }

  internal void Steps(int count) {
    for (int i = 0; i < count && !world.Stop; i++) Step();
  }

  internal void Step() {
    object target = null;
    MethodBase method = null;
    if (random.Next(4) == 0) method = Begin();
    else {
      bool model = random.Next(8) == 0;
      target = world.Any(random, type => typeof(Model).IsAssignableFrom(type) == model);
      if (target != null) method = Pick(target.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(one => one.DeclaringType != typeof(object)).ToArray());
    }
    if (method != null) Call(method, target);
  }

  /// <summary>A constructor or static method.</summary>
  MethodBase Begin() {
    var types = random.Next(8) == 0 ? world.Models : world.Others;
    var type = types[random.Next(types.Length)];
    return Pick(type.GetConstructors().Cast<MethodBase>().Concat(type.GetMethods(BindingFlags.Public | BindingFlags.Static)).ToArray());
  }

  MethodBase Pick(MethodBase[] methods) {
    var method = methods.Length == 0 ? null : methods[random.Next(methods.Length)];
    if (method == null || !method.IsGenericMethodDefinition) return method;
    // The arguments that the library has generic methods for are models.
    return ((MethodInfo)method).MakeGenericMethod(method.GetGenericArguments().Select(one => random.Next(2) == 0 ? typeof(K8sc.CoreV1.Pod) : typeof(K8sc.AutoscalingV1.Scale)).ToArray());
  }

  void Call(MethodBase method, object target) {
    object ticket = null;
    try {
      var arguments = method.GetParameters().Select(one => Argument(one, method)).ToArray();
      ticket = world.Enter(method);
      object answer = method is ConstructorInfo ? ((ConstructorInfo)method).Invoke(arguments) : method.Invoke(target, arguments);
      if (method.Name == "Pause") ((K8sc.Testing.FakeApiServer)target).Resume();
      Look(method, answer);
      foreach (object one in arguments) world.Keep(one);
    } catch (TargetInvocationException e) {
      Judge(method, e.InnerException);
    } catch (Exception e) {
      Judge(method, e);
    } finally {
      if (ticket != null) world.Leave(ticket);
    }
  }

  void Look(MethodBase method, object answer) {
    if (answer == null) return;
    var type = answer.GetType();
    if (type.Name.StartsWith("ValueTask", StringComparison.Ordinal)) answer = type.GetMethod("AsTask").Invoke(answer, null);
    var task = answer as Task;
    if (task != null) {
      if (Task.WhenAny(task, Task.Delay(patienceMs)).GetAwaiter().GetResult() != task) {
        world.Fail(AbuseWorld.Name(method) + ": its task does not end, whatever its token says");
        return;
      }
      task.GetAwaiter().GetResult();
      var result = task.GetType().GetProperty("Result");
      answer = result == null ? null : result.GetValue(task);
    }
    world.Keep(answer);
  }

  void Judge(MethodBase method, Exception e) {
    world.Keep(e);
    for (var one = e; one != null; one = one.InnerException) {
      // A handler of ours may have thrown it.
      if (one is Thrown) return;
      if (badExceptions.Any(bad => bad.IsInstanceOfType(one))) world.Fail(AbuseWorld.Name(method) + ": " + one);
    }
  }

  object Argument(ParameterInfo parameter, MethodBase method) {
    var type = parameter.ParameterType;
    string name = parameter.Name;
    if (type.IsByRef) return null;
    // Nothing is written beside the scratch directory.
    if (name == "directory" || (name == "path" && method.Name.StartsWith("write", StringComparison.OrdinalIgnoreCase))) return random.Next(3) == 0 ? "" : Path.Combine(world.Scratch, "f" + random.Next(3));
    // What blocks must not block for ever.
    if (type == typeof(long) && name.EndsWith("_ms", StringComparison.Ordinal)) return new long[] { 0, 1, 5, -2, long.MinValue }[random.Next(5)];
    if (method.Name == "GeneratePods" || method.Name == "set_Pods") {
      if (type == typeof(int)) return random.Next(60) - 10;
    }
    return Value(type);
  }

  internal object Value(Type type) {
    var inner = Nullable.GetUnderlyingType(type);
    if (inner != null) return random.Next(3) == 0 ? null : Value(inner);
    if (type == typeof(string)) return random.Next(8) == 0 ? null : strings[random.Next(strings.Length)];
    if (type == typeof(bool)) return random.Next(2) == 0;
    if (type == typeof(CancellationToken)) return random.Next(4) == 0 ? new CancellationToken(true) : new CancellationTokenSource(random.Next(50)).Token;
    if (type == typeof(TimeSpan)) return new[] { TimeSpan.Zero, TimeSpan.FromMilliseconds(3), TimeSpan.FromTicks(1), TimeSpan.MinValue, TimeSpan.MaxValue, Timeout.InfiniteTimeSpan }[random.Next(6)];
    if (type == typeof(DateTime)) return random.Next(2) == 0 ? DateTime.MinValue : DateTime.MaxValue;
    if (type == typeof(DateTimeOffset)) return random.Next(2) == 0 ? DateTimeOffset.MinValue : DateTimeOffset.MaxValue;
    if (type == typeof(double)) return new[] { 0, -1, 0.5, double.NaN, double.PositiveInfinity, 1e300 }[random.Next(6)];
    if (type.IsEnum) return Enum.ToObject(type, random.Next(8) - 2);
    if (type.IsPrimitive) return Number(type);
    if (type == typeof(IntOrString)) return random.Next(3) == 0 ? default(IntOrString) : random.Next(2) == 0 ? new IntOrString(7) : new IntOrString("a");
    if (random.Next(6) == 0 && !type.IsValueType) return null;
    if (type == typeof(object)) return Anything();
    if (typeof(Delegate).IsAssignableFrom(type)) return Handler(type);
    if (type.IsArray) return Filled(type.GetElementType());
    return Object(type);
  }

  object Number(Type type) {
    long number = numbers[random.Next(numbers.Length)];
    try {
      return Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
    } catch (OverflowException) {
      return Convert.ChangeType(1, type, CultureInfo.InvariantCulture);
    }
  }

  object Anything() {
    switch (random.Next(6)) {
    case 0: return 7;
    case 1: return new Dictionary<string, object> { { "metadata", new Dictionary<string, object> { { "labels", null } } } };
    case 2: return new object();
    case 3:
      var itself = new List<object>();
      itself.Add(itself);
      return itself;
    case 4: return world.Any(random, type => true);
    default: return strings[random.Next(strings.Length)];
    }
  }

  Array Filled(Type of) {
    var made = Array.CreateInstance(of, random.Next(3));
    for (int i = 0; i < made.Length; i++) made.SetValue(Value(of), i);
    return made;
  }

  object Object(Type type) {
    if (type.IsGenericType && !AbuseWorld.IsOurs(type)) {
      var arguments = type.GetGenericArguments();
      if (arguments.Length == 1 && type.IsAssignableFrom(arguments[0].MakeArrayType())) return Filled(arguments[0]);
      if (arguments.Length == 2 && type.IsInterface) return Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments));
      if (type.IsValueType) return Activator.CreateInstance(type, arguments.Select(Value).ToArray());
    }
    object known = world.Any(random, type.IsAssignableFrom);
    if (known != null && random.Next(4) != 0) return known;
    if (typeof(System.Collections.IDictionary).IsAssignableFrom(type)) return new Dictionary<string, object> { { "kind", "Pod" } };
    return type.GetConstructor(Type.EmptyTypes) == null ? known : Activator.CreateInstance(type);
  }

  /// <summary>A function that goes on from inside of the library, and throws at times.</summary>
  Delegate Handler(Type type) {
    var invoke = type.GetMethod("Invoke");
    var parameters = invoke.GetParameters().Select(one => Expression.Parameter(one.ParameterType)).ToArray();
    Func<Type, object[], object> within = Within;
    var body = Expression.Invoke(Expression.Constant(within), Expression.Constant(invoke.ReturnType, typeof(Type)),
                                 Expression.NewArrayInit(typeof(object), parameters.Select(one => Expression.Convert(one, typeof(object)))));
    return Expression.Lambda(type, invoke.ReturnType == typeof(void) ? (Expression)body : Expression.Convert(body, invoke.ReturnType), parameters).Compile();
  }

  object Within(Type returns, object[] arguments) {
    foreach (object one in arguments) world.Keep(one);
    var inside = new Abuse(world, arguments.Length + (int)(world.Calls % 100000), depth + 1);
    if (inside.depth < 4) inside.Steps(2);
    if (inside.random.Next(8) == 0) throw new Thrown();
    if (inside.random.Next(16) == 0) GC.Collect(0);
    return returns == typeof(void) ? null : inside.Value(returns);
  }
}
