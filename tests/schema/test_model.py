#!/usr/bin/env python3
"""The data file is read as it was written, and what is wrong with one is said with its line. Arguments: tools/schema, the data file."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

tools, data_file = sys.argv[1:3]
sys.path.insert(0, tools)
import model  # noqa: E402

GROUP = 'group-version apps v1 apps v0.1.0\n'
TYPE = 'type apps.v1.Thing\n'


class Whole(unittest.TestCase):
    def test_it_is_read_as_it_was_written(self):
        data = model.load(data_file)
        again = model.loads(model.dumps(data, 'a head\n\nof three lines'))
        self.assertEqual(data, again)
        self.assertEqual(list(data['types']), list(again['types']))
        self.assertEqual([list(t['fields']) for t in data['types'].values()], [list(t['fields']) for t in again['types'].values()])

    def test_its_size(self):
        data = model.load(data_file)
        self.assertEqual(len(data['groupVersions']), 61)
        self.assertEqual(sum(len(g['resources']) for g in data['groupVersions']), 169)
        self.assertEqual(len(data['types']), 1232)
        self.assertEqual(sum(len(t['fields']) for t in data['types'].values()), 4937)

    def test_it_is_made_from_json(self):
        with tempfile.TemporaryDirectory() as folder:
            source, made = pathlib.Path(folder, 'api.json'), pathlib.Path(folder, 'made.api')
            source.write_text(json.dumps(model.load(data_file)))
            subprocess.run([sys.executable, '-B', str(pathlib.Path(tools, 'from_json.py')), str(source), str(made)], check=True)
            self.assertEqual(made.read_text(), pathlib.Path(data_file).read_text())


class Parts(unittest.TestCase):
    def test_fields(self):
        text = GROUP + '  resource things Thing namespaced get,list\n    method Poke create poke input=Thing result=meta.v1.Status\n' + TYPE + \
            '  a [{@Thing}] required pointer list=map keys=x,y strategy=merge,retainKeys merge-key=x pb=3/4\n  b @meta.v1.Status map=atomic pb=7\n' + \
            'type meta.v1.Status\n  c bytes\n'
        data = model.loads(text)
        thing = 'io.k8s.api.apps.v1.Thing'
        self.assertEqual(data['types'][thing]['fields'], {
            'a': {'type': 'array', 'items': {'type': 'map', 'values': {'type': 'object', 'ref': thing}}, 'required': True, 'pointer': True,
                  'listType': 'map', 'listMapKeys': ['x', 'y'], 'patchStrategy': 'merge,retainKeys', 'patchMergeKey': 'x', 'pb': [3, 4]},
            'b': {'type': 'object', 'ref': 'io.k8s.apimachinery.pkg.apis.meta.v1.Status', 'mapType': 'atomic', 'pb': 7}})
        self.assertEqual(data['groupVersions'], [{
            'group': 'apps', 'version': 'v1', 'package': 'apps', 'from': 'v0.1.0', 'resources': [{
                'resource': 'things', 'kind': 'Thing', 'namespaced': True, 'verbs': ['get', 'list'], 'subresourceMethods': [{
                    'method': 'Poke', 'verb': 'create', 'subresource': 'poke', 'input': 'k8s.io/api/apps/v1.Thing',
                    'result': 'k8s.io/apimachinery/pkg/apis/meta/v1.Status'}]}]}])

    def test_integers_and_dropped_resources(self):
        text = GROUP + '  resource things Thing cluster get from=v0.0.9\n' + TYPE + '  a int32 pb=1\n  b [int32]\n  c integer\n'
        data = model.loads(text)
        self.assertEqual(data['groupVersions'][0]['resources'][0]['from'], 'v0.0.9')
        self.assertEqual(data['types']['io.k8s.api.apps.v1.Thing']['fields'], {
            'a': {'type': 'integer', 'bits': 32, 'pb': 1}, 'b': {'type': 'array', 'items': {'type': 'integer', 'bits': 32}}, 'c': {'type': 'integer'}})
        self.assertEqual(model.dumps(data), text)

    def test_types_that_are_known_elsewhere(self):
        text = GROUP + TYPE + '  a @core.v1.Other\n'
        self.assertRaises(model.ModelError, model.loads, text)
        model.loads(text, known={'io.k8s.api.core.v1.Other'})

    def test_faults_name_their_line(self):
        cases = [
            (1, 'resource things Thing namespaced get\n', 'not expected'),
            (1, 'group-version apps v1 apps\n', 'words'),
            (2, GROUP + GROUP, 'twice'),
            (2, GROUP + '  resource things Thing everywhere get\n', 'scope'),
            (2, GROUP + '  resource things Thing cluster fetch\n', 'no verb'),
            (2, GROUP + '  resource things Thing cluster get,get\n', 'twice'),
            (2, GROUP + '  resource things Thing cluster get since=v1\n', 'nothing about a resource'),
            (3, GROUP + '  resource things Thing cluster get\n  resource things Thing cluster get\n', 'twice'),
            (2, GROUP + '  resource  things Thing cluster get\n', 'one space'),
            (3, GROUP + '  resource things Thing cluster get\n    method Poke create poke output=Thing\n', 'nothing about a method'),
            (3, GROUP + '  resource things Thing cluster get\n    method Poke create poke input=Thong\n' + TYPE, 'no type apps.v1.Thong'),
            (1, 'type Thing\n', 'full type name'),
            (2, TYPE + TYPE, 'twice'),
            (2, TYPE + GROUP, 'before types'),
            (2, TYPE + '  a\n', 'a name and a form'),
            (2, TYPE + '  a text\n', 'no form'),
            (2, TYPE + '  a [string\n', 'no form'),
            (2, TYPE + '  a @Nothing\n', 'no type apps.v1.Nothing'),
            (3, TYPE + '  a string\n  a string\n', 'twice'),
            (2, TYPE + '  a string needed\n', 'nothing about a field'),
            (2, TYPE + '  a string pb=0\n', 'protobuf'),
            (2, TYPE + '  a string pb=1 pb=2\n', 'twice'),
            (2, TYPE + '  a string list=set\n', 'only an array'),
            (2, TYPE + '  a string map=atomic\n', 'only a map'),
            (2, TYPE + '  a [string] list=map\n', 'has keys'),
            (2, TYPE + '  a [string] list=bag\n', 'none of'),
        ]
        for line, text, says in cases:
            with self.subTest(text), self.assertRaises(model.ModelError) as caught:
                model.loads(text, 'some.api')
            self.assertIn('some.api:%d: ' % line, str(caught.exception))
            self.assertIn(says, str(caught.exception))

    def test_a_kind_needs_its_type(self):
        with self.assertRaisesRegex(model.ModelError, 'no type of Thing in apps/v1'):
            model.loads(GROUP + '  resource things Thing cluster get\n')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
