#!/usr/bin/env python3
"""How many files are opened (counted, not timed): the commands that only look whether unstick can work open a few of a
profile, however many it holds; a search opens no entry of a cache twice; and a start opens no run that is known to be
complete.

    opens.py UNSTICK PROFILE_TOOL FAULT_PRELOAD

Ends with 1 if more are.
"""
import hashlib
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

UNSTICK, TOOL, PRELOAD = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:4])
scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-opens-'))
failures = []


def check(what, good):
    if not good:
        print('FAILED:', what)
        failures.append(what)


def opened(*words, codes=(0,)):
    """Files and folders that a run opens, and its report."""
    count = scratch / 'count'
    done = subprocess.run([UNSTICK, *words, '--json'], capture_output=True, text=True,
                          env={**os.environ, 'LD_PRELOAD': PRELOAD, 'UNSTICK_OPEN_COUNT': str(count),
                               'ASAN_OPTIONS': 'verify_asan_link_order=0'})
    check(f'{words[0]} ends with {done.returncode}: {done.stdout}{done.stderr}', done.returncode in codes)
    return int(count.read_text()), json.loads(done.stdout)


def chromium(entries):
    home = scratch / f'chromium-{entries}'
    if home.exists():
        return home
    subprocess.run([TOOL, 'make', str(home)], check=True)
    profile = home / '.config/chromium/Default'
    cache = home / '.cache/chromium/Default'
    for folder in (cache / 'Cache/Cache_Data', cache / 'Code Cache/js'):
        source = next(entry for entry in sorted(folder.iterdir()) if entry.name.endswith('_0'))
        for number in range(entries):
            shutil.copy(source, folder / f'{number:016x}_0')
    for folder in ('Service Worker/CacheStorage', 'IndexedDB'):
        source = next(entry for entry in sorted((profile / folder).iterdir()) if entry.is_dir())
        for number in range(entries // 10):
            shutil.copytree(source, profile / folder / f'https_{number}.example_0.indexeddb.leveldb')
    return home


def epiphany(entries):
    """Records and folders of origins that nobody understands: that too is found out with a few."""
    home = scratch / f'epiphany-{entries}'
    cache = home / '.cache/epiphany'
    data = home / '.local/share/epiphany'
    if home.exists():
        return home
    data.mkdir(parents=True)
    (data / '.migrated').write_text('')
    for number in range(entries):
        for file in (cache / f'WebKitCache/Version 16/Records/{number % 50:040X}/Resource/{number:040X}',
                     data / f'storage/{number:043}/{number:043}/origin'):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b'x')
    return home


def runs_of(home, state, count):
    where = ['--home', str(home), '--os', 'linux', '--state-dir', str(state)]
    code = subprocess.run([UNSTICK, 'fix', 'stuck.test', *where, '--yes', '--retest', 'none', '--json'],
                          stdout=subprocess.DEVNULL).returncode
    check(f'fix ends with {code}', code == 0)
    first = next(entry for entry in (state / 'runs').iterdir() if entry.is_dir())
    long_ago = first.stat().st_mtime - 100
    for number in range(count):
        copy = state / 'runs' / f'{first.name[:-4]}{number + 1:04x}'
        shutil.copytree(first, copy)
        os.utime(copy, (long_ago, long_ago))


for browser, command in ((chromium, 'profiles'), (chromium, 'doctor'), (epiphany, 'profiles'), (epiphany, 'doctor')):
    counts = []
    for home in (browser(100), browser(1000)):
        words = [command, '--home', str(home), '--os', 'linux', '--state-dir', str(scratch / 'none')]
        count, report = opened(*words, codes=(0, 3))
        check(f'{command} finds the profile', len(report['profiles']) == 1)
        counts.append(count)
    command = f'{browser.__name__}: {command}'
    print(f'{command}: {counts[0]} opened with 100 entries, {counts[1]} with 1000')
    check(f'{command}: {counts[0]} opened with 100 entries, {counts[1]} with 1000', counts[1] <= counts[0] + 10)



def write_entry(folder, key, record):
    """An entry of a Simple cache; record: its stream 0."""
    key = key.encode()
    end = lambda flags, size: struct.pack('<QIIII', 0xf4fa6f45970d41d8, flags, 0, size, 0)
    name = int.from_bytes(hashlib.sha1(key).digest()[:8], 'little')
    (folder / f'{name:016x}_0').write_bytes(struct.pack('<QIIII', 0xfcfb6d1ba7725c30, 5, len(key), 0, 0) + key + bytes(900) +
                                            end(0, 900) + record + hashlib.sha256(key).digest() + end(2, len(record)))


def caches_of(entries):
    """Of each cache so many entries, half of them the site's. Each script names its code, an entry of its own."""
    home = scratch / f'caches-{entries}'
    subprocess.run([TOOL, 'make', str(home)], check=True)
    cache = home / '.cache/chromium/Default'
    for number in range(entries):
        origin = 'https://' + ('stuck.test' if number % 2 else 'other.example')
        write_entry(cache / 'Cache/Cache_Data', f'1/0/_dk_{origin} {origin} {origin}/{number}.js', b'')
        code = hashlib.sha256(str(number).encode()).hexdigest().upper()
        write_entry(cache / 'Code Cache/js', f'_key{origin}/{number}.js \n{origin}/', bytes(12) + code.encode())
        write_entry(cache / 'Code Cache/js', code, b'code')
    return home


counts = []
for entries in (100, 1000):
    words = ['fix', 'stuck.test', '--dry-run', '--retest', 'none', '--home', str(caches_of(entries)), '--os', 'linux']
    count, report = opened(*words, '--state-dir', str(scratch / 'none'), codes=(0, 3))
    found = {store['store']: store['found'] for store in report['profiles'][0]['stores']}
    counts.append((count, found))
(few, found_few), (many, found_many) = counts
print(f'fix --dry-run: {few} opened with 300 files in caches, {many} with 3000')
for store in ('HTTP cache', 'Compiled scripts'):
    check(f'{store}: {found_few.get(store)} and {found_many.get(store)} found', found_many[store] - found_few[store] == 450)
check(f'no entry is opened twice: {many - few} for 2700 more files', many - few == 2700)

state = scratch / 'state'
plain = scratch / 'plain'
subprocess.run([TOOL, 'make', str(plain)], check=True)
words = ['fix', 'other.example', '--home', str(plain), '--os', 'linux', '--state-dir', str(state), '--yes', '--retest', 'none']
nothing, _ = opened(*words, codes=(9,))
runs_of(plain, state, 200)
first, _ = opened(*words, codes=(9,))
again, _ = opened(*words, codes=(9,))
print(f'fix: {nothing} opened without runs, {first} with 201 new ones, {again} at the next start')
check('runs are read where there is no index', first >= nothing + 200)
check('runs are not read where there is one', again <= nothing + 100)  # but for the last one
index = state / 'runs/index'
check('there is an index', index.is_file() and index.stat().st_mode & 0o777 == 0o600)
whole = index.read_bytes()
for name, content in (('lost', None), ('damaged', whole.replace(b'\tdone\t', b'\tundone\t', 1)), ('short', whole[:-100]),
                      ('foreign', b'something else'), ('empty', b'')):
    index.unlink() if content is None else index.write_bytes(content)
    rebuilt, _ = opened(*words, codes=(9,))
    check(f'an index that is {name}: the runs are read ({rebuilt})', rebuilt >= nothing + 200)
    check(f'an index that is {name} is made anew', index.read_bytes().count(b'\n') >= whole.count(b'\n'))
# A state that changed is seen, whatever the index says.
cut_off = next(entry for entry in (state / 'runs').iterdir() if entry.is_dir())
subprocess.run(['python3', '-c', 'import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute("UPDATE run SET state = '
                '\'undoing\'"); d.commit()', str(cut_off / 'journal.db')], check=True)
_, report = opened(*words, codes=(3, 9))
check('a run that was cut off since is named', any(problem['where'] == cut_off.name for problem in report['problems']))
shutil.rmtree(scratch, ignore_errors=True)
print('opens:', f'{len(failures)} FAILED' if failures else 'as few as should be')
sys.exit(1 if failures else 0)
