#!/usr/bin/env python3
"""Makes the tables of src/schema out of the data file: arrays of small records that name each other and their texts by numbers, so that
nothing of them is relocated or written when the library is loaded. src/schema/tables.h describes the records; this file is the only one
that fills them. Arguments: the data file, the C++ file to write."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import model  # noqa: E402

# Their numbers, from 1, are K8SC_FIELD_.
FORMS = ("string", "boolean", "integer", "number", "bytes", "array", "map", "object", "quantity", "int-or-string", "time", "micro-time", "duration",
         "any-object")
NONE = 0xffff
# Of flags: an integer that Go holds in 32 bits.
INT32 = 0x2000
# A validator marks the fields it has seen with one bit each.
MOST_FIELDS = 64

# Of meta/v1, what a server answers with in the group-version "v1" and not in meta.k8s.io/v1.
UNVERSIONED = ("APIGroup", "APIGroupList", "APIResourceList", "APIVersions", "Status")
# Kinds that are no objects.
WITHOUT_METADATA = ("AdmissionReview", "DeploymentRollback", "SerializedReference")


class Pool:
    """Texts with a NUL behind each; one that ends another shares its place."""

    def __init__(self, texts):
        self.texts = []
        self.size = 0
        self.places = {}
        previous = None
        for text in sorted(set(texts) | {""}, key=lambda text: text[::-1], reverse=True):
            if previous is not None and previous.endswith(text):
                self.places[text] = self.places[previous] + len(previous) - len(text)
            else:
                self.places[text] = self.size
                self.texts.append(text)
                self.size += len(text) + 1
            previous = text

    def __getitem__(self, text):
        return self.places[text]


class Lists:
    """Short lists of numbers, each with its length before it; equal ones are there once."""

    def __init__(self):
        self.numbers = [0]
        self.places = {(): 0}

    def place(self, numbers):
        key = tuple(numbers)
        if key not in self.places:
            self.places[key] = len(self.numbers)
            self.numbers += [len(key), *key]
        return self.places[key]


class Tables:
    def __init__(self, data):
        self.groups = data["groupVersions"]
        # In the order in which strcmp() sorts, to be searched by halves.
        self.types = [(name, data["types"][name]["fields"]) for name in sorted(data["types"])]
        self.type_index = {name: index for index, (name, _) in enumerate(self.types)}
        self.names = Pool(self.texts())
        self.type_names = Pool(self.type_index)
        self.lists = Lists()
        self.fields = []
        self.elements = []
        self.ranges = {}
        self.type_rows = [self.type(name, fields) for name, fields in self.types]
        self.methods = []
        self.resources = [self.resource(index, entry, resource) for index, entry in enumerate(self.groups) for resource in entry["resources"]]

    def texts(self):
        for entry in self.groups + [{"group": "meta.k8s.io", "version": "v1", "package": "meta", "resources": []}]:
            yield from (entry["group"], entry["version"], entry["package"], self.api_version(entry["group"], entry["version"]))
            for resource in entry["resources"]:
                yield resource["resource"]
                for method in resource.get("subresourceMethods", ()):
                    yield from (method["method"], method["subresource"])
        for _, fields in self.types:
            for field, fact in fields.items():
                yield field
                yield from fact.get("listMapKeys", ())
                yield fact.get("patchMergeKey", "")

    @staticmethod
    def api_version(group, version):
        return group + "/" + version if group else version

    def group_of(self, name, fields):
        """Where objects of this type are at home: the number of a group-version, or none where it is no kind."""
        if "kind" not in fields or "apiVersion" not in fields:
            return NONE
        # The numbers of a TypeMeta; what names another object has others.
        if fields["kind"].get("pb") not in (1, None) or fields["apiVersion"].get("pb") not in (2, None):
            return NONE
        package, version, kind = model.short_name(name).split(".")
        if package == "meta":
            core = next(index for index, entry in enumerate(self.groups) if entry["group"] == "" and entry["version"] == version)
            return core if kind in UNVERSIONED else len(self.groups)
        if "metadata" not in fields and not kind.endswith("Options") and kind not in WITHOUT_METADATA:
            return NONE
        return next(index for index, entry in enumerate(self.groups) if (entry["package"], entry["version"]) == (package, version))

    def type(self, name, fields):
        if len(fields) > MOST_FIELDS:
            raise model.ModelError("the type %s has more than %d fields" % (name, MOST_FIELDS))
        rows = tuple(self.field(field, fact) for field, fact in fields.items())
        if rows not in self.ranges:
            self.ranges[rows] = len(self.fields)
            self.fields += rows
        return self.type_names[name], self.ranges[rows], len(rows), self.group_of(name, fields)

    def shape(self, fact):
        """Form, and what it is about: a type or an element."""
        form = "any-object" if fact["type"] == "any" else fact["type"]
        target = NONE
        if form == "object":
            target = self.type_index[fact["ref"]]
        elif form in ("array", "map"):
            target = self.element(fact["items" if form == "array" else "values"])
        return FORMS.index(form) + 1 + INT32 * (fact.get("bits") == 32), target

    def element(self, fact):
        form, target = self.shape(fact)
        row = (self.names[""], target, 0, self.names[""], 0, form)
        if row not in self.elements:
            self.elements.append(row)
        return self.elements.index(row)

    def field(self, name, fact):
        flags, target = self.shape(fact)
        flags |= 16 * bool(fact.get("required")) + 32 * bool(fact.get("pointer"))
        for key, words, shift in (("listType", model.LIST_TYPES, 6), ("mapType", model.MAP_TYPES, 8), ("patchStrategy", model.STRATEGIES, 10)):
            if key in fact:
                flags |= (words.index(fact[key]) + 1) << shift
        numbers = fact.get("pb", [])
        return (self.names[name], target, self.lists.place(self.names[key] for key in fact.get("listMapKeys", ())),
                self.names[fact.get("patchMergeKey", "")], self.lists.place(numbers if isinstance(numbers, list) else [numbers]), flags)

    def type_of_go(self, name):
        return self.type_index[model.full_name(model.short_of_go(name))]

    def resource(self, index, entry, resource):
        methods = resource.get("subresourceMethods", ())
        kind = self.type_index["io.k8s.api.%s.%s.%s" % (entry["package"], entry["version"], resource["kind"])]
        verbs = self.lists.place(model.VERBS.index(verb) for verb in resource["verbs"])
        row = (index, self.names[resource["resource"]], kind, verbs, int(resource["namespaced"]), len(self.methods), len(methods))
        for method in methods:
            types = (self.type_of_go(method[key]) if key in method else NONE for key in ("input", "result"))
            self.methods.append((self.names[method["method"]], model.VERBS.index(method["verb"]), self.names[method["subresource"]], *types))
        return row

    def group_rows(self):
        rows = [(entry["group"], entry["version"], entry["package"]) for entry in self.groups] + [("meta.k8s.io", "v1", "meta")]
        return [(self.names[group], self.names[version], self.names[package], self.names[self.api_version(group, version)])
                for group, version, package in rows]

    def write(self, out):
        tables = {"group_versions": ("GroupVersion", self.group_rows()), "resources": ("Resource", self.resources), "methods": ("Method", self.methods),
                  "types": ("Type", self.type_rows), "fields": ("Field", self.fields), "elements": ("Field", self.elements)}
        # The names of types alone are found by 32 bits.
        small = [number for _, rows in tables.values() for row in rows for number in (row[1:] if rows is self.type_rows else row)]
        if max(small + self.lists.numbers) > NONE or max(len(rows) for _, rows in tables.values()) >= NONE or self.names.size >= NONE:
            raise model.ModelError("the tables need more than 16 bits")
        out.write("// Generated by tools/schema/tables.py from src/schema/kubernetes.api.\n#include \"schema/tables.h\"\n\nnamespace k8sc::schema {\n\n")
        for name, (kind, rows) in tables.items():
            out.write("const %s %s[] = {\n" % (kind, name))
            out.writelines("{%s},\n" % ",".join(map(str, row)) for row in rows)
            out.write("};\n")
        for name in ("group_versions", "resources", "types"):
            out.write("const int32_t %s_size = %d;\n" % (name, len(tables[name][1])))
        out.write("const uint16_t lists[] = {%s};\n" % ",".join(map(str, self.lists.numbers)))
        for name, pool in (("names", self.names), ("type_names", self.type_names)):
            out.write("const char %s[] =\n" % name)
            out.writelines('"%s\\0"\n' % text for text in pool.texts)
            out.write(";\n")
        for name, words in (("verb_words", model.VERBS), ("list_words", model.LIST_TYPES), ("map_words", model.MAP_TYPES),
                            ("strategy_words", model.STRATEGIES)):
            self.words(out, name, words)
        out.write("\n}  // namespace k8sc::schema\n")

    @staticmethod
    def words(out, name, words):
        """Words of the data file, each in a row of its own; an empty one is the last."""
        longest = max(map(len, words)) + 1
        out.write("const char %s[][word_size] = {%s};\n" % (name, ",".join('"%s"' % word for word in (*words, ""))))
        if longest > 17:
            raise model.ModelError("a word of %s is too long" % name)


def main(arguments):
    if len(arguments) != 2:
        sys.exit("usage: tables.py DATA.api TABLES.cc")
    try:
        tables = Tables(model.load(arguments[0]))
        with open(arguments[1], "w", encoding="utf-8") as file:
            tables.write(file)
    except model.ModelError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
