// A profile in a home on a network: Chromium fills it on a folder that is shown through FUSE, where names cannot be
// exchanged and what is deleted while it is open stays. unstick removes a site and brings it back, is killed at several
// operations, and Chromium goes on with that very profile: nothing is damaged, nothing of ours is left, undo restores all.
//
//     network_test.mjs few|some|all PROGRAM [OPTION...]     PROGRAM SOURCE MOUNTPOINT OPTION... mounts (bindfs, networkfs)
//
// Ends with 77 (skipped) where there is no FUSE.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { close, open } from './chromium.mjs';
import { before, checkBetween, checkKilled, fresh, leftIn, look, observe, plantIn, web, without } from './small_world.mjs';

const [extent, program, ...options] = process.argv.slice(2);
if (!fs.existsSync('/dev/fuse')) {
    console.log('no FUSE: a home on a network was not tested');
    process.exit(77);
}
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-network-'));
const [source, mount] = ['shown', 'mount'].map((name) => path.join(scratch, name));
fs.mkdirSync(source);
fs.mkdirSync(mount);
execFileSync(program, [source, mount, ...options]);
process.on('exit', () => {
    execFileSync('fusermount3', ['-u', '-z', mount]);
    fs.rmSync(scratch, { recursive: true, force: true });
});
const planted = path.join(mount, 'planted');

/// Chromium on the profile itself: what it changes there undo has to live with.
async function lookItself(folder) {
    const context = await open(folder, web);
    const seen = await observe(context, folder);
    await close(context, folder);
    return seen;
}

await plantIn(planted);
check('it is such a file system: it does not exchange names', () => {
    fs.mkdirSync(path.join(mount, 'a'));
    fs.mkdirSync(path.join(mount, 'b'));
    const exchange = 'import ctypes, sys; sys.exit(ctypes.CDLL(None).renameat2(-100, b"a", -100, b"b", 2) == 0)';
    execFileSync('python3', ['-c', exchange], { cwd: mount });
});
{
    const { folder, fix, undo } = fresh(planted, 'whole');
    const fixed = await fix();
    check('fix ends well', () => same([fixed.code, fixed.json?.problems], [0, []]));
    check('and nothing of ours is left', () => same(leftIn(folder), []));
    const gone = await lookItself(folder);
    check('the site is gone', () => same(gone, without));
    const undone = await undo();
    check('undo ends well', () => same([undone.code, undone.json?.verdict.code, undone.json?.problems], [0, 'restored', []]));
    const back = await lookItself(folder);
    check('everything is back', () => same(back, before));
    check('and nothing of ours is left', () => same(leftIn(folder), []));
}
await checkKilled(planted, 'fix', extent === 'all' ? [0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] : [0.7], lookItself);
await checkKilled(planted, 'undo', extent === 'all' ? [0.2, 0.4, 0.6, 0.8, 0.9] : [0.6], lookItself);
if (extent !== 'few') {
    const remade = [];
    for (let at = 1; at <= (extent === 'all' ? 100 : 1) && remade.at(-1) !== null; ++at) {
        remade.push(await checkBetween(planted, at));
    }
    check('there were folders to be replaced', () => truly(remade[0] !== null, remade));
}

web.stop();
finish();
