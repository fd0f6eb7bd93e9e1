#!/usr/bin/env python3
"""Writes a C program that sets every field of every type of some groups, and reads it back. Arguments: tools/schema, data file, the groups' headers
joined by commas ("-" for all), the program."""
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import headers  # noqa: E402
import model  # noqa: E402

writer = headers.Writer(model.load(sys.argv[2]))
groups = [g for g in writer.groups if sys.argv[3] == '-' or g.name in sys.argv[3].split(',')]
lines = []
fields_seen = 0

TIME = 1767225600000000  # 2026-01-01


def scalar(kind, path, n):
    """Statements that set and check a field of such a type, and a zero value for it."""
    number = 9007199254740993 + n
    return {
        'string': (f'K8SC_SET_STR(d, {path}, "s{n}");', f'TEXT(K8SC_STR(v, {path}), "s{n}");', f'K8SC_SET_STR(d, {path}, "");', 'STRING'),
        'duration': (f'K8SC_SET_DURATION_NS(d, {path}, 1500000000);', f'NUMBER(K8SC_DURATION_NS(v, {path}, -1), 1500000000);',
                     f'K8SC_SET_STR(d, {path}, "");', 'STRING'),
        'integer': (f'K8SC_SET_INT(d, {path}, INT64_C({number}));', f'NUMBER(K8SC_INT(v, {path}, -1), INT64_C({number}));',
                    f'K8SC_SET_INT(d, {path}, 0);', 'INTEGER'),
        'number': (f'K8SC_SET_NUMBER(d, {path}, {n}.25);', f'NUMBER(K8SC_NUMBER(v, {path}, -1) * 4, {n * 4 + 1});', f'K8SC_SET_NUMBER(d, {path}, 0);', 'INTEGER'),
        'boolean': (f'K8SC_SET_BOOL(d, {path}, 1);', f'NUMBER(K8SC_BOOL(v, {path}, -1), 1);', f'K8SC_SET_BOOL(d, {path}, 0);', 'BOOL'),
        'bytes': (f'K8SC_SET_BYTES(d, {path}, "\\0a{n}", {2 + len(str(n))});', f'BYTES(K8SC_BYTES(v, {path}, &bytes, &len, NULL), "\\0a{n}", {2 + len(str(n))});',
                  f'K8SC_SET_BYTES(d, {path}, "", 0);', 'STRING'),
        'quantity': (f'K8SC_SET_QUANTITY(d, {path}, "{n}500m");', f'TEXT(K8SC_QUANTITY(v, {path}), "{n}500m");', f'K8SC_SET_QUANTITY(d, {path}, "0");', 'STRING'),
        'int-or-string': (f'K8SC_SET_STR(d, {path}, "{n}%"); K8SC_SET_INT(d, {path}, {n + 1});', f'NUMBER(K8SC_INT(v, {path}, -1), {n + 1});',
                          f'K8SC_SET_INT(d, {path}, 0);', 'INTEGER'),
        'time': (f'K8SC_SET_TIME_US(d, {path}, INT64_C({TIME + n * 1000000}));', f'NUMBER(K8SC_TIME_US(v, {path}, -1), INT64_C({TIME + n * 1000000}));',
                 f'K8SC_SET_TIME_US(d, {path}, 0);', 'STRING'),
        'micro-time': (f'K8SC_SET_MICRO_TIME_US(d, {path}, INT64_C({TIME + n}));', f'NUMBER(K8SC_TIME_US(v, {path}, -1), INT64_C({TIME + n}));',
                       f'K8SC_SET_MICRO_TIME_US(d, {path}, 0);', 'STRING'),
        'any-object': (f'K8SC_SET_JSON(d, {path}, "{{\\"a\\":[{n}]}}");', f'NUMBER(k8sc_value_int(k8sc_value_along(K8SC_VALUE(v, {path}), "a[0]"), -1), {n});',
                       f'K8SC_SET_JSON(d, {path}, "{{}}");', 'OBJECT'),
        'any': (f'K8SC_SET_JSON(d, {path}, "[{n}]");', f'NUMBER(k8sc_value_int(k8sc_value_along(K8SC_VALUE(v, {path}), "[0]"), -1), {n});',
                f'K8SC_SET_JSON(d, {path}, "[]");', 'ARRAY'),
    }[kind]


def in_map(kind, path, n):
    key = f'"example.com/k{n}"'
    return {
        'string': (f'K8SC_MAP_SET_STR(d, {path}, {key}, "m{n}");', f'TEXT(K8SC_MAP_STR(v, {path}, {key}), "m{n}");'),
        'quantity': (f'K8SC_MAP_SET_QUANTITY(d, {path}, {key}, "{n}Gi");', f'TEXT(K8SC_MAP_QUANTITY(v, {path}, {key}), "{n}Gi");'),
        'bytes': (f'K8SC_MAP_SET_BYTES(d, {path}, {key}, "\\0b", 2);', f'BYTES(K8SC_MAP_BYTES(v, {path}, {key}, &bytes, &len, NULL), "\\0b", 2);'),
        'time': (f'K8SC_MAP_SET_TIME_US(d, {path}, {key}, INT64_C({TIME}));', f'NUMBER(K8SC_MAP_TIME_US(v, {path}, {key}, -1), INT64_C({TIME}));'),
        'array': (f'K8SC_MAP_SET_JSON(d, {path}, {key}, "[\\"x{n}\\"]");',
                  f'TEXT(k8sc_value_str(k8sc_value_element(k8sc_value_member(K8SC_VALUE(v, {path}), {key}), 0), NULL), "x{n}");'),
    }[kind]


def field_code(field, name, n):
    """(set, check, empty, type when empty) of one field."""
    kind = field['type']
    if kind == 'object' and 'ref' in field:
        c = writer.c_name(field['ref'])
        return (f'{{ {c}_draft part = K8SC_EDIT(d, {name}); k8sc_node_set_int(part.node, "here", NULL, {n}); }}',
                f'{{ {c} part = K8SC_GET(v, {name}); NUMBER(k8sc_value_int(k8sc_value_member(part.value, "here"), -1), {n}); K8SC_SET(again, {name}, part); }}',
                f'(void)K8SC_EDIT(d, {name});', 'OBJECT')
    if kind == 'object':
        return scalar('any-object', name, n)
    if kind == 'array':
        inner = field['items']
        if inner['type'] == 'object' and 'ref' in inner:
            c = writer.c_name(inner['ref'])
            return (f'{{ {c}_draft part = K8SC_APPEND(d, {name}); k8sc_node_set_int(part.node, "here", NULL, 0); part = K8SC_APPEND(d, {name}); '
                    f'part = K8SC_EDIT_AT(d, {name}, 1); k8sc_node_set_int(part.node, "here", NULL, 1); }}',
                    f'{{ int64_t at = 0; NUMBER(K8SC_SIZE(v, {name}), 2); K8SC_EACH(part, v, {name}) {{ {c} same = K8SC_AT(v, {name}, at); '
                    f'NUMBER(k8sc_value_int(k8sc_value_member(part.value, "here"), -1), at); NUMBER(same.value.begin, part.value.begin); at++; }} NUMBER(at, 2); }}',
                    f'K8SC_SET_JSON(d, {name}, "[]");', 'ARRAY')
        kind = 'any-object' if inner['type'] == 'object' else inner['type']
        first, second = scalar(kind, f'{name}[0]', n), scalar(kind, f'{name}[1]', n + 1)
        return (f'{first[0]} {second[0]}', f'NUMBER(K8SC_SIZE(v, {name}), 2); {first[1]} {second[1]}', f'K8SC_SET_JSON(d, {name}, "[]");', 'ARRAY')
    if kind == 'map':
        values = field['values']
        if values['type'] == 'object' and 'ref' in values:
            c = writer.c_name(values['ref'])
            return (f'{{ {c}_draft part = K8SC_MAP_EDIT(d, {name}, "a.b/c"); k8sc_node_set_int(part.node, "here", NULL, {n}); }}',
                    f'{{ {c} part = K8SC_MAP_GET(v, {name}, "a.b/c"); NUMBER(k8sc_value_int(k8sc_value_member(part.value, "here"), -1), {n}); }} '
                    f'K8SC_EACH_IN_MAP(part, v, {name}) TEXT(k8sc_value_key(part.value, NULL), "a.b/c");',
                    f'K8SC_SET_JSON(d, {name}, "{{}}");', 'OBJECT')
        put, check = in_map(values['type'], name, n)
        return (put, f'NUMBER(K8SC_SIZE(v, {name}), 1); {check} K8SC_EACH_VALUE(member, v, {name}) TEXT(k8sc_value_key(member, NULL), "example.com/k{n}");',
                f'K8SC_SET_JSON(d, {name}, "{{}}");', 'OBJECT')
    return scalar(kind, name, n)


functions = []
for group in groups:
    lines.append(f'#include <k8sc/{group.name}.h>')
lines.append('#include "roundtrip.h"\n')
for group in groups:
    for type_name in writer.types_of(group):
        c = writer.c_name(type_name)
        sets, checks, empties, nulls, gone, absent = [], [], [], [], [], []
        for n, (name, field) in enumerate(writer.types[type_name]['fields'].items()):
            fields_seen += 1
            path = name + '_' if name in headers.RESERVED | headers.RESERVED_IN_CPP else name
            put, check, empty, empty_type = field_code(field, path, n)
            sets.append(put)
            checks.append(check)
            absent.append(f'NUMBER(K8SC_TYPE(v, {path}), K8SC_TYPE_ABSENT);')
            empties.append((empty, f'NUMBER(K8SC_TYPE(v, {path}), K8SC_TYPE_{empty_type}); NUMBER(K8SC_HAS(v, {path}), 1);'))
            nulls.append((f'K8SC_SET_NULL(d, {path});', f'NUMBER(K8SC_TYPE(v, {path}), K8SC_TYPE_NULL); NUMBER(K8SC_HAS(v, {path}), 0);'))
            gone.append(f'K8SC_REMOVE(d, {path});')
        functions.append((f'all_of_{c}', f'{group.api_version} {type_name.rsplit(".", 1)[1]}' if group.group is not None else type_name))
        block = '\n    '
        lines.append(f'''static void all_of_{c}(void)
{{
    BEGIN({c});
    FREEZE({c});
    {block.join(absent)}
    {block.join(sets)}
    FREEZE({c});
    {block.join(checks)}
    {block.join(e[0] for e in empties)}
    FREEZE({c});
    {block.join(e[1] for e in empties)}
    {block.join(e[0] for e in nulls)}
    FREEZE({c});
    {block.join(e[1] for e in nulls)}
    {block.join(gone)}
    FREEZE({c});
    {block.join(absent)}
    END();
}}
''')
lines.append('int main(void)\n{\n    struct part parts[] = {')
lines += [f'        {{"{label}", {function}}},' for function, label in functions]
lines.append(f'    }};\n    return run(parts, sizeof parts / sizeof *parts, {fields_seen});\n}}')
open(sys.argv[4], 'w').write('\n'.join(lines) + '\n')
