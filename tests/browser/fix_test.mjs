// The proof by the browser itself: what a real Chromium planted is gone for one site and exactly as before for all
// others; undo brings it back; and no secret of the site is left in any byte of the profile.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { close, onCopy, open } from './chromium.mjs';
import { observe, searchBytes } from './observe.mjs';
import { plant, plantLogins } from './plant.mjs';
import { printed, unstick } from './unstick.mjs';
import * as world from './world.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-browser-'));
const web = await world.startWorld();
const planted = path.join(scratch, 'planted');
let runs = 0;

/// A copy of the planted profile with a state folder of its own.
function fresh() {
    const folder = path.join(scratch, `run${++runs}`);
    execFileSync('cp', ['-a', planted, folder]);
    return { folder, state: folder + '-state' };
}

const seenIn = (folder) => onCopy(folder, web, (context) => observe(context, folder));

const emptyOrigin = (origin) => ({
    local: {}, databases: {}, caches: {}, files: {}, workers: [],
    cached: Object.fromEntries(Object.keys(origin.cached).map((key) => [key, null])),
});

const hostOf = (cookie) => cookie.domain.replace(/^\./, '');
const isOf = (domain) => (host) => host.split(':')[0] === domain || host.split(':')[0].endsWith('.' + domain);
const partitionOf = (cookie) => cookie.partitionKey?.topLevelSite?.replace('https://', '') ?? '';

/// What should be seen after removing `kinds` of the site whose hosts `mine` accepts.
function without(before, mine, { kinds = ['cookies', 'cache', 'storage', 'auth'], partitions = mine } = {}) {
    const after = structuredClone(before);
    const empty = (owner) => {
        const emptied = emptyOrigin(owner);
        return {
            ...owner,
            ...(kinds.includes('storage') ? { local: {}, databases: {}, caches: {}, files: {}, workers: [] } : {}),
            ...(kinds.includes('cache') ? { cached: emptied.cached } : {}),
        };
    };
    for (const host of Object.keys(after.origins).filter(mine)) {
        after.origins[host] = empty(after.origins[host]);
    }
    for (const name of Object.keys(after.frames)) {
        const [top, inner] = name.split('>');
        if (mine(inner) || partitions(top)) {
            after.frames[name] = empty(after.frames[name]);
        }
    }
    if (kinds.includes('storage')) {
        for (const url of Object.keys(after.tabs).filter((tab) => mine(new URL(tab).host))) {
            after.tabs[url] = {};
        }
    }
    if (kinds.includes('cookies')) {
        for (const [name, cookie] of Object.entries(after.cookies)) {
            if (mine(hostOf(cookie)) || partitions(partitionOf(cookie))) {
                delete after.cookies[name];
            }
        }
    }
    if (kinds.includes('auth')) {
        after.logins = after.logins.filter((login) => !(login.includes('|1|') && mine(new URL(login.split('|')[0]).host)));
    }
    return after;
}

/// All markers of the hosts, but for places that are meant to stay.
function secretsOf(hosts, frames, stay = ['password0']) {
    const places = ['cookie', 'local', 'session', 'database', 'blob', 'cacheStorage', 'opfs', 'header', 'small', 'big',
        'worker', 'password0', 'password1'].filter((place) => !stay.includes(place));
    const all = hosts.flatMap((host) => places.map((place) => world.secret(host, place)));
    for (const [top, inner] of frames) {
        all.push(...places.map((place) => world.secret(inner, place, top)));
    }
    return all;
}

// --- Plant, and make sure that looking is reliable ---

const context = await open(planted, web);
await plant(context);
await close(context, planted);
plantLogins(planted);
const before = await seenIn(planted);
const again = await seenIn(planted);
check('looking twice at the same profile shows the same', () => same(again, before));
check('everything was planted', () => {
    for (const [host, seen] of [...Object.entries(before.origins), ...Object.entries(before.frames)]) {
        truly(Object.keys(seen.local).length === 2, host + ': local storage');
        truly(Object.keys(seen.databases.db ?? {}).length === 2, host + ': database');
        truly(Object.keys(seen.caches).length === 1, host + ': caches');
        truly(Object.keys(seen.files).length === 1, host + ': files');
        truly(Object.values(seen.cached).every(Boolean), host + ': HTTP cache');
    }
    truly(Object.values(before.origins).every((seen) => seen.workers.length === 1), 'service workers');
    truly(Object.keys(before.tabs).length === world.ours.length + world.others.length, 'tabs');
    truly(Object.values(before.tabs).every((tab) => tab.tab), 'session storage');
    truly(Object.values(before.cookies).some((cookie) => partitionOf(cookie) === 'partner.test'), 'partitioned cookies');
    truly(before.logins.length === 2 * (world.ours.length + world.others.length), 'logins');
});
const ourSecrets = secretsOf(world.ours, [...world.framesOfOurs, ...world.framesUnderOurs]);
const plantedHits = new Set(searchBytes(planted, ourSecrets).map((hit) => hit.split(': ')[1]));
check('the byte search finds what was planted', () => truly(plantedHits.size > 40, `${plantedHits.size} of ${ourSecrets.length}`));

const stuck = isOf('stuck.test');

// --- The whole site ---
{
    const { folder, state } = fresh();
    const dry = await unstick(state, 'stuck.test', '--user-data-dir', folder, '--retest', 'none', '--dry-run', '--json');
    check('the dry run ends well', () => same(dry.code, 0));
    check('the dry run changes nothing', () => same(execFileSync('diff', ['-r', planted, folder]).toString(), ''));
    const result = await unstick(state, 'stuck.test', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json');
    check('fix ends well', () => same([result.code, result.json?.problems], [0, []]));
    check('fix removes exactly what the dry run showed', () => {
        const shown = (json) => json.profiles.map((p) => p.stores.map((s) => [s.store, s.path, s.found]));
        same(shown(result.json), shown(dry.json));
        truly(result.json.profiles[0].stores.every((store) => store.removed === store.found), 'all removed');
    });
    check('no secret of the site is left in any byte of the profile', () => same(searchBytes(folder, ourSecrets), []));
    const requests = web.log.length;
    const after = await seenIn(folder);
    check('the browser sees nothing of the site, and of everybody else exactly what it saw before', () =>
        same(after, without(before, stuck)));
    check('cached resources of other sites were served without a request', () => {
        const refetched = web.log.slice(requests).filter((line) => /\/(small|big|moved)/.test(line));
        same(refetched, []);
    });
    const second = await unstick(state, 'stuck.test', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json');
    check('a second run finds nothing', () => same([second.code, second.json?.problems], [9, []]));
    const undo = await unstick(state, 'undo', '--yes', '--json');
    check('undo ends well', () => same([undo.code, undo.json?.problems], [0, []]));
    const restored = await seenIn(folder);
    check('after undo the browser sees everything as before', () => same(restored, before));
}

// --- After the browser has run again ---
{
    const { folder, state } = fresh();
    await unstick(state, 'stuck.test', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json');
    const running = await open(folder, web);
    const page = await running.newPage();
    await page.goto('https://www.stuck.test/login');
    await page.evaluate(() => localStorage.setItem('token', 'newer'));
    await page.close();
    const busy = await unstick(state, 'stuck.test', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json');
    check('a profile that the browser has open is not touched', () => same([busy.code, busy.json?.profiles[0].in_use], [7, true]));
    const undoBusy = await unstick(state, 'undo', '--yes', '--json');
    check('nor by undo', () => same(undoBusy.code, 7));
    await close(running, folder);
    const undo = await unstick(state, 'undo', '--yes', '--json');
    check('undo names what came back in the meantime', () => {
        same(undo.code, 3);
        truly(undo.json.problems.every((problem) => problem.code === 'exists'), JSON.stringify(undo.json.problems));
    });
    const seen = await seenIn(folder);
    check('undo keeps the newer, and brings back the rest', () => {
        same(seen.origins['www.stuck.test'].local.token, 'newer');
        same(seen.origins['app.stuck.test'], before.origins['app.stuck.test']);
        same(seen.origins['notstuck.test'], before.origins['notstuck.test']);
    });
}

// --- Parts of it ---
{
    const { folder, state } = fresh();
    const result = await unstick(state, 'stuck.test', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json', '--only', 'cookies');
    check('--only cookies ends well', () => same([result.code, result.json?.problems], [0, []]));
    const after = await seenIn(folder);
    check('--only cookies removes the cookies and nothing else', () => same(after, without(before, stuck, { kinds: ['cookies'] })));
}
{
    const { folder, state } = fresh();
    const result = await unstick(state, 'app.stuck.test', '--host', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json');
    check('--host ends well', () => same([result.code, result.json?.problems], [0, []]));
    const after = await seenIn(folder);
    const app = (host) => host.split(':')[0] === 'app.stuck.test';
    // The cookie that app.stuck.test set for the whole domain belongs to the domain.
    check('--host removes one host and keeps the rest of the site', () =>
        same(after, without(before, app, { partitions: () => false })));
}
{
    const { folder, state } = fresh();
    const result = await unstick(state, 'a.github.io', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json');
    check('a site under a private suffix ends well', () => same([result.code, result.json?.problems], [0, []]));
    const after = await seenIn(folder);
    check('its neighbour under the same suffix keeps everything', () => same(after, without(before, isOf('a.github.io'))));
}
{
    const { folder, state } = fresh();
    const result = await unstick(state, 'bücher.test', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json', '--with', 'passwords');
    check('an international name ends well', () => same([result.code, result.json?.problems], [0, []]));
    const after = await seenIn(folder);
    const expected = without(before, isOf('xn--bcher-kva.test'));
    expected.logins = expected.logins.filter((login) => !login.includes('xn--bcher-kva'));
    check('an international name is found, with its passwords where they were asked for', () => same(after, expected));
}

// --- Closing the browser ---
{
    const { folder, state } = fresh();
    // Not under the driver: as a user starts it.
    const browser = spawn((await import('./chromium.mjs')).executable, ['--headless=new', '--no-sandbox', '--disable-gpu',
        '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
        '--password-store=basic', `--user-data-dir=${folder}`, 'about:blank'], { stdio: 'ignore' });
    const ended = new Promise((r) => browser.on('exit', (code, signal) => r({ code, signal })));
    for (let i = 0; i < 100 && !fs.existsSync(`${folder}/SingletonSocket`); ++i) {
        await new Promise((r) => setTimeout(r, 100));
    }
    await new Promise((r) => setTimeout(r, 1500));
    const result = await unstick(state, 'stuck.test', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json', '--close');
    const end = await Promise.race([ended, new Promise((r) => setTimeout(() => r(null), 5000))]);
    check('--close asks the browser to quit, waits, and carries on', () => same([result.code, result.json?.problems], [0, []]));
    check('the browser ended by itself', () => truly(end && end.signal === null, JSON.stringify(end)));
    const crashed = spawn((await import('./chromium.mjs')).executable, ['--headless=new', '--no-sandbox', '--disable-gpu',
        '--no-first-run', '--password-store=basic', `--user-data-dir=${folder}`, 'about:blank'], { stdio: 'ignore' });
    for (let i = 0; i < 100 && !fs.existsSync(`${folder}/SingletonSocket`); ++i) {
        await new Promise((r) => setTimeout(r, 100));
    }
    await new Promise((r) => setTimeout(r, 1500));
    const gone = new Promise((r) => crashed.on('exit', r));
    crashed.kill('SIGKILL');
    await gone;
    await new Promise((r) => setTimeout(r, 500));
    check('the crash left its lock', () => truly(fs.lstatSync(`${folder}/SingletonLock`).isSymbolicLink()));
    const after = await unstick(state, 'other.test', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json');
    check('a lock left by a crash does not stop us', () => same([after.code, after.json?.problems], [0, []]));
}

check('no secret was printed', () => same(printed.filter((text) => /SECRET\.|\.TERCES/.test(text)), []));

web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
