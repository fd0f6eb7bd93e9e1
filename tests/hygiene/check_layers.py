#!/usr/bin/env python3
"""Layers include only those above them; this list is the order. Argument: the folder src."""
import pathlib
import re
import sys

order = ['core', 'json', 'queue', 'config', 'net', 'auth', 'rest', 'schema', 'resource', 'discovery', 'cache', 'controller', 'api']
# Apart: a program beside the library, which sees what every program sees.
apart = 'testing'

src = pathlib.Path(sys.argv[1])
wrong = []
seen = 0
for path in sorted(src.rglob('*')):
    if path.suffix not in ('.cc', '.h', '.c') or not path.is_file():
        continue
    layer = path.relative_to(src).parts[0]
    if layer not in order + [apart]:
        wrong.append(f'{path}: {layer} is no layer')
        continue
    for number, line in enumerate(path.read_text().splitlines(), 1):
        include = re.match(r'\s*#\s*include\s*["<]([\w.-]+)/', line)
        quoted = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if quoted and '..' in quoted[1]:
            wrong.append(f'{path}:{number}: {quoted[1]} leaves its folder')
        if not include or include[1] not in order + [apart]:
            continue
        seen += 1
        target = include[1]
        if layer == apart:
            allowed = target == apart
        else:
            allowed = target in order[:order.index(layer) + 1]
        if not allowed:
            wrong.append(f'{path}:{number}: {layer} may not include {target}')
if not seen:
    wrong.append('no include between layers was found')
print('\n'.join(wrong))
sys.exit(bool(wrong))
