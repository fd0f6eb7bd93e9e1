#!/usr/bin/env python3
"""Clang holds the thread rules of the library's sources: src/core/thread_annotations.h. Arguments: clang++, the tree's root, the build's folder."""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

clang, root, build = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
flags = ['-x', 'c++', '-std=c++20', '-pthread', '-Wthread-safety', '-Wthread-safety-beta', '-Werror']
# What most of the sources include, read once: that halves the time of the whole.
common = ['algorithm', 'atomic', 'chrono', 'deque', 'functional', 'list', 'map', 'memory', 'optional', 'set', 'string', 'string_view', 'thread',
          'unordered_map', 'unordered_set', 'vector', 'curl/curl.h', 'cache/informer.h', 'discovery/mapper.h', 'resource/watch.h']
annotations = 'core/thread_annotations.h'


def included(path, seen):
    """Adds the tree's headers that a file includes, directly or not, by their names in #include."""
    for name in re.findall(r'^#include "([^"]+)"', path.read_text(), re.MULTILINE):
        header = root / 'src' / name
        if name not in seen and header.exists():
            seen.add(name)
            included(header, seen)
    return seen


def run(arguments):
    done = subprocess.run([clang] + arguments, cwd=build, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout if done.returncode else ''


sys.path.insert(0, str(root / 'tools'))
from sources import flags_of_sources

# Where no rule is known, none can be broken.
sources = {path: words for path, words in flags_of_sources(build).items()
           if (root / 'src/testing') not in path.parents and annotations in included(path, set())}
assert len(sources) > 50, f'{len(sources)} sources were found'

with tempfile.TemporaryDirectory() as folder:
    header = pathlib.Path(folder) / 'common.h'
    header.write_text(''.join(f'#include <{name}>\n' for name in common))
    # Sources of one set of flags share a header.
    headers = {}
    for words in sources.values():
        if tuple(words) not in headers:
            compiled = f'{folder}/{len(headers)}.pch'
            wrong = run(flags + words + ['-xc++-header', str(header), '-o', compiled])
            assert not wrong, wrong
            headers[tuple(words)] = compiled
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [flags + words + ['-include-pch', headers[tuple(words)], '-fsyntax-only', str(path)] for path, words in sorted(sources.items())]
        wrong = [answer for answer in pool.map(run, jobs) if answer]
print('\n'.join(wrong))
sys.exit(bool(wrong))
