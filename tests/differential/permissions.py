"""Scripts about who may do what: requests of users that the administrator plays, by roles that the script makes."""
from corpus import MAPS, MERGE, config_map, delete, get, patch, post, put, script
from parts import PODS, only

RBAC = '/apis/rbac.authorization.k8s.io/v1/'
AUTHORIZATION, AUTHENTICATION = '/apis/authorization.k8s.io/v1/', '/apis/authentication.k8s.io/v1/'


def by(user, step):
    """The same, asked by a user: a name, and groups behind commas. NS stands for the script's namespace."""
    return (f'{step[0]} {user}', *step[1:])


def role(name, *rules, whole=False):
    body = {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'ClusterRole' if whole else 'Role', 'metadata': {'name': name}, 'rules': list(rules)}
    return only(post(RBAC + ('clusterroles' if whole else 'namespaces/NS/roles'), body), 'kind')


def rule(verbs, resources, groups=('',), **more):
    return {'verbs': list(verbs), 'resources': list(resources), 'apiGroups': list(groups), **more}


def binding(name, of, *subjects, whole=False, cluster_role=False):
    body = {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'ClusterRoleBinding' if whole else 'RoleBinding', 'metadata': {'name': name},
            'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'ClusterRole' if whole or cluster_role else 'Role', 'name': of},
            'subjects': [subject(text) for text in subjects]}
    return only(post(RBAC + ('clusterrolebindings' if whole else 'namespaces/NS/rolebindings'), body), 'kind')


def subject(text):
    kind, name = text.split(' ', 1)
    if kind == 'ServiceAccount':
        space, name = name.split('/')
        return {'kind': kind, 'name': name, 'namespace': space}
    return {'apiGroup': 'rbac.authorization.k8s.io', 'kind': kind, 'name': name}


def review(kind, spec, group='authorization.k8s.io'):
    return {'apiVersion': group + '/v1', 'kind': kind, 'spec': spec}


MADE = post(MAPS, config_map('a'))
script('nobody may do anything', MADE, *[by('jane-NS', step) for step in (
    get(MAPS), get(MAPS + '/a'), get('/api/v1/configmaps'), post(MAPS, config_map('b')), put(MAPS + '/a', config_map('a')), patch(MAPS + '/a', MERGE, {}), delete(MAPS + '/a'), delete(MAPS),
    get(MAPS + '?watch=1'), get('/api/v1/nodes'), get('/api/v1/nodes/n'), get('/api/v1/namespaces/NS'), get(PODS + '/p/log'), post(PODS + '/p/eviction', {}), get('/apis/apps/v1/namespaces/NS/deployments'),
    get('/apis/differential.k8sc.dev/v1/namespaces/NS/widgets/w'), get(MAPS + '?fieldSelector=metadata.name%3Da'), get('/metrics'), get('/logs/x'))])
script('who may discover', *[only(by('jane', get(path)), 'kind', 'major') for path in ('/api', '/apis', '/api/v1', '/apis/apps/v1', '/version', '/openapi/v2')], by('jane', get('/healthz')))
script('a role in a namespace', MADE, role('r', rule(['get', 'list'], ['configmaps'])), binding('b', 'r', 'User jane'),
       *[by('jane', step) for step in (only(get(MAPS), 'kind'), get(MAPS + '/a'), get(MAPS + '/none'), get(MAPS.replace('NS', 'default')), get('/api/v1/configmaps'), delete(MAPS + '/a'), get(PODS))], by('joe', get(MAPS)))
script('a role for some names', MADE, post(MAPS, config_map('c')), role('r', rule(['get', 'update', 'list', 'create'], ['configmaps'], resourceNames=['a'])), binding('b', 'r', 'User jane'),
       *[by('jane', step) for step in (get(MAPS + '/a'), get(MAPS + '/c'), get(MAPS), only(get(MAPS + '?fieldSelector=metadata.name%3Da'), 'kind'), post(MAPS, config_map('a')))])
script('a role of the cluster, bound in a namespace', MADE, role('NS-r', rule(['*'], ['configmaps']), whole=True), binding('b', 'NS-r', 'Group gardeners', cluster_role=True),
       *[by('jane,gardeners', step) for step in (get(MAPS + '/a'), get('/api/v1/namespaces/default/configmaps/a'), delete(MAPS + '/a'))], by('jane,others', get(MAPS)))
script('a role of the cluster, bound for all', MADE, role('NS-r', rule(['get', 'list'], ['*'], groups=['', 'apps']), whole=True), binding('NS-b', 'NS-r', 'User NS-jane', whole=True),
       *[by('NS-jane', step) for step in (get(MAPS + '/a'), only(get('/api/v1/nodes'), 'kind'), only(get('/apis/apps/v1/deployments'), 'kind'), get('/apis/batch/v1/jobs'), delete(MAPS + '/a'))])
script('subresources', role('r', rule(['get'], ['pods']), rule(['get'], ['*/scale'], groups=['*'])), binding('b', 'r', 'User jane'),
       *[by('jane', step) for step in (get(PODS + '/p'), get(PODS + '/p/log'), get(PODS + '/p/status'), get('/apis/apps/v1/namespaces/NS/deployments/d/scale'), get('/apis/apps/v1/namespaces/NS/deployments/d'))])
script('paths', role('NS-r', {'verbs': ['get'], 'nonResourceURLs': ['/differential/*', '/exactly']}, whole=True), binding('NS-b', 'NS-r', 'User NS-jane', whole=True),
       *[by('NS-jane', step) for step in (get('/exactly'), get('/differential/x/y'), get('/exactly/not'), post('/exactly', {}))])
script('service accounts', MADE, role('r', rule(['get'], ['configmaps'])), binding('b', 'r', 'ServiceAccount NS/builder'), by('system:serviceaccount:NS:builder', get(MAPS + '/a')),
       by('system:serviceaccount:default:builder', get(MAPS + '/a')), by('system:serviceaccount:NS:builder', get(MAPS)))
script('all service accounts of a namespace', MADE, role('r', rule(['get'], ['configmaps'])), binding('b', 'r', 'Group system:serviceaccounts:NS'), by('system:serviceaccount:NS:any', get(MAPS + '/a')),
       by('system:serviceaccount:default:any', get(MAPS + '/a')))
script('all who are known', MADE, role('r', rule(['get'], ['configmaps'])), binding('b', 'r', 'Group system:authenticated'), by('jane', get(MAPS + '/a')), by('system:anonymous', get(MAPS + '/a')))
script('a binding to no role', MADE, binding('b', 'none', 'User jane'), by('jane', get(MAPS + '/a')))
script('administrators', MADE, by('jane,system:masters', get(MAPS + '/a')), by('jane,system:masters', only(get('/api/v1/nodes'), 'kind')))
script('a role that is taken away', MADE, role('r', rule(['get'], ['configmaps'])), binding('b', 'r', 'User jane'), by('jane', get(MAPS + '/a')), only(delete(RBAC + 'namespaces/NS/rolebindings/b'), 'status'),
       by('jane', get(MAPS + '/a')))


def access(**attributes):
    return {'resourceAttributes': attributes}


ASKED = (access(verb='get', resource='configmaps', namespace='NS'), access(verb='get', resource='configmaps', namespace='NS', name='a'), access(verb='get', resource='configmaps'),
         access(verb='list', resource='pods', namespace='NS', subresource='log'), {'nonResourceAttributes': {'path': '/none', 'verb': 'get'}})
script('what may I do', role('r', rule(['get'], ['configmaps'])), binding('b', 'r', 'User jane'),
       *[by('jane', post(AUTHORIZATION + 'selfsubjectaccessreviews', review('SelfSubjectAccessReview', spec))) for spec in ASKED],
       *[by('jane,system:masters', post(AUTHORIZATION + 'selfsubjectaccessreviews', review('SelfSubjectAccessReview', spec))) for spec in ASKED[:2]])
script('what may somebody do', role('r', rule(['get'], ['configmaps'])), binding('b', 'r', 'User jane', 'Group g', 'ServiceAccount NS/s'),
       *[post(AUTHORIZATION + 'subjectaccessreviews', review('SubjectAccessReview', {**who, **spec})) for spec in ASKED[:2] for who in
         ({'user': 'jane'}, {'user': 'joe'}, {'user': 'joe', 'groups': ['g']}, {'user': 'system:serviceaccount:NS:s'})],
       post(AUTHORIZATION + 'namespaces/NS/localsubjectaccessreviews', {**review('LocalSubjectAccessReview', {'user': 'jane', **ASKED[0]}), 'metadata': {'namespace': 'NS'}}),
       post(AUTHORIZATION + 'namespaces/NS/localsubjectaccessreviews', {**review('LocalSubjectAccessReview', {'user': 'jane', **ASKED[2]}), 'metadata': {'namespace': 'NS'}}), by('jane', post(AUTHORIZATION + 'subjectaccessreviews', {})))
script('reviews of nothing', post(AUTHORIZATION + 'selfsubjectaccessreviews', review('SelfSubjectAccessReview', {})), post(AUTHORIZATION + 'selfsubjectaccessreviews', review('Other', {})),
       post(AUTHORIZATION + 'subjectaccessreviews', review('SubjectAccessReview', {**ASKED[0]})), post(AUTHORIZATION + 'selfsubjectrulesreviews', review('SelfSubjectRulesReview', {})),
       get(AUTHORIZATION + 'selfsubjectaccessreviews'), post(AUTHORIZATION + 'selfsubjectaccessreviews', '{'))
script('tokens that are none', only(post(AUTHENTICATION + 'tokenreviews', review('TokenReview', {'token': 'none'}, 'authentication.k8s.io')), 'status.authenticated', 'status.user'))
script('groups without a user', by(',gardeners', get(MAPS)))
script('impersonation', role('NS-r', rule(['impersonate'], ['users'], resourceNames=['joe']), whole=True), by('jane', post(AUTHORIZATION + 'selfsubjectaccessreviews', review(
    'SelfSubjectAccessReview', access(verb='impersonate', resource='users', name='joe')))))
