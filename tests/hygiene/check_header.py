#!/usr/bin/env python3
"""A header must compile alone, as C99 and as C++11, without a warning. Arguments: C compiler, C++ compiler, include folder, header."""
import shlex
import subprocess
import sys

cc, cxx, include, header = sys.argv[1:]
cc, cxx = shlex.split(cc), shlex.split(cxx)
strict = ['-Wall', '-Wextra', '-pedantic', '-Werror', '-Wstrict-prototypes', '-fsyntax-only', '-I', include]
for compiler, language, standard in ((cc, 'c', 'c99'), (cc, 'c', 'c11'), (cxx, 'c++', 'c++11'), (cxx, 'c++', 'c++20')):
    flags = [flag for flag in strict if language == 'c' or flag != '-Wstrict-prototypes']
    # Twice: its guard must hold.
    text = f'#include "{header}"\n#include "{header}"\n' + ('int main(void) { return 0; }\n' if language == 'c' else 'int main() { return 0; }\n')
    subprocess.run([*compiler, '-x', language, f'-std={standard}', *flags, '-'], input=text, text=True, check=True)

# What it includes, and what it hands on to every program, are part of the contract.
includes = subprocess.run(['grep', '-h', '^#include', f'{include}/{header}'], text=True, capture_output=True, check=True).stdout.split('\n')
allowed = {'#include <stddef.h>', '#include <stdint.h>', '#include "k8sc.h"' if header != 'k8sc.h' else '', ''}
if set(includes) - allowed:
    sys.exit(f'{header} includes more than it may: {sorted(set(includes) - allowed)}')
macros = subprocess.run([*cc, '-x', 'c', '-std=c99', '-dM', '-E', '-I', include, '-'], input=f'#include "{header}"\n', text=True, capture_output=True, check=True).stdout
system = subprocess.run([*cc, '-x', 'c', '-std=c99', '-dM', '-E', '-'], input='#include <stddef.h>\n#include <stdint.h>\n', text=True, capture_output=True, check=True).stdout
foreign = [line.split()[1] for line in set(macros.split('\n')) - set(system.split('\n')) if line and not line.split()[1].startswith('K8SC_')]
if foreign:
    sys.exit(f'{header} defines macros that are not its own: {foreign}')
