"""Scripts: requests that both servers are sent, one after the other, each script in a namespace of its own. NS stands for it in paths and bodies."""
import json

APPLY, STRATEGIC = 'application/apply-patch+yaml', 'application/strategic-merge-patch+json'
MERGE, JSON = 'application/merge-patch+json', 'application/json-patch+json'
MAPS, SECRETS, PODS = '/api/v1/namespaces/NS/configmaps', '/api/v1/namespaces/NS/secrets', '/api/v1/namespaces/NS/pods'
DEPLOYMENTS, ROLES = '/apis/apps/v1/namespaces/NS/deployments', '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles'
LEASES = '/apis/coordination.k8s.io/v1/namespaces/NS/leases'
WIDGETS = '/apis/differential.k8sc.dev/v1/namespaces/NS/widgets'

SCRIPTS = {}


def script(name, *steps):
    assert name not in SCRIPTS, name
    SCRIPTS[name] = steps


def post(path, body):
    return ('POST', path, body, None)


def put(path, body):
    return ('PUT', path, body, None)


def patch(path, kind, body):
    return ('PATCH', path, body, kind)


def get(path):
    return ('GET', path, None, None)


def delete(path, body=None):
    return ('DELETE', path, body, None)


def config_map(name='a', data=None, **metadata):
    made = {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': name, **metadata}}
    if data is not None:
        made['data'] = data
    return made


def widget(name='w', spec=None, **metadata):
    made = {'apiVersion': 'differential.k8sc.dev/v1', 'kind': 'Widget', 'metadata': {'name': name, **metadata}}
    if spec is not None:
        made['spec'] = spec
    return made


def role(name, rules):
    return {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'Role', 'metadata': {'name': name}, 'rules': rules}


DEFINITION = {
    'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition', 'metadata': {'name': 'widgets.differential.k8sc.dev'},
    'spec': {'group': 'differential.k8sc.dev', 'scope': 'Namespaced', 'names': {'plural': 'widgets', 'kind': 'Widget', 'listKind': 'WidgetList', 'singular': 'widget'},
             'versions': [{'name': 'v1', 'served': True, 'storage': True, 'subresources': {'status': {}},
                           'schema': {'openAPIV3Schema': {'type': 'object', 'x-kubernetes-preserve-unknown-fields': True}}}]}}

# ---- create, get, update, delete, for a typed and for a custom resource
for kind, path, make, key in (('map', MAPS, config_map, 'data'), ('widget', WIDGETS, widget, 'spec')):
    one = {'data': {'k': 'v', 'l': 'w'}} if kind == 'map' else {'spec': {'k': 'v', 'l': 'w'}}
    body = make('a', one[key], labels={'app': 'web'}, annotations={'n': '1'})
    script(f'{kind}: create and get', post(path, body), get(path + '/a'))
    script(f'{kind}: create twice', post(path, body), post(path, body))
    script(f'{kind}: get what is not there', get(path + '/none'))
    script(f'{kind}: delete what is not there', delete(path + '/none'))
    script(f'{kind}: delete', post(path, body), delete(path + '/a'), get(path + '/a'))
    script(f'{kind}: delete with a wrong uid', post(path, body), delete(path + '/a', {'preconditions': {'uid': '11111111-1111-1111-1111-111111111111'}}))
    script(f'{kind}: delete dry', post(path, body), delete(path + '/a?dryRun=All'), get(path + '/a'))
    script(f'{kind}: delete with a wrong policy', post(path, body), delete(path + '/a', {'propagationPolicy': 'Never'}))
    script(f'{kind}: create dry', post(path + '?dryRun=All', body), get(path + '/a'))
    script(f'{kind}: create with a wrong dryRun', post(path + '?dryRun=Some', body))
    script(f'{kind}: create in another namespace', post(path, make('a', one[key], namespace='other')))
    script(f'{kind}: create with a resourceVersion', post(path, make('a', one[key], resourceVersion='5')))
    script(f'{kind}: update', post(path, body), put(path + '/a', make('a', {'k': 'x'}, resourceVersion='CURRENT')), get(path + '/a'))
    script(f'{kind}: update with an old resourceVersion', post(path, body), put(path + '/a', make('a', {'k': 'x'}, resourceVersion='1')))
    script(f'{kind}: update with a name that differs', post(path, body), put(path + '/a', make('b', {'k': 'x'}, resourceVersion='CURRENT')))
    script(f'{kind}: update what is not there', put(path + '/none', make('none', {'k': 'x'}, resourceVersion='1')))
    script(f'{kind}: update without a name', post(path, body), put(path + '/a', {k: v for k, v in make('a', {}).items() if k != 'metadata'}))
    script(f'{kind}: broken JSON', post(path, '{'))
    script(f'{kind}: an array', post(path, '[]'))
    script(f'{kind}: nothing', post(path, ''))
    script(f'{kind}: no name', post(path, {k: v for k, v in make('a', {}).items() if k != 'metadata'}))
    script(f'{kind}: another kind', post(path, {'apiVersion': 'v1', 'kind': 'Gadget', 'metadata': {'name': 'a'}}))
    script(f'{kind}: another version', post(path, {**make('a', {}), 'apiVersion': 'v7'}))
    for name in ('A', 'a_b', '-a', 'a.', 'a' * 254, 'a/b', 'ü'):
        script(f'{kind}: a name such as {name[:8]}', post(path, make(name, one[key])))
    for labels in ({'a b': 'c'}, {'a': 'b c'}, {'a': 'x' * 64}, {'/a': 'b'}, {'example.com/a': 'b'}):
        script(f'{kind}: labels such as {str(labels)[:24]}', post(path, make('a', one[key], labels=labels)))
    script(f'{kind}: labels of a wrong type', post(path, make('a', one[key], labels={'a': 1})))
    script(f'{kind}: labels that are none', post(path, make('a', one[key], labels=[])))
    script(f'{kind}: finalizers', post(path, make('a', one[key], finalizers=['differential.k8sc.dev/x'])), delete(path + '/a'), get(path + '/a'),
           patch(path + '/a', MERGE, {'metadata': {'finalizers': None}}), get(path + '/a'))
    script(f'{kind}: wrong finalizers', post(path, make('a', one[key], finalizers=['x y'])))
    # ---- patches
    script(f'{kind}: merge patch', post(path, body), patch(path + '/a', MERGE, {key: {'k': None, 'm': 'n'}, 'metadata': {'labels': {'x': 'y'}}}))
    script(f'{kind}: merge patch of what is not there', patch(path + '/none', MERGE, {}))
    script(f'{kind}: merge patch that is an array', post(path, body), patch(path + '/a', MERGE, []))
    script(f'{kind}: merge patch that is broken', post(path, body), patch(path + '/a', MERGE, '{'))
    script(f'{kind}: merge patch of the name', post(path, body), patch(path + '/a', MERGE, {'metadata': {'name': 'b'}}))
    script(f'{kind}: merge patch with an old resourceVersion', post(path, body), patch(path + '/a', MERGE, {'metadata': {'resourceVersion': '1'}}))
    script(f'{kind}: merge patch that is empty', post(path, body), patch(path + '/a', MERGE, {}))
    script(f'{kind}: merge patch of labels with null', post(path, body), patch(path + '/a', MERGE, {'metadata': {'labels': None}}))
    for number, operations in enumerate((
            [{'op': 'add', 'path': f'/{key}/n', 'value': '1'}], [{'op': 'replace', 'path': f'/{key}/k', 'value': '2'}],
            [{'op': 'remove', 'path': f'/{key}/k'}], [{'op': 'move', 'from': f'/{key}/k', 'path': f'/{key}/o'}],
            [{'op': 'copy', 'from': f'/{key}/k', 'path': f'/{key}/o'}], [{'op': 'test', 'path': f'/{key}/k', 'value': 'v'}],
            [{'op': 'test', 'path': f'/{key}/k', 'value': 'other'}], [{'op': 'remove', 'path': f'/{key}/none'}],
            [{'op': 'replace', 'path': f'/{key}/none', 'value': '1'}], [{'op': 'add', 'path': '/none/none', 'value': '1'}],
            [{'op': 'hop', 'path': f'/{key}/k'}], [{'op': 'add', 'path': '/metadata/labels/a~1b', 'value': 'c'}], {}, 'x')):
        script(f'{kind}: JSON patch {number}', post(path, body), patch(path + '/a', JSON, operations), get(path + '/a'))
    script(f'{kind}: strategic merge patch', post(path, body), patch(path + '/a', STRATEGIC, {key: {'k': None, 'm': 'n'}}))
    script(f'{kind}: a patch of no type', post(path, body), patch(path + '/a', 'application/json', {}))
    # ---- lists
    script(f'{kind}: list of nothing', get(path))
    script(f'{kind}: list with selectors', *[post(path, make(n, one[key], labels={'n': n, **({'odd': 'yes'} if n in 'ac' else {})})) for n in 'abcd'],
           *[get(path + '?labelSelector=' + s) for s in ('odd', '!odd', 'n=a', 'n==a', 'n!=a', 'n%20in%20(a,b)', 'n%20notin%20(a,b)', 'odd,n!=a', 'n%20in', '=a', 'a=b=c')],
           *[get(path + '?fieldSelector=' + s) for s in ('metadata.name=b', 'metadata.name!=b', 'metadata.namespace=NS', 'spec.none=a', 'metadata.name')],
           get(path + '?limit=2'), get(path + '?limit=-1'), get(path + '?limit=x'), get(path + '?continue=x'), get(path + '?resourceVersion=x'),
           get(path + '?resourceVersionMatch=Exact'), get(path + '?resourceVersion=0&resourceVersionMatch=Exact'), get(path + '?resourceVersionMatch=Never&resourceVersion=1'),
           delete(path + '?labelSelector=odd'), get(path))
    script(f'{kind}: methods that are not', post(path + '/a', body), put(path, body), patch(path, MERGE, {}))
    script(f'{kind}: subresources that are not', get(path + '/a/none'), put(path + '/a/scale', body))
    # ---- apply
    applied = make('a', {'k': 'v'})
    script(f'{kind}: apply creates', patch(path + '/a?fieldManager=m', APPLY, applied), get(path + '/a'))
    script(f'{kind}: apply twice', patch(path + '/a?fieldManager=m', APPLY, applied), patch(path + '/a?fieldManager=m', APPLY, applied))
    script(f'{kind}: apply without a manager', patch(path + '/a', APPLY, applied))
    script(f'{kind}: apply of another name', patch(path + '/a?fieldManager=m', APPLY, make('b', {})))
    script(f'{kind}: apply of another kind', patch(path + '/a?fieldManager=m', APPLY, {'apiVersion': 'v1', 'kind': 'Gadget', 'metadata': {'name': 'a'}}))
    script(f'{kind}: apply of broken YAML', patch(path + '/a?fieldManager=m', APPLY, 'a: ['))
    script(f'{kind}: apply with managedFields', patch(path + '/a?fieldManager=m', APPLY, make('a', {}, managedFields=[])))
    script(f'{kind}: force without apply', post(path, body), patch(path + '/a?force=true', MERGE, {}))
    script(f'{kind}: apply takes away', patch(path + '/a?fieldManager=m', APPLY, make('a', {'k': 'v', 'l': 'w'}, labels={'x': 'y'})),
           patch(path + '/a?fieldManager=m', APPLY, make('a', {'l': 'w'})), get(path + '/a'))
    script(f'{kind}: apply in conflict', patch(path + '/a?fieldManager=m', APPLY, applied), patch(path + '/a?fieldManager=n', APPLY, make('a', {'k': 'other'})),
           patch(path + '/a?fieldManager=n&force=true', APPLY, make('a', {'k': 'other'})), get(path + '/a'))
    script(f'{kind}: apply in two conflicts', patch(path + '/a?fieldManager=m', APPLY, make('a', {'k': 'v', 'l': 'w'})),
           patch(path + '/a?fieldManager=n', APPLY, make('a', {'k': 'x', 'l': 'y'})))
    script(f'{kind}: apply of what is shared', patch(path + '/a?fieldManager=m', APPLY, applied), patch(path + '/a?fieldManager=n', APPLY, applied),
           patch(path + '/a?fieldManager=m', APPLY, make('a')), get(path + '/a'), patch(path + '/a?fieldManager=n', APPLY, make('a')), get(path + '/a'))
    script(f'{kind}: apply of finalizers', patch(path + '/a?fieldManager=m', APPLY, make('a', finalizers=['differential.k8sc.dev/m'])),
           patch(path + '/a?fieldManager=n', APPLY, make('a', finalizers=['differential.k8sc.dev/n'])), patch(path + '/a?fieldManager=m', APPLY, make('a')))
    script(f'{kind}: apply dry', patch(path + '/a?fieldManager=m&dryRun=All', APPLY, applied), get(path + '/a'))

# ---- lists within objects: by keys, as a whole
for letter, rules in (('a', [{'apiGroups': [''], 'resources': ['pods'], 'verbs': ['get']}]), ('b', [])):
    script(f'role: rules {letter}', post(ROLES, role('r', rules)), patch(ROLES + '/r', STRATEGIC, {'rules': [{'apiGroups': [''], 'resources': ['nodes'], 'verbs': ['list']}]}),
           patch(ROLES + '/r?fieldManager=m&force=true', APPLY, role('r', rules)), get(ROLES + '/r'))
PLACES = [{'name': 'one', 'value': '1'}, {'name': 'two', 'value': '2'}]
# kubectl apply, and then kubectl apply --server-side, as itself and as others.
LAST = 'kubectl.kubernetes.io/last-applied-configuration'


def applied_by_kubectl(document, text=None):
    text = json.dumps(document) + '\n' if text is None else text
    return {**document, 'metadata': {**document['metadata'], 'annotations': {**document['metadata'].get('annotations', {}), LAST: text}}}


for kind, path, make in (('map', MAPS, config_map), ('widget', WIDGETS, lambda name, data=None, **metadata: widget(name, data, **metadata))):
    both, CLIENT, SERVER = {'k': 'v', 'l': '<&>'}, '?fieldManager=kubectl-client-side-apply', '/a?fieldManager=kubectl'
    made = post(path + CLIENT, applied_by_kubectl(make('a', both)))
    script(f'{kind}: from client-side apply', made, patch(path + SERVER, APPLY, make('a', {'k': 'w', 'l': '<&>', 'm': 'n'}, annotations={'x': '<y>'})), get(path + '/a'))
    script(f'{kind}: from client-side apply, unchanged', made, patch(path + SERVER, APPLY, make('a', both)), patch(path + SERVER, APPLY, make('a', {'k': 'v'})), get(path + '/a'))
    script(f'{kind}: from client-side apply, by another', made, patch(path + '/a?fieldManager=other', APPLY, make('a', {'k': 'w'})), get(path + '/a'))
    script(f'{kind}: from client-side apply, changed since', made, patch(path + '/a?fieldManager=editor', MERGE, {'data' if kind == 'map' else 'spec': {'k': 'x'}}),
           patch(path + SERVER, APPLY, make('a', {'k': 'w', 'l': 'z'})), patch(path + SERVER + '&force=true', APPLY, make('a', {'k': 'w', 'l': 'z'})), get(path + '/a'))
    for why, text in (('no JSON', '{'), ('of another version', json.dumps({**make('a', both), 'apiVersion': 'v0'})), ('something else', json.dumps(make('a', {'k': 'other'})))):
        script(f'{kind}: from client-side apply, the annotation is {why}', post(path + CLIENT, applied_by_kubectl(make('a', both), text)), patch(path + SERVER, APPLY, make('a', {'k': 'w'})))
    script(f'{kind}: client-side apply after server-side', patch(path + SERVER, APPLY, make('a', both)),
           patch(path + '/a' + CLIENT, MERGE, applied_by_kubectl(make('a', {'k': 'w'}))), patch(path + SERVER, APPLY, make('a', {'k': 'x'})), get(path + '/a'))

script('widget: lists are whole', patch(WIDGETS + '/w?fieldManager=m', APPLY, widget('w', {'places': PLACES})),
       patch(WIDGETS + '/w?fieldManager=n', APPLY, widget('w', {'places': PLACES[:1]})), patch(WIDGETS + '/w?fieldManager=m', APPLY, widget('w', {'places': PLACES[1:]})))
script('widget: status apart', post(WIDGETS, {**widget('w', {'a': 1}), 'status': {'s': 1}}), patch(WIDGETS + '/w', MERGE, {'status': {'s': 2}}),
       patch(WIDGETS + '/w/status', MERGE, {'status': {'s': 3}, 'spec': {'a': 2}}), patch(WIDGETS + '/w/status?fieldManager=m&force=true', APPLY, {**widget('w'), 'status': {'s': 4}}),
       get(WIDGETS + '/w/status'))
script('paths that are not', get('/apis/none/v1'), get('/api/v7'), get('/apis/apps/v1/none'), get('/nothing'))
