"""Scripts about the fields that can be selected, which are others for each resource."""
from corpus import delete, get, post, script
from parts import PODS, only, pod

FIELDS = ('metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.none', 'spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'status.phase', 'status.podIP',
          'status.nominatedNodeName', 'spec.unschedulable', 'type', 'status.replicas', 'status.successful', 'spec.signerName', 'involvedObject.kind', 'involvedObject.name', 'involvedObject.fieldPath', 'reason',
          'reportingComponent', 'source', 'regarding.kind', 'reportingController')
SPACED = {'v1': ('configmaps', 'pods', 'events', 'secrets', 'services', 'replicationcontrollers', 'serviceaccounts'), 'apps/v1': ('deployments', 'replicasets'), 'batch/v1': ('jobs',),
          'events.k8s.io/v1': ('events',), 'rbac.authorization.k8s.io/v1': ('roles',), 'differential.k8sc.dev/v1': ('widgets',)}
WHOLE = {'v1': ('nodes', 'namespaces', 'persistentvolumes'), 'certificates.k8s.io/v1': ('certificatesigningrequests',), 'storage.k8s.io/v1': ('storageclasses',)}


def below(version):
    return f'/apis/{version}/' if '/' in version else f'/api/{version}/'


for versions, space in ((SPACED, 'namespaces/NS/'), (WHOLE, '')):
    for version, plurals in versions.items():
        for plural in plurals:
            script(f'fields of {plural} in {version}', *[only(get(f'{below(version)}{space}{plural}?fieldSelector={field}%3Dnone'), 'kind', 'items') for field in FIELDS])


def secret(name, kind):
    return {'apiVersion': 'v1', 'kind': 'Secret', 'metadata': {'name': name}, 'type': kind}


def event(name, **more):
    return {'apiVersion': 'v1', 'kind': 'Event', 'metadata': {'name': name}, 'involvedObject': {'kind': 'Pod', 'name': 'p', 'namespace': 'NS'}, 'source': {}, **more}


SECRETS, EVENTS = '/api/v1/namespaces/NS/secrets', '/api/v1/namespaces/NS/events'
script('secrets by type', post(SECRETS, secret('a', 'example.com/a')), post(SECRETS, secret('b', 'example.com/b')), get(SECRETS + '?fieldSelector=type%3Dexample.com/a'),
       get(SECRETS + '?fieldSelector=type!%3Dexample.com/a,metadata.name%3Db'), get(SECRETS + '?fieldSelector=type%3D%3Dexample.com/c'))
script('events by what they are about', only(post(EVENTS, event('a', reason='Started', type='Normal')), 'metadata.name'), only(post(EVENTS, event('b', reason='Failed', source={'component': 'kubelet'})), 'metadata.name'),
       *[only(get(f'{EVENTS}?fieldSelector={fields}&limit=1'), 'metadata.continue') for fields in
         ('reason%3DStarted', 'involvedObject.name%3Dp', 'source%3Dkubelet', 'source%3D', 'involvedObject.name%3Dp,reason!%3DFailed', 'type%3DNormal')])
script('pods by what is not said of them', only(post(PODS, pod()), 'metadata.name'), *[only(get(f'{PODS}?fieldSelector={fields}'), 'kind') for fields in ('spec.nodeName%3D', 'status.podIP%3D')])
script('deletecollection by a field that is none', delete(SECRETS + '?fieldSelector=spec.none%3Da'))
