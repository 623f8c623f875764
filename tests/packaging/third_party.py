#!/usr/bin/env python3
"""Notices and lists of parts: nothing gets into the program without its notice; the list is CycloneDX.

    tests/packaging/third_party.py SOURCE BUILD

BUILD is a build of the program by Ninja, of any kind. What ./scripts/package makes of the builds that are handed out is
held against the same by packages.sh. Ends with 77 (skipped) where there is no dpkg."""

import importlib.machinery
import importlib.util
import json
import shutil
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

SOURCE, BUILD = Path(sys.argv[1]), sys.argv[2]
SCHEMAS = SOURCE / 'tests/packaging/node_modules/@cyclonedx/cyclonedx-library/res/schema'
failed = False
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader('third_party', str(SOURCE / 'scripts/third-party'))
third_party = importlib.util.module_from_spec(importlib.util.spec_from_loader('third_party', loader))
loader.exec_module(third_party)


def expect(condition, what, *facts):
    global failed
    print('ok:' if condition else 'FAILED:', what, *([] if condition else facts))
    failed = failed or not condition


def refusal(function):
    try:
        function()
    except third_party.Unknown as unknown:
        return str(unknown)
    return ''


def check_registry():
    registry = third_party.Registry()
    for entry in registry.entries:
        if not entry.get('not_inside') and not entry.get('toolchain'):
            expect('license' in entry and entry['notices'], f'{entry["name"]}: it has a licence and a notice')
    found = registry.entries_of(['/usr/include/nlohmann/json.hpp', '/usr/include/fmt/format.h'])
    expect({entry['name'] for entry in found.values()} == {'nlohmann-json', 'fmt'}, 'files of packages are known', found)
    said = refusal(lambda: registry.entries_of(['/usr/bin/git']))
    expect('/usr/bin/git' in said and 'third-party.json' in said, 'a package without an entry is refused by name', said)
    with tempfile.TemporaryDirectory() as folder:
        own = third_party.Registry([folder])
        library = Path(folder, 'lib/libfmt.a')
        stray = Path(folder, 'lib/libstray.a')
        for file in (library, stray, Path(folder, 'include/stray/stray.h')):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        expect(own.entries_of([str(library)])[str(library)]['name'] == 'fmt', 'an archive of our own build is known')
        for file in (stray, Path(folder, 'include/stray/stray.h')):
            said = refusal(lambda file=file: own.entries_of([str(file)]))
            expect(str(file) in said, 'a library that was added without a notice is refused', said)
        loose = Path(folder).parent / (Path(folder).name + '.a')
        said = refusal(lambda: own.entries_of([str(loose)]))
        expect('belongs to no package' in said, 'a file of nobody is refused', said)
        bare = third_party.Registry(packages=[third_party.Packages(documents=Path(folder))])
        said = refusal(lambda: third_party.notices(bare, [(bare.by_source('leveldb', ''), {'static'})]))
        expect('LevelDB' in said and 'copyright' in said, 'a missing notice is refused', said)
    check_other_root()
    return registry


def check_other_root():
    """Packages for another processor, as scripts/debian-root leaves them: asked before those of this computer."""
    with tempfile.TemporaryDirectory() as folder:
        record, library = Path(folder, 'var/lib/dpkg'), Path(folder, 'usr/lib/aarch64-linux-gnu/libleveldb.a')
        notice = Path(folder, 'usr/share/doc/libleveldb-dev/copyright')
        for file in (record / 'info/format', library, notice):
            file.parent.mkdir(parents=True, exist_ok=True)
        library.touch()
        notice.write_text('The notice of that processor')
        (record / 'info/format').write_text('1\n')
        (record / 'info/libleveldb-dev:arm64.list').write_text('/.\n/usr\n/usr/lib/aarch64-linux-gnu/libleveldb.a\n')
        (record / 'status').write_text('Package: libleveldb-dev\nStatus: install ok unpacked\nArchitecture: arm64\nMulti-Arch: same\n'
                                       'Source: leveldb\nVersion: 9.9-1\nMaintainer: x\nDescription: x\n\n')
        registry = third_party.Registry(packages=[third_party.Packages(folder), third_party.Packages()])
        found = registry.entries_of([str(library), '/usr/include/fmt/format.h'])
        expect([entry['name'] for entry in found.values()] == ['LevelDB', 'fmt'], 'packages of another processor are known', found)
        entry = registry.by_source('leveldb', '')
        expect(registry.version_of(entry) == '9.9-1' and registry.notice(entry) == 'The notice of that processor',
               '  their versions and notices are taken', registry.version_of(entry))


def check_notices(registry, parts):
    everything = [(entry, {'static'}) for entry in registry.entries if not entry.get('toolchain')]
    text = third_party.notices(registry, everything)
    for words in ('GNU LESSER GENERAL PUBLIC LICENSE\n                       Version 2.1', 'Version 3, 29 June 2007',
                  'How to link with changed parts', 'Mozilla Public License', 'Boost Software License - Version 1.0',
                  'The LevelDB Authors'):
        expect(words in text, f'all parts: the notices hold "{words.splitlines()[0]}"')
    expect(text == third_party.notices(registry, everything), 'the same parts give the same notices')
    inside = {entry['name'] for entry, _ in third_party.inside(parts)}
    text = third_party.notices(registry, parts)
    expect({'nlohmann-json', 'SQLiteCpp', 'tl::expected'} <= inside, 'what is compiled in is inside', inside)
    expect(all(name in text for name in inside), 'each part inside has its notice')
    of_lgpl = {entry['name'] for entry, how in parts if entry.get('relink') and how != {'dynamic'}}
    expect(('How to link with changed parts' in text) == bool(of_lgpl), 'how to link again is said where the LGPL wants it')


def check_sbom(registry, parts):
    with tempfile.TemporaryDirectory() as folder:
        artefact = Path(folder, 'unstick-1.tar.gz')
        artefact.write_bytes(b'archive')
        make = lambda: third_party.sbom(registry, parts, '1.2.3', artefact, datetime(2026, 1, 2, tzinfo=timezone.utc))
        made = make()
        expect(made == make(), 'the same artefact gives the same list')
    expect(made['metadata']['timestamp'] == '2026-01-02T00:00:00Z', 'its day is the day of the source')
    expect(len(made['metadata']['component']['hashes'][0]['content']) == 64, 'it names the artefact by its sum')
    names = [part['name'] for part in made['components']]
    expect(names == sorted(names, key=str.lower) and len(names) >= 12, 'it lists the parts', names)
    expect(all(part['version'] and part['purl'] for part in made['components']), 'each with a version')
    if not SCHEMAS.is_dir():
        print('no schemas (npm ci in tests/packaging): the list was not held against them')
        return
    import warnings
    warnings.simplefilter('ignore', DeprecationWarning)
    import jsonschema
    schema = json.loads((SCHEMAS / 'bom-1.6.SNAPSHOT.schema.json').read_text())
    store = {'http://cyclonedx.org/schema/' + file.name: json.loads(file.read_text()) for file in SCHEMAS.glob('*.json')}
    validator = jsonschema.Draft7Validator(schema, resolver=jsonschema.RefResolver(schema['$id'], schema, store=store))
    faults = [f'{list(error.path)}: {error.message[:200]}' for error in validator.iter_errors(made)]
    expect(not faults, 'it is CycloneDX 1.6', faults)
    damaged = json.loads(json.dumps(made))
    damaged['components'][0]['type'] = 'thing'
    expect(not validator.is_valid(damaged), 'the test sees what is not')


def main():
    if not shutil.which('dpkg-query'):
        print('skipped: there is no dpkg')
        sys.exit(77)
    registry = check_registry()
    _, parts = third_party.parts_of(BUILD)
    check_notices(registry, parts)
    check_sbom(registry, parts)
    sys.exit(1 if failed else 0)


main()
