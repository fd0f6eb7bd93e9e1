#!/usr/bin/env python3
"""Asks a real API server and the fake one the same, and looks for what is answered differently. Arguments: the fake server's program, and, if wanted, words
that the names of scripts must have. --mutations N [--seed S]: N of the scripts with a random change in each; of errors only status and reason are compared then.
K8SC_TEST_KUBECONFIG: the real server's kubeconfig."""
import argparse
import itertools
import os
import sys

sys.dont_write_bytecode = True
import corpus  # noqa: E402
import known  # noqa: E402
import mutations  # noqa: E402
import playing  # noqa: E402
import servers  # noqa: E402


def compared(name, steps, real, fake, number):
    space = f'differential-{number}'
    faults = []
    for i, (step, one, other) in enumerate(zip(steps, playing.played(real, steps, space), playing.played(fake, steps, space))):
        lines = [] if one[0] == other[0] else [f'status: {one[0]} and {other[0]}']
        lines += servers.differences('', servers.masked(one[1]), servers.masked(other[1]))
        lines += [] if servers.appliers(one[1]) == servers.appliers(other[1]) else [f'applied: {servers.appliers(one[1])} and {servers.appliers(other[1])}']
        faults += [(f'{name}, step {i + 1} ({step[0]} {step[1]})', line) for line in lines]
    return faults


def outcomes(answers):
    """Of errors what a program acts on: how they are said is the corpus' own business."""
    return [(status, {'reason': document.get('reason')} if status >= 400 and isinstance(document, dict) else document) for status, document in answers]


def compared_mutation(name, steps, what, real, fake, number):
    space = f'mutation-{number}'
    answers = [outcomes(playing.played(server, steps, space)) for server in (real, fake)]
    for i, (step, one, other) in enumerate(zip(steps, *answers)):
        lines = [] if one[0] == other[0] else [f'status: {one[0]} and {other[0]}']
        lines += servers.differences('', servers.masked(one[1]), servers.masked(other[1]))
        if lines:
            # What follows is asked of objects that differ already, and a status says enough.
            return [(f'{name}, {what}, step {i + 1} ({step[0]} {step[1]})', line) for line in (lines[:1] if one[0] != other[0] else lines)]
    return []


def run(tests, excused, reason_of):
    """Runs (name, faults) and answers how many faults had no reason."""
    unexpected = 0
    for number, (name, found) in enumerate(tests, 1):
        faults = []
        for where, line in found:
            reason = reason_of(where, line)
            if reason:
                excused[reason] = excused.get(reason, 0) + 1
            else:
                faults.append(f'{where}\n#   {line}')
        for fault in faults:
            print('# ' + fault)
        print(('not ok' if faults else 'ok'), number, '-', name, flush=True)
        unexpected += len(faults)
    return unexpected


def compared_releases(real, fake):
    return [('discovery of 1.20', line) for line in servers.differences('', playing.resources(real), playing.resources(fake))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('words', nargs='*')
    parser.add_argument('--mutations', type=int, default=0)
    parser.add_argument('--seed', type=int, default=1)
    arguments = parser.parse_args()
    real = servers.of_kubeconfig('real', os.environ['K8SC_TEST_KUBECONFIG'])
    excused = {}
    with servers.Fake(arguments.program) as fake:
        playing.prepare(real)
        playing.prepare(fake)
        scripts = {n: s for n, s in corpus.SCRIPTS.items() if all(word in n for word in arguments.words)}
        if arguments.mutations:
            print(f'1..{arguments.mutations}')
            made = mutations.scripts(scripts, arguments.seed, arguments.mutations)
            unexpected = run(((f'{name}, {what}', compared_mutation(name, steps, what, real, fake, number)) for number, (name, steps, what) in enumerate(made)),
                             excused, known.mutation_reason)
        else:
            print(f'1..{len(scripts) + 1}')
            tests = ((name, compared(name, steps, real, fake, number)) for number, (name, steps) in enumerate(scripts.items()))
            unexpected = run(itertools.chain(tests, [('discovery of 1.20', compared_releases(real, fake))]), excused, known.reason)
    for reason, count in excused.items():
        print(f'# known: {reason} ({count})')
    if not arguments.words and not arguments.mutations:
        for reason in known.REASONS:
            if reason not in excused:
                print(f'# no difference any more: {reason}')
                unexpected += 1
    sys.exit(1 if unexpected else 0)


main()
