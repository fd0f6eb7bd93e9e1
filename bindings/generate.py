#!/usr/bin/env python3
"""Writes what follows from the public headers: symbol maps, SWIG interfaces, and the bindings' tables.

  bindings/generate.py           writes what has changed
  bindings/generate.py --check   fails, and names the files, where something is not as the headers say

What the headers cannot say is in bindings/bindings.toml.
"""
import fnmatch
import pathlib
import re
import sys
import tomllib
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
LANGUAGES = ('lua', 'ruby', 'csharp')
NOTE = 'bindings/generate.py has written this from the public headers and bindings/bindings.toml.'


@dataclass
class Parameter:
    type: str  # "const char *"
    name: str

    def __str__(self):
        return f'{self.type}{self.name}' if self.type.endswith('*') else f'{self.type} {self.name}'


@dataclass
class Function:
    answer: str
    name: str
    parameters: list


def parse_parameter(text):
    match = re.fullmatch(r'(.*?)(\w+)', text.strip())
    return Parameter(match[1].strip(), match[2])


class Header:
    def __init__(self, path, prefix):
        self.prefix = prefix
        text = re.sub(r'/\*.*?\*/', '', path.read_text(), flags=re.S)
        self.handles = re.findall(rf'^typedef struct {prefix}\w+ ({prefix}\w+);', text, flags=re.M)
        self.constants = re.findall(rf'^#define {prefix.upper()}(\w+) \(?-?\d', text, flags=re.M)
        self.constants = [name for name in self.constants if not name.startswith('VERSION')]
        self.functions = []
        declared = re.findall(rf'^(?:[A-Z0-9_]+_API )?((?:const )?\w+ \**)\s*({prefix}\w+)\(([^()]*)\);', text, flags=re.M)
        if len(declared) < len(re.findall('^[A-Z0-9_]+_API ', text, flags=re.M)):
            sys.exit(f'bindings/generate.py: {path} has a declaration that is not understood')
        for answer, name, parameters in declared:
            split = [] if parameters.strip() in ('', 'void') else parameters.split(',')
            self.functions.append(Function(answer.strip(), name, [parse_parameter(one) for one in split]))

    def handle_of(self, function):
        """The handle that a function is a method of: its first parameter, where the name begins with it."""
        if not function.parameters:
            return None
        match = re.fullmatch(rf'(?:const )?({self.prefix}\w+) \*', function.parameters[0].type)
        return match[1] if match and match[1] in self.handles and function.name.startswith(match[1] + '_') else None

    def destructor_of(self, handle):
        names = {function.name for function in self.functions}
        return next((handle + end for end in ('_unref', '_free') if handle + end in names), None)


class Rules:
    def __init__(self, path):
        self.data = tomllib.loads(path.read_text())
        self.used = set()

    def matches(self, name, patterns):
        found = [pattern for pattern in patterns if fnmatch.fnmatchcase(name, pattern)]
        self.used |= set(found)
        return bool(found)

    def is_integer(self, name):
        return self.matches(name, self.data['integers'])

    def is_blocking(self, name):
        return self.matches(name, self.data['blocking'])

    def languages(self, name):
        """Those that have the function."""
        left = set(LANGUAGES)
        for rule in self.data['skip']:
            if self.matches(name, rule['functions']) and not self.matches(name, rule.get('except', [])):
                left -= set(rule.get('languages', LANGUAGES))
        return left

    def class_of(self, handle, prefix):
        plain = ''.join(part.capitalize() for part in handle.removeprefix(prefix).split('_'))
        return self.data['classes'].get(handle, plain)

    def faults(self, names):
        """What of the rules is about nothing."""
        patterns = [*self.data['integers'], *self.data['blocking'], *self.data['renamed']]
        for rule in self.data['skip']:
            patterns += rule['functions'] + rule.get('except', [])
        for pattern in patterns:
            if not fnmatch.filter(names, pattern):
                yield f'bindings/bindings.toml: no function is called {pattern}'


RULES = Rules(ROOT / 'bindings/bindings.toml')
MAIN = Header(ROOT / 'include/k8sc.h', 'k8sc_')
TESTING = Header(ROOT / 'include/k8sc_testing.h', 'k8sc_testing_')
OWN = Header(ROOT / 'bindings/manifest.h', 'k8sc_')


# ---------------------------------------------------------------------------------------------------------------- symbol maps

def symbol_map(header, version):
    names = sorted(function.name for function in header.functions)
    return ''.join([f'# {NOTE}\n', f'{version} {{\nglobal:\n', *(f'    {name};\n' for name in names), 'local:\n    *;\n};\n'])


# ------------------------------------------------------------------------------------------------------------------- SWIG's .i

def swig_parameters(function):
    """As the typemaps know them: text with its length, booleans, and places by their kinds."""
    out = []
    texts = ['text', 'key']
    given = function.parameters
    for at, one in enumerate(given):
        following = given[at + 1] if at + 1 < len(given) else None
        before = given[at - 1] if at else None
        is_length = lambda other: other and other.type == 'size_t' and (other.name == 'len' or other.name.endswith('_len'))
        if one.type == 'const char *' and is_length(following):
            out.append(Parameter(one.type, texts[0]))
        elif is_length(one) and before.type == 'const char *':
            out.append(Parameter(one.type, texts.pop(0) + '_len'))
        elif one.type == 'int' and not RULES.is_integer(function.name):
            out.append(Parameter('bool', one.name))
        elif one.type == 'int *':
            out.append(Parameter(one.type, 'yes'))
        elif one.type in ('char **', 'int64_t *', 'k8sc_manifest_results **'):
            out.append(Parameter(one.type, 'out'))
        elif one.type == 'const k8sc_object *':
            out.append(Parameter(one.type, 'object'))
        elif one.type == 'k8sc_status':
            out.append(Parameter('int32_t', one.name))
        else:
            out.append(one)
    return out


def swig_answer(function):
    answer = 'bool' if function.answer == 'int' and not RULES.is_integer(function.name) else function.answer
    return answer if answer.endswith('*') else answer + ' '


def condition(languages):
    if languages == set(LANGUAGES):
        return None
    return ' || '.join(f'defined(SWIG{one.upper()})' for one in LANGUAGES if one in languages)


def guarded(lines, languages):
    when = condition(languages)
    return lines if when is None else [f'#if {when}', *lines, '#endif']


def has_class(header, handle):
    """Languages in which a handle is a class: those that its destructor is not kept from."""
    destructor = header.destructor_of(handle)
    if destructor:
        return RULES.languages(destructor)
    methods = [function for function in header.functions if header.handle_of(function) == handle]
    return set().union(*[RULES.languages(function.name) for function in methods])


def global_line(function):
    parameters = ', '.join(map(str, swig_parameters(function))) or 'void'
    return f'{swig_answer(function)}{function.name}({parameters});'


def method_line(function, handle):
    parameters = ', '.join(map(str, swig_parameters(function)[1:]))
    return f'    {swig_answer(function)}{function.name.removeprefix(handle + "_")}({parameters});'


def swig_interface(header):
    out = [f'/* {NOTE} */', '']
    upper = header.prefix.upper()
    out += [f'%constant int32_t {name} = {upper}{name};' for name in header.constants] + ['']
    classes = {handle: has_class(header, handle) for handle in header.handles}
    for handle, languages in classes.items():
        if languages:
            out += guarded([f'%rename({RULES.class_of(handle, header.prefix)}) {handle};', f'typedef struct {handle} {{}} {handle};'], languages)
    out.append('')
    for name, new in RULES.data['renamed'].items():
        for function in header.functions:
            if function.name == name:
                handle = header.handle_of(function)
                out.append(f'%rename({new}) {handle}::{name.removeprefix(handle + "_")};')
    for function in header.functions:
        handle = header.handle_of(function)
        languages = RULES.languages(function.name)
        if handle:
            languages -= classes[handle]
        if languages and function.name != header.destructor_of(handle or ''):
            out += guarded([global_line(function)], languages)
    for handle, languages in classes.items():
        if not languages:
            continue
        destructor = header.destructor_of(handle)
        ends = f'{destructor}($self);' if destructor else ''
        body = [f'%extend {handle} {{', f'    ~{handle}() {{ {ends} }}' if ends else f'    ~{handle}() {{}}']
        for function in header.functions:
            if header.handle_of(function) != handle or function.name == destructor:
                continue
            able = RULES.languages(function.name) & languages
            if able == languages:
                body.append(method_line(function, handle))
            elif able:
                body += guarded([method_line(function, handle)], able)
        out += ['', *guarded([*body, '}'], languages)]
    return '\n'.join(out) + '\n'


def csharp_handles():
    handles = [handle for handle in MAIN.handles if 'csharp' in has_class(MAIN, handle) and MAIN.destructor_of(handle)]
    return ''.join([f'/* {NOTE} */\n', *(f'%k8sc_handle({handle}, {RULES.class_of(handle, "k8sc_")})\n' for handle in handles)])


# --------------------------------------------------------------------------------------------------- Ruby: calls that block

DROPPED = {'k8sc_error **': 'error', 'k8sc_object **': 'object', 'k8sc_list **': 'list', 'char **': 'text', 'k8sc_result **': 'result',
           'k8sc_resource **': 'resource', 'k8sc_informer **': 'informer', 'k8sc_rest_mapping **': 'mapping',
           'k8sc_rest_mappings **': 'mappings', 'k8sc_manifest_results **': 'results', 'k8sc_kubeconfig **': 'kubeconfig'}


def ruby_frame(function, header):
    name, parameters = function.name, function.parameters
    members = ' '.join(f'{Parameter(one.type, f"a{at}")};' for at, one in enumerate(parameters, 1))
    arguments = ', '.join(f'frame->a{at}' for at in range(1, len(parameters) + 1))
    drops = [f'    k8sc_rb_drop_{DROPPED[one.type]}(frame->a{at});' for at, one in enumerate(parameters, 1) if one.type in DROPPED]
    left = [one.type for one in parameters if one.type.endswith('**') and one.type not in DROPPED]
    if left:
        sys.exit(f'bindings/generate.py: {name}: nothing frees a {left[0]} when Ruby interrupts it; add it to DROPPED and ruby/unlocked.c')
    handle = header.handle_of(function)
    target = f'{handle}::{name.removeprefix(handle + "_")}' if handle else name
    values = ', '.join(f'arg{at}' for at in range(1, len(parameters) + 1))
    return f'''
%{{
typedef struct {{ {members} k8sc_status status; }} {name}_frame;
static void {name}_run(void *data)
{{
    {name}_frame *frame = data;
    frame->status = {name}({arguments});
}}
static void {name}_drop(void *data)
{{
    {name}_frame *frame = data;
{chr(10).join(drops)}
}}
%}}
%feature("action") {target} %{{
    {{
        {name}_frame frame = {{{values}, 0}};
        k8sc_rb_unlocked({name}_run, {name}_drop, &frame);
        result = frame.status;
    }}
%}}
'''


def ruby_frames():
    blocking = [(function, header) for header in (MAIN, OWN) for function in header.functions
                if RULES.is_blocking(function.name) and 'ruby' in RULES.languages(function.name)]
    head = f'''/*
 * {NOTE}
 *
 * The functions that wait: other Ruby threads run meanwhile. Each has a frame for its arguments, since what runs without Ruby's lock is
 * told one pointer, and a function that frees what it returned where the call was interrupted. unlocked.c has the rest.
 */
'''
    return head + ''.join(ruby_frame(*one) for one in blocking)


OUTPUTS = {
    'src/k8sc.map': lambda: symbol_map(MAIN, 'K8SC_0.1'),
    'src/testing/k8sc-testing.map': lambda: symbol_map(TESTING, 'K8SC_TESTING_0.1'),
    'bindings/generated/k8sc.i': lambda: swig_interface(MAIN),
    'bindings/generated/own.i': lambda: f'/* {NOTE} */\n' + ''.join(global_line(function) + '\n' for function in OWN.functions),
    'bindings/generated/testing.i': lambda: swig_interface(TESTING),
    'bindings/generated/csharp_handles.i': csharp_handles,
    'bindings/generated/ruby_frames.i': ruby_frames,
}


def main():
    names = [function.name for header in (MAIN, TESTING, OWN) for function in header.functions]
    faults = list(RULES.faults(names))
    if len(names) < 500:
        faults.append(f'only {len(names)} functions were found in the headers')
    for path, content in OUTPUTS.items():
        place, text = ROOT / path, content()
        if place.exists() and place.read_text() == text:
            continue
        if '--check' in sys.argv[1:]:
            faults.append(f'{path} is not as the headers say: run bindings/generate.py')
        else:
            place.write_text(text)
            print(f'{path}')
    print('\n'.join(faults))
    return bool(faults)


if __name__ == '__main__':
    sys.exit(main())
