"""Facts for the typed tests on a real kube-apiserver 1.20: for each resource that it serves with create, list, watch and delete, what a
minimal valid object of it has, as fields to be set by the typed macros and read back. Paths are written as in C."""
from typing import NamedTuple

NS = object()  # the namespace of the running test


class Field(NamedTuple):
    form: str
    path: str
    value: object
    key: str = None  # of a map's entry


def text(path, value):
    return Field('text', path, value)


def number(path, value):
    return Field('number', path, value)


def flag(path, value):
    return Field('flag', path, value)


def seconds(path, value):
    """A time, in seconds since 1970."""
    return Field('seconds', path, value * 1000000)


def micros(path, value):
    """A time, in microseconds since 1970."""
    return Field('micros', path, value)


def binary(path, value):
    return Field('binary', path, value)


def quantity(path, value):
    return Field('quantity', path, value)


def json(path, value):
    """An object that has no fields of its own."""
    return Field('json', path, value)


def some(path):
    """An array that is not empty: to be checked only."""
    return Field('some', path, None)


def entry(path, key, value):
    return Field('entry', path, value, key)


def amount(path, key, value):
    """An entry that is a quantity."""
    return Field('amount', path, value, key)


def data(path, key, value):
    """An entry that is bytes."""
    return Field('data', path, value, key)


NOON = 1767268800  # 2026-01-01
LABEL = 'tests.k8sc.dev/app'
# Of no use to anybody: its key was never stored.
CSR = '''-----BEGIN CERTIFICATE REQUEST-----
MIHLMHICAQAwEDEOMAwGA1UEAwwFdHlwZWQwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAQlqao9lf6TpnTEyioxVPxmmKYk9uJP2LagHg6sqsgFLj9E4w63rX2suchn
uwMwhLQNrB3y+gGE3TA3EsvtiCPuoAAwCgYIKoZIzj0EAwIDSQAwRgIhANcdSOhK
bYYQRYiPXC/8mXr5+denV0VmeexgJJW2BNpHAiEA5Tv9SR1I0/dupHP1bKdYBnV2
c1bLIG/SV5kURSofg5M=
-----END CERTIFICATE REQUEST-----
'''


def pod(at=''):
    return [text(at + 'spec.containers[0].name', 'one'), text(at + 'spec.containers[0].image', 'registry.example.com/one:1'),
            text(at + 'spec.containers[0].args[0]', '--fast'), amount(at + 'spec.containers[0].resources.requests', 'cpu', '250m'),
            text(at + 'spec.containers[0].env[0].name', 'LEVEL'), text(at + 'spec.containers[0].env[0].value', '2'),
            number(at + 'spec.containers[0].ports[0].containerPort', 8080),
            number(at + 'spec.containers[0].livenessProbe.tcpSocket.port', 8080)]


def template(at='spec.template.'):
    return [entry(at + 'metadata.labels', LABEL, 'web')] + pod(at)


def selected():
    return [entry('spec.selector.matchLabels', LABEL, 'web')] + template()


def job(at=''):
    return pod(at + 'spec.template.') + [text(at + 'spec.template.spec.restartPolicy', 'Never'), number(at + 'spec.backoffLimit', 2)]


def cron_job():
    return [text('spec.schedule', '*/5 * * * *'), flag('spec.suspend', True), text('spec.concurrencyPolicy', 'Forbid')] + job('spec.jobTemplate.')


def autoscaler():
    return [text('spec.scaleTargetRef.apiVersion', 'apps/v1'), text('spec.scaleTargetRef.kind', 'Deployment'),
            text('spec.scaleTargetRef.name', 'web'), number('spec.minReplicas', 2), number('spec.maxReplicas', 5)]


def newer_event():
    return [micros('eventTime', NOON * 1000000 + 123456), text('reportingController', 'tests.k8sc.dev/typed'), text('reportingInstance', 'one'),
            text('action', 'Testing'), text('reason', 'Tested'), text('note', 'typed'), text('type', 'Normal'), text('regarding.kind', 'Pod'),
            text('regarding.name', 'web'), text('regarding.namespace', NS)]


def rule(at):
    return [text(at + 'apiGroups[0]', 'tests.k8sc.dev'), text(at + 'resources[0]', 'widgets'), text(at + 'verbs[0]', 'get')]


def role_binding(kind):
    return [text('roleRef.apiGroup', 'rbac.authorization.k8s.io'), text('roleRef.kind', kind), text('roleRef.name', 'no-such-role'),
            text('subjects[0].kind', 'User'), text('subjects[0].name', 'no-such-user')]


def webhook():
    """Of no request: no namespace has the label, and no resource the group."""
    return [text('webhooks[0].name', 'typed.tests.k8sc.dev'), text('webhooks[0].clientConfig.url', 'https://127.0.0.1:9/typed'),
            text('webhooks[0].rules[0].apiGroups[0]', 'tests.k8sc.dev'), text('webhooks[0].rules[0].apiVersions[0]', 'v1'),
            text('webhooks[0].rules[0].operations[0]', 'CREATE'), text('webhooks[0].rules[0].resources[0]', 'nothing'),
            entry('webhooks[0].namespaceSelector.matchLabels', LABEL, 'none'), text('webhooks[0].failurePolicy', 'Ignore'),
            text('webhooks[0].sideEffects', 'None'), number('webhooks[0].timeoutSeconds', 1),
            text('webhooks[0].admissionReviewVersions[0]', 'v1beta1')]


def old_ingress(backend):
    return [text(backend + '.serviceName', 'web'), number(backend + '.servicePort', 80),
            text('spec.rules[0].host', 'web.example.com'), text('spec.rules[0].http.paths[0].path', '/a'),
            text('spec.rules[0].http.paths[0].pathType', 'Prefix'), text('spec.rules[0].http.paths[0].backend.serviceName', 'web'),
            text('spec.rules[0].http.paths[0].backend.servicePort', 'http')]


def storage_class():
    return [text('provisioner', 'tests.k8sc.dev/none'), entry('parameters', 'tier', 'slow'), text('reclaimPolicy', 'Retain'),
            flag('allowVolumeExpansion', True), text('volumeBindingMode', 'WaitForFirstConsumer'), text('mountOptions[0]', 'ro')]


def attachment():
    return [text('spec.attacher', 'tests.k8sc.dev'), text('spec.nodeName', 'no-such-node'), text('spec.source.persistentVolumeName', 'no-such-volume')]


def csi_node():
    return [text('spec.drivers[0].name', 'tests.k8sc.dev'), text('spec.drivers[0].nodeID', 'one'), text('spec.drivers[0].topologyKeys[0]', 'zone'),
            number('spec.drivers[0].allocatable.count', 3)]


def csi_driver():
    return [flag('spec.attachRequired', False), flag('spec.podInfoOnMount', True), text('spec.volumeLifecycleModes[0]', 'Ephemeral')]


def priority_class():
    return [number('value', -7), text('description', 'typed'), text('preemptionPolicy', 'Never')]


def request():
    return [binary('spec.request', CSR), text('spec.signerName', 'tests.k8sc.dev/typed'), text('spec.usages[0]', 'digital signature'),
            text('spec.usages[1]', 'key encipherment')]


def runtime_class(at=''):
    return [amount(at + 'overhead.podFixed', 'memory', '64Mi'), entry(at + 'scheduling.nodeSelector', 'tests.k8sc.dev/runtime', 'typed')]


CORE = ''
ADMISSION, AUTHENTICATION, AUTHORIZATION = 'admissionregistration.k8s.io', 'authentication.k8s.io', 'authorization.k8s.io'
CERTIFICATES, COORDINATION, DISCOVERY, EVENTS = 'certificates.k8s.io', 'coordination.k8s.io', 'discovery.k8s.io', 'events.k8s.io'
FLOWCONTROL, INTERNAL = 'flowcontrol.apiserver.k8s.io', 'internal.apiserver.k8s.io'
NETWORKING, RBAC, STORAGE = 'networking.k8s.io', 'rbac.authorization.k8s.io', 'storage.k8s.io'

LEASE = [text('spec.holderIdentity', 'one'), number('spec.leaseDurationSeconds', 15), micros('spec.renewTime', NOON * 1000000 + 1)]

RESOURCES = {
    (CORE, 'v1', 'configmaps'): [entry('data', 'size', '3'), data('binaryData', 'raw', '\x00\x01a'), flag('immutable', True)],
    (CORE, 'v1', 'endpoints'): [text('subsets[0].addresses[0].ip', '192.0.2.7'), number('subsets[0].ports[0].port', 80),
                                text('subsets[0].ports[0].name', 'http')],
    (CORE, 'v1', 'events'): [text('involvedObject.kind', 'Pod'), text('involvedObject.name', 'web'), text('involvedObject.namespace', NS),
                             text('reason', 'Tested'), text('message', 'typed'), text('type', 'Normal'), number('count', 3),
                             seconds('firstTimestamp', NOON), text('source.component', 'typed')],
    (CORE, 'v1', 'limitranges'): [text('spec.limits[0].type', 'Container'), amount('spec.limits[0].max', 'cpu', '2'),
                                  amount('spec.limits[0].default_', 'memory', '1Gi'), amount('spec.limits[0].defaultRequest', 'memory', '512Mi')],
    (CORE, 'v1', 'namespaces'): [entry('metadata.annotations', LABEL, 'space')],
    (CORE, 'v1', 'nodes'): [text('spec.providerID', 'tests://one'), flag('spec.unschedulable', True)],
    (CORE, 'v1', 'persistentvolumes'): [amount('spec.capacity', 'storage', '5Gi'), text('spec.accessModes[0]', 'ReadWriteOnce'),
                                        text('spec.hostPath.path', '/none'), text('spec.storageClassName', 'slow'),
                                        text('spec.persistentVolumeReclaimPolicy', 'Retain')],
    (CORE, 'v1', 'persistentvolumeclaims'): [text('spec.accessModes[0]', 'ReadWriteOnce'), amount('spec.resources.requests', 'storage', '1Gi'),
                                             text('spec.storageClassName', 'slow')],
    (CORE, 'v1', 'pods'): pod() + [number('spec.terminationGracePeriodSeconds', 5), entry('spec.nodeSelector', 'disk', 'ssd')],
    (CORE, 'v1', 'podtemplates'): template('template.'),
    (CORE, 'v1', 'replicationcontrollers'): [number('spec.replicas', 2), entry('spec.selector', LABEL, 'web')] + template(),
    (CORE, 'v1', 'resourcequotas'): [amount('spec.hard', 'pods', '3'), amount('spec.hard', 'requests.memory', '2Gi')],
    (CORE, 'v1', 'secrets'): [data('data', 'password', 's3\x00cret'), text('type', 'tests.k8sc.dev/typed')],
    (CORE, 'v1', 'services'): [entry('spec.selector', LABEL, 'web'), text('spec.type', 'LoadBalancer'), text('spec.ports[0].name', 'http'),
                               number('spec.ports[0].port', 80), text('spec.ports[0].targetPort', 'web'), text('spec.ports[0].protocol', 'TCP'),
                               text('spec.ports[1].name', 'dns'), number('spec.ports[1].port', 53), number('spec.ports[1].targetPort', 5353),
                               text('spec.ports[1].protocol', 'TCP')],
    (CORE, 'v1', 'serviceaccounts'): [text('imagePullSecrets[0].name', 'registry'), flag('automountServiceAccountToken', False)],
    ('apps', 'v1', 'controllerrevisions'): [json('data', '{"a":[1]}'), number('revision', 3)],
    ('apps', 'v1', 'daemonsets'): selected() + [text('spec.updateStrategy.type', 'OnDelete')],
    ('apps', 'v1', 'deployments'): selected() + [number('spec.replicas', 0), text('spec.strategy.rollingUpdate.maxSurge', '30%'),
                                                 number('spec.strategy.rollingUpdate.maxUnavailable', 0)],
    ('apps', 'v1', 'replicasets'): selected() + [number('spec.replicas', 2)],
    ('apps', 'v1', 'statefulsets'): selected() + [text('spec.serviceName', 'web'), number('spec.replicas', 2)],
    ('autoscaling', 'v1', 'horizontalpodautoscalers'): autoscaler() + [number('spec.targetCPUUtilizationPercentage', 70)],
    ('autoscaling', 'v2beta1', 'horizontalpodautoscalers'): autoscaler() + [
        text('spec.metrics[0].type', 'Resource'), text('spec.metrics[0].resource.name', 'cpu'),
        number('spec.metrics[0].resource.targetAverageUtilization', 70)],
    ('autoscaling', 'v2beta2', 'horizontalpodautoscalers'): autoscaler() + [
        text('spec.metrics[0].type', 'Resource'), text('spec.metrics[0].resource.name', 'cpu'),
        text('spec.metrics[0].resource.target.type', 'Utilization'), number('spec.metrics[0].resource.target.averageUtilization', 70)],
    ('batch', 'v1', 'jobs'): job(),
    ('batch', 'v1beta1', 'cronjobs'): cron_job(),
    (CERTIFICATES, 'v1', 'certificatesigningrequests'): request(),
    (CERTIFICATES, 'v1beta1', 'certificatesigningrequests'): request(),
    (COORDINATION, 'v1', 'leases'): LEASE,
    (COORDINATION, 'v1beta1', 'leases'): LEASE,
    (DISCOVERY, 'v1beta1', 'endpointslices'): [text('addressType', 'IPv4'), text('endpoints[0].addresses[0]', '192.0.2.8'),
                                               flag('endpoints[0].conditions.ready', False), number('ports[0].port', 80),
                                               text('ports[0].name', 'http'), text('ports[0].protocol', 'TCP')],
    (EVENTS, 'v1', 'events'): newer_event(),
    (EVENTS, 'v1beta1', 'events'): newer_event(),
    ('extensions', 'v1beta1', 'ingresses'): old_ingress('spec.backend'),
    (FLOWCONTROL, 'v1beta1', 'flowschemas'): [
        text('spec.priorityLevelConfiguration.name', 'global-default'), number('spec.matchingPrecedence', 9000),
        text('spec.distinguisherMethod.type', 'ByUser'), text('spec.rules[0].subjects[0].kind', 'User'),
        text('spec.rules[0].subjects[0].user.name', 'no-such-user'), text('spec.rules[0].nonResourceRules[0].verbs[0]', 'get'),
        text('spec.rules[0].nonResourceRules[0].nonResourceURLs[0]', '/no-such-path')],
    (FLOWCONTROL, 'v1beta1', 'prioritylevelconfigurations'): [
        text('spec.type', 'Limited'), number('spec.limited.assuredConcurrencyShares', 1), text('spec.limited.limitResponse.type', 'Queue'),
        number('spec.limited.limitResponse.queuing.queues', 8), number('spec.limited.limitResponse.queuing.handSize', 2),
        number('spec.limited.limitResponse.queuing.queueLengthLimit', 10)],
    (INTERNAL, 'v1alpha1', 'storageversions'): [json('spec', '{}')],
    (NETWORKING, 'v1', 'ingressclasses'): [text('spec.controller', 'tests.k8sc.dev/none'), text('spec.parameters.kind', 'Settings'),
                                           text('spec.parameters.name', 'none'), text('spec.parameters.apiGroup', 'tests.k8sc.dev')],
    (NETWORKING, 'v1', 'ingresses'): [text('spec.defaultBackend.service.name', 'web'), number('spec.defaultBackend.service.port.number', 80),
                                      text('spec.rules[0].host', 'web.example.com'), text('spec.rules[0].http.paths[0].path', '/a'),
                                      text('spec.rules[0].http.paths[0].pathType', 'Exact'),
                                      text('spec.rules[0].http.paths[0].backend.service.name', 'web'),
                                      text('spec.rules[0].http.paths[0].backend.service.port.name', 'http')],
    (NETWORKING, 'v1', 'networkpolicies'): [entry('spec.podSelector.matchLabels', LABEL, 'web'), text('spec.policyTypes[0]', 'Ingress'),
                                            text('spec.ingress[0].from[0].ipBlock.cidr', '192.0.2.0/24'),
                                            text('spec.ingress[0].from[0].ipBlock.except[0]', '192.0.2.8/29'),
                                            number('spec.ingress[0].ports[0].port', 80)],
    (NETWORKING, 'v1beta1', 'ingressclasses'): [text('spec.controller', 'tests.k8sc.dev/none')],
    (NETWORKING, 'v1beta1', 'ingresses'): old_ingress('spec.backend'),
    ('node.k8s.io', 'v1', 'runtimeclasses'): [text('handler', 'none')] + runtime_class(),
    ('node.k8s.io', 'v1alpha1', 'runtimeclasses'): [text('spec.runtimeHandler', 'none')] + runtime_class('spec.'),
    ('node.k8s.io', 'v1beta1', 'runtimeclasses'): [text('handler', 'none')] + runtime_class(),
    ('policy', 'v1beta1', 'poddisruptionbudgets'): [text('spec.minAvailable', '50%'), entry('spec.selector.matchLabels', LABEL, 'web')],
    ('policy', 'v1beta1', 'podsecuritypolicies'): [text(f'spec.{what}.rule', 'RunAsAny') for what in ('seLinux', 'runAsUser', 'supplementalGroups', 'fsGroup')],
    ('scheduling.k8s.io', 'v1', 'priorityclasses'): priority_class(),
    ('scheduling.k8s.io', 'v1alpha1', 'priorityclasses'): priority_class(),
    ('scheduling.k8s.io', 'v1beta1', 'priorityclasses'): priority_class(),
    (STORAGE, 'v1', 'csidrivers'): csi_driver(),
    (STORAGE, 'v1', 'csinodes'): csi_node(),
    (STORAGE, 'v1', 'storageclasses'): storage_class(),
    (STORAGE, 'v1', 'volumeattachments'): attachment(),
    (STORAGE, 'v1alpha1', 'csistoragecapacities'): [text('storageClassName', 'slow'), quantity('capacity', '5Gi'),
                                                    entry('nodeTopology.matchLabels', 'zone', 'a')],
    (STORAGE, 'v1alpha1', 'volumeattachments'): attachment(),
    (STORAGE, 'v1beta1', 'csidrivers'): csi_driver(),
    (STORAGE, 'v1beta1', 'csinodes'): csi_node(),
    (STORAGE, 'v1beta1', 'storageclasses'): storage_class(),
    (STORAGE, 'v1beta1', 'volumeattachments'): attachment(),
}
for _version in ('v1', 'v1beta1'):
    RESOURCES[ADMISSION, _version, 'mutatingwebhookconfigurations'] = webhook() + [text('webhooks[0].reinvocationPolicy', 'IfNeeded')]
    RESOURCES[ADMISSION, _version, 'validatingwebhookconfigurations'] = webhook()
for _version in ('v1', 'v1beta1', 'v1alpha1'):
    RESOURCES[RBAC, _version, 'clusterroles'] = rule('rules[0].') + [text('rules[1].nonResourceURLs[0]', '/no-such-path'),
                                                                    text('rules[1].verbs[0]', 'get')]
    RESOURCES[RBAC, _version, 'clusterrolebindings'] = role_binding('ClusterRole')
    RESOURCES[RBAC, _version, 'roles'] = rule('rules[0].') + [text('rules[0].resourceNames[0]', 'one')]
    RESOURCES[RBAC, _version, 'rolebindings'] = role_binding('Role')

# What is set in the status; with nothing here, a status is sent as it is: the server has a controller for it.
_INGRESS = [text('status.loadBalancer.ingress[0].ip', '192.0.2.1')]
_AUTOSCALER = [number('status.currentReplicas', 1), number('status.desiredReplicas', 2)]
_REQUEST = [text('status.conditions[0].type', 'Failed'), text('status.conditions[0].status', 'True'), text('status.conditions[0].reason', 'Typed')]
STATUS = {
    (CORE, 'v1', 'namespaces'): [text('status.phase', 'Active'), text('status.conditions[0].type', 'NamespaceContentRemaining'),
                                 text('status.conditions[0].status', 'False'), seconds('status.conditions[0].lastTransitionTime', NOON)],
    (CORE, 'v1', 'nodes'): [text('status.addresses[0].type', 'Hostname'), text('status.addresses[0].address', 'one.example.com'),
                            amount('status.capacity', 'cpu', '4'), number('status.daemonEndpoints.kubeletEndpoint.Port', 9)],
    (CORE, 'v1', 'persistentvolumes'): [text('status.phase', 'Failed'), text('status.message', 'typed')],
    (CORE, 'v1', 'persistentvolumeclaims'): [text('status.phase', 'Bound'), amount('status.capacity', 'storage', '5Gi')],
    (CORE, 'v1', 'pods'): [text('status.phase', 'Running'), text('status.message', 'typed'), text('status.podIP', '192.0.2.9'),
                           seconds('status.startTime', NOON)],
    (CORE, 'v1', 'replicationcontrollers'): [number('status.replicas', 1), number('status.observedGeneration', 1)],
    (CORE, 'v1', 'resourcequotas'): [amount('status.hard', 'pods', '3'), amount('status.used', 'pods', '1')],
    (CORE, 'v1', 'services'): _INGRESS,
    ('apps', 'v1', 'daemonsets'): [number('status.desiredNumberScheduled', 2), number('status.observedGeneration', 1)],
    ('apps', 'v1', 'deployments'): [number('status.replicas', 2), number('status.updatedReplicas', 1)],
    ('apps', 'v1', 'replicasets'): [number('status.replicas', 2), number('status.readyReplicas', 1)],
    ('apps', 'v1', 'statefulsets'): [number('status.replicas', 2), text('status.currentRevision', 'web-1')],
    ('autoscaling', 'v1', 'horizontalpodautoscalers'): _AUTOSCALER,
    ('autoscaling', 'v2beta1', 'horizontalpodautoscalers'): _AUTOSCALER,
    ('autoscaling', 'v2beta2', 'horizontalpodautoscalers'): _AUTOSCALER,
    ('batch', 'v1', 'jobs'): [number('status.active', 1), seconds('status.startTime', NOON)],
    ('batch', 'v1beta1', 'cronjobs'): [seconds('status.lastScheduleTime', NOON)],
    (CERTIFICATES, 'v1', 'certificatesigningrequests'): _REQUEST,
    (CERTIFICATES, 'v1beta1', 'certificatesigningrequests'): _REQUEST,
    ('extensions', 'v1beta1', 'ingresses'): _INGRESS,
    (FLOWCONTROL, 'v1beta1', 'flowschemas'): [],
    (FLOWCONTROL, 'v1beta1', 'prioritylevelconfigurations'): [],
    (INTERNAL, 'v1alpha1', 'storageversions'): [
        text('status.storageVersions[0].apiServerID', 'one'), text('status.storageVersions[0].encodingVersion', 'v1'),
        text('status.storageVersions[0].decodableVersions[0]', 'v1'), text('status.commonEncodingVersion', 'v1')],
    (NETWORKING, 'v1', 'ingresses'): _INGRESS,
    (NETWORKING, 'v1beta1', 'ingresses'): _INGRESS,
    ('policy', 'v1beta1', 'poddisruptionbudgets'): [number('status.currentHealthy', 3), number('status.desiredHealthy', 2),
                                                    number('status.expectedPods', 4), number('status.disruptionsAllowed', 1)],
    (STORAGE, 'v1', 'volumeattachments'): [flag('status.attached', True), entry('status.attachmentMetadata', 'slot', '1')],
}

# The data has a status subresource for these, as client-go has; this server serves none: what it answers is "not found".
WITHOUT_STATUS = {(STORAGE, 'v1beta1', 'volumeattachments'), (STORAGE, 'v1alpha1', 'volumeattachments')}
# The server itself adds a finalizer, and who would take it away is not there.
PROTECTED = {(CORE, 'v1', 'persistentvolumes'), (CORE, 'v1', 'persistentvolumeclaims')}
# Names that are not free to choose: GROUP.RESOURCE.
NAMES = {(INTERNAL, 'v1alpha1', 'storageversions'): ('tests.k8sc.dev.ones', 'tests.k8sc.dev.twos')}

# What is only created: what is asked, and what is answered besides.
_ACCESS = [text('spec.resourceAttributes.verb', 'get'), text('spec.resourceAttributes.resource', 'pods'),
           text('spec.resourceAttributes.namespace', NS)]
_NOBODY = [text('spec.user', 'no-such-user')]
REVIEWS = {}
# The answer does not repeat what was asked.
NO_ECHO = {(AUTHORIZATION, 'v1', 'selfsubjectrulesreviews'), (AUTHORIZATION, 'v1beta1', 'selfsubjectrulesreviews')}
for _version in ('v1', 'v1beta1'):
    _group = 'spec.groups[0]' if _version == 'v1' else 'spec.group[0]'
    REVIEWS[AUTHENTICATION, _version, 'tokenreviews'] = ([text('spec.token', 'no-such-token')], [text('status.error', 'invalid bearer token')])
    REVIEWS[AUTHORIZATION, _version, 'selfsubjectaccessreviews'] = (_ACCESS, [flag('status.allowed', True)])
    REVIEWS[AUTHORIZATION, _version, 'subjectaccessreviews'] = (_ACCESS + _NOBODY + [text(_group, 'no-such-group')], [flag('status.allowed', False)])
    REVIEWS[AUTHORIZATION, _version, 'localsubjectaccessreviews'] = (_ACCESS + [text('metadata.namespace', NS), text('spec.user', 'admin'), text(_group, 'system:masters')],
                                                                   [flag('status.allowed', True)])
    REVIEWS[AUTHORIZATION, _version, 'selfsubjectrulesreviews'] = ([text('spec.namespace', NS)], [some('status.resourceRules')])
