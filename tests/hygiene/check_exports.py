#!/usr/bin/env python3
"""Symbol map, header and library name the same functions. Arguments: nm, map, header, library."""
import re
import subprocess
import sys

nm, symbol_map, header, library = sys.argv[1:]
text = re.sub(r'/\*.*?\*/', '', open(header).read(), flags=re.S)
declared = set(re.findall(r'^K8SC_API\b[^;]*?\b(k8sc_\w+)\s*\(', text, flags=re.M))
mapped = set(re.findall(r'^\s*(\w+);', open(symbol_map).read(), flags=re.M))
exported, versions = set(), set()
for line in subprocess.run([nm, '-D', '--defined-only', library], text=True, capture_output=True, check=True).stdout.splitlines():
    kind, name = line.split()[-2:]
    (versions if kind == 'A' else exported).add(name.split('@')[0])

wrong = False
for one, two, what in ((declared, mapped, 'declared, but not in the map'), (mapped, declared, 'in the map, but not declared'),
                       (mapped, exported, 'in the map, but not exported'), (exported, mapped, 'exported, but not in the map')):
    if one - two:
        print(f'{what}: {", ".join(sorted(one - two))}')
        wrong = True
nodes = set(re.findall(r'^(K8SC_\w+(?:\.\w+)*) *\{', open(symbol_map).read(), flags=re.M))
if nodes != versions:
    print(f'version nodes of the map {sorted(nodes)}, of the library {sorted(versions)}')
    wrong = True
if not declared:
    print('no function found in the header')
    wrong = True
sys.exit(wrong)
