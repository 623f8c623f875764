#!/usr/bin/env python3
"""unstick killed at random moments, with file operations that fail, on damaged profiles, and two at once: afterwards all
is as before or as it should be, what is of other sites is whole, and undo brings everything back.

    torture.py UNSTICK PROFILE_TOOL FAULT_PRELOAD [--kills N] [--faults N] [--mutants N] [--pairs N] [--seed N]

--kills     so many that hit a running program
--faults    so many operations that fail in one way or another, chosen by chance; 0: each one once, and 1000 by chance
--mutants   profiles with bytes changed, files cut short, emptied, exchanged or gone
Ends with 1 if anything was lost. The last line sums up.
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

OK, PARTIAL, IN_USE, DENIED, NOTHING_FOUND, USAGE = 0, 3, 7, 8, 9, 2
FAULTS = ['once', 'disk_full', 'quota', 'read_only', 'read', 'kill', 'torn']

options = argparse.ArgumentParser(usage=__doc__)
options.add_argument('programs', nargs=3)
for name, count in (('kills', 500), ('faults', 0), ('mutants', 200), ('pairs', 20), ('seed', random.randrange(1 << 32))):
    options.add_argument('--' + name, type=int, default=count)
options = options.parse_args()
UNSTICK, TOOL, PRELOAD = (str(pathlib.Path(path).resolve()) for path in options.programs)

scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-torture-'))
chance = random.Random(options.seed)
failures = []


def fresh():
    for name in ('home', 'state'):
        shutil.rmtree(scratch / name, ignore_errors=True)
    shutil.copytree(scratch / 'master', scratch / 'home')


def start(command, **variables):
    where = ['--state-dir', str(scratch / 'state')]
    if command == 'fix':
        where += ['stuck.test', '--home', str(scratch / 'home'), '--os', 'linux', '--retest', 'none']
    return subprocess.Popen([UNSTICK, command, *where, '--yes', '--json'], env={**os.environ, **variables},
                            stdout=open(scratch / 'last', 'w'), stderr=subprocess.STDOUT)


def run(command, **variables):
    return start(command, **variables).wait(timeout=300)


def seen():
    """Digests of all that is in the home folder, and of what is other sites' in it."""
    lines = subprocess.check_output([TOOL, 'seen', str(scratch / 'home')], text=True).splitlines()
    return set(lines), {line for line in lines if line.startswith('other ')}


def undo_all():
    """Undoes run after run until there is none."""
    for _ in range(10):
        if run('undo') == USAGE:
            return


def check(what, good):
    if not good:
        failures.append(what)
        print('FAILED:', what, (scratch / 'last').read_text()[-2000:], flush=True)


def check_end(name, code, allowed):
    check(f'{name}: ends with {code}', code in allowed)


def check_undone(name):
    undo_all()
    check(name + ': undo brings everything back', seen()[0] == before)


class Killer:
    """Kills at a random moment of a run; learns how long one takes while the computer's load changes."""

    def __init__(self, command):
        self.command, self.longest = command, 1.0

    def hits(self):
        begin = time.monotonic()
        process = start(self.command)
        try:
            process.wait(timeout=chance.random() * self.longest)
            self.longest = time.monotonic() - begin
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            hit = process.wait() == -signal.SIGKILL
            self.longest *= 1.02 if hit else 0.98
            return hit


def kill_many():
    killers = {command: Killer(command) for command in ('fix', 'undo')}
    hits = tries = 0
    while hits < options.kills and tries < 20 * options.kills:
        tries += 1
        fresh()
        command = chance.choice(('fix', 'undo'))
        if command == 'undo':
            run('fix')
        if not killers[command].hits():
            continue
        hits += 1
        name = f'kill {hits}, {command}'
        check(name + ': other sites are whole', others <= seen()[1])
        if command == 'fix' and chance.random() < 0.5:
            check_end(name + ': the next fix', run('fix'), (OK, NOTHING_FOUND, PARTIAL))  # names the run that was cut off
            check(name + ': then all is as it should be', seen()[0] == after)
        check_undone(name)
    check(f'only {hits} kills hit a running program', hits == options.kills)
    return hits


def fault_variables(fault, at):
    # The sanitizers of a test build want to be loaded first, and take no harm from this.
    asan = os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'
    return {'LD_PRELOAD': PRELOAD, 'UNSTICK_FAULT': fault, 'UNSTICK_FAULT_AT': str(at), 'ASAN_OPTIONS': asan}


def operations(command, fault):
    fresh()
    if command == 'undo':
        run('fix')
    count = scratch / 'count'
    run(command, **fault_variables(fault, 1 << 30), UNSTICK_FAULT_COUNT=str(count))
    return int(count.read_text())


def fail_many():
    all_of_them = [(command, fault, at) for command in ('fix', 'undo') for fault in FAULTS
                   for at in range(1, operations(command, fault) + 1)]
    once = [one for one in all_of_them if one[1] == 'once']
    chosen = chance.sample(all_of_them, options.faults) if options.faults else once + chance.sample(all_of_them, 1000)
    for command, fault, at in chosen:
        fresh()
        if command == 'undo':
            run('fix')
        name = f'{command}: {fault} at operation {at}'
        code = run(command, **fault_variables(fault, at))
        check_end(name, code, (OK, PARTIAL, IN_USE, DENIED, NOTHING_FOUND, USAGE, -signal.SIGKILL))
        check(name + ': other sites are whole', others <= seen()[1])
        check_undone(name)
    return len(chosen)


def mutate():
    """Damages up to three files of the profile; says how."""
    files = sorted(path for path in (scratch / 'home').rglob('*') if path.is_file())
    done = []
    for path in chance.sample(files, chance.randint(1, 3)):
        content = bytearray(path.read_bytes())
        how = chance.choice(('bytes', 'bytes', 'bytes', 'cut', 'empty', 'gone', 'other', 'longer'))
        if how == 'bytes' and content:
            for _ in range(chance.choice((1, 1, 4, 64))):
                content[chance.randrange(len(content))] = chance.randrange(256)
        elif how == 'cut':
            del content[chance.randrange(len(content) + 1):]
        elif how == 'empty':
            content.clear()
        elif how == 'other':
            content = chance.choice(files).read_bytes() if chance.random() < 0.9 else b'\0' * 5000
        elif how == 'longer':
            content += chance.randbytes(chance.choice((1, 100, 5000)))
        if how == 'gone':
            path.unlink()
        elif path.exists():
            path.write_bytes(content)
        done.append(f'{path.relative_to(scratch / "home")} {how}')
    return ', '.join(done)


def mutate_many():
    for number in range(options.mutants):
        fresh()
        name = f'mutant {number} ({mutate()})'
        full, other = seen()
        other &= others  # what a file of the site's got from another one's is not that one's
        code = run('fix')
        did = (scratch / 'last').read_text()
        check_end(name, code, (OK, PARTIAL, DENIED, IN_USE, USAGE, NOTHING_FOUND))
        check(name + ': other sites are whole', other <= seen()[1])
        undo_all()
        lost = full - seen()[0]
        check(f'{name}: undo brings everything back ({len(lost)} things of {len(full)} did not; fix said: {did[-3000:]})', not lost)
    return options.mutants


def pair_many():
    for number in range(options.pairs):
        fresh()
        name = f'pair {number}'
        codes = [process.wait(timeout=300) for process in [start('fix'), start('fix')]]
        check(f'{name}: ends {codes}', set(codes) <= {OK, NOTHING_FOUND, IN_USE, PARTIAL} and OK in codes)
        check(name + ': all is as it should be', seen()[0] == after)
        check_undone(name)
    return options.pairs


subprocess.check_call([TOOL, 'make', str(scratch / 'master')])
fresh()
before, others = seen()
assert run('fix') == OK
after = seen()[0]
assert others and others <= after and before != after
assert run('undo') == OK and seen()[0] == before

kills, faults, mutants, pairs = kill_many(), fail_many(), mutate_many(), pair_many()
shutil.rmtree(scratch)
print(f'torture: {kills} kills of a running program, {faults} operations that failed, {mutants} damaged profiles, '
      f'{pairs} pairs: {len(failures)} things lost; seed {options.seed}')
sys.exit(1 if failures else 0)
