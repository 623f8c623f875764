// The proof by a real WebKit: what it planted is gone for one site and as before for all others, and undo brings it back;
// as a profile of GNOME Web, and laid out as Safari's on a Mac.
// Argument: 6.0 or 4.1, the API of WebKitGTK; storage of an origin in one folder, or in one for each kind.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { searchBytes } from './bytes.mjs';
import { check, finish, same, truly } from './check.mjs';
import { isOf, secretsOf, without } from './expect.mjs';
import { isMac, layBack, layOut } from './mac_home.mjs';
import { look, sorted } from './observe.mjs';
import { fill, marksOf } from './plant.mjs';
import { printed, unstick } from './unstick.mjs';
import { browse, startProxy, step } from './webkit.mjs';
import * as world from './world.mjs';

const api = process.argv[2] ?? '6.0';
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-webkit-'));
const web = await world.startWorld();
const proxy = await startProxy(web);
const stuck = isOf('stuck.test');
const planted = path.join(scratch, 'planted');

/// Where GNOME Web has its files.
const foldersOf = (home) => ({ data: `${home}/.local/share/epiphany`, cache: `${home}/.cache/epiphany` });

async function plant(home) {
    await browse(api, foldersOf(home), proxy, [
        ...world.all.map((host) => step(world.address(host, '/login'), fill,
            { marks: marksOf(host, ''), first: true, top: '' })),
        ...world.frames.map((chain) => step(world.chainAddress(chain, '/frame'), fill,
            { marks: marksOf(world.innermost(chain), world.around(chain)), first: false, top: world.around(chain) })),
        { rest: 4 },
    ]);
}

/// Of whom tracking prevention keeps anything.
function observed(data) {
    return execFileSync('sqlite3', [`${data}/itp/observations.db`, 'SELECT registrableDomain FROM ObservedDomains ORDER BY 1'])
        .toString().split('\n').filter(Boolean);
}

/// When each cookie ends, as stored.
function endsStored(data) {
    const rows = JSON.parse(execFileSync('sqlite3', ['-json', `${data}/cookies.sqlite`, 'SELECT host, path, name, expiry FROM moz_cookies']));
    return new Map(rows.map((row) => [`${row.host} ${row.path} ${row.name}`, row.expiry]));
}

/// What WebKit shows of a cookie. libsoup adds what is left of its time to a clock that it reads twice, so that the end it
/// shows may be a second beside the stored one: that one is given.
function steady(cookie, stored) {
    truly(Math.abs((cookie.expires ?? stored) - stored) <= 1, `${cookie.domain} ${cookie.name} ends at ${cookie.expires}, not at ${stored}`);
    return { ...cookie, expires: stored };
}

/// WebKit asks the server for what is not in its cache, though told not to: then it was not there.
function onlyCached(seen, host, requests) {
    for (const name of Object.keys(seen.cached)) {
        seen.cached[name] = requests.has(host + name.replaceAll('>', '%3E')) ? null : seen.cached[name];
    }
    return seen;
}

/// What WebKit shows of a copy of a home, in the shape of observe.mjs, and `observed`.
async function seenIn(home) {
    const copy = home + '-copy';
    execFileSync('cp', ['-a', home, copy]);
    const folders = foldersOf(copy);
    if (isMac(copy)) {
        layBack(copy, folders);
    }
    const seen = { cookies: {}, origins: {}, frames: {}, tabs: {}, logins: [], observed: observed(folders.data) };
    const ends = endsStored(folders.data);
    const log = web.log.length;
    const answers = await browse(api, folders, proxy, [
        ...world.all.map((host) => ({ cookies: world.address(host, '/deep') })),
        ...world.all.map((host) => step(world.address(host, '/blank'), look, { first: true, top: '' })),
        ...world.frames.map((chain) => step(world.chainAddress(chain, '/blank'), look,
            { first: false, top: world.around(chain) })),
    ]);
    for (const cookie of world.all.flatMap(() => answers.shift())) {
        const name = `${cookie.domain} ${cookie.path} ${cookie.name}`;
        seen.cookies[name] = steady(cookie, ends.get(name));
    }
    const requests = new Set(web.log.slice(log));
    world.all.forEach((host) => { seen.origins[host] = onlyCached(answers.shift(), host, requests); });
    world.frames.forEach((chain) => {
        seen.frames[chain.join('>')] = onlyCached(answers.shift(), world.innermost(chain), requests);
    });
    fs.rmSync(copy, { recursive: true });
    return sorted(seen);
}

/// What should be seen afterwards. WebKitGTK does not partition its HTTP cache: what frames of others under the site
/// fetched is not the site's.
function expected(before) {
    const after = { ...without(before, stuck), observed: before.observed.filter((site) => !stuck(site)) };
    for (const chain of world.frames.filter((chain) => !stuck(world.innermost(chain)))) {
        after.frames[chain.join('>')].cached = before.frames[chain.join('>')].cached;
    }
    return after;
}

await plant(planted);
const before = await seenIn(planted);
const secrets = [...secretsOf(world.ours, world.framesOfOurs), ...world.framesUnderOurs.flatMap((chain) =>
    ['cookie', 'local', 'database', 'blob', 'cacheStorage', 'opfs']
        .map((place) => world.secret(world.innermost(chain), place, world.around(chain))))];
check('everything was planted', () => {
    for (const [host, seen] of Object.entries(before.origins)) {
        truly(Object.keys(seen.local).length === 3, host + ': local storage');
        truly(Object.keys(seen.databases.db ?? {}).length === 2, host + ': database');
        truly(seen.cached['/small'] && seen.cached['/big'], host + ': HTTP cache');
        truly(world.isPlain(host) || Object.keys(seen.caches).length === 1, host + ': caches');
        truly(world.isPlain(host) || Object.keys(seen.files).length === 1, host + ': files');
        truly(world.isPlain(host) || seen.workers.length === 1, host + ': worker');
    }
    for (const [chain, seen] of Object.entries(before.frames)) {
        truly(Object.keys(seen.caches).length === 1, chain + ': caches');
        truly(Object.values(seen.cached).every(Boolean), chain + ': HTTP cache');
    }
    truly(Object.values(before.cookies).some((cookie) => cookie.domain === '.stuck.test'), 'cookies');
    truly(before.observed.includes('stuck.test') && before.observed.includes('other.test'), 'tracking prevention');
});

async function tryLayout(name, home, args) {
    const state = home + '-state';
    const run = (...more) => unstick(state, ...more, '--yes', '--json');
    const endsWell = (result) => same([result.code, result.json?.problems], [0, []]);
    check(`${name}: the byte search finds it`, () => {
        for (const place of ['cookie', 'local', 'database', 'blob', 'cacheStorage', 'opfs', 'header', 'small', 'big', 'worker']) {
            truly(searchBytes(home, [world.secret('app.stuck.test', place)]).length > 0, place);
        }
    });
    for (const site of ['stuck.test', 'other.test']) {
        const why = await unstick(state, 'why', site, '--home', home, ...args, '--retest', 'none', '--json');
        check(`${name}: ${site} is well: why is sure of nothing`, () =>
            same(why.json.findings.filter(({ confidence }) => confidence === 'high'), []));
    }
    const fixed = await run('stuck.test', '--home', home, ...args, '--retest', 'none');
    check(`${name}: fix ends well`, () => endsWell(fixed));
    check(`${name}: no secret of the site is left in any byte`, () => same(searchBytes(home, secrets), []));
    const after = await seenIn(home);
    check(`${name}: WebKit sees nothing of the site and of everybody else what it saw before`, () =>
        same(after, expected(before)));
    const undone = await run('undo');
    check(`${name}: undo ends well`, () => endsWell(undone));
    const restored = await seenIn(home);
    check(`${name}: after undo WebKit sees everything as before`, () => same(restored, before));
}

const mac = path.join(scratch, 'mac');
execFileSync('cp', ['-a', planted, mac]);
layOut(mac, foldersOf(mac));
const laidOut = await seenIn(mac);
check('laid out as on a Mac and back, WebKit sees what it planted', () => same(laidOut, before));
await tryLayout('Safari', mac, ['--os', 'macos', '--browser', 'safari']);
await tryLayout('GNOME Web', planted, ['--browser', 'epiphany']);
check('no secret was printed', () => same(printed.filter((text) => /SECRET\.|\.TERCES/.test(text)), []));

web.stop();
proxy.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
