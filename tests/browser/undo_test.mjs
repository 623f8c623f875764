// Undo after the browser ran again: a real Chromium visits the site and another one after `fix`; `undo` keeps and names
// what came back newer, restores what did not, and leaves what is not the site's as it is now. And a `fix` that was killed:
// Chromium opens the profile without complaint, the other site is whole, and `undo` brings back all.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { close, open } from './chromium.mjs';
import * as world from './small_world.mjs';
import { before, look, observe, said, visit, web, without } from './small_world.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-undo-'));
const planted = path.join(scratch, 'planted');
const fresh = (name) => world.fresh(planted, name);
await world.plantIn(planted);

// --- The browser runs between fix and undo ---
{
    const { folder, fix, undo } = fresh('ran');
    const fixed = await fix();
    check('fix ends well', () => same([fixed.code, fixed.json?.problems], [0, []]));
    const gone = await look(folder);
    check('the site is gone', () => same(gone, without));

    said.age = 'new';
    const running = await open(folder, web);
    await visit(running, 'www.stuck.test', '/visit', ['both'], ['/kept1']);
    await visit(running, 'other.test', '/visit', ['both', 'more'], ['/kept1']);
    await close(running, folder);

    const undone = await undo();
    const named = (undone.json?.profiles ?? []).flatMap(({ stores }) => stores).flatMap(({ store, newer_kept }) =>
        (newer_kept ?? []).map((label) => `${store}: ${label}`));
    check('undo is carried through', () => same([undone.code, undone.json?.verdict.code], [0, 'restored']));
    check('it names what came back in the meantime, each once', () => {
        same(undone.json.problems, []);
        for (const start of ['Cookies: cookie session of www.stuck.test', 'Local storage: entry both of https://www.stuck.test',
            'HTTP cache: https://www.stuck.test/kept1']) {
            same(named.filter((text) => text.startsWith(start)).length, 1);
        }
    });
    check('and nothing that did not', () => same(named.filter((text) =>
        ['theme', 'mine', 'kept2', 'app.stuck.test', 'other.test'].some((word) => text.includes(word))), []));
    const expected = {
        ...before,
        'www.stuck.test': { local: { both: 'new', mine: 'old' }, cached: { '/kept1': 'new', '/kept2': 'old' }, cookies: { session: 'new', theme: 'old' } },
        'other.test': { local: { both: 'new', mine: 'old', more: 'new' }, cached: { '/kept1': 'old', '/kept2': 'old' }, cookies: { session: 'new', theme: 'old' } },
    };
    const seen = await look(folder);
    check('the browser shows the newer where there is one, else the older, and the other site as it is now', () => same(seen, expected));
    const again = await undo();
    check('it is finished: there is nothing more to undo', () => same(again.code, 2));
    const itself = await open(folder, web);
    const shown = await observe(itself, folder);
    await close(itself, folder);
    check('so it does on the profile itself', () => same(shown, expected));
}

// --- A run that is killed ---
said.age = 'old';
for (const command of ['fix', 'undo']) {
    await world.checkKilled(planted, command, [0.3, 0.6, 0.75, 0.9]);
}

// --- A run that is killed where a folder has no name, and a browser that makes it anew ---
const made = [];
for (let at = 1, remade; (remade = await world.checkBetween(planted, at, { UNSTICK_NO_EXCHANGE: '1' })) !== null; ++at) {
    made.push(remade);
}
check('there were folders to be replaced, which Chromium made anew', () => truly(made.includes(true), made));

web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
