#!/usr/bin/env python3
"""Writes a program that runs each C# snippet of a page against a fake API server, and looks for what it must print: snippets.py PAGE"""
import re
import sys

# What must have been printed where a word is in the snippet.
EXPECTED = {"Enter ends": "+ pod-00002 node-2", "Engine": "v8 8 nothing", "error.HttpStatus": "404 ", "pods.Watch": "Added pod-00000", "MetricsPrometheus": "rest_client_requests_total",
            "FindAsync": "Deployment", "change.IsInitial": "Added pod-00000 True", "informer.Count": "node-0 3", "own.DefaultNamespace": "default: 3 pods", "ToRedactedYaml": "tls-server-name: api.example.com"}

snippets = re.findall(r"^```csharp\n(.*?)^```", open(sys.argv[1], encoding="utf-8").read(), flags=re.S | re.M)
assert len(snippets) >= 8, snippets
assert all(any(word in snippet for snippet in snippets) for word in EXPECTED)
usings, methods = {"using K8sc.Testing;"}, []
for number, snippet in enumerate(snippets):
    head = re.findall(r"^using [\w.]+;\n", snippet, flags=re.M)
    usings |= {line.strip() for line in head}
    for line in head:
        snippet = snippet.replace(line, "")
    own = "client = " in snippet
    expected = [text for word, text in EXPECTED.items() if word in snippet]
    listed = ", ".join('"%s"' % text for text in expected)
    methods.append(f"""
  static async Task Snippet{number}({"" if own else "KubernetesClient client"}) {{
{snippet}
    await Task.CompletedTask;
  }}

  static Task Check{number}() => Check({number}, client => Snippet{number}({"" if own else "client"}), new string[] {{ {listed} }});
""")
calls = "\n".join(f"    await Check{number}();" for number in range(len(snippets)))
print("\n".join(sorted(usings)) + f"""

static class Program {{
  static FakeApiServer server = null!;
{"".join(methods)}
  static async Task Check(int number, Func<KubernetesClient, Task> run, string[] expected) {{
    var printed = new StringWriter();
    var console = Console.Out;
    using (var client = server.Connect()) {{
      Console.SetOut(TextWriter.Synchronized(printed));
      Console.SetIn(new Slow());
      try {{
        await run(client);
      }} finally {{
        Console.SetOut(console);
      }}
    }}
    foreach (string text in expected) {{
      if (!printed.ToString().Contains(text)) throw new Exception($"snippet {{number}} did not print \\"{{text}}\\":\\n{{printed}}");
    }}
    Console.WriteLine($"ok - snippet {{number}}");
  }}

  /// <summary>Somebody who is in no hurry to press Enter.</summary>
  sealed class Slow : TextReader {{
    public override string ReadLine() {{
      Thread.Sleep(500);
      return "";
    }}
  }}

  static async Task Main() {{
    server = new FakeApiServer(new FakeApiServerOptions {{ Pods = 3 }}.AddKind("example.com/v1", "engines", "Engine"));
    File.WriteAllText(Environment.GetEnvironmentVariable("KUBECONFIG")!, server.Kubeconfig);
    File.WriteAllText("manifest.yaml", "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {{name: m}}\\n");
{calls}
  }}
}}""")
