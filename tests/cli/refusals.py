#!/usr/bin/env python3
"""Every way in which a command line can be wrong, and what is said then: compared with tests/golden/refusals.txt, to be
read as a whole. UNSTICK_APPROVE=1 writes it anew. Each has to say what to do next.

    refusals.py UNSTICK PROFILE_TOOL

Nobody is asked: what is refused is refused first.
"""
import difflib
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

from checks import check, failed

UNSTICK, TOOL = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / 'golden' / 'refusals.txt'
LONGEST = 60  # seconds; only a run that hangs lasts so long

# What stands there, and then command lines; HOME is a home folder with a profile of Chromium.
CASES = '''
# Commands
fx example.com
clear example.com
why
example.com undo
runs one two
help nonsense

# Addresses
''
' '
ftp://example.com/
mailto:ann@example.com
https://
https://example.com:99999/
http://[::1/
[::g]
exa$mple.com
example..com
127.1
co.uk
example.com --also github.io
http://cloud/ --subdomains
example.com --url javascript:alert(1)
--sites-from HOME/missing
--sites-from HOME/empty

# Options
example.com --dryrun
example.com --frobnicate
example.com --yes=x
example.com --profile
example.com --profile A --profile B
runs --dry-run
example.com --only biscuits
example.com --only ,
example.com --only cookies --with cache
example.com --keep cookies,cache,storage,auth
example.com --keep-cookie=
example.com --keep-cookie ''
example.com --whole-cache --keep cache
example.com --rule shadowed-cooky
example.com --rule no-such-rule-at-all
example.com --rule ,
example.com --quiet --verbose
example.com --os linux
example.com --home HOME --os beos
example.com --retest brwoser
example.com --least --retest clean
example.com --retest person
example.com --escalate --retest none
example.com --escalate --stale
example.com --expect-text hello
example.com --visits 3 --retest none
example.com --retest browser --expect-url home
example.com --retries 21
example.com --timeout 0
example.com --expect-status 99
example.com --resolve example.com
example.com --resolve example.com:0:192.0.2.1
example.com --resolve example.com:443:example.org
test example.com --user ''
test example.com --plain-http
runs --older-than 7d
runs --purge --older-than 7
why a.example b.example --har HOME/site.har
why example.com --har HOME/site.har --retest browser

# Files and places
why example.com --har HOME/missing
why example.com --har HOME/empty
why example.com --har HOME/site.har
profiles --browser netscape
profiles --home HOME/missing
profiles --home HOME --os linux --profile Nobody
profiles --user-data-dir HOME/missing
profiles --user-data-dir HOME/folder
profiles --home HOME --os linux --cache-dir HOME/folder
doctor --report HOME/missing/report.html
doctor --log HOME/missing/log
doctor --log HOME/folder
undo no-such-run --state-dir HOME/state
undo --state-dir HOME/state
runs no-such-run --state-dir HOME/state

# Nobody is there to be asked
example.com
'''

# A line of the configuration file, and the command that reads it.
CONFIGURATIONS = [('dry-run', 'profiles'), ('dryrun=1', 'profiles'), ('quiet=perhaps', 'profiles'), ('retest=maybe', 'why example.com'),
                  ('retries=many', 'why example.com')]

scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-refusals-'))
home = scratch / 'home'


def said_by(words, **variables):
    """Exit code, and all that it says, with the home folder as HOME."""
    clean = {name: value for name, value in os.environ.items()
             if not name.startswith(('UNSTICK_', 'XDG_', 'SUDO_')) and not name.lower().endswith('_proxy')}
    words = [word.replace('HOME', str(home)) for word in words]
    ran = subprocess.run([UNSTICK, *words], capture_output=True, text=True, timeout=LONGEST, stdin=subprocess.DEVNULL,
                         env={**clean, 'HOME': str(home), 'LC_ALL': 'C', **variables})
    return ran.returncode, (ran.stdout + ran.stderr).replace(str(home), 'HOME')


def lines_of(said):
    """What is wrong, and what to do: a line each, however wide the terminal is."""
    parts = []
    for line in said.splitlines():
        if parts and line.startswith('  ') == parts[-1].startswith('  '):
            parts[-1] += ' ' + line.strip()
        else:
            parts.append(line)
    return parts


def entry(line, ended, said):
    lines = lines_of(said)
    check(f'unstick {line}: refused, with what to do', ended == 2 and len(lines) == 2 and lines[1].startswith('  '), said)
    return '\n'.join([f'$ unstick {line}', *lines, ''])


def all_said():
    for line in CASES.strip('\n').split('\n'):
        yield line if not line or line.startswith('#') else entry(line, *said_by(shlex.split(line)))
    yield '\n# A line of the configuration file, and a variable'
    config = home / '.config' / 'unstick' / 'config'
    config.parent.mkdir(parents=True, mode=0o700)
    for text, command in CONFIGURATIONS:
        config.write_text(text + '\n')
        config.chmod(0o600)
        yield entry(f'{command}    # {text}', *said_by(shlex.split(command)))
    config.unlink()
    yield entry('why example.com    # UNSTICK_RETEST=maybe', *said_by(['why', 'example.com'], UNSTICK_RETEST='maybe'))


try:
    subprocess.run([TOOL, 'make', str(home), 'example.com'], check=True)
    (home / 'folder').mkdir()
    (home / 'empty').write_text('')
    (home / 'site.har').write_text('{"log": {"entries": []}}')
    text = '\n'.join(all_said()) + '\n'
    if os.environ.get('UNSTICK_APPROVE'):
        GOLDEN.write_text(text)
    differences = difflib.unified_diff(GOLDEN.read_text().splitlines(), text.splitlines(), 'approved', 'said now', lineterm='')
    shown = '\n'.join(differences)
    check('all as in tests/golden/refusals.txt (UNSTICK_APPROVE=1 writes it anew)', not shown, shown)
finally:
    shutil.rmtree(scratch, ignore_errors=True)
sys.exit(1 if failed else 0)
