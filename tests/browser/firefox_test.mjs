// The proof by a real Firefox: what was planted in all its stores is gone for one site and exactly as before for all others; undo
// brings it back; and no secret of the site is left in any byte of the profile. Also after a crash of Firefox; and the locks.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { searchBytes } from './bytes.mjs';
import { check, finish, same, truly } from './check.mjs';
import { isOf, secretsOf } from './expect.mjs';
import { start } from './firefox.mjs';
import { until } from './until.mjs';
import { openOn, partOf, plant, seenIn, startWorld, withoutSite } from './firefox_world.mjs';
import { printed, unstick } from './unstick.mjs';
import * as world from './world.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-firefox-'));
const web = await startWorld();
const planted = path.join(scratch, 'planted');
const stuck = isOf('stuck.test');
/// What is looked at where all of it has been looked at before; lists and cookies are all there, too.
const part = { hosts: ['www.stuck.test', 'other.test'], contained: ['other.test'], chains: [['www.stuck.test', 'partner.test'], ['partner.test', 'other.test']] };
let runs = 0;

/// A copy of a profile with a state folder of its own, and unstick for them, without a re-test.
function fresh(from = planted) {
    const folder = path.join(scratch, `run${++runs}`);
    execFileSync('cp', ['-a', from, folder]);
    const state = folder + '-state';
    return {
        folder, state,
        fix: (...args) => unstick(state, 'fix', 'stuck.test', ...args, '--user-data-dir', folder, '--retest', 'none', '--yes', '--json'),
        undo: () => unstick(state, 'undo', '--yes', '--json'),
    };
}
const endsWell = (result) => same([result.code, result.json?.problems], [0, []]);

// --- Plant, and make sure that looking is reliable ---

await plant(planted, web);
const before = await seenIn(planted, web);
check('everything was planted', () => {
    for (const [host, seen] of [...Object.entries(before.origins), ...Object.entries(before.frames), ...Object.entries(before.containers)]) {
        truly(Object.keys(seen.local).length === 3, host + ': local storage');
        truly(Object.keys(seen.databases.db ?? {}).length === 2, host + ': database');
        truly(world.isPlain(host) || Object.values(seen.cached).every(Boolean), host + ': HTTP cache');
        truly(world.isPlain(host) || Object.keys(seen.caches).length === 1, host + ': caches');
        truly(world.isPlain(host) || Object.keys(seen.files).length === 1, host + ': files');
    }
    truly(Object.entries(before.origins).every(([host, seen]) => world.isPlain(host) || seen.workers.length === 1), 'workers');
    truly(Object.keys(before.tabs).length === world.all.length && Object.values(before.tabs).every((tab) => tab.tab), 'session storage');
    const cookies = Object.values(before.cookies);
    for (const attributes of [{ userContextId: 2 }, { partitionKey: '(https,stuck.test)' }, { partitionKey: '(https,stuck.test,f)' }, { partitionKey: '(https,partner.test,f)' }]) {
        const [[name, value]] = Object.entries(attributes);
        truly(cookies.some((cookie) => cookie.attributes[name] === value), 'cookies with ' + JSON.stringify(attributes));
    }
    truly(cookies.some((cookie) => cookie.session && stuck(cookie.domain)), 'session cookies');
    truly(before.logins.length === 2 * world.all.length + 1, 'logins');
    truly(Object.values(before.lists).every((list) => list.some((line) => stuck(new URL(line.split(' ')[0]).host))), 'lists');
});
const { logins } = JSON.parse(fs.readFileSync(`${planted}/logins.json`, 'utf8'));
const secrets = [...secretsOf(world.ours, [...world.framesOfOurs, ...world.framesUnderOurs]),
    ...logins.filter((login) => login.httpRealm !== null && stuck(new URL(login.hostname).host)).map((login) => login.encryptedPassword)];
check('the byte search finds what was planted', () => {
    const hits = searchBytes(planted, secrets);
    for (const file of ['cookies.sqlite', 'cache2/entries/', 'storage/default/.*/ls/', 'storage/default/.*/idb/', 'storage/default/.*/cache/',
        'storage/default/.*/fs/', 'sessionstore.jsonlz4', 'logins.json']) {
        truly(hits.some((hit) => new RegExp(`^${file}`).test(hit)), file);
    }
});
{
    const { folder } = fresh();
    execFileSync('sqlite3', [`${folder}/cookies.sqlite`, "DELETE FROM moz_cookies WHERE host = 'notstuck.test' AND name = 'host_only'"]);
    fs.rmSync(`${folder}/storage/default/https+++other.test^partitionKey=%28https%2Cpartner.test%29`, { recursive: true });
    const harmed = await seenIn(folder, web, part);
    check('looking notices one lost cookie and one lost folder of another site', () => {
        same(Object.keys(before.cookies).filter((name) => !(name in harmed.cookies)).map((name) => name.split(' {')[0]), ['notstuck.test / host_only']);
        same(Object.keys(harmed.frames).filter((name) => Object.keys(harmed.frames[name].local).length === 0), ['partner.test>other.test']);
    });
}

// --- The whole site ---
{
    const { folder, state, fix, undo } = fresh();
    const dry = await fix('--dry-run');
    check('the dry run ends well, and changes nothing', () => same([dry.code, execFileSync('diff', ['-r', '--no-dereference', planted, folder]).toString()], [0, '']));
    const fixed = await fix();
    check('fix ends well', () => endsWell(fixed));
    check('no secret of the site is left in any byte of the profile', () => same(searchBytes(folder, secrets), []));
    const after = await seenIn(folder, web);
    check('Firefox sees nothing of the site, and of everybody else exactly what it saw before', () => same(after, withoutSite(before, stuck)));
    const second = await fix();
    check('a second run finds nothing', () => same([second.code, second.json?.problems], [9, []]));
    const undone = await undo();
    check('undo ends well', () => endsWell(undone));
    const restored = await seenIn(folder, web);
    check('after undo Firefox sees everything as before', () => same(restored, before));
    await fix('--no-undo');
    await unstick(state, 'runs', '--purge', '--yes');
    check('with --no-undo and after runs --purge no secret is left anywhere', () => same([...searchBytes(folder, secrets), ...searchBytes(state, secrets)], []));
}
{
    const kinds = ['passwords', 'network', 'permissions'];
    const { folder, fix, undo } = fresh();
    const fixed = await fix('--with', kinds.join(','));
    check('with passwords, network memory and site settings: ends well', () => endsWell(fixed));
    const after = await seenIn(folder, web);
    check('with them: they go too, and nothing else', () => same(after, withoutSite(before, stuck, ['cookies', 'cache', 'storage', 'auth', ...kinds])));
    const undone = await undo();
    check('with them: undo ends well', () => endsWell(undone));
    const restored = await seenIn(folder, web, part);
    check('with them: after undo Firefox sees everything as before', () => same(restored, partOf(before, part)));
}

// --- While Firefox runs, and after it was killed ---
{
    const { folder, fix, undo } = fresh();
    const running = await openOn(folder, web);
    await running.inPage('https://www.stuck.test/login', () => localStorage.setItem('token', 'newer'));
    const busy = await fix();
    check('a profile that Firefox has open is not touched', () => same([busy.code, busy.json?.profiles[0].in_use], [7, true]));
    await running.kill();
    const crashed = await seenIn(folder, web, part);
    check('after the crash the other sites are whole', () => same(withoutSite(crashed, stuck).origins['other.test'], withoutSite(before, stuck).origins['other.test']));
    const fixed = await fix();
    check('after the crash: fix ends well', () => endsWell(fixed));
    check('after the crash: no secret of the site is left in any byte of the profile', () => same(searchBytes(folder, secrets), []));
    const after = await seenIn(folder, web, part);
    check('after the crash: nothing of the site, and of everybody else what was there', () => same(after, withoutSite(crashed, stuck)));
    const undone = await undo();
    check('after the crash: undo ends well', () => endsWell(undone));
    const restored = await seenIn(folder, web, part);
    check('after the crash: undo brings everything back', () => same(restored, crashed));
}
{
    // As unstick holds it while it works.
    const { folder } = fresh();
    const held = path.join(scratch, 'held');
    const holder = spawn('python3', ['-c', `import fcntl, sys, time
lock = open(sys.argv[1], 'r+')
fcntl.lockf(lock, fcntl.LOCK_EX)
open(sys.argv[2], 'w').close()
time.sleep(600)`, `${folder}/.parentlock`, held], { stdio: 'ignore' });
    await until('the lock is held', () => fs.existsSync(held));
    const refused = start(folder, ['about:blank']);
    const end = await refused.ended;
    check('Firefox does not start on a profile that unstick holds, and says why', () => {
        same(end.signal, null);
        truly(refused.words.includes('already running'), refused.words);
    });
    holder.kill();
}

check('no secret was printed', () => same(printed.filter((text) => /SECRET\.|\.TERCES/.test(text)), []));

web.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
