"""How a server is prepared for the scripts and asked them."""
import copy
import json
import re
import time

import corpus
import parts
import permissions
import schemas
import selects  # noqa: F401
import servers
import standards  # noqa: F401
import tables


def fill(value, space, version):
    """A path or a body for this script's namespace, and for what was answered last."""
    text = value if isinstance(value, str) else json.dumps(value)
    text = re.sub(r'\bNS\b', space, text).replace('"CURRENT"', json.dumps(version))
    return text if isinstance(value, str) else json.loads(text)


def played(server, steps, space):
    """What a server answers to a script."""
    server.ask('POST', '/api/v1/namespaces', {'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': space}})
    answers, version = [], ''
    for method, path, body, content_type, *counts in steps:
        if server.name == 'real' and 'resourceVersion=0' in path:
            time.sleep(1)  # answered from a cache, which follows a watch
        status, document = server.ask(fill(method, space, version), fill(path, space, version), None if body is None else fill(copy.deepcopy(body), space, version), content_type)
        if server.name == 'real' and method != 'GET' and permissions.RBAC in path:
            time.sleep(0.2)  # its permissions follow a watch
        if isinstance(document, dict) and isinstance(document.get('metadata'), dict):
            version = document['metadata'].get('resourceVersion', version)
        if isinstance(document, dict):
            continue_ = (document.get('metadata') or {}).get('continue')
            if continue_:
                document['metadata']['continue'] = '<token>'
        if counts and status < 300 and isinstance(document, dict):
            document = {path: servers.part(document, path) for path in counts[0]}
        answers.append((status, document))
    return answers


def prepare(server):
    for definition in (corpus.DEFINITION, parts.DEFINITION, *schemas.DEFINED, tables.DEFINED):
        server.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition)
    for _ in range(300):
        if all(server.ask('GET', path.replace('NS', 'default'))[0] == 200 for path in (corpus.WIDGETS, parts.GADGETS, schemas.BOXES, schemas.FORMS, schemas.MUGS, schemas.NEW_MUGS, tables.CANS)):
            return
        time.sleep(0.1)
    raise SystemExit(f'{server.name}: the custom resources are not served')


# What the fake server leaves out of a release, or says of all.
LEFT_OUT = r'(apiregistration|apiextensions.k8s.io/v1beta1|policy/v1beta1 podsecuritypolicies|(authorization|authentication).k8s.io/v1beta1 )|' \
           r' (bindings|.*/(proxy|exec|attach|portforward))$|storage.k8s.io/v1beta1 volumeattachments/status'


def resources(server):
    """What it tells in discovery: "apps/v1 deployments": what is said of it, but for the verbs."""
    versions = ['v1'] + [v['groupVersion'] for group in server.ask('GET', '/apis')[1]['groups'] for v in group['versions']]
    found = {}
    for version in versions:
        for resource in server.ask('GET', '/apis/' + version if '/' in version else '/api/v1')[1]['resources']:
            name = f'{version} {resource["name"]}'
            if schemas.GROUP not in name and not re.search(LEFT_OUT, name):
                found[name] = {k: v for k, v in resource.items() if k not in ('verbs', 'singularName', 'storageVersionHash')}
    return found
