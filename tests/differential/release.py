#!/usr/bin/env python3
"""Holds the fake server, playing a release, against what a real server of that release answered.
Arguments: the fake server's program, and the file of answers, such as release-1.36.json.

That file has, for each script, a digest of the script, and of each step

  answers  values by their place in the answer, where the fake server had, or has, another one:
           null is nothing, {"begins": TEXT} a value of which only the beginning is known;
  agreed   a digest of all the rest of the answer.

What known.RELEASES lists must differ from the answers, and all else must agree. Scripts that the
real server was never asked are left out.

--agree NAME ... takes the digests of these scripts from the fake server: only for scripts of which
it is known that a real server answers the same."""
import argparse
import hashlib
import json
import re
import sys

sys.dont_write_bytecode = True
import corpus  # noqa: E402
import known  # noqa: E402
import playing  # noqa: E402
import servers  # noqa: E402

NOTHING, DISCOVERY = '<nothing>', 'discovery'


def digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]


def whole(answer):
    """All that counts of an answer."""
    status, document = answer
    applied = [[who, json.loads(fields)] for who, fields in servers.appliers(document)]
    return {'status': status, 'applied': applied, 'body': servers.masked(document)}


def members(path, value):
    """(path, value) of what is directly in a value."""
    if isinstance(value, dict):
        return [(f'{path}.{key}', member) for key, member in value.items()]
    if isinstance(value, list):
        return [(f'{path}[{i}]', item) for i, item in enumerate(value)]
    return []


def found(value, wanted, path=''):
    """What stands at a place such as .spec.ports[0]."""
    if path == wanted:
        return value
    for at, member in members(path, value):
        if wanted == at or wanted.startswith((at + '.', at + '[')):
            there = found(member, wanted, at)
            if there != NOTHING:
                return there
    return NOTHING


def leaves(value, apart, path=''):
    """What a value is made of, without those places."""
    if path in apart:
        return []
    inside = members(path, value)
    if not inside:
        emptied = any(place.startswith((path + '.', path + '[')) for place in apart)
        return [] if emptied else [[path, value]]
    return [leaf for at, member in inside for leaf in leaves(member, apart, at)]


def answer_at(answer, place):
    return answer[place] if place in answer else found(answer['body'], place)


def rest_of(answer, apart):
    named = [[key, answer[key]] for key in ('status', 'applied') if key not in apart]
    return named + leaves(answer['body'], apart)


def is_as(value, wanted):
    if isinstance(wanted, dict) and set(wanted) == {'begins'}:
        return json.dumps(value).startswith(wanted['begins'])
    return value == (NOTHING if wanted is None else wanted)


def played(fake, name, steps, number):
    """The answers to a script, in the namespace NS."""
    if name == DISCOVERY:
        return [whole((200, playing.resources(fake)))]
    space = f'differential-{number}'
    answers = json.dumps([whole(answer) for answer in playing.played(fake, steps, space)])
    return json.loads(re.sub(rf'\b{space}\b', 'NS', answers))


class Held:
    """What came of it: the table's reasons, and how often each was needed."""

    def __init__(self, table):
        self.table, self.used = table, {}

    def reason(self, where, place):
        for text, (script, path) in self.table.items():
            if re.search(script, where) and re.search(path, place):
                self.used[text] = self.used.get(text, 0) + 1
                return text
        return None

    def faults(self, name, answers, entry):
        lines = []
        for step, (answer, agreed) in enumerate(zip(answers, entry['agreed']), 1):
            where, differing = f'{name}, step {step}', entry.get('answers', {}).get(str(step), {})
            for place, wanted in differing.items():
                value, reason = answer_at(answer, place), self.reason(where, place)
                if reason and is_as(value, wanted):
                    lines.append(f'{where}, {place}: no difference any more: {reason}')
                elif not reason and not is_as(value, wanted):
                    lines.append(f'{where}, {place}: {json.dumps(wanted)} and {json.dumps(value)}')
            rest = rest_of(answer, differing)
            if agreed != digest(rest):
                lines.append(f'{where}: the real server did not answer {json.dumps(rest)}')
        return lines


def agree(fake, tests, names, path, record):
    """Writes the file anew, with what the fake server answers to these scripts."""
    for number, (name, steps) in enumerate(tests):
        if name not in names:
            continue
        entry = record['scripts'].setdefault(name, {})
        entry['script'], answers = digest(steps), entry.get('answers', {})
        entry['agreed'] = [digest(rest_of(answer, answers.get(str(step), {})))
                           for step, answer in enumerate(played(fake, name, steps, number), 1)]
    lines = []
    for name, entry in record['scripts'].items():
        script, agreed = json.dumps(entry['script']), json.dumps(entry['agreed'])
        parts = [f'   "script": {script}, "agreed": {agreed}']
        if entry.get('answers'):
            steps = [f'    {json.dumps(step)}: {json.dumps(answers)}'
                     for step, answers in entry['answers'].items()]
            parts.append('   "answers": {\n' + ',\n'.join(steps) + '}')
        lines.append(f'  {json.dumps(name)}: {{\n' + ',\n'.join(parts) + '}')
    with open(path, 'w') as file:
        file.write(f'{{"release": "{record["release"]}",\n "scripts": {{\n' +
                   ',\n'.join(lines) + '}}\n')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('file')
    parser.add_argument('--agree', nargs='+')
    arguments = parser.parse_args()
    with open(arguments.file) as file:
        record = json.load(file)
    held = Held(known.RELEASES[record['release'].rpartition('.')[0]])
    tests = [*corpus.SCRIPTS.items(), (DISCOVERY, [])]
    wrong = 0
    with servers.Fake(arguments.program, record['release']) as fake:
        playing.prepare(fake)
        if arguments.agree:
            return agree(fake, tests, arguments.agree, arguments.file, record)
        print(f'1..{len(tests)}')
        for number, (name, steps) in enumerate(tests):
            entry = record['scripts'].get(name)
            if entry is None or entry['script'] != digest(steps):
                print(f'ok {number + 1} - {name} # SKIP the real server was not asked this')
                continue
            faults = held.faults(name, played(fake, name, steps, number), entry)
            for line in faults:
                print('# ' + line)
            print('not ok' if faults else 'ok', number + 1, '-', name, flush=True)
            wrong += len(faults)
    for reason in held.table:
        print(f'# known: {reason} ({held.used.get(reason, 0)})')
        wrong += reason not in held.used
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
