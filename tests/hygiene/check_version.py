#!/usr/bin/env python3
"""meson.build has the version; where it cannot be generated, it must be the same. Arguments: the root of the tree, the version."""
import pathlib
import re
import sys

root, version = pathlib.Path(sys.argv[1]), sys.argv[2]
major, minor, patch = version.split('.')
abi = f'{major}.{minor}'  # until 1.0

# Of each file: what its version stands in, and which version is meant.
places = [
    ('include/k8sc.h', r'#define K8SC_VERSION "(.*)"', version),
    ('include/k8sc.h', r'#define K8SC_VERSION_MAJOR (\d+)', major),
    ('include/k8sc.h', r'#define K8SC_VERSION_MINOR (\d+)', minor),
    ('include/k8sc.h', r'#define K8SC_VERSION_PATCH (\d+)', patch),
    ('include/k8sc.h', r'#define K8SC_VERSION_NUMBER (\d+)', str(int(major) * 1000000 + int(minor) * 1000 + int(patch))),
    ('CHANGELOG.md', r'\A# Changelog\n+## (\S+)', version),
    ('bindings/csharp/K8sc.csproj', r'<Version>(.*)</Version>', version),
    ('bindings/csharp/test/program.xml', r'Include="K8sc" Version="(.*?)"', version),
    ('bindings/csharp/test/tests.xml', r'Include="K8sc" Version="(.*?)"', version),
    ('bindings/csharp/build_package', r'/libk8sc(?:-testing)?\.so\.([\d.]*\d)', abi),
    ('bindings/ruby/k8sc.gemspec', r'gem\.version = "(.*)"', version),
    (f'bindings/lua/k8sc-{version}-1.rockspec', r'(?m)^version = "(.*)-1"', version),
    (f'bindings/lua/k8sc-{version}-1.rockspec', r'k8sc-([\d.]*\d)[./]', version),
]
wrong = []
for name, pattern, expected in places:
    path = root / name
    if not path.is_file():
        wrong.append(f'{name} is missing: the version is {version}')
        continue
    found = re.findall(pattern, path.read_text())
    if not found:
        wrong.append(f'{name}: no version is where "{pattern}" looks for it')
    wrong += [f'{name}: {one} instead of {expected}' for one in found if one != expected]
# Symbols of an ABI that was released keep their node: the present one must be there.
for name, node in (('src/k8sc.map', f'K8SC_{abi}'), ('src/testing/k8sc-testing.map', f'K8SC_TESTING_{abi}')):
    if not re.search(rf'^{re.escape(node)} *{{', (root / name).read_text(), flags=re.M):
        wrong.append(f'{name}: no node {node}')
print('\n'.join(wrong))
sys.exit(bool(wrong))
