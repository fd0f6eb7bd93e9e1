"""Scripts about objects as rows of a Table."""
from corpus import DEPLOYMENTS, MAPS, MERGE, PODS, config_map, patch, post, script
from parts import deployment, only, pod
from schemas import definition, path_of, version

TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io'
OLD_TABLE = 'application/json;as=Table;v=v1beta1;g=meta.k8s.io'
KUBECTL = f'{TABLE},{OLD_TABLE},application/json'
COLUMNS = [{'name': 'Size', 'type': 'integer', 'jsonPath': '.spec.size'}, {'name': 'Ready', 'type': 'string', 'jsonPath': '.status.conditions[?(@.type=="Ready")].status', 'description': 'r'},
           {'name': 'First', 'type': 'string', 'jsonPath': '.spec.list[0]', 'priority': 1}, {'name': 'On', 'type': 'boolean', 'jsonPath': '.spec.on'}, {'name': 'Ratio', 'type': 'number', 'jsonPath': '.spec.ratio'},
           {'name': 'When', 'type': 'date', 'jsonPath': '.spec.when'}, {'name': 'Label', 'type': 'string', 'jsonPath': '.metadata.labels.a\\.b/c'}, {'name': 'Any', 'type': 'string', 'jsonPath': '.spec.map'}]
DEFINED = definition('cans', 'Can', version('v1', {'type': 'object', 'x-kubernetes-preserve-unknown-fields': True}, additionalPrinterColumns=COLUMNS, subresources={'status': {}}))
CANS = path_of('cans')
WIDGETS = path_of('widgets')


def as_table(path, accept=TABLE):
    return ('GET', path, None, accept)


def can(name, spec, **metadata):
    return {'apiVersion': 'differential.k8sc.dev/v1', 'kind': 'Can', 'metadata': {'name': name, **metadata}, 'spec': spec}


def rows(path):
    return only(as_table(path), 'kind', 'columnDefinitions', 'rows')


ALL = [post(MAPS, config_map(name, {'k': 'v'})) for name in 'abc']
script('table of maps', *ALL, as_table(MAPS), as_table(MAPS + '/a'), as_table(MAPS + '?limit=2'), as_table(MAPS + '?includeObject=Object'), as_table(MAPS + '?includeObject=None'),
       as_table(MAPS + '?includeObject=Metadata'), as_table(MAPS + '?includeObject=What'), as_table(MAPS + '/none'), as_table(MAPS + '?labelSelector=none'))
script('which table', *ALL[:1], *[as_table(MAPS + '/a', accept) for accept in (
    OLD_TABLE, KUBECTL, 'application/json;as=Table;v=v2;g=meta.k8s.io', 'application/json;as=Table;v=v2;g=meta.k8s.io,application/json', 'application/json;as=Table;g=meta.k8s.io;v=v1',
    'application/json;as=Other;v=v1;g=meta.k8s.io', 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io', 'application/json, ' + TABLE, 'text/plain', '*/*')])
script('table of a custom resource', post(WIDGETS, {'apiVersion': 'differential.k8sc.dev/v1', 'kind': 'Widget', 'metadata': {'name': 'w'}}), as_table(WIDGETS), as_table(WIDGETS + '/w'))
script('table of columns', *[post(CANS, can(name, spec, **more)) for name, spec, more in (
    ('all', {'size': 3, 'list': ['x', 'y'], 'on': True, 'ratio': 0.5, 'when': '2001-01-01T00:00:00Z', 'map': {'a': 1}}, {'labels': {'a.b/c': 'd'}}), ('none', {}, {}),
    ('wrong', {'size': 'x', 'list': [], 'on': 'x', 'ratio': 'x', 'when': 'x', 'map': 3}, {}), ('round', {'size': 2.0, 'ratio': 3, 'list': [7]}, {}))],
    patch(CANS + '/all/status', MERGE, {'status': {'conditions': [{'type': 'Other', 'status': 'x'}, {'type': 'Ready', 'status': 'True'}]}}), as_table(CANS), as_table(CANS + '/all'))
script('table of deployments', only(post(DEPLOYMENTS, deployment()), 'kind'), rows(DEPLOYMENTS + '?includeObject=None'))
script('table of pods', only(post(PODS, pod()), 'kind'), rows(PODS + '?includeObject=None'),
       *[step for status in ({'phase': 'Running', 'podIP': '10.0.0.1', 'containerStatuses': [{'name': 'c', 'image': 'i', 'imageID': '', 'ready': True, 'restartCount': 3, 'state': {'running': {}}}]},
                             {'containerStatuses': [{'name': 'c', 'image': 'i', 'imageID': '', 'ready': False, 'restartCount': 4, 'state': {'waiting': {'reason': 'CrashLoopBackOff'}}}]},
                             {'containerStatuses': [{'name': 'c', 'image': 'i', 'imageID': '', 'ready': False, 'restartCount': 5, 'state': {'terminated': {'exitCode': 3}}}]},
                             {'phase': 'Failed', 'reason': 'Evicted', 'containerStatuses': None})
         for step in (only(patch(PODS + '/p/status', MERGE, {'status': status}), 'kind'), rows(PODS + '?includeObject=None'))])
SECRETS = '/api/v1/namespaces/NS/secrets'
script('table of secrets', post(SECRETS, {'apiVersion': 'v1', 'kind': 'Secret', 'metadata': {'name': 's'}, 'type': 'example.com/a', 'stringData': {'a': 'b', 'c': 'd'}}), rows(SECRETS + '?includeObject=None'))
SERVICES = '/api/v1/namespaces/NS/services'
for number, spec in enumerate(({'ports': [{'port': 80}, {'port': 53, 'protocol': 'UDP', 'name': 'd', 'targetPort': 53}], 'clusterIP': 'None', 'selector': {'b': 'c', 'a': 'b'}},
                               {'type': 'ExternalName', 'externalName': 'example.com'}, {'clusterIP': 'None', 'externalIPs': ['1.2.3.4', '5.6.7.8'], 'ports': [{'port': 1}]})):
    for part in spec.get('ports', []):
        part.setdefault('name', f'p{part["port"]}')
    script(f'table of a service {number}', only(post(SERVICES, {'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': 's'}, 'spec': spec}), 'kind'), rows(SERVICES + '?includeObject=None'))
NODES = '/api/v1/nodes'
script('table of a node', only(post(NODES, {'apiVersion': 'v1', 'kind': 'Node', 'metadata': {'name': 'NS-n', 'labels': {'node-role.kubernetes.io/b': '', 'node-role.kubernetes.io/a': ''}}}), 'kind'),
       rows(NODES + '/NS-n?includeObject=None'),
       only(patch(NODES + '/NS-n/status', MERGE, {'status': {'conditions': [{'type': 'Ready', 'status': 'True'}], 'addresses': [{'type': 'InternalIP', 'address': '1.2.3.4'}], 'nodeInfo': {
           'machineID': '', 'systemUUID': '', 'bootID': '', 'kernelVersion': '6.1', 'osImage': 'Debian', 'containerRuntimeVersion': 'c://1', 'kubeletVersion': 'v1', 'kubeProxyVersion': '', 'operatingSystem': '',
           'architecture': ''}}}), 'kind'), rows(NODES + '/NS-n?includeObject=None'), only(patch(NODES + '/NS-n', MERGE, {'spec': {'unschedulable': True}}), 'kind'), rows(NODES + '/NS-n?includeObject=None'))
TEMPLATE = {'metadata': {'labels': {'a': 'b'}}, 'spec': {'containers': [{'name': 'c', 'image': 'i'}, {'name': 'd', 'image': 'j'}]}}
for plural, kind, spec in (('replicasets', 'ReplicaSet', {'replicas': 2}), ('statefulsets', 'StatefulSet', {'serviceName': 's'}), ('daemonsets', 'DaemonSet', {})):
    script(f'table of {plural}', only(post(f'/apis/apps/v1/namespaces/NS/{plural}', {'apiVersion': 'apps/v1', 'kind': kind, 'metadata': {'name': 'x'}, 'spec': {
        **spec, 'selector': {'matchLabels': {'a': 'b'}}, 'template': TEMPLATE}}), 'kind'), rows(f'/apis/apps/v1/namespaces/NS/{plural}?includeObject=None'))
script('table of controllers', only(post('/api/v1/namespaces/NS/replicationcontrollers', {'apiVersion': 'v1', 'kind': 'ReplicationController', 'metadata': {'name': 'x'}, 'spec': {
    'selector': {'a': 'b'}, 'template': TEMPLATE}}), 'kind'), rows('/api/v1/namespaces/NS/replicationcontrollers?includeObject=None'))
for number, spec in enumerate(({}, {'completions': 3}, {'parallelism': 2})):
    script(f'table of a job {number}', only(post('/apis/batch/v1/namespaces/NS/jobs', {'apiVersion': 'batch/v1', 'kind': 'Job', 'metadata': {'name': 'x'}, 'spec': {
        **spec, 'manualSelector': True, 'selector': {'matchLabels': {'a': 'b'}}, 'template': {**TEMPLATE, 'spec': {**TEMPLATE['spec'], 'restartPolicy': 'Never'}}}}), 'kind'), rows('/apis/batch/v1/namespaces/NS/jobs?includeObject=None'))
script('table of namespaces', rows('/api/v1/namespaces/NS?includeObject=None'))
LEASES = '/apis/coordination.k8s.io/v1/namespaces/NS/leases'
script('table of leases', post(LEASES, {'apiVersion': 'coordination.k8s.io/v1', 'kind': 'Lease', 'metadata': {'name': 'l'}, 'spec': {'holderIdentity': 'me'}}), rows(LEASES + '?includeObject=None'))
ROLES = '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles'
script('table of roles', only(post(ROLES, {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'Role', 'metadata': {'name': 'r'}}), 'kind'), rows(ROLES + '?includeObject=None'))
EVENTS, CLAIMS, INGRESSES = '/api/v1/namespaces/NS/events', '/api/v1/namespaces/NS/persistentvolumeclaims', '/apis/networking.k8s.io/v1/namespaces/NS/ingresses'
CRON_JOBS, BUDGETS = '/apis/batch/v1beta1/namespaces/NS/cronjobs', '/apis/policy/v1beta1/namespaces/NS/poddisruptionbudgets'
SCALERS, OLD_SCALERS = '/apis/autoscaling/v2beta2/namespaces/NS/horizontalpodautoscalers', '/apis/autoscaling/v1/namespaces/NS/horizontalpodautoscalers'


def of_kind(what, path, version, kind, *documents, status=None):
    for number, document in enumerate(documents):
        made = {'apiVersion': version, 'kind': kind, 'metadata': {'name': 'x'}, **document}
        changes = [] if status is None else [only(patch(path + '/x/status', MERGE, {'status': status}), 'kind')]
        script(f'table of {what} {number}', only(post(path, made), 'kind'), *changes, rows(path + '?includeObject=None'))


of_kind('events', EVENTS, 'v1', 'Event',
        {'involvedObject': {'kind': 'Pod', 'name': 'p', 'namespace': 'NS', 'fieldPath': 'spec.containers{c}'}, 'type': 'Normal', 'reason': 'Started', 'message': ' up\n', 'count': 3,
         'source': {'component': 'kubelet', 'host': 'n1'}, 'firstTimestamp': '2001-01-01T00:00:00Z', 'lastTimestamp': '2001-01-02T00:00:00Z'},
        {'involvedObject': {'kind': 'Pod', 'namespace': 'NS'}},
        {'involvedObject': {'kind': 'Pod', 'name': 'p', 'namespace': 'NS'}, 'type': 'Warning', 'reason': 'r', 'action': 'a', 'reportingComponent': 'example.com/me', 'reportingInstance': 'me-1',
         'eventTime': '2001-01-01T00:00:00.000000Z', 'series': {'count': 4, 'lastObservedTime': '2001-02-01T00:00:00.000000Z'}})
of_kind('claims', CLAIMS, 'v1', 'PersistentVolumeClaim', *[{'spec': {'accessModes': ['ReadWriteMany', 'ReadWriteOnce'], 'resources': {'requests': {'storage': '1Gi'}}, **more}} for more in (
    {}, {'storageClassName': 'fast', 'volumeMode': 'Block'})])
of_kind('bound claims', CLAIMS, 'v1', 'PersistentVolumeClaim', {'spec': {'accessModes': ['ReadOnlyMany'], 'resources': {'requests': {'storage': '1Gi'}}, 'volumeName': 'v'}},
        status={'phase': 'Bound', 'accessModes': ['ReadOnlyMany', 'ReadWriteOnce'], 'capacity': {'storage': '2048Mi'}})
of_kind('ingresses', INGRESSES, 'networking.k8s.io/v1', 'Ingress', *[{'spec': {'defaultBackend': {'service': {'name': 's', 'port': {'number': 80}}}, **more}} for more in (
    {}, {'ingressClassName': 'nginx', 'tls': [{'hosts': ['a.example.com']}]}, {'rules': [{'host': host} if host else {} for host in ('a.example.com', None, 'b.example.com', 'c.example.com', 'd.example.com')]})])
of_kind('ingresses with addresses', INGRESSES, 'networking.k8s.io/v1', 'Ingress', {'spec': {'rules': [{'host': 'a.example.com'}]}},
        status={'loadBalancer': {'ingress': [{'ip': '9.9.9.9'}, {'hostname': 'a.example.com'}, {'ip': '1.1.1.1'}, {'ip': '9.9.9.9'}]}})
of_kind('cron jobs', CRON_JOBS, 'batch/v1beta1', 'CronJob', *[{'spec': {'schedule': '* * * * *', **more, 'jobTemplate': {'spec': {'template': {**TEMPLATE, 'spec': {
    **TEMPLATE['spec'], 'restartPolicy': 'Never'}}}}}} for more in ({}, {'suspend': True})])
of_kind('cron jobs that have run', CRON_JOBS, 'batch/v1beta1', 'CronJob', {'spec': {'schedule': '@daily', 'jobTemplate': {'spec': {'template': {**TEMPLATE, 'spec': {
    **TEMPLATE['spec'], 'restartPolicy': 'Never'}}}}}}, status={'active': [{'name': 'j'}], 'lastScheduleTime': '2001-01-01T00:00:00Z'})
of_kind('budgets', BUDGETS, 'policy/v1beta1', 'PodDisruptionBudget', *[{'spec': spec} for spec in ({'minAvailable': '50%'}, {'maxUnavailable': 0}, {})])
TARGET = {'scaleTargetRef': {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': 'web'}, 'maxReplicas': 5}
METRICS = [{'type': 'Resource', 'resource': {'name': 'cpu', 'target': {'type': 'Utilization', 'averageUtilization': 50}}},
           {'type': 'Pods', 'pods': {'metric': {'name': 'm'}, 'target': {'type': 'AverageValue', 'averageValue': '1000m'}}},
           {'type': 'External', 'external': {'metric': {'name': 'm'}, 'target': {'type': 'AverageValue', 'averageValue': '7'}}},
           {'type': 'Object', 'object': {'metric': {'name': 'm'}, 'describedObject': {'kind': 'Ingress', 'name': 'i'}, 'target': {'type': 'Value', 'value': '0.5'}}},
           {'type': 'Resource', 'resource': {'name': 'memory', 'target': {'type': 'AverageValue', 'averageValue': '2048Mi'}}}]
of_kind('scalers', SCALERS, 'autoscaling/v2beta2', 'HorizontalPodAutoscaler', *[{'spec': {**TARGET, **more}} for more in (
    {}, {'minReplicas': 2, 'metrics': METRICS[:1]}, {'metrics': METRICS[2:4]}, {'metrics': METRICS[4:]}, {'metrics': METRICS[1:]})])
# One at a time: 1.20 stores them as v1, which has a percentage of the CPU apart, and brings them into another order.
for metric, current in ((METRICS[0], {'type': 'Resource', 'resource': {'name': 'cpu', 'current': {'averageUtilization': 7, 'averageValue': '1'}}}),
                        (METRICS[1], {'type': 'Pods', 'pods': {'metric': {'name': 'm'}, 'current': {'averageValue': '500m'}}})):
    of_kind(f'scalers with {metric["type"]}', SCALERS, 'autoscaling/v2beta2', 'HorizontalPodAutoscaler', {'spec': {**TARGET, 'metrics': [metric]}},
            status={'currentReplicas': 3, 'desiredReplicas': 3, 'conditions': [], 'currentMetrics': [current]})
of_kind('scalers of v1', OLD_SCALERS, 'autoscaling/v1', 'HorizontalPodAutoscaler', {'spec': TARGET}, {'spec': {**TARGET, 'targetCPUUtilizationPercentage': 60}})
