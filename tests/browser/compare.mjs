// Three ways to remove one site from the same profile, side by side: what does each leave? docs/comparison.md
// UNSTICK_APPROVE=1 writes that page; otherwise its column for unstick must be what is seen here.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { encryptedCookies, searchBytes } from './bytes.mjs';
import { check, finish, same, truly } from './check.mjs';
import { close, open } from './chromium.mjs';
import { secretsOf } from './expect.mjs';
import { plant, plantLogins } from './plant.mjs';
import { unstick } from './unstick.mjs';
import * as world from './world.mjs';

const page = new URL('../../docs/comparison.md', import.meta.url);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-compare-'));
const web = await world.startWorld();
const secrets = secretsOf(world.ours, [...world.framesOfOurs, ...world.framesUnderOurs]);

async function withChromium(folder, work) {
    const context = await open(folder, web);
    await work(context, await context.newPage());
    await new Promise((r) => setTimeout(r, 1500));
    await close(context, folder);
}

/// Names of columns: how each removes the site from a folder.
const ways = {
    'Storage.clearDataForOrigin': (folder) => withChromium(folder, async (context, tab) => {
        const session = await context.newCDPSession(tab);
        for (const host of world.ours) {
            await session.send('Storage.clearDataForOrigin', { origin: new URL(world.address(host)).origin, storageTypes: 'all' });
        }
    }),
    'Clear-Site-Data: "*"': (folder) => withChromium(folder, async (context, tab) => {
        for (const host of world.ours.filter((name) => !world.isPlain(name))) {  // taken from secure pages only
            await tab.goto(world.address(host, '/clear'));
        }
    }),
    unstick: (folder) => unstick(folder + '-state', 'fix', 'stuck.test', '--user-data-dir', folder, '--with',
        'network,permissions,passwords', '--retest', 'none', '--yes'),
};

/// Items of the site in each store.
async function itemsIn(folder) {
    const { json } = await unstick(folder + '-look', 'fix', 'stuck.test', '--user-data-dir', folder, '--with',
        'network,permissions,passwords', '--retest', 'none', '--dry-run', '--json');
    const items = {};
    for (const store of json.profiles.flatMap((profile) => profile.stores)) {
        items[store.store] = (items[store.store] ?? 0) + store.found;
    }
    return items;
}

/// Files below each part of the profile that hold a secret of the site, cookies as they are encrypted.
function filesWithSecrets(folder, markers) {
    const files = {};
    for (const file of new Set(searchBytes(folder, markers).map((hit) => hit.slice(0, hit.indexOf(': '))))) {
        const part = file.split('/').slice(0, 2).join('/');
        files[part] = (files[part] ?? 0) + 1;
    }
    return files;
}

const table = (title, columns, results) => [
    `| ${title} | ${columns.join(' | ')} |`, `| --- |${' --- |'.repeat(columns.length)}`,
    ...Object.keys(results[columns[0]]).sort().map((row) =>
        `| ${row} | ${columns.map((column) => results[column][row] ?? 0).join(' | ')} |`),
].join('\n');

const planted = path.join(scratch, 'planted');
const context = await open(planted, web);
await plant(context);
await close(context, planted);
plantLogins(planted);
const markers = [...secrets, ...encryptedCookies(planted, "host_key LIKE '%stuck.test' AND host_key NOT LIKE '%notstuck.test' OR top_frame_site_key = 'https://stuck.test'")];
const items = { before: await itemsIn(planted) };
const files = { before: filesWithSecrets(planted, markers) };
for (const [name, remove] of Object.entries(ways)) {
    const folder = path.join(scratch, name.replace(/\W/g, ''));
    execFileSync('cp', ['-a', planted, folder]);
    await remove(folder);
    items[name] = await itemsIn(folder);
    files[name] = filesWithSecrets(folder, markers);
}

const columns = ['before', ...Object.keys(ways)];
const text = `# What each leaves

Made by \`tests/browser/compare.mjs\` (test \`browser_compare\`) with ${execFileSync('chromium', ['--version']).toString().trim().split(' built')[0]} on Linux: one profile
in which the site \`stuck.test\` has five origins, stored in frames of other sites and let others store in its own; three
copies, each cleaned in one way. Both of the browser's own ways get each origin of the site named; unstick gets
\`stuck.test --with network,permissions,passwords\`. \`UNSTICK_APPROVE=1\` makes this page anew.

Items of the site that are left, counted by \`unstick --dry-run\`:

${table('store', columns, items)}

Files that still hold a secret of the site, found by searching all bytes (LevelDB tables unpacked, cookies as they are
encrypted), without using unstick:

${table('place', columns, files)}

What the browser wrote while it cleaned may count as well. Host names, not secrets, stay in what is never touched:
history, icons, top sites, open tabs.
`;
console.log(text);
check('there was something in every store', () => truly(Object.keys(items.before).length > 15, Object.keys(items.before).join()));
check('unstick leaves no item', () => same(items.unstick, {}));
check('unstick leaves no secret', () => same(files.unstick, {}));
if (process.env.UNSTICK_APPROVE === '1') {
    fs.writeFileSync(page, text);
}
const rows = (source) => source.split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|')).map((cells) => [cells[1], cells.at(-2)].join('|'));
const known = rows(fs.readFileSync(page, 'utf8'));
check('docs/comparison.md says so, of all these stores', () => same(rows(text).filter((row) => !known.includes(row)), []));

web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
