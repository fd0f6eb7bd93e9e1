#!/usr/bin/env python3
"""SONAME and flags of a library. Arguments: readelf, library, SONAME."""
import subprocess
import sys

readelf, library, soname = sys.argv[1:]
dynamic = subprocess.run([readelf, '-dW', library], text=True, capture_output=True, check=True).stdout
if f'Library soname: [{soname}]' not in dynamic:
    sys.exit(f'{library} is not {soname}')
# A dlclose() while a thread of the library lives would pull the code from under it.
if 'NODELETE' not in dynamic:
    sys.exit(f'{library} may be unloaded')
for entry in ('TEXTREL', 'RPATH', 'STATIC_TLS'):
    if f'({entry})' in dynamic or f' {entry}' in dynamic:
        sys.exit(f'{library} has {entry}')
segments = subprocess.run([readelf, '-lW', library], text=True, capture_output=True, check=True).stdout
stack = [line for line in segments.splitlines() if 'GNU_STACK' in line]
if not stack or 'E' in stack[0].split()[-2]:
    sys.exit(f'{library} wants an executable stack')
