// A runner for tests that needs nothing else: Mono has none of the others.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using K8sc;
using K8sc.Testing;

[AttributeUsage(AttributeTargets.Method)]
public sealed class CheckAttribute : Attribute { }

public static class Check {
  public static void That(bool ok, string what) {
    if (!ok) throw new Exception("not so: " + what);
  }

  public static void Same<T>(T expected, T got) {
    if (!EqualityComparer<T>.Default.Equals(expected, got)) throw new Exception("expected " + expected + ", got " + got);
  }

  public static void Contains(string part, string text) {
    if (text == null || !text.Contains(part)) throw new Exception("\"" + part + "\" is not in: " + text);
  }

  public static T Throws<T>(Action action) where T : Exception {
    try {
      action();
    } catch (T e) {
      return e;
    } catch (Exception e) {
      throw new Exception("expected " + typeof(T) + ", got " + e);
    }
    throw new Exception("expected " + typeof(T));
  }

  /// <summary>The task's answer, within a minute; its exception as it was thrown.</summary>
  public static T Wait<T>(Task<T> task) {
    if (!Done(task)) throw new Exception("a task took too long");
    return task.GetAwaiter().GetResult();
  }

  public static void Wait(Task task) {
    if (!Done(task)) throw new Exception("a task took too long");
    task.GetAwaiter().GetResult();
  }

  static bool Done(Task task) { return Task.WhenAny(task, Task.Delay(60000)).GetAwaiter().GetResult() == task; }

  public static void Until(Func<bool> ok, string what) {
    var clock = Stopwatch.StartNew();
    while (!ok()) {
      if (clock.ElapsedMilliseconds > 30000) throw new Exception("did not come: " + what);
      Thread.Sleep(5);
    }
  }

  public static void Collect() {
    GC.Collect();
    GC.WaitForPendingFinalizers();
  }

  public static void With(int pods, Action<FakeApiServer, KubernetesClient> body) {
    using (var server = new FakeApiServer(new FakeApiServerOptions { Pods = pods }))
    using (var client = server.Connect()) body(server, client);
  }

  public static IEnumerable<MethodInfo> All() {
    return typeof(Check).Assembly.GetTypes().OrderBy(type => type.Name, StringComparer.Ordinal).SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
      .Where(method => method.GetCustomAttribute<CheckAttribute>() != null);
  }

  public static void Run(MethodInfo method) {
    try {
      method.Invoke(null, null);
    } catch (TargetInvocationException e) {
      System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.InnerException).Throw();
    }
  }

  public static int RunAll(string[] names) {
    int failed = 0, number = 0;
    foreach (var method in All().Where(method => names.Length == 0 || names.Contains(method.DeclaringType.Name) || names.Contains(method.Name))) {
      number++;
      string name = method.DeclaringType.Name + "." + method.Name;
      try {
        Run(method);
        Console.WriteLine("ok " + number + " - " + name);
      } catch (Exception e) {
        failed++;
        Console.WriteLine("not ok " + number + " - " + name);
        Console.WriteLine("# " + e.ToString().Replace("\n", "\n# "));
      }
    }
    Console.WriteLine("1.." + number);
    return failed == 0 && number > 0 ? 0 : 1;
  }
}
