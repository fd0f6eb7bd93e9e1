#!/usr/bin/env python3
"""A build that fails says what failed, also where nobody wants to see one that does not. Argument: tools/quietly."""
import subprocess
import sys


def run(script):
    return subprocess.run([sys.argv[1], 'sh', '-c', script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


good = run('echo noise; echo more >&2')
assert (good.returncode, good.stdout, good.stderr) == (0, '', ''), good
bad = run('for i in $(seq 500); do echo "[$i/600] fine"; done; echo "FAILED: src/a.o"; echo "a.cc:1: error: no such type"; echo "ninja: stopped" >&2; exit 3')
assert bad.returncode == 3 and bad.stdout == '', bad
assert 'FAILED: src/a.o\na.cc:1: error: no such type\nninja: stopped\n' in bad.stderr and '[500/600]' not in bad.stderr, bad.stderr
other = run('echo "no compiler"; exit 1')
assert other.returncode == 1 and 'no compiler' in other.stderr and 'failed with 1: sh -c' in other.stderr, other.stderr
