#!/usr/bin/env python3
"""--log-to: one line a run in the system's log, and nothing of what is secret in it.

    tests/cli/log_to.py UNSTICK PROFILE_TOOL

Stands in for systemd's journal and for syslog at their own sockets, in a mount namespace of its own; needs root, and ends
with 77 (skipped) where that is not to be had."""

import os
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from checks import check, failed


def expect(condition, what, *shown):
    check(what, condition, repr(shown))


def enter_namespace():
    if os.environ.get('LOG_TO_INSIDE'):
        return
    words = ['unshare', '--mount', '--propagation', 'private']
    if os.geteuid() != 0 or subprocess.run([*words, 'true'], capture_output=True).returncode != 0:
        print('skipped: no mount namespace is to be had')
        sys.exit(77)
    os.environ['LOG_TO_INSIDE'] = '1'
    os.execvp(words[0], [*words, sys.executable, *sys.argv])


def own_folders():
    """A /run and a /dev of this namespace alone, so that /dev/log can be ours. Nothing of the machine's own is shown
    anywhere else: a folder that is removed later must never hold it."""
    for place in ('/run', '/dev'):
        subprocess.run(['mount', '-t', 'tmpfs', 'tmpfs', place], check=True)
    for name, major, minor in (('null', 1, 3), ('zero', 1, 5), ('random', 1, 8), ('urandom', 1, 9)):
        os.mknod(f'/dev/{name}', 0o666 | stat.S_IFCHR, os.makedev(major, minor))


def listen(path):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(path)
    server.settimeout(30)
    return server


def messages(server):
    """All that have come: unstick has ended, so nothing more does."""
    found = []
    server.setblocking(False)
    try:
        while True:
            found.append(server.recv(65536).decode())
    except BlockingIOError:
        return found


def main():
    enter_namespace()
    program, profile_tool = (str(Path(path).resolve()) for path in sys.argv[1:3])
    own_folders()  # first: the folder for tests may lie in the /dev/shm that is hidden now, and is another one then
    with tempfile.TemporaryDirectory(prefix='unstick-log.') as folder:
        work = Path(folder)
        home, state = work / 'home', work / 'state'
        subprocess.run([profile_tool, 'make', home], check=True)

        def unstick(*words):
            return subprocess.run([program, *words, '--state-dir', state, '--no-color'], capture_output=True, text=True)

        fix = ['fix', 'stuck.test', '--yes', '--retest', 'none', '--home', str(home), '--os', 'linux']
        for log in ('journal', 'syslog'):
            ran = unstick(*fix, '--log-to', log)
            expect(ran.returncode == 2 and 'nobody takes messages here' in ran.stderr, f'{log}: nobody listens: refused', ran.stderr)
        expect(unstick('runs', '--json').stdout.count('stuck.test') == 0, 'nothing was done then')
        expect(unstick(*fix, '--log-to', 'eventlog').returncode == 2, 'a log of another system is refused')
        expect(unstick(*fix, '--log-to', 'paper').returncode == 2, 'another word is refused')

        journal, syslog = listen('/run/systemd/journal/socket'), listen('/dev/log')
        ran = unstick(*fix, '--log-to', 'journal')
        expect(ran.returncode == 0, 'fix, noted in the journal', ran.stdout, ran.stderr)
        entries = messages(journal)
        expect(len(entries) == 1, 'one entry for a run', entries)
        fields = dict(line.split('=', 1) for line in entries[0].splitlines())
        expect(fields['SYSLOG_IDENTIFIER'] == 'unstick' and fields['PRIORITY'] == '6', 'who says it, and how grave it is', fields)
        expect(fields['UNSTICK_COMMAND'] == 'fix' and fields['UNSTICK_SITE'] == 'stuck.test', 'what was done', fields)
        expect(fields['UNSTICK_EXIT_CODE'] == '0' and int(fields['UNSTICK_REMOVED']) > 0, 'how it ended', fields)
        expect(fields['MESSAGE'].startswith('command=fix site=stuck.test exit_code=0 verdict='), 'the line', fields)
        expect('session' not in entries[0] and str(home) not in entries[0], 'no name of a cookie and no path', entries)

        ran = unstick('undo', '--yes', '--log-to', 'syslog')
        lines = messages(syslog)
        expect(ran.returncode == 0 and len(lines) == 1, 'undo, noted by syslog', ran.stdout, lines)
        expect(lines[0].startswith('<14>') and 'unstick[' in lines[0], 'facility user, information', lines)
        expect('command=undo' in lines[0] and ' restored=' in lines[0], 'what was done', lines)
        expect(not messages(journal), 'and nothing in the other log')

        ran = unstick('fix', 'stuck.test', '--yes', '--retest', 'none', '--user-data-dir', work / 'nothing', '--log-to', 'journal')
        entries = messages(journal)
        expect(len(entries) == 1 and f'exit_code={ran.returncode}' in entries[0], 'a run that ends at once is noted, too', entries)
        expect(('PRIORITY=4' in entries[0]) == (ran.returncode not in (0, 9, 10)), 'a fault is a warning', entries)
    sys.exit(1 if failed else 0)


main()
