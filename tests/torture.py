#!/usr/bin/env python3
"""unstick killed at random moments, and two at once on one profile: afterwards all is as before or as it should be, and
undo brings everything back.

    torture.py UNSTICK PROFILE_TOOL KILLS PAIRS [SEED]

Ends with 1 if anything was lost. The last line sums up.
"""
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

UNSTICK, TOOL = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
KILLS, PAIRS = (int(number) for number in sys.argv[3:5])
SEED = int(sys.argv[5]) if len(sys.argv) > 5 else random.randrange(1 << 32)
OK, NOTHING_FOUND, IN_USE, USAGE, PARTIAL = 0, 9, 7, 2, 3

scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-torture-'))
chance = random.Random(SEED)
failures = []
verbose = False


def fresh():
    shutil.rmtree(scratch / 'home', ignore_errors=True)
    shutil.rmtree(scratch / 'state', ignore_errors=True)
    shutil.copytree(scratch / 'master', scratch / 'home')


def start(command):
    where = ['--state-dir', str(scratch / 'state')]
    if command == 'fix':
        where += ['stuck.test', '--home', str(scratch / 'home'), '--os', 'linux', '--retest', 'none']
    return subprocess.Popen([UNSTICK, command, *where, '--yes', '--json'],
                            stdout=open(scratch / 'last', 'w'), stderr=subprocess.STDOUT)


def run(command):
    return start(command).wait(timeout=120)


def seen():
    return subprocess.check_output([TOOL, 'seen', str(scratch / 'home')])


def undo_all():
    """Undoes run after run until there is none."""
    for _ in range(10):
        if run('undo') == USAGE:
            return


def check(what, good):
    if not good:
        failures.append(what)
        print('FAILED:', what, (scratch / 'last').read_text() if verbose else '', flush=True)


def killed(command, longest):
    """True if the kill came before the program's own end."""
    process = start(command)
    time.sleep(chance.random() * longest)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


subprocess.check_call([TOOL, 'make', str(scratch / 'master')])
fresh()
before = seen()
begin = time.monotonic()
assert run('fix') == OK
fix_time = time.monotonic() - begin
after = seen()
begin = time.monotonic()
assert run('undo') == OK and seen() == before and after != before
undo_time = time.monotonic() - begin

hits = 0
for number in range(KILLS):
    fresh()
    name = f'kill {number}'
    if chance.random() < 0.5:
        hits += killed('fix', fix_time)
        if chance.random() < 0.5:
            code = run('fix')
            check(f'{name}: the next fix ends with {code}', code in (OK, NOTHING_FOUND, PARTIAL))  # it names the run that was cut off
            check(name + ': then all is as it should be', seen() == after)
    else:
        run('fix')
        hits += killed('undo', undo_time)
    undo_all()
    check(name + ': undo brings everything back', seen() == before)

for number in range(PAIRS):
    fresh()
    name = f'pair {number}'
    pair = [start('fix'), start('fix')]
    codes = [process.wait(timeout=120) for process in pair]
    check(f'{name}: ends {codes}', set(codes) <= {OK, NOTHING_FOUND, IN_USE, PARTIAL} and OK in codes)
    check(name + ': all is as it should be', seen() == after)
    undo_all()
    check(name + ': undo brings everything back', seen() == before)

shutil.rmtree(scratch)
print(f'torture: {hits} of {KILLS} kills hit a running program, {PAIRS} pairs, {len(failures)} things lost; seed {SEED}')
sys.exit(1 if failures or (KILLS and not hits) else 0)
