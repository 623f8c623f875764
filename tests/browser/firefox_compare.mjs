// Firefox' two own ways to remove a site, and unstick, side by side: what does each leave, and what of others does it take?
// docs/comparison.md; UNSTICK_APPROVE=1 writes its section.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { approve, byUnstick, compare, filesWithSecrets, itemsIn, tableOf } from './compare_page.mjs';
import { isOf, secretsOf } from './expect.mjs';
import { executable } from './firefox.mjs';
import { openOn, plant, startWorld } from './firefox_world.mjs';
import * as world from './world.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-ffcompare-'));
const web = await startWorld();

async function withFirefox(folder, work) {
    const firefox = await openOn(folder, web);
    await work(firefox);
    await firefox.close();
}
const ways = {
    'Forget About This Site': (folder) => withFirefox(folder, (firefox) => firefox.js(async (site) => {
        const { ForgetAboutSite } = ChromeUtils.importESModule('resource://gre/modules/ForgetAboutSite.sys.mjs');
        await ForgetAboutSite.removeDataFromBaseDomain(site);
    }, 'stuck.test')),
    'Clear-Site-Data: "*"': (folder) => withFirefox(folder, async (firefox) => {
        for (const host of world.ours.filter((name) => !world.isPlain(name))) {  // taken from secure pages only
            await firefox.inPage(world.address(host, '/clear'), () => null);
        }
    }),
    unstick: byUnstick,
};

const planted = path.join(scratch, 'planted');
await plant(planted, web);
const stuck = isOf('stuck.test');
const { logins } = JSON.parse(fs.readFileSync(`${planted}/logins.json`, 'utf8'));
const markers = [...secretsOf(world.ours, [...world.framesOfOurs, ...world.framesUnderOurs]),
    ...logins.filter((login) => stuck(new URL(login.hostname).host)).map((login) => login.encryptedPassword)];
const { left, files, others } = await compare(scratch, planted, ways, {
    left: (folder) => itemsIn(folder),
    files: (folder) => filesWithSecrets(folder, markers),
    // How many copies there are of the session and of logins is chance.
    others: async (folder) => Object.fromEntries(Object.entries(await itemsIn(folder, 'other.test')).filter(([store]) => !/ in copies$|, copy$/.test(store))),
});

approve('Firefox', `Made by \`tests/browser/firefox_compare.mjs\` (test \`browser_firefox_compare\`) with ${execFileSync(executable, ['--version']).toString().trim()} on Linux, with the same
site and others as above, a container, and session restore on. "Forget About This Site" is what the history's menu does.

Items of the site that are left, counted by \`unstick --dry-run\`:

${tableOf('store', left)}

Files that still hold a secret of the site, found by searching all bytes, without using unstick:

${tableOf('place', files)}

After "Forget About This Site" Firefox does not use the cached files any more (*read*), and removes them in later runs by an order
that it left (\`cache2/ce_...\`). Older copies of the session are what it goes back to after a crash.

Items of another site, \`other.test\`, that are left. What it stored in pages of \`stuck.test\`, and the other way round, goes by
right; that unstick takes nothing else is seen by \`browser_firefox\`:

${tableOf('store', others)}
`);
check('there was something in every store', () => truly(Object.keys(left.before).length > 15, Object.keys(left.before).join()));
check('unstick leaves no item', () => same(left.unstick, {}));
check('unstick leaves no secret', () => same(files.unstick, {}));

web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
