#!/usr/bin/env python3
"""What unstick shows on a terminal and what elsewhere: what to type, the question, colours, the line of what is being
done, the width; and what it says, with which exit code, where something is wrong from the start.

    terminal.py UNSTICK PROFILE_TOOL [PART]...

Terminals here are real ones (pty). Ends with 1 if anything was not as it should be; each check is a line.
"""
import contextlib
import fcntl
import http.server
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

from checks import check, failed

UNSTICK, TOOL = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
OK, USAGE, STILL_STUCK, IN_USE, NOTHING_FOUND, CANCELLED = 0, 2, 4, 7, 9, 130
LONGEST = 120  # seconds; only a run that hangs lasts so long

scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-terminal-'))
home = scratch / 'home'


def environment(**more):
    clean = {name: value for name, value in os.environ.items()
             if not name.startswith(('UNSTICK_', 'XDG_', 'CLICOLOR')) and name not in ('NO_COLOR', 'FORCE_COLOR', 'HOME')}
    return {**clean, 'HOME': str(home), 'TERM': 'xterm-256color', **more}


def on_terminal(*args, columns=80, answer=None, messages_only=False, typed=True, **more):
    """Runs it on a terminal of its own: exit code and all bytes that came. `answer` is typed at the first question, of several one at each
    (a function is asked then); with `typed` being false, what is typed goes elsewhere."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    child = subprocess.Popen([UNSTICK, *args], stdin=slave if typed else subprocess.DEVNULL, stderr=slave,
                             env=environment(**more), stdout=subprocess.DEVNULL if messages_only else slave, start_new_session=True)
    os.close(slave)
    shown, typed_at, end = b'', 0, time.monotonic() + LONGEST
    answers = [] if answer is None else [answer] if isinstance(answer, str) else list(answer)
    while time.monotonic() < end:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other end is closed
            piece = b''
        if not piece:
            break
        shown += piece
        if answers and re.search(rb'(\[y/N\]|\[Y/n\]|\[1\]:|Site:) $', shown[typed_at:]):
            typed_at = len(shown)
            answered = answers.pop(0)
            typed_next = (answered() if callable(answered) else answered).encode()
            if typed_next == b'\x03':
                os.kill(child.pid, signal.SIGINT)  # as the terminal does that a program was started on
            else:
                os.write(master, typed_next + b'\n')
    os.close(master)
    return child.wait(LONGEST), shown.decode()


def in_pipe(*args, **more):
    """Without any terminal: exit code, output, messages."""
    ran = subprocess.run([UNSTICK, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LONGEST,
                         env=environment(**more), start_new_session=True)
    return ran.returncode, ran.stdout, ran.stderr


def screen(shown):
    """The lines that are left to be seen: carriage returns, 'erase to the end of the line' and colours obeyed."""
    lines, column = [''], 0
    for piece in re.findall(r'\x1b\[[0-9;]*[A-Za-z]|[^\x1b]', shown):
        if piece == '\n':
            lines.append('')
            column = 0
        elif piece == '\r':
            column = 0
        elif piece == '\x1b[K':
            lines[-1] = lines[-1][:column]
        elif not piece.startswith('\x1b'):
            lines[-1] = lines[-1][:column] + piece + lines[-1][column + 1:]
            column += 1
    return lines


class Slow(http.server.BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self):
        Slow.asked += 1
        time.sleep(2)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def slow_site():
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f'http://localhost:{server.server_port}/'
    server.shutdown()


where = ['--home', str(home), '--os', 'linux', '--retest', 'none', '--state-dir', str(scratch / 'state')]


def what_to_type():
    code, shown = on_terminal('-h')
    check('-h: what to type, on one screen', code == OK and 'unstick undo' in shown
          and len(screen(shown)) <= 24 and max(map(len, screen(shown))) <= 80, shown)
    code, shown = on_terminal(typed=False)
    check('alone on a terminal where nobody types: what to type', code == OK and 'unstick undo' in shown, shown)
    for columns in 40, 120:
        shown = on_terminal('why', '--help', columns=columns)[1]
        check(f'long help uses {columns} columns', columns * 0.7 < max(
            len(line) for line in screen(shown) if line.startswith('      ') and '--' not in line) <= columns, shown)
    code, output, messages = in_pipe()
    check('alone without a terminal: wrong use, and how it is right', code == USAGE and output == ''
          and 'unstick example.com' in messages and 'unstick --help' in messages, messages)


def the_guide():
    """unstick alone: from a site to a removal and back again."""
    guided = scratch / 'guided'
    subprocess.check_call([TOOL, 'make', str(guided)])
    before = subprocess.check_output([TOOL, 'seen', str(guided)])
    alone = {'HOME': str(guided), 'XDG_STATE_HOME': str(scratch / 'guided-state'), 'UNSTICK_RETEST': 'none', 'NO_COLOR': '1'}
    for columns, language in (40, 'C'), (60, 'C.UTF-8'), (80, 'C'), (120, 'C.UTF-8'):
        code, shown = on_terminal(columns=columns, answer=['stuck.test', '2', 'y', '3'], LC_ALL=language, **alone)
        said = ' '.join(shown.split())
        check(f'guide, {columns} columns, {language}: a site, all of it removed, and put back',
              code == OK and 'Remove all this?' in said and 'Everything is back' in said
              and subprocess.check_output([TOOL, 'seen', str(guided)]) == before, shown)
        check('  no line is longer, but for commands and paths', all(
            len(line) <= columns or ' unstick ' in line or '/' in line for line in screen(shown)), shown)
    code, shown = on_terminal(answer=['stuck.test', '3'], **alone)
    check('guide: whoever stops has changed nothing', code == CANCELLED and 'Nothing was changed.' in shown, shown)
    for answers in ['\x03'], ['stuck.test', '\x03'], ['stuck.test', '2', '\x03']:
        code, shown = on_terminal(answer=answers, **alone)
        check(f'guide: Ctrl-C at question {len(answers)}: nothing was changed, and it is said', code != OK
              and 'Nothing was changed.' in shown
              and subprocess.check_output([TOOL, 'seen', str(guided)]) == before, shown)


def several_sites():
    shared = scratch / 'several-sites'
    subprocess.check_call([TOOL, 'make', str(shared)])
    at = ['--home', str(shared), '--os', 'linux', '--retest', 'none', '--state-dir', str(scratch / 'state-several')]
    (scratch / 'sites').write_text('# both\nother.test\n')
    code, output, messages = in_pipe('fix', 'stuck.test', '--sites-from', str(scratch / 'sites'), '--yes', '--json', *at)
    result = json.loads(output)
    check('two sites: a report and a run each', code == OK and [one['site'] for one in result['sites']] ==
          ['stuck.test', 'other.test'] and len({one['report']['run'] for one in result['sites']}) == 2, output)
    check('  ids of runs differ in their last part, too', len({one['report']['run'][-4:] for one in result['sites']}) == 2,
          output)
    code, output, messages = in_pipe('why', 'stuck.test', 'other.test', *at[:6])
    check('two sites: the text names each', '== stuck.test\n' in output and '== other.test\n' in output, output)
    code, output, messages = in_pipe('scan', '--json', *at[:4])
    check('scan: no site of these any more', code in (OK, 10) and not {'stuck.test', 'other.test'} & {
        one['site'] for one in json.loads(output)['sites']}, output)


def hosts_in_the_question():
    several = scratch / 'several'
    subprocess.run([TOOL, 'make', str(several), 'stuck.test', 'app.stuck.test', 'localhost:8080', 'localhost:9090'],
                   check=True)
    there = ['--home', str(several), '--os', 'linux', '--retest', 'none', '--state-dir', str(scratch / 'state')]
    shown = on_terminal('fix', 'stuck.test', *there, answer='n')[1]
    check('the question names the hosts if there are several', 'Hosts: app.stuck.test, stuck.test.' in shown, shown)
    code, shown = on_terminal('fix', 'localhost:8080', *there, answer='n')
    check("  and says what the host's other ports share", code == CANCELLED and 'shared with the other ports' in shown
          and "shared with the host's other ports" in ' '.join(shown.split()) and 'Hosts:' not in shown, shown)


def colours():
    def colored(text):  # where work takes long, the line of what is being done has sequences of its own
        return re.search(r'\x1b\[[0-9;]*m', text) is not None
    profiles = ['profiles', '--home', str(home), '--os', 'linux']
    check('a terminal is coloured', colored(on_terminal(*profiles)[1]))
    check('  not with NO_COLOR', not colored(on_terminal(*profiles, NO_COLOR='1')[1]))
    check('  not with --no-color', not colored(on_terminal(*profiles, '--no-color')[1]))
    check('  not with TERM=dumb', not colored(on_terminal(*profiles, TERM='dumb')[1]))
    check('a pipe is not', not colored(''.join(in_pipe(*profiles)[1:])))
    check('  but with FORCE_COLOR', colored(in_pipe(*profiles, FORCE_COLOR='1')[1]))
    check('JSON never is', not colored(in_pipe(*profiles, '--json', FORCE_COLOR='1')[1]))


def what_is_being_done():
    with slow_site() as url:
        code, shown = on_terminal('test', url)
        check('long work: a line says what is being done', code == OK and 'asking ' + url in shown, shown)
        check('  and is gone at the end', not any('asking' in line for line in screen(shown)), screen(shown))
        check('  also where only messages are on the terminal',
              'asking ' + url in on_terminal('test', url, messages_only=True)[1])
        check('  in less than the terminal is wide', all(
            len(re.sub(r'\x1b\[[0-9;]*m', '', line)) < 40 for line in
            re.split(r'\r\x1b\[K|\n', on_terminal('test', url + 'long/' * 20, columns=40, messages_only=True)[1])))
        for quiet in ['--quiet'], ['--json']:
            check(f'no such line with {quiet[0]}', '\x1b[K' not in on_terminal('test', url, *quiet)[1])
        check('no such line with TERM=dumb', '\x1b[K' not in on_terminal('test', url, TERM='dumb')[1])
        messages = in_pipe('test', url)[2]
        check('no such line without a terminal', messages == '', messages)


def the_question():
    before = subprocess.check_output([TOOL, 'seen', str(home)])
    code, shown = on_terminal('stuck.test', *where, answer='n')
    check('the plan is shown and asked about; no: nothing is changed',
          code == CANCELLED and 'Cookies' in shown and 'Remove all this?' in shown
          and subprocess.check_output([TOOL, 'seen', str(home)]) == before, shown)
    for unclear in ('', 'no', 'yess', 'n y', '\x04'):  # the last: end of input
        code, shown = on_terminal('stuck.test', *where, answer=unclear)
        check(f'{unclear!r} is no yes: nothing is changed',
              code == CANCELLED and subprocess.check_output([TOOL, 'seen', str(home)]) == before, shown)
    code, shown = on_terminal('stuck.test', *where, '--no-undo', answer='n')
    check('with --no-undo the question says that it is for good; no: nothing is changed',
          code == CANCELLED and 'for good' in shown and 'cannot be put back' in shown
          and subprocess.check_output([TOOL, 'seen', str(home)]) == before, shown)
    code, output, messages = in_pipe('stuck.test', *where)
    check('nobody is there to ask: refused, with what to do', code == USAGE and '--yes' in output + messages, output)
    code, shown = on_terminal('stuck.test', *where, typed=False)
    check('the same if only the messages are on a terminal', code == USAGE and '[y/N]' not in shown, shown)
    code, shown = on_terminal('stuck.test', *where, answer='y', columns=60)
    check('yes: removed', code == OK and 'removed' in shown and 'unstick undo' in shown, shown)
    check('  on 60 columns no line but a command is longer', all(
        len(line) <= 60 or line.startswith('     unstick ') for line in screen(shown)), shown)
    code, shown = on_terminal('undo', '--state-dir', str(scratch / 'state'), answer='y')
    check('undo asks, too', code == OK and 'Put back' in shown, shown)
    check('  and all is back', subprocess.check_output([TOOL, 'seen', str(home)]) == before)


def the_person():
    """fix --least --retest person: who is kept out by one cookie says after each step whether they are in."""
    theirs = scratch / 'person'
    subprocess.check_call([TOOL, 'make', str(theirs)])
    seen = lambda: subprocess.check_output([TOOL, 'seen', str(theirs)])
    before, state = seen(), str(scratch / 'state-person')
    jar = theirs / '.config/chromium/Default/Cookies'
    command = ['fix', 'stuck.test', '--least', '--retest', 'person', '--home', str(theirs), '--os', 'linux', '--profile', 'Default',
               '--state-dir', state]

    def cookies():
        with contextlib.closing(sqlite3.connect(f'file:{jar}?mode=ro', uri=True)) as database:
            return set(database.execute('SELECT host_key, name, path, top_frame_site_key FROM cookies'))
    there = cookies()
    culprit = min(one for one in there if one[0].endswith('stuck.test'))
    code, shown = on_terminal(*command, answer=['y'] + [lambda: 'n' if culprit in cookies() else 'y'] * 30)
    said = ' '.join(shown.split())
    check('the person is asked after each step, and the one cookie that keeps them out is found and stays away', code == OK
          and there - cookies() == {culprit} and 'Are you in now? [y/N]' in said and 'as you said' in said, shown)
    code, shown = on_terminal('undo', '--state-dir', state, answer='y')
    check('  undo brings that back', code == OK and seen() == before, shown)
    code, shown = on_terminal(*command, answer=['y'] + ['n'] * 30)
    check('nothing helps: all is as it was, and it is said', code == STILL_STUCK and seen() == before
          and 'with everything away' in ' '.join(shown.split()), shown)
    code, shown = on_terminal(*command, answer='n')
    check('who does not begin has changed nothing', seen() == before and 'Are you in now?' not in shown, shown)
    code, shown = on_terminal(*command, answer=['y', 'n', '\x03'])
    run = re.search(r'unstick undo (\S+)', shown)
    check('Ctrl-C at a question: what to type to have it back', code != OK and run and seen() != before, shown)
    code, output, messages = in_pipe('undo', run[1] if run else '', '--yes', '--state-dir', state)
    check('  and that brings it back', code == OK and seen() == before, output + messages)
    code, output, messages = in_pipe(*command)
    check('nobody is there to ask: nothing is changed', code != OK and seen() == before, output + messages)
    with slow_site() as url:
        local = scratch / 'person-local'
        subprocess.check_call([TOOL, 'make', str(local), url[len('http://'):-1]])
        code, shown = on_terminal('fix', url, '--least', '--browser-program', '/no/such/browser', '--home', str(local), '--os', 'linux',
                                  '--profile', 'Default', '--state-dir', state, answer='n')
        check('no browser can be asked: it is offered', 'Begin?' in shown and 'Are you in now?' not in shown, shown)
    for more in ['--yes'], ['--dry-run']:
        code, output, messages = in_pipe(*command, *more)
        check(f'  {more[0]} with it is refused', code == USAGE and '--least' in output + messages, output + messages)


def the_report():
    file = scratch / 'report.html'
    code, output, _ = in_pipe('why', 'stuck.test', *where[:6], '--report', str(file))
    check('a report is written beside the text', file.read_text().startswith('<!DOCTYPE html>') and 'stuck.test' in
          file.read_text() and output != '')
    check('  for its owner alone', file.stat().st_mode & 0o777 == 0o600)
    (scratch / 'link.html').symlink_to(file)
    with slow_site() as url:
        Slow.asked = 0
        for bad in scratch / 'no-folder' / 'report.html', scratch, scratch / 'link.html':
            code, output, messages = in_pipe('test', url, '--report', str(bad))
            check(f'a report that cannot be written is refused: {bad.name}', code == USAGE and output == ''
                  and str(bad) in messages and '\n  ' in messages, messages)
        check('  before the site is asked', Slow.asked == 0)


def wrong_from_the_start():
    """Each says what, where, and on a second line what to do next."""
    empty = scratch / 'empty'
    empty.mkdir()
    config = scratch / 'config'
    (config / 'unstick').mkdir(parents=True)
    (config / 'unstick/config').write_text('# mine\ndry-rnu=1\n')
    folder_as_config = scratch / 'folder-as-config'
    (folder_as_config / 'unstick/config').mkdir(parents=True)
    other_har = scratch / 'other.har'
    other_har.write_text('{"log": {"entries": []}}')
    on_empty = ['--home', str(empty), '--os', 'linux', '--retest', 'none']
    for what, args, more, code, words in [
        ('a wrong address', ['http://'], {}, USAGE, ['http://']),
        ('another scheme', ['ftp://example.com/'], {}, USAGE, ['ftp', 'https']),
        ('a public suffix', ['co.uk'], {}, USAGE, ['co.uk', 'public suffix']),
        ('no site', ['why'], {}, USAGE, ['no site', 'unstick why example.com']),
        ('a command behind a site', ['a.test', 'undo'], {}, USAGE, ['undo', 'unstick undo a.test']),
        ('an unknown command', ['rnus'], {}, USAGE, ['rnus', 'did you mean runs?']),
        ('an unknown option', ['a.test', '--dryrun'], {}, USAGE, ['--dryrun', 'did you mean --dry-run?']),
        ('a nonsense option', ['a.test', '--frobnicate'], {}, USAGE, ['--frobnicate', 'unstick --help']),
        ('a nonsense value', ['a.test', '--retries', 'many'], {}, USAGE, ['--retries', 'from 0 to 20']),
        ('a missing value', ['a.test', '--retries'], {}, USAGE, ['--retries', 'unstick --help']),
        ('a nonsense variable', ['a.test'], {'UNSTICK_RETRIES': 'many'}, USAGE, ['UNSTICK_RETRIES', 'from 0 to 20']),
        ('an unknown browser', ['a.test', '--yes', *where, '--browser', 'netscape'], {}, USAGE, ['netscape', 'chrome']),
        ('a missing profile', ['a.test', '--yes', *where, '--profile', 'Nobody'], {}, USAGE, ['Nobody', 'Default']),
        ('a missing home folder', ['a.test', '--yes', '--home', '/no/such/home', '--retest', 'none'], {}, USAGE,
         ['/no/such/home', 'there is no such folder']),
        ('a missing data folder', ['a.test', '--yes', '--user-data-dir', '/no/such/dir', '--retest', 'none'], {}, USAGE,
         ['/no/such/dir', 'Default']),
        ('a broken configuration file', ['a.test'], {'XDG_CONFIG_HOME': str(config)}, USAGE,
         [str(config / 'unstick/config'), 'line 2', 'did you mean --dry-run?']),
        ('a configuration file that cannot be read', ['a.test'], {'XDG_CONFIG_HOME': str(folder_as_config)}, USAGE,
         [str(folder_as_config / 'unstick/config'), 'not a regular file']),
        ('an unknown run', ['undo', '--yes', '--state-dir', str(empty), '20200101T000000Z-0000'], {}, USAGE,
         ['20200101T000000Z-0000', 'unstick runs']),
        ('no run at all', ['undo', '--yes', '--state-dir', str(empty)], {}, USAGE, ['no run', 'undo']),
        ('a recording of another site', ['why', 'a.test', '--har', str(other_har)], {}, USAGE,
         [str(other_har), 'no request to a.test', 'record again while the page is opened']),
        ('a recording that is none', ['why', 'a.test', '--har', str(config / 'unstick/config')], {}, USAGE,
         ['no recording of a browser (HAR)', 'Save all as HAR']),
        ('a nonsense --resolve', ['a.test', '--resolve', 'nonsense'], {}, USAGE,
         ['HOST:PORT:ADDRESS', '--resolve example.com:443:192.0.2.1']),
        ('an address of a script', ['javascript:alert(1)'], {}, USAGE, ['not the address of a web site', 'https:// address']),
        ('a folder without a profile', ['why', 'a.test', '--user-data-dir', str(empty), '--retest', 'none'], {}, USAGE,
         [str(empty), 'there is no browser profile in this folder', 'unstick profiles']),
        ('a folder without caches', ['why', 'a.test', *where, '--cache-dir', str(empty)], {}, USAGE,
         [str(empty), 'there are no caches of a profile in it', '--disk-cache-dir']),
        ('a log that cannot be written', ['why', 'a.test', *on_empty, '--log', '/no/such/log'], {}, USAGE,
         ['/no/such/log', 'a file in a folder that you can write to']),
        ('a list of sites that is not there', ['fix', 'a.test', '--yes', '--sites-from', '/no/such/list'], {}, USAGE,
         ['/no/such/list', 'one site on each line']),
        ('--all-users, and nobody to confirm', ['fix', 'a.test', '--all-users'], {}, USAGE,
         ['nobody can confirm for all users', 'add --yes']),
        ('nobody to confirm', ['fix', 'a.test', *where], {}, USAGE, ['no terminal, and --yes was not given', 'add --yes']),
        ('an unknown run to erase', ['runs', '--yes', '--state-dir', str(empty), '--purge', '20200101T000000Z-0000'], {}, USAGE,
         ['there is no such run', 'unstick runs']),
        ('no browser', ['a.test', '--yes', *on_empty], {}, NOTHING_FOUND, ['No browser profile', '--user-data-dir']),
        ('no browser, why', ['why', 'a.test', *on_empty], {}, NOTHING_FOUND, ['No browser profile', '--user-data-dir']),
        ('no browser, profiles', ['profiles', *on_empty[:4]], {}, OK, ['No browser profile', '--user-data-dir']),
        ('no browser, doctor', ['doctor', *on_empty[:4]], {}, OK, ['No browser profile', '--user-data-dir']),
    ]:
        got, output, messages = in_pipe(*args, **more)
        said = output + messages
        check(f'{what}: exit code {code}, what, where, and what to do', got == code
              and all(word in ' '.join(said.split()) for word in words) and re.search(r'\n  (-> )?\S', said), f'exit code {got}\n{said}')
    code, output, _ = in_pipe('--help', XDG_CONFIG_HOME=str(config))
    check('help needs no configuration file', code == OK and 'Commands:' in output)
    without_home = {name: value for name, value in environment().items() if name != 'HOME'}
    ran = subprocess.run([UNSTICK, 'profiles', '--json'], env=without_home, capture_output=True, text=True, timeout=LONGEST)
    check('without HOME the home folder of the user database serves', ran.returncode == OK, ran.stdout + ran.stderr)


def a_profile_in_use():
    lock = home / '.config/chromium/SingletonLock'
    program = scratch / 'chromium'  # a program of another name is no browser: the lock would be an old one
    shutil.copy(shutil.which('sleep'), program)
    with subprocess.Popen([program, str(LONGEST)]) as browser:
        lock.symlink_to(f'{os.uname().nodename}-{browser.pid}')
        code, output, messages = in_pipe('stuck.test', '--yes', *where)
        browser.kill()
    check('a locked profile: exit code 7, and what to do', code == IN_USE and 'Chromium' in output and 'close it' in output,
          output + messages)
    lock.unlink()


FAKE_BROWSER = '''
import os, socket, sys, time
if os.path.exists(sys.argv[1]):
    os.unlink(sys.argv[1])
listening = socket.socket(socket.AF_UNIX)
listening.bind(sys.argv[1])
listening.listen()
time.sleep(600)
'''


def a_browser_that_is_open():
    """One that answers on its socket, and quits when asked. (That it comes back: reopen_test.mjs.)"""
    there = scratch / 'open'
    subprocess.check_call([TOOL, 'make', str(there)])
    folder = there / '.config/chromium'
    at = ['--home', str(there), '--os', 'linux', '--retest', 'none', '--state-dir', str(scratch / 'state-open')]
    program, socket = scratch / 'browser.py', scratch / 'socket'
    program.write_text(FAKE_BROWSER)
    (folder / 'SingletonSocket').symlink_to(socket)

    def begin():
        socket.unlink(missing_ok=True)
        browser = subprocess.Popen([sys.executable, program, socket])
        (folder / 'SingletonLock').unlink(missing_ok=True)
        (folder / 'SingletonLock').symlink_to(f'{os.uname().nodename}-{browser.pid}')
        while not socket.exists():
            time.sleep(0.05)
        return browser
    with begin() as browser:
        code, output, _ = in_pipe('stuck.test', '--yes', *at)
        said = ' '.join(output.split())
        check('an open browser: how much is in it, and the command that helps', code == IN_USE and re.search(
            r'Chromium is open, so nothing was changed: \d+ items of this site are in it\.', said)
            and re.search(r'unstick fix stuck\.test .*--yes --reopen', output) and 'Nothing of this site' not in said, output)
        code, output, _ = in_pipe('stuck.test', '--dry-run', *at)
        check('  --dry-run shows what', code == IN_USE and 'Cookies' in output and 'would be removed' not in output, output)
        code, shown = on_terminal('stuck.test', *at, answer=['n'], columns=60)
        check('  no: it stays open', code == IN_USE and 'Close it now' in ' '.join(shown.split()) and browser.poll() is None, shown)
        check('  on 60 columns no line but a command is longer', all(
            len(line) <= 60 or line.startswith(('     unstick ', '/')) for line in screen(shown)), shown)
        code, shown = on_terminal('stuck.test', *at, '--no-color', answer=['y', 'y'])
        said = ' '.join(shown.split())
        check('  yes: it is closed, the removal is asked about, and done', code == OK and 'Remove all this?' in said
              and browser.wait(LONGEST) != 0, shown)
        check('  before the question: what it means, and until when it can be undone', re.search(
            r'You will be signed out of stuck\.test in Chromium; carts or drafts kept in the browser go, too\. '
            r'`unstick undo` brings it back for 7 days\.', said), shown)


def an_unreadable_profile():
    profile = home / '.config/chromium/Default'
    as_nobody = os.geteuid() == 0
    if as_nobody:  # root can read everything: as somebody else, in a home folder that is theirs
        shutil.chown(home, 65534, 65534)
        for path in home.rglob('*'):
            shutil.chown(path, 65534, 65534) if not path.is_symlink() else None
        scratch.chmod(0o755)
    fix = ['stuck.test', '--yes', *where[:6], '--state-dir', str(home / 'state')]
    (profile / 'Cookies').chmod(0)
    code, output, messages = in_pipe(*fix, '--only', 'cookies')
    check('an unreadable file: exit code 8, where, why, and what to do', code == 8 and 'Permission denied' in output
          and str(profile / 'Cookies') in output.replace('\n', '') and '\n  -> ' in output, f'{code}\n{output}{messages}')
    check('  what to do is a command that can be copied', f'     chmod u+rwX {profile}/Cookies\n' in output, output)
    (profile / 'Cookies').chmod(0o600)
    profile.chmod(0)
    for command, expected in (fix, 8), (['doctor', *where[:4]], 8), (['profiles', *where[:4]], 3):
        code, output, messages = in_pipe(*command)
        check(f'an unreadable profile, {command[0]}: exit code {expected}, one problem, where, and what to do',
              code == expected and output.count('problem:') == 1 and str(profile) in output and '\n  -> ' in output,
              f'{code}\n{output}{messages}')
    profile.chmod(0o700)


try:
    subprocess.check_call([TOOL, 'make', str(home)])
    for part in (what_to_type, the_guide, several_sites, colours, what_is_being_done, the_question, the_person, hosts_in_the_question, the_report, wrong_from_the_start,
                 a_profile_in_use, a_browser_that_is_open, an_unreadable_profile):
        if not sys.argv[3:] or part.__name__ in sys.argv[3:]:
            part()
finally:
    shutil.rmtree(scratch, ignore_errors=True)
sys.exit(1 if failed else 0)
