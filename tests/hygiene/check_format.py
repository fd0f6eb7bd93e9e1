#!/usr/bin/env python3
"""C and C++ sources are laid out as .clang-format says. Arguments: clang-format, the tree's root. Mend with clang-format -i."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

clang_format, root = sys.argv[1], pathlib.Path(sys.argv[2])
paths = sorted(path for folder in ('include', 'src', 'tests', 'examples', 'bench', 'bindings') for path in (root / folder).rglob('*')
               if path.suffix in ('.c', '.cc', '.h') and 'obj' not in path.parts)
assert len(paths) > 500, f'{len(paths)} sources were found'


def run(some):
    done = subprocess.run([clang_format, '--dry-run', '-Werror', *some], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout if done.returncode else ''


parts = [paths[i:i + 40] for i in range(0, len(paths), 40)]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    wrong = ''.join(pool.map(run, parts))
print(wrong)
sys.exit(bool(wrong))
