"""The data file of the Kubernetes API (src/schema/kubernetes.api), read and written.

The grammar, one fact to a line, indentation shows what belongs to what:

    group-version GROUP VERSION PACKAGE RELEASE           GROUP is "" for the core group
      resource PLURAL KIND namespaced|cluster VERBS [from=RELEASE]
                                                        VERBS: v1,v2,... or -; RELEASE: the last that had it in this group-version
        method NAME VERB SUBRESOURCE [input=T] [result=T] SUBRESOURCE is - for the resource itself
    type PACKAGE.VERSION.NAME
      FIELD FORM [required] [pointer] [list=...] [keys=a,b] [map=...] [strategy=...] [merge-key=...] [pb=N[/N...]]

FORM is a word of SCALARS, int32 (an integer that Go holds in 32 bits; integer: in 64), @T for an object, [FORM] for an array, {FORM} for a map with string keys. T is PACKAGE.VERSION.NAME, where the
package of the apimachinery's own types is "meta", or NAME alone within the same package and version. A line that begins with # says nothing.
"""

import re

SCALARS = ("string", "boolean", "integer", "number", "bytes", "quantity", "int-or-string", "time", "micro-time", "duration", "any-object", "any")
VERBS = ("create", "update", "updateStatus", "delete", "deleteCollection", "get", "list", "watch", "patch", "apply", "applyStatus")
LIST_TYPES = ("atomic", "set", "map")
MAP_TYPES = ("atomic", "granular")
STRATEGIES = ("merge", "replace", "retainKeys", "merge,retainKeys")

_META = "io.k8s.apimachinery.pkg.apis.meta."
_API = "io.k8s.api."
_WORD = re.compile(r"[A-Za-z0-9$_.\-]+\Z")
_TYPE = re.compile(r"(?:([a-z][a-z0-9]*)\.(v[0-9][a-z0-9]*)\.)?([A-Z][A-Za-z0-9]*)\Z")


class ModelError(Exception):
    """What is wrong with the data, and in which line."""

    def __init__(self, message, line=None, path=None):
        where = "%s:%s: " % (path or "data", line) if line else ""
        super().__init__(where + message)
        self.line = line


def short_name(name):
    """core.v1.Pod of io.k8s.api.core.v1.Pod."""
    if name.startswith(_META):
        return "meta." + name[len(_META):]
    if name.startswith(_API):
        return name[len(_API):]
    raise ModelError("no short form of the type name %r" % name)


def full_name(short):
    """The other way."""
    return (_META + short[len("meta."):]) if short.startswith("meta.") else _API + short


def go_name(short):
    """k8s.io/api/core/v1.Pod of core.v1.Pod, as the methods of resources name types."""
    package, version, name = short.split(".")
    root = "k8s.io/apimachinery/pkg/apis/meta" if package == "meta" else "k8s.io/api/" + package
    return "%s/%s.%s" % (root, version, name)


def short_of_go(go):
    """The other way."""
    match = re.match(r"k8s\.io/(?:api/([a-z0-9]+)|apimachinery/pkg/apis/(meta))/(v[0-9a-z]+)\.([A-Za-z0-9]+)\Z", go)
    if not match:
        raise ModelError("%r names no type of Kubernetes" % go)
    return "%s.%s.%s" % (match.group(1) or match.group(2), match.group(3), match.group(4))


def load(path, known=()):
    """The whole file, as {"groupVersions": [...], "types": {...}}. It may name the types that are known already."""
    with open(path, encoding="utf-8") as file:
        return loads(file.read(), path, known)


def loads(text, path=None, known=()):
    """The same, of a text."""
    return _Reader(path, known).read(text)


def dumps(model, head=""):
    """The text of a model; loads() gives the model back."""
    lines = ["# " + line if line else "#" for line in head.splitlines()]
    for entry in model["groupVersions"]:
        lines.append("group-version %s %s %s %s" % (entry["group"] or '""', entry["version"], entry["package"], entry["from"]))
        for resource in entry["resources"]:
            scope = "namespaced" if resource["namespaced"] else "cluster"
            release = " from=" + resource["from"] if "from" in resource else ""
            lines.append("  resource %s %s %s %s%s" % (resource["resource"], resource["kind"], scope, ",".join(resource["verbs"]) or "-", release))
            home = "%s.%s." % (entry["package"], entry["version"])
            lines += ["    " + _method_text(method, home) for method in resource.get("subresourceMethods", [])]
    for name, content in model["types"].items():
        short = short_name(name)
        lines.append("type " + short)
        home = short[:short.rindex(".") + 1]
        lines += ["  %s %s" % (field, _field_text(fact, home)) for field, fact in content["fields"].items()]
    return "\n".join(lines) + "\n"


def _local(short, home):
    return short[len(home):] if short.startswith(home) else short


def _method_text(method, home):
    words = ["method", method["method"], method["verb"], method["subresource"] or "-"]
    words += ["%s=%s" % (key, _local(short_of_go(method[key]), home)) for key in ("input", "result") if key in method]
    return " ".join(words)


def _form_text(fact, home):
    if fact["type"] == "array":
        return "[%s]" % _form_text(fact["items"], home)
    if fact["type"] == "map":
        return "{%s}" % _form_text(fact["values"], home)
    if fact["type"] == "object":
        return "@" + _local(short_name(fact["ref"]), home)
    return "int32" if fact.get("bits") == 32 else fact["type"]


def _field_text(fact, home):
    words = [_form_text(fact, home)]
    words += [flag for flag in ("required", "pointer") if fact.get(flag)]
    for key, word in _OPTIONS.items():
        if key in fact:
            value = fact[key]
            words.append("%s=%s" % (word, ("/" if key == "pb" else ",").join(map(str, value)) if isinstance(value, list) else value))
    return " ".join(words)


_OPTIONS = {"listType": "list", "listMapKeys": "keys", "mapType": "map", "patchStrategy": "strategy", "patchMergeKey": "merge-key", "pb": "pb"}


class _Reader:
    def __init__(self, path, known=()):
        self.path = path
        self.known = known
        self.number = 0
        self.groups = []
        self.types = {}
        self.resource = None
        self.fields = None
        self.home = None
        self.named = []  # types that were mentioned, with the line, to be looked for at the end

    def fail(self, message, number=None):
        raise ModelError(message, number or self.number, self.path)

    def read(self, text):
        for number, line in enumerate(text.split("\n"), 1):
            self.number = number
            if line.strip() == "" or line.startswith("#"):
                continue
            self.line(line)
        for name, number in self.named:
            if full_name(name) not in self.types and full_name(name) not in self.known:
                self.fail("there is no type %s" % name, number)
        self.kinds_have_types()
        return {"groupVersions": self.groups, "types": self.types}

    def line(self, line):
        depth = len(line) - len(line.lstrip(" "))
        words = line[depth:].split(" ")
        if "" in words or "\t" in line or "\r" in line:
            self.fail("words are parted by one space")
        if depth == 0 and words[0] == "group-version":
            self.group_version(words)
        elif depth == 0 and words[0] == "type":
            self.type(words)
        elif depth == 2 and self.fields is not None:
            self.field(words)
        elif depth == 2 and self.groups and words[0] == "resource":
            self.a_resource(words)
        elif depth == 4 and self.resource is not None and words[0] == "method":
            self.method(words)
        else:
            self.fail("%r is not expected here" % line.strip())

    def count(self, words, least, most, what):
        if not least <= len(words) <= most:
            self.fail("%s has %d words, not %d" % (what, least if least == most else most, len(words)))

    def word(self, word, what):
        if not _WORD.match(word):
            self.fail("%r is no %s" % (word, what))
        return word

    def group_version(self, words):
        self.count(words, 5, 5, "a group-version")
        group = "" if words[1] == '""' else self.word(words[1], "group")
        for word in words[2:]:
            self.word(word, "word")
        if self.types:
            self.fail("group-versions come before types")
        if any(g["group"] == group and g["version"] == words[2] for g in self.groups):
            self.fail("%s/%s is there twice" % (group, words[2]))
        self.groups.append({"group": group, "version": words[2], "package": words[3], "from": words[4], "resources": []})
        self.resource = None
        self.home = "%s.%s." % (words[3], words[2])

    def a_resource(self, words):
        self.count(words, 5, 6, "a resource")
        if words[3] not in ("namespaced", "cluster"):
            self.fail("a scope is namespaced or cluster, not %r" % words[3])
        verbs = [] if words[4] == "-" else words[4].split(",")
        for verb in verbs:
            if verb not in VERBS:
                self.fail("%r is no verb" % verb)
        if len(set(verbs)) != len(verbs):
            self.fail("a verb is there twice")
        if any(r["resource"] == words[1] for r in self.groups[-1]["resources"]):
            self.fail("the resource %s is there twice" % words[1])
        self.resource = {"resource": self.word(words[1], "resource"), "kind": self.word(words[2], "kind"), "namespaced": words[3] == "namespaced",
                         "verbs": verbs}
        if len(words) == 6:
            key, _, release = words[5].partition("=")
            if key != "from":
                self.fail("%r says nothing about a resource" % words[5])
            self.resource["from"] = self.word(release, "release")
        self.groups[-1]["resources"].append(self.resource)

    def method(self, words):
        self.count(words, 4, 6, "a method")
        if words[2] not in VERBS:
            self.fail("%r is no verb" % words[2])
        method = {"method": self.word(words[1], "method"), "verb": words[2], "subresource": "" if words[3] == "-" else self.word(words[3], "subresource")}
        for word in words[4:]:
            key, _, value = word.partition("=")
            if key not in ("input", "result") or key in method:
                self.fail("%r says nothing about a method" % word)
            method[key] = go_name(self.named_type(value))
        methods = self.resource.setdefault("subresourceMethods", [])
        if any(m["method"] == method["method"] for m in methods):
            self.fail("the method %s is there twice" % words[1])
        methods.append(method)

    def named_type(self, word):
        match = _TYPE.match(word)
        if not match:
            self.fail("%r is no type name" % word)
        short = word if match.group(1) else self.home + word
        self.named.append((short, self.number))
        return short

    def type(self, words):
        self.count(words, 2, 2, "a type")
        match = _TYPE.match(words[1])
        if not match or not match.group(1):
            self.fail("%r is no full type name" % words[1])
        name = full_name(words[1])
        if name in self.types:
            self.fail("the type %s is there twice" % words[1])
        self.home = words[1][:words[1].rindex(".") + 1]
        self.fields = {}
        self.types[name] = {"fields": self.fields}

    def form(self, word):
        if word.startswith("[") and word.endswith("]"):
            return {"type": "array", "items": self.form(word[1:-1])}
        if word.startswith("{") and word.endswith("}"):
            return {"type": "map", "values": self.form(word[1:-1])}
        if word.startswith("@"):
            return {"type": "object", "ref": full_name(self.named_type(word[1:]))}
        if word == "int32":
            return {"type": "integer", "bits": 32}
        if word not in SCALARS:
            self.fail("%r is no form of a field" % word)
        return {"type": word}

    def field(self, words):
        if len(words) < 2:
            self.fail("a field has a name and a form")
        name = self.word(words[0], "field name")
        if name in self.fields:
            self.fail("the field %s is there twice" % name)
        fact = self.form(words[1])
        for word in words[2:]:
            key, value = self.option(word)
            if key in fact:
                self.fail("%r is there twice" % word)
            fact[key] = value
        self.agree(fact)
        self.fields[name] = fact

    def option(self, word):
        if word in ("required", "pointer"):
            return word, True
        left, equals, value = word.partition("=")
        if not equals or not value:
            self.fail("%r says nothing about a field" % word)
        if left == "pb":
            if not re.match(r"[1-9][0-9]*(?:/[1-9][0-9]*)*\Z", value):
                self.fail("%r is no protobuf number" % value)
            numbers = [int(number) for number in value.split("/")]
            return "pb", numbers if len(numbers) > 1 else numbers[0]
        if left == "keys":
            return "listMapKeys", value.split(",")
        if left == "merge-key":
            return "patchMergeKey", self.word(value, "merge key")
        for option, key, values in (("list", "listType", LIST_TYPES), ("map", "mapType", MAP_TYPES), ("strategy", "patchStrategy", STRATEGIES)):
            if left == option:
                if value not in values:
                    self.fail("%r is none of %s" % (word, ", ".join(values)))
                return key, value
        return self.fail("%r says nothing about a field" % word)

    def agree(self, fact):
        if "listType" in fact and fact["type"] != "array":
            self.fail("only an array has a list type")
        if "mapType" in fact and fact["type"] not in ("map", "object"):
            self.fail("only a map or an object has a map type")
        if ("listMapKeys" in fact) != (fact.get("listType") == "map"):
            self.fail("a list of type map has keys, and no other")

    def kinds_have_types(self):
        for entry in self.groups:
            for resource in entry["resources"]:
                name = "%s%s.%s.%s" % (_API, entry["package"], entry["version"], resource["kind"])
                if name not in self.types:
                    raise ModelError("there is no type of %s in %s/%s" % (resource["kind"], entry["group"], entry["version"]))
