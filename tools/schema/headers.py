#!/usr/bin/env python3
"""Writes the typed headers, one for each group and version. Arguments: data file, folder for the headers; or data file and --list, which prints
their names."""
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import model  # noqa: E402
from header_methods import ELSEWHERE, GENERATED_METHODS, HAND_WRITTEN  # noqa: E402
from header_options import options_header  # noqa: E402

META = 'io.k8s.apimachinery.pkg.apis.meta.v1'
# Names that C, C++ or their headers keep for themselves: always with a "_" behind them, or also without where it is only C++ that does.
RESERVED = {'bool', 'continue', 'default', 'int', 'linux'}
RESERVED_IN_CPP = {'namespace', 'operator', 'template'}
ALIASED = {'stdin'}
SCALARS = {'string': 'string', 'integer': 'integer', 'number': 'number', 'boolean': 'boolean', 'bytes': 'bytes', 'quantity': 'quantity',
           'int-or-string': 'int_or_string', 'time': 'time', 'micro-time': 'micro_time', 'duration': 'string', 'any-object': 'any', 'any': 'any'}
MAPS = {'string': 'string_map', 'bytes': 'bytes_map', 'quantity': 'quantity_map', 'time': 'time_map'}


def snake(name):
    """PodSpec: pod_spec; CSIDriver: csi_driver; podIPs: pod_ips."""
    # A plural of an abbreviation is one word.
    name = re.sub(r'([A-Z]{2,})s(?=[A-Z]|$)', lambda m: m.group(1)[0] + m.group(1)[1:].lower() + 's', name)
    name = re.sub(r'([a-z0-9])([A-Z])', r'\1_\2', name)
    return re.sub(r'([A-Z]+)([A-Z][a-z])', r'\1_\2', name).lower()


class Group:
    """What one header is about."""

    def __init__(self, package, version, group=None, resources=()):
        # client-go's word for it.
        self.name = {'apiserverinternal': 'internal'}.get(package, package) + '_' + version
        self.module = f'io.k8s.api.{package}.{version}' if package != 'meta' else META
        self.group, self.version, self.resources = group, version, resources
        self.api_version = f'{group}/{version}' if group else version
        self.prefix = 'k8sc_' + self.name


class Writer:
    def __init__(self, api):
        self.types = api['types']
        self.groups = [Group('meta', 'v1')]
        self.groups += [Group(g['package'], g['version'], g['group'], g['resources']) for g in api['groupVersions']]
        self.by_module = {g.module: g for g in self.groups}
        # A kind that is its own plural would have the name of its accessor.
        self.own_plurals = {f'{g.module}.{r["kind"]}' for g in self.groups for r in g.resources if snake(r['kind']) == r['resource']}
        # A type's name may be that of a function of a kind: RoleRef, and a reference to a Role.
        functions = {f'{g.module}.{snake(r["kind"])}_{f}' for g in self.groups for r in g.resources
                     for f in ('new', 'edit', 'draft_free', 'from', 'object', 'ref', 'unref', 'list', 'event', 'informer', 'lister')}
        self.taken = {t for t in self.types if '.'.join((t.rsplit('.', 1)[0], snake(t.rsplit('.', 1)[1]))) in functions}
        # Lists are handles of items, not documents.
        self.lists = {f'{g.module}.{r["kind"]}List' for g in self.groups for r in g.resources}

    def c_name(self, type_name):
        module, kind = type_name.rsplit('.', 1)
        suffix = '_object' if type_name in self.own_plurals else '_type' if type_name in self.taken else ''
        return f'{self.by_module[module].prefix}_{snake(kind)}{suffix}'

    def references(self, field, deep=True):
        if field['type'] == 'object' and 'ref' in field:
            yield field['ref']
        for part in ('items', 'values'):
            if part in field:
                yield from self.references(field[part])

    def types_of(self, group):
        """Those of a group, each behind those it is made of."""
        names = [n for n in self.types if n.rsplit('.', 1)[0] == group.module and n not in self.lists]
        done, ordered = set(), []

        def visit(name):
            if name in done:
                return
            done.add(name)
            for field in self.types[name]['fields'].values():
                for other in self.references(field):
                    if other.rsplit('.', 1)[0] == group.module:
                        visit(other)
            ordered.append(name)

        for name in names:
            visit(name)
        return ordered

    def includes_of(self, group):
        used = {ref.rsplit('.', 1)[0] for name in self.types_of(group) for f in self.types[name]['fields'].values() for ref in self.references(f)}
        for resource in group.resources:
            for method in resource.get('subresourceMethods', []):
                if method['method'] in ELSEWHERE:
                    continue
                used |= {self.method_type(group, method[key]).rsplit('.', 1)[0] for key in ('input', 'result') if key in method}
        if group.name == 'core_v1':
            used |= {'io.k8s.api.policy.v1', META}
        return sorted(self.by_module[module].name for module in used - {group.module})

    def method_type(self, group, text):
        """The type that a method's input or result names: "k8s.io/api/autoscaling/v1.Scale", or one of the same group."""
        if text in self.types:
            return text
        found = re.fullmatch(r'k8s\.io/api/(\w+)/(\w+)\.(\w+)', text)
        name = 'io.k8s.api.{}.{}.{}'.format(*found.groups()) if found else f'{group.module}.{text}'
        if name not in self.types:
            raise SystemExit(f'{group.name}: there is no type {text!r}')
        return name

    def declarator(self, field, name):
        """How the compiler is told of a field."""
        kind = field['type']
        if kind == 'array':
            inner = field['items']
            # No path goes through arrays of arrays.
            if inner['type'] in ('array', 'map'):
                return f'struct k8sc_any_field {name}[32];'
            return self.declarator(inner, f'{name}[32]')
        if kind == 'map':
            values = field['values']
            if values['type'] == 'object' and 'ref' in values:
                return f'struct {{\n        char _map;\n        struct {self.c_name(values["ref"])}_fields _of;\n    }} {name};'
            if values['type'] == 'array' and values['items']['type'] == 'string':
                return f'struct k8sc_strings_map_field {name};'
            return f'struct k8sc_{MAPS[values["type"]]}_field {name};'
        if kind == 'object' and 'ref' in field:
            return f'struct {self.c_name(field["ref"])}_fields {name};'
        return f'struct k8sc_{SCALARS["any-object" if kind == "object" else kind]}_field {name};'

    def members(self, fields):
        for name, field in fields.items():
            if name in RESERVED:
                yield self.declarator(field, name + '_')
            elif name in RESERVED_IN_CPP:
                yield self.declarator(field, name + '_')
                yield f'#ifndef __cplusplus\n    {self.declarator(field, name)}\n#endif'
            else:
                yield self.declarator(field, name)
                if name in ALIASED:
                    yield self.declarator(field, name + '_')

    def type_text(self, name):
        c = self.c_name(name)
        members = '\n'.join(('    ' + m) if not m.startswith('#') else m for m in self.members(self.types[name]['fields']))
        return f'''
typedef union {c} {{
    k8sc_value value;
    struct {c}_fields *fields;
}} {c};
typedef union {c}_draft {{
    k8sc_node node;
    struct {c}_fields *fields;
}} {c}_draft;
struct {c}_fields {{
    {c} _self;
    {c}_draft _draft;
{members}
}};
'''

    def kind_text(self, group, kind):
        """What there is for each kind of objects."""
        c = self.c_name(f'{group.module}.{kind}')
        new = f'k8sc_typed_new_("{group.api_version}", "{kind}", name)'
        return f'''
/* {kind}, {group.api_version}. A new draft, with a name unless that is NULL; one with the content of an object. Give it back with _draft_free. Where
 * there is no memory the draft is none, and the verb that gets it fails. */
static inline {c}_draft {c}_new(const char *name)
{{
    {c}_draft draft;
    draft.node = {new};
    return draft;
}}
static inline {c}_draft {c}_edit({c} object)
{{
    {c}_draft draft;
    draft.node = k8sc_typed_edit_(object.value);
    return draft;
}}
static inline void {c}_draft_free({c}_draft draft) {{ k8sc_draft_free(draft.node.draft); }}
/* An object that is one of this kind, or K8SC_E_INVALID. Borrowed from `object`. */
static inline k8sc_status {c}_from(const k8sc_object *object, {c} *out, k8sc_error **err)
{{
    k8sc_status status = k8sc_object_check_kind(object, "{group.api_version}", "{kind}", err);
    out->value = k8sc_object_value(status == 0 ? object : NULL);
    return status;
}}
/* The object behind it: borrowed from it. What verbs store in `out` is yours, and given back with _unref. */
static inline const k8sc_object *{c}_object({c} object) {{ return object.value.object; }}
static inline {c} {c}_ref({c} object)
{{
    k8sc_object_ref((k8sc_object *)object.value.object);
    return object;
}}
static inline void {c}_unref({c} object) {{ k8sc_object_unref((k8sc_object *)object.value.object); }}
/* Objects in a list. Items are borrowed from the list. */
typedef union {c}_list {{
    k8sc_list *list;
}} {c}_list;
static inline int64_t {c}_list_size({c}_list list) {{ return k8sc_list_size(list.list); }}
static inline {c} {c}_list_at({c}_list list, int64_t index)
{{
    {c} item;
    item.value = k8sc_object_value(k8sc_list_at(list.list, index));
    return item;
}}
static inline void {c}_list_free({c}_list list) {{ k8sc_list_free(list.list); }}
/* Events of a watch or an informer: as k8sc_event, with objects of the kind, which are borrowed from the event. */
typedef struct {c}_event {c}_event;
typedef int (*{c}_event_fn)(const {c}_event *event, void *user_data);
static inline const k8sc_event *{c}_event_base(const {c}_event *event) {{ return (const k8sc_event *)event; }}
static inline {c} {c}_event_object(const {c}_event *event)
{{
    {c} object;
    object.value = k8sc_object_value(k8sc_event_object((const k8sc_event *)event));
    return object;
}}
static inline {c} {c}_event_old_object(const {c}_event *event)
{{
    {c} object;
    object.value = k8sc_object_value(k8sc_event_old_object((const k8sc_event *)event));
    return object;
}}
'''

    def function(self, name, arguments, body, result='k8sc_status'):
        return f'static inline {result} {name}({arguments})\n{{\n    {body}\n}}\n'

    def resource_text(self, group, resource):
        c, r = self.c_name(f'{group.module}.{resource["kind"]}'), f'{group.prefix}_{resource["resource"]}'
        client = f'{r}_client'
        verbs = set(resource['verbs'])
        if resource['namespaced']:
            accessor = (f'static inline {client} {r}({group.prefix} group, const char *ns)', 'ns',
                        '`ns` is borrowed as well; NULL or "": all namespaces, or the one that an object names')
        else:
            accessor = (f'static inline {client} {r}({group.prefix} group)', 'NULL', 'they are in no namespace')
        out = [f'''
/* {resource["resource"]}. Borrowed from the clientset; {accessor[2]}. The verbs are those of k8sc_resource, with the same errors; `out` may be NULL. */
typedef union {client} {{
    struct k8sc_typed_client client;
}} {client};
{accessor[0]}
{{
    {client} c;
    c.client.client = group.group.client;
    c.client.group = "{group.group}";
    c.client.version = "{group.version}";
    c.client.resource = "{resource["resource"]}";
    c.client.ns = {accessor[1]};
    return c;
}}
/* The same as a resource of the dynamic client, for all else: waits, watches that resume, pages. Yours: k8sc_resource_unref. */
static inline k8sc_status {r}_resource({client} c, k8sc_resource **out, k8sc_error **err) {{ return k8sc_typed_resource_(c.client, out, err); }}
''']

        def send(verb, name, options, enum, subresource='NULL'):
            out.append(self.function(
                f'{r}_{name}', f'{client} c, {c}_draft draft, const k8sc_{options}_options *options, {c} *out, k8sc_error **err',
                f'return k8sc_typed_send_(K8SC_TYPED_{enum}_, c.client, NULL, {subresource}, draft.node, (const k8sc_options *)options, '
                'out ? &out->value : NULL, err);'))

        for verb, name, options, enum, sub in (('create', 'create', 'create', 'CREATE', 'NULL'), ('update', 'update', 'update', 'UPDATE', 'NULL'),
                                               ('updateStatus', 'update_status', 'update', 'UPDATE', '"status"'), ('apply', 'apply', 'apply', 'APPLY', 'NULL'),
                                               ('applyStatus', 'apply_status', 'apply', 'APPLY', '"status"')):
            if verb in verbs:
                send(verb, name, options, enum, sub)
        if 'get' in verbs:
            out.append(self.function(f'{r}_get', f'{client} c, const char *name, const k8sc_get_options *options, {c} *out, k8sc_error **err',
                                     'return k8sc_typed_get_(c.client, name, NULL, (const k8sc_options *)options, out ? &out->value : NULL, err);'))
        if 'delete' in verbs:
            out.append(self.function(f'{r}_delete', f'{client} c, const char *name, const k8sc_delete_options *options, k8sc_error **err',
                                     'return k8sc_typed_delete_(c.client, name, (const k8sc_options *)options, err);'))
        if 'deleteCollection' in verbs:
            out.append(self.function(f'{r}_delete_collection', f'{client} c, const k8sc_delete_collection_options *options, k8sc_error **err',
                                     'return k8sc_typed_delete_collection_(c.client, (const k8sc_options *)options, err);'))
        if 'list' in verbs:
            for name, every in (('list', 0), ('list_all', 1)):
                out.append(self.function(f'{r}_{name}', f'{client} c, const k8sc_list_options *options, {c}_list *out, k8sc_error **err',
                                         f'return k8sc_typed_list_(c.client, (const k8sc_options *)options, {every}, out ? &out->list : NULL, err);'))
        if 'watch' in verbs:
            out.append(self.function(
                f'{r}_watch', f'{client} c, const k8sc_watch_options *options, {c}_event_fn fn, void *user_data, k8sc_destroy_fn destroy, '
                'k8sc_watch **out, k8sc_error **err',
                'return k8sc_typed_watch_(c.client, (const k8sc_options *)options, (k8sc_event_fn)(void (*)(void))fn, user_data, destroy, out, err);'))
        if 'patch' in verbs:
            out.append('/* `subresource` may be NULL. */\n' + self.function(
                f'{r}_patch', f'{client} c, const char *name, int32_t patch_type, const char *patch, size_t len, const k8sc_patch_options *options, '
                f'const char *subresource, {c} *out, k8sc_error **err',
                'return k8sc_typed_patch_(c.client, name, patch_type, patch, len, (const k8sc_options *)options, subresource, '
                'out ? &out->value : NULL, err);'))
        out += self.extra_methods(group, resource, c, r, client)
        return ''.join(out)

    def extra_methods(self, group, resource, c, r, client):
        result = []
        for method in self.methods(group, resource):
            name, verb, sub = snake(method['method']), method['verb'], method['subresource']
            given = self.c_name(method['input']) if 'input' in method else c
            answer = self.c_name(method['result']) if 'result' in method else c
            if verb == 'get':
                result.append(self.function(
                    f'{r}_{name}', f'{client} c, const char *name, const k8sc_get_options *options, {answer} *out, k8sc_error **err',
                    f'return k8sc_typed_get_(c.client, name, "{sub}", (const k8sc_options *)options, out ? &out->value : NULL, err);'))
            elif verb in ('create', 'update', 'apply'):
                # What is sent may be of another kind, and need not say whose it is.
                named = given != c
                arguments = f'{client} c, ' + ('const char *name, ' if named else '') + f'{given}_draft draft, const k8sc_{verb}_options *options, '
                result.append(self.function(
                    f'{r}_{name}', arguments + f'{answer} *out, k8sc_error **err',
                    f'return k8sc_typed_send_(K8SC_TYPED_{verb.upper()}_, c.client, {"name" if named else "NULL"}, "{sub}", draft.node, '
                    '(const k8sc_options *)options, out ? &out->value : NULL, err);'))
        result += HAND_WRITTEN.get((group.name, resource['resource']), [])
        return [text.replace('@C@', c).replace('@R@', r).replace('@CLIENT@', client).replace('@P@', group.prefix) for text in result]

    def methods(self, group, resource):
        for method in resource.get('subresourceMethods', []):
            if method['method'] not in GENERATED_METHODS:
                continue
            method = dict(method)
            for key in ('input', 'result'):
                if key in method:
                    method[key] = self.method_type(group, method[key])
            # Applying a scale names what is scaled.
            yield method

    def informer_text(self, group, resource):
        if not {'list', 'watch'} <= set(resource['verbs']):
            return ''
        c, r = self.c_name(f'{group.module}.{resource["kind"]}'), resource['resource']
        return f'''
/* The informer of {r}, as k8sc_informer_factory_for_resource; and its lister. Yours: _informer_unref and _lister_unref. */
typedef union {c}_informer {{
    k8sc_informer *informer;
}} {c}_informer;
typedef union {c}_lister {{
    k8sc_lister *lister;
}} {c}_lister;
static inline k8sc_status {group.prefix}_informers_{r}({group.prefix}_informers group, {c}_informer *out, k8sc_error **err)
{{
    return k8sc_informer_factory_for_resource(group.informers.factory, "{group.group}", "{group.version}", "{r}", &out->informer, err);
}}
static inline void {c}_informer_unref({c}_informer informer) {{ k8sc_informer_unref(informer.informer); }}
/* As k8sc_informer_add_handler; `registration` may be NULL. */
static inline k8sc_status {c}_informer_add_handler({c}_informer informer, {c}_event_fn fn, void *user_data, k8sc_destroy_fn destroy,
                                                   k8sc_registration **registration, k8sc_error **err)
{{
    return k8sc_informer_add_handler(informer.informer, (k8sc_event_fn)(void (*)(void))fn, user_data, destroy, registration, err);
}}
static inline k8sc_status {c}_informer_lister({c}_informer informer, {c}_lister *out, k8sc_error **err)
{{
    return k8sc_informer_lister(informer.informer, &out->lister, err);
}}
static inline void {c}_lister_unref({c}_lister lister) {{ k8sc_lister_unref(lister.lister); }}
static inline k8sc_status {c}_lister_get({c}_lister lister, const char *ns, const char *name, {c} *out, k8sc_error **err)
{{
    k8sc_object *object = NULL;
    k8sc_status status = k8sc_lister_get(lister.lister, ns, name, &object, err);
    return k8sc_typed_result_(status, object, out ? &out->value : NULL);
}}
static inline k8sc_status {c}_lister_list({c}_lister lister, const char *ns, const char *label_selector, {c}_list *out, k8sc_error **err)
{{
    return k8sc_lister_list(lister.lister, ns, label_selector, &out->list, err);
}}
'''

    def header(self, group):
        guard = group.prefix.upper() + '_H'
        title = 'Types that all groups share: meta/v1.' if group.group is None else f'{group.api_version}: types' + (', clients, informers.' if group.resources else '.')
        includes = ''.join(f'#include <k8sc/{name}.h>\n' for name in self.includes_of(group))
        body = [self.type_text(name) for name in self.types_of(group)]
        if group.name == 'core_v1':
            log_options = f'{group.prefix}_pod_log_options'
            body.append(f'''
/* A draft without content. Give it back with _draft_free. */
static inline {log_options}_draft {log_options}_new(void)
{{
    {log_options}_draft draft;
    draft.node = k8sc_typed_empty_();
    return draft;
}}
static inline void {log_options}_draft_free({log_options}_draft draft) {{ k8sc_draft_free(draft.node.draft); }}
''')
        # Reviews and the like are no resources.
        if group.resources:
            body.append(f'''
typedef union {group.prefix} {{
    struct k8sc_typed_group group;
}} {group.prefix};
typedef union {group.prefix}_informers {{
    struct k8sc_typed_informers informers;
}} {group.prefix}_informers;
/* {group.api_version} of a clientset, and of an informer factory. Borrowed from these. */
static inline {group.prefix} k8sc_clientset_{group.name}(k8sc_clientset *clientset)
{{
    {group.prefix} group;
    group.group.client = k8sc_clientset_client(clientset);
    return group;
}}
static inline {group.prefix}_informers k8sc_informers_{group.name}(k8sc_informer_factory *factory)
{{
    {group.prefix}_informers group;
    group.informers.factory = factory;
    return group;
}}
''')
            # Kinds that are sent to subresources are made as well.
            kinds = {r['kind'] for r in group.resources}
            kinds |= {name.rsplit('.', 1)[1] for g in self.groups for r in g.resources for m in self.methods(g, r) for key in ('input', 'result')
                      for name in [m.get(key)] if name and name.rsplit('.', 1)[0] == group.module}
            kinds |= {'core_v1': {'Binding'}, 'policy_v1': {'Eviction'}}.get(group.name, set())
            body += [self.kind_text(group, kind) for kind in sorted(kinds)]
            body += [self.resource_text(group, r) for r in group.resources]
            body += [self.informer_text(group, r) for r in group.resources]
        return f'''/* {title} Generated from src/schema/kubernetes.api by tools/schema/headers.py; <k8sc/typed.h> says how it is used.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef {guard}
#define {guard}

#include <k8sc/typed.h>
#include <k8sc/options.h>
{includes}
#ifdef __cplusplus
extern "C" {{
#endif
{''.join(body)}
#ifdef __cplusplus
}}
#endif

#endif
'''


def main():
    writer = Writer(model.load(sys.argv[1]))
    names = ['options'] + [group.name for group in writer.groups]
    if sys.argv[2] == '--list':
        print('\n'.join(name + '.h' for name in names))
        return
    folder = pathlib.Path(sys.argv[2])
    (folder / 'options.h').write_text(options_header())
    for group in writer.groups:
        (folder / (group.name + '.h')).write_text(writer.header(group))


if __name__ == '__main__':
    main()
