#!/usr/bin/env python3
"""The Ansible role's command line: each variable in the forms in which Ansible hands it over, and the role's table and
choices against the program's own options.

    tests/fleet/ansible_role_test.py UNSTICK

A program that only writes down its arguments stands in for unstick, on hosts that are this machine. What the role does to
hosts is fleet_ansible's. Ends with 77 (skipped) without Ansible."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FLEET = Path(__file__).resolve().parents[2] / 'fleet' / 'ansible'
ROLE = FLEET / 'roles' / 'unstick'
FIX = ['fix', 'stuck.test', '--json', '--yes']
WHY = ['why', 'stuck.test', '--json']
ONE_USER = {'unstick_all_users': 'false'}
USUAL = ['--all-users', '--retest', 'http']
FIXING = {'unstick_command': 'fix'}
# What is set, as a text or as YAML's own type; the arguments, or None: the role refuses it and nothing runs.
CASES = {
    'nothing': ({}, WHY + USUAL),
    'false': ({**FIXING, 'unstick_close': 'false', 'unstick_stale': 'no', 'unstick_all_users': '0'},
              FIX + ['--retest', 'http']),
    'booleans': ({**FIXING, 'unstick_close': False, 'unstick_stale': True, 'unstick_all_users': False},
                 FIX + ['--retest', 'http', '--stale']),
    'true': ({**FIXING, 'unstick_close': 'true', 'unstick_stale': 'yes', 'unstick_least': '1'},
             FIX + USUAL + ['--close', '--stale', '--least']),
    'one-word': ({**FIXING, 'unstick_kinds': 'cookies', 'unstick_rules': 'stale-hsts'},
                 FIX + USUAL + ['--only', 'cookies', '--rule', 'stale-hsts']),
    'words': ({**FIXING, 'unstick_kinds': 'cookies,cache', 'unstick_also': 'login.test,idp.test'},
              FIX + USUAL[:3] + ['--also', 'login.test', '--also', 'idp.test', '--only', 'cookies,cache']),
    'lists': ({**FIXING, 'unstick_kinds': ['cookies', 'cache'], 'unstick_keep': ['auth'], 'unstick_with': ['network']},
              FIX + USUAL + ['--only', 'cookies,cache', '--with', 'network', '--keep', 'auth']),
    'empty': ({**FIXING, 'unstick_kinds': [], 'unstick_rules': '', 'unstick_options': ''}, FIX + USUAL),
    'retest': ({'unstick_retest': 'browser'}, WHY + ['--all-users', '--retest', 'browser']),
    'why-only': ({'unstick_close': 'true', 'unstick_kinds': 'cache'}, WHY + USUAL),
    'options': ({'unstick_options': '--url http://stuck.test/'}, WHY + USUAL + ['--url', 'http://stuck.test/']),
    'option-list': ({'unstick_options': ['--expect-text', 'Sign out']}, WHY + USUAL + ['--expect-text', 'Sign out']),
    'no-boolean': ({**FIXING, 'unstick_close': 'perhaps'}, None),
    'empty-kind': ({**FIXING, 'unstick_kinds': ''}, None),
    'no-kind': ({**FIXING, 'unstick_kinds': 'cookie'}, None),
    'no-retest': ({'unstick_retest': 'maybe'}, None),
    'no-command': ({'unstick_command': 'undo'}, None),
    'no-site': ({'unstick_site': None}, None),
    'scan': ({'unstick_command': 'scan', 'unstick_site': None, 'unstick_close': 'true', 'unstick_retest': 'none'},
             ['scan', '--json', '--all-users']),
    'scan-of-one': ({'unstick_command': 'scan', 'unstick_all_users': 'no', 'unstick_sites_from': '/etc/sites'}, ['scan', '--json']),
    'sites-from': ({**FIXING, **ONE_USER, 'unstick_site': '', 'unstick_sites_from': '/etc/sites'},
                   ['fix', '--json', '--yes', '--retest', 'http', '--sites-from', '/etc/sites']),
    'sites': ({**ONE_USER, 'unstick_site': 'stuck.test other.test'},
              ['why', 'stuck.test', 'other.test', '--json', '--retest', 'http']),
    'sites-of-all': ({'unstick_site': 'stuck.test other.test'}, None),
    'sites-from-of-all': ({**FIXING, 'unstick_all_users': True, 'unstick_sites_from': '/etc/sites'}, None),
    'keep-cookies': ({**FIXING, 'unstick_keep_cookies': 'trusted*,device'},
                     FIX + USUAL + ['--keep-cookie', 'trusted*', '--keep-cookie', 'device']),
    'keep-cookie-list': ({**FIXING, 'unstick_keep_cookies': ['trusted*'], 'unstick_least': True},
                         FIX + USUAL + ['--least', '--keep-cookie', 'trusted*']),
}
CODES = {'1,3': True, '9': False, '3': True}  # unstick_fail_on as a text: does a host with exit code 3 fail?
STAND_IN = '''#!/bin/sh
for word; do printf '%s\\n' "$word"; done >"$0.arguments"
echo '{}'
[ ! -e "$0.code" ] || exit "$(cat "$0.code")"
'''
failed = False


def expect(condition, what, *facts):
    global failed
    print('ok:' if condition else 'FAILED:', what, *([] if condition else facts))
    failed = failed or not condition


def options_of(unstick):
    """From the completions, which come from the program's table: {COMMAND: options}, and {OPTION: words that it takes}."""
    text = subprocess.run([unstick, 'help', 'bash'], capture_output=True, text=True, check=True).stdout
    values = {}
    for option, words in re.findall(r'^        (--[a-z-]+)\) (.*); return ;;$', text, re.M):
        listed = re.match(r'_unstick_list "([^"]*)"|COMPREPLY=\(\$\(compgen -W "([^"]*)"', words)
        values[option] = (listed[1] or listed[2]).split() if listed else []
    of_command = {command: set(words.split()) for command, words in
                  re.findall(r'^            (\w+) *\) COMPREPLY=\(\$\(compgen -W "([^"]*)"', text, re.M)}
    return of_command, values


def check_table(unstick):
    import yaml
    read = lambda path: yaml.safe_load((ROLE / path).read_text())
    of_command, values = options_of(unstick)
    spec = read('meta/argument_specs.yml')['argument_specs']['main']['options']
    defaults = read('defaults/main.yml')
    readme = (ROLE / 'README.md').read_text()
    for row in read('vars/main.yml')['unstick_option_table']:
        name, option, form = row['variable'], row['option'], row['form']
        for command in spec['unstick_command']['choices']:
            expect((option in of_command[command]) == (command in row['commands']), f'{option}: {command} has it, or not')
        expect((form == 'switch') == (option not in values), f'{option} takes a value, or none')
        kind = {'switch': 'bool', 'word': 'str', 'words': 'list', 'each': 'list'}[form]
        expect(spec[name]['type'] == kind, f'{name}: its type is that of its option', spec[name]['type'])
        if 'choices' in spec[name]:
            offered = [word for word in values[option] if word != 'person']  # nobody is at a terminal
            expect(spec[name]['choices'] == offered, f'{name}: its choices are those of {option}', values[option])
    for name, entry in spec.items():
        expect(f'`{name}`' in readme, f'{name}: README.md has it')
        if not entry.get('required'):
            expect(entry['default'] == defaults[name], f'{name}: its default is said as it is', defaults[name])
    expect(set(defaults) == set(spec), 'every variable is described')
    tags = read('meta/main.yml')['galaxy_info']['galaxy_tags']
    expect(0 < len(tags) <= 20 and all(re.fullmatch('[a-z0-9]+', tag) for tag in tags), 'tags as Galaxy takes them', tags)


class Controller:
    def __init__(self, work):
        self.work = work

    def stand_in(self, name, code=None):
        program = self.work / name
        program.write_text(STAND_IN)
        program.chmod(0o755)
        if code is not None:
            (self.work / f'{name}.code').write_text(str(code))
        return str(program)

    def play(self, hosts, *arguments):
        """Runs the role for each host of {NAME: variables}. Returns {NAME: (how it ended, its arguments)}."""
        inventory = self.work / 'inventory.json'
        inventory.write_text(json.dumps({'all': {
            'vars': {'ansible_connection': 'local', 'ansible_python_interpreter': sys.executable}, 'hosts': hosts}}))
        results = self.work / 'results.json'
        environment = {**os.environ, 'ANSIBLE_HOME': str(self.work / 'ansible'), 'ANSIBLE_LOCAL_TEMP': str(self.work / 'temp'),
                       'ANSIBLE_REMOTE_TEMP': str(self.work / 'temp'), 'ANSIBLE_NOCOLOR': '1', 'LC_ALL': 'C.UTF-8'}
        for left in self.work.glob('*.arguments'):
            left.unlink()
        ended = subprocess.run(['ansible-playbook', '-i', inventory, FLEET / 'unstick.yml', '-e', f'unstick_results={results}',
                                *arguments], cwd=self.work, env=environment, capture_output=True, text=True)
        if os.environ.get('FLEET_VERBOSE'):
            print(ended.stdout, ended.stderr)
        states = json.loads(results.read_text())
        failures = dict(re.findall(r'^(\S+) +:.*failed=(\d+)', ended.stdout, re.M))
        ran = {}
        for name in hosts:
            words = self.work / f'{name}.arguments'
            ran[name] = (states[name], words.read_text().splitlines() if words.exists() else None, failures[name] != '0')
        return ran


def main():
    if not shutil.which('ansible-playbook'):
        print('skipped: there is no ansible-playbook; ./scripts/setup installs it')
        sys.exit(77)
    check_table(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix='unstick-role.') as work:
        controller = Controller(Path(work))
        hosts = {}
        for name, (variables, _) in CASES.items():
            hosts[name] = {'unstick_site': 'stuck.test', 'unstick_path': controller.stand_in(name), **variables}
            if hosts[name]['unstick_site'] is None:
                del hosts[name]['unstick_site']
        for codes in CODES:
            hosts['codes-' + codes] = {'unstick_site': 'stuck.test', 'unstick_fail_on': codes,
                                       'unstick_path': controller.stand_in('codes-' + codes, code=3)}
        ran = controller.play(hosts)
        for name, (variables, wanted) in CASES.items():
            state, arguments, _ = ran[name]
            expect(arguments == wanted, f'{name}: {variables}', arguments, state)
        for codes, fails in CODES.items():
            state, _, has_failed = ran['codes-' + codes]
            expect(has_failed == fails, f'unstick_fail_on={codes}: a host that ends with 3 fails, or not', state)

        # As an administrator types them: extra variables, all texts.
        one = {'typed': {'unstick_path': controller.stand_in('typed')}}
        typed = ['unstick_site=stuck.test', 'unstick_command=fix', 'unstick_close=false', 'unstick_kinds=cookies',
                 'unstick_retest=browser', 'unstick_fail_on=1,2']
        ran = controller.play(one, *(word for pair in typed for word in ('-e', pair)))
        expect(ran['typed'][1] == FIX + ['--all-users', '--retest', 'browser', '--only', 'cookies'], ' '.join(typed),
               ran['typed'])
        ran = controller.play(one, '-e', 'unstick_site=stuck.test', '-e', 'unstick_command=fix', '--check')
        expect(ran['typed'][1] == FIX + ['--dry-run'] + USUAL, 'check mode is a dry run', ran['typed'])
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
