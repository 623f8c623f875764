"""Journals that are damaged, or that somebody has written who wants to reach files outside of the profile."""
import os
import pathlib
import shutil
import sqlite3

from trial import DENIED, IN_USE, OK, PARTIAL, USAGE

STRANGER = 20003  # another owner, where we are root
MEDIA = ['file', 'pair', 'row', 'json', 'record', 'entry', 'plist', 'keychain', 'x', '', 7, -1]
STATES = ['preparing', 'applying', 'done', 'undoing', 'undone', 'damaged', '', None, 3]


def run_folder(trial):
    return next(path for path in (trial.state / 'runs').iterdir() if path.is_dir())


def outside(trial):
    return trial.scratch / 'outside'


def profiles(trial):
    return [trial.home / '.config/chromium/Default', trial.home / '.cache/chromium/Default']


def snapshot(trial):
    """All that is not the profile, the state folder, or the scratch of these scripts."""
    found = {}
    for base in (outside(trial), trial.home):
        for folder, folders, files in os.walk(base):
            folders[:] = [name for name in folders if pathlib.Path(folder, name) not in profiles(trial)]
            for name in folders + files:
                path = os.path.join(folder, name)
                if os.path.islink(path):
                    content = os.readlink(path)
                else:
                    content = open(path, 'rb').read() if os.path.isfile(path) else ''
                found[path] = (os.lstat(path).st_mode, os.lstat(path).st_uid, content)
    return found


# --- The database ---

def places(trial):
    """What to write where a journal has a path, a name or a number."""
    goal, profile = outside(trial), profiles(trial)[0]
    return [str(goal / '.ssh'), str(goal / '.ssh/authorized_keys'), '../../../../outside/.ssh/authorized_keys', '..', '.', '', '/',
            f'{profile}/../../../.ssh', f'{profile}/../../../.ssh/authorized_keys', str(trial.home / '.ssh'), str(profile) + 'x',
            f'{profile}/link/authorized_keys', 'link/authorized_keys', 'link', None, 0, -1, 1 << 62, -(1 << 63), 1e300,
            'x" --', "x'; DROP TABLE run; --", '"', 'sqlite_schema', 'main"."run', 'cookies" WHERE 1 --', '1) OR (1', '\0', '\x1b[2J',
            b'\xff\xfe\x00', 'a' * 5000, '/' * 5000, '../' * 2000, '[' * 100000, '{"a":' * 50000]


def tables(database):
    return [name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def change_value(trial, database, table, column, value):
    rows = [row for row, in database.execute(f'SELECT rowid FROM {quoted(table)}')] if table != 'pieces' else \
        list(database.execute('SELECT container, name FROM pieces'))
    if not rows:
        return 'nothing'
    row = trial.chance.choice(rows)
    where, keys = ('rowid = ?', (row,)) if table != 'pieces' else ('container = ? AND name = ?', row)
    database.execute(f'UPDATE OR IGNORE {quoted(table)} SET {quoted(column)} = ? WHERE {where}', (value, *keys))
    return f'{table}.{column} = {str(value)[:60]!r}'


def any_value(trial, database):
    table = trial.chance.choice(tables(database))
    column = trial.chance.choice([row[1] for row in database.execute(f'PRAGMA table_info({quoted(table)})')])
    return change_value(trial, database, table, column, trial.chance.choice(places(trial)))


def place(trial, database):
    table, column = trial.chance.choice([('containers', 'path'), ('containers', 'path'), ('files', 'key'), ('files', 'key'),
                                         ('files', 'stored'), ('profiles', 'path'), ('profiles', 'cache'), ('profiles', 'root'),
                                         ('mirrors', 'name'), ('mirrors', 'identity'), ('mirror_columns', 'name'),
                                         ('shares', 'name'), ('members', 'pointer'), ('saved_entries', 'key')])
    return change_value(trial, database, table, column, trial.chance.choice(places(trial)))


def reach(trial, database):
    """A file that the run keeps would go to a place outside where nothing is yet."""
    goal, profile = outside(trial) / '.ssh', profiles(trial)[0]
    if trial.chance.random() < 0.5:
        path = trial.chance.choice((str(goal), f'{profile}/../../../.ssh', f'{profile}/link', str(goal.parent / 'new')))
        database.execute("UPDATE containers SET path = ? WHERE medium = 'file'", (path,))
        return f'containers.path = {path}'
    up = '../' * trial.chance.randint(1, 9) + 'outside/.ssh/rc'
    key = trial.chance.choice((str(goal / 'rc'), up, '../../../.ssh/rc', 'link/rc', '../link/rc', '../../../.bashrc'))
    return change_value(trial, database, 'files', 'key', key)


def medium(trial, database):
    return change_value(trial, database, 'containers', 'medium', trial.chance.choice(MEDIA))


def state(trial, database):
    return change_value(trial, database, 'run', 'state', trial.chance.choice(STATES))


def key_of_row(trial, database):
    mirror = trial.chance.choice([name for name in tables(database) if name.startswith('mirror_') and name[-1].isdigit()])
    return change_value(trial, database, mirror, 'source_key', trial.chance.choice(places(trial) + ['(SELECT 1)', "'a' || 'b'"]))


def huge(trial, database):
    table = trial.chance.choice(tables(database))
    column = trial.chance.choice([row[1] for row in database.execute(f'PRAGMA table_info({quoted(table)})')])
    change_value(trial, database, table, column, bytes(trial.chance.choice((1 << 20, 20 << 20))))
    return f'{table}.{column} is huge'


def sum_of_piece(trial, database):
    column, value = trial.chance.choice([('sha256', bytes(32)), ('sha256', b'x'), ('size', 1), ('size', -1), ('size', 1 << 62),
                                         ('item', 1 << 40), ('name', '../x')])
    return change_value(trial, database, 'pieces', column, value)


def rows_gone(trial, database):
    table = trial.chance.choice(tables(database))
    database.execute(f'DELETE FROM {quoted(table)} WHERE rowid % ? = 0' if table != 'pieces' else
                     'DELETE FROM pieces WHERE size % ? = 0', (trial.chance.choice((1, 2, 5)),))
    return f'rows of {table} gone'


def table_gone(trial, database):
    table = trial.chance.choice(tables(database))
    database.execute(f'DROP TABLE {quoted(table)}')
    return f'{table} gone'


def schema(trial, database):
    table = trial.chance.choice(tables(database))
    how = trial.chance.choice(('view', 'trigger', 'column', 'version', 'generated'))
    if how == 'view':  # without end
        database.execute(f'ALTER TABLE {quoted(table)} RENAME TO kept')
        columns = ', '.join(f'n AS {quoted(row[1])}' for row in database.execute('PRAGMA table_info(kept)'))
        database.execute(f'CREATE VIEW {quoted(table)} AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) '
                         f'SELECT {columns} FROM c')
    elif how == 'trigger':
        database.execute(f'CREATE TRIGGER t AFTER UPDATE ON run BEGIN DELETE FROM {quoted(table)}; END')
    elif how == 'column':
        column = trial.chance.choice([row[1] for row in database.execute(f'PRAGMA table_info({quoted(table)})')])
        database.execute(f'ALTER TABLE {quoted(table)} RENAME COLUMN {quoted(column)} TO gone')
    elif how == 'version':
        database.execute(f'PRAGMA user_version = {trial.chance.choice((0, 1, 3, -1))}')
    else:
        database.execute(f'ALTER TABLE {quoted(table)} ADD COLUMN g AS (hex(zeroblob(1000000)))')
    return f'{table}: {how}'


IN_DATABASE = [any_value, any_value, place, place, reach, reach, reach, medium, state, key_of_row, huge, sum_of_piece, rows_gone, table_gone, schema]


def forge_database(trial):
    database = sqlite3.connect(run_folder(trial) / 'journal.db', isolation_level=None)
    done = []
    for _ in range(trial.chance.choice((1, 1, 1, 2, 3))):
        how = trial.chance.choice(IN_DATABASE)
        try:
            done.append(f'{how.__name__}: {how(trial, database)}')
        except (sqlite3.Error, IndexError, OverflowError) as error:  # what one change made impossible for the next one
            done.append(f'{how.__name__}: {error}')
    database.close()
    return ', '.join(done)


def forge_bytes(trial):
    path = run_folder(trial) / 'journal.db'
    content = bytearray(path.read_bytes())
    how = trial.chance.choice(('bytes', 'bytes', 'cut', 'longer', 'zeros'))
    if how == 'bytes':
        for _ in range(trial.chance.choice((1, 1, 4, 64))):
            content[trial.chance.randrange(len(content))] = trial.chance.randrange(256)
    elif how == 'cut':
        del content[trial.chance.randrange(len(content)):]
    elif how == 'longer':
        content += trial.chance.randbytes(4096)
    else:
        at = trial.chance.randrange(len(content))
        content[at:at + 4096] = bytes(len(content[at:at + 4096]))
    path.write_bytes(content)
    return 'journal.db: ' + how


# --- The folder ---

def forge_stored(trial):
    """A file that the run keeps: gone, another one, a link, a pipe."""
    kept = sorted((run_folder(trial) / 'files').iterdir())
    path = trial.chance.choice(kept)
    how = trial.chance.choice(('gone', 'other', 'link', 'pipe', 'folder', 'empty'))
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
    if how == 'other':
        path.write_text('another one')
    elif how == 'link':
        path.symlink_to(outside(trial) / trial.chance.choice(('.ssh/authorized_keys', '.ssh', 'nothing')))
    elif how == 'pipe':
        os.mkfifo(path)
    elif how == 'folder':
        path.mkdir()
    elif how == 'empty':
        path.write_bytes(b'')
    return f'files/{path.name}: {how}'


def forge_replacements(trial):
    profile, goal = profiles(trial)[0], outside(trial)
    lines = [f'{trial.chance.randint(0, 12)} {trial.chance.choice(("prepared", "in_place", "finished", "x"))} {trial.chance.randint(0, 9)} '
             f'{trial.chance.choice(("00", "", "-"))} {trial.chance.choice((goal / ".ssh", profile / "../../../.ssh", "", "x" * 9999))}'
             for _ in range(trial.chance.randint(1, 5))]
    (run_folder(trial) / 'replacements').write_text('\n'.join(lines) + '\n')
    return f'replacements: {lines[0][:80]}'


def forge_rollback(trial):
    """A rollback journal that names a file which SQLite would delete."""
    name = str(outside(trial) / trial.chance.choice(('.ssh/authorized_keys', 'journal.db-mj01'))).encode()
    magic = b'\xd9\xd5\x05\xf9\x20\xa1\x63\xd7'
    end = name + len(name).to_bytes(4, 'big') + sum(name).to_bytes(4, 'big') + magic
    (run_folder(trial) / 'journal.db-journal').write_bytes(magic + bytes(512 - 8) + (0x40000000).to_bytes(4, 'big') + end)
    return 'a rollback journal that names another file'


def forge_link(trial):
    """Something of the run is elsewhere, where somebody else may change it."""
    run = run_folder(trial)
    path = trial.chance.choice((run, run / 'files', run / 'journal.db', run / 'lock', run / 'sealed', run.parent, run.parent / 'lock'))
    there = outside(trial) / 'moved'
    there.mkdir()
    there.chmod(0o777)
    if path.name in ('lock', 'sealed') and trial.chance.random() < 0.5:
        path.unlink(missing_ok=True)
        path.symlink_to(outside(trial) / '.ssh/authorized_keys')
    elif path.exists():
        shutil.move(str(path), str(there / path.name))
        path.symlink_to(there / path.name)
    return f'{path.relative_to(trial.state)} is a link'


def forge_owner(trial):
    """Of somebody else, or open to somebody else. True for the caller: nothing may be put back."""
    run = run_folder(trial)
    path = trial.chance.choice((run, run / 'files', run / 'journal.db', run.parent, trial.state))
    if os.geteuid() == 0 and trial.chance.random() < 0.5:
        os.chown(path, STRANGER, STRANGER)
        return f'{path.relative_to(trial.scratch)} of another owner'
    path.chmod(path.stat().st_mode | trial.chance.choice((0o020, 0o002)))
    return f'{path.relative_to(trial.scratch)} is writable by others'


FORGE = [forge_database] * 8 + [forge_bytes] * 2 + [forge_stored] * 2 + [forge_replacements, forge_rollback, forge_link, forge_owner]


def prepare(trial):
    """Other files of this user; a run that is undone anew in each trial; a profile with a link that leads out of it."""
    for folder in (outside(trial), trial.home):
        (folder / '.ssh').mkdir(parents=True, exist_ok=True)
        (folder / '.ssh/authorized_keys').write_text('ssh-ed25519 MINE')
        (folder / 'journal.db-mj01').write_text('mine')
    (profiles(trial)[0] / 'link').symlink_to(outside(trial) / '.ssh')


def forge_many(trial, count):
    fixed = trial.scratch / 'fixed'
    trial.fresh()
    trial.check_end('fix', trial.run('fix'), (OK,))
    for folder in (trial.home, trial.state):
        shutil.copytree(folder, fixed / folder.name)
    for number in range(count):
        for folder in (trial.home, trial.state, outside(trial)):
            shutil.rmtree(folder, ignore_errors=True)
        for folder in (trial.home, trial.state):
            shutil.copytree(fixed / folder.name, folder)
        prepare(trial)
        forge = trial.chance.choice(FORGE)
        name = f'forged {number} ({forge(trial)})'
        around = snapshot(trial)
        if trial.chance.random() < 0.3:
            trial.check_end(name + ', looked at', trial.run('runs', '--check'), (OK, PARTIAL, DENIED, IN_USE, USAGE))
            trial.check(name + ': looking touches nothing outside', snapshot(trial) == around)
        code = trial.run('undo')
        trial.check_end(name, code, (OK, PARTIAL, DENIED, IN_USE, USAGE))
        trial.check(name + ': nothing outside of the profile is touched', snapshot(trial) == around)
        (profiles(trial)[0] / 'link').unlink(missing_ok=True)
        seen, other = trial.seen()
        trial.check(name + ': other sites are whole', trial.others <= other)
        if forge is forge_owner:
            trial.check(f'{name}: refused, {code}', code in (DENIED, USAGE))
        if code == OK or 'Everything is back' in trial.verdict():
            lost = trial.before - seen
            trial.check(f'{name}: says "{trial.verdict()}", and {len(lost)} things are not', not lost)
    for folder in (fixed, outside(trial)):
        shutil.rmtree(folder)
    return count
