"""What all modes share: a home folder that is made anew for each trial, unstick working on it, and what is checked."""
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile

OK, PARTIAL, IN_USE, DENIED, NOTHING_FOUND, USAGE = 0, 3, 7, 8, 9, 2
LONGEST = 300  # seconds; only a run that hangs lasts so long


class Trial:
    def __init__(self, unstick, tool, preload, seed, no_exchange):
        self.unstick, self.tool, self.preload = unstick, tool, preload
        self.no_exchange = no_exchange
        self.chance = random.Random(seed)
        self.failures = []
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-torture-'))
        self.home, self.state = self.scratch / 'home', self.scratch / 'state'
        subprocess.check_call([tool, 'make', str(self.scratch / 'master')])
        self.fresh()
        self.before, self.others = self.seen()
        assert self.run('fix') == OK, self.said()
        self.after = self.seen()[0]
        assert self.others and self.others <= self.after and self.before != self.after
        assert self.run('undo') == OK and self.seen()[0] == self.before, self.said()

    def fresh(self):
        for folder in (self.home, self.state):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.scratch / 'master', self.home)

    def preloaded(self):
        # The sanitizers of a test build want to be loaded first, and take no harm from this.
        asan = os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'
        return {'LD_PRELOAD': self.preload, 'ASAN_OPTIONS': asan}

    def start(self, command, *more, **variables):
        where = ['--state-dir', str(self.state)]
        if command in ('fix', 'why'):
            where += ['stuck.test', '--retest', 'none']
        if command in ('fix', 'why', 'profiles', 'doctor'):  # not what browsers run on this computer meanwhile
            where += ['--home', str(self.home), '--os', 'linux']
        network = {**self.preloaded(), 'UNSTICK_NO_EXCHANGE': '1'} if self.no_exchange else {}
        yes = ['--yes'] if command in ('fix', 'undo') else []
        return subprocess.Popen([self.unstick, command, *where, *yes, '--json', *more], env={**os.environ, **network, **variables},
                                stdin=subprocess.DEVNULL, stdout=open(self.scratch / 'last', 'w'), stderr=subprocess.STDOUT)

    def run(self, command, *more, **variables):
        """The exit code, as subprocess says it; 'hangs' if it had to be killed."""
        process = self.start(command, *more, **variables)
        try:
            return process.wait(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return 'hangs'

    def said(self):
        return (self.scratch / 'last').read_text(errors='replace')

    def verdict(self):
        """The one line of the last run."""
        try:
            return json.loads(self.said())['verdict']['text']
        except (ValueError, KeyError, TypeError):
            return ''

    def seen(self):
        """Digests of all that is in the home folder, and of what is other sites' in it."""
        lines = subprocess.check_output([self.tool, 'seen', str(self.home)], text=True).splitlines()
        return set(lines), {line for line in lines if line.startswith('other ')}

    def undo_all(self):
        """Undoes run after run until there is none."""
        for _ in range(10):
            if self.run('undo') == USAGE:
                return

    def check(self, what, good, shown=None):
        if not good:
            self.failures.append(what)
            print('FAILED:', what, (self.said()[-600:] if shown is None else str(shown)).replace('\n', ' '), flush=True)
        return good

    def check_end(self, name, code, allowed):
        self.check(f'{name}: ends with {code}', code in allowed)

    def check_undone(self, name):
        self.undo_all()
        self.check(name + ': undo brings everything back', self.seen()[0] == self.before)
