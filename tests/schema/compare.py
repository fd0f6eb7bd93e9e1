#!/usr/bin/env python3
"""The library's schema is the data file's, all of it. Arguments: tools/schema, the data file, the program that writes what the library has."""
import subprocess
import sys

sys.path.insert(0, sys.argv[1])
import model  # noqa: E402

data = model.load(sys.argv[2])


def as_a_program_sees_it(fact):
    """Any JSON and any object of JSON are the same to it."""
    if isinstance(fact, dict):
        return {key: 'any-object' if key == 'type' and value == 'any' else as_a_program_sees_it(value) for key, value in fact.items()}
    return fact


library = model.loads(subprocess.run(sys.argv[3], capture_output=True, text=True, check=True).stdout, 'library')
wrong = []
groups = {(g['group'], g['version']): g for g in library['groupVersions']}
for group in data['groupVersions']:
    # Without resources it is of use to types alone.
    if not group['resources']:
        continue
    for resource in group['resources']:
        resource.pop('from', None)
    # From which release it was read is of no use to a program.
    have = groups.pop((group['group'], group['version']), {})
    if {**have, 'from': group['from']} != group:
        wrong.append('%s/%s differs' % (group['group'], group['version']))
wrong += ['%s/%s is too much' % key for key in groups]
for name in sorted(data['types'].keys() | library['types'].keys()):
    due, have = (list(api['types'].get(name, {}).get('fields', {'?': 1}).items()) for api in (data, library))
    due = [(field, as_a_program_sees_it(fact)) for field, fact in due]
    if due != have:
        wrong.append('%s differs: %s' % (name, [fact for fact in due + have if fact not in due or fact not in have]))
print('\n'.join(wrong) or '%d group-versions, %d types' % (len(data['groupVersions']), len(data['types'])))
sys.exit(bool(wrong) or len(data['groupVersions']) != 61)
