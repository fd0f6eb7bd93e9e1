#!/usr/bin/env python3
"""A program in an empty folder finds the installed library through pkg-config, shared and static, and runs.

Arguments: meson, C compiler, pkg-config, root of the tree, build folder, program's source, version, folders of the library's objects.
"""
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

meson, cc, pkg_config, root, build, source, version, *objects = sys.argv[1:]
cc = shlex.split(cc)


def run(command, **more):
    done = subprocess.run(command, text=True, capture_output=True, **more)
    if done.returncode:
        sys.exit(f'{" ".join(map(str, command))}\n{done.stdout}{done.stderr}')
    return done.stdout


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    run([meson, 'install', '-C', build, '--no-rebuild', '--quiet', '--destdir', str(folder / 'root')])
    found = list((folder / 'root').rglob('k8sc.pc'))
    if len(found) != 1:
        sys.exit(f'installed k8sc.pc: {found}')
    libdir = found[0].parent.parent
    if not (libdir / 'libk8sc.so').exists() or not list((folder / 'root').rglob('include/k8sc.h')):
        sys.exit('library or header was not installed')

    # Only what is installed there is found there; the rest is the system's. The prefix is where the tree stands now.
    prefix = run([pkg_config, '--variable=prefix', str(found[0])]).strip()
    environment = dict(os.environ, PKG_CONFIG_PATH=str(found[0].parent))
    place = [f'--define-variable=prefix={folder}/root{prefix}']

    def flags(*wanted):
        return run([pkg_config, *place, *wanted, 'k8sc'], env=environment).split()

    if run([pkg_config, '--modversion', 'k8sc'], env=environment).strip() != version:
        sys.exit('the version in k8sc.pc is another')

    empty = folder / 'empty'
    empty.mkdir()
    shutil.copy(source, empty / 'program.c')
    strict = ['-std=c99', '-D_POSIX_C_SOURCE=200809L', '-Wall', '-Wextra', '-Werror', '-g']
    run([*cc, *strict, '-o', 'shared', 'program.c', *flags('--cflags', '--libs')], cwd=empty)
    here = dict(os.environ, LD_LIBRARY_PATH=str(libdir))
    said = run(['./shared'], cwd=empty, env=here)
    if said.strip() != version:
        sys.exit(f'the program said: {said}')
    if 'libk8sc.so' not in run(['ldd', './shared'], cwd=empty, env=here):
        sys.exit('the program is not linked to the shared library')

    # As a build of its own with default_library=static would install it. Its objects are the same ones, so they are not compiled again.
    second = folder / 'second'
    run([meson, 'setup', str(second), root, '-Ddefault_library=static', '-Dtests=false', '-Dexamples=false', '-Dlua=disabled', '-Druby=disabled', '-Dcsharp=disabled'])
    only = folder / 'static'
    only.mkdir()
    members = [str(member) for each in objects for member in sorted(pathlib.Path(each).glob('*.o'))]
    run(['ar', 'crs', str(only / 'libk8sc.a'), *members])
    environment = dict(os.environ, PKG_CONFIG_PATH=str(second / 'meson-private'))
    place = [f'--define-variable=libdir={only}', f'--define-variable=includedir={folder}/root{prefix}/include']
    run([*cc, *strict, '-o', 'static', 'program.c', *flags('--static', '--cflags', '--libs')], cwd=empty)
    if 'libk8sc' in run(['ldd', './static'], cwd=empty):
        sys.exit('the program is not linked statically')
    if run(['./static'], cwd=empty).strip() != version:
        sys.exit('the statically linked program said something else')
