"""The C++ sources of the two libraries, with the flags that they need to be read, from what Meson knows of a build."""
import json
import pathlib
import re


def sources_of(group):
    """A unity build compiles files that include several sources."""
    yield from map(pathlib.Path, group['sources'])
    for path in map(pathlib.Path, group['generated_sources']):
        if 'unity' in path.name:
            yield from (path.parent / name for name in re.findall(r'^#include\s*[<"]([^>"]+)[>"]', path.read_text(), re.MULTILINE))


def flags_of_sources(build):
    """{source: [flags]}."""
    found = {}
    for target in json.loads((pathlib.Path(build) / 'meson-info/intro-targets.json').read_text()):
        if target['name'] not in ('k8sc_hot', 'k8sc_internal', 'k8sc-testing'):
            continue
        for group in target['target_sources']:
            if group.get('language') != 'cpp':
                continue
            # Definitions and folders, but not the target's own folder, where nothing is generated.
            flags = [flag for flag in group['parameters'] if flag.startswith(('-I', '-D', '-isystem')) and 'FORTIFY' not in flag and not flag.endswith('.p')]
            found.update((path.resolve(), flags) for path in sources_of(group))
    assert len(found) > 200, f'{len(found)} sources were found in {build}'
    return found
