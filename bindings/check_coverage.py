#!/usr/bin/env python3
"""Every function of the library is either in an interface (a .i file, or C beside it) or, with a reason, in skip.txt."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
bindings = root / "bindings"

exported = set(re.findall(r"\b(k8sc_\w+);", (root / "src/k8sc.map").read_text()))


def named(text):
    """The functions that an interface names: outright, or as a method without a body in an %extend."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    found = set(re.findall(r"\bk8sc_\w+", text))
    for handle, body in re.findall(r"%extend (k8sc_\w+) \{(.*?)^\}", text, flags=re.S | re.M):
        found |= {f"{handle}_{method}" for method in re.findall(r"\b(\w+)\([^(){};]*\);", body)}
    return found


bound = set()
for path in sorted(bindings.rglob("*.[ic]")):
    bound |= named(path.read_text())

faults = []
skipped = set()
for number, line in enumerate((bindings / "skip.txt").read_text().splitlines(), 1):
    if not line.strip() or line.startswith("#"):
        continue
    name, _, reason = line.partition(" ")
    if not reason.strip():
        faults.append(f"skip.txt:{number}: {name} has no reason")
    if name not in exported:
        faults.append(f"skip.txt:{number}: the library has no {name}")
    if name in skipped:
        faults.append(f"skip.txt:{number}: {name} is there twice")
    if name in bound:
        faults.append(f"skip.txt:{number}: {name} is in an interface file")
    skipped.add(name)

faults += [f"{name} is neither in an interface nor in skip.txt" for name in sorted(exported - bound - skipped)]
if len(exported) < 100:
    faults.append(f"only {len(exported)} functions were found in src/k8sc.map")

print("\n".join(faults) or f"{len(exported)} functions: {len(exported & bound)} bound, {len(skipped)} skipped")
sys.exit(bool(faults))
