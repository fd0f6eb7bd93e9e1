"""Scripts with a random change in one of their requests. The same seed makes the same ones."""
import copy
import json
import random

from corpus import APPLY, JSON, MERGE, STRATEGIC

VALUES = (None, True, 0, -1, 1.5, '', 'a', 'A b', '{}', [], {}, ['a'], {'a': 'b'}, [{}], [None], {'a': None})
QUERIES = ('dryRun=All', 'dryRun=', 'fieldManager=', 'fieldManager=a%2Fb', 'fieldManager=' + 'x' * 200, 'force=true', 'force=x', 'limit=1', 'limit=', 'limit=a', 'resourceVersion=0',
           'resourceVersion=-1', 'labelSelector=a', 'labelSelector=a,', 'labelSelector=a%3Db', 'fieldSelector=metadata.name%3Da', 'pretty=true', 'unknown=1', 'timeoutSeconds=1',
           'gracePeriodSeconds=0', 'gracePeriodSeconds=-1', 'gracePeriodSeconds=x', 'propagationPolicy=Background', 'propagationPolicy=x', 'continue=', 'resourceVersionMatch=Exact')
METHODS = ('GET', 'POST', 'PUT', 'PATCH', 'DELETE')


def places(value, path=()):
    """Every place within a body: the path of keys to it."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key, each in value.items():
            found += places(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            found += places(each, (*path, index))
    return found


def changed_body(body, chance):
    """The body with one place changed, and what was done."""
    body = copy.deepcopy(body)
    all_places = places(body)
    if not all_places:
        value = chance.choice(VALUES)
        return value, f'the body is {json.dumps(value)}'
    path = chance.choice(all_places)
    holder = body
    for key in path[:-1]:
        holder = holder[key]
    where = '/'.join(str(key) for key in path)
    if chance.random() < 0.3:
        del holder[path[-1]]
        return body, f'without {where}'
    value = chance.choice(VALUES)
    holder[path[-1]] = value
    return body, f'{where} is {json.dumps(value)}'


def mutated(steps, chance):
    """(steps, what was changed): one request of the script is another."""
    steps = list(steps)
    number = chance.randrange(len(steps))
    method, path, body, content_type, *counts = steps[number]
    kinds = ['query', 'method'] + (['body'] * 6 if isinstance(body, (dict, list)) else []) + (['type'] if method == 'PATCH' else [])
    kind = chance.choice(kinds)
    if kind == 'body':
        body, what = changed_body(body, chance)
        if body is None:
            body = 'null'
        elif not isinstance(body, (dict, list)):
            body = json.dumps(body)
    elif kind == 'query':
        query = chance.choice(QUERIES)
        path, what = path + ('&' if '?' in path else '?') + query, query
    elif kind == 'method':
        method = chance.choice([each for each in METHODS if each != method])
        what = method
        content_type = MERGE if method == 'PATCH' else None
        if method in ('GET', 'DELETE'):
            body = None
        elif body is None:
            body = {}
    else:
        content_type = chance.choice([each for each in (APPLY, STRATEGIC, MERGE, JSON) if each != content_type])
        what = content_type
    steps[number] = (method, path, body, content_type, *counts)
    return tuple(steps), f'step {number + 1}: {what}'


def scripts(of, seed, count):
    """(name, steps, what was changed), so many, of scripts that are given."""
    chance = random.Random(seed)
    names = sorted(of)
    for _ in range(count):
        name = chance.choice(names)
        steps, what = mutated(of[name], chance)
        yield name, steps, what
