#!/usr/bin/env python3
"""release.py itself: what is listed must differ, and what is not must agree."""
import sys

sys.dont_write_bytecode = True
import release  # noqa: E402

TRUE = {'a': {'b': 1, 'c.d': [2, {}]}, 'e': 'abcdef', 'f': 'x'}
ANSWERS = {'.a.b': 1, '.a.c.d[0]': 2, '.e': {'begins': '"abc'}, '.g': None}
TABLE = {'b is another': ('script', r'\.b$')}


def entry():
    """The record of a script whose one step a real server answered with TRUE."""
    whole = release.whole((200, TRUE))
    return {'answers': {'1': ANSWERS}, 'agreed': [release.digest(release.rest_of(whole, ANSWERS))]}


def faults(document, table, status=200):
    held = release.Held(table)
    return held.faults('script', [release.whole((status, document))], entry()), held.used


def one(document, text, table={}, status=200):
    found, _ = faults(document, table, status)
    assert len(found) == 1 and text in found[0], (document, found)


assert faults(TRUE, {}) == ([], {})
other = {**TRUE, 'a': {**TRUE['a'], 'b': 3}}
one(other, '.a.b: 1 and 3')
assert faults(other, TABLE) == ([], {'b is another': 1})
one(TRUE, 'no difference any more: b is another', TABLE)
one({**TRUE, 'e': 'ab'}, '.e: ')
one({**TRUE, 'g': 1}, '.g: null and 1')
one({**TRUE, 'a': {'b': 1, 'c.d': [5, {}]}}, '.a.c.d[0]: 2 and 5')
# What nobody has recorded apart is in the digest, as is the status.
one({**TRUE, 'f': 'y'}, 'did not answer')
one({**TRUE, 'h': 1}, 'did not answer')
one({**TRUE, 'a': {'b': 1, 'c.d': [2, {'i': 1}]}}, 'did not answer')
one(TRUE, 'did not answer', status=201)
