"""Profiles with bytes changed, files cut short, emptied, exchanged or gone."""
from trial import DENIED, IN_USE, NOTHING_FOUND, OK, PARTIAL, USAGE


def mutate(trial):
    """Damages up to three files of the profile; says how."""
    chance = trial.chance
    files = sorted(path for path in trial.home.rglob('*') if path.is_file())
    done = []
    for path in chance.sample(files, chance.randint(1, 3)):
        content = bytearray(path.read_bytes())
        how = chance.choice(('bytes', 'bytes', 'bytes', 'cut', 'empty', 'gone', 'other', 'longer'))
        if how == 'bytes' and content:
            for _ in range(chance.choice((1, 1, 4, 64))):
                content[chance.randrange(len(content))] = chance.randrange(256)
        elif how == 'cut':
            del content[chance.randrange(len(content) + 1):]
        elif how == 'empty':
            content.clear()
        elif how == 'other':
            content = chance.choice(files).read_bytes() if chance.random() < 0.9 else b'\0' * 5000
        elif how == 'longer':
            content += chance.randbytes(chance.choice((1, 100, 5000)))
        if how == 'gone':
            path.unlink()
        elif path.exists():
            path.write_bytes(content)
        done.append(f'{path.relative_to(trial.home)} {how}')
    return ', '.join(done)


def mutate_many(trial, count):
    for number in range(count):
        trial.fresh()
        name = f'mutant {number} ({mutate(trial)})'
        full, other = trial.seen()
        other &= trial.others  # what a file of the site's got from another one's is not that one's
        code = trial.run('fix')
        did = trial.said()
        trial.check_end(name, code, (OK, PARTIAL, DENIED, IN_USE, USAGE, NOTHING_FOUND))
        trial.check(name + ': other sites are whole', other <= trial.seen()[1])
        trial.undo_all()
        lost = full - trial.seen()[0]
        trial.check(f'{name}: undo brings everything back ({len(lost)} things of {len(full)} did not; '
                    f'fix said: {did[-3000:]})', not lost)
    return count
