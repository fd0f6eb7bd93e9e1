/* Documents as people write them: they are valid, and not so with one word changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "k8sc.h"

static const char *const samples[] = {
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: web}}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {mode: fast}\nbinaryData: {logo: "
    "aGVsbG8=}\nimmutable: true\n",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: login}\ntype: Opaque\nstringData: {user: me}\n",
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports:\n  - {name: http, "
    "port: 80, targetPort: web}\n  - {port: 443, targetPort: 8443}\n",
    "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: disk}\nspec: {accessModes: [ReadWriteOnce], "
    "resources: {requests: {storage: 10Gi}}}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: one, annotations: {note: hi}}\nspec:\n  "
    "terminationGracePeriodSeconds: 5\n  containers:\n  - name: main\n    image: example/app:1\n"
    "    resources: {limits: {cpu: 2, memory: 1.5Gi}}\n    livenessProbe: {httpGet: {path: /, port: 80}, "
    "periodSeconds: 3}\n    env:\n"
    "    - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}\n  volumes:\n  - {name: tmp, emptyDir: "
    "{sizeLimit: 1Mi}}\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 3\n  selector: {matchLabels: "
    "{app: web}}\n"
    "  strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}\n  template:\n    metadata: {labels: {app: "
    "web}}\n    spec: {containers: [{name: a, image: b}]}\n",
    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  serviceName: db\n  selector: {matchLabels: "
    "{app: db}}\n  template: {spec: {containers: []}}\n"
    "  volumeClaimTemplates:\n  - {metadata: {name: data}, spec: {resources: {requests: {storage: 1e9}}}}\n",
    "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly}\nspec: {schedule: 0 3 * * *, suspend: false, "
    "jobTemplate: {spec: {template: {spec: {restartPolicy: Never}}}}}\n",
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: front}\nspec:\n  rules:\n  - host: "
    "example.com\n    http:\n      paths:\n"
    "      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}\n",
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny}\nspec: {podSelector: {}, ingress: "
    "[{ports: [{port: 53, protocol: UDP}], from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}\n",
    "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec:\n  maxReplicas: 9\n  "
    "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n"
    "  metrics:\n  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}\n",
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\nrules:\n- {apiGroups: ['', "
    "apps], resources: ['*'], verbs: [get, list]}\n",
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: "
    "rbac.authorization.k8s.io, kind: Role, name: r}\nsubjects: [{kind: User, name: me}]\n",
    "apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: leader}\nspec: {holderIdentity: a, "
    "leaseDurationSeconds: 15, renewTime: '2026-01-31T12:00:00.123456Z'}\n",
    "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: p}\nspec: {minAvailable: 50%, selector: "
    "{matchExpressions: [{key: a, operator: In, values: [b]}]}}\n",
    "apiVersion: policy/v1\nkind: Eviction\nmetadata: {name: p}\ndeleteOptions: {gracePeriodSeconds: 0, preconditions: "
    "{uid: x}}\n",
    "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\nprovisioner: "
    "example.com/disk\nparameters: {kind: ssd}\nallowVolumeExpansion: true\n",
    "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: "
    "w}\nwebhooks:\n"
    "- {name: a.example.com, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {caBundle: aGVsbG8=, "
    "service: {namespace: web, name: hook, port: 443}}}\n",
    "apiVersion: v1\nkind: PodList\nmetadata: {resourceVersion: '5', remainingItemCount: 2}\nitems: [{metadata: {name: "
    "a}}]\n",
    "apiVersion: v1\nkind: Status\nmetadata: {}\nstatus: Failure\nreason: NotFound\ncode: 404\ndetails: {causes: "
    "[{field: a, reason: b}]}\n",
    "apiVersion: v1\nkind: List\nmetadata: {}\nitems:\n- {apiVersion: v1, kind: Pod, spec: {hostname: a}}\n- "
    "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Secret}]}\n",
    "apiVersion: autoscaling/v1\nkind: Scale\nmetadata: {name: web}\nspec: {replicas: 3}\nstatus: {replicas: 2, "
    "selector: app=web}\n",
    "apiVersion: apps/v1beta1\nkind: Scale\nmetadata: {name: web}\nspec: {replicas: 3}\nstatus: {replicas: 2, "
    "selector: {app: web}}\n",
    "apiVersion: certificates.k8s.io/v1alpha1\nkind: PodCertificateRequest\nmetadata: {name: r}\nspec: {signerName: a, "
    "podName: p, maxExpirationSeconds: 3600, pkixPublicKey: aGk=}\n",
    "apiVersion: resource.k8s.io/v1alpha3\nkind: DeviceClass\nmetadata: {name: gpu}\nspec: {selectors: [{cel: "
    "{expression: 'true'}}]}\n",
    "apiVersion: resource.k8s.io/v1alpha3\nkind: ResourceSlice\nmetadata: {name: s}\nspec: {driver: d, pool: {name: "
    "all, generation: 1, resourceSliceCount: 1}, devices: [{name: a, basic: {capacity: {memory: 8Gi}}}]}\n",
    "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: p}\nspec: {privileged: true, hostPorts: "
    "[{min: 1, max: 2}], fsGroup: {rule: RunAsAny}}\n",
    "apiVersion: networking.k8s.io/v1alpha1\nkind: ClusterCIDR\nmetadata: {name: c}\nspec: {perNodeHostBits: 8, ipv4: "
    "10.0.0.0/8}\n",
    "apiVersion: events.k8s.io/v1\nkind: Event\nmetadata: {name: e}\neventTime: "
    "'2026-01-31T12:00:00.000001+02:00'\naction: Bind\nregarding: {kind: Pod, name: p}\n",
};

static k8sc_status validate(const char *yaml, k8sc_error **err)
{
    k8sc_object *object = NULL;
    k8sc_status status;
    assert_int_equal(k8sc_object_parse_yaml(yaml, strlen(yaml), &object, err), K8SC_OK);
    status = k8sc_schema_validate(object, NULL, err);
    k8sc_object_unref(object);
    return status;
}

static void they_are_valid(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < sizeof samples / sizeof *samples; i++) {
        k8sc_error *err = NULL;
        if (validate(samples[i], &err) != K8SC_OK) fail_msg("%s%s", samples[i], k8sc_error_message(err));
    }
}

static void one_letter_makes_them_invalid(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < sizeof samples / sizeof *samples; i++) {
        k8sc_error *err = NULL;
        char changed[2048];
        char *metadata;
        assert_true(strlen(samples[i]) < sizeof changed);
        strcpy(changed, samples[i]);
        metadata = strstr(changed, "metadata");
        metadata[1] = 'a';
        assert_int_equal(validate(changed, &err), K8SC_E_INVALID);
        assert_int_equal(k8sc_error_cause_count(err), 1);
        assert_string_equal(k8sc_error_cause_field(err, 0), "matadata");
        assert_string_equal(k8sc_error_cause_message(err, 0), "unknown field; did you mean \"metadata\"?");
        k8sc_error_free(err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(they_are_valid),
                                       cmocka_unit_test(one_letter_makes_them_invalid)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
