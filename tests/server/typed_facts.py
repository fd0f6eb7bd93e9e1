#!/usr/bin/env python3
"""Writes, as C tables, what the test of discovery compares with the server: each resource and subresource of the data, whether typed_table.py has it,
and the differences that are known. Arguments: tools/schema, data file, the header."""
import pathlib
import sys

sys.path.insert(0, sys.argv[1])
import model  # noqa: E402
import typed_differences as differences  # noqa: E402
import typed_table as table  # noqa: E402

# How discovery calls them; what writes the status is no verb of its own there.
VERBS = {'deleteCollection': 'deletecollection', 'apply': 'patch'}


def quoted(text):
    return f'"{text}"' if text is not None else 'NULL'


def known():
    for group in model.load(sys.argv[2])['groupVersions']:
        version = f'{group["group"]}/{group["version"]}' if group['group'] else group['version']
        for r in group['resources']:
            key = (group['group'], group['version'], r['resource'])
            verbs = ','.join(sorted({VERBS.get(v, v) for v in r['verbs'] if not v.endswith('Status')}))
            yield version, r['resource'], r['kind'], r['namespaced'], verbs, int(key in table.RESOURCES) + 2 * int(key in table.REVIEWS)
            below = {m['subresource'] for m in r.get('subresourceMethods', []) if m['subresource']}
            if 'updateStatus' in r['verbs']:
                below.add('status')
            for subresource in sorted(below):
                yield version, f'{r["resource"]}/{subresource}', None, r['namespaced'], None, 0


tables = [('struct known', 'known', [f'{{"{version}", "{name}", {quoted(kind)}, {int(namespaced)}, {quoted(verbs)}, {tested}}}'
                                     for version, name, kind, namespaced, verbs, tested in known()])]
for name, rows in (('served_only', differences.SERVED_ONLY), ('known_only', differences.KNOWN_ONLY), ('other_verbs', differences.VERBS)):
    tables.append(('struct difference', name, [f'{{"{version}", "{resource}", "{reason}"}}' for (version, resource), reason in rows.items()]))
pathlib.Path(sys.argv[3]).write_text(''.join(
    f'static const {kind} {name}[] = {{\n' + ''.join(f'    {row},\n' for row in rows) + '};\n\n' for kind, name, rows in tables))
