#!/usr/bin/env python3
"""Layers include only those above them: the library's in the order below, the fake API server's in that of its README.
Argument: the folder src."""
import pathlib
import re
import sys

library = ['core', 'json', 'queue', 'net', 'config', 'auth', 'rest', 'schema', 'resource', 'discovery', 'cache', 'api']
# Apart: a program beside the library, which sees what every program sees, and shares a few headers that need no code.
apart = 'testing'
shared = ['core/guard.h', 'core/signals.h']

src = pathlib.Path(sys.argv[1])
wrong = []
readme = src / apart / 'README.md'
testing = re.findall(r'^\| `(\w+)` \|', readme.read_text(), re.MULTILINE)
seen = {'library': 0, apart: 0}

if len(set(testing)) < len(testing):
    wrong.append(f'{readme}: a layer is there twice')
for order, folder in (library, src), (testing, src / apart):
    wrong += [f'{folder / layer} is not there' for layer in order if not (folder / layer).is_dir()]

for path in sorted(src.rglob('*')):
    if path.suffix not in ('.cc', '.h', '.c') or not path.is_file():
        continue
    parts = path.relative_to(src).parts
    is_apart = parts[0] == apart
    order, layer = (testing, parts[1]) if is_apart else (library, parts[0])
    if layer not in order:
        wrong.append(f'{path}: {layer} is no layer')
        continue
    for number, line in enumerate(path.read_text().splitlines(), 1):
        where = f'{path}:{number}'
        include = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if not include:
            continue
        folders = include[2].split('/')[:-1]
        if include[1] == '"' and '..' in include[2]:
            wrong.append(f'{where}: {include[2]} leaves its folder')
        if not folders or folders[0] not in library + [apart]:
            continue
        if is_apart and include[2] in shared:
            continue
        seen[apart if is_apart else 'library'] += 1
        if (folders[0] == apart) != is_apart or folders[-1] not in order[:order.index(layer) + 1]:
            wrong.append(f'{where}: {layer} may not include {include[2]}')
wrong += [f'no include between layers of the {kind} was found' for kind, count in seen.items() if not count]
print('\n'.join(wrong))
sys.exit(bool(wrong))
