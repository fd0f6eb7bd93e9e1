"""Scripts about subresources, namespaces, and what deletions leave to be done. Of an answer that the servers fill in differently only parts count."""
from corpus import DEPLOYMENTS, JSON, MAPS, MERGE, PODS, STRATEGIC, config_map, delete, get, patch, post, put, script

GADGETS, BUDGETS = '/apis/differential.k8sc.dev/v1/namespaces/NS/gadgets', '/apis/policy/v1beta1/namespaces/NS/poddisruptionbudgets'
CONTROLLERS, ACCOUNTS = '/api/v1/namespaces/NS/replicationcontrollers', '/api/v1/namespaces/NS/serviceaccounts'
NAMESPACES, REQUESTS = '/api/v1/namespaces', '/apis/certificates.k8s.io/v1/certificatesigningrequests'

DEFINITION = {
    'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition', 'metadata': {'name': 'gadgets.differential.k8sc.dev'},
    'spec': {'group': 'differential.k8sc.dev', 'scope': 'Namespaced', 'names': {'plural': 'gadgets', 'kind': 'Gadget', 'listKind': 'GadgetList', 'singular': 'gadget'},
             'versions': [{'name': 'v1', 'served': True, 'storage': True,
                           'subresources': {'status': {}, 'scale': {'specReplicasPath': '.spec.size.wanted', 'statusReplicasPath': '.status.size', 'labelSelectorPath': '.status.selector'}},
                           'schema': {'openAPIV3Schema': {'type': 'object', 'x-kubernetes-preserve-unknown-fields': True}}}]}}


def only(step, *parts):
    """What of the answer counts, as paths such as spec.nodeName; errors count as a whole."""
    return (*step, parts)


def deployment(name='d', replicas=2, selector=None):
    labels = {'app': 'web', 'tier': 'front'}
    template = {'metadata': {'labels': labels}, 'spec': {'containers': [{'name': 'c', 'image': 'i'}]}}
    return {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': name},
            'spec': {**({} if replicas is None else {'replicas': replicas}), 'selector': selector or {'matchLabels': labels}, 'template': template}}


def gadget(spec, name='g', **metadata):
    return {'apiVersion': 'differential.k8sc.dev/v1', 'kind': 'Gadget', 'metadata': {'name': name, **metadata}, 'spec': spec}


def scale(name, replicas=None, **metadata):
    return {'apiVersion': 'autoscaling/v1', 'kind': 'Scale', 'metadata': {'name': name, 'namespace': 'NS', **metadata}, 'spec': {} if replicas is None else {'replicas': replicas}}


def pod(name='p', containers=('c',), node=None, **metadata):
    spec = {'containers': [{'name': each, 'image': 'i'} for each in containers], 'automountServiceAccountToken': False}
    if node:
        spec['nodeName'] = node
    return {'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {'name': name, **metadata}, 'spec': spec}


def namespace(name, *finalizers):
    return {'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': name}, **({'spec': {'finalizers': list(finalizers)}} if finalizers else {})}


def eviction(name='p', **options):
    return {'apiVersion': 'policy/v1beta1', 'kind': 'Eviction', 'metadata': {'name': name}, **options}


def binding(name='p', node='n1', **metadata):
    return {'apiVersion': 'v1', 'kind': 'Binding', 'metadata': {'name': name, **metadata}, 'target': {'kind': 'Node', 'name': node}}


# ---- scale
for what, path, make, key in (('deployment', DEPLOYMENTS, deployment, 'replicas'), ('gadget', GADGETS, lambda: gadget({'size': {'wanted': 2}}), 'size')):
    made, one = only(post(path, make()), 'metadata.name'), path + '/' + make()['metadata']['name']
    name = make()['metadata']['name']
    script(f'scale of a {what}', made, get(one + '/scale'), put(one + '/scale', scale(name, 5)), only(get(one), 'spec.replicas', 'spec.size'))
    script(f'scale of a {what} to nothing', made, put(one + '/scale', scale(name)), put(one + '/scale', scale(name, 0)), only(get(one), 'spec.replicas', 'spec.size'))
    script(f'scale of a {what} by patches', made, patch(one + '/scale', MERGE, {'spec': {'replicas': 3}}),
           patch(one + '/scale', JSON, [{'op': 'replace', 'path': '/spec/replicas', 'value': 4}]), only(get(one), 'spec.replicas', 'spec.size'))
    script(f'scale of a {what} below 0', made, put(one + '/scale', scale(name, -1)))
    script(f'scale of a {what} that differs', made, put(one + '/scale', scale(name, 3, resourceVersion='1')))
    script(f'scale of a {what} of another name', made, put(one + '/scale', scale('other', 3)))
    script(f'scale of a {what} that is not there', get(path + '/none/scale'))
    script(f'scale of a {what}, methods that are not', made, post(one + '/scale', scale(name, 1)), delete(one + '/scale'))
script('scale without a namespace', only(post(DEPLOYMENTS, deployment()), 'metadata.name'), put(DEPLOYMENTS + '/d/scale', {**scale('d', 3), 'metadata': {'name': 'd'}}))
script('scale of a deployment that says nothing', only(post(DEPLOYMENTS, deployment(replicas=None)), 'metadata.name'), get(DEPLOYMENTS + '/d/scale'))
script('scale of a deployment with expressions', only(post(DEPLOYMENTS, deployment(selector={'matchLabels': {'app': 'web'}, 'matchExpressions': [
    {'key': 'tier', 'operator': 'In', 'values': ['front', 'back']}, {'key': 'a', 'operator': 'DoesNotExist'}, {'key': 'app', 'operator': 'Exists'}]})), 'metadata.name'),
    get(DEPLOYMENTS + '/d/scale'))
script('scale of a gadget that says nothing', only(post(GADGETS, gadget({})), 'metadata.name'), get(GADGETS + '/g/scale'), put(GADGETS + '/g/scale', scale('g', 1)))
script('scale of a gadget with a status', only(post(GADGETS, gadget({'size': {'wanted': 2}})), 'metadata.name'),
       only(patch(GADGETS + '/g/status', MERGE, {'status': {'size': 1, 'selector': 'a=b'}}), 'status'), get(GADGETS + '/g/scale'))
script('scale of a controller', only(post(CONTROLLERS, {'apiVersion': 'v1', 'kind': 'ReplicationController', 'metadata': {'name': 'r'}, 'spec': {
    'replicas': 1, 'selector': {'b': 'c', 'a': 'b'}, 'template': {'metadata': {'labels': {'a': 'b', 'b': 'c'}}, 'spec': {'containers': [{'name': 'c', 'image': 'i'}]}}}}), 'metadata.name'),
    get(CONTROLLERS + '/r/scale'), put(CONTROLLERS + '/r/scale', scale('r', 4)))

# ---- status
script('status of a new pod', only(post(PODS, {**pod(), 'status': {'phase': 'Running'}}), 'status'), only(patch(PODS + '/p', MERGE, {'status': {'phase': 'Running'}}), 'status'),
       only(patch(PODS + '/p/status', MERGE, {'status': {'phase': 'Running'}, 'spec': {'nodeName': 'n'}, 'metadata': {'labels': {'a': 'b'}, 'annotations': {'c': 'd'}}}),
            'status', 'spec.nodeName', 'metadata.labels', 'metadata.annotations'), only(get(PODS + '/p/status'), 'status.phase'))
script('status of a deployment', only(post(DEPLOYMENTS, {**deployment(), 'status': {'replicas': 7}}), 'status.replicas'),
       only(patch(DEPLOYMENTS + '/d/status', MERGE, {'status': {'replicas': 2}, 'metadata': {'labels': {'a': 'b'}, 'annotations': {'c': 'd'}}}),
            'status.replicas', 'metadata.labels', 'metadata.annotations'))

# ---- pods
NEW = only(post(PODS, pod()), 'metadata.name', 'status')
script('binding', NEW, post(PODS + '/p/binding', binding(annotations={'a': 'b'})), only(get(PODS + '/p'), 'spec.nodeName', 'metadata.annotations', 'status.conditions'),
       post(PODS + '/p/binding', binding()))
script('bindings', NEW, post('/api/v1/namespaces/NS/bindings', binding()), only(get(PODS + '/p'), 'spec.nodeName'))
script('binding of another name', NEW, post(PODS + '/p/binding', binding('q')))
script('binding to nothing', NEW, post(PODS + '/p/binding', binding(node='')))
script('binding of what is not there', post(PODS + '/none/binding', binding('none')))
script('binding, methods that are not', NEW, get(PODS + '/p/binding'), put(PODS + '/p/binding', binding()))
script('eviction', NEW, post(PODS + '/p/eviction', eviction()), get(PODS + '/p'))
script('eviction dry', NEW, post(PODS + '/p/eviction', eviction(deleteOptions={'dryRun': ['All']})), only(get(PODS + '/p'), 'metadata.name'))
script('eviction of another name', NEW, post(PODS + '/p/eviction', eviction('q')))
script('eviction of what is not there', post(PODS + '/none/eviction', eviction('none')))
script('eviction with a precondition', NEW, post(PODS + '/p/eviction', eviction(deleteOptions={'preconditions': {'uid': '11111111-1111-1111-1111-111111111111'}})))


def budget(name='b', **labels):
    return {'apiVersion': 'policy/v1beta1', 'kind': 'PodDisruptionBudget', 'metadata': {'name': name}, 'spec': {'minAvailable': 1, 'selector': {'matchLabels': labels}}}


def allowed(count, name='b', **more):
    return only(patch(BUDGETS + f'/{name}/status', MERGE, {'status': {'observedGeneration': 1, 'disruptionsAllowed': count, 'desiredHealthy': 1, 'currentHealthy': 1 + count,
                                                                      'expectedPods': 2, **more}}), 'status.disruptionsAllowed')


RUNNING = (only(post(PODS, pod(labels={'a': 'b'})), 'metadata.name'), only(patch(PODS + '/p/status', MERGE, {'status': {'phase': 'Running', 'conditions': [
    {'type': 'Ready', 'status': 'True'}]}}), 'status.phase'))
BUDGET = only(post(BUDGETS, budget(a='b')), 'metadata.name')
script('eviction within a budget', *RUNNING, BUDGET, allowed(1), post(PODS + '/p/eviction', eviction()), get(PODS + '/p'), only(get(BUDGETS + '/b'), 'status.disruptionsAllowed'))
script('eviction over a budget', *RUNNING, BUDGET, allowed(0), post(PODS + '/p/eviction', eviction()), only(get(PODS + '/p'), 'metadata.name'))
script('eviction under a budget that is not ready', *RUNNING, BUDGET, post(PODS + '/p/eviction', eviction()))
script('eviction under another budget', *RUNNING, only(post(BUDGETS, budget(a='c')), 'metadata.name'), post(PODS + '/p/eviction', eviction()))
script('eviction under two budgets', *RUNNING, BUDGET, only(post(BUDGETS, budget('c', a='b')), 'metadata.name'), post(PODS + '/p/eviction', eviction()))
script('eviction of a pod that has ended', *RUNNING, BUDGET, allowed(0), only(patch(PODS + '/p/status', MERGE, {'status': {'phase': 'Succeeded'}}), 'status.phase'),
       post(PODS + '/p/eviction', eviction()), get(PODS + '/p'))
script('eviction of a new pod over a budget', only(post(PODS, pod(labels={'a': 'b'})), 'metadata.name'), BUDGET, allowed(0), post(PODS + '/p/eviction', eviction()))
script('log with wrong options', NEW, *[get(PODS + '/p/log?' + options) for options in ('sinceSeconds=0', 'sinceSeconds=x', 'tailLines=-1', 'limitBytes=0', 'sinceSeconds=1&sinceTime=2001-01-01T00:00:00Z')])
script('log of a container that is not', NEW, get(PODS + '/p/log?container=none'), get(PODS + '/none/log'))
script('log of several containers', only(post(PODS, pod(containers=('c', 'd'))), 'metadata.name'), get(PODS + '/p/log'), get(PODS + '/p/log?container=d'))
script('log of a pod without a node', NEW, get(PODS + '/p/log'))
script('log with wrong bounds', NEW, get(PODS + '/p/log?tailLines=-1'), get(PODS + '/p/log?limitBytes=0'), get(PODS + '/p/log?tailLines=x'))

# ---- tokens, approvals
ACCOUNT = only(post(ACCOUNTS, {'apiVersion': 'v1', 'kind': 'ServiceAccount', 'metadata': {'name': 's'}}), 'metadata.name')


def token_request(**spec):
    return {'apiVersion': 'authentication.k8s.io/v1', 'kind': 'TokenRequest', 'spec': spec}


script('token', ACCOUNT, only(post(ACCOUNTS + '/s/token', token_request(expirationSeconds=1000, audiences=['a'])), 'kind', 'apiVersion', 'metadata', 'spec'),
       only(post(ACCOUNTS + '/s/token', token_request()), 'spec.expirationSeconds'))
script('token for a moment', ACCOUNT, post(ACCOUNTS + '/s/token', token_request(expirationSeconds=5)))
script('token of nobody', post(ACCOUNTS + '/none/token', token_request()))

# ---- namespaces
script('create in a namespace that is not', post(MAPS.replace('NS', 'differential-none'), config_map()), post(PODS.replace('NS', 'differential-none'), pod()))
script('a new namespace', post(NAMESPACES, namespace('NS-new')), get(NAMESPACES + '/NS-new/status'))
script('a namespace that may not be deleted', delete(NAMESPACES + '/default'), delete(NAMESPACES + '/kube-system'))
HELD = only(post(NAMESPACES, namespace('NS-held', 'kubernetes', 'differential.k8sc.dev/x')), 'spec', 'status')
script('create in a namespace that is being deleted', HELD, only(delete(NAMESPACES + '/NS-held'), 'status.phase', 'metadata'), post(MAPS.replace('NS', 'NS-held'), config_map()),
       post(DEPLOYMENTS.replace('NS', 'NS-held'), deployment()), put(NAMESPACES + '/NS-held/finalize', namespace('NS-held')), get(NAMESPACES + '/NS-held'))
script('finalize', HELD, put(NAMESPACES + '/NS-held/finalize', {**namespace('NS-held', 'differential.k8sc.dev/y'), 'status': {'phase': 'Terminating'}}),
       patch(NAMESPACES + '/NS-held', MERGE, {'spec': {'finalizers': []}}), get(NAMESPACES + '/NS-held/finalize'))

# ---- deletions
MADE = post(MAPS, config_map('owner'))
script('delete in the foreground', post(MAPS, config_map('owner', finalizers=['differential.k8sc.dev/x'])), delete(MAPS + '/owner', {'propagationPolicy': 'Foreground'}))
script('delete and orphan', post(MAPS, config_map('owner', finalizers=['differential.k8sc.dev/x'])), delete(MAPS + '/owner?propagationPolicy=Orphan'))
script('delete in the background', MADE, delete(MAPS + '/owner', {'propagationPolicy': 'Background'}), get(MAPS + '/owner'))
script('delete a pod without a node', NEW, only(delete(PODS + '/p'), 'metadata.name'), get(PODS + '/p'))
BOUND = only(post(PODS, pod(node='n1')), 'metadata.name')
LIFE = ('metadata.deletionTimestamp', 'metadata.name')
script('delete a pod with a node', BOUND, only(delete(PODS + '/p'), *LIFE), only(get(PODS + '/p'), *LIFE), only(delete(PODS + '/p'), *LIFE),
       only(delete(PODS + '/p', {'gracePeriodSeconds': 5}), *LIFE), only(patch(PODS + '/p', MERGE, {'metadata': {'labels': {'a': 'b'}}}), 'metadata.labels', *LIFE),
       only(delete(PODS + '/p?gracePeriodSeconds=0'), *LIFE), get(PODS + '/p'))
