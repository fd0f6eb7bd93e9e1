"""Scripts about custom resources whose definitions have schemas: what is pruned, filled in and refused, several versions, and wrong definitions."""
import copy

from corpus import APPLY, JSON, MERGE, get, patch, post, put, script

GROUP = 'differential.k8sc.dev'
DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'


def path_of(plural, version='v1'):
    return f'/apis/{GROUP}/{version}/namespaces/NS/{plural}'


def definition(plural, kind, *versions):
    return {'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition', 'metadata': {'name': f'{plural}.{GROUP}'},
            'spec': {'group': GROUP, 'scope': 'Namespaced', 'names': {'plural': plural, 'kind': kind}, 'versions': list(versions)}}


def version(name, schema, storage=True, **more):
    return {'name': name, 'served': True, 'storage': storage, 'schema': {'openAPIV3Schema': schema}, **more}


def of_spec(properties, **more):
    return {'type': 'object', 'properties': {'spec': {'type': 'object', 'properties': properties, **more}}}


TEXT, INTEGER = {'type': 'string'}, {'type': 'integer'}
PAIR = {'type': 'object', 'properties': {'x': INTEGER, 'y': INTEGER}}
FREE, EMBEDDED = 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'
BOX = of_spec({
    'size': {'type': 'integer', 'minimum': 1, 'maximum': 10},
    'ratio': {'type': 'number', 'multipleOf': 2},
    'color': {'type': 'string', 'enum': ['red', 'blue'], 'default': 'red'},
    'name': {'type': 'string', 'minLength': 2, 'maxLength': 5, 'pattern': '^[a-z]+$'},
    'tags': {'type': 'array', 'minItems': 1, 'maxItems': 3, 'items': TEXT, 'x-kubernetes-list-type': 'set'},
    'ports': {'type': 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['port', 'proto'],
              'items': {'type': 'object', 'required': ['port'], 'properties': {'port': INTEGER, 'proto': {'type': 'string', 'default': 'TCP'}, 'n': TEXT}}},
    'limits': {'type': 'object', 'additionalProperties': INTEGER, 'maxProperties': 2},
    'target': {'x-kubernetes-int-or-string': True},
    'free': {'type': 'object', FREE: True, 'properties': {'known': INTEGER, 'part': {'type': 'object', 'properties': {'a': INTEGER}}}},
    'maybe': {'type': 'string', 'nullable': True},
    'deep': {'type': 'object', 'default': {}, 'properties': {'a': {'type': 'integer', 'default': 5}, 'b': {'type': 'object', 'properties': {'c': {'type': 'boolean', 'default': True}}}}},
    'one': {**PAIR, 'oneOf': [{'required': ['x']}, {'required': ['y']}]},
    'any': {**PAIR, 'anyOf': [{'required': ['x']}, {'required': ['y']}]},
    'all': {**PAIR, 'allOf': [{'required': ['x']}, {'properties': {'y': {'minimum': 5}}}]},
    'not': {**PAIR, 'not': {'required': ['x']}},
    'flag': {'type': 'boolean'},
    'loose': {'type': 'object', 'additionalProperties': True},
    'inner': {'type': 'object', EMBEDDED: True, FREE: True}}, required=['size'])
BOX['properties']['status'] = {'type': 'object', 'properties': {'ready': INTEGER}}
BOX['required'] = ['spec']

FORMATS = ('date-time', 'date', 'duration', 'ipv4', 'ipv6', 'cidr', 'mac', 'uuid', 'byte')
DEFINED = (definition('boxes', 'Box', version('v1', BOX, subresources={'status': {}})),
           definition('forms', 'Form', version('v1', of_spec({f: {'type': 'string', 'format': f} for f in FORMATS}))),
           definition('mugs', 'Mug', version('v1', of_spec({'a': {'type': 'integer', 'default': 1}, 'b': INTEGER})),
                      version('v2', of_spec({'a': {'type': 'integer', 'default': 2}, 'c': {'type': 'integer', 'default': 9}}), storage=False)))
BOXES, FORMS, MUGS, NEW_MUGS = path_of('boxes'), path_of('forms'), path_of('mugs'), path_of('mugs', 'v2')


def box(spec, name='b', **more):
    return {'apiVersion': f'{GROUP}/v1', 'kind': 'Box', 'metadata': {'name': name}, 'spec': spec, **more}


def mug(spec, v='v1', **metadata):
    return {'apiVersion': f'{GROUP}/{v}', 'kind': 'Mug', 'metadata': {'name': 'm', **metadata}, 'spec': spec}


MADE = post(BOXES, box({'size': 3}))
script('box: defaults', MADE, get(BOXES + '/b'))

# ---- values: right ones, what is pruned of them, and wrong ones
for number, more in enumerate((
        {'size': 1.0}, {'ratio': 4.0}, {'color': 'blue'}, {'color': None}, {'name': 'abc'}, {'tags': ['a', 'b']}, {'tags': None}, {'ports': [{'port': 1}, {'port': 1, 'proto': 'UDP'}]},
        {'ports': [{'port': 1, 'zonk': 3}]}, {'limits': {'a': 1, 'b': 2}}, {'limits': {'a': None}}, {'target': 3}, {'target': 'x'}, {'free': {'known': 1, 'other': {'z': [1]}}},
        {'free': {'part': {'a': 1, 'zonk': 2}, 'list': [{'q': None}]}}, {'maybe': None}, {'deep': {'b': {'zonk': 1}}}, {'deep': None}, {'deep': {'a': None}}, {'one': {'x': 1}}, {'any': {'x': 1, 'y': 1}},
        {'all': {'x': 1, 'y': 7}}, {'not': {'y': 1}}, {'zonk': 3}, {'loose': {'a': 1, 'b': {'c': 1}}},
        {'inner': {'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {'name': 'x', 'zonk': 1}, 'q': 1}})):
    script(f'box: right value {number}', post(BOXES, box({'size': 1, **more})))
for number, spec in enumerate((
        {'size': 'x'}, {'size': 0}, {'size': 11}, {'size': 1.5}, {}, {'size': None}, {'size': True}, {'size': 1, 'ratio': 3}, {'size': 1, 'ratio': 1.5}, {'size': 1, 'color': 'pink'}, {'size': 1, 'color': 3}, {'size': 1, 'name': 'a'},
        {'size': 1, 'name': 'abcdef'}, {'size': 1, 'name': 'A1'}, {'size': 1, 'tags': []}, {'size': 1, 'tags': ['a', 'b', 'c', 'd']}, {'size': 1, 'tags': ['a', 'a']}, {'size': 1, 'tags': ['a', 3]},
        {'size': 1, 'tags': 'a'}, {'size': 1, 'tags': [None]}, {'size': 1, 'ports': [{'port': 1}, {'port': 1}]}, {'size': 1, 'ports': [{}]}, {'size': 1, 'limits': {'a': 'x'}},
        {'size': 1, 'limits': {'a': 1, 'b': 2, 'c': 3}}, {'size': 1, 'target': True}, {'size': 1, 'free': {'known': 's'}}, {'size': 1, 'one': {}}, {'size': 1, 'one': {'x': 1, 'y': 2}},
        {'size': 1, 'any': {}}, {'size': 1, 'all': {'y': 1}}, {'size': 1, 'not': {'x': 1}}, {'size': 1, 'flag': 'x'}, {'size': 1, 'inner': {'kind': 'Pod'}}, 3, None, [])):
    script(f'box: wrong value {number}', post(BOXES, box(spec)))
script('box: no spec', post(BOXES, {k: v for k, v in box({}).items() if k != 'spec'}))
script('box: unknown fields', post(BOXES, {**box({'size': 1}), 'extra': 1, 'metadata': {'name': 'b', 'zonk': 1, 'labels': {'a': 'b'}}}))
script('box: a status', post(BOXES, {**box({'size': 1}), 'status': {'ready': 'x'}}), patch(BOXES + '/b/status', MERGE, {'status': {'ready': 'x'}}),
       patch(BOXES + '/b/status', MERGE, {'status': {'ready': 4, 'zonk': 1}}), patch(BOXES + '/b', MERGE, {'status': {'ready': 5}}), get(BOXES + '/b'))
script('box: a wrong name and a wrong value', post(BOXES, box({'size': 0}, 'A_B')))
script('box: a wrong value of what is there', MADE, post(BOXES, box({'size': 0})))
for name, type_, change in (('merge', MERGE, {'spec': {'size': 99}}), ('JSON', JSON, [{'op': 'replace', 'path': '/spec/size', 'value': 99}])):
    script(f'box: {name} patch to a wrong value', MADE, patch(BOXES + '/b', type_, change), get(BOXES + '/b'))
script('box: patches', MADE, patch(BOXES + '/b', MERGE, {'spec': {'zonk': 1, 'size': 4}}), patch(BOXES + '/b', MERGE, {'spec': {'color': None, 'deep': {'a': None}}}),
       patch(BOXES + '/b', JSON, [{'op': 'remove', 'path': '/spec/color'}]), patch(BOXES + '/b', MERGE, {'spec': {'size': None}}))
script('box: update', MADE, put(BOXES + '/b', {**box({'size': 7, 'zonk': 1}), 'metadata': {'name': 'b', 'resourceVersion': 'CURRENT'}}),
       put(BOXES + '/b', {**box({'size': 70}), 'metadata': {'name': 'b', 'resourceVersion': 'CURRENT'}}), get(BOXES + '/b'))
script('box: apply', patch(BOXES + '/b?fieldManager=m', APPLY, box({'size': 1, 'limits': {'a': 1}, 'deep': {'b': {}}, 'free': {'q': {'z': [1]}}})),
       patch(BOXES + '/b?fieldManager=n', APPLY, box({'size': 2})), patch(BOXES + '/b?fieldManager=m', APPLY, box({'size': 99})), get(BOXES + '/b'))
script('box: dry', post(BOXES + '?dryRun=All', box({'size': 1, 'zonk': 1})), post(BOXES + '?dryRun=All', box({'size': 99})))

WORDS = ('2020-01-01T00:00:00Z', '2020-01-01T00:00:00.5+02:00', '2020-01-01 00:00:00Z', '2020-02-30T00:00:00Z', '2020-01-01T25:00:00Z', '2020-01-01', '2020-02-30', '2020-1-1', '1h30m', '1.5s', '-1s', '1d', '1 h',
         '0', '5', '3w', '1 day', '1.2.3.4', '256.1.1.1', '01.2.3.4', '::1', '::ffff:1.2.3.4', '1.2.3.4/8', '1.2.3.4/33', '::/129', 'fe80::/64', '00:11:22:33:44:55', '00-11-22-33-44-55', '0011.2233.4455',
         '00:11:22:33:44', 'c9e4567e-e89b-12d3-a456-426614174000', 'cc3e4567e89bf2d3a456426614174000', 'a', 'aGk=', 'aGk', 'a===', 'ab==')
for form in FORMATS:
    script(f'formats: {form}', *[post(FORMS + '?dryRun=All', {'apiVersion': f'{GROUP}/v1', 'kind': 'Form', 'metadata': {'name': 'f'}, 'spec': {form: word}})
                                 for word in WORDS if form != 'duration' or len(word) < 32])

# ---- several versions
script('mug: made in the version that is stored', post(MUGS, mug({'a': 5, 'b': 6, 'c': 7})), get(NEW_MUGS + '/m'), get(MUGS + '/m'), get(NEW_MUGS))
script('mug: made in another version', post(NEW_MUGS, mug({'b': 6, 'c': 7}, 'v2')), get(NEW_MUGS + '/m'), get(MUGS + '/m'), get(MUGS))
script('mug: patched in another version', post(MUGS, mug({'b': 6})), patch(NEW_MUGS + '/m', MERGE, {'metadata': {'labels': {'p': 'q'}}}), get(MUGS + '/m'))
script('mug: a version that is not the path\'s', post(MUGS, mug({}, 'v2')), post(NEW_MUGS, mug({})))

# ---- definitions
CUPS = definition('cups', 'Cup', version('v1', {'type': 'object'}))


def wrong(name, change):
    body = copy.deepcopy(CUPS)
    change(body)
    script('definition: ' + name, post(DEFINITIONS + '?dryRun=All', body))


def wrong_schema(name, schema):
    wrong('schema, ' + name, lambda body: body['spec']['versions'][0].update(schema={'openAPIV3Schema': schema}))


def wrong_field(name, **schema):
    wrong_schema(name, {'type': 'object', 'properties': {'spec': schema}})


wrong_schema('empty', {})
wrong_schema('text', TEXT)
wrong_schema('without a type', {'properties': {'a': TEXT}})
wrong_schema('metadata restricted', {'type': 'object', 'properties': {'metadata': {'type': 'object', 'properties': {'labels': {'type': 'object'}}}}})
wrong_schema('metadata a text', {'type': 'object', 'properties': {'metadata': TEXT}})
wrong_schema('apiVersion a number', {'type': 'object', 'properties': {'apiVersion': INTEGER}})
wrong_field('nothing')
wrong_field('strange type', type='strange')
wrong_field('array of nothing', type='array')
wrong_field('array without a type', type='array', items={})
wrong_field('tuple', type='array', items=[TEXT])
wrong_field('inner nothing', type='object', properties={'a': {}})
wrong_field('entries and fields', type='object', properties={'a': TEXT}, additionalProperties=TEXT)
wrong_field('unique', type='array', items=TEXT, uniqueItems=True)
wrong_field('reference', type='string', **{'$ref': '#/x'})
wrong_field('definitions', type='object', definitions={'a': TEXT})
wrong_field('patterns of properties', type='object', patternProperties={'a': TEXT})
wrong_field('dependencies', type='object', dependencies={'a': ['b']})
wrong_field('default of another type', type='integer', default='x')
wrong_field('default with unknown fields', type='object', default={'z': 1})
wrong_field('default without what is required', type='object', default={}, properties={'a': TEXT}, required=['a'])
wrong_field('types in anyOf', type='object', anyOf=[{'properties': {'q': TEXT}}])
wrong_field('default in anyOf', type='object', anyOf=[{'default': {}}])
wrong_field('preserve not', type='object', **{FREE: False})
wrong_field('map without keys', type='array', items={'type': 'object'}, **{'x-kubernetes-list-type': 'map'})
wrong_field('map with keys that may be missing', type='array', items={'type': 'object', 'properties': {'a': TEXT}}, **{'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a']})
wrong_field('map with keys that are not', type='array', items={'type': 'object', 'properties': {'a': TEXT}, 'required': ['a']}, **{'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a', 'b']})
wrong_field('strange list', type='array', items=TEXT, **{'x-kubernetes-list-type': 'what'})
wrong_field('set of objects', type='array', items={'type': 'object'}, **{'x-kubernetes-list-type': 'set'})
wrong_field('strange map', type='object', **{'x-kubernetes-map-type': 'what'})
wrong_field('embedded nothing', type='object', **{EMBEDDED: True})
wrong_field('pattern that is none', type='string', pattern='[')
wrong_field('pattern of Perl', type='string', pattern='a(?=b)')
wrong('no schema', lambda body: body['spec']['versions'][0].pop('schema'))
wrong('no version that is stored', lambda body: body['spec']['versions'][0].update(storage=False))
wrong('a version named V1', lambda body: body['spec']['versions'][0].update(name='V1'))
wrong('scope', lambda body: body['spec'].update(scope='X'))
wrong('no scope', lambda body: body['spec'].pop('scope'))
wrong('plural', lambda body: body['spec']['names'].update(plural='Cups'))
wrong('kind', lambda body: body['spec']['names'].update(kind='cup_x'))
wrong('singular', lambda body: body['spec']['names'].update(singular='Cup'))
wrong('short names', lambda body: body['spec']['names'].update(shortNames=['A']))
wrong('kind of lists', lambda body: body['spec']['names'].update(kind='CupList', listKind='CupList'))
wrong('no group', lambda body: body['spec'].update(group=''))
wrong('a group without a dot', lambda body: body['spec'].update(group='single'))
wrong('name', lambda body: body['metadata'].update(name='x.y'))
wrong('unknown fields preserved', lambda body: body['spec'].update(preserveUnknownFields=True))
wrong('a group of Kubernetes', lambda body: (body['spec'].update(group='x.k8s.io'), body['metadata'].update(name='cups.x.k8s.io')))
wrong('conversion', lambda body: body['spec'].update(conversion={'strategy': 'What'}))
