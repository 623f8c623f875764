#!/usr/bin/env python3
"""--all-users is a boundary: what a hostile user's run can do to the administrator who started it on a terminal.

    all_users.py UNSTICK PROFILE_TOOL

Bob's configuration makes his run start a program of his, which tries to type into the administrator's terminal, to write
to it, to look into unstick's memory, and then stops unstick. Ann comes after him. Needs root and mount namespaces; ends
with 77 (skipped) without. Each check is a line.
"""
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from checks import check, failed

UNSTICK, TOOL = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
LONGEST = 300  # seconds; only a run that hangs lasts so long
BOB, ANN = 20001, 20002  # in the order in which they have their turn

if os.geteuid() != 0 or subprocess.run(['unshare', '--mount', 'true'], capture_output=True).returncode != 0:
    print('not root, or no mount namespaces: what other users can do was not tested')
    sys.exit(77)

scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-all-users-'))
scratch.chmod(0o755)


def give(folder, user):
    for path in [folder, *folder.rglob('*')]:
        os.chown(path, user, user, follow_symlinks=False)


for name in ('bob', 'ann'):
    subprocess.run([TOOL, 'make', str(scratch / name)], check=True)
bob = scratch / 'bob'
(bob / 'evil').write_text(f'''#!/usr/bin/env python3
import ctypes, fcntl, json, os, signal, termios
seen, unstick = {{}}, os.getppid()
def attempt(name, do):
    try:
        seen[name] = repr(do())
    except OSError as error:
        seen[name] = type(error).__name__
seen["uid"], seen["pid"] = os.getuid(), os.getpid()
attempt("open the terminal", lambda: os.open("/dev/tty", os.O_RDWR))
for fd in range(3):
    attempt("type into %d" % fd, lambda: [fcntl.ioctl(fd, termios.TIOCSTI, c) for c in b"touch owned\\n"])
attempt("write to its output", lambda: os.write(os.open("/proc/%d/fd/1" % unstick, os.O_WRONLY), b"\\x1b]0;owned\\x07"))
attempt("read its memory", lambda: open("/proc/%d/mem" % unstick, "rb").fileno())
libc = ctypes.CDLL(None, use_errno=True)
seen["trace it"] = libc.ptrace(16, unstick, 0, 0)
with open("{bob}/seen.new", "w") as file:
    json.dump(seen, file)
os.rename("{bob}/seen.new", "{bob}/seen")
os.kill(unstick, signal.SIGSTOP)
signal.pause()
''')
(bob / 'evil').chmod(0o755)
config = bob / '.config/unstick/config'
config.parent.mkdir(parents=True)
config.write_text(f'browser-program={bob}/evil\n')
give(bob, BOB)
give(scratch / 'ann', ANN)
passwd = scratch / 'passwd'
passwd.write_text(f'root:x:0:0::/root:/bin/sh\nbob:x:{BOB}:{BOB}::{bob}:/bin/sh\nann:x:{ANN}:{ANN}::{scratch}/ann:/bin/sh\n')


def on_terminal(*args):
    """Root's terminal, its own session: exit code, what came on it, how long it took."""
    begun = time.monotonic()
    child, master = pty.fork()
    if child == 0:
        os.environ['HOME'] = '/root'
        os.execvp('unshare', ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/passwd && exec "$@"', str(passwd),
                              UNSTICK, *args])
    shown = b''
    while time.monotonic() < begun + LONGEST:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(master)
    return code, shown, time.monotonic() - begun


code, shown, lasted = on_terminal('why', 'stuck.test', '--all-users', '--user-minutes', '1', '--json', '--url',
                                  'http://127.0.0.1:9/', '--retest', 'browser', '--retries', '0')
seen = json.loads((bob / 'seen').read_text()) if (bob / 'seen').exists() else {}
if 'pid' in seen:
    os.kill(seen['pid'], signal.SIGKILL)  # it waits for ever
check('bob\'s program ran, as bob', seen.get('uid') == BOB, (seen, shown))
check('  it has no terminal', seen.get('open the terminal') == 'OSError', seen)
check('  it cannot type', [seen.get(f'type into {fd}') for fd in range(3)] == ['OSError'] * 3, seen)
check('  nor write to what unstick prints to', seen.get('write to its output') == 'PermissionError', seen)
check('  nor look into its memory', seen.get('read its memory') == 'PermissionError' and seen.get('trace it') == -1, seen)
check('  no escape code came to the terminal', b'\x1b' not in shown and b'\x07' not in shown, shown)
try:
    report = json.loads(shown)
except ValueError:
    report = {}
    check('the output is one JSON object', False, shown)
users = {entry['user']: entry for entry in report.get('users', [])}
check('bob\'s run, which stopped itself, was ended after a minute', 55 < lasted < 120, lasted)
problems = ((users.get('bob', {}).get('report') or {}).get('problems') or [{}])
check('  which is said', 'did not end in 1 minute,' in problems[0].get('what', ''), users.get('bob'))
check('ann had her turn', (users.get('ann', {}).get('report') or {}).get('command') == 'why', users.get('ann'))

# Text of his own on the administrator's screen: the name of his profile.
settings = bob / '.config/chromium/Local State'
settings.write_text(json.dumps({'profile': {'info_cache': {'Default': {'name': 'Bob\x1b]0;owned\x07\x9b2J\u202e'}}}}))
config.write_text('log=/dev/null\n')
give(bob, BOB)
code, shown, lasted = on_terminal('profiles', '--all-users')
text = shown.decode(errors='replace')
check('what he calls his profile reaches the screen as text only',
      not any(bad in text for bad in ('\x1b', '\x07', '\x9b', '\u202e')), shown)
check('  and both have their part', '== bob' in text and '== ann' in text, shown)

shutil.rmtree(scratch)
sys.exit(1 if failed else 0)
