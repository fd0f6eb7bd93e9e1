#!/usr/bin/env python3
"""Writes the C sources of the typed tests in which every resource goes through all its verbs: for each group a file, and a main. Arguments: tools/schema,
data file, which ones, and --list, which prints the files' names, or --sources and a folder. Which ones: "real", what a real API server 1.20 serves, with
what typed_table.py says of it; "rest", everything else, for the fake server, with fields as they come."""
import pathlib
import sys

sys.path.insert(0, sys.argv[1])
import headers  # noqa: E402
import model  # noqa: E402
import typed_rest  # noqa: E402
import typed_table  # noqa: E402

writer = headers.Writer(model.load(sys.argv[2]))
groups = {(g.group, g.version): g for g in writer.groups if g.group is not None}
table = typed_table if sys.argv[3] == 'real' else typed_rest.Table(writer, groups, typed_table)


def quoted(value):
    """A C string. Octal, since digits behind it are no part of it."""
    return '"' + ''.join(c if ' ' <= c <= '~' and c not in '"\\?' else f'\\{ord(c):03o}' for c in value) + '"'


def c_text(value):
    return 'ns' if value is typed_table.NS else quoted(value)


def setter(field):
    """The statement that sets a field in `draft`."""
    path, value, key = field.path, field.value, field.key and quoted(field.key)
    return {
        'text': lambda: f'K8SC_SET_STR(draft, {path}, {c_text(value)});',
        'quantity': lambda: f'K8SC_SET_QUANTITY(draft, {path}, {quoted(value)});',
        'number': lambda: f'K8SC_SET_INT(draft, {path}, {value});',
        'flag': lambda: f'K8SC_SET_BOOL(draft, {path}, {int(value)});',
        'seconds': lambda: f'K8SC_SET_TIME_US(draft, {path}, INT64_C({value}));',
        'micros': lambda: f'K8SC_SET_MICRO_TIME_US(draft, {path}, INT64_C({value}));',
        'binary': lambda: f'K8SC_SET_BYTES(draft, {path}, {quoted(value)}, {len(value)});',
        'json': lambda: f'K8SC_SET_JSON(draft, {path}, {quoted(value)});',
        'entry': lambda: f'K8SC_MAP_SET_STR(draft, {path}, {key}, {quoted(value)});',
        'amount': lambda: f'K8SC_MAP_SET_QUANTITY(draft, {path}, {key}, {quoted(value)});',
        'data': lambda: f'K8SC_MAP_SET_BYTES(draft, {path}, {key}, {quoted(value)}, {len(value)});',
    }[field.form]()


def check(field):
    """The statement that compares a field of `object`."""
    path, value, key = field.path, field.value, field.key and quoted(field.key)
    bytes_are = '{{ char *is = NULL; size_t len = 0; k8sc_status got = {}; bytes_are("{}", got, is, len, {}, {}); }}'
    return {
        'text': lambda: f'text_is("{path}", K8SC_STR(object, {path}), {c_text(value)});',
        'quantity': lambda: f'text_is("{path}", K8SC_QUANTITY(object, {path}), {quoted(value)});',
        'number': lambda: f'number_is("{path}", K8SC_INT(object, {path}, -12345), {value});',
        # What is false may be left out.
        'flag': lambda: f'number_is("{path}", K8SC_BOOL(object, {path}, 0), {int(value)});',
        'seconds': lambda: f'number_is("{path}", K8SC_TIME_US(object, {path}, -1), INT64_C({value}));',
        'micros': lambda: f'number_is("{path}", K8SC_TIME_US(object, {path}, -1), INT64_C({value}));',
        'binary': lambda: bytes_are.format(f'K8SC_BYTES(object, {path}, &is, &len, NULL)', path, quoted(value), len(value)),
        'json': lambda: f'number_is("{path}", K8SC_TYPE(object, {path}), K8SC_TYPE_OBJECT);',
        'some': lambda: f'assert_true(K8SC_SIZE(object, {path}) > 0);',
        'entry': lambda: f'text_is("{path}", K8SC_MAP_STR(object, {path}, {key}), {quoted(value)});',
        'amount': lambda: f'text_is("{path}", K8SC_MAP_QUANTITY(object, {path}, {key}), {quoted(value)});',
        'data': lambda: bytes_are.format(f'K8SC_MAP_BYTES(object, {path}, {key}, &is, &len, NULL)', path, quoted(value), len(value)),
    }[field.form]()


class Resource:
    """One row of the table, with the names that C has for it."""

    def __init__(self, key):
        self.key = key
        self.group = groups[key[:2]]
        self.facts = next(r for r in self.group.resources if r['resource'] == key[2])
        self.verbs = set(self.facts['verbs'])
        kind = self.facts['kind']
        names = table.NAMES.get(key, ('one-' + key[1], 'two-' + key[1]))
        namespaced = self.facts['namespaced']
        self.names = {
            'ID': f'{self.group.name}_{key[2]}',
            # The value of a label is not longer.
            'LABEL': f'{self.group.name}_{key[2]}'[-63:].lstrip('_'), 'T': writer.c_name(f'{self.group.module}.{kind}'), 'R': f'{self.group.prefix}_{key[2]}', 'KIND': kind,
            'ACCESSOR': f'{self.group.prefix}_{key[2]}(k8sc_clientset_{self.group.name}(clients){", ns" if namespaced else ""})',
            'INFORMER': f'{self.group.prefix}_informers_{key[2]}(k8sc_informers_{self.group.name}(*factory), &informer, &err)',
            'NS': 'ns' if namespaced else 'NULL', 'API_VERSION': self.group.api_version, 'PLURAL': key[2], 'ONE': names[0], 'TWO': names[1]}

    def fill(self, text, **more):
        for name, value in {**more, **self.names}.items():
            text = text.replace(f'@{name}@', value)
        return text

    def lines(self, statement, fields):
        return ''.join(f'    {statement(f)}\n' for f in fields)

    def removal(self, name):
        """What it takes for an object of this name to be gone."""
        removal = f'OK(@R@_delete(c, "{name}", delete_options(), &err));'
        if self.key in table.PROTECTED:
            return f'{self.unprotect(name)}\n    {removal}'
        if self.names['KIND'] == 'Namespace':
            # It ends when its last finalizer goes: that is what a controller does, after all is gone that is within.
            return removal + f'''
    OK(@R@_get(c, "{name}", NULL, &object, &err));
    text_is("status.phase", K8SC_STR(object, status.phase), "Terminating");
    draft = @T@_edit(object);
    @T@_unref(object);
    K8SC_SET_JSON(draft, spec.finalizers, "[]");
    OK(@R@_finalize(c, draft, NULL, NULL, &err));
    @T@_draft_free(draft);'''
        return removal

    def unprotect(self, name):
        if self.key not in table.PROTECTED:
            return ''
        return f'OK(@R@_patch(c, "{name}", K8SC_PATCH_MERGE, NO_FINALIZERS, strlen(NO_FINALIZERS), NULL, NULL, NULL, &err));'

    def status(self):
        """The part about the status subresource, where there is one."""
        if 'updateStatus' not in self.verbs:
            return ''
        if self.key in table.WITHOUT_STATUS:
            return NO_STATUS
        return STATUS.replace('@FILL@', self.lines(lambda f: '    ' + setter(f), table.STATUS[self.key])).replace(
            '@FILL_APPLIED@', self.lines(setter, table.STATUS[self.key])).replace('@CHECK@', self.lines(check, table.STATUS[self.key]))

    def source(self):
        collection = 'deleteCollection' in self.verbs
        rest = f'{self.unprotect("@TWO@")}\n    OK(@R@_delete_collection(c, delete_collection_options("@LABEL@"), &err));' if collection else self.removal('@TWO@')
        fields = table.RESOURCES[self.key]
        return self.fill(SOURCE, STATUS=self.status(), SET=self.lines(setter, fields), CHECK_SET=self.lines(check, fields), REMOVE=self.removal('@ONE@'),
                         REMOVE_REST=rest, GONE=GONE)

    def review(self):
        asked, answered = table.REVIEWS[self.key]
        return self.fill(REVIEW, SET=self.lines(setter, asked), CHECK_SET=self.lines(check, answered if self.key in table.NO_ECHO else asked + answered),
                         GONE_REVIEW=GONE_REVIEW)

    def title(self):
        return '{} {}'.format(self.group.api_version, self.key[2])


# A release may have dropped what an older one has. The fake server has whatever is asked for.
GONE = '    if (!server_has("@API_VERSION@", "@PLURAL@")) skip();\n' if sys.argv[3] == 'real' else ''
GONE_REVIEW = '''    if (!server_has("@API_VERSION@", "@PLURAL@")) {
        @T@_draft_free(draft);
        skip();
    }
''' if sys.argv[3] == 'real' else ''

SOURCE = '''
/* ---- @API_VERSION@ @KIND@ */

static @T@_draft new_@ID@(const char *name)
{
    @T@_draft draft = @T@_new(name);
    K8SC_MAP_SET_STR(draft, metadata.labels, TYPED_LABEL, "@LABEL@");
@SET@    return draft;
}

static void check_@ID@(@T@ object, const char *name)
{
    text_is("apiVersion", K8SC_STR(object, apiVersion), "@API_VERSION@");
    text_is("kind", K8SC_STR(object, kind), "@KIND@");
    text_is("metadata.name", K8SC_STR(object, metadata.name), name);
@CHECK_SET@}

static struct {
    @T@ added, modified, deleted;
    int ends;
} seen_@ID@;

static int on_@ID@(const @T@_event *event, void *user_data)
{
    @T@ object = @T@_event_object(event), *place = NULL;
    int kind = k8sc_event_kind(@T@_event_base(event));
    const char *name = K8SC_STR(object, metadata.name);
    (void)user_data;
    if (!name || strcmp(name, "@ONE@") != 0) return 0;
    if (kind == K8SC_EVENT_ADDED) place = &seen_@ID@.added;
    if (kind == K8SC_EVENT_MODIFIED) place = &seen_@ID@.modified;
    if (kind == K8SC_EVENT_DELETED) place = &seen_@ID@.deleted;
    if (!place) return 0;
    @T@_unref(*place);
    *place = @T@_ref(object);
    return 0;
}

static int step_of_@ID@(@T@ object, const char *step)
{
    const char *is = K8SC_MAP_STR(object, metadata.labels, "step");
    return is && strcmp(is, step) == 0;
}

static void all_of_@ID@(void **state)
{
    k8sc_clientset *clients = clientset();
    @R@_client c = @ACCESSOR@;
    @T@_draft draft;
    @T@ object;
    @T@_list list;
    @T@_informer informer;
    @T@_lister lister;
    k8sc_informer_factory **factory = factory_slot();
    k8sc_watch **watch = watch_slot();
    k8sc_status status;
    int64_t i;
    (void)state;
    memset(&seen_@ID@, 0, sizeof seen_@ID@);
@GONE@
    NOT_FOUND(@R@_get(c, "@ONE@", NULL, &object, &err));
    OK(@R@_list(c, list_options("@LABEL@", 0), &list, &err));
    number_is("items", @T@_list_size(list), 0);
    OK(@R@_watch(c, watch_options("@LABEL@", k8sc_list_resource_version(list.list)), on_@ID@, NULL, NULL, watch, &err));
    @T@_list_free(list);

    draft = new_@ID@("@ONE@");
    OK(@R@_create(c, draft, NULL, &object, &err));
    check_@ID@(object, "@ONE@");
    @T@_unref(object);
    FAILS(K8SC_E_API, @R@_create(c, draft, NULL, NULL, &err));
    assert_true(k8sc_error_is_already_exists(failure));
    @T@_draft_free(draft);
    draft = new_@ID@("@TWO@");
    OK(@R@_create(c, draft, NULL, NULL, &err));
    @T@_draft_free(draft);

    OK(@R@_get(c, "@ONE@", NULL, &object, &err));
    check_@ID@(object, "@ONE@");
    @T@_unref(object);
    OK(@R@_list(c, list_options("@LABEL@", 0), &list, &err));
    number_is("items", @T@_list_size(list), 2);
    check_@ID@(@T@_list_at(list, 0), "@ONE@");
    check_@ID@(@T@_list_at(list, 1), "@TWO@");
    @T@_list_free(list);
    OK(@R@_list_all(c, list_options("@LABEL@", 1), &list, &err));
    number_is("items", @T@_list_size(list), 2);
    for (i = 0; i < 2; i++) check_@ID@(@T@_list_at(list, i), i == 0 ? "@ONE@" : "@TWO@");
    @T@_list_free(list);
    PUMP_UNTIL(seen_@ID@.added.value.object, PATIENCE_MS / 1000);
    check_@ID@(seen_@ID@.added, "@ONE@");

    OK(k8sc_informer_factory_new(client, NULL, factory, &err));
    OK(@INFORMER@);
    OK(@T@_informer_lister(informer, &lister, &err));
    OK(k8sc_informer_factory_start(*factory, &err));
    PUMP_UNTIL(k8sc_informer_has_synced(informer.informer), PATIENCE_MS / 1000);
    OK(@T@_lister_get(lister, @NS@, "@ONE@", &object, &err));
    check_@ID@(object, "@ONE@");
    @T@_unref(object);
    OK(@T@_lister_list(lister, @NS@, TYPED_LABEL "=@LABEL@", &list, &err));
    number_is("items", @T@_list_size(list), 2);
    for (i = 0; i < 2; i++) check_@ID@(@T@_list_at(list, i), K8SC_STR(@T@_list_at(list, i), metadata.name));
    @T@_list_free(list);
    @T@_lister_unref(lister);
    @T@_informer_unref(informer);
    OK(k8sc_informer_factory_shutdown(*factory, &err));

    do {
        OK(@R@_get(c, "@ONE@", NULL, &object, &err));
        draft = @T@_edit(object);
        @T@_unref(object);
        K8SC_MAP_SET_STR(draft, metadata.labels, "step", "updated");
        status = @R@_update(c, draft, NULL, &object, &err);
        @T@_draft_free(draft);
    } while (came_too_late(status));
    check_@ID@(object, "@ONE@");
    assert_true(step_of_@ID@(object, "updated"));
    @T@_unref(object);
@STATUS@
    OK(@R@_patch(c, "@ONE@", K8SC_PATCH_MERGE, STEP_PATCH("patched"), strlen(STEP_PATCH("patched")), NULL, NULL, &object, &err));
    check_@ID@(object, "@ONE@");
    assert_true(step_of_@ID@(object, "patched"));
    @T@_unref(object);
    PUMP_UNTIL(step_of_@ID@(seen_@ID@.modified, "patched"), PATIENCE_MS / 1000);
    check_@ID@(seen_@ID@.modified, "@ONE@");

    draft = @T@_new("@ONE@");
    K8SC_MAP_SET_STR(draft, metadata.labels, "step", "applied");
    OK(@R@_apply(c, draft, apply_options(), &object, &err));
    @T@_draft_free(draft);
    check_@ID@(object, "@ONE@");
    assert_true(step_of_@ID@(object, "applied"));
    @T@_unref(object);

    @REMOVE@
    NOT_FOUND(@R@_get(c, "@ONE@", NULL, NULL, &err));
    NOT_FOUND(@R@_delete(c, "@ONE@", NULL, &err));
    PUMP_UNTIL(seen_@ID@.deleted.value.object, PATIENCE_MS / 1000);
    check_@ID@(seen_@ID@.deleted, "@ONE@");
    OK(@R@_get(c, "@TWO@", NULL, NULL, &err));
    @REMOVE_REST@
    NOT_FOUND(@R@_get(c, "@TWO@", NULL, NULL, &err));
    OK(@R@_list(c, list_options("@LABEL@", 0), &list, &err));
    number_is("items", @T@_list_size(list), 0);
    @T@_list_free(list);

    @T@_unref(seen_@ID@.added);
    @T@_unref(seen_@ID@.modified);
    @T@_unref(seen_@ID@.deleted);
}
'''

STATUS = '''
    do {
        OK(@R@_get(c, "@ONE@", NULL, &object, &err));
        draft = @T@_edit(object);
        @T@_unref(object);
@FILL@        status = @R@_update_status(c, draft, NULL, &object, &err);
        @T@_draft_free(draft);
    } while (came_too_late(status));
    check_@ID@(object, "@ONE@");
@CHECK@    @T@_unref(object);
    draft = @T@_new("@ONE@");
@FILL_APPLIED@    OK(@R@_apply_status(c, draft, apply_options(), &object, &err));
    @T@_draft_free(draft);
    check_@ID@(object, "@ONE@");
@CHECK@    @T@_unref(object);
'''

NO_STATUS = '''
    draft = new_@ID@("@ONE@");
    NOT_FOUND(@R@_update_status(c, draft, NULL, NULL, &err));
    @T@_draft_free(draft);
'''

REVIEW = '''
/* ---- @API_VERSION@ @KIND@ */

static void all_of_@ID@(void **state)
{
    k8sc_clientset *clients = clientset();
    @T@_draft draft = @T@_new(NULL);
    @T@ object;
    (void)state;
@GONE_REVIEW@@SET@    OK(@R@_create(@ACCESSOR@, draft, NULL, &object, &err));
    @T@_draft_free(draft);
    text_is("kind", K8SC_STR(object, kind), "@KIND@");
@CHECK_SET@    @T@_unref(object);
}
'''


def packages():
    """What goes into one file: the resources of a group, by the name that the group has in C."""
    found = {}
    for key in list(table.RESOURCES) + list(table.REVIEWS):
        resource = Resource(key)
        found.setdefault(resource.group.name.rsplit('_', 1)[0], []).append(resource)
    return found


def group_source(package, resources):
    includes = sorted({r.group.name for r in resources})
    parts = ['#include "typed.h"\n\n'] + [f'#include <k8sc/{name}.h>\n' for name in includes]
    parts += [r.source() if r.key in table.RESOURCES else r.review() for r in resources]
    tests = ''.join(f'    {{"{r.title()}", all_of_{r.names["ID"]}, begin, end, NULL}},\n' for r in resources)
    parts.append(f'\nconst struct CMUnitTest {package}_tests[] = {{\n{tests}}};\nconst size_t {package}_count = {len(resources)};\n')
    return ''.join(parts)


def main_source(names):
    declared = ''.join(f'extern const struct CMUnitTest {name}_tests[];\nextern const size_t {name}_count;\n' for name in names)
    added = ''.join(f'    memcpy(tests + count, {name}_tests, {name}_count * sizeof *tests), count += {name}_count;\n' for name in names)
    total = len(table.RESOURCES) + len(table.REVIEWS)
    return f'''#include "typed.h"

{declared}
int main(void)
{{
    static struct CMUnitTest tests[{total}];
    size_t count = 0;
{added}    return run_on_cluster(TYPED_APISERVER, tests, count);
}}
'''


def main():
    found = packages()
    if sys.argv[4] == '--list':
        print('\n'.join(f'{sys.argv[3]}_{name}.c' for name in [*found, 'main']))
    elif sys.argv[4] == '--sources':
        folder = pathlib.Path(sys.argv[5])
        for package, resources in found.items():
            (folder / f'{sys.argv[3]}_{package}.c').write_text(group_source(package, resources))
        (folder / f'{sys.argv[3]}_main.c').write_text(main_source(list(found)))
    else:
        raise SystemExit(__doc__)


if __name__ == '__main__':
    main()
