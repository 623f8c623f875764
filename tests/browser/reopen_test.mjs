// --close and --reopen with a real Chromium in a window: it quits as if its user had closed it, comes back with its tabs
// and its own switches, and has nothing to say about a crash.
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { executable } from './chromium.mjs';
import { unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';

const sites = ['stuck.test', 'other.test'];
const asked = [];  // pages, in the order in which they were asked for
const world = await startWorld((request, response) => {
    if (!request.url.startsWith('/page')) {  // something that is in the profile at once: cookies are written late
        response.writeHead(200, { 'Content-Type': 'text/css', 'Cache-Control': 'max-age=864000' });
        return response.end('body { color: green }');
    }
    asked.push(request.headers.host.split(':')[0] + request.url);
    response.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': 'no-store' });
    return response.end('<title>page</title><link rel="stylesheet" href="/style.css">page');
}, sites);

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-reopen-'));
const folder = path.join(scratch, 'chromium');
const switches = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--password-store=basic', '--disable-features=LocalNetworkAccessChecks',
    `--ignore-certificate-errors-spki-list=${world.spki}`, `--host-resolver-rules=MAP * 127.0.0.1:${world.port}`,
    `--user-data-dir=${folder}`];

async function until(what, happened) {
    for (let i = 0; i < 3000; ++i) {
        if (happened()) {
            return;
        }
        await new Promise((r) => setTimeout(r, 100));
    }
    throw new Error('waited in vain: ' + what);
}

/// The process that holds the profile; 0 if none does.
function holder() {
    try {
        return Number(fs.readlinkSync(`${folder}/SingletonLock`).split('-').at(-1));
    } catch {
        return 0;
    }
}

const lives = (pid) => pid > 0 && fs.existsSync(`/proc/${pid}`) && !/^State:\tZ/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
const words = (pid) => fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
/// How the last session ended, as Chromium will believe at its next start. Only after "Crashed" it shows its bubble; that
/// is also what stands there while it runs. "SessionEnded": it was asked to quit by the system.
const isGood = (type) => ['Normal', 'SessionEnded'].includes(type);
const exitType = () => JSON.parse(fs.readFileSync(`${folder}/Default/Preferences`, 'utf8')).profile.exit_type;

/// Waits until it has written that these pages are open, in the file of a session that began since the last call.
let session;
async function written(...pages) {
    const sessions = `${folder}/Default/Sessions`;
    const newest = () => fs.readdirSync(sessions).filter((name) => name.startsWith('Session_')).sort().at(-1);
    await until('its session written', () => fs.existsSync(sessions) && newest() && newest() !== session &&
        pages.every((page) => fs.readFileSync(`${sessions}/${newest()}`, 'latin1').includes(page)));
    session = newest();
}

/// Starts it with addresses, and waits until it has asked for them: { ended }.
async function start(...pages) {
    asked.length = 0;
    const child = spawn(executable, [...switches, ...pages.map((page) => 'https://' + page)], { stdio: 'ignore' });
    const ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
    await until('all pages asked for', () => pages.every((page) => asked.includes(page)));
    await until('its settings written', () => fs.existsSync(`${folder}/Default/Preferences`));
    await written(...pages);
    return { ended };
}

const options = ['--user-data-dir', folder, '--yes', '--json'];
const state = path.join(scratch, 'state');
try {
    let { ended } = await start('stuck.test/page1', 'other.test/page2');
    const refused = await unstick(state, 'fix', 'stuck.test', '--retest', 'none', ...options);
    assert.equal(refused.code, 7, refused.text);

    const closed = await unstick(state, 'fix', 'stuck.test', '--retest', 'none', '--close', ...options);
    assert.equal(closed.code, 0, closed.text);
    assert.deepEqual(await ended, { code: 0, signal: null });
    assert.ok(isGood(exitType()), exitType());
    assert.equal(lives(holder()), false);

    ({ ended } = await start('stuck.test/page3', 'other.test/page4'));
    asked.length = 0;
    const first = holder();
    const reopened = await unstick(state, 'fix', 'stuck.test', '--retest', 'none', '--reopen', ...options);
    assert.equal(reopened.code, 0, reopened.text);
    assert.deepEqual(await ended, { code: 0, signal: null });
    await until('it runs again', () => lives(holder()) && holder() !== first);
    await until('its tabs are back', () => ['stuck.test/page3', 'other.test/page4'].every((page) => asked.includes(page)));
    assert.equal(asked.length, 2, 'each tab once: ' + asked);
    const second = holder();
    const now = words(second);
    assert.ok(now.includes('--restore-last-session') && switches.every((one) => now.includes(one)), now.join('\n'));
    assert.ok(!now.some((word) => word.startsWith('https:')), 'no address is opened twice');
    await written('stuck.test/page3', 'other.test/page4');

    asked.length = 0;
    const undone = await unstick(state, 'undo', '--reopen', '--yes', '--json');
    assert.equal(undone.code, 0, undone.text);
    await until('it runs again after undo', () => lives(holder()) && holder() !== second);
    await until('its tabs are back after undo', () => asked.length >= 2);
    await written('stuck.test/page3', 'other.test/page4');
    process.kill(holder(), 'SIGTERM');
    await until('it has ended', () => !lives(holder()));
    assert.ok(isGood(exitType()), exitType());
    console.log('Chromium was closed and came back with its tabs, twice');
} catch (error) {
    console.error(error);
    process.exitCode = 1;
} finally {
    if (lives(holder())) {
        process.kill(holder(), 'SIGKILL');
    }
    await world.stop?.();
    await new Promise((r) => setTimeout(r, 1000));  // its children end soon after it
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 20 });
}
process.exit();
