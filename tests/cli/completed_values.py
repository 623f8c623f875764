#!/usr/bin/env python3
"""What bash, zsh and fish complete behind every option that takes a value: the words that the option takes, files or
folders where it takes such, and else nothing.

    completed_values.py UNSTICK

The options are those of the long help; the words are those that a refusal of a wrong value names. The shells are real
ones, zsh on a terminal (pty), as it completes nowhere else. Ends with 77 where one of them is missing, after the others.
"""
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time

from checks import check, failed

UNSTICK = str(pathlib.Path(sys.argv[1]).resolve())
LONGEST = 240  # seconds; only what hangs lasts so long
COMMANDS = ['fix', 'why', 'test', 'undo', 'runs', 'profiles', 'doctor', 'scan']

scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-completions-'))
here = scratch / 'here'
(here / 'a-folder').mkdir(parents=True)
(here / 'a-file').touch()
(scratch / 'bin').mkdir()
(scratch / 'bin/unstick').symlink_to(UNSTICK)
ENVIRONMENT = {**os.environ, 'HOME': str(scratch), 'PATH': f'{scratch}/bin:{os.environ["PATH"]}', 'TERM': 'xterm'}


def unstick(*args):
    ran = subprocess.run([UNSTICK, *args], capture_output=True, text=True, timeout=LONGEST, env=ENVIRONMENT, cwd=scratch)
    return ran.stdout + ran.stderr


def options_with_values():
    """By name: what the help calls the value."""
    lines = ''.join(unstick(command, '--help') for command in COMMANDS)
    return dict(re.findall(r'^ +(?:-\w, )?--([a-z-]+)[ =]([A-Z][A-Z:]*)', lines, re.MULTILINE))


def words_of(option):
    """Those that the option takes, as its refusal of another names them; empty: it takes any, or does not name them."""
    said = ' '.join(unstick('fix', 'a.example', '--dry-run', f'--{option}', 'no-such-word').split())
    listed = re.search(r'(?:it has to be|known kinds:|it knows:) (?!a whole number)((?:[a-z0-9-]+(?:, | or |(?=[. ]|$)))+)', said)
    return set(re.split(r', | or ', re.sub(r' unstick .*', '', listed[1]))) if listed else set()


# --- The shells: for each line what they offer for its last word ---

def in_bash(lines):
    (scratch / 'unstick.bash').write_text(unstick('help', 'bash'))
    script = f'. {scratch}/unstick.bash\n' + ''.join(
        f'COMP_WORDS=({line} ""); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMPREPLY=(); _unstick unstick; echo "${{COMPREPLY[*]}}"\n'
        for line in lines)
    out = subprocess.run(['bash', '-c', script], cwd=here, env=ENVIRONMENT, capture_output=True, text=True, timeout=LONGEST).stdout
    return [set(offered.split()) for offered in out.split('\n')]


def in_fish(lines):
    (scratch / 'unstick.fish').write_text(unstick('help', 'fish'))
    script = f'source {scratch}/unstick.fish\n' + ''.join(f"complete --do-complete '{line} '; echo =\n" for line in lines)
    out = subprocess.run(['fish', '--no-config', '-c', script], cwd=here, env=ENVIRONMENT, capture_output=True, text=True, timeout=LONGEST).stdout
    return [{offered.split('\t')[0] for offered in part.split('\n') if offered} for part in out.split('=\n')]


ZSH = '''
PS1=; fpath=({0} $fpath)
autoload -Uz compinit && compinit -u -D
zstyle ':completion:*' format ''
compadd() {{
    [[ " $* " == *\\ -[OAD]\\ * ]] && {{ builtin compadd "$@"; return }}
    local -a offered
    builtin compadd -A offered "$@"; (( $#offered )) && print -rl -- $offered >>{0}/offered
    builtin compadd "$@"
}}
zle -C look list-choices _main_complete
look-and-say() {{ zle look; print -- = >>{0}/offered; zle kill-whole-line }}
zle -N look-and-say
bindkey '^T' look-and-say
'''


def in_zsh(lines):
    folder = scratch / 'zsh'
    folder.mkdir()
    (folder / '_unstick').write_text(unstick('help', 'zsh'))
    (folder / 'rc').write_text(ZSH.format(folder))
    offered = folder / 'offered'
    offered.touch()
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(here)
        os.execvpe('zsh', ['zsh', '-f', '-i'], ENVIRONMENT)
    end = time.monotonic() + LONGEST
    os.write(terminal, f'. {folder}/rc\n'.encode())
    os.set_blocking(terminal, False)
    for number, line in enumerate(lines, 1):
        os.write(terminal, f'{line} \x14'.encode())
        while offered.read_text().count('=\n') < number and time.monotonic() < end:
            try:
                os.read(terminal, 65536)
            except BlockingIOError:
                time.sleep(0.02)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return [set(part.split()) for part in offered.read_text().split('=\n')]


try:
    values = options_with_values()
    check('the help names options with values', {'retest', 'only', 'home', 'report'} <= set(values), values)
    named = {option: words_of(option) for option in values}
    known = {option for option, words in named.items() if words}
    check('refusals name the words of some', {'retest', 'os', 'only', 'with', 'keep', 'browser', 'browser-family', 'log-to'} <= known, known)
    rules = set(re.findall(r'`([a-z-]+)`', pathlib.Path(__file__).parents[2].joinpath('docs/findings.md').read_text()))
    lines = [f'unstick fix a.example --{option}' for option in values]
    missing = []
    for shell, complete in ('bash', in_bash), ('fish', in_fish), ('zsh', in_zsh):
        if not shutil.which(shell):
            missing.append(shell)
            continue
        for (option, what), offered in zip(values.items(), complete(lines)):
            offered = {word.rstrip('/') for word in offered}
            if option == 'rule':
                right = len(offered) > 40 and offered <= rules
            elif named[option]:
                right = offered == named[option]
            else:
                right = offered == {'FILE': {'a-file', 'a-folder'}, 'DIR': {'a-folder'}}.get(what, set())
            check(f'{shell}: --{option} {what}', right, f'{sorted(offered)}, not {sorted(named[option])}')
finally:
    shutil.rmtree(scratch, ignore_errors=True)
if missing:
    print('not tried, as they are not installed:', *missing)
sys.exit(1 if failed else 77 if missing else 0)
