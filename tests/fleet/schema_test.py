#!/usr/bin/python3
"""Every JSON object of unstick is as docs/report.schema.json says: the golden reports, and what a script gets that never
answers a question and reads standard output alone.

    tests/fleet/schema_test.py UNSTICK PROFILE_TOOL

Debian's python3-jsonschema belongs to /usr/bin/python3; ends with 77 (skipped) without it.
"""

import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import jsonschema
except ImportError:
    print('skipped: there is no python3-jsonschema; ./scripts/setup installs it')
    sys.exit(77)

ROOT = Path(__file__).resolve().parents[2]
failed = False


def expect(condition, what, *facts):
    global failed
    print('ok:' if condition else 'FAILED:', what, *(() if condition else facts))
    failed = failed or not condition


def load_validator():
    schema = json.loads((ROOT / 'docs/report.schema.json').read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def faults_of(validator, report):
    """In words, the innermost first: for anyOf the library says little more than that nothing fits."""
    definition = 'allUsers' if isinstance(report, dict) and 'users' in report else 'report'
    one = validator.evolve(schema={**validator.schema, 'anyOf': [{'$ref': '#/$defs/' + definition}]})
    return [f'{error.json_path}: {inner.message}' for error in one.iter_errors(report) for inner in error.context or [error]]


def check_golden(validator):
    for file in sorted((ROOT / 'tests/golden').glob('*.json')):
        faults = faults_of(validator, json.loads(file.read_text()))
        expect(not faults, f'golden report {file.name}', faults[:3])


def check_that_it_can_fail(validator):
    """The schema is no use if it takes everything."""
    fix = json.loads((ROOT / 'tests/golden/fix.json').read_text())
    for path in [('verdict',), ('verdict', 'code'), ('profiles', 0, 'stores', 0, 'removed'), ('problems', 0, 'hint'),
                 ('retest', 'before', 'hops', 0, 'status'), ('exit_code',)]:
        damaged = copy.deepcopy(fix)
        place = damaged
        for step in path[:-1]:
            place = place[step]
        value = place.pop(path[-1])
        missing = faults_of(validator, damaged)
        place[path[-1]] = [value]
        wrong = faults_of(validator, damaged)
        expect(missing and wrong, 'it refuses a report without ' + '.'.join(map(str, path)))


def check_runs(validator, unstick, profile_tool, home):
    subprocess.run([profile_tool, 'make', home], check=True)
    environment = {'HOME': str(home), 'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'NO_PROXY': '*'}

    def ends(code, *arguments, **variables):
        line = ' '.join([*(f'{name}={value}' for name, value in variables.items()), 'unstick', *arguments])
        done = subprocess.run([unstick, *arguments], env={**environment, **variables}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)
        try:
            report = json.loads(done.stdout)
        except ValueError:
            expect(False, line, 'no JSON:', done.stdout[:300], done.stderr[:300])
            return {}
        faults = faults_of(validator, report)
        expect(done.returncode == code and report.get('exit_code') == code and not done.stderr and not faults,
               f'{code} {line}', done.returncode, report.get('verdict'), done.stderr, faults[:3])
        return report

    none = ('--retest', 'none', '--json')
    ends(0, 'profiles', '--json')
    ends(0, 'doctor', '--json')
    ends(0, 'runs', '--json')
    ends(0, 'why', 'stuck.test', *none)
    ends(0, 'fix', 'stuck.test', '--dry-run', *none)
    ends(0, 'fix', 'stuck.test', *none, UNSTICK_DRY_RUN='1')
    ends(9, 'fix', 'elsewhere.test', '--yes', *none)
    ends(6, 'test', 'http://127.0.0.1:1/', '--json', '--retries', '0')
    ends(6, 'fix', 'http://127.0.0.1:1/', '--json', '--retries', '0', '--yes')
    # Refused: nobody there to confirm, a wrong word, a wrong variable.
    ends(2, 'fix', 'stuck.test', *none)
    ends(2, 'why', '--json')
    ends(2, 'fix', 'co.uk', '--json')
    ends(2, 'why', 'stuck.test', '--no-such-option', '--json')
    ends(2, 'why', 'stuck.test', UNSTICK_JSON='1', UNSTICK_RETEST='perhaps')
    ends(2, 'undo', '--yes', '--json')
    ends(2, 'fix', 'stuck.test', '--log', '/no/such/folder/log', *none)
    ends(2, 'fix', 'stuck.test', '--all-users', '--json')
    ends(2, 'fix', 'stuck.test', '--all-users', '--yes', '--log', 'x', '--json')
    # A profile that is open: why looks, fix leaves it.
    lock = home / '.config/chromium/SingletonLock'
    program = shutil.copy(shutil.which('sleep'), home / 'chromium')  # a lock of what is no browser would be a leftover
    browser = subprocess.Popen([program, '600'])
    lock.symlink_to(f'{os.uname().nodename}-{browser.pid}')
    ends(0, 'why', 'stuck.test', *none)
    ends(7, 'fix', 'stuck.test', '--yes', *none)
    ends(7, 'fix', 'stuck.test', '--dry-run', *none)
    # A second browser that is closed: that is done, the other one is left, and both is said.
    subprocess.run(['cp', '-r', home / '.config/chromium', home / '.config/google-chrome'], check=True)
    (home / '.config/google-chrome/SingletonLock').unlink()
    ends(3, 'fix', 'stuck.test', '--dry-run', *none)
    report = ends(3, 'fix', 'stuck.test', '--yes', *none)
    in_use = {profile['browser']: profile['in_use'] for profile in report.get('profiles', [])}
    expect(in_use == {'chromium': True, 'chrome': False}, 'one in use, one not', in_use)
    expect([problem['code'] for problem in report['problems']] == ['locked'], 'the problem is the one in use')
    ends(9, 'fix', 'stuck.test', '--yes', '--browser', 'chrome', *none)
    ends(0, 'undo', '--yes', '--json')
    browser.kill()
    browser.wait()
    lock.unlink()
    ends(0, 'fix', 'stuck.test', '--yes', *none)
    ends(0, 'runs', '--json')
    # Every line that --log appends is the same.
    log = home / 'log'
    ends(9, 'fix', 'stuck.test', '--yes', *none, UNSTICK_LOG=str(log))
    expect(not faults_of(validator, json.loads(log.read_text())), 'the log')
    # In words: nothing on standard error where nothing was refused.
    quiet = subprocess.run([unstick, 'why', 'stuck.test', '--retest', 'none', '--quiet'], env=environment,
                           stdin=subprocess.DEVNULL, capture_output=True, text=True)
    expect(quiet.returncode == 0 and not quiet.stderr and not quiet.stdout, '--quiet: nothing if all went well', quiet)


def main():
    unstick, profile_tool = (Path(path).resolve() for path in sys.argv[1:3])
    validator = load_validator()
    check_golden(validator)
    check_that_it_can_fail(validator)
    with tempfile.TemporaryDirectory(prefix='unstick-schema.') as home:
        check_runs(validator, unstick, profile_tool, Path(home))
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
