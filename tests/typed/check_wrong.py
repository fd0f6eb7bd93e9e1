#!/usr/bin/env python3
"""What must not compile, does not, and says why; and what surrounds it does. Arguments: C compiler, C++ compiler, include folders."""
import shlex
import subprocess
import sys

cc, cxx, includes = shlex.split(sys.argv[1]), shlex.split(sys.argv[2]), sys.argv[3:]
# Other compilers have other words.
words_known = 'Free Software Foundation' in subprocess.run([*cc, '--version'], text=True, capture_output=True, check=True).stdout

PROGRAM = '''#include <k8sc/apps_v1.h>
#include <k8sc/core_v1.h>
int program(k8sc_clientset *clientset, k8sc_core_v1_pod pod, k8sc_core_v1_pod_draft draft, k8sc_apps_v1_deployment_draft deployment, int i,
            k8sc_get_options *get_options, k8sc_apps_v1_deployment *other, k8sc_core_v1_pod_informer informer, k8sc_informer_factory *factory);
static int on_pod(const k8sc_core_v1_pod_event *event, void *user_data) { return event && user_data; }
static int on_deployment(const k8sc_apps_v1_deployment_event *event, void *user_data) { return event && user_data; }
int program(k8sc_clientset *clientset, k8sc_core_v1_pod pod, k8sc_core_v1_pod_draft draft, k8sc_apps_v1_deployment_draft deployment, int i,
            k8sc_get_options *get_options, k8sc_apps_v1_deployment *other, k8sc_core_v1_pod_informer informer, k8sc_informer_factory *factory)
{
    k8sc_core_v1_pods_client pods = k8sc_core_v1_pods(k8sc_clientset_core_v1(clientset), "default");
    k8sc_create_options *create_options = NULL;
    const char *text = K8SC_STR(pod, spec.containers[0].image);
    k8sc_core_v1_container container = K8SC_AT(pod, spec.containers, i);
    K8SC_SET_STR(draft, spec.containers[0].image, text);
    K8SC_EACH(each, pod, spec.containers) i += K8SC_STR(each, name) != NULL;
    (void)pods, (void)create_options, (void)container, (void)other, (void)get_options, (void)deployment, (void)informer, (void)factory, (void)on_pod, (void)on_deployment;
    @
    return i;
}
'''

# What is put into the program; whether it compiles; a word that the message must have in C.
CASES = [
    ('', True, ''),
    ('k8sc_core_v1_pods_create(pods, draft, create_options, &pod, NULL);', True, ''),
    ('k8sc_core_v1_pod_informer_add_handler(informer, on_pod, NULL, NULL, NULL, NULL);', True, ''),
    # Another kind.
    ('k8sc_core_v1_pods_create(pods, deployment, create_options, &pod, NULL);', False, 'incompatible type'),
    ('k8sc_core_v1_pods_get(pods, "x", NULL, other, NULL);', False, 'incompatible pointer'),
    ('k8sc_core_v1_pods_create(pods, pod, create_options, &pod, NULL);', False, 'incompatible type'),
    ('k8sc_apps_v1_deployments_delete(pods, "x", NULL, NULL);', False, 'incompatible type'),
    ('k8sc_core_v1_pods_create(pods, draft, get_options, &pod, NULL);', False, 'incompatible pointer'),
    ('k8sc_core_v1_pod_informer_add_handler(informer, on_deployment, NULL, NULL, NULL, NULL);', False, 'incompatible pointer'),
    ('k8sc_core_v1_pods_watch(pods, NULL, on_deployment, NULL, NULL, NULL, NULL);', False, 'incompatible pointer'),
    ('k8sc_core_v1_informers_pods(k8sc_informers_apps_v1(factory), &informer, NULL);', False, 'incompatible type'),
    ('K8SC_SET(draft, spec, K8SC_GET(pod, status));', False, 'incompatible'),
    ('container = K8SC_GET(pod, spec);', False, 'incompatible'),
    # A verb that the resource does not have.
    ('k8sc_core_v1_secrets_update_status(k8sc_core_v1_secrets(k8sc_clientset_core_v1(clientset), "a"), pods, NULL, NULL, NULL);', False, 'implicit declaration'),
    ('k8sc_get_options_set_label_selector(get_options, "a=b", NULL);', False, 'implicit declaration'),
    # A field that does not exist, or is something else.
    ('K8SC_SET_STR(draft, spec.containers[0].imagee, "x");', False, "has no member named 'imagee'; did you mean 'image'?"),
    ('text = K8SC_STR(pod, spec.container[0].image);', False, "did you mean 'containers'?"),
    ('text = K8SC_STR(pod, spec.containers[0]);', False, '_str'),
    ('text = K8SC_STR(pod, spec.hostNetwork);', False, '_str'),
    ('i += (int)K8SC_INT(pod, metadata.name, 0);', False, '_int'),
    ('K8SC_SET_INT(draft, spec.containers[0].image, 1);', False, '_int'),
    ('K8SC_SET_BOOL(draft, metadata.generation, 1);', False, '_bool'),
    ('K8SC_SET_QUANTITY(draft, metadata.name, "1");', False, '_quantity'),
    ('K8SC_MAP_SET_QUANTITY(draft, metadata.labels, "a", "1");', False, '_map_quantity'),
    ('K8SC_APPEND(draft, metadata.finalizers);', False, '_draft'),
    ('K8SC_SET_TIME_US(draft, metadata.name, 0);', False, '_seconds'),
    ('K8SC_EACH(wrong, pod, metadata.finalizers) i++;', False, '_self'),
    # An index that is known only when the program runs would be a text in the path.
    ('text = K8SC_STR(pod, spec.containers[i].image);', False, 'constant'),
    ('K8SC_SET_STR(draft, spec.containers[i].image, "x");', False, 'constant'),
]

wrong = 0
for inside, compiles, word in CASES:
    text = PROGRAM.replace('@', inside)
    for compiler, language, standard in ((cc, 'c', 'c99'), (cc, 'c', 'gnu17'), (cxx, 'c++', 'c++11')):
        flags = ['-Wall', '-Wextra', '-pedantic', '-Werror'] if compiles else []
        done = subprocess.run([*compiler, '-x', language, f'-std={standard}', *flags, '-fsyntax-only', *('-I' + folder for folder in includes), '-'], input=text,
                              text=True, capture_output=True, env={'PATH': '/usr/bin:/bin:/usr/local/bin', 'LC_ALL': 'C'})
        if (done.returncode == 0) != compiles or (language == 'c' and words_known and word not in done.stderr):
            wrong += 1
            print(f'{standard}: {inside!r}: {"does not compile" if compiles else "compiled, or without " + repr(word)}\n{done.stderr}')
sys.exit(wrong != 0)
