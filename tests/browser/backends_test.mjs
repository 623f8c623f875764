// Each form in which Chromium can keep caches and storage: with its feature flags a real one plants, unstick fixes one site,
// and the same Chromium then sees nothing of it and of everybody else what it saw before; undo brings it back.
// Arguments: names of forms; none = all.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { searchBytes } from './bytes.mjs';
import { check, finish, same, truly } from './check.mjs';
import { close, onCopy, open } from './chromium.mjs';
import { onDisk } from './disk.mjs';
import { isOf, secretsOf, without } from './expect.mjs';
import { loginsIn, observe } from './observe.mjs';
import { plant, plantLogins } from './plant.mjs';
import { printed, unstick } from './unstick.mjs';
import * as world from './world.mjs';

/// Names of forms: the features that switch them on, a file that only they have, what Chromium 156 itself does not find
/// again in them after a restart, at any host, and the features of an earlier form in which the profile was filled before.
const forms = {
    default: { features: '', proof: 'Cache/Cache_Data/index-dir/the-real-index' },
    blockfile: { features: 'DiskCacheBackendExperiment:backend/blockfile', proof: 'Cache/Cache_Data/data_1', misses: 'range 2000000' },
    sql: { features: 'DiskCacheBackendExperiment:backend/sql', proof: 'Cache/Cache_Data/sqldb0' },
    sqlite: { features: 'DomStorageSqlite,IdbSqliteBackingStore', proof: 'LocalStorage' },
    // Half-way: filled in the older form, then by the same sites in the newer one.
    mixed: { features: 'DomStorageSqlite,IdbSqliteBackingStore', proof: 'LocalStorage', filledBefore: '' },
};

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-backends-'));
const web = await world.startWorld();
const secrets = secretsOf(world.ours, [...world.framesOfOurs, ...world.framesUnderOurs]);
const stuck = isOf('stuck.test');

/// What the SQL cache counts, and what is to be counted: Chromium never does it again.
function totalsOf(folder) {
    const cache = path.join(folder, 'Default/Cache/Cache_Data');
    return fs.readdirSync(cache).filter((name) => /^sqldb\d+$/.test(name)).map((name) => execFileSync('sqlite3', [
        `file:${cache}/${name}?mode=ro`, `SELECT (SELECT value FROM meta WHERE key = 'EntryCount') - count(*),
        (SELECT value FROM meta WHERE key = 'TotalSize') - total(bytes_usage) FROM resources WHERE doomed = 0`]).toString().trim());
}

const flagsOf = (features) => features ? [`--enable-features=${features}`] : [];

async function tryForm(name, { features, proof, misses, filledBefore }) {
    const folder = path.join(scratch, name);
    const state = folder + '-state';
    const flags = flagsOf(features);
    const run = (...args) => unstick(state, ...args, '--yes', '--json');
    const seen = async (how = flags) => {
        const all = { ...await onCopy(folder, web, observe, how), logins: loginsIn(folder), disk: onDisk(folder) };
        if (filledBefore !== undefined) {
            all.tabs = {};  // two generations of the same tabs: which of them comes back is by chance
        }
        return all;
    };
    const asBefore = () => filledBefore === undefined ? undefined : seen(flagsOf(filledBefore));
    const endsWell = (result) => same([result.code, result.json?.problems], [0, []]);

    for (const step of filledBefore === undefined ? [flags] : [flagsOf(filledBefore), flags]) {
        const context = await open(folder, web, step);
        await plant(context);
        await close(context, folder);
    }
    plantLogins(folder);
    const before = await seen();
    const earlier = await asBefore();
    check(`${name}: Chromium keeps its data in this form`, () => {
        truly(fs.existsSync(path.join(folder, 'Default', proof)), proof);
        truly(Object.keys(before.origins['app.stuck.test'].local).length === 3, 'local storage');
        truly(Object.keys(before.origins['app.stuck.test'].databases.db ?? {}).length === 2, 'database');
        truly(before.origins['app.stuck.test'].cached['/big'], 'HTTP cache');
        for (const [store, owners] of Object.entries(before.disk)) {
            truly(owners.some((owner) => owner.includes('/app.stuck.test')), store);
        }
        same(Object.entries(before.origins).flatMap(([host, seen]) => Object.keys(seen.cached).filter((key) => !seen.cached[key] !== (key === misses))
            .map((key) => `${host} ${key}`)), []);
        truly(Object.values(before.tabs).every((tab) => tab.tab), 'session storage');
    });
    if (earlier) {
        check(`${name}: the older form is still there beside it`, () => {
            truly(fs.existsSync(path.join(folder, 'Default/Local Storage/leveldb/CURRENT')), 'Local Storage/leveldb');
            truly(Object.keys(earlier.origins['app.stuck.test'].local).length === 3, 'local storage');
        });
    }
    const everything = { kinds: ['cookies', 'cache', 'storage', 'auth', 'network', 'permissions'] };
    const fixed = await run('stuck.test', '--user-data-dir', folder, '--with', 'network,permissions', '--retest', 'none');
    check(`${name}: fix ends well`, () => endsWell(fixed));
    check(`${name}: no secret of the site is left in any byte of the profile`, () => same(searchBytes(folder, secrets), []));
    check(`${name}: the cache's own counts are right`, () => truly(totalsOf(folder).every((off) => /^0\|0(\.0)?$/.test(off)), totalsOf(folder).join(' ')));
    const after = await seen();
    check(`${name}: the browser sees nothing of the site, and of everybody else exactly what it saw before`, () =>
        same(after, without(before, stuck, everything)));
    if (earlier) {
        const older = await asBefore();
        check(`${name}: so it does if it goes back to the older form`, () => same(older, without(earlier, stuck, everything)));
    }
    const undone = await run('undo');
    check(`${name}: undo ends well`, () => endsWell(undone));
    check(`${name}: the cache's own counts are right again`, () => truly(totalsOf(folder).every((off) => /^0\|0(\.0)?$/.test(off)), totalsOf(folder).join(' ')));
    const restored = await seen();
    check(`${name}: after undo the browser sees everything as before`, () => same(restored, before));
}

const wanted = process.argv.slice(2);
for (const name of wanted.length ? wanted : Object.keys(forms)) {
    await tryForm(name, forms[name]);
}
check('no secret was printed', () => same(printed.filter((text) => /SECRET\.|\.TERCES/.test(text)), []));

web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
