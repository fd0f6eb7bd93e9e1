#!/usr/bin/env python3
"""Makes the data file (model.py has its grammar) from the same facts as JSON:

    {"groupVersions": [{group, version, package, from, resources: [{resource, kind, namespaced, verbs, subresourceMethods}]}],
     "types": {"io.k8s.api.core.v1.Pod": {"fields": {"spec": {type, ref, ...}}}}}

Mended on the way: a type of a method that is named without its package is one of the same group-version; a list type that a declaration
puts on what is no list goes. Added: the methods that client-go's clients have written by hand, which no declaration tells; how wide integers
are; and what more.api has.
"""

import bisect
import json
import pathlib
import sys

import model

HEAD = """The Kubernetes API as data: groups, versions, resources with their methods, types with their fields.
The facts come from the Go declarations of k8s.io/api and k8s.io/apimachinery and from the method sets of client-go's typed clients, of
the release that each group-version names: the newest that still has it. tools/schema/README.md tells more; the grammar stands in
tools/schema/model.py. Made by tools/schema/from_json.py."""

CORE = "k8s.io/api/core/v1."


def _method(name, verb, subresource, given=None, result=None):
    method = {"method": name, "verb": verb, "subresource": subresource}
    if given:
        method["input"] = given
    if result:
        method["result"] = result
    return method


# (group, version, resource) -> what client-go has by hand. The input of a get is the type of its query parameters; without a result the
# answer is a stream of bytes, or nothing but success.
def _events(package):
    event = "k8s.io/api/%s.Event" % package
    return [_method("CreateWithEventNamespace", "create", "", event, event), _method("UpdateWithEventNamespace", "update", "", event, event),
            _method("PatchWithEventNamespace", "patch", "", event, event)]


BY_HAND = {
    ("", "v1", "pods"): [
        _method("Bind", "create", "binding", CORE + "Binding"),
        _method("Evict", "create", "eviction", "k8s.io/api/policy/v1.Eviction"),
        _method("EvictV1", "create", "eviction", "k8s.io/api/policy/v1.Eviction"),
        _method("EvictV1beta1", "create", "eviction", "k8s.io/api/policy/v1beta1.Eviction"),
        _method("GetLogs", "get", "log", CORE + "PodLogOptions"),
        _method("ProxyGet", "get", "proxy"),
    ],
    ("", "v1", "services"): [_method("ProxyGet", "get", "proxy")],
    ("", "v1", "namespaces"): [_method("Finalize", "update", "finalize", CORE + "Namespace", CORE + "Namespace")],
    ("", "v1", "nodes"): [_method("PatchStatus", "patch", "status", None, CORE + "Node")],
    ("", "v1", "events"): _events("core/v1") + [_method("Search", "list", "", None, CORE + "EventList"), _method("SearchWithContext", "list", "", None, CORE + "EventList")],
    ("events.k8s.io", "v1beta1", "events"): _events("events/v1beta1"),
    ("certificates.k8s.io", "v1beta1", "certificatesigningrequests"): [
        _method("UpdateApproval", "update", "approval", "k8s.io/api/certificates/v1beta1.CertificateSigningRequest",
                "k8s.io/api/certificates/v1beta1.CertificateSigningRequest"),
    ],
}


# The names of fields that Go holds in 64 bits, as int64; the others are int32. Where a name is both, the type decides.
WIDE = {"activeDeadlineSeconds", "capacity", "deletionGracePeriodSeconds", "fsGroup", "generation", "gid", "gracePeriodSeconds", "int", "ints", "limitBytes",
        "nodeAllocatableUpdatePeriodSeconds", "observedGeneration", "remainingItemCount", "revision", "runAsGroup", "runAsUser", "seconds", "sinceSeconds",
        "sizeBytes", "startingDeadlineSeconds", "supplementalGroups", "tailLines", "templateGeneration", "terminationGracePeriodSeconds",
        "tolerationSeconds", "uid"}
WIDE_IN = {("ListOptions", "timeoutSeconds"), ("ListOptions", "limit"), ("ServiceAccountTokenProjection", "expirationSeconds"),
           ("TokenRequest", "expirationSeconds"), ("TokenRequestSpec", "expirationSeconds"), ("DeviceRequest", "count"), ("DeviceSubRequest", "count"),
           ("ExactDeviceRequest", "count"), ("ResourcePool", "resourceSliceCount"), ("IDRange", "min"), ("IDRange", "max")}


def widths(name, fields):
    for field, fact in fields.items():
        while fact["type"] in ("array", "map"):
            fact = fact["items" if fact["type"] == "array" else "values"]
        if fact["type"] == "integer" and field not in WIDE and (name.rsplit(".", 1)[1], field) not in WIDE_IN:
            fact["bits"] = 32


def add(data, more):
    """What is not there yet, each in its place."""
    data["types"].update((name, content) for name, content in more["types"].items() if name not in data["types"])
    # The apimachinery's own are the last.
    data["types"] = dict(sorted(data["types"].items(), key=lambda one: (one[0].startswith(model._META), one[0])))
    for entry in more["groupVersions"]:
        known = [group for group in data["groupVersions"] if (group["group"], group["version"]) == (entry["group"], entry["version"])]
        if not known:
            bisect.insort(data["groupVersions"], dict(entry, resources=[]), key=lambda group: (group["package"] != "core", group["package"], group["version"]))
            known = [group for group in data["groupVersions"] if (group["group"], group["version"]) == (entry["group"], entry["version"])]
        there = {resource["resource"] for resource in known[0]["resources"]}
        known[0]["resources"] += [dict(resource, **{"from": entry["from"]}) for resource in entry["resources"] if resource["resource"] not in there]


def mend(data):
    """The model of the JSON; the argument is changed."""
    for entry in data["groupVersions"]:
        for resource in entry["resources"]:
            methods = resource.get("subresourceMethods", [])
            for method in methods:
                for key in ("input", "result"):
                    if key in method and "." not in method[key]:
                        method[key] = "k8s.io/api/%s/%s.%s" % (entry["package"], entry["version"], method[key])
            known = {method["method"] for method in methods}
            added = BY_HAND.get((entry["group"], entry["version"], resource["resource"]), [])
            methods = methods + [dict(method) for method in added if method["method"] not in known]
            if methods:
                resource["subresourceMethods"] = methods
    for name, content in data["types"].items():
        widths(name, content["fields"])
        for fact in content["fields"].values():
            # How protobuf and Go write it, which nothing here asks.
            fact.pop("wire", None)
            fact.pop("print", None)
            if fact["type"] != "array":
                fact.pop("listType", None)
    return data


def main(arguments):
    if len(arguments) != 2:
        sys.exit("usage: from_json.py FACTS.json DATA.api")
    with open(arguments[0], encoding="utf-8") as file:
        data = mend(json.load(file))
    add(data, model.load(pathlib.Path(__file__).parent / "more.api", data["types"]))
    text = model.dumps(data, HEAD)
    if model.loads(text, arguments[1]) != data:
        sys.exit("the text does not say all that the JSON says")
    with open(arguments[1], "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
