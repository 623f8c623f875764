// After a power cut: Chromium's lock names a process that is another program by now, and files that it had just made are
// empty. unstick says so and works; Chromium opens the profile, and the stale answer is gone.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { close, open } from './chromium.mjs';
import { unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';

const hosts = ['www.stuck.test', 'other.test'];
let age = 'stale';
const web = await startWorld((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'max-age=864000' });
    response.end(age);
}, hosts);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-power-cut-'));
const folder = path.join(scratch, 'chromium');
const profile = path.join(folder, 'Default');

/// What each host's page is, as Chromium has it in its cache or asks for it.
async function visit() {
    const context = await open(folder, web);
    const seen = {};
    for (const host of hosts) {
        const page = await context.newPage();
        await page.goto(`https://${host}/page`);
        seen[host] = await page.evaluate(() => document.body.innerText);
        await page.close();
    }
    await new Promise((r) => setTimeout(r, 1000));  // the cache is written a little later
    await close(context, folder);
    return seen;
}

const planted = await visit();
age = 'fresh';
const stuck = await visit();
check('Chromium shows what it had cached', () => same([planted, stuck], Array(2).fill({ 'www.stuck.test': 'stale', 'other.test': 'stale' })));

const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
fs.symlinkSync(`${os.hostname()}-${stranger.pid}`, path.join(folder, 'SingletonLock'));
let emptied = 0;
for (const name of ['DIPS', 'Trust Tokens', 'Network/Trust Tokens', 'InterestGroups', 'SharedStorage', 'MediaDeviceSalts',
    'Reporting and NEL', 'Network/Reporting and NEL', 'heavy_ad_intervention_opt_out.db', 'Login Data For Account']) {
    if (fs.existsSync(path.dirname(path.join(profile, name)))) {
        fs.writeFileSync(path.join(profile, name), '');
        ++emptied;
    }
}
fs.rmSync(path.join(profile, 'BudgetDatabase'), { recursive: true, force: true });
fs.mkdirSync(path.join(profile, 'BudgetDatabase'));
fs.writeFileSync(path.join(profile, 'BudgetDatabase/000003.log'), '');
fs.writeFileSync(path.join(profile, 'BudgetDatabase/MANIFEST-000001'), '');
check('a power cut is played', () => truly(emptied > 5));

const state = path.join(scratch, 'state');
const args = ['--user-data-dir', folder, '--retest', 'none', '--yes', '--json'];
const doctor = await unstick(state, 'doctor', '--user-data-dir', folder, '--json');
check('doctor is green', () => same([doctor.code, doctor.json?.problems], [0, []]));
const none = await unstick(state, 'fix', 'never-visited.test', ...args);
check('a site that was never visited ends with 9', () => same([none.code, none.json?.problems], [9, []]));
const fixed = await unstick(state, 'fix', 'stuck.test', ...args);
check('fix ends well, and says whose lock it was', () => {
    same([fixed.code, fixed.json?.problems], [0, []]);
    truly(fixed.json.next.some((text) => text.includes(`process ${stranger.pid} is sleep by now`)), fixed.text);
});
const after = await visit();
check('the stale answer is gone, and only that', () => same(after, { 'www.stuck.test': 'fresh', 'other.test': 'stale' }));
stranger.kill();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
