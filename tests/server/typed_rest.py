"""What a real kube-apiserver 1.20 does not serve, in the form of typed_table.py: the fields of each object are chosen by their types, since the fake server
takes any. Methods beside the verbs, reviews and others that are only created are looked at elsewhere, by what is asked."""
from headers import RESERVED, RESERVED_IN_CPP

WANTED = {'create', 'get', 'list', 'watch', 'update', 'patch', 'apply', 'delete'}
MOST = 12  # fields of an object
DEEPEST = 4


class Table:
    WITHOUT_STATUS = set()
    PROTECTED = set()
    NAMES = {}
    REVIEWS = {}
    NO_ECHO = set()

    def __init__(self, writer, groups, real):
        self.types, self.real = writer.types, real
        self.RESOURCES, self.STATUS = {}, {}
        for (group, version), facts in groups.items():
            for resource in facts.resources:
                key = group, version, resource['resource']
                if key in real.RESOURCES or not WANTED <= set(resource['verbs']):
                    continue
                fields = self.types[f'{facts.module}.{resource["kind"]}']['fields']
                self.RESOURCES[key] = self.of_fields({n: f for n, f in fields.items() if n not in ('apiVersion', 'kind', 'metadata', 'status')})
                if 'updateStatus' in resource['verbs']:
                    self.STATUS[key] = self.of_fields({'status': fields['status']})

    def of_fields(self, fields):
        found = []
        for name, field in fields.items():
            found += self.of_field(field, name + '_' * (name in RESERVED or name in RESERVED_IN_CPP), 1)
        return found[:MOST]

    def of_field(self, field, path, depth):
        kind, real, n = field['type'], self.real, depth
        if kind == 'object' and 'ref' in field:
            return self.of_object(field['ref'], path, depth)
        if kind == 'array':
            # No path goes through arrays of arrays.
            return [] if field['items']['type'] in ('array', 'map') else self.of_field(field['items'], path + '[0]', depth)
        if kind == 'map':
            entry = {'string': real.entry, 'quantity': real.amount, 'bytes': real.data}.get(field['values']['type'])
            return [entry(path, 'tests.k8sc.dev', '3')] if entry else []
        return {
            'string': lambda: [real.text(path, f's{n}')],
            'duration': lambda: [real.text(path, '1m0s')],
            'integer': lambda: [real.number(path, 7 + n)],
            'number': lambda: [],
            'boolean': lambda: [real.flag(path, True)],
            'bytes': lambda: [real.binary(path, '\x00a')],
            'quantity': lambda: [real.quantity(path, f'{n}Gi')],
            'int-or-string': lambda: [real.text(path, '50%')],
            'time': lambda: [real.seconds(path, real.NOON)],
            'micro-time': lambda: [real.micros(path, real.NOON * 1000000 + n)],
            'any-object': lambda: [real.json(path, '{"a":[1]}')],
            'object': lambda: [real.json(path, '{"a":[1]}')],
            'any': lambda: [],
        }[kind]()

    def of_object(self, name, path, depth):
        if depth == DEEPEST:
            return []
        found = []
        for member, field in self.types[name]['fields'].items():
            found += self.of_field(field, f'{path}.{member}' + '_' * (member in RESERVED or member in RESERVED_IN_CPP), depth + 1)
        return found[:MOST]
