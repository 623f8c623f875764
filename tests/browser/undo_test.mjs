// Undo after the browser ran again: a real Chromium visits the site and another one after `fix`; `undo` keeps and names
// what came back newer, restores what did not, and leaves what is not the site's as it is now. And a `fix` that was killed:
// Chromium opens the profile without complaint, the other site is whole, and `undo` brings back all.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { close, onCopy, open } from './chromium.mjs';
import { unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';

const hosts = ['www.stuck.test', 'app.stuck.test', 'other.test'];
let age = 'old';  // of what the servers say
const cookiesOf = { '/sign-in': ['session', 'theme'], '/visit': ['session'] };
const web = await startWorld((request, response) => {
    const cookies = (cookiesOf[request.url] ?? []).map((name) => `${name}=${age}; Max-Age=86400; Path=/`);
    if (request.url.startsWith('/kept') && !request.headers['x-only-if-cached']) {
        response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'max-age=864000' });
        return response.end(`${age} ${request.headers.host}${request.url}`);
    }
    response.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': 'no-store', 'Set-Cookie': cookies });
    return response.end('<!doctype html><title>page</title>');
});

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-undo-'));
const planted = path.join(scratch, 'planted');

/// Runs inside a page: stores something under these names, and loads these addresses.
async function use({ age, entries, addresses }) {
    entries.forEach((name) => localStorage.setItem(name, age));
    for (const address of addresses) {
        await (await fetch(address)).text();
    }
}

async function visit(context, host, page, entries, addresses) {
    const tab = await context.newPage();
    await tab.goto(`https://${host}${page}`);
    await tab.evaluate(use, { age, entries, addresses });
    await new Promise((r) => setTimeout(r, 500));  // the cache is written a little later
    await tab.close();
}

/// What Chromium shows: of each host its cookies, its local storage, its cached answers.
async function observe(context, folder) {
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

function fresh(name) {
    const folder = path.join(scratch, name);
    execFileSync('cp', ['-a', planted, folder]);
    const state = folder + '-state';
    return {
        folder,
        fix: () => unstick(state, 'fix', 'stuck.test', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json'),
        runs: () => unstick(state, 'runs', '--json'),
        undo: () => unstick(state, 'undo', '--yes', '--json'),
    };
}
const look = (folder) => onCopy(folder, web, observe);

const all = { local: { both: 'old', mine: 'old' }, cached: { '/kept1': 'old', '/kept2': 'old' }, cookies: { session: 'old', theme: 'old' } };
const nothing = { local: {}, cached: { '/kept1': null, '/kept2': null }, cookies: {} };
const planting = await open(planted, web);
for (const host of hosts) {
    await visit(planting, host, '/sign-in', ['both', 'mine'], ['/kept1', '/kept2']);
}
await close(planting, planted);
const before = { ...Object.fromEntries(hosts.map((host) => [host, all])), damage: '' };
const planned = await look(planted);
check('everything was planted', () => same(planned, before));

// --- The browser runs between fix and undo ---
{
    const { folder, fix, undo } = fresh('ran');
    const fixed = await fix();
    check('fix ends well', () => same([fixed.code, fixed.json?.problems], [0, []]));
    const without = await look(folder);
    check('the site is gone', () => same(without, { ...before, 'www.stuck.test': nothing, 'app.stuck.test': nothing }));

    age = 'new';
    const running = await open(folder, web);
    await visit(running, 'www.stuck.test', '/visit', ['both'], ['/kept1']);
    await visit(running, 'other.test', '/visit', ['both', 'more'], ['/kept1']);
    await close(running, folder);

    const undone = await undo();
    const named = (undone.json?.problems ?? []).map(({ where, what }) => `${where.split(': ').at(-1)}: ${what}`);
    check('undo ends with 3: not all is back, but most', () => same([undone.code, undone.json?.verdict.code], [3, 'partly-restored']));
    check('it names what came back in the meantime, each once', () => {
        truly(undone.json.problems.every(({ code, hint }) => code === 'exists' && hint), JSON.stringify(undone.json.problems));
        for (const start of ['Cookies: cookie session of www.stuck.test', 'Local storage: entry both of https://www.stuck.test',
            'HTTP cache: https://www.stuck.test/kept1']) {
            same(named.filter((text) => text.startsWith(start) && text.includes('the newer one was kept')).length, 1);
        }
    });
    check('and nothing that did not', () => same(named.filter((text) =>
        ['theme', 'mine', 'kept2', 'app.stuck.test', 'other.test'].some((word) => text.includes(word))), []));
    const expected = {
        ...before,
        'www.stuck.test': { local: { both: 'new', mine: 'old' }, cached: { '/kept1': 'new', '/kept2': 'old' }, cookies: { session: 'new', theme: 'old' } },
        'other.test': { local: { both: 'new', mine: 'old', more: 'new' }, cached: { '/kept1': 'old', '/kept2': 'old' }, cookies: { session: 'new', theme: 'old' } },
    };
    const seen = await look(folder);
    check('the browser shows the newer where there is one, else the older, and the other site as it is now', () => same(seen, expected));
    const again = await undo();
    check('a second undo changes nothing more, and names the same', () =>
        same([again.code, again.json?.problems.map(({ what }) => what)], [3, undone.json.problems.map(({ what }) => what)]));
    const itself = await open(folder, web);
    const shown = await observe(itself, folder);
    await close(itself, folder);
    check('so it does on the profile itself', () => same(shown, expected));
}

// --- A run that is killed ---

/// `run` with an operation on files at which it is killed; 0: counts them.
async function killedAt(at, run) {
    const count = path.join(scratch, 'count');
    const variables = { LD_PRELOAD: process.env.FAULT_PRELOAD, UNSTICK_FAULT: 'kill', UNSTICK_FAULT_AT: String(at || 1 << 30),
        UNSTICK_FAULT_COUNT: count, ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` };
    const kept = { ...process.env };
    Object.assign(process.env, variables);
    const running = run();  // has its variables now
    for (const name of Object.keys(variables)) {
        name in kept ? process.env[name] = kept[name] : delete process.env[name];
    }
    const result = await running;
    return at ? result : Number(fs.readFileSync(count, 'utf8'));
}

age = 'old';
for (const command of ['fix', 'undo']) {
    const counted = fresh(`count-${command}`);
    if (command === 'undo') {
        await counted.fix();
    }
    const operations = await killedAt(0, counted[command]);
    check(`${command}: there are operations to be killed at`, () => truly(operations > 50, operations));
    for (const part of [0.3, 0.6, 0.75, 0.9]) {
        const at = Math.round(operations * part);
        const name = `${command} killed at operation ${at} of ${operations}`;
        const { folder, fix, undo, runs } = fresh(`killed-${command}-${at}`);
        if (command === 'undo') {
            await fix();
        }
        const killed = await killedAt(at, command === 'fix' ? fix : undo);
        check(`${name}: it was killed`, () => same(killed.code, null));
        const seen = await look(folder);
        check(`${name}: Chromium opens the profile without complaint, and the other site is whole`, () =>
            same([seen.damage, seen['other.test']], ['', all]));
        const listed = await runs();
        const state = listed.json?.runs[0]?.state;
        truly(['preparing', 'applying', 'done', 'undoing', 'undone'].includes(state), JSON.stringify(listed.json));
        const next = await fix();
        check(`${name}: the next start says so if the profile may be half-done (${state})`, () => same(
            next.json?.problems.some(({ what }) => what.includes('was cut off')) ?? null, ['applying', 'undoing'].includes(state)));
        for (let i = 0; i < 3 && (await undo()).code !== 2; ++i) { /* run after run */ }
        const restored = await look(folder);
        check(`${name}: undo brings everything back`, () => same(restored, before));
    }
}

web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
