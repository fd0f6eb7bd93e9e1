#!/usr/bin/env python3
"""Every public function is called by some test, example or binding. Arguments: root of the tree, headers."""
import pathlib
import re
import sys

root, headers = pathlib.Path(sys.argv[1]), sys.argv[2:]
# Function: why nothing calls it.
skipped = {}

functions = set()
for header in headers:
    text = re.sub(r'/\*.*?\*/', '', open(header).read(), flags=re.S)
    functions |= set(re.findall(r'^K8SC_API\b[^;]*?\b(k8sc_\w+)\s*\(', text, flags=re.M))
mentioned = set()
for folder in ('tests', 'examples', 'bench', 'bindings'):
    for path in (root / folder).rglob('*'):
        if path.suffix in ('.c', '.cc', '.h', '.i', '.lua', '.rb', '.cs') and path.is_file():
            mentioned |= set(re.findall(r'\bk8sc_\w+', path.read_text(errors='replace')))
missing = functions - mentioned - skipped.keys()
stale = [name for name in skipped if name not in functions or name in mentioned]
if missing:
    print('nothing calls: ' + ', '.join(sorted(missing)))
if stale:
    print('skipped without need: ' + ', '.join(sorted(stale)))
if not functions:
    print('no function found')
sys.exit(bool(missing or stale or not functions))
