// A small world: three hosts that two sites have, whose pages set cookies and are cached, a Chromium that visits them, and
// unstick on copies of its profile, which may be killed at any of its operations.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { check, same, truly } from './check.mjs';
import { close, onCopy, open } from './chromium.mjs';
import { killedAt } from './killed.mjs';
import { unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';

export const hosts = ['www.stuck.test', 'app.stuck.test', 'other.test'];
export const said = { age: 'old' };  // by the servers, and what pages store
const cookiesOf = { '/sign-in': ['session', 'theme'], '/visit': ['session'] };
export const web = await startWorld((request, response) => {
    const cookies = (cookiesOf[request.url] ?? []).map((name) => `${name}=${said.age}; Max-Age=86400; Path=/`);
    if (request.url.startsWith('/kept') && !request.headers['x-only-if-cached']) {
        response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'max-age=864000' });
        return response.end(`${said.age} ${request.headers.host}${request.url}`);
    }
    response.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': 'no-store', 'Set-Cookie': cookies });
    return response.end('<!doctype html><title>page</title>');
});

/// Runs inside a page: stores something under these names, and loads these addresses.
async function use({ age, entries, addresses }) {
    entries.forEach((name) => localStorage.setItem(name, age));
    for (const address of addresses) {
        await (await fetch(address)).text();
    }
}

export async function visit(context, host, page, entries, addresses) {
    const tab = await context.newPage();
    await tab.goto(`https://${host}${page}`);
    await tab.evaluate(use, { age: said.age, entries, addresses });
    await new Promise((r) => setTimeout(r, 500));  // the cache is written a little later
    await tab.close();
}

/// What Chromium shows: of each host its cookies, its local storage, its cached answers; and what it says of damage.
export async function observe(context, folder) {
    const tab = await context.newPage();
    const session = await context.newCDPSession(tab);
    const { cookies } = await session.send('Network.getAllCookies');
    const seen = {};
    for (const host of hosts) {
        await tab.goto(`https://${host}/blank`);
        seen[host] = await tab.evaluate(async () => {
            const cached = {};
            for (const address of ['/kept1', '/kept2']) {
                try {
                    const answer = await fetch(address, { cache: 'only-if-cached', mode: 'same-origin' });
                    cached[address] = (await answer.text()).split(' ')[0];
                } catch {
                    cached[address] = null;
                }
            }
            return { local: { ...localStorage }, cached };
        });
        seen[host].cookies = Object.fromEntries(cookies.filter(({ domain }) => domain === host)
            .map(({ name, value }) => [name, value]).sort());
    }
    seen.damage = execFileSync('sh', ['-c', `cd '${folder}' && find . -name '*.bad' && \
        find . -name 'LOG*' -type f -exec grep -iE 'corrupt|repair|checksum' {} +; true`]).toString();
    return seen;
}
export const look = (folder) => onCopy(folder, web, observe);

/// What `observe` shows of a host, and of all, after `plantIn`.
export const all = { local: { both: 'old', mine: 'old' }, cached: { '/kept1': 'old', '/kept2': 'old' }, cookies: { session: 'old', theme: 'old' } };
export const nothing = { local: {}, cached: { '/kept1': null, '/kept2': null }, cookies: {} };
export const before = { ...Object.fromEntries(hosts.map((host) => [host, all])), damage: '' };
export const without = { ...before, 'www.stuck.test': nothing, 'app.stuck.test': nothing };

export async function plantIn(folder) {
    const context = await open(folder, web);
    for (const host of hosts) {
        await visit(context, host, '/sign-in', ['both', 'mine'], ['/kept1', '/kept2']);
    }
    await close(context, folder);
    const planted = await look(folder);
    check('everything was planted', () => same(planted, before));
}

/// A copy of the planted profile beside it, with a state folder of its own, and unstick for them.
export function fresh(planted, name) {
    const folder = path.join(path.dirname(planted), name);
    execFileSync('cp', ['-a', planted, folder]);
    const state = folder + '-state';
    return {
        folder,
        fix: () => unstick(state, 'fix', 'stuck.test', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json'),
        runs: () => unstick(state, 'runs', '--json'),
        undo: () => unstick(state, 'undo', '--yes', '--json'),
    };
}

/// Names below the folder that no browser has made.
export const leftIn = (folder) => execFileSync('find', [folder, '-name', '*unstick*', '-prune', '-print', '-o', '-name', '.fuse_hidden*',
    '-print'], { encoding: 'utf8' }).split('\n').filter(Boolean);

// --- Runs that are killed ---

/// The folder that has no name just then: it was to be replaced in two renames.
function nameless(folder) {
    const old = execFileSync('find', [folder, '-name', '*.unstick-old'], { encoding: 'utf8' }).split('\n')[0];
    return old && !fs.existsSync(old.replace(/\.unstick-old$/, '')) ? old : null;
}

/// `command`, fix or undo, killed at these parts of its operations, but not where a folder has no name: `checkBetween`.
/// Chromium looks, at a copy or by `lookHow`; and undo brings back all.
export async function checkKilled(planted, command, parts, lookHow = look) {
    const scratch = path.dirname(planted);
    const counted = fresh(planted, `count-${command}`);
    if (command === 'undo') {
        await counted.fix();
    }
    const operations = await killedAt(0, counted[command], scratch);
    check(`${command}: there are operations to be killed at`, () => truly(operations > 50, operations));
    for (let at of parts.map((part) => Math.round(operations * part))) {
        let tried;
        let killed;
        do {
            tried = fresh(planted, `killed-${command}-${at}`);
            if (command === 'undo') {
                await tried.fix();
            }
            killed = await killedAt(at++, command === 'fix' ? tried.fix : tried.undo, scratch);
        } while (nameless(tried.folder));
        const { folder, fix, undo, runs } = tried;
        const name = `${command} killed at operation ${at - 1} of ${operations}`;
        check(`${name}: it was killed`, () => same(killed.code, null));
        const seen = await lookHow(folder);
        check(`${name}: Chromium opens the profile without complaint, and the other site is whole`, () =>
            same([seen.damage, seen['other.test']], ['', all]));
        const listed = await runs();
        const state = listed.json?.runs[0]?.state;
        truly(['preparing', 'applying', 'done', 'undoing', 'undone'].includes(state), JSON.stringify(listed.json));
        const next = await fix();
        check(`${name}: the next start says so if the profile may be half-done (${state})`, () => same(
            next.json?.problems.some(({ what }) => what.includes('was cut off')) ?? null, ['applying', 'undoing'].includes(state)));
        for (let i = 0; i < 3 && (await undo()).code !== 2; ++i) { /* run after run */ }
        const restored = await lookHow(folder);
        check(`${name}: undo brings everything back`, () => same(restored, before));
    }
}

/// `fix` killed between the two renames of the `at`-th folder that is replaced, and a browser that makes the folder anew.
/// Returns whether it did; null if no folder was the `at`-th. `more`: variables of fault_preload.cpp.
export async function checkBetween(planted, at, more = {}) {
    const name = `fix killed between the two renames of folder ${at}`;
    const { folder, fix, undo } = fresh(planted, `between-${at}`);
    if ((await killedAt(at, fix, path.dirname(planted), { ...more, UNSTICK_FAULT_RENAME: '.unstick-new' })).code !== null) {
        return null;
    }
    const old = nameless(folder);
    check(`${name}: it has no name`, () => truly(old));
    const missing = old.replace(/\.unstick-old$/, '');

    said.age = 'new';
    const running = await open(folder, web);
    await visit(running, 'other.test', '/blank', ['between'], []);
    await close(running, folder);
    said.age = 'old';
    const remade = fs.existsSync(missing);

    const listed = await fix();  // any start of unstick
    check(`${name}: the next start says so, and keeps what was there before`, () => same(
        [listed.json?.problems.some(({ what }) => what.includes('was cut off')), !remade || fs.existsSync(old)], [true, true]));
    let undone = await undo();
    const next = undone.json?.next ?? [];
    for (let i = 0; i < 3 && undone.code === 0; ++i) { // run after run
        undone = await undo();
        next.push(...undone.json?.next ?? []);
    }
    const restored = await look(folder);
    const between = { both: 'old', between: 'new', mine: 'old' };
    const wiped = missing.endsWith('Local Storage/leveldb') && remade;
    check(`${name}: no site's data is lost`, () => same(restored,
        { ...before, 'other.test': { ...all, local: wiped ? all.local : between } }));
    const kept = `${missing}.unstick-kept`;
    check(`${name}: what Chromium made in its place is kept, and said`, () => same(
        [fs.existsSync(kept), next.some((text) => text.includes(kept))], [remade, remade]));
    check(`${name}: nothing else is left`, () => same(leftIn(folder).filter((path) => path !== kept), []));
    return remade;
}
