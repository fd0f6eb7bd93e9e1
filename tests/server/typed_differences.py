"""Facts: where the discovery of kube-apiserver 1.20 and the data of the typed headers differ, and why. All else must agree."""

# Served, and unknown to the typed headers.
_NO_CLIENT = 'client-go has no typed client or method for it'
_CRD = 'the group has a client library of its own'
_GONE = 'no release has it that the data is taken from'
SERVED_ONLY = {
    ('v1', 'bindings'): _NO_CLIENT,
    ('v1', 'nodes/proxy'): _NO_CLIENT,
    ('v1', 'pods/attach'): _NO_CLIENT,
    ('v1', 'pods/exec'): _NO_CLIENT,
    ('v1', 'pods/portforward'): _NO_CLIENT,
    ('apiextensions.k8s.io/v1', 'customresourcedefinitions'): _CRD,
    ('apiextensions.k8s.io/v1', 'customresourcedefinitions/status'): _CRD,
    ('apiextensions.k8s.io/v1beta1', 'customresourcedefinitions'): _CRD,
    ('apiextensions.k8s.io/v1beta1', 'customresourcedefinitions/status'): _CRD,
    ('apiregistration.k8s.io/v1', 'apiservices'): _CRD,
    ('apiregistration.k8s.io/v1', 'apiservices/status'): _CRD,
    ('apiregistration.k8s.io/v1beta1', 'apiservices'): _CRD,
    ('apiregistration.k8s.io/v1beta1', 'apiservices/status'): _CRD,
    ('batch/v2alpha1', 'cronjobs'): _GONE,
    ('batch/v2alpha1', 'cronjobs/status'): _GONE,
    ('flowcontrol.apiserver.k8s.io/v1alpha1', 'flowschemas'): _GONE,
    ('flowcontrol.apiserver.k8s.io/v1alpha1', 'flowschemas/status'): _GONE,
    ('flowcontrol.apiserver.k8s.io/v1alpha1', 'prioritylevelconfigurations'): _GONE,
    ('flowcontrol.apiserver.k8s.io/v1alpha1', 'prioritylevelconfigurations/status'): _GONE,
}

# Known to the typed headers, and not served, though the group and version are.
_LATER = 'came with a later release'
_REMOVED = 'was removed before 1.20'
_NEVER = 'the status belongs to the object there'
_OWN = 'is asked for at pods/eviction of the core group'
KNOWN_ONLY = {
    ('v1', 'pods/ephemeralcontainers'): 'is behind a feature gate',
    ('v1', 'pods/resize'): _LATER,
    ('admissionregistration.k8s.io/v1', 'mutatingadmissionpolicies'): _LATER,
    ('admissionregistration.k8s.io/v1', 'mutatingadmissionpolicybindings'): _LATER,
    ('admissionregistration.k8s.io/v1', 'validatingadmissionpolicies'): _LATER,
    ('admissionregistration.k8s.io/v1', 'validatingadmissionpolicies/status'): _LATER,
    ('admissionregistration.k8s.io/v1', 'validatingadmissionpolicybindings'): _LATER,
    ('admissionregistration.k8s.io/v1beta1', 'mutatingadmissionpolicies'): _LATER,
    ('admissionregistration.k8s.io/v1beta1', 'mutatingadmissionpolicybindings'): _LATER,
    ('admissionregistration.k8s.io/v1beta1', 'validatingadmissionpolicies'): _LATER,
    ('admissionregistration.k8s.io/v1beta1', 'validatingadmissionpolicies/status'): _LATER,
    ('admissionregistration.k8s.io/v1beta1', 'validatingadmissionpolicybindings'): _LATER,
    ('authentication.k8s.io/v1', 'selfsubjectreviews'): _LATER,
    ('authentication.k8s.io/v1beta1', 'selfsubjectreviews'): _LATER,
    ('batch/v1', 'cronjobs'): _LATER,
    ('batch/v1', 'cronjobs/status'): _LATER,
    ('certificates.k8s.io/v1beta1', 'clustertrustbundles'): _LATER,
    ('certificates.k8s.io/v1beta1', 'podcertificaterequests'): _LATER,
    ('certificates.k8s.io/v1beta1', 'podcertificaterequests/status'): _LATER,
    ('coordination.k8s.io/v1beta1', 'leasecandidates'): _LATER,
    ('extensions/v1beta1', 'daemonsets'): _REMOVED,
    ('extensions/v1beta1', 'daemonsets/status'): _REMOVED,
    ('extensions/v1beta1', 'deployments'): _REMOVED,
    ('extensions/v1beta1', 'deployments/scale'): _REMOVED,
    ('extensions/v1beta1', 'deployments/status'): _REMOVED,
    ('extensions/v1beta1', 'podsecuritypolicies'): _REMOVED,
    ('extensions/v1beta1', 'networkpolicies'): _REMOVED,
    ('extensions/v1beta1', 'replicasets'): _REMOVED,
    ('extensions/v1beta1', 'replicasets/scale'): _REMOVED,
    ('extensions/v1beta1', 'replicasets/status'): _REMOVED,
    ('networking.k8s.io/v1', 'ipaddresses'): _LATER,
    ('networking.k8s.io/v1', 'servicecidrs'): _LATER,
    ('networking.k8s.io/v1', 'servicecidrs/status'): _LATER,
    ('networking.k8s.io/v1beta1', 'ipaddresses'): _LATER,
    ('networking.k8s.io/v1beta1', 'servicecidrs'): _LATER,
    ('networking.k8s.io/v1beta1', 'servicecidrs/status'): _LATER,
    ('policy/v1beta1', 'evictions'): _OWN,
    ('scheduling.k8s.io/v1alpha1', 'workloads'): _LATER,
    ('storage.k8s.io/v1', 'csistoragecapacities'): _LATER,
    ('storage.k8s.io/v1', 'volumeattributesclasses'): _LATER,
    ('storage.k8s.io/v1alpha1', 'volumeattachments/status'): _NEVER,
    ('storage.k8s.io/v1alpha1', 'volumeattributesclasses'): _LATER,
    ('storage.k8s.io/v1beta1', 'csistoragecapacities'): _LATER,
    ('storage.k8s.io/v1beta1', 'volumeattachments/status'): _NEVER,
    ('storage.k8s.io/v1beta1', 'volumeattributesclasses'): _LATER,
}

# The verbs are others.
VERBS = {
    ('v1', 'componentstatuses'): 'is made up by the server when it is read',
}
