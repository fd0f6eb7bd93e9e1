"""Scripts about what is filled in and what is refused in objects of Kubernetes' own main kinds."""
import copy

from corpus import APPLY, DEPLOYMENTS, MAPS, MERGE, PODS, ROLES, SECRETS, STRATEGIC, config_map, get, patch, post, put, role, script
from parts import only, pod

APPS, BATCH = '/apis/apps/v1/namespaces/NS', '/apis/batch/v1/namespaces/NS'
CRONJOBS, SCALERS = '/apis/batch/v1beta1/namespaces/NS/cronjobs', '/apis/autoscaling/v1/namespaces/NS/horizontalpodautoscalers'
BINDINGS, POLICIES = '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings', '/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies'
CORE = '/api/v1/namespaces/NS'
LEASES, SLICES = '/apis/coordination.k8s.io/v1/namespaces/NS/leases', '/apis/discovery.k8s.io/v1beta1/namespaces/NS/endpointslices'

CONTAINER = {'name': 'c', 'image': 'i'}
LABELS = {'app': 'web'}


def made(api_version, kind, name='x', **rest):
    return {'apiVersion': api_version, 'kind': kind, 'metadata': {'name': name}, **rest}


def with_template(kind, spec=None, pods=None, labels=None, selector=None, **containers):
    template = {'metadata': {'labels': labels or LABELS}, 'spec': {'containers': [{**CONTAINER, **containers}], **(pods or {})}}
    return made('apps/v1', kind, spec={'selector': {'matchLabels': LABELS} if selector is None else selector, 'template': template, **(spec or {})})


def changed(document, path, value):
    """A copy with another value at a path such as spec.ports.0.port, None: without it."""
    document = copy.deepcopy(document)
    *way, last = [int(key) if key.isdigit() else key for key in path.split('.')]
    place = document
    for key in way:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return document


# ---- what is filled in
VOLUMES = [{'name': 'a'}, {'name': 'b', 'secret': {'secretName': 's'}}, {'name': 'c', 'configMap': {'name': 'm'}}, {'name': 'd', 'hostPath': {'path': '/'}},
           {'name': 'e', 'downwardAPI': {'items': [{'path': 'p', 'fieldRef': {'fieldPath': 'metadata.name'}}]}},
           {'name': 'f', 'projected': {'sources': [{'serviceAccountToken': {'path': 't'}}, {'downwardAPI': {'items': [{'path': 'q', 'fieldRef': {'fieldPath': 'metadata.uid'}}]}}]}},
           {'name': 'g', 'persistentVolumeClaim': {'claimName': 'h'}}, {'name': 'h', 'emptyDir': {}}]
PROBES = {'livenessProbe': {'httpGet': {'port': 80}}, 'readinessProbe': {'tcpSocket': {'port': 80}, 'periodSeconds': 3}, 'startupProbe': {'exec': {'command': ['a']}, 'failureThreshold': 0},
          'lifecycle': {'postStart': {'httpGet': {'port': 'web'}}, 'preStop': {'exec': {'command': ['b']}}}}
ENVIRONMENT = {'env': [{'name': 'A', 'value': 'a'}, {'name': 'B', 'valueFrom': {'fieldRef': {'fieldPath': 'status.podIP'}}}], 'ports': [{'containerPort': 80, 'name': 'web'}, {'containerPort': 53, 'protocol': 'UDP'}]}
RESOURCES = {'resources': {'limits': {'cpu': '1', 'memory': '1Gi'}, 'requests': {'cpu': '100m'}}}


def pod_of(spec=None, **container):
    return changed(pod(), 'spec', {'containers': [{**CONTAINER, **container}], 'automountServiceAccountToken': False, **(spec or {})})


script('defaults of a pod', only(post(PODS, pod_of()), 'spec', 'status'), only(get(PODS + '/p'), 'spec'))
script('defaults of volumes', only(post(PODS, pod_of({'volumes': VOLUMES, 'serviceAccountName': 'a'})), 'spec'))
script('defaults of probes', only(post(PODS, pod_of(**PROBES)), 'spec'))
script('defaults of variables and ports', only(post(PODS, pod_of(**ENVIRONMENT)), 'spec'))
script('defaults of resources', only(post(PODS, pod_of(**RESOURCES)), 'spec', 'status'), only(post(DEPLOYMENTS, with_template('Deployment', **RESOURCES)), 'spec'))
script('defaults of a pod in the network of its node', only(post(PODS, pod_of({'hostNetwork': True}, ports=[{'containerPort': 80}])), 'spec'))
script('defaults of a pod that says all', only(post(PODS, pod_of({
    'restartPolicy': 'Never', 'terminationGracePeriodSeconds': 0, 'dnsPolicy': 'Default', 'schedulerName': 'mine', 'enableServiceLinks': False,
    'tolerations': [{'key': 'node.kubernetes.io/not-ready', 'operator': 'Exists', 'effect': 'NoExecute', 'tolerationSeconds': 5}],
    'initContainers': [{'name': 'first', 'image': 'i:1'}]}, imagePullPolicy='Never', terminationMessagePath='/a', terminationMessagePolicy='FallbackToLogsOnError')), 'spec'))
script('defaults of images', only(post(PODS, changed(pod(), 'spec.containers', [{'name': f'c{i}', 'image': image} for i, image in enumerate(
    ('i', 'i:latest', 'i:1', 'host:5000/i', 'host:5000/i:1', 'i@sha256:' + 'a' * 64))])), 'spec.containers'))
script('defaults that tolerate all', only(post(PODS, pod_of({'tolerations': [{'operator': 'Exists'}]})), 'spec.tolerations'))
for kind, plural in (('Deployment', 'deployments'), ('ReplicaSet', 'replicasets'), ('DaemonSet', 'daemonsets'), ('StatefulSet', 'statefulsets')):
    script(f'defaults of {plural}', only(post(f'{APPS}/{plural}', with_template(kind, {'serviceName': 's'} if kind == 'StatefulSet' else {})), 'spec'),
           only(patch(f'{APPS}/{plural}/x', MERGE, {'metadata': {'labels': {'a': 'b'}}}), 'spec', 'metadata.labels'))
script('defaults of strategies', only(post(DEPLOYMENTS, with_template('Deployment', {'strategy': {'rollingUpdate': {'maxSurge': 1}}})), 'spec.strategy'),
       only(post(DEPLOYMENTS, {**with_template('Deployment', {'strategy': {'type': 'Recreate'}}), 'metadata': {'name': 'y'}}), 'spec.strategy'))
script('defaults that come back', only(post(DEPLOYMENTS, with_template('Deployment', {'replicas': 3, 'revisionHistoryLimit': 1})), 'spec.replicas'),
       only(patch(DEPLOYMENTS + '/x', MERGE, {'spec': {'replicas': None, 'revisionHistoryLimit': None}}), 'spec.replicas', 'spec.revisionHistoryLimit'),
       only(patch(DEPLOYMENTS + '/x', STRATEGIC, {'spec': {'replicas': 0}}), 'spec.replicas'))
script('defaults of what is applied', patch(DEPLOYMENTS + '/x?fieldManager=m', APPLY, with_template('Deployment'))[:4] + (('spec', 'metadata.name'),),
       patch(DEPLOYMENTS + '/x?fieldManager=m', APPLY, with_template('Deployment', {'replicas': 2}))[:4] + (('spec.replicas',),))
script('defaults of claims of a StatefulSet', only(post(APPS + '/statefulsets', with_template('StatefulSet', {'serviceName': 's', 'volumeClaimTemplates': [
    {'metadata': {'name': 'v'}, 'spec': {'accessModes': ['ReadWriteOnce'], 'resources': {'requests': {'storage': '1Gi'}}}}]})), 'spec.volumeClaimTemplates'))
script('defaults of a controller', only(post(CORE + '/replicationcontrollers', made('v1', 'ReplicationController', spec={
    'template': {'metadata': {'labels': LABELS}, 'spec': {'containers': [CONTAINER]}}})), 'spec', 'metadata.labels'))
JOB = made('batch/v1', 'Job', spec={'template': {'spec': {'restartPolicy': 'Never', 'containers': [CONTAINER]}}})
script('defaults of a job', only(post(BATCH + '/jobs', JOB), 'spec.backoffLimit', 'spec.parallelism', 'spec.completions', 'spec.template.spec'),
       only(post(BATCH + '/jobs', {**changed(JOB, 'spec.parallelism', 2), 'metadata': {'name': 'y'}}), 'spec.parallelism', 'spec.completions'))
CRONJOB = made('batch/v1beta1', 'CronJob', spec={'schedule': '* * * * *', 'jobTemplate': {'spec': JOB['spec']}})
script('defaults of a cron job', only(post(CRONJOBS, CRONJOB), 'spec'))
SERVICE = made('v1', 'Service', spec={'selector': LABELS, 'ports': [{'port': 80}]})
FILLED = ('spec.ports', 'spec.sessionAffinity', 'spec.type', 'spec.selector', 'spec.externalTrafficPolicy', 'spec.sessionAffinityConfig')
script('defaults of a service', only(post(CORE + '/services', SERVICE), *FILLED), only(post(CORE + '/services', {**changed(SERVICE, 'spec.sessionAffinity', 'ClientIP'), 'metadata': {'name': 'y'}}), *FILLED),
       only(post(CORE + '/services', made('v1', 'Service', 'z', spec={'type': 'ExternalName', 'externalName': 'example.com'})), *FILLED),
       only(post(CORE + '/services', made('v1', 'Service', 'h', spec={'clusterIP': 'None', 'ports': [{'port': 80, 'targetPort': 'web', 'name': 'w'}]})), *FILLED))
script('defaults of a service with ports of nodes', only(post(CORE + '/services', changed(SERVICE, 'spec.type', 'LoadBalancer')), 'spec.externalTrafficPolicy', 'spec.type'))
CLAIM = made('v1', 'PersistentVolumeClaim', spec={'accessModes': ['ReadWriteOnce'], 'resources': {'requests': {'storage': '1Gi'}}})
script('defaults of a claim', only(post(CORE + '/persistentvolumeclaims', CLAIM), 'spec', 'status'))
script('defaults of a secret', post(SECRETS, made('v1', 'Secret', data={'a': 'YQ=='})))
script('defaults of endpoints', only(post(CORE + '/endpoints', made('v1', 'Endpoints', subsets=[{'addresses': [{'ip': '10.1.2.3'}], 'ports': [{'port': 80}]}])), 'subsets'))
script('defaults of a network policy', only(post(POLICIES, made('networking.k8s.io/v1', 'NetworkPolicy', spec={'podSelector': {}, 'ingress': [{'ports': [{'port': 80}]}]})), 'spec'),
       only(post(POLICIES, made('networking.k8s.io/v1', 'NetworkPolicy', 'y', spec={'podSelector': {}, 'egress': [{'ports': [{'port': 80}]}]})), 'spec'))
SCALER = made('autoscaling/v1', 'HorizontalPodAutoscaler', spec={'maxReplicas': 3, 'scaleTargetRef': {'kind': 'Deployment', 'name': 'd', 'apiVersion': 'apps/v1'}})
script('defaults of an autoscaler', only(post(SCALERS, SCALER), 'spec.minReplicas', 'spec.maxReplicas'))
BINDING = made('rbac.authorization.k8s.io/v1', 'RoleBinding', roleRef={'kind': 'Role', 'name': 'r'}, subjects=[
    {'kind': 'User', 'name': 'u'}, {'kind': 'Group', 'name': 'g'}, {'kind': 'ServiceAccount', 'name': 's', 'namespace': 'NS'}])
script('defaults of a role binding', only(post(BINDINGS, BINDING), 'roleRef', 'subjects'))
SLICE = made('discovery.k8s.io/v1beta1', 'EndpointSlice', addressType='IPv4', endpoints=[{'addresses': ['10.1.2.3']}], ports=[{'port': 80}])
script('defaults of a slice of endpoints', only(post(SLICES, SLICE), 'addressType', 'ports'))

# ---- what is refused
for path, value in (
        ('spec.containers', []), ('spec.containers.0.name', None), ('spec.containers.0.name', 'A_b'), ('spec.containers.0.image', None), ('spec.containers.0.image', ' i'),
        ('spec.containers', [CONTAINER, CONTAINER]), ('spec.containers.0.imagePullPolicy', 'Sometimes'), ('spec.containers.0.terminationMessagePolicy', 'Mail'),
        ('spec.containers.0.ports', [{}]), ('spec.containers.0.ports', [{'containerPort': 70000}]), ('spec.containers.0.ports', [{'containerPort': 80, 'protocol': 'ICMP'}]),
        ('spec.containers.0.ports', [{'containerPort': 80, 'name': 'a'}, {'containerPort': 81, 'name': 'a'}]), ('spec.containers.0.ports', [{'containerPort': 80, 'hostPort': -1}]),
        ('spec.containers.0.env', [{'value': 'a'}]), ('spec.containers.0.env', [{'name': '1 a'}]), ('spec.containers.0.env', [{'name': 'A', 'value': 'a', 'valueFrom': {'fieldRef': {'fieldPath': 'metadata.name'}}}]),
        ('spec.containers.0.env', [{'name': 'A', 'valueFrom': {}}]), ('spec.containers.0.env', [{'name': 'A', 'valueFrom': {'configMapKeyRef': {'name': 'm'}}}]),
        ('spec.containers.0.volumeMounts', [{'name': 'v', 'mountPath': '/a'}]), ('spec.containers.0.resources', {'requests': {'cpu': '2'}, 'limits': {'cpu': '1'}}),
        ('spec.containers.0.resources', {'requests': {'cpu': '-1'}}), ('spec.containers.0.livenessProbe', {}), ('spec.containers.0.livenessProbe', {'exec': {'command': ['a']}, 'tcpSocket': {'port': 1}}),
        ('spec.containers.0.livenessProbe', {'exec': {'command': ['a']}, 'successThreshold': 2}), ('spec.containers.0.readinessProbe', {'exec': {'command': ['a']}, 'periodSeconds': -1}),
        ('spec.containers.0.readinessProbe', {'httpGet': {'port': 0}}), ('spec.containers.0.lifecycle', {'preStop': {}}), ('spec.containers.0.livenessProbe', {'exec': {}}),
        ('spec.initContainers', [{'name': 'c', 'image': 'i'}]), ('spec.initContainers', [{'name': 'b'}]),
        ('spec.restartPolicy', 'Maybe'), ('spec.dnsPolicy', 'Guess'), ('spec.activeDeadlineSeconds', 0), ('spec.serviceAccountName', 'A_b'), ('spec.serviceAccountName', 'a'),
        ('spec.volumes', [{}]), ('spec.volumes', [{'name': 'A'}]), ('spec.volumes', [{'name': 'a'}, {'name': 'a'}]), ('spec.volumes', [{'name': 'a', 'secret': {}}]),
        ('spec.volumes', [{'name': 'a', 'emptyDir': {}, 'secret': {'secretName': 's'}}]), ('spec.volumes', [{'name': 'a', 'configMap': {}}]), ('spec.volumes', [{'name': 'a', 'hostPath': {'path': ''}}]),
        ('spec.volumes', [{'name': 'a', 'persistentVolumeClaim': {'claimName': ''}}]), ('spec', {})):
    script(f'refused: a pod with {path} {value}', only(post(PODS, changed(pod(), path, value)), 'spec.containers'))
script('refused: a pod that mounts two at one place', only(post(PODS, pod_of({'volumes': [{'name': 'a'}]}, volumeMounts=[{'name': 'a', 'mountPath': '/a'}, {'name': 'a', 'mountPath': '/a'}])), 'spec'))
script('refused: two mistakes in a pod', only(post(PODS, pod_of({'restartPolicy': 'Maybe'}, image='')), 'spec'))
NEW = only(post(PODS, pod()), 'metadata.name')
for what, change in (('an image', {'spec': {'containers': [{'name': 'c', 'image': 'j'}]}}), ('a command', {'spec': {'containers': [{'name': 'c', 'command': ['a']}]}}),
                     ('another container', {'spec': {'containers': [{'name': 'd', 'image': 'i'}]}}), ('a node', {'spec': {'nodeName': 'n'}}), ('a deadline', {'spec': {'activeDeadlineSeconds': 5}}),
                     ('a policy', {'spec': {'restartPolicy': 'Never'}}), ('a toleration', {'spec': {'tolerations': [{'key': 'a', 'operator': 'Exists'}]}})):
    script(f'a pod is changed: {what}', NEW, only(patch(PODS + '/p', STRATEGIC, change), 'spec'))
for kind, plural in (('Deployment', 'deployments'), ('ReplicaSet', 'replicasets'), ('DaemonSet', 'daemonsets'), ('StatefulSet', 'statefulsets')):
    more = {'serviceName': 's'} if kind == 'StatefulSet' else {}
    whole, path = with_template(kind, more), f'{APPS}/{plural}'
    for what, document in (
            ('no selector', changed(whole, 'spec.selector', None)), ('an empty selector', changed(whole, 'spec.selector', {})), ('another selector', changed(whole, 'spec.selector', {'matchLabels': {'a': 'b'}})),
            ('a selector of expressions', changed(whole, 'spec.selector', {'matchExpressions': [{'key': 'app', 'operator': 'In', 'values': ['a', 'b']}]})),
            ('another policy', with_template(kind, more, {'restartPolicy': 'Never'})), ('no image', with_template(kind, more, image='')), ('a deadline', with_template(kind, more, {'activeDeadlineSeconds': 5})),
            ('a label that may not be', with_template(kind, more, labels={**LABELS, 'a': 'b c'})), ('a key that may not be', with_template(kind, more, labels={**LABELS, 'a b': 'c'})),
            ('fewer than none', with_template(kind, {**more, 'replicas': -1}))):
        if kind != 'DaemonSet' or what != 'fewer than none':
            script(f'refused: {plural} with {what}', only(post(path, document), 'metadata.name'))
    script(f'refused: {plural} with a new selector', only(post(path, whole), 'metadata.name'), only(put(path + '/x', with_template(kind, more, labels={'app': 'b'}, selector={'matchLabels': {'app': 'b'}})), 'metadata.name'))
    script(f'{plural} with a new template', only(post(path, whole), 'metadata.name'), only(put(path + '/x', with_template(kind, more, image='other')), 'spec.template'))
script('refused: strategies', *[only(post(DEPLOYMENTS, with_template('Deployment', spec)), 'metadata.name') for spec in (
    {'strategy': {'type': 'Fast'}}, {'strategy': {'type': 'Recreate', 'rollingUpdate': {'maxSurge': 1}}}, {'strategy': {'rollingUpdate': {'maxSurge': 0, 'maxUnavailable': 0}}},
    {'progressDeadlineSeconds': 5, 'minReadySeconds': 10}, {'minReadySeconds': -1}, {'revisionHistoryLimit': -1})])
script('refused: policies of StatefulSets', *[only(post(APPS + '/statefulsets', with_template('StatefulSet', {'serviceName': 's', **spec})), 'metadata.name') for spec in (
    {'podManagementPolicy': 'Wild'},)])
script('refused: a new service name', only(post(APPS + '/statefulsets', with_template('StatefulSet', {'serviceName': 's'})), 'metadata.name'),
       only(put(APPS + '/statefulsets/x', with_template('StatefulSet', {'serviceName': 't'})), 'metadata.name'))
script('refused: jobs', *[only(post(BATCH + '/jobs', changed(JOB, path, value)), 'metadata.name') for path, value in (
    ('spec.template.spec.restartPolicy', 'Always'), ('spec.template.spec.restartPolicy', None), ('spec.parallelism', -1), ('spec.completions', -1), ('spec.backoffLimit', -1),
    ('spec.template.spec.containers', []))])
script('refused: changes of a job', only(post(BATCH + '/jobs', JOB), 'metadata.name'), only(patch(BATCH + '/jobs/x', MERGE, {'spec': {'parallelism': 2}}), 'spec.parallelism'),
       only(patch(BATCH + '/jobs/x', MERGE, {'spec': {'completions': 2}}), 'spec.completions'))
script('refused: cron jobs', *[only(post(CRONJOBS, changed(CRONJOB, path, value)), 'metadata.name') for path, value in (
    ('spec.schedule', ''), ('spec.concurrencyPolicy', 'Wild'), ('spec.failedJobsHistoryLimit', -1), ('spec.jobTemplate.spec.template.spec.restartPolicy', 'Always'))])
for path, value in (('spec.ports', []), ('spec.ports.0.port', 0), ('spec.ports.0.port', 70000), ('spec.ports.0.protocol', 'ICMP'), ('spec.ports.0.targetPort', 70000), ('spec.ports.0.name', 'A_b'),
                    ('spec.ports', [{'port': 80}, {'port': 81}]), ('spec.ports', [{'port': 80, 'name': 'a'}, {'port': 81, 'name': 'a'}]), ('spec.type', 'Wild'), ('spec.type', 'ExternalName'),
                    ('spec.sessionAffinity', 'Wild')):
    script(f'refused: a service with {path} {value}', only(post(CORE + '/services', changed(SERVICE, path, value)), 'metadata.name'))
script('refused: keys of maps', post(MAPS, config_map(data={'a b': 'c'})), post(MAPS, config_map(data={'..': 'c'})), post(MAPS, config_map(data={'a' * 254: 'c'})),
       post(MAPS, {**config_map(data={'a': 'c'}), 'binaryData': {'a': 'YQ=='}}))
script('refused: changes of what is immutable', only(post(MAPS, {**config_map(data={'a': 'b'}), 'immutable': True}), 'immutable'), patch(MAPS + '/a', MERGE, {'data': {'a': 'c'}}),
       patch(MAPS + '/a', MERGE, {'immutable': False}), only(patch(MAPS + '/a', MERGE, {'metadata': {'labels': {'a': 'b'}}}), 'metadata.labels'))
script('refused: secrets', *[post(SECRETS, made('v1', 'Secret', type=kind, data=data)) for kind, data in (
    ('kubernetes.io/tls', {}), ('kubernetes.io/tls', {'tls.crt': 'YQ=='}), ('kubernetes.io/dockerconfigjson', {}), ('kubernetes.io/ssh-auth', {}), ('kubernetes.io/basic-auth', {}),
    ('kubernetes.io/service-account-token', {}), ('Opaque', {'a b': 'YQ=='}))])
script('refused: changes of a secret', only(post(SECRETS, made('v1', 'Secret', immutable=True, data={'a': 'YQ=='})), 'type'), patch(SECRETS + '/x', MERGE, {'type': 'other'}),
       patch(SECRETS + '/x', MERGE, {'data': {'a': 'Yg=='}}))
script('refused: claims', *[only(post(CORE + '/persistentvolumeclaims', changed(CLAIM, path, value)), 'metadata.name') for path, value in (
    ('spec.accessModes', []), ('spec.resources', None), ('spec.resources.requests', {}))])
script('refused: roles', *[post(ROLES, role('r', [rule])) for rule in ({}, {'verbs': ['get']}, {'verbs': ['get'], 'apiGroups': ['']}, {'verbs': ['get'], 'resources': ['pods']},
                                                                      {'apiGroups': [''], 'resources': ['pods'], 'verbs': []})])
script('refused: role bindings', *[only(post(BINDINGS, changed(BINDING, path, value)), 'metadata.name') for path, value in (
    ('roleRef.kind', 'Pod'), ('roleRef.name', ''), ('subjects.0.kind', 'Pod'), ('subjects.0.name', ''), ('subjects.2.namespace', ''))])
script('refused: another role', only(post(BINDINGS, BINDING), 'metadata.name'), only(patch(BINDINGS + '/x', MERGE, {'roleRef': {'name': 's'}}), 'roleRef'))
script('refused: autoscalers', *[only(post(SCALERS, changed(SCALER, path, value)), 'metadata.name') for path, value in (
    ('spec.maxReplicas', 0), ('spec.minReplicas', 5), ('spec.scaleTargetRef.kind', ''), ('spec.scaleTargetRef.name', ''))])
script('refused: leases', *[only(post(LEASES, made('coordination.k8s.io/v1', 'Lease', spec=spec)), 'metadata.name') for spec in ({'leaseDurationSeconds': 0}, {'leaseTransitions': -1})])
script('refused: events of another namespace', *[only(post(CORE + '/events', made('v1', 'Event', f'e{i}', involvedObject=about)), 'metadata.name') for i, about in enumerate((
    {'namespace': 'default'}, {}, {'namespace': 'NS'}))])
script('refused: slices of endpoints', *[only(post(SLICES, changed(SLICE, 'addressType', value)), 'metadata.name') for value in ('', 'Wild')])
