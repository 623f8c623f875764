// The proof by the browser itself: what a real Chromium planted is gone for one site and exactly as before for all
// others; undo brings it back; and no secret of the site is left in any byte of the profile. So it is with a part of the site: one
// of four (sample.mjs), or each with the argument "all".
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { encryptedCookies, searchBytes } from './bytes.mjs';
import { check, finish, same, truly } from './check.mjs';
import { close, onCopy, open, start, until } from './chromium.mjs';
import { onDisk } from './disk.mjs';
import { isOf, partitionOf, secretsOf, without } from './expect.mjs';
import { loginsIn, observe } from './observe.mjs';
import { plant, plantLogins } from './plant.mjs';
import { sample } from './sample.mjs';
import { printed, unstick } from './unstick.mjs';
import * as world from './world.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-browser-'));
const web = await world.startWorld();
const planted = path.join(scratch, 'planted');
let runs = 0;

/// A copy of the planted profile with a state folder of its own, and unstick for them, without a re-test.
function fresh() {
    const folder = path.join(scratch, `run${++runs}`);
    execFileSync('cp', ['-a', planted, folder]);
    const state = folder + '-state';
    return {
        folder, state,
        fix: (...args) => unstick(state, ...args, '--user-data-dir', folder, '--retest', 'none', '--yes', '--json'),
        undo: () => unstick(state, 'undo', '--yes', '--json'),
    };
}

const seenIn = async (folder) => ({ ...await onCopy(folder, web, observe), logins: loginsIn(folder), disk: onDisk(folder) });
const endsWell = (result) => same([result.code, result.json?.problems], [0, []]);
const stuck = isOf('stuck.test');

// --- Plant, and make sure that looking is reliable ---

const context = await open(planted, web);
await plant(context);
await close(context, planted);
plantLogins(planted);
const before = await seenIn(planted);
const again = await seenIn(planted);
for (const site of ['stuck.test', 'other.test']) {
    const why = await unstick(planted + '-state', 'why', site, '--user-data-dir', planted, '--retest', 'none', '--json');
    check(`${site} is well: why is sure of nothing`, () =>
        same(why.json.findings.filter(({ confidence }) => confidence === 'high'), []));
}
check('looking twice at the same profile shows the same', () => same(again, before));
check('everything was planted', () => {
    for (const [host, seen] of [...Object.entries(before.origins), ...Object.entries(before.frames)]) {
        truly(Object.keys(seen.local).length === 3, host + ': local storage');
        truly(Object.values(seen.cached).every(Boolean), host + ': HTTP cache');
        for (const bucket of [seen, ...Object.values(seen.buckets)]) {
            truly(Object.keys(bucket.databases.db ?? {}).length === 2, host + ': database');
            truly(world.isPlain(host) || Object.keys(bucket.caches).length === 1, host + ': caches');
            truly(world.isPlain(host) || Object.keys(bucket.files).length === 1, host + ': files');
        }
        truly(world.isPlain(host) || Object.keys(seen.buckets).length === 1, host + ': bucket');
    }
    truly(Object.entries(before.origins).every(([host, seen]) => world.isPlain(host) || seen.workers.length === 1), 'workers');
    truly(Object.keys(before.tabs).length === world.all.length, 'tabs');
    truly(Object.values(before.tabs).every((tab) => tab.tab), 'session storage');
    const cookies = Object.values(before.cookies);
    truly(cookies.some((cookie) => partitionOf(cookie) === 'partner.test'), 'partitioned cookies');
    truly(cookies.some((cookie) => cookie.partitionKey?.hasCrossSiteAncestor && stuck(partitionOf(cookie))), 'nested frames');
    truly(cookies.some((cookie) => cookie.session && stuck(cookie.domain)), 'session cookies');
    truly(before.logins.length === 2 * world.all.length, 'logins');
    same(before.damage, []);
});
const secrets = [...secretsOf(world.ours, [...world.framesOfOurs, ...world.framesUnderOurs]),
    ...encryptedCookies(planted, `host_key LIKE '%stuck.test' AND host_key NOT LIKE '%notstuck.test' OR
        top_frame_site_key LIKE '%/stuck.test'`)];
check('the byte search finds what was planted, in logs, tables, databases and files', () => {
    const hits = searchBytes(planted, secrets);
    const files = ['Cookies', 'Login Data', 'Local Storage/leveldb/\\d+.ldb', 'Session Storage/\\d+.ldb', 'IndexedDB/.*',
        'Cache/Cache_Data/.*', 'Service Worker/CacheStorage/.*', 'Service Worker/ScriptCache/.*', 'File System/.*', 'WebStorage/.*'];
    for (const file of files) {
        truly(hits.some((hit) => new RegExp(`^Default/${file}: `).test(hit)), file);
    }
});
{
    const { folder } = fresh();
    const lose = (file) => fs.rmSync(path.join(folder, searchBytes(`${folder}/Default`, [file.secret])
        .map((hit) => hit.split(': ')[0]).filter((name) => name.startsWith(file.under)).map((name) => 'Default/' + name)[0]));
    execFileSync('sqlite3', [`${folder}/Default/Cookies`, "DELETE FROM cookies WHERE host_key = 'notstuck.test' AND name = 'host_only'"]);
    lose({ under: 'Cache/', secret: world.secret('notstuck.test', 'big') });
    lose({ under: 'File System/', secret: world.secret('notstuck.test', 'opfs') });
    const expected = structuredClone(before);
    const harmed = await seenIn(folder);
    delete expected.cookies['notstuck.test / host_only ""'];
    expected.origins['notstuck.test'].cached['/big'] = null;
    check('looking notices one lost cookie, one lost cached answer and one lost file of another site', () => {
        same(harmed.cookies, expected.cookies);
        same(harmed.origins['notstuck.test'].cached, expected.origins['notstuck.test'].cached);
        truly(harmed.origins['notstuck.test'].files['f.txt'] !== before.origins['notstuck.test'].files['f.txt'], 'the file');
    });
}

// --- The whole site ---
{
    const { folder, state, fix, undo } = fresh();
    const shown = (json) => json.profiles.map((p) => p.stores.map((s) => [s.store, s.path, s.found]));
    const dry = await fix('stuck.test', '--dry-run');
    check('the dry run ends well', () => same(dry.code, 0));
    check('the dry run changes nothing', () => same(execFileSync('diff', ['-r', planted, folder]).toString(), ''));
    const log = path.join(scratch, 'log');
    const result = await fix('stuck.test', '--verbose', '--log', log);
    printed.push(fs.readFileSync(log, 'utf8'));
    check('fix ends well', () => endsWell(result));
    check('fix removes exactly what the dry run showed', () => {
        same(shown(result.json), shown(dry.json));
        truly(result.json.profiles[0].stores.every((store) => store.removed === store.found), 'all removed');
    });
    check('no secret of the site is left in any byte of the profile', () => same(searchBytes(folder, secrets), []));
    const requests = web.log.length;
    const after = await seenIn(folder);
    check('the browser sees nothing of the site, and of everybody else exactly what it saw before', () =>
        same(after, without(before, stuck)));
    check('cached resources of other sites were served without a request', () =>
        same(web.log.slice(requests).filter((line) => /\/(small|big|moved)/.test(line)), []));
    const second = await fix('stuck.test');
    check('a second run finds nothing', () => same([second.code, second.json?.problems], [9, []]));
    check('what undo needs is for the user alone', () => same(fs.statSync(`${state}/unstick/runs`).mode & 0o777, 0o700));
    const restoring = await undo();
    check('undo ends well', () => endsWell(restoring));
    const restored = await seenIn(folder);
    check('after undo the browser sees everything as before', () => same(restored, before));

    const forGood = await fix('stuck.test', '--no-undo');
    check('--no-undo ends well', () => endsWell(forGood));
    await unstick(state, 'runs', '--purge', '--yes');
    check('with --no-undo and after runs --purge no secret is left anywhere', () =>
        same([...searchBytes(folder, secrets), ...searchBytes(state, secrets)], []));
}
{
    const { folder, state } = fresh();
    const where = ['--user-data-dir', folder];
    const run = (...args) => unstick(state, ...args);
    const texts = [await run('stuck.test', ...where, '--retest', 'none', '--dry-run', '--verbose'), await run('profiles', ...where),
        await run('stuck.test', ...where, '--retest', 'none', '--yes', '--verbose'), await run('runs'), await run('undo', '--yes', '--verbose')];
    check('the same as text, every item named', () => same(texts.map((text) => text.code), [0, 0, 0, 0, 0]));
}

// --- While the browser runs, and after ---
{
    const { folder, fix } = fresh();
    await fix('stuck.test');
    const idle = await start(folder);  // opens no tab of last time: nothing of the site is loaded, so nothing written
    const silent = await fix('stuck.test');
    // What it may hold of the site is in its memory only, which is said.
    check('an open browser that has written nothing of the site: nothing is found, and that is no proof', () =>
        same([silent.code, silent.json?.profiles[0].in_use, silent.json?.next.some((text) => text.includes('has not written yet'))],
            [9, true, true]));
    idle.child.kill();
    await idle.ended;
}
{
    const { folder, fix, undo } = fresh();
    await fix('stuck.test');
    const running = await open(folder, web);
    const page = await running.newPage();
    await page.goto('https://www.stuck.test/login');
    await page.evaluate(() => localStorage.setItem('token', 'newer'));
    await page.close();
    let busy;
    await until('the browser has written of the site', async () => (busy = await fix('stuck.test')).code !== 9);
    check('a profile that the browser has open is not touched', () => same([busy.code, busy.json?.profiles[0].in_use], [7, true]));
    const undoBusy = await undo();
    check('nor by undo', () => same(undoBusy.code, 7));
    await close(running, folder);
    const undone = await undo();
    check('undo names what came back in the meantime', () => {
        same([undone.code, undone.json.problems], [0, []]);
        truly(undone.json.profiles[0].stores.some((store) => store.newer_kept), JSON.stringify(undone.json.profiles));
    });
    const seen = await seenIn(folder);
    check('undo keeps the newer, and brings back the rest', () => {
        same(seen.origins['www.stuck.test'].local.token, 'newer');
        same(seen.origins['app.stuck.test'], before.origins['app.stuck.test']);
        same(seen.origins['notstuck.test'], before.origins['notstuck.test']);
    });
}

// --- Parts of it ---

const app = (host) => host.split(':')[0] === 'app.stuck.test';
const parts = [
    ['--only cookies', ['stuck.test', '--only', 'cookies'], without(before, stuck, { kinds: ['cookies'] })],
    // The cookie that app.stuck.test set for the whole domain belongs to the domain.
    ['one host', ['app.stuck.test', '--host'], without(before, app, { partitions: () => false })],
    ['a site under a private suffix', ['a.github.io'], without(before, isOf('a.github.io'))],
    ['an international name, with its passwords', ['bücher.test', '--with', 'passwords'],
        without(before, isOf('xn--bcher-kva.test'), { kinds: ['cookies', 'cache', 'storage', 'auth', 'passwords'] })],
];
for (const [name, args, expected] of sample(parts, 1)) {
    const { folder, fix, undo } = fresh();
    const result = await fix(...args);
    check(`${name}: ends well`, () => endsWell(result));
    const after = await seenIn(folder);
    check(`${name}: goes, and nothing else`, () => same(after, expected));
    const restoring = await undo();
    const restored = await seenIn(folder);
    check(`${name}: comes back`, () => {
        endsWell(restoring);
        same(restored, before);
    });
}

// --- Closing the browser ---
{
    const { folder, fix } = fresh();
    const browser = await start(folder);
    const result = await fix('stuck.test', '--close');
    const end = await Promise.race([browser.ended, new Promise((r) => setTimeout(() => r(null), 60000))]);
    check('--close asks the browser to quit, waits, and carries on', () => endsWell(result));
    check('the browser ended by itself', () => truly(end && end.signal === null, JSON.stringify(end)));
    // Not in the middle of making a database anew: what unstick says of one without its CURRENT file is another test's.
    const current = `${folder}/Default/Session Storage/CURRENT`;
    const begun = fs.statSync(current, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const crashed = await start(folder);
    for (let i = 0; i < 300 && !(fs.existsSync(current) && fs.statSync(current).mtimeMs > begun); ++i) {
        await new Promise((r) => setTimeout(r, 100));
    }
    crashed.child.kill('SIGKILL');
    await crashed.ended;
    check('the crash left its lock', () => truly(fs.lstatSync(`${folder}/SingletonLock`).isSymbolicLink()));
    const after = await fix('other.test');
    check('a lock left by a crash does not stop us', () => endsWell(after));
}

check('no secret was printed', () => same(printed.filter((text) => /SECRET\.|\.TERCES/.test(text)), []));

web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
