// The blockfile cache, judged by Chromium itself: it fills one with two sites, the tool of the tests takes one site out and
// puts it back, and after each step Chromium says what it still has, and that it found nothing wrong.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { close, open } from './chromium.mjs';
import { startWorld } from './world.mjs';

const tool = process.env.BLOCKFILE_TOOL ?? path.join(import.meta.dirname ?? '.', '../../build/test/tests/blockfile_tool');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-blockfile-'));
const profile = path.join(scratch, 'profile');
const cache = path.join(profile, 'Default/Cache/Cache_Data');
const kept = path.join(scratch, 'kept');
const backend = '--enable-features=DiskCacheBackendExperiment:backend/blockfile';

const hosts = ['www.stuck.test', 'www.notstuck.test'];
const [stuck, other] = hosts;
const small = 300;
const sizes = [0, 100, 900, 5_000, 16_000, 20_000, 300_000, 1_200_000, 3_000_000];
const paths = [...Array.from({ length: small }, (_, i) => `/item/200/${i}`), ...sizes.map((size, i) => `/item/${size}/big${i}`),
    `/item/700/long?${'q'.repeat(1500)}`, `/item/700/longer?${'q'.repeat(12_000)}`];
const bodyOf = (host, url) => `${host}${url.slice(0, 40)} `.repeat(1 + Number(url.split('/')[2]) / 20).slice(0, Number(url.split('/')[2]));

const chunk = 400_000;
let givesRanges = true;
const web = await startWorld((request, response) => {
    const host = request.headers.host;
    const cached = { 'Cache-Control': 'max-age=864000', 'Content-Type': 'text/plain', ETag: '"1"' };
    if (request.url.startsWith('/item/')) {
        response.writeHead(200, cached);
        return response.end(bodyOf(host, request.url));
    }
    if (request.url === '/ranges' && givesRanges) {
        const from = Number(/bytes=(\d+)/.exec(request.headers.range)[1]);
        response.writeHead(206, { ...cached, 'Accept-Ranges': 'bytes', 'Content-Range': `bytes ${from}-${from + chunk - 1}/5000000` });
        return response.end('r'.repeat(chunk));
    }
    response.writeHead(request.url === '/' ? 200 : 404, { 'Cache-Control': 'no-store', 'Content-Type': 'text/html' });
    return response.end('<!doctype html><title>blank</title>');
});

/// Fetches inside pages: { host: { path: length of the body or 'miss' } }.
async function visit(mode) {
    // Chromium knows no 'only-if-cached' for ranges: there the server refuses instead.
    givesRanges = mode === 'default';
    const context = await open(profile, web, [backend]);
    const seen = {};
    for (const host of hosts) {
        const page = await context.newPage();
        await page.goto(`https://${host}/`);
        seen[host] = await page.evaluate(async ({ paths, mode, chunk }) => {
            const lengths = {};
            const get = async (name, url, more = {}) => {
                try {
                    const reply = await fetch(url, { cache: mode, mode: 'same-origin', ...more });
                    lengths[name] = reply.ok ? (await reply.text()).length : 'miss';
                } catch {
                    lengths[name] = 'miss';
                }
            };
            for (let i = 0; i < paths.length; i += 20) {
                await Promise.all(paths.slice(i, i + 20).map((url) => get(url, url)));
            }
            for (const from of [0]) {
                await get(`range ${from}`, '/ranges', { cache: mode === 'default' ? mode : 'force-cache', headers: { Range: `bytes=${from}-${from + chunk - 1}` } });
            }
            return lengths;
        }, { paths, mode, chunk });
        await page.close();
    }
    await close(context, profile);
    return seen;
}
const fill = () => visit('default');
const ask = () => visit('only-if-cached');

const everything = { ...Object.fromEntries(paths.map((url) => [url, Number(url.split('/')[2])])),
    'range 0': chunk };
const nothing = Object.fromEntries(Object.keys(everything).map((url) => [url, 'miss']));
const run = (...args) => execFileSync(tool, args).toString().trim().split(' ').map(Number);
/// Number of keys of a host.
const counted = (host) => run('list', cache, `https://${host}/`)[1];

/// What Chromium writes into the index if something is wrong; a cache that it gave up has another time of creation.
function state() {
    const index = fs.readFileSync(path.join(cache, 'index'));
    return { magic: index.readUInt32LE(0), version: index.readUInt32LE(4), length: index.readInt32LE(28) > 1, crash: index.readInt32LE(32),
        created: index.readBigUInt64LE(40), corruption: index.readInt32LE(56) };
}

await fill();
const before = state();
check('the cache is a blockfile cache, closed well', () => {
    same([before.magic, before.crash, before.corruption], [0xc103cac3, 0, 0]);
    truly(fs.readdirSync(cache).some((name) => name.startsWith('f_')), 'external files');
});
const counts = hosts.map(counted);
check('all that was fetched is listed', () => truly(counts.every((count) => count >= paths.length), String(counts)));
const full = await ask();
check('both sites hit the cache', () => same(full, { [stuck]: everything, [other]: everything }));
check('pieces of a resource are listed under its key', () => {
    const [all] = run('list', cache, '');
    same([all, run('list', cache, 'Range_')[1]], [run('list', cache, '/')[1], 0]);
    truly(fs.readFileSync(path.join(cache, 'data_1')).includes('Range_'), 'no pieces at all');
});

const [saved, files] = run('save', cache, stuck, kept);
check('all of the site is saved, large bodies by their files', () => truly(saved > paths.length && files >= 2, `${saved} ${files}`));
check('all of the site is removed', () => same(run('remove', cache, stuck), [counts[0]]));
check('no byte of it is left', () => same(fs.readdirSync(cache).filter((name) =>
    fs.readFileSync(path.join(cache, name)).includes('www.stuck.test')), []));

const afterRemove = await ask();
check('after the removal the site misses, and the other hits', () => same(afterRemove, { [stuck]: nothing, [other]: everything }));
check('Chromium found nothing wrong with the cache', () => same(state(), before));
check('the numbers of entries agree', () => same(hosts.map(counted), [0, counts[1]]));

check('all of the site is put back', () => same(run('insert', cache, kept), [saved, 0]));
const afterInsert = await ask();
check('after that both sites hit', () => same(afterInsert, { [stuck]: everything, [other]: everything }));
check('Chromium found nothing wrong with that', () => same(state(), before));
check('the numbers of entries are as at first', () => same(hosts.map(counted), counts));

check('what is there already is not put back again', () => same(run('insert', cache, kept), [0, counts[0]]));
run('remove', cache, stuck);
const requests = web.log.length;
const refilled = await fill();
check('the browser can fill the emptied cache again', () => {
    same(refilled, { [stuck]: everything, [other]: everything });
    same(web.log.slice(requests).filter((line) => line.startsWith(other) && line.includes('/item/')), []);
    same([state(), hosts.map(counted)], [before, counts]);
});

web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
