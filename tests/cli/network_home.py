#!/usr/bin/env python3
"""unstick in home folders that are no local disk: file systems that cannot exchange names, and in which a file that is
deleted while somebody has it open stays in its folder under another name until it is closed, as on NFS.

    network_home.py UNSTICK PROFILE_TOOL FAULT_PRELOAD NETWORKFS

Tried on bindfs and our own networkfs, which show a folder through FUSE, and ntfs-3g. Ends with 77 (skipped) where there is no FUSE.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

UNSTICK, TOOL, PRELOAD, NETWORKFS = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:])
OK, NOTHING_FOUND, USAGE = 0, 9, 2
MOST_OF_FIX, MOST_OF_UNDO = (1250, 4200), (1020, 2650)  # operations that change something, and that read
scratch = pathlib.Path(tempfile.mkdtemp(prefix='unstick-network-'))
failures = []


def check(what, good, more=''):
    print(('ok: ' if good else 'FAILED: ') + what, '' if good else more, flush=True)
    if not good:
        failures.append(what)


class Place:
    """A home folder with a state folder on a mounted file system."""

    def __init__(self, mount):
        self.mount, self.home, self.state = mount, mount / 'home', mount / 'state'
        self.said = ''

    def run(self, command, *more, **variables):
        where = ['--state-dir', str(self.state)]
        if command == 'fix':
            where += ['stuck.test', '--home', str(self.home), '--os', 'linux', '--retest', 'none']
        done = subprocess.run([UNSTICK, command, *where, '--yes', *more], env={**os.environ, **variables}, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
        self.said = done.stdout
        return done.returncode

    def seen(self):
        return set(subprocess.check_output([TOOL, 'seen', str(self.home)], text=True).splitlines())

    def left(self):
        """Names in the home folder that no browser has made."""
        return [str(path.relative_to(self.home)) for path in self.home.rglob('*')
                if 'unstick' in path.name or path.name.startswith('.fuse_hidden')]


def ends(place, name, code, expected):
    check(f'{name} ends with {expected}', code == expected, f'{code}: {place.said}')


def try_place(name, place):
    subprocess.check_call([TOOL, 'make', str(place.home)])
    before = place.seen()
    ends(place, name + ': fix', place.run('fix'), OK)
    check(name + ': the site is gone', place.seen() == after, place.said)
    check(name + ': and nothing of ours is left', place.left() == [], place.left())
    ends(place, name + ': a second fix', place.run('fix'), NOTHING_FOUND)
    ends(place, name + ': undo', place.run('undo'), OK)
    check(name + ': everything is back', place.seen() == before, place.said)
    check(name + ': and said to be', 'Everything is back' in place.said, place.said)
    check(name + ': and nothing of ours is left', place.left() == [], place.left())
    ends(place, name + ': there is nothing more to undo', place.run('undo'), USAGE)
    ends(place, name + ': fix without a way back', place.run('fix', '--no-undo'), OK)
    ends(place, name + ': runs are erased', place.run('runs', '--purge'), OK)
    kept = sorted(path.name for path in (place.state / 'runs').iterdir() if path.is_dir())
    check(name + ': and no folder of one is left', kept == [], kept)


def try_open_file(name, place):
    """Another program has a file of the old folder open: it cannot be removed while that lasts."""
    database = place.home / '.config/chromium/Default/Local Storage/leveldb'
    shutil.rmtree(place.home)
    subprocess.check_call([TOOL, 'make', str(place.home)])
    before = place.seen()
    with open(database / 'CURRENT', 'rb'):
        ends(place, name + ': fix while a file is open', place.run('fix'), 3)
        check(name + ': names the folder that is left', 'leveldb.unstick-left' in place.said, place.said)
        ends(place, name + ': undo meanwhile', place.run('undo'), 3)
        check(name + ': says that everything is back', 'Everything is back' in place.said, place.said)
    place.run('fix', '--dry-run')
    check(name + ': a dry run clears nothing', place.left() != [])
    ends(place, name + ': the next fix', place.run('fix'), OK)
    check(name + ': clears what was left', place.left() == [], place.left())
    ends(place, name + ': undo', place.run('undo'), OK)
    check(name + ': everything is back', place.seen() == before)


def try_kills(name, place):
    """Killed between the two renames of each folder that is replaced."""
    asan = os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'
    shutil.rmtree(place.home)
    subprocess.check_call([TOOL, 'make', str(place.home)])
    before = place.seen()
    for at in range(1, 100):
        killed = place.run('fix', LD_PRELOAD=PRELOAD, UNSTICK_FAULT='kill', UNSTICK_FAULT_AT=str(at),
                           UNSTICK_FAULT_RENAME='.unstick-new', ASAN_OPTIONS=asan)
        if killed >= 0:
            break
        check(f'{name}: killed between two renames, {at}', place.left() != [])
        ends(place, f'{name}: undo after that', place.run('undo'), OK)
        check(f'{name}: everything is back', place.seen() == before, place.said)
        check(f'{name}: and nothing of ours is left', place.left() == [], place.left())
    check(f'{name}: there were folders to be replaced', at > 3, at)


def try_counts(place):
    """Each operation waits for the network: a fix and an undo make so many at most."""
    asan = os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'
    count = scratch / 'count'
    for command, most in (('fix', MOST_OF_FIX), ('undo', MOST_OF_UNDO)):
        made = []
        for fault in ('once', 'read'):  # what changes something, and what reads
            state, home = scratch / 'kept-state', scratch / 'kept-home'
            for kept, used in ((state, place.state), (home, place.home)):
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(used, kept)
            place.run(command, LD_PRELOAD=PRELOAD, UNSTICK_FAULT=fault, UNSTICK_FAULT_AT=str(1 << 30),
                      UNSTICK_FAULT_COUNT=str(count), ASAN_OPTIONS=asan)
            made.append(int(count.read_text()))
            if fault == 'once':
                for kept, used in ((state, place.state), (home, place.home)):
                    shutil.rmtree(used)
                    kept.rename(used)
        check(f'{command} changes something {made[0]} times, and reads {made[1]} times', made[0] <= most[0] and made[1] <= most[1])


def mounted(program, *arguments, more=()):
    mount = scratch / ('mount-' + pathlib.Path(program).name)
    mount.mkdir()
    subprocess.check_call([program, *arguments, str(mount), *more])
    return mount


if not os.path.exists('/dev/fuse') or shutil.which('bindfs') is None or shutil.which('ntfs-3g') is None:
    print('no FUSE, or no bindfs or ntfs-3g: homes on a network were not tested')
    sys.exit(77)

local = Place(scratch / 'local')
subprocess.check_call([TOOL, 'make', str(local.home)])
assert local.run('fix') == OK, local.said
after = local.seen()
assert local.run('undo') == OK, local.said
try_counts(local)

def try_open_to_all(mount):
    """NTFS shows one mode for all files, which chmod does not change: the state folder has to be elsewhere."""
    done = subprocess.run([UNSTICK, 'runs', '--state-dir', str(mount / 'state')], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    check('a state folder that everybody can write to is refused', done.returncode == 8, done.stdout)
    check('  where chmod may do nothing, with another hint', 'on another file system' in ' '.join(done.stdout.split()) and
          '--state-dir' in done.stdout, done.stdout)


def try_no_locks(place):
    """NFS 3 without a lock service: the browser could not open its databases either."""
    made = scratch / 'made'  # elsewhere: SQLite needs locks
    subprocess.check_call([TOOL, 'make', str(made)])
    shutil.copytree(made, place.home, symlinks=True)
    place.state = scratch / 'made-state'
    ends(place, 'without locks: fix', place.run('fix'), 3)
    check('without locks: says so', 'No locks available' in ' '.join(place.said.split()), place.said)
    same = subprocess.run(['diff', '-r', str(made), str(place.home)], text=True, capture_output=True, check=False)
    check('without locks: nothing was changed', same.returncode == 0, same.stdout)


mounts = []
try:
    (scratch / 'lockless').mkdir()
    lockless = mounted(NETWORKFS, str(scratch / 'lockless'), more=['no-locks'])
    try:
        try_no_locks(Place(lockless))
    finally:
        subprocess.run(['fusermount3', '-u', '-z', str(lockless)], check=False)
        lockless.rmdir()
    for program in ('bindfs', NETWORKFS):
        (scratch / ('shown-by-' + pathlib.Path(program).name)).mkdir()
        mounts.append(mounted(program, str(scratch / ('shown-by-' + pathlib.Path(program).name))))
    with open(scratch / 'image', 'wb') as image:
        image.truncate(64 << 20)
    subprocess.check_call(['mkntfs', '-F', '-Q', str(scratch / 'image')], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    mounts.append(mounted('ntfs-3g', '-o', 'umask=077', str(scratch / 'image')))
    with open(scratch / 'image2', 'wb') as image:
        image.truncate(8 << 20)
    subprocess.check_call(['mkntfs', '-F', '-Q', str(scratch / 'image2')], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (scratch / 'open').mkdir()
    subprocess.check_call(['ntfs-3g', '-o', 'umask=000', str(scratch / 'image2'), str(scratch / 'open')])
    try:
        (scratch / 'open/state/runs').mkdir(parents=True)
        try_open_to_all(scratch / 'open')
    finally:
        subprocess.run(['fusermount3', '-u', '-z', str(scratch / 'open')], check=False)
    for mount in mounts:
        place = Place(mount)
        name = mount.name.removeprefix('mount-')
        try_place(name, place)
        try_open_file(name, place)
        try_kills(name, place)
finally:
    for mount in mounts:
        subprocess.run(['fusermount3', '-u', '-z', str(mount)], check=False)
    shutil.rmtree(scratch, ignore_errors=True)
sys.exit(1 if failures else 0)
