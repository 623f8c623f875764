#!/usr/bin/env python3
"""Private copies of what is secret do not outlive the run that made them: the copy of a cookie database that `why`
reads, and what `--retest browser` copies of a profile.

    copies.py UNSTICK PROFILE_TOOL

A run is stopped while a copy is there: by a database of some size, and by a browser that waits. Ends with 1 if anything
was not as it should be; each check is a line.
"""
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from checks import check, failed

UNSTICK, TOOL = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
LONGEST = 120  # seconds; only a run that hangs lasts so long

scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-copies-'))
home, temporary = scratch / 'home', scratch / 'tmp'
state = home / '.local/state/unstick'
cookies = home / '.config/chromium/Default/Cookies'


def start(*args, **more):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(('UNSTICK_', 'XDG_'))}
    return subprocess.Popen([UNSTICK, *args], env={**clean, 'HOME': str(home), 'TMPDIR': str(temporary)}, text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)


def copies():
    """Files below all folders where a copy may be, but locks."""
    places = [state / 'copies', state / 'retest', temporary]
    return sorted(str(file) for place in places if place.exists() for file in place.rglob('*')
                  if file.is_file() and file.name != 'lock')


def wait_for_copy(run):
    end = time.monotonic() + LONGEST
    while not copies():
        if run.poll() is not None or time.monotonic() > end:
            check('a copy is seen while the run lasts', False, run.communicate()[0])
            sys.exit(1)
        time.sleep(0.002)
    return copies()


def pending_changes(megabytes):
    """A database with a write-ahead log is read from a copy. This one takes a while. The writer that holds the log was
    killed: its lock is gone."""
    writer = sqlite3.connect(cookies)
    writer.execute('PRAGMA journal_mode = WAL')
    writer.execute('PRAGMA wal_autocheckpoint = 0')
    writer.execute('CREATE TABLE IF NOT EXISTS filler(x)')
    for _ in range(megabytes):
        writer.execute('INSERT INTO filler VALUES(zeroblob(1048576))')
        writer.commit()
    kept = scratch / 'kept'
    for suffix in ('', '-wal'):
        shutil.copy(f'{cookies}{suffix}', f'{kept}{suffix}')
    writer.close()
    for suffix in ('', '-wal'):
        shutil.copy(f'{kept}{suffix}', f'{cookies}{suffix}')
    pathlib.Path(f'{cookies}-shm').unlink(missing_ok=True)


def end_by(run, what):
    run.send_signal(what)
    run.communicate(timeout=LONGEST)
    return run.returncode


def why():
    return start('why', 'stuck.test', '--retest', 'none')


def look(command='doctor'):
    done = start(command)
    done.communicate(timeout=LONGEST)


temporary.mkdir()
subprocess.run([TOOL, 'make', str(home)], check=True)
pending_changes(192)

run = why()
seen = wait_for_copy(run)
check('the copy of a database lies below the state folder', all(name.startswith(str(state / 'copies')) for name in seen),
      seen)
folder = pathlib.Path(seen[0]).parent
check('  in a folder that is its owner\'s alone', folder.stat().st_mode & 0o777 == 0o700, oct(folder.stat().st_mode))
other = why()
other.communicate(timeout=LONGEST)
run.communicate(timeout=LONGEST)
check('two runs at once end well', (run.returncode, other.returncode) == (0, 0), (run.returncode, other.returncode))
check('nothing is left of them', copies() == [], copies())

for name in ('SIGINT', 'SIGTERM', 'SIGHUP'):
    number = getattr(signal, name)
    run = why()
    wait_for_copy(run)
    check(f'{name} ends it as it always did', end_by(run, number) == -number, run.returncode)
    check('  and nothing is left', copies() == [], copies())

for command in ('doctor', 'runs', 'profiles'):
    run = why()
    wait_for_copy(run)
    run.kill()
    run.wait(LONGEST)
    check('killed: something is left', copies() != [])
    look(command)
    check(f'  `unstick {command}` removes it', copies() == [], copies())

run = why()
wait_for_copy(run)
run.send_signal(signal.SIGSTOP)
kept = copies()
look()
check('what a living run works with stays', kept != [] and copies() == kept, copies())
run.send_signal(signal.SIGCONT)
run.communicate(timeout=LONGEST)
check('  and goes with it', copies() == [], copies())

# A browser that is asked for nothing, and waits: it says its pid, so that it can be seen to have ended.
browser = scratch / 'browser'
browser.write_text(f'#!/bin/sh\necho $$ > {scratch}/browser.pid.new && mv {scratch}/browser.pid.new {scratch}/browser.pid\n'
                   'exec sleep 600\n')
browser.chmod(0o755)


def is_alive(pid):
    try:
        return pathlib.Path(f'/proc/{pid}/stat').read_text().split(') ')[1][0] != 'Z'
    except OSError:
        return False


def ends_soon(pid):
    end = time.monotonic() + LONGEST
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.005)
    return not is_alive(pid)


def retest_of_profile():
    (scratch / 'browser.pid').unlink(missing_ok=True)
    run = start('why', 'stuck.test', '--url', 'http://127.0.0.1:9/', '--retest', 'browser', '--browser-program',
                str(browser), '--retries', '0')
    end = time.monotonic() + LONGEST
    while not (scratch / 'browser.pid').exists() and run.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    return run


for suffix in ('-wal', '-shm'):
    pathlib.Path(f'{cookies}{suffix}').unlink(missing_ok=True)
for name, number in (('SIGINT', signal.SIGINT), ('SIGTERM', signal.SIGTERM), ('SIGKILL', signal.SIGKILL)):
    run = retest_of_profile()
    seen = copies()
    check(f'--retest browser: a copy of the profile is there ({name})', any('/copies/' in one for one in seen), seen)
    pid = int((scratch / 'browser.pid').read_text()) if (scratch / 'browser.pid').exists() else 0
    end_by(run, number)
    if number == signal.SIGKILL:
        if pid:
            os.kill(pid, signal.SIGKILL)
        check('  killed: it is left', copies() != [])
        look()
    else:
        check('  the browser has ended, too', pid > 0 and ends_soon(pid), pid)
    check('  nothing is left', copies() == [], copies())

# What 0.1.0 left.
for name in ('copy-0123', 'new-4567'):
    (state / 'retest' / name).mkdir(parents=True)
    (state / 'retest' / name / 'Cookies').write_text('SECRET')
look()
check('what 0.1.0 left is removed', copies() == [], copies())

pending_changes(192)
# Nobody of the same user looks into its memory, and no crash writes it down.
run = why()
wait_for_copy(run)
limits = pathlib.Path(f'/proc/{run.pid}/limits').read_text() if os.geteuid() == 0 else ''
core = [line.split()[4] for line in limits.splitlines() if line.startswith('Max core')]
check('no crash writes a core file', core in ([], ['0']), core)
run.send_signal(signal.SIGSEGV)
run.communicate(timeout=LONGEST)
look()
check('a crash leaves no copy for longer than the next start', copies() == [], copies())

shutil.rmtree(scratch)
sys.exit(1 if failed else 0)
