#!/usr/bin/env python3
"""The library is small where disks and images are: stripped, as packages ship it. Arguments: strip, library.

Builds with optimization 2 and 3 compile it alike (src/meson.build), so what is measured here is what a release has.
"""
import os
import subprocess
import sys
import tempfile

LIMIT = 1_800_000

strip, library = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    stripped = os.path.join(folder, 'stripped')
    subprocess.run([strip, '-o', stripped, library], check=True)
    size = os.path.getsize(stripped)
print(f'{size} bytes of at most {LIMIT}')
if size > LIMIT:
    sys.exit(f'{library} has {size} bytes without symbols and debug information, more than {LIMIT}; see "Size" in docs/performance.md')
