#!/usr/bin/env python3
"""What unstick shows on a terminal and what elsewhere: what to type, the question, colours, the line of what is being
done, the width; and what it says, with which exit code, where something is wrong from the start.

    terminal.py UNSTICK PROFILE_TOOL

Terminals here are real ones (pty). Ends with 1 if anything was not as it should be; each check is a line.
"""
import contextlib
import fcntl
import http.server
import os
import pathlib
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

UNSTICK, TOOL = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
OK, USAGE, IN_USE, NOTHING_FOUND, CANCELLED = 0, 2, 7, 9, 130
LONGEST = 120  # seconds; only a run that hangs lasts so long

scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-terminal-'))
home = scratch / 'home'
good = True


def check(what, condition, shown=''):
    global good
    print(('ok: ' if condition else 'FAILED: ') + what)
    if not condition:
        good = False
        print(shown if isinstance(shown, str) else repr(shown))


def environment(**more):
    clean = {name: value for name, value in os.environ.items()
             if not name.startswith(('UNSTICK_', 'XDG_', 'CLICOLOR')) and name not in ('NO_COLOR', 'FORCE_COLOR', 'HOME')}
    return {**clean, 'HOME': str(home), 'TERM': 'xterm-256color', **more}


def on_terminal(*args, columns=80, answer=None, messages_only=False, typed=True, **more):
    """Runs it on a terminal of its own: exit code and all bytes that came. `answer` is typed at the first '? [y/N] ';
    with `typed` being false, what is typed goes elsewhere."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    child = subprocess.Popen([UNSTICK, *args], stdin=slave if typed else subprocess.DEVNULL, stderr=slave,
                             env=environment(**more), stdout=subprocess.DEVNULL if messages_only else slave, start_new_session=True)
    os.close(slave)
    shown, end = b'', time.monotonic() + LONGEST
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
        if answer is not None and shown.endswith(b'[y/N] '):
            os.write(master, answer.encode() + b'\n')
            answer = None
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
    code, shown = on_terminal()
    check('alone on a terminal: what to type, on one screen', code == OK and 'unstick undo' in shown
          and len(screen(shown)) <= 24 and max(map(len, screen(shown))) <= 80, shown)
    code, output, messages = in_pipe()
    check('alone without a terminal: wrong use, and how it is right', code == USAGE and output == ''
          and 'unstick example.com' in messages and 'unstick --help' in messages, messages)


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
    check('  on 60 columns no line is longer', max(map(len, screen(shown))) <= 60, shown)
    code, shown = on_terminal('undo', '--state-dir', str(scratch / 'state'), answer='y')
    check('undo asks, too', code == OK and 'Put back' in shown, shown)
    check('  and all is back', subprocess.check_output([TOOL, 'seen', str(home)]) == before)


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
    on_empty = ['--home', str(empty), '--os', 'linux', '--retest', 'none']
    for what, args, more, code, words in [
        ('a wrong address', ['http://'], {}, USAGE, ['http://']),
        ('another scheme', ['ftp://example.com/'], {}, USAGE, ['ftp', 'https']),
        ('a public suffix', ['co.uk'], {}, USAGE, ['co.uk', 'public suffix']),
        ('no site', ['why'], {}, USAGE, ['no site', 'unstick why example.com']),
        ('two sites', ['a.test', 'b.test'], {}, USAGE, ['b.test', '--also']),
        ('an unknown command', ['rnus'], {}, USAGE, ['rnus', 'did you mean runs?']),
        ('an unknown option', ['a.test', '--dryrun'], {}, USAGE, ['--dryrun', 'did you mean --dry-run?']),
        ('a nonsense option', ['a.test', '--frobnicate'], {}, USAGE, ['--frobnicate', 'unstick --help']),
        ('a nonsense value', ['a.test', '--retries', 'many'], {}, USAGE, ['--retries', 'from 0 to 20']),
        ('a missing value', ['a.test', '--retries'], {}, USAGE, ['--retries', 'unstick --help']),
        ('a nonsense variable', ['a.test'], {'UNSTICK_RETRIES': 'many'}, USAGE, ['UNSTICK_RETRIES', 'from 0 to 20']),
        ('an unknown browser', ['a.test', *where, '--browser', 'netscape'], {}, USAGE, ['netscape', 'chrome']),
        ('a missing profile', ['a.test', *where, '--profile', 'Nobody'], {}, USAGE, ['Nobody', 'Default']),
        ('a missing home folder', ['a.test', '--home', '/no/such/home', '--retest', 'none'], {}, USAGE,
         ['/no/such/home', 'there is no such folder']),
        ('a missing data folder', ['a.test', '--user-data-dir', '/no/such/dir', '--retest', 'none'], {}, USAGE,
         ['/no/such/dir', 'Default']),
        ('a broken configuration file', ['a.test'], {'XDG_CONFIG_HOME': str(config)}, USAGE,
         [str(config / 'unstick/config'), 'line 2', 'did you mean --dry-run?']),
        ('a configuration file that cannot be read', ['a.test'], {'XDG_CONFIG_HOME': str(folder_as_config)}, USAGE,
         [str(folder_as_config / 'unstick/config'), 'not a regular file']),
        ('an unknown run', ['undo', '--yes', '--state-dir', str(empty), '20200101T000000Z-0000'], {}, USAGE,
         ['20200101T000000Z-0000', 'unstick runs']),
        ('no run at all', ['undo', '--yes', '--state-dir', str(empty)], {}, USAGE, ['no run', 'undo']),
        ('no browser', ['a.test', '--yes', *on_empty], {}, NOTHING_FOUND, ['No browser profile', '--user-data-dir']),
        ('no browser, why', ['why', 'a.test', *on_empty], {}, NOTHING_FOUND, ['No browser profile', '--user-data-dir']),
        ('no browser, profiles', ['profiles', *on_empty[:4]], {}, OK, ['No browser profile', '--user-data-dir']),
        ('no browser, doctor', ['doctor', *on_empty[:4]], {}, OK, ['No browser profile', '--user-data-dir']),
    ]:
        got, output, messages = in_pipe(*args, **more)
        said = output + messages
        check(f'{what}: exit code {code}, what, where, and what to do', got == code
              and all(word in said for word in words) and re.search(r'\n  (-> )?\S', said), f'exit code {got}\n{said}')
    code, output, _ = in_pipe('--help', XDG_CONFIG_HOME=str(config))
    check('help needs no configuration file', code == OK and 'Commands:' in output)
    without_home = {name: value for name, value in environment().items() if name != 'HOME'}
    ran = subprocess.run([UNSTICK, 'profiles', '--json'], env=without_home, capture_output=True, text=True, timeout=LONGEST)
    check('without HOME the home folder of the user database serves', ran.returncode == OK, ran.stdout + ran.stderr)


def a_profile_in_use():
    lock = home / '.config/chromium/SingletonLock'
    lock.symlink_to(f'{os.uname().nodename}-{os.getpid()}')
    code, output, messages = in_pipe('stuck.test', '--yes', *where)
    check('a locked profile: exit code 7, and what to do', code == IN_USE and 'Chromium' in output and 'close it' in output,
          output + messages)
    lock.unlink()


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
    for part in (what_to_type, colours, what_is_being_done, the_question, the_report, wrong_from_the_start,
                 a_profile_in_use, an_unreadable_profile):
        part()
finally:
    shutil.rmtree(scratch, ignore_errors=True)
sys.exit(0 if good else 1)
