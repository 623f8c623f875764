"""--all-users with users who do what they can to whoever started it on a terminal, and to those who come after them."""
import concurrent.futures
import json
import os
import pathlib
import pty
import random
import select
import shutil
import signal
import subprocess
import termios
import time

PROGRAM = '''#!/usr/bin/env python3
import ctypes, fcntl, os, signal, sys, termios, time
unstick, how = os.getppid(), {how!r}
def attempt(do):
    try:
        do()
    except OSError:
        pass
dirty = b"\\x1b]0;owned\\x07\\x1b[2J\\x9b2Jtouch owned\\n"
attempt(lambda: os.write(os.open("/dev/tty", os.O_RDWR), dirty))
for fd in range(3):
    attempt(lambda: [fcntl.ioctl(fd, termios.TIOCSTI, bytes([c])) for c in dirty])
for name in ("0", "1", "2"):
    attempt(lambda: os.write(os.open("/proc/%d/fd/%s" % (unstick, name), os.O_WRONLY), dirty))
ctypes.CDLL(None).ptrace(16, unstick, 0, 0)
if how == "stop":
    os.kill(unstick, signal.SIGSTOP)
    time.sleep(600)
elif how == "kill":
    os.kill(unstick, signal.SIGKILL)
elif how == "kill everyone":
    os.kill(-1, signal.SIGKILL)
elif how == "stop everyone":
    os.kill(-1, signal.SIGSTOP)
    time.sleep(600)
elif how == "fork":
    for _ in range(40):
        if os.fork() == 0:
            os.setsid()
            time.sleep(600)
            os._exit(0)
elif how == "never end":
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(600)
elif how == "write":
    for _ in range(40):
        attempt(lambda: os.write(1, dirty * 65536) and os.write(2, dirty * 65536))
elif how == "exchange":
    end = time.time() + 30
    while time.time() < end:
        attempt(lambda: os.rename({home!r} + "/.config/chromium", {home!r} + "/.config/c"))
        attempt(lambda: os.symlink({root!r}, {home!r} + "/.config/chromium"))
        attempt(lambda: os.unlink({home!r} + "/.config/chromium"))
        attempt(lambda: os.rename({home!r} + "/.config/c", {home!r} + "/.config/chromium"))
'''
BY_PROGRAM = ['stop', 'kill', 'kill everyone', 'stop everyone', 'fork', 'never end', 'write', 'exchange']
BY_FILES = ['many profiles', 'names', 'pipe', 'brackets', 'config', 'config pipe', 'state link', 'home link', 'no home']
DIRTY = 'Bob\x1b]0;owned\x07\x9b2J\u202e\x1b[2J\r\n'
AT_ONCE = 4  # runs; most of their time they wait for a minute to end


class Round:
    """A root's terminal, hostile users, and Ann, who comes last."""

    def __init__(self, trial, number, kinds):
        self.trial, self.number = trial, number
        self.chance = random.Random(trial.chance.random())
        self.scratch = trial.scratch / f'users-{number}'
        self.scratch.mkdir(mode=0o755)
        self.root = self.scratch / 'root'
        (self.root / '.ssh').mkdir(parents=True)
        (self.root / '.ssh/authorized_keys').write_text('ssh-ed25519 ROOT')
        self.uids, self.how = {}, {}
        for index, kind in enumerate(kinds):
            self.add(f'bob{index}', kind)
        self.add('zoe', 'none')  # the last by her number

    def add(self, name, how):
        home = self.scratch / name
        self.uids[name], self.how[name] = 21000 + 20 * self.number + len(self.uids), how
        shutil.copytree(self.trial.scratch / 'master', home)
        config, settings = home / '.config/unstick/config', home / '.config/chromium/Local State'
        config.parent.mkdir(parents=True)
        if how in BY_PROGRAM:
            (home / 'evil').write_text(PROGRAM.format(how=how, home=str(home), root=str(self.root)))
            (home / 'evil').chmod(0o755)
            config.write_text(f'browser-program={home}/evil\n')
        elif how in ('many profiles', 'names'):
            many = 2000 if how == 'many profiles' else 3
            names = {f'Profile {i}': {'name': DIRTY * (200 if many > 3 else 1)} for i in range(many)}
            for folder in names:
                (home / '.config/chromium' / folder).mkdir()
            settings.write_text(json.dumps({'profile': {'info_cache': names}}))
        elif how == 'pipe':
            settings.unlink(missing_ok=True)
            os.mkfifo(settings)
        elif how == 'brackets':
            settings.write_text('[' * (20 << 20))
        elif how == 'config':
            config.write_text(self.chance.choice((DIRTY, 'log=' + str(self.root / 'log'), 'state-dir=' + str(self.root),
                                                  'home=' + str(self.root), 'x' * (5 << 20), 'all-users=yes', 'report=/dev/tty')))
        elif how == 'config pipe':
            os.mkfifo(config)
        elif how == 'state link':
            (home / '.local').mkdir()
            (home / '.local/state').symlink_to(self.root)
        elif how in ('home link', 'no home'):
            shutil.rmtree(home)
            if how == 'home link':
                home.symlink_to(self.root)
        if not home.is_symlink() and home.exists():
            for path in [home, *home.rglob('*')]:
                os.chown(path, self.uids[name], self.uids[name], follow_symlinks=False)

    def on_terminal(self, *args):
        """Exit code, what came on root's terminal, whether that is set as it was."""
        passwd = self.scratch / 'passwd'
        passwd.write_text('root:x:0:0::/root:/bin/sh\n' + ''.join(
            f'{name}:x:{uid}:{uid}::{self.scratch}/{name}:/bin/sh\n' for name, uid in self.uids.items()))
        longest = 120 + 75 * len(self.uids)
        begun = time.monotonic()
        master, slave = pty.openpty()
        settings = termios.tcgetattr(slave)
        run = subprocess.Popen(['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/passwd && exec "$@"', str(passwd),
                                self.trial.unstick, *args], env={**os.environ, 'HOME': '/root'}, stdin=slave, stdout=slave,
                               stderr=slave, start_new_session=True)
        shown = b''
        while time.monotonic() < begun + longest:
            if select.select([master], [], [], 0.2)[0]:
                shown += os.read(master, 65536)
            elif run.poll() is not None:
                break
        hangs = run.poll() is None
        if hangs:
            run.kill()
            run.wait()
        same = termios.tcgetattr(slave) == settings
        os.close(master)
        os.close(slave)
        return 'hangs' if hangs else run.returncode, shown, same

    def processes(self):
        """Those of our users: pid, program."""
        found = []
        for folder in pathlib.Path('/proc').glob('[0-9]*'):
            try:
                if folder.stat().st_uid in self.uids.values() or f'\nUid:\t{self.uids["bob0"]}' in (folder / 'status').read_text():
                    found.append((int(folder.name), (folder / 'cmdline').read_bytes().split(b'\0')[0].decode()))
            except OSError:
                continue
        return found

    def end_all(self):
        for _ in range(50):
            left = self.processes()
            for pid, _ in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if not left:
                return
            time.sleep(0.05)

    def snapshot(self):
        """Root's files."""
        return {str(path): (path.lstat().st_mode, path.read_bytes() if path.is_file() else b'') for path in self.root.rglob('*')}

    def go(self):
        self.run('profiles')  # reads their files
        self.run('why')  # starts their programs, too
        shutil.rmtree(self.scratch)

    def run(self, command):
        before = self.snapshot()
        as_json = command == 'why' or self.chance.random() < 0.5
        args = ['stuck.test', '--url', 'http://127.0.0.1:9/', '--retest', 'browser', '--retries', '0'] if command == 'why' else []
        code, shown, same = self.on_terminal(command, *args, '--all-users', '--user-minutes', '1', *(['--json'] if as_json else []))
        left = [one for one in self.processes() if one[1] == self.trial.unstick]
        self.end_all()
        name = f'users {self.number} ({command}: {", ".join(self.how.values())})'
        text = shown.decode(errors='replace')
        check = self.trial.check
        tail = f'{len(text)} characters: {text[:1000]!r} ... {text[-1000:]!r}'
        check(f'{name}: ends with {code}', code in (0, 3, 4, 5, 6, 7, 8, 9), tail)
        bad = sorted({c for c in text if (ord(c) < 32 and c not in '\r\n\t') or 127 <= ord(c) < 160 or c in '\u202e\ufffd'})
        check(f'{name}: only text on the terminal, not {bad}', not bad, tail)
        check(f'{name}: nobody typed', 'touch owned' not in text and same, tail)
        if as_json:
            try:
                users = {entry['user']: entry for entry in json.loads(text)['users']}
            except (ValueError, KeyError):
                users = {}
            check(f'{name}: the last user is served', ((users.get('zoe') or {}).get('report') or {}).get('command') == command, tail)
        else:
            check(f'{name}: the last user is served', '== zoe' in text and 'Default' in text.split('== zoe')[-1], tail)
        check(f'{name}: none of their runs goes on: {left}', not left, tail)
        check(f'{name}: root\'s files are as they were', self.snapshot() == before, tail)


def user_many(trial, count):
    if os.geteuid() != 0 or subprocess.run(['unshare', '--mount', 'true'], capture_output=True).returncode != 0:
        print('not root, or no mount namespaces: hostile users were not tried')
        return 0
    for folder in (trial.scratch, *trial.scratch.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(0o755) if folder == trial.scratch else trial.check(f'others may enter {folder}', False)
    kinds = []
    while len(kinds) < count:
        kinds += trial.chance.sample(BY_PROGRAM + BY_FILES, len(BY_PROGRAM + BY_FILES))
    rounds = [Round(trial, at // 4, kinds[at:min(at + 4, count)]) for at in range(0, count, 4)]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(one.go) for one in rounds]:
            done.result()
    return count
