#!/usr/bin/env python3
"""The generator of the tables: what it shares, and what it refuses. Arguments: tools/schema, the data file."""
import io
import pathlib
import subprocess
import sys
import tempfile
import unittest

tools, data_file = sys.argv[1:3]
sys.path.insert(0, tools)
import model  # noqa: E402
import tables  # noqa: E402

GROUP = 'group-version "" v1 core v0.1.0\n'


class Pools(unittest.TestCase):
    def test_each_text_is_found_where_it_stands(self):
        texts = ['', 'Set', 'ReplicaSet', 'StatefulSet', 'e', 'Pod', 'pod']
        pool = tables.Pool(texts)
        whole = ''.join(text + '\0' for text in pool.texts)
        self.assertEqual(len(whole), pool.size)
        for text in texts:
            self.assertEqual(whole[pool[text]:whole.index('\0', pool[text])], text)

    def test_ends_are_shared(self):
        self.assertEqual(tables.Pool(['Set', 'ReplicaSet']).size, len('ReplicaSet') + 1)


class Made(unittest.TestCase):
    def make(self, text):
        return tables.Tables(model.loads(text))

    def test_equal_types_share_their_fields(self):
        made = self.make(GROUP + 'type core.v1.A\n  x string\ntype core.v1.B\n  x string\ntype core.v1.C\n  x integer\n')
        self.assertEqual([row[1:3] for row in made.type_rows], [(0, 1), (0, 1), (1, 1)])

    def test_which_types_are_kinds(self):
        made = self.make(GROUP + 'type core.v1.Pod\n  kind string pb=1\n  apiVersion string pb=2\n  metadata any-object\n'
                         'type core.v1.Reference\n  kind string pb=1\n  apiVersion string pb=5\n  metadata any-object\n'
                         'type core.v1.Subject\n  kind string pb=1\n  apiVersion string pb=2\n  name string\n'
                         'type meta.v1.Status\n  kind string\n  apiVersion string\ntype meta.v1.Table\n  kind string\n  apiVersion string\n')
        self.assertEqual([row[3] for row in made.type_rows], [0, tables.NONE, tables.NONE, 0, 1])

    def test_the_same_data_gives_the_same_tables(self):
        first, second = io.StringIO(), io.StringIO()
        tables.Tables(model.load(data_file)).write(first)
        tables.Tables(model.load(data_file)).write(second)
        self.assertEqual(first.getvalue(), second.getvalue())

    def test_a_type_with_too_many_fields_is_refused(self):
        text = GROUP + 'type core.v1.Big\n' + ''.join('  f%d string\n' % n for n in range(tables.MOST_FIELDS))
        self.make(text)
        with self.assertRaisesRegex(model.ModelError, 'Big has more than'):
            self.make(text + '  one string\n')

    def test_what_passes_16_bits_is_refused(self):
        text = GROUP + ''.join('type core.v1.T%d\n' % t + ''.join('  a%dfieldwithalongname%d string\n' % (t, n) for n in range(64)) for t in range(60))
        with self.assertRaisesRegex(model.ModelError, '16 bits'):
            self.make(text).write(io.StringIO())

    def test_a_fault_in_the_data_ends_it(self):
        with tempfile.TemporaryDirectory() as folder:
            bad, out = pathlib.Path(folder, 'bad.api'), pathlib.Path(folder, 'out.cc')
            bad.write_text(GROUP + 'nonsense\n')
            run = subprocess.run([sys.executable, '-B', str(pathlib.Path(tools, 'tables.py')), str(bad), str(out)], capture_output=True, text=True)
            self.assertEqual(run.returncode, 1)
            self.assertIn('bad.api:2: ', run.stderr)
            self.assertFalse(out.exists())


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
