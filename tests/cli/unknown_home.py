#!/usr/bin/env python3
"""Nobody knows a home folder: an owner without an account here (a mounted disk, a deleted user), or a user without one (a
container). Nothing is kept below the current folder; --state-dir is asked for before anything is touched.

    unknown_home.py UNSTICK PROFILE_TOOL

Needs root; ends with 77 (skipped) without it.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

STRANGER = 54321
UNSTICK, TOOL = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
if os.geteuid() != 0:
    print('not root: owners without an account were not tried')
    sys.exit(77)
scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-unknown-'))
scratch.chmod(0o755)
here = scratch / 'here'
home = scratch / 'home'
own_program = scratch / 'unstick'  # where the stranger may go
shutil.copy(UNSTICK, own_program)
failures = []


def check(what, good):
    if not good:
        print('FAILED:', what)
        failures.append(what)


def of_stranger(path):
    for folder, folders, files in os.walk(path):
        for name in ['.', *folders, *files]:
            os.chown(os.path.join(folder, name), STRANGER, STRANGER, follow_symlinks=False)


def seen():
    return subprocess.check_output([TOOL, 'seen', str(home)])


def run(what, expected, *words, user=None, env=None):
    done = subprocess.run([str(own_program), *words], cwd=here, env=env if env is not None else dict(os.environ),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, user=user, group=user,
                          extra_groups=[] if user else None)
    check(f'{what}: ends with {done.returncode}, not {expected}\n{done.stdout}{done.stderr}', done.returncode == expected)
    check(f'{what}: leaves something in the current folder', not list(here.iterdir()))
    return done.stdout + done.stderr


here.mkdir()
subprocess.run([TOOL, 'make', str(home)], check=True)
of_stranger(home)
os.chown(here, STRANGER, STRANGER)
before = seen()
data = str(home / '.config/chromium')
fix = ['fix', 'stuck.test', '--yes', '--retest', 'none']

text = run('root, a folder of nobody', 2, *fix, '--user-data-dir', data)
check('root, a folder of nobody: is told what to name', '--state-dir' in text)
check('root, a folder of nobody: nothing is removed', seen() == before)
for command in (['undo', '--yes'], ['runs'], ['doctor']):
    run(f'nobody without a home: {command[0]}', 2, *command, user=STRANGER, env={})
text = run('nobody without a home: fix', 2, *fix, '--user-data-dir', data, user=STRANGER, env={})
check('nobody without a home: is told what to name', '--state-dir' in text)
run('nobody without a home: profiles', 0, 'profiles', '--user-data-dir', data, user=STRANGER, env={})
run('nobody without a home: profiles, none named', 0, 'profiles', user=STRANGER, env={})
run('nobody without a home: --version', 0, '--version', user=STRANGER, env={})
check('nothing was changed', seen() == before)

state = scratch / 'state'
state.mkdir()
os.chown(state, STRANGER, STRANGER)
run('root, with --state-dir', 0, *fix, '--user-data-dir', data, '--state-dir', str(state))
check('root, with --state-dir: it is removed', seen() != before)
run('root, with --state-dir: undo', 0, 'undo', '--yes', '--state-dir', str(state))
check('root, with --state-dir: all is back', seen() == before)
run('root, with --home', 0, *fix, '--home', str(home))
check('root, with --home: the run is kept there', list((home / '.local/state/unstick/runs').iterdir()))
run('root, with --home: undo', 0, 'undo', '--yes', '--home', str(home)) if '--home' in run('help', 0, 'help', 'undo') else \
    run('root, with --home: undo', 0, 'undo', '--yes', '--state-dir', str(home / '.local/state/unstick'))
shutil.rmtree(scratch, ignore_errors=True)
print('unknown home:', f'{len(failures)} FAILED' if failures else 'nothing relative')
sys.exit(1 if failures else 0)
