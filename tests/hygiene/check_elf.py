#!/usr/bin/env python3
"""SONAME and flags of a library. Arguments: readelf, file, its SONAME, or "program", or "module" for what an interpreter loads; a library of
nearly nothing that was built alike; "fortified" or "".
"""
import re
import subprocess
import sys

readelf, library, soname, reference, fortified = sys.argv[1:]


def read(option, of=library):
    return subprocess.run([readelf, '-W', option, of], text=True, capture_output=True, check=True).stdout


dynamic = read('-d')
if soname.startswith('lib'):
    if f'Library soname: [{soname}]' not in dynamic:
        sys.exit(f'{library} is not {soname}')
    # A dlclose() while a thread of the library lives would pull the code from under it.
    if 'NODELETE' not in dynamic:
        sys.exit(f'{library} may be unloaded')
    for entry in ('RPATH', 'STATIC_TLS'):
        if f'({entry})' in dynamic or f' {entry}' in dynamic:
            sys.exit(f'{library} has {entry}')
elif soname == 'program' and ('(FLAGS_1)' not in dynamic or ' PIE' not in dynamic):
    sys.exit(f'{library} is not position-independent')
if '(TEXTREL)' in dynamic or ' TEXTREL' in dynamic:
    sys.exit(f'{library} has TEXTREL')

# What it refers to is read-only before anything of it runs.
segments = read('-l').splitlines()
if not any('GNU_RELRO' in line for line in segments):
    sys.exit(f'{library} has no RELRO')
if 'BIND_NOW' not in dynamic and not re.search(r'FLAGS_1.*\bNOW\b', dynamic):
    sys.exit(f'{library} binds lazily: its RELRO is partial')
stack = [line for line in segments if 'GNU_STACK' in line]
if not stack or 'E' in stack[0].split()[-2]:
    sys.exit(f'{library} wants an executable stack')
if any('LOAD' in line and 'RWE' in line for line in segments):
    sys.exit(f'{library} has a segment that can be written and executed')

# Of these, a call is left where the compiler put a guard.
symbols = read('--dyn-syms')
if soname != 'program' and '__stack_chk_fail' in read('--dyn-syms', reference) and '__stack_chk_fail' not in symbols:
    sys.exit(f'{library} has no stack protector')
if fortified and soname.startswith('lib') and not re.search(r'__\w+_chk@', symbols.replace('__stack_chk_fail', '')):
    sys.exit(f'{library} was not built with FORTIFY')


def functions(of):
    """The first bytes of each function that the file exports."""
    loads = [[int(x, 16) for x in re.findall(r'0x[0-9a-f]+', line)[:5]] for line in read('-l', of).splitlines() if line.split()[:1] == ['LOAD']]
    with open(of, 'rb') as file:
        code = file.read()
    for line in read('--dyn-syms', of).splitlines():
        fields = line.split()
        if len(fields) < 8 or fields[3] != 'FUNC' or fields[6] == 'UND':
            continue
        address = int(fields[1], 16)
        for offset, begin, _, size, _ in loads:
            if begin <= address < begin + size:
                at = address - begin + offset
                yield code[at:at + 4]


def features(of):
    """Control-flow enforcement: what the file promises, and landing places where its functions begin."""
    found = set(re.findall(r'\b(IBT|SHSTK|BTI|PAC)\b', read('-n', of)))
    first = list(functions(of))
    return found | ({'ENDBR64'} if first and all(code == b'\xf3\x0f\x1e\xfa' for code in first) else set())


if missing := features(reference) - features(library) - ({'ENDBR64'} if soname == 'program' else set()):
    sys.exit(f'{library} is without {", ".join(sorted(missing))}')
