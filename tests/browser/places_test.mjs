// Where Chromium itself keeps the cache of a data folder, by its path, by a switch, by a policy, behind a link: Chromium
// fills it there, unstick takes one site out, and Chromium asks for both sites what it still has.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { close, open } from './chromium.mjs';
import { unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';

// Policies lie in /etc: as root, in a name space of our own where nobody else's browser sees them.
const marker = 'UNSTICK_OWN_ETC';
if (!process.env[marker] && process.getuid() === 0 && fs.existsSync('/etc/chromium')) {
    const script = 'mount -t tmpfs none /etc/chromium && mkdir -p /etc/chromium/policies/managed || exit 77; exec "$@"';
    const again = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', process.execPath, ...process.argv.slice(1)],
        { stdio: 'inherit', env: { ...process.env, [marker]: '1' } });
    if (!again.error && again.status !== 77) {
        process.exit(again.status ?? 1);
    }
}
const policies = process.env[marker] ? '/etc/chromium/policies/managed/places.json' : null;

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-places-'));
const home = path.join(scratch, 'home');
fs.mkdirSync(home);
fs.symlinkSync('home', path.join(scratch, 'link'));
process.env.HOME = home;
for (const name of ['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'CHROME_CONFIG_HOME', 'CHROME_USER_DATA_DIR']) {
    delete process.env[name];
}
const hosts = ['www.stuck.test', 'other.test'];
const world = await startWorld((request, response) => {
    const isPage = request.url === '/';
    response.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': isPage ? 'no-store' : 'max-age=864000' });
    return response.end(isPage ? '<title>page</title>' : 'stale ' + request.headers.host);
}, ['stuck.test', ...hosts]);

/// What each host's page gets: from the server and the cache, or from the cache alone.
async function visit(data, mode, more) {
    const context = await open(data, world, more);
    const seen = {};
    for (const host of hosts) {
        const page = await context.newPage();
        await page.goto(`https://${host}/`);
        seen[host] = await page.evaluate((cache) => fetch('/item', { cache, mode: 'same-origin' })
            .then((reply) => reply.ok ? reply.text() : 'none', () => 'none'), mode);
        await page.close();
    }
    await close(context, data);
    return seen;
}

/// `cache` is where Chromium has to put it, or this test is about nothing.
async function check(what, { data, cache, switches = [], options = [] }) {
    await visit(data, 'default', switches);
    assert.ok(fs.existsSync(path.join(cache, 'Cache/Cache_Data')), `${what}: no cache in ${cache}`);
    const fixed = await unstick(path.join(scratch, 'state'), 'fix', 'stuck.test', '--user-data-dir', data, '--only', 'cache',
        '--retest', 'none', '--yes', '--json', ...options);
    assert.equal(fixed.code, 0, what + ': ' + fixed.text);
    assert.ok(fixed.json.profiles[0].caches.some((one) => one.path === fs.realpathSync(cache)) ||
        fixed.json.profiles[0].path === fs.realpathSync(cache), what + ': ' + fixed.text);
    assert.deepEqual(await visit(data, 'only-if-cached', switches),
        { 'www.stuck.test': 'none', 'other.test': 'stale other.test' }, what);
    console.log('ok:', what);
}

try {
    process.env.HOME = path.join(scratch, 'link');
    await check('HOME is a link, and the browser was told its folder', {
        data: path.join(scratch, 'link/.config/chromium'), cache: path.join(home, '.config/chromium/Default') });
    process.env.HOME = home;
    const linked = path.join(home, '.config/of-any-name');
    fs.mkdirSync(path.join(home, 'elsewhere'));
    fs.mkdirSync(linked, { recursive: true });
    fs.symlinkSync('../../elsewhere', path.join(linked, 'Default'));
    await check('a browser of any name, whose profile is a link', {
        data: linked, cache: path.join(home, '.cache/of-any-name/Default') });
    if (policies) {
        fs.writeFileSync(policies, JSON.stringify({ DiskCacheDir: path.join(scratch, 'cache of ${user_name}'), UserDataDir: '/no' }));
        await check('the policy DiskCacheDir', {
            data: path.join(home, '.config/managed'), cache: path.join(scratch, `cache of ${os.userInfo().username}`, 'Default') });
        fs.rmSync(policies);
    }
    await check('--disk-cache-dir, told with --cache-dir', {
        data: path.join(home, 'data'), cache: path.join(scratch, 'cache/Default'),
        switches: [`--disk-cache-dir=${path.join(scratch, 'cache')}`], options: ['--cache-dir', path.join(scratch, 'cache')] });
} catch (error) {
    console.error(error);
    process.exitCode = 1;
} finally {
    await world.stop?.();
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 20 });
}
process.exit();
