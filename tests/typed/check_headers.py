#!/usr/bin/env python3
"""Each typed header compiles alone, as C and as C++, without a warning, and all of them together leave nothing in an object file. Arguments: C
compiler, C++ compiler, nm, include folders, then -- and the headers."""
import re
import shlex
import subprocess
import sys
import tempfile

cc, cxx, nm = shlex.split(sys.argv[1]), shlex.split(sys.argv[2]), sys.argv[3]
includes, headers = sys.argv[4:sys.argv.index('--')], sys.argv[sys.argv.index('--') + 1:]
places = ['-I' + folder for folder in includes]
strict = ['-Wall', '-Wextra', '-pedantic', '-Werror']
for header in headers:
    text = f'#include <k8sc/{header}>\n#include <k8sc/{header}>\nint nothing_else;\n'
    for compiler, language, standard in ((cc, 'c', 'c99'), (cxx, 'c++', 'c++11')):
        subprocess.run([*compiler, '-x', language, f'-std={standard}', *strict, '-fsyntax-only', *places, '-'], input=text, text=True, check=True)
everything = ''.join(f'#include <k8sc/{header}>\n' for header in headers)
for compiler, language, standard in ((cc, 'c', 'c11'), (cc, 'c', 'gnu17'), (cxx, 'c++', 'c++20')):
    subprocess.run([*compiler, '-x', language, f'-std={standard}', *strict, '-fsyntax-only', *places, '-'], input=everything + 'int nothing_else;\n', text=True, check=True)
with tempfile.NamedTemporaryFile(suffix='.o') as out:
    for level in ('-O0', '-O2'):
        subprocess.run([*cc, '-x', 'c', '-std=c99', level, *places, '-c', '-o', out.name, '-'], input=everything, text=True, check=True)
        symbols = subprocess.run([nm, out.name], text=True, capture_output=True, check=True).stdout
        if symbols.strip():
            sys.exit(f'{level}: the headers leave something behind:\n{symbols}')
macros = subprocess.run([*cc, '-x', 'c', '-std=c99', '-dM', '-E', *places, '-'], input=everything, text=True, capture_output=True, check=True).stdout
system = subprocess.run([*cc, '-x', 'c', '-std=c99', '-dM', '-E', '-'], input='#include <stddef.h>\n#include <stdint.h>\n', text=True, capture_output=True, check=True).stdout
foreign = [line.split()[1] for line in set(macros.split('\n')) - set(system.split('\n')) if line and not re.match(r'K8SC_', line.split()[1])]
if foreign:
    sys.exit(f'macros that are not our own: {foreign}')
if len(headers) != 64:
    sys.exit(f'{len(headers)} headers instead of one for each of 61 group-versions, meta/v1, options and typed.h')
