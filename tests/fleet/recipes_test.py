#!/usr/bin/env python3
"""The recipes of docs/fleet.md for Prometheus and osquery, run as they stand there on a report of --all-users.

    tests/fleet/recipes_test.py SOURCE

Ends with 77 (skipped) without jq and sqlite3."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

REPORT = {'users': [{'user': 'ann', 'report': {'site': 'stuck.test', 'exit_code': 10, 'findings': [{'rule': 'stale-hsts'}]}},
                    {'user': 'bob', 'report': {'site': 'stuck.test', 'exit_code': 9, 'findings': []}},
                    {'user': 'eve', 'report': None}]}


def recipe(text, start):
    """The indented block that begins with this line."""
    at = text.index('    ' + start)
    return re.match(r'(?:    .*\n)+', text[at:])[0]


def main():
    for program in ('jq', 'sqlite3'):
        if not shutil.which(program):
            print(f'skipped: there is no {program}')
            sys.exit(77)
    text = (Path(sys.argv[1]) / 'docs/fleet.md').read_text()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / 'unstick.json').write_text(json.dumps(REPORT))
        lines = recipe(text, 'unstick why intranet.example --all-users --retest none --json > /run')
        lines += recipe(text, 'sqlite3 /var/lib/unstick.db')
        lines = lines.replace('unstick why intranet.example --all-users --retest none --json > /run/unstick.json\n', 'true\n')
        for place in ('/run/', '/var/lib/prometheus/node-exporter/', '/var/lib/'):
            lines = lines.replace(place, folder + '/')
        subprocess.run(['sh', '-euc', lines], check=True)
        numbers = (Path(folder) / 'unstick.prom').read_text().splitlines()
        assert numbers == ['unstick_exit_code{user="ann",site="stuck.test"} 10', 'unstick_findings{user="ann",site="stuck.test"} 1',
                           'unstick_exit_code{user="bob",site="stuck.test"} 9', 'unstick_findings{user="bob",site="stuck.test"} 0'], numbers
        atc = json.loads(recipe(text, '{ "auto_table_construction"'))['auto_table_construction']['unstick']
        with closing(sqlite3.connect(Path(folder) / 'unstick.db')) as database:
            rows = database.execute(atc['query']).fetchall()
        assert rows[:2] == [('ann', 'stuck.test', 10, 1), ('bob', 'stuck.test', 9, 0)] and len(rows[0]) == len(atc['columns']), rows
    print('ok: both recipes do what they say')


main()
