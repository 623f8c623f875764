// A real Firefox between fix and undo, and a `fix` or `undo` that was killed: Firefox opens the profile, the other site is whole,
// and undo brings back all.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { isOf } from './expect.mjs';
import { few, openOn, plant, seenIn, startWorld, withoutSite } from './firefox_world.mjs';
import { killedAt } from './killed.mjs';
import { unstick } from './unstick.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-ffundo-'));
const web = await startWorld();
const planted = path.join(scratch, 'planted');
const stuck = isOf('stuck.test');
const look = (folder) => seenIn(folder, web, few);

function fresh(name) {
    const folder = path.join(scratch, name);
    execFileSync('cp', ['-a', planted, folder]);
    const state = folder + '-state';
    return {
        folder,
        fix: () => unstick(state, 'fix', 'stuck.test', '--with', 'network,permissions', '--user-data-dir', folder, '--retest', 'none', '--yes', '--json'),
        undo: () => unstick(state, 'undo', '--yes', '--json'),
    };
}

await plant(planted, web, few);
const before = await look(planted);
const without = withoutSite(before, stuck, ['cookies', 'cache', 'storage', 'auth', 'network', 'permissions']);

// --- Firefox runs between fix and undo ---
{
    const { folder, fix, undo } = fresh('ran');
    const fixed = await fix();
    check('fix ends well', () => same([fixed.code, fixed.json?.problems], [0, []]));
    const running = await openOn(folder, web);
    for (const host of ['www.stuck.test', 'other.test']) {
        await running.inPage(`https://${host}/login`, () => { localStorage.setItem('token', 'newer'); });
    }
    await running.close();
    const undone = await undo();
    check('undo is carried through', () => same([undone.code, undone.json?.problems], [0, []]));
    check('it names what came back in the meantime', () => truly(undone.json?.profiles.some(({ stores }) => stores.some((store) => store.newer_kept)), undone.text));
    const seen = await look(folder);
    check('the newer is kept', () => same([seen.origins['www.stuck.test'].local.token, seen.origins['other.test'].local.token], ['newer', 'newer']));
    check('the rest is back', () => same(seen.origins['app.stuck.test'], before.origins['app.stuck.test']));
    const { token, ...others } = before.origins['other.test'].local;
    check('the other site has what it has now, and what it had', () => same(seen.origins['other.test'],
        { ...before.origins['other.test'], local: { ...others, token: 'newer' } }));
}

// --- Runs that are killed ---
for (const command of ['fix', 'undo']) {
    const counted = fresh(`count-${command}`);
    if (command === 'undo') {
        await counted.fix();
    }
    const operations = await killedAt(0, counted[command], scratch);
    check(`${command}: there are operations to be killed at`, () => truly(operations > 50, operations));
    for (const at of [0.3, 0.6, 0.75, 0.9].map((part) => Math.round(operations * part))) {
        const { folder, fix, undo } = fresh(`killed-${command}-${at}`);
        if (command === 'undo') {
            await fix();
        }
        const killed = await killedAt(at, command === 'fix' ? fix : undo, scratch);
        const name = `${command} killed at operation ${at} of ${operations}`;
        check(`${name}: it was killed`, () => same(killed.code, null));
        const seen = await look(folder);
        check(`${name}: Firefox opens the profile, and the other site is whole`, () => {
            // What it loaded from the site itself is the site's: there or removed.
            const loaded = seen.origins['other.test'].cached.elsewhere;
            truly([before, without].some(({ origins }) => loaded === origins['other.test'].cached.elsewhere), loaded);
            same(seen.origins['other.test'], { ...before.origins['other.test'], cached: { ...before.origins['other.test'].cached, elsewhere: loaded } });
            for (const part of ['cookies', 'frames', 'tabs']) {
                const others = Object.keys(without[part]).filter((key) => part !== 'tabs' || !stuck(new URL(key).host)).filter((key) => part !== 'frames');
                same(others.map((key) => seen[part][key]), others.map((key) => before[part][key]));
            }
        });
        for (let i = 0; i < 3 && (await undo()).code !== 2; ++i) { /* run after run */ }
        const restored = await look(folder);
        check(`${name}: undo brings everything back`, () => same(restored, before));
    }
}

web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
