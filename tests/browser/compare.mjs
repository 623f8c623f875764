// Three ways to remove one site from the same profile, side by side: what does each leave? docs/comparison.md
// UNSTICK_APPROVE=1 writes its section; otherwise the column for unstick must be what is seen here.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { encryptedCookies } from './bytes.mjs';
import { check, finish, same, truly } from './check.mjs';
import { close, open } from './chromium.mjs';
import { approve, byUnstick, compare, filesWithSecrets, itemsIn, tableOf } from './compare_page.mjs';
import { secretsOf } from './expect.mjs';
import { plant, plantLogins } from './plant.mjs';
import * as world from './world.mjs';

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
    unstick: byUnstick,
};

const planted = path.join(scratch, 'planted');
const context = await open(planted, web);
await plant(context);
await close(context, planted);
plantLogins(planted);
const markers = [...secrets, ...encryptedCookies(planted, "host_key LIKE '%stuck.test' AND host_key NOT LIKE '%notstuck.test' OR top_frame_site_key = 'https://stuck.test'")];
const { items, files } = await compare(scratch, planted, ways, {
    items: (folder) => itemsIn(folder),
    files: (folder) => filesWithSecrets(folder, markers),
});

approve('Chromium', `Made by \`tests/browser/compare.mjs\` (test \`browser_compare\`) with ${execFileSync('chromium', ['--version']).toString().trim().split(' built')[0]} on Linux: one profile
in which the site \`stuck.test\` has five origins, stored in frames of other sites and let others store in its own; three
copies, each cleaned in one way. Both of the browser's own ways get each origin of the site named; unstick gets
\`stuck.test --with network,permissions,passwords\`.

Items of the site that are left, counted by \`unstick --dry-run\`:

${tableOf('store', items)}

Files that still hold a secret of the site, found by searching all bytes (LevelDB tables unpacked, cookies as they are
encrypted), without using unstick:

${tableOf('place', files)}

What the browser wrote while it cleaned may count as well. Host names, not secrets, stay in what is never touched:
history, icons, top sites, open tabs.
`, ['Bounce tracking records']);
check('there was something in every store', () => truly(Object.keys(items.before).length > 15, Object.keys(items.before).join()));
check('unstick leaves no item', () => same(items.unstick, {}));
check('unstick leaves no secret', () => same(files.unstick, {}));

web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
