#!/usr/bin/env python3
"""Writes a C program that calls every verb and method of every typed client, and looks at what was asked of the server. Arguments: tools/schema, data
file, the program."""
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import headers  # noqa: E402
import model  # noqa: E402

writer = headers.Writer(model.load(sys.argv[2]))
lines = [f'#include <k8sc/{group.name}.h>' for group in writer.groups]
lines.append('#include "verbs.h"\n')
parts = []
calls = 0
for group in writer.groups:
    for resource in group.resources:
        c = writer.c_name(f'{group.module}.{resource["kind"]}')
        r = f'{group.prefix}_{resource["resource"]}'
        base = (f'/apis/{group.group}' if group.group else '/api') + f'/{group.version}'
        base += ('/namespaces/space' if resource['namespaced'] else '') + '/' + resource['resource']
        where = f'{r}(k8sc_clientset_{group.name}(clientset)' + (', "space")' if resource['namespaced'] else ')')
        verbs = set(resource['verbs'])
        body = []

        def call(arguments, method, path, query=''):
            global calls
            calls += 1
            body.append(f'{r}_{arguments};\n    asked("{method}", "{path}", "{query}");')

        if 'create' in verbs:
            call('create(c, draft, NULL, NULL, NULL)', 'POST', base)
        if 'update' in verbs:
            call('update(c, draft, NULL, NULL, NULL)', 'PUT', base + '/it')
        if 'updateStatus' in verbs:
            call('update_status(c, draft, NULL, NULL, NULL)', 'PUT', base + '/it/status')
        if 'apply' in verbs:
            call('apply(c, draft, apply, NULL, NULL)', 'PATCH', base + '/it', 'fieldManager=me')
        if 'applyStatus' in verbs:
            call('apply_status(c, draft, apply, NULL, NULL)', 'PATCH', base + '/it/status', 'fieldManager=me')
        if 'get' in verbs:
            call('get(c, "it", NULL, NULL, NULL)', 'GET', base + '/it')
        if 'delete' in verbs:
            call('delete(c, "it", NULL, NULL)', 'DELETE', base + '/it')
        if 'deleteCollection' in verbs:
            call('delete_collection(c, NULL, NULL)', 'DELETE', base)
        if 'list' in verbs:
            body.append(f'{c}_list list = {{NULL}};')
            call('list(c, NULL, &list, NULL)', 'GET', base)
            body.append(f'{c}_list_free(list);')
            call('list_all(c, NULL, &list, NULL)', 'GET', base, 'limit=500')
            body.append(f'{c}_list_free(list);')
        if 'watch' in verbs:
            body.append('k8sc_watch *watch = NULL;')
            call('watch(c, NULL, NULL, NULL, NULL, &watch, NULL)', 'GET', base, 'watch=true')
            body.append('end_watch(watch);')
        if 'patch' in verbs:
            call('patch(c, "it", K8SC_PATCH_MERGE, "{}", 2, NULL, NULL, NULL, NULL)', 'PATCH', base + '/it')
            call('patch(c, "it", K8SC_PATCH_MERGE, "{}", 2, NULL, "status", NULL, NULL)', 'PATCH', base + '/it/status')
        for method in writer.methods(group, resource):
            name, sub = headers.snake(method['method']), method['subresource']
            given = writer.c_name(method['input']) if 'input' in method else c
            if method['verb'] == 'get':
                call(f'{name}(c, "it", NULL, NULL, NULL)', 'GET', f'{base}/it/{sub}')
                continue
            verb = {'create': 'POST', 'update': 'PUT', 'apply': 'PATCH'}[method['verb']]
            options = 'apply' if method['verb'] == 'apply' else 'NULL'
            if given == c:
                call(f'{name}(c, draft, {options}, NULL, NULL)', verb, f'{base}/it/{sub}')
            else:
                body.append(f'{given}_draft other_{name} = {given}_new(NULL);')
                call(f'{name}(c, "it", other_{name}, {options}, NULL, NULL)', verb, f'{base}/it/{sub}')
                body.append(f'{given}_draft_free(other_{name});')
        if {'list', 'watch'} <= verbs:
            body.append(f'''{{
        {c}_informer informer = {{NULL}};
        {c}_lister lister = {{NULL}};
        {c}_list none = {{NULL}};
        {c} nothing;
        worked({group.prefix}_informers_{resource["resource"]}(k8sc_informers_{group.name}(factory), &informer, NULL));
        worked({c}_informer_add_handler(informer, NULL, NULL, NULL, NULL, NULL));
        worked({c}_informer_lister(informer, &lister, NULL));
        worked({c}_lister_list(lister, NULL, NULL, &none, NULL));
        refused({c}_lister_get(lister, "space", "it", &nothing, NULL));
        {c}_list_free(none);
        {c}_lister_unref(lister);
        {c}_informer_unref(informer);
    }}''')
        body = '\n    '.join(body)
        parts.append((f'{group.api_version} {resource["resource"]}', r))
        lines.append(f'''static void of_{r}(void)
{{
    {r}_client c = {where};
    {c}_draft draft = {c}_new("it");
    k8sc_resource *resource = NULL;
    {c} object;
    worked(k8sc_draft_freeze(draft.node.draft, &frozen, NULL));
    worked({c}_from(frozen, &object, NULL));
    {c}_unref({c}_ref(object));
    same({c}_object(object) == frozen);
    {c}_draft_free({c}_edit(object));
    k8sc_object_unref(frozen);
    worked({r}_resource(c, &resource, NULL));
    k8sc_resource_unref(resource);
    {body}
    {c}_draft_free(draft);
}}
''')
lines.append('int main(void)\n{\n    static const struct part parts[] = {')
lines += [f'        {{"{label}", of_{r}}},' for label, r in parts]
lines.append(f'    }};\n    return run(parts, sizeof parts / sizeof *parts, {calls});\n}}')
open(sys.argv[3], 'w').write('\n'.join(lines) + '\n')
