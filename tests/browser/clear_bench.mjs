// How long does the browser's own Clear-Site-Data: "*" take for two sites in a full cache, and how long unstick? Run by
// scripts/bench; UNSTICK names the release build.     node clear_bench.mjs [ENTRIES]
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { close, open } from './chromium.mjs';
import * as world from './world.mjs';

const entries = Number(process.argv[2] ?? 20000);
const hosts = 200;
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-clear-'));
const folder = path.join(scratch, 'full');
const names = ['site7.test', 'site8.test'];

function answer(request, response) {
    if (request.url === '/clear') {
        response.writeHead(200, { 'Clear-Site-Data': '"*"', 'Cache-Control': 'no-store', 'Content-Type': 'text/html' });
        return response.end('<!doctype html>');
    }
    const lasting = request.url.startsWith('/n');
    response.writeHead(200, { 'Cache-Control': lasting ? 'max-age=86400' : 'no-store', 'Content-Type': lasting ? 'text/plain' : 'text/html' });
    response.end(lasting ? 'x'.repeat(1500) : '<!doctype html>');
}

const web = await world.startWorld(answer);
const filesOf = (data) => fs.readdirSync(path.join(data, 'Default/Cache/Cache_Data')).filter((name) => name.endsWith('_0')).length;

let context = await open(folder, web);
const tab = await context.newPage();
for (let host = 0; host < hosts; ++host) {
    await tab.goto(`https://site${host}.test/`);
    await tab.evaluate(async (count) => {
        for (let i = 0; i < count; i += 20) {
            await Promise.all(Array.from({ length: 20 }, (_, n) => fetch('/n' + (i + n)).then((r) => r.text())));
        }
    }, entries / hosts);
}
await close(context, folder);
const copy = folder + '-copy';
execFileSync('cp', ['-a', folder, copy]);
const before = filesOf(copy);
context = await open(copy, web);
const page = await context.newPage();
await page.goto('https://site0.test/');  // what starting costs is not counted
const start = performance.now();
for (const name of names) {
    await page.goto(`https://${name}/clear`);
}
const browser = performance.now() - start;
await close(context, copy);
console.log(`Clear-Site-Data: "*" on ${names.length} sites of ${hosts}, ${before} cache entries: ${browser.toFixed(0)} ms; ${before - filesOf(copy)} entries went`);

let best = Infinity;
for (let run = 0; run < 3; ++run) {
    execFileSync('rm', ['-rf', copy]);
    execFileSync('cp', ['-a', folder, copy]);
    const begin = performance.now();
    const { status } = spawnSync(process.env.UNSTICK, ['fix', names[0], '--also', names[1], '--user-data-dir', copy, '--state-dir',
        path.join(scratch, `state${run}`), '--retest', 'none', '--yes'], { stdio: 'ignore' });
    best = Math.min(best, performance.now() - begin);
    if (status !== 0) {
        throw new Error(`unstick ended with ${status}`);
    }
}
console.log(`unstick fix ${names[0]} --also ${names[1]}: ${best.toFixed(0)} ms; ${before - filesOf(copy)} entries went; ${(browser / best).toFixed(1)} times as fast`);
web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
