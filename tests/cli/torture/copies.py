"""A `why` that is killed while it reads a private copy of a database: the next start leaves no copy behind."""
import pathlib
import shutil
import signal
import sqlite3

from interrupted import Killer
from trial import NOTHING_FOUND, OK, PARTIAL

MEGABYTES = 48  # of changes that are pending: copying them takes a while


def pending_changes(trial):
    """The writer that holds the write-ahead log was killed: its lock is gone."""
    cookies = trial.home / '.config/chromium/Default/Cookies'
    kept = trial.scratch / 'kept'
    writer = sqlite3.connect(cookies)
    writer.execute('PRAGMA journal_mode = WAL')
    writer.execute('PRAGMA wal_autocheckpoint = 0')
    writer.execute('CREATE TABLE filler(x)')
    for _ in range(MEGABYTES):
        writer.execute('INSERT INTO filler VALUES(zeroblob(1048576))')
        writer.commit()
    for suffix in ('', '-wal'):
        shutil.copy(f'{cookies}{suffix}', f'{kept}{suffix}')
    writer.close()
    for suffix in ('', '-wal'):
        shutil.move(f'{kept}{suffix}', f'{cookies}{suffix}')
    pathlib.Path(f'{cookies}-shm').unlink(missing_ok=True)


def copies(trial):
    places = (trial.state / 'copies', trial.state / 'retest', trial.scratch / 'tmp')
    return [str(path) for place in places for path in place.rglob('*') if path.is_file() and path.name != 'lock']


def kill_copies(trial, count):
    """Kills that left a copy, and as many by signals that let it clean up."""
    trial.fresh()
    pending_changes(trial)
    tmp = trial.scratch / 'tmp'
    tmp.mkdir()
    killer = Killer(trial, 'why', TMPDIR=str(tmp))
    hits = tries = 0
    while hits < count and tries < 40 * count:
        tries += 1
        if trial.chance.random() < 0.3:
            number = trial.chance.choice((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
            if killer.hits(number):
                trial.check(f'copy {hits}: {number.name} leaves none', not copies(trial), copies(trial))
            continue
        if not killer.hits() or not copies(trial):
            continue
        hits += 1
        command = trial.chance.choice(('doctor', 'runs', 'profiles', 'why'))
        trial.check_end(f'copy {hits}: {command} after a kill', trial.run(command, TMPDIR=str(tmp)), (OK, PARTIAL, NOTHING_FOUND))
        trial.check(f'copy {hits}: {command} leaves none', not copies(trial), copies(trial))
    trial.check(f'only {hits} kills left a copy', hits == count)
    return hits
