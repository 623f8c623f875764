"""Runs that are killed or whose file operations fail, and two runs at once."""
import shutil
import signal
import subprocess
import time

from trial import DENIED, IN_USE, NOTHING_FOUND, OK, PARTIAL, USAGE

FAULTS = ['once', 'disk_full', 'quota', 'read_only', 'read', 'kill', 'torn']


class Killer:
    """Kills at a random moment of a run; learns how long one takes while the computer's load changes."""

    def __init__(self, trial, command, **variables):
        self.trial, self.command, self.variables, self.longest = trial, command, variables, 1.0

    def hits(self, number=signal.SIGKILL):
        begin = time.monotonic()
        process = self.trial.start(self.command, **self.variables)
        try:
            process.wait(timeout=self.trial.chance.random() * self.longest)
            self.longest = time.monotonic() - begin
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(number)
            hit = process.wait() == -number
            self.longest *= 1.02 if hit else 0.98
            return hit


def kill_many(trial, count):
    killers = {command: Killer(trial, command) for command in ('fix', 'undo')}
    hits = tries = 0
    while hits < count and tries < 20 * count:
        tries += 1
        trial.fresh()
        command = trial.chance.choice(('fix', 'undo'))
        if command == 'undo':
            trial.run('fix')
        if not killers[command].hits():
            continue
        hits += 1
        name = f'kill {hits}, {command}'
        trial.check(name + ': other sites are whole', trial.others <= trial.seen()[1])
        if command == 'fix' and trial.chance.random() < 0.5:
            # names the run that was cut off
            trial.check_end(name + ': the next fix', trial.run('fix'), (OK, NOTHING_FOUND, PARTIAL))
            trial.check(name + ': then all is as it should be', trial.seen()[0] == trial.after)
        trial.check_undone(name)
    trial.check(f'only {hits} kills hit a running program', hits == count)
    return hits


def faulty(trial, fault, at):
    return {**trial.preloaded(), 'UNSTICK_FAULT': fault, 'UNSTICK_FAULT_AT': str(at)}


def operations(trial, command, fault):
    trial.fresh()
    if command == 'undo':
        trial.run('fix')
    count = trial.scratch / 'count'
    trial.run(command, **faulty(trial, fault, 1 << 30), UNSTICK_FAULT_COUNT=str(count))
    return int(count.read_text())


def fail_many(trial, count):
    """`count` of all, by chance; 0: each once, and 1000 by chance."""
    every = [(command, fault, at) for command in ('fix', 'undo') for fault in FAULTS
             for at in range(1, operations(trial, command, fault) + 1)]
    chosen = trial.chance.sample(every, count) if count else \
        [one for one in every if one[1] == 'once'] + trial.chance.sample(every, 1000)
    for command, fault, at in chosen:
        trial.fresh()
        if command == 'undo':
            trial.run('fix')
        name = f'{command}: {fault} at operation {at}'
        code = trial.run(command, **faulty(trial, fault, at))
        trial.check_end(name, code, (OK, PARTIAL, IN_USE, DENIED, NOTHING_FOUND, USAGE, -signal.SIGKILL))
        trial.check(name + ': other sites are whole', trial.others <= trial.seen()[1])
        trial.check_undone(name)
    return len(chosen)


def pair_many(trial, count):
    for number in range(count):
        trial.fresh()
        name = f'pair {number}'
        codes = [process.wait(timeout=300) for process in [trial.start('fix'), trial.start('fix')]]
        trial.check(f'{name}: ends {codes}', set(codes) <= {OK, NOTHING_FOUND, IN_USE, PARTIAL} and OK in codes)
        trial.check(name + ': all is as it should be', trial.seen()[0] == trial.after)
        trial.check_undone(name)
    return count


def start_browser(trial):
    """What a browser does that finds no folder for its storage: it makes a new one, with a page's data in it. True if
    there was one to be made."""
    made = False
    for folder in (path for path in (trial.scratch / 'master').rglob('*') if path.is_dir()):
        here = trial.home / folder.relative_to(trial.scratch / 'master')
        if not here.exists() and here.parent.exists() and any(here.parent.glob(here.name + '.unstick-*')):
            shutil.copytree(trial.scratch / 'newborn', here)
            made = True
    return made


def replacements(trial, command):
    """How many folders a run replaces."""
    trial.fresh()
    if command == 'undo':
        trial.run('fix')
    count = trial.scratch / 'count'
    trial.run(command, **faulty(trial, 'kill', 1 << 30), UNSTICK_FAULT_COUNT=str(count), UNSTICK_NO_EXCHANGE='1',
              UNSTICK_FAULT_RENAME='.unstick-new')
    return int(count.read_text())


def browser_many(trial, count):
    """Names cannot be exchanged; a kill between the two renames of a folder, or somewhere else; then, by chance, a
    browser that finds no folder and makes one; then undo."""
    network = {**trial.preloaded(), 'UNSTICK_NO_EXCHANGE': '1'}
    newborn = trial.scratch / 'newborn'
    newborn.mkdir(exist_ok=True)
    for file in ('CURRENT', '000003.log', 'LOCK'):
        (newborn / file).write_text('made by a browser meanwhile')
    renames = {command: replacements(trial, command) for command in ('fix', 'undo')}
    trial.check(f'folders are replaced: {renames}', min(renames.values()) > 3)
    between = 0
    for number in range(count):
        trial.fresh()
        command = trial.chance.choice(('fix', 'undo'))
        if command == 'undo':
            trial.run('fix', **network)
        at = trial.chance.randint(1, renames[command])
        code = trial.run(command, **network, UNSTICK_FAULT='kill', UNSTICK_FAULT_AT=str(at),
                         UNSTICK_FAULT_RENAME='.unstick-new')
        name = f'no exchange {number}, {command} killed before rename {at}'
        trial.check_end(name, code, (-signal.SIGKILL,))
        started = trial.chance.random() < 0.7 and start_browser(trial)
        between += started
        if trial.chance.random() < 0.3:  # a second kill, somewhere
            trial.run('undo', **network, UNSTICK_FAULT='kill', UNSTICK_FAULT_AT=str(trial.chance.randint(1, 1000)))
        for _ in range(10):
            if trial.run('undo', **network) == USAGE:
                break
        kept = list(trial.home.rglob('*.unstick-kept*'))
        trial.check(f'{name}: what the browser made is set aside ({kept})', bool(kept) == started)
        for folder in kept:
            shutil.rmtree(folder)
        left = [str(path) for path in trial.home.rglob('*unstick*')]
        trial.check(f'{name}: nothing of ours is left: {left}', not left)
        lost = trial.before - trial.seen()[0]
        trial.check(f'{name}: undo brings everything back ({len(lost)} things did not)', trial.seen()[0] == trial.before)
    trial.check(f'a browser started between two renames {between} times', between > count // 10)
    return count
