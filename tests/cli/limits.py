#!/usr/bin/env python3
"""What hostile files of a profile cost: at most so much memory and time, and all other profiles are still served.

    limits.py UNSTICK PROFILE_TOOL MOST_MIB

MOST_MIB  how much memory a run may have in use at once (resident), more where sanitizers take their own share
Ends with 1 if one costs more.
"""
import json
import os
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

UNSTICK, TOOL = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
MOST_MIB = int(sys.argv[3])
MOST_SECONDS = 60  # by itself each takes one or two; a busy machine with sanitizers takes longer
MB = 1 << 20
scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-limits-'))
failures = []


def run(*words):
    """Exit code, report, MiB and seconds of a run."""
    begun = time.monotonic()
    with open(scratch / 'out', 'w+') as out:
        child = subprocess.Popen([UNSTICK, *words, '--json', '--state-dir', str(scratch / 'state')], stdout=out,
                                 env={**os.environ, 'ASAN_OPTIONS': 'quarantine_size_mb=1'})
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    return child.returncode, json.loads(text) if text.startswith('{') else {}, usage.ru_maxrss / 1024, time.monotonic() - begun


def apart(work):
    """Does it in a process of its own: what a process starts counts its parent's memory as its own at first."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    check('a profile cannot be prepared', os.waitpid(child, 0)[1] == 0)


def check(what, good):
    if not good:
        print('FAILED:', what)
        failures.append(what)


def cookies(profile):
    with sqlite3.connect(profile / 'Cookies') as database:
        return database.execute("SELECT count(*) FROM cookies WHERE host_key = 'stuck.test'").fetchone()[0]


def chromium(name, harm, problem=True):
    """Two profiles, of which `harm` changes the first or what both share: the second is served whatever happens."""
    home = scratch / 'home'
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(scratch / 'state', ignore_errors=True)
    shutil.copytree(scratch / 'master', home)
    data = home / '.config/chromium'
    apart(lambda: harm(data / 'Default'))
    other = data / 'Profile 1'
    words = ['--home', str(home), '--os', 'linux']
    for command in (['profiles', *words], ['fix', 'stuck.test', *words, '--yes', '--retest', 'none', '--with',
                                           'network,permissions']):
        code, report, mib, seconds = run(*command)
        print(f'{name}: {command[0]}: exit code {code}, {mib:.0f} MiB, {seconds:.1f} s')
        check(f'{name}: {command[0]} takes {mib:.0f} MiB', mib <= MOST_MIB)
        check(f'{name}: {command[0]} takes {seconds:.0f} s', seconds <= MOST_SECONDS)
        check(f'{name}: {command[0]} ends with {code}', code in (0, 3))
        check(f'{name}: {command[0]} serves two profiles', len(report.get('profiles', [])) == 2)
    check(f'{name}: the other profile was served', cookies(other) == 0)
    if problem:
        check(f'{name}: it is named', report.get('problems'))


def safari(name, file, content, problem=True):
    home = scratch / 'home'
    shutil.rmtree(home, ignore_errors=True)
    path = home / 'Library/Containers/com.apple.Safari/Data/Library' / file
    path.parent.mkdir(parents=True)
    apart(lambda: path.write_bytes(content()))
    code, report, mib, seconds = run('fix', 'stuck.test', '--home', str(home), '--os', 'macos', '--yes', '--retest', 'none',
                                     '--with', 'network')
    print(f'{name}: exit code {code}, {mib:.0f} MiB, {seconds:.1f} s')
    check(f'{name}: takes {mib:.0f} MiB', mib <= MOST_MIB)
    check(f'{name}: takes {seconds:.0f} s', seconds <= MOST_SECONDS)
    check(f'{name}: is named', not problem or (code == 3 and report.get('problems')))


def har(name, pieces, code):
    """A recording, written a piece at a time."""
    file = scratch / 'recorded.har'
    with open(file, 'w') as out:
        out.writelines(pieces)
    found, report, mib, seconds = run('why', 'stuck.test', '--har', str(file), '--home', str(scratch / 'nobody'))
    file.unlink()
    print(f'{name}: {found}, {mib:.0f} MiB, {seconds:.1f} s')
    check(f'{name}: it ends with {code}', found == code)
    check(f'{name}: {MOST_MIB} MiB are enough', mib <= MOST_MIB)
    check(f'{name}: it does not take for ever', seconds <= MOST_SECONDS)
    check(f'{name}: no value is shown', 'SECRET' not in json.dumps(report))


def request(url, **more):
    return json.dumps({'_resourceType': 'document', 'request': {'url': url, 'headers': []}, 'response': {'status': 200, **more}})


def text(file, content):
    return lambda profile: (profile / file).write_text(content())


def in_state(content):
    return lambda profile: (profile.parent / 'Local State').write_text(content())


def repeated(part, size):
    return part * (size // len(part))


def property_list_bomb():
    objects = [b'\xd1\x00\x01\x00\x02', b'\x51a']
    objects += [b'\xaf\x11\x03\xe8' + struct.pack('>H', number) * 1000 for number in (3, 4, 5, 6)] + [b'\x51x']
    body, places = b'bplist00', []
    for one in objects:
        places.append(len(body))
        body += one
    table = b''.join(struct.pack('>H', place) for place in places)
    return body + table + bytes(6) + b'\x02\x02' + struct.pack('>QQQ', len(objects), 0, len(body))


def many_cookies(size):
    record = struct.pack('<IIIIIIIII', 60, 0, 0, 0, 56, 57, 58, 59, 0) + struct.pack('<I', 0) + struct.pack('<dd', 0, 0) + bytes(4)
    count = 60000
    head = b'\x00\x00\x01\x00' + struct.pack('<I', count)
    first = len(head) + 4 * count + 4
    page = head + b''.join(struct.pack('<I', first + 60 * i) for i in range(count)) + bytes(4) + record * count
    pages = [page] * max(1, size // len(page))
    total = sum(sum(one[::4]) for one in pages) & 0xffffffff
    return (b'cook' + struct.pack('>I', len(pages)) + b''.join(struct.pack('>I', len(one)) for one in pages) + b''.join(pages) +
            struct.pack('>I', total) + b'\x07\x17\x20\x05')


def long_cookie(profile):
    with sqlite3.connect(profile / 'Cookies') as database:
        database.execute("UPDATE cookies SET name = ?, path = ? WHERE host_key = 'stuck.test'", ('n' * (4 * MB), 'p' * (2 * MB)))


def huge_cookie(profile):
    with sqlite3.connect(profile / 'Cookies') as database:
        database.execute("UPDATE cookies SET encrypted_value = zeroblob(?) WHERE host_key = 'stuck.test'", (200 * MB,))


def endless_tree(profile):
    """A tree of cookies in which one page is met 200 ^ 5 times."""
    path = profile / 'Cookies'
    with sqlite3.connect(path) as database:
        root, = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'cookies'").fetchone()
        size, = database.execute('PRAGMA page_size').fetchone()
    content = bytearray(path.read_bytes())
    content += content[(root - 1) * size:root * size]
    for _ in range(5):
        child = struct.pack('>I', len(content) // size)
        cells = b''.join(child + bytes([i % 100]) for i in range(200))
        places = b''.join(struct.pack('>H', size - 5 * (200 - i)) for i in range(200))
        page = b'\x05\0\0' + struct.pack('>HH', 200, size - len(cells)) + b'\0' + child + places
        page += bytes(size - len(page) - len(cells)) + cells
        content += page
    content[(root - 1) * size:root * size] = page
    content[28:32] = struct.pack('>I', len(content) // size)
    path.write_bytes(content)


def long_log(size):
    def harm(profile):
        log = next((profile / 'Local Storage/leveldb').glob('*.log'), profile / 'Local Storage/leveldb/000003.log')
        log.write_bytes(log.read_bytes() + bytes(size) if log.exists() else bytes(size))
    return harm


home = scratch / 'master'
subprocess.run([TOOL, 'make', str(home)], check=True)
shutil.copytree(home / '.config/chromium/Default', home / '.config/chromium/Profile 1')
chromium('nothing hostile', lambda profile: None, problem=False)
chromium('Local State: 20 MB of [', in_state(lambda: '[' * (20 * MB)), problem=False)
chromium('Local State: 30 MB of {"":', in_state(lambda: repeated('{"":', 30 * MB)), problem=False)
chromium('Local State: 30 MB of numbers', in_state(lambda: '[' + repeated('0,', 30 * MB) + '0]'), problem=False)
chromium('Local State: one long array', in_state(lambda: '{"a":[' + repeated('0,', 399998) + '0]}'), problem=False)
chromium('Local State: as many arrays as are read', in_state(lambda: '{"a":[' + repeated('[' + '0,' * 190000 + '0],', 2 * MB) + '0]}'),
         problem=False)
chromium('Local State: as much as is read', in_state(lambda: '{"a":[' + ','.join('"%05d"' % i for i in range(190000)) + '],"b":[' + '[],' *
                                                     150000 + '0]}'), problem=False)
for file in ('TransportSecurity', 'Network Persistent State', 'Preferences'):
    chromium(f'{file}: objects', text(file, lambda: '{"a":[' + repeated('{"":0},', 24 * MB) + '0]}'))
    chromium(f'{file}: texts', text(file, lambda: '{"a":[' + repeated('"",', 24 * MB) + '0]}'))
chromium('Preferences: one long text', text('Preferences', lambda: '{"a":"' + 'x' * (24 * MB) + '"}'), problem=False)
chromium('Preferences: larger than is read', text('Preferences', lambda: '{"a":"' + 'x' * (40 * MB) + '"}'))
chromium('Cookies: a name of 4 MB', long_cookie, problem=False)
chromium('Cookies: a value that is larger than any', huge_cookie)
chromium('Cookies: a tree without end', endless_tree)
chromium('LevelDB: a log of 12 MB', long_log(12 * MB), problem=False)
chromium('LevelDB: a log of 200 MB', long_log(200 * MB))
safari('property list: a thousand times a thousand', 'Caches/WebKit/HSTS/HSTS.plist', property_list_bomb)
safari('cookie jar: 40 MB', 'Cookies/Cookies.binarycookies', lambda: many_cookies(40 * MB))
safari('cookie jar: as much as is read', 'Cookies/Cookies.binarycookies', lambda: many_cookies(4 * MB), problem=False)
(scratch / 'nobody').mkdir()
page = request('https://stuck.test/', headers=[{'name': 'Set-Cookie', 'value': 'sid=SECRET; SameSite=None'}])
body = request('https://stuck.test/a', content={'text': 'x' * (4 * MB)})
har('recording: bodies of 200 MB', ['{"log":{"entries":[', *[body + ','] * 50, page, ']}}'], 0)
har('recording: one body of 200 MB', ['{"log":{"entries":[{"response":{"text":"', *['x' * MB] * 200, '"}},', page, ']}}'], 0)
har('recording: headers of 100 MB', ['{"log":{"entries":[', *[request('https://stuck.test/b', headers=[{'name': 'n', 'value': 'v' * 50000}] * 15) + ','] * 140,
                                     page, ']}}'], 0)
har('recording: 30,000 requests', ['{"log":{"entries":[', *[page + ','] * 30000, page, ']}}'], 0)
har('recording: 100 MB of [', ['{"log":{"entries":[', *['[' * MB] * 100], 2)
har('recording: no HAR', ['x' * MB] * 20, 2)
shutil.rmtree(scratch, ignore_errors=True)
print('limits:', f'{len(failures)} FAILED' if failures else 'all within')
sys.exit(1 if failures else 0)
