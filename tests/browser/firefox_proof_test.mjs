// Proof by experiment with a real Firefox, on sites of the zoo: `why --retest browser` proves what keeps it out, `fix --least`
// removes exactly that, and then Firefox gets in. One is stuck by HSTS, which so is seen to hold on the copy. Of a Firefox that is
// not stuck nothing is removed. Three sites, with the argument "some" nine; ZOO_ONLY=HOST,HOST looks at these only.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { openFirefoxZoo } from './firefox_zoo.mjs';
import { program, unstick } from './unstick.mjs';
import { startProxy } from './webkit.mjs';
import { animals, healthy, notFound, runs, says, to, welcome } from './zoo_animals.mjs';
import { unnamed, wellOff } from './zoo_animals_proof.mjs';
import { allKeepsakes } from './zoo_server.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-ffproof-'));
const chosen = process.env.ZOO_ONLY?.split(',');
const hosts = process.argv[2] !== 'some' && !chosen ? ['app.shadowed.test'] : ['app.shadowed.test', 'app.neighbour.test', 'either.test', 'state.test', 'noisy.test', 'form.well.test', 'small.test'];
/// The way leads on by http to a host that Firefox has been told to ask by https only: so it is seen that this holds on the copy.
const ordered = {
    hosts: ['www.ordered.test', 'app.ordered.test'],
    then: ({ host, path, at }) => (host === 'app.ordered.test'
        ? says('', { 'Strict-Transport-Security': 'max-age=31536000', 'Access-Control-Allow-Origin': '*' })
        : path === '/' ? runs(`await fetch('${at('app.ordered.test')}'); say('welcome');`) : notFound),
    now: ({ host, plainAt }) => (host === 'app.ordered.test' ? welcome : to(plainAt('app.ordered.test'))),
    meets: 'ERR_SSL_PROTOCOL_ERROR', removes: { 'HTTPS-only hosts (HSTS)': 1 }, with: 'network',
};
/// Firefox keeps all of an origin's local storage in one database, which goes as a whole.
const onFirefox = { 'state.test': { removes: { 'Site storage': 1 }, keeps: ['cookie', null, 'cache', 'database'] } };
const sites = [...[...animals, ...unnamed, ...wellOff].filter((site) => hosts.includes(site.hosts[0])), ordered, healthy]
    .map((site) => ({ ...site, ...onFirefox[site.hosts[0]] }))
    .filter((site) => !chosen || chosen.includes(site.hosts[0]));
const zoo = await openFirefoxZoo(scratch, sites);
const { profile, world, meets, keepsakes, tour, run, byBrowserOn, also, removedBy, firstOf, copiesIn, copiesLeft, stateOf, addressOf } = zoo;

zoo.beToday();
const before = await tour(profile, meets);
const seen = new Map();
for (const site of sites) {
    const what = [...also(site), ...byBrowserOn(site)];
    const found = {};
    if (site === sites[0] || site.hosts[0] === healthy.hosts[0]) {
        const state = stateOf(profile);
        const proxy = await startProxy(world);
        found.why = await run('why', site, profile, ...what, '--proxy', proxy.address);
        proxy.stop();
        check(`${site.hosts[0]}: why leaves the profile the same, byte for byte and with the same times`, () => truly(stateOf(profile) === state));
        check(`${site.hosts[0]}: Firefox asks nobody but the site`, () =>
            truly(String([...new Set(proxy.asked)]) === String(site.hosts), JSON.stringify(proxy.asked) + found.why.text));
    }
    found.fix = await run('fix', site, profile, '--least', '--yes', ...what, ...(site.with ? ['--with', site.with] : []));
    check(`${site.hosts[0]}: nothing of the copies stays`, () => same(copiesLeft(), []));
    seen.set(site, found);
}
{
    const [site] = sites;
    const state = path.join(scratch, 'killed');
    const copies = path.join(state, 'unstick', 'copies');
    const killed = spawn(program, ['why', site.hosts[0], '--url', addressOf(site), '--user-data-dir', profile, ...byBrowserOn(site), '--resolve', `${site.hosts[0]}:${world.port}:127.0.0.1`],
        { env: { ...process.env, XDG_STATE_HOME: state }, stdio: 'ignore' });
    const processes = () => execFileSync('sh', ['-c', 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n"']).toString();
    const copy = await firstOf(() => copiesIn(copies).find((name) => processes().includes(path.join(copies, name))));
    killed.kill('SIGKILL');
    const ended = copy && await firstOf(() => !processes().includes(path.join(copies, copy)));
    await unstick(state, 'profiles');
    check('when unstick is killed Firefox ends, and the next start removes the copy', () => same([Boolean(copy), ended, copiesIn(copies)], [true, true, []]));
}
const after = await tour(profile, async (firefox, site) => ({ meets: await meets(firefox, site), keepsakes: await keepsakes(firefox, site) }));
sites.forEach((site, i) => Object.assign(seen.get(site), { before: before[i], after: after[i] }));

const likely = ({ fix }) => fix.json.findings.filter((finding) => finding.confidence !== 'low' && finding.items > 0);
for (const [site, found] of seen) {
    const [name] = site.hosts;
    const { why, fix } = found;
    const [first] = fix.json.findings;
    check(`${name}: at first Firefox meets "${site.meets}"`, () => same(found.before, site.meets));
    if (site.removes) {
        check(`${name}: it is proved, by the rule that names it or by itself`, () =>
            truly(first?.confidence === 'proved' && [site.rule, 'proved-by-visits', 'cookies-refused'].includes(first.rule), fix.text));
        if (why) {
            check(`${name}: why proves the same`, () =>
                same([why.code, why.json.verdict.code, why.json.findings[0].evidence.needed], [10, 'proved', first?.evidence.needed]));
        }
        check(`${name}: fix --least removes no more than that, and says so`, () => {
            const removed = removedBy(fix);
            truly(Object.keys(removed).length > 0 && Object.entries(removed).every(([store, count]) => count <= (site.removes[store] ?? 0)), fix.text);
            same([fix.code, fix.json.verdict.code, fix.json.problems], [0, 'fixed', []]);
        });
    } else {
        check(`${name}: nothing is proved, and nothing removed`, () => same([first?.confidence === 'proved', removedBy(fix)], [false, {}]));
        const told = site.tells === false;
        check(`${name}: it is not called stuck, ${told ? 'nor fine' : 'and nothing is called likely'}`, () => same(
            [fix.json.retest.before.stuck, fix.json.verdict.code, likely(found)], [told ? null : false, told ? 'nothing-proved' : 'not-stuck', []]));
    }
    const isIn = site.removes ? site.in ?? '200 welcome' : site.meets;
    check(`${name}: afterwards Firefox meets "${isIn}"`, () => same(found.after.meets, isIn));
    check(`${name}: what else the site has is still there`, () => same(found.after.keepsakes, site.keeps ?? allKeepsakes));
}

world.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
