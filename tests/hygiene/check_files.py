#!/usr/bin/env python3
"""Source files are small, and free of tabs, blanks at line ends and leftovers. Argument: the root of the tree."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
# Tests read from top to bottom, one case after the other, and may be longer.
longest = {'tests': 800}
# A library's contract is one header by design; generated tables are as long as they are.
exempt = {'include/k8sc.h', 'include/k8sc_testing.h', 'include/k8sc/typed.h'}
leftover = re.compile(r'\b(' + '|'.join(['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK']) + r')\b')
wrong = []
count = 0
for folder in ('include', 'src', 'tests', 'examples', 'bench', 'bindings', 'tools', 'pkgconfig'):
    for path in sorted((root / folder).rglob('*')):
        if path.suffix not in ('.c', '.cc', '.h', '.py', '.build', '.lua', '.rb', '.cs', '.i', '.sh') and path.name != 'meson.build' or not path.is_file():
            continue
        name = path.relative_to(root).as_posix()
        count += 1
        text = path.read_text()
        lines = text.split('\n')
        if len(lines) > longest.get(folder, 600) and name not in exempt and 'Generated' not in lines[0] + lines[1]:
            wrong.append(f'{name}: {len(lines)} lines')
        for number, line in enumerate(lines, 1):
            if '\t' in line:
                wrong.append(f'{name}:{number}: a tab')
            if line.endswith((' ', '\r')):
                wrong.append(f'{name}:{number}: a blank at its end')
            if leftover.search(line):
                wrong.append(f'{name}:{number}: unfinished: {line.strip()}')
        if text and not text.endswith('\n'):
            wrong.append(f'{name}: its last line does not end')
if count < 50:
    wrong.append('the sources were not found')
print('\n'.join(wrong))
sys.exit(bool(wrong))
