#!/usr/bin/env python3
"""unstick killed at random moments, with file operations that fail, on damaged profiles, from forged journals, two at
once, among hostile users: afterwards all is as before or as it should be, what is of other sites is whole, undo brings
everything back, and nothing else is touched.

    main.py UNSTICK PROFILE_TOOL FAULT_PRELOAD [--kills N] [--faults N] [--mutants N] [--pairs N] [--browsers N] [--journals N]
            [--copies N] [--users N] [--seed N] [--only] [--no-exchange]

--kills     so many that hit a running program
--faults    so many operations that fail in one way or another, chosen by chance; 0: each one once, and 1000 by chance
--mutants   profiles with bytes changed, files cut short, emptied, exchanged or gone
--pairs     two at once
--browsers  kills where names cannot be exchanged, and a browser that makes a folder anew before undo
--journals  journals that are damaged, or forged to reach files outside of the profile
--copies    a `why` killed while it reads a private copy
--users     hostile users, four a run of --all-users; needs root and mount namespaces
--only      those modes whose count is given
--no-exchange  the first four on a file system that cannot exchange names, as a network's
Ends with 1 if anything was lost. The last line sums up.
"""
import argparse
import pathlib
import random
import shutil
import sys

from copies import kill_copies
from forged import forge_many
from interrupted import browser_many, fail_many, kill_many, pair_many
from mutants import mutate_many
from trial import Trial
from users import user_many

# name, count if none is given, what does it, what the sum calls it
MODES = [
    ('kills', 500, kill_many, 'kills of a running program'),
    ('faults', 0, fail_many, 'operations that failed'),
    ('mutants', 200, mutate_many, 'damaged profiles'),
    ('pairs', 20, pair_many, 'pairs'),
    ('browsers', 100, browser_many, 'kills without exchange and a browser in between'),
    ('journals', 300, forge_many, 'forged journals'),
    ('copies', 50, kill_copies, 'copies of a killed why'),
    ('users', 24, user_many, 'hostile users'),
]

options = argparse.ArgumentParser(usage=__doc__)
options.add_argument('programs', nargs=3)
for name, *_ in MODES:
    options.add_argument('--' + name, type=int)
options.add_argument('--seed', type=int, default=random.randrange(1 << 32))
options.add_argument('--no-exchange', action='store_true')
options.add_argument('--only', action='store_true')
options = options.parse_args()
programs = (str(pathlib.Path(path).resolve()) for path in options.programs)

trial = Trial(*programs, options.seed, options.no_exchange)
sums = []
for name, count, do, what in MODES:
    given = getattr(options, name)
    if given is not None or not options.only:
        sums.append(f'{do(trial, count if given is None else given)} {what}')
shutil.rmtree(trial.scratch)
print(f'torture: {", ".join(sums)}: {len(trial.failures)} things lost; seed {options.seed}')
sys.exit(1 if trial.failures else 0)
