#!/usr/bin/env python3
"""Writes what the schema tells as C#: a class for each type, and the way from a client and a factory to each resource.

    generate.py SCHEMA MODELS.cs GROUPS.cs
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools/schema"))
import model  # noqa: E402

# Type of a property, expression that reads it, statement that writes it; {n} is the field. Of those that are not pointers, absent is zero.
SCALARS = {
    "string": ("string/*?*/", "ReadString({n})", "Write({n}, value)"),
    "quantity": ("string/*?*/", "ReadString({n})", "Write({n}, value)"),
    "duration": ("string/*?*/", "ReadString({n})", "Write({n}, value)"),
    "boolean": ("bool?", "ReadBoolean({n})", "Write({n}, value)"),
    "integer": ("long?", "ReadInteger({n})", "Write({n}, value)"),
    "number": ("double?", "ReadNumber({n})", "Write({n}, value)"),
    "time": ("DateTimeOffset?", "ReadTime({n})", "WriteTime({n}, value, false)"),
    "micro-time": ("DateTimeOffset?", "ReadTime({n})", "WriteTime({n}, value, true)"),
    "bytes": ("byte[]/*?*/", "ReadBytes({n})", "WriteBytes({n}, value)"),
    "int-or-string": ("IntOrString?", "ReadEither({n})", "WriteEither({n}, value)"),
    "any": ("object/*?*/", "Raw({n})", "Write({n}, value)"),
    "any-object": ("object/*?*/", "Raw({n})", "Write({n}, value)"),
}
ZERO = {"bool?": ("bool", "false"), "long?": ("long", "0"), "double?": ("double", "0")}
LISTS = {"string": ("string", "ReadStrings"), "quantity": ("string", "ReadStrings"), "integer": ("long", "ReadIntegers"),
         "boolean": ("bool", "ReadBooleans"), "any": ("object", "ReadValues"), "any-object": ("object", "ReadValues")}
MAPS = {"string": ("string", "ReadStringMap", "one => one"), "quantity": ("string", "ReadStringMap", "one => one"),
        "bytes": ("byte[]", "ReadBytesMap", "Convert.ToBase64String"),
        "time": ("DateTimeOffset?", "ReadTimeMap", "one => one == null ? null : Form.Time(one.Value)")}


def pascal(word):
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", word) if part)


def namespace(package, version):
    return pascal(package) + version[0].upper() + version[1:].replace("alpha", "Alpha").replace("beta", "Beta")


def reference(full, home):
    package, version, name = model.short_name(full).split(".")
    there = namespace(package, version)
    return name if there == home else f"global::K8sc.{there}.{name}"


def form(fact, home):
    """Type, reader and writer of a property."""
    kind = fact["type"]
    if kind == "object":
        name = reference(fact["ref"], home)
        return name + "/*?*/", f"ReadModel<{name}>({{n}})", "WriteModel({n}, value)"
    if kind == "array":
        items = fact["items"]
        if items["type"] == "object":
            name = reference(items["ref"], home)
            return f"IList<{name}>", f"ReadModels<{name}>({{n}})", "WriteModels({n}, value)"
        name, reader = LISTS[items["type"]]
        return f"IList<{name}>", f"{reader}({{n}})", "WriteList({n}, value, one => one)"
    if kind == "map":
        values = fact["values"]
        if values["type"] == "object":
            name = reference(values["ref"], home)
            return f"IDictionary<string, {name}>", f"ReadModelMap<{name}>({{n}})", "WriteModelMap({n}, value)"
        if values["type"] == "array":
            assert values["items"]["type"] == "string", fact
            return "IDictionary<string, IList<string>>", "ReadStringsMap({n})", "WriteMap({n}, value, one => one.Cast<object>().ToList())"
        name, reader, writer = MAPS[values["type"]]
        return f"IDictionary<string, {name}>", f"{reader}({{n}})", f"WriteMap({{n}}, value, {writer})"
    name, reader, writer = SCALARS[kind]
    if name in ZERO and not fact.get("pointer"):
        name, zero = ZERO[name]
        reader += f" ?? {zero}"
    return name, reader, writer


def describe(field, fact):
    words = {"object": "an object", "array": "an array", "map": "a map"}
    told = words.get(fact["type"], fact["type"])
    return f"{field}: {told}" + (", required" if fact.get("required") else "")


def type_class(short, content, home):
    name = short.split(".")[2]
    fields = content["fields"]
    is_object = "kind" in fields and "apiVersion" in fields and "metadata" in fields and home != "MetaV1"
    lines = [f"  /// <summary>{short}.</summary>", f"  public sealed class {name} : {'ObjectModel' if is_object else 'Model'} {{"]
    if is_object:
        lines += [f'    internal override string OwnApiVersion {{ get {{ return "{api_version(short)}"; }} }}',
                  f'    internal override string OwnKind {{ get {{ return "{name}"; }} }}']
    taken = {name, "Map", "Write", "Raw", "ToJson", "ToObject", "ToString", "Equals", "GetHashCode", "GetType", "Begin", "View", "Bind", "Frozen"}
    for field, fact in fields.items():
        title = pascal(field)
        if title in taken:
            title += "Value"
        taken.add(title)
        kind, reader, writer = (text.replace("{n}", f'"{field}"') for text in form(fact, home))
        lines += [f"    /// <summary>{describe(field, fact)}.</summary>",
                  f"    public {kind} {title} {{ get {{ return {reader}; }} set {{ {writer}; }} }}"]
    return lines + ["  }"]


GROUPS = {}


def api_version(short):
    package, version, _ = short.split(".")
    group = GROUPS.get((package, version), "")
    return f"{group}/{version}" if group else version


HEAD = "// Made from src/schema/kubernetes.api by bindings/csharp/generate.py.\n"


def models(data):
    spaces = {}
    for full, content in data["types"].items():
        short = model.short_name(full)
        package, version, name = short.split(".")
        if name.endswith("List") and "items" in content["fields"]:
            continue  # lists are KubernetesList
        spaces.setdefault(namespace(package, version), []).append((short, content))
    lines = [HEAD + "using System;\nusing System.Collections.Generic;\nusing System.Linq;\n"]
    for home, types in spaces.items():
        lines.append(f"namespace K8sc.{home} {{")
        for short, content in types:
            lines += type_class(short, content, home)
        lines.append("}\n")
    return "\n".join(lines)


def groups(data):
    on_client, on_factory, classes = [], [], []
    for entry in data["groupVersions"]:
        home = namespace(entry["package"], entry["version"])
        group_version = f"{entry['group']}/{entry['version']}" if entry["group"] else entry["version"]
        if not entry["resources"]:
            continue
        on_client.append(f"    /// <summary>The resources of {group_version}.</summary>\n"
                         f"    public {home}.Resources {home} {{ get {{ return new {home}.Resources(this); }} }}")
        if any({"list", "watch"} <= set(resource["verbs"]) for resource in entry["resources"]):
            on_factory.append(f"    /// <summary>The informers of {group_version}.</summary>\n"
                              f"    public {home}.Informers {home} {{ get {{ return new {home}.Informers(this); }} }}")
        lines = [f"namespace K8sc.{home} {{",
                 f"  /// <summary>The resources of {group_version}.</summary>",
                 "  public struct Resources {", "    readonly KubernetesClient client;",
                 "    internal Resources(KubernetesClient client) { this.client = client; }"]
        informers = [f"  /// <summary>The informers of {group_version}.</summary>",
                     "  public struct Informers {", "    readonly InformerFactory factory;",
                     "    internal Informers(InformerFactory factory) { this.factory = factory; }"]
        titles = set()
        for resource in entry["resources"]:
            short = f"{entry['package']}.{entry['version']}.{resource['kind']}"
            if model.full_name(short) not in data["types"]:
                continue
            plural, kind = resource["resource"], resource["kind"]
            title = title_of(plural, kind)
            assert title not in titles, title
            titles.add(title)
            wrap = f"Model.Bind<{kind}>"
            if resource["namespaced"]:
                lines += [f"    /// <summary>{plural} of a namespace; without one, of all.</summary>",
                          f"    public ResourceClient<{kind}> {title}(string/*?*/ ns = null) "
                          f"{{ return new ResourceClient<{kind}>(client, \"{group_version}\", \"{plural}\", ns, {wrap}); }}"]
            else:
                lines += [f"    /// <summary>{plural}.</summary>",
                          f"    public ResourceClient<{kind}> {title}() "
                          f"{{ return new ResourceClient<{kind}>(client, \"{group_version}\", \"{plural}\", null, {wrap}); }}"]
            if {"list", "watch"} <= set(resource["verbs"]):
                informers += [f"    /// <summary>The informer of {plural}.</summary>",
                              f"    public Informer<{kind}> {title}() {{ return factory.For(\"{group_version}\", \"{plural}\", {wrap}); }}"]
        classes += lines + ["  }"] + (informers + ["  }"] if len(informers) > 4 else []) + ["}", ""]
    return "\n".join([HEAD + "namespace K8sc {", "  public sealed partial class KubernetesClient {"] + on_client +
                     ["  }", "", "  public sealed partial class InformerFactory {"] + on_factory + ["  }", "}", ""] + classes)


def title_of(plural, kind):
    """replicasets and ReplicaSet make ReplicaSets."""
    if plural.startswith(kind.lower()):
        return kind + plural[len(kind):]
    stem = kind.lower()
    common = len([1 for a, b in zip(plural, stem) if a == b])
    return kind[:common] + plural[common:]


def main(schema, models_path, groups_path):
    data = model.load(schema)
    for entry in data["groupVersions"]:
        GROUPS[entry["package"], entry["version"]] = entry["group"]
    pathlib.Path(models_path).write_text(models(data), encoding="utf-8")
    pathlib.Path(groups_path).write_text(groups(data), encoding="utf-8")


main(*sys.argv[1:])
