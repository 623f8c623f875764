// Proof by experiment: `fix --least` proves what keeps a real Chromium (or with the argument "firefox" Firefox) out, removes exactly
// that, and then the browser gets in. Of one that is not stuck nothing is removed. `why --retest browser` proves the same. On some
// (sample.mjs) of the sites of docs/proof.md, which no rule can name or the zoo has; on each of these with the argument "each"; on
// the whole zoo, too, with "all". With Chromium UNSTICK_APPROVE=1 writes the table of each to docs/proof.md, that of all, with what
// was measured, to docs/measured.md. ZOO_ONLY=HOST,HOST looks at these sites only.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { sample } from './sample.mjs';
import { animals, healthy } from './zoo_animals.mjs';
import { unnamed, wellOff } from './zoo_animals_proof.mjs';
import { animals as byRules } from './zoo_animals_rules.mjs';
import { healthy as alsoWell, stuck } from './zoo_animals_threads.mjs';
import { allKeepsakes, browser, openZoo, seenBy } from './zoo_world.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-proof-'));
const chosen = process.env.ZOO_ONLY?.split(',');
const isAll = process.argv.includes('all');
const always = (site) => isAll || chosen || site.quick;
const candidates = seenBy(browser, [...animals.filter((site, i) => i === 0 || always(site)), ...byRules.filter(always), ...unnamed,
    ...stuck.filter(always), healthy, ...wellOff, ...alsoWell.filter(always)]);
const sites = process.argv.includes('each') && !chosen ? candidates : sample(candidates, 5);
const isFault = (site) => site.removes || site.helps;
const measured = new Map();

/// What is found, done and met on each of these sites, in a profile of their own.
async function measure(these, settings, place) {
    fs.mkdirSync(place);
    const zoo = await openZoo(place, these, { visitor: browser, ...settings });
    const { profile, world, meets, keepsakes, tour, run, byBrowserOn, also, removedBy, copiesLeft, total } = zoo;
    zoo.beToday();
    const before = await tour(profile, meets);
    for (const site of these) {
        const what = [...also(site), ...byBrowserOn(site)];
        const found = { removedBy, total, told: await run('why', site, profile, ...also(site), '--retest', 'clean') };
        found.why = site === sites[0] && await run('why', site, profile, ...what);
        const begun = Date.now();
        if (wellOff[0].hosts === site.hosts) {  // what is healthy stays, whatever else is asked for
            for (const how of ['--escalate', '--stale']) {
                const spared = await run('fix', site, profile, how, '--yes', ...what);
                check(`${site.hosts[0]}: ${how} removes nothing`, () => same([spared.code, spared.json.verdict.code, removedBy(spared)], [0, 'not-stuck', {}]));
            }
        }
        found.fix = await run('fix', site, profile, '--least', '--yes', ...what, ...(site.with ? ['--with', site.with] : []));
        found.seconds = (Date.now() - begun) / 1000;
        check(`${site.hosts[0]}: nothing of the copies stays`, () => same(copiesLeft(), []));
        measured.set(site, found);
    }
    const after = await tour(profile, async (context, site) =>
        ({ meets: await meets(context, site), keepsakes: await keepsakes(context, site) }));
    these.forEach((site, i) => Object.assign(measured.get(site), { before: before[i], after: after[i] }));
    world.stop();
}
for (const thirdPartyBlocked of [false, true]) {
    const these = sites.filter((site) => Boolean(site.thirdPartyBlocked) === thirdPartyBlocked);
    if (these.length > 0) {
        await measure(these, { thirdPartyBlocked }, path.join(scratch, `${thirdPartyBlocked}`));
    }
}

/// As many items of each store as were proved to be needed: `removes` may name more, as some rules do.
const isWithin = (removed, most) => Object.entries(removed).every(([store, count]) => count <= (most[store] ?? 0)) && Object.keys(removed).length > 0;
const likely = ({ fix }) => fix.json.findings.filter((finding) => finding.confidence !== 'low' && finding.items > 0);
for (const [site, found] of measured) {
    const [name] = site.hosts;
    const { why, fix, removedBy } = found;
    const [first] = fix.json.findings;
    check(`${name}: at first the browser meets "${site.meets}"`, () => same(found.before, site.meets));
    if (site.removes) {
        check(`${name}: it is proved, by the rule that names it or by itself`, () => {
            same(first?.confidence, 'proved');
            truly([site.rule, 'proved-by-visits', ...(browser.id === 'firefox' ? ['cookies-refused'] : [])].includes(first.rule), fix.text);
        });
        if (why) {
            check(`${name}: why proves the same`, () => same([why.code, why.json.verdict.code, why.json.findings[0].evidence.needed],
                [10, 'proved', first.evidence.needed]));
        }
        check(`${name}: nothing else is called likely`, () => same(likely(found).length, 1));
        check(`${name}: fix --least removes no more than that`, () => truly(isWithin(removedBy(fix), site.removes), fix.text));
        check(`${name}: and says so`, () => same([fix.code, fix.json.verdict.code, fix.json.problems], [0, 'fixed', []]));
    } else {
        check(`${name}: nothing is proved, and nothing removed`, () =>
            same([first?.confidence === 'proved', removedBy(fix)], [false, {}]));
    }
    if (!site.removes && !site.helps) {
        const told = site.tells === false;
        check(`${name}: it is not called stuck, ${told ? 'nor fine' : 'and nothing is called likely'}`, () =>
            same([fix.json.retest.before.stuck, fix.json.verdict.code, likely(found)], [told ? null : false, told ? 'nothing-proved' : 'not-stuck', []]));
    }
    const isIn = site.removes ? site.in ?? '200 welcome' : site.meets;
    check(`${name}: afterwards the browser meets "${isIn}"`, () => same(found.after.meets, isIn));
    check(`${name}: what else the site has is still there`, () => same(found.after.keepsakes, site.keeps ?? allKeepsakes));
}

// --- The tables ---

const visitsOf = (finding) => [finding?.evidence.visit ?? []].flat().length;
const provedIn = ({ fix }) => (fix.json.findings[0]?.confidence === 'proved' ? fix.json.findings[0] : null);
const code = (rule) => (rule ? `\`${rule}\`` : '');
const removedIn = ({ fix, removedBy }) => Object.entries(removedBy(fix)).map(([store, count]) => `${store}: ${count}`).join(', ') || 'nothing';
const tableOf = (...rows) => rows.map((row) => `| ${row.join(' | ')} |`.replaceAll(/ {2,}/g, ' ')).join('\n');
const table = tableOf(['as in', 'the browser meets', 'rule', 'state', 'proved by', '`fix --least` removes', 'then'], Array(7).fill('---'),
    ...[...measured].map(([site, found]) => [site.model ?? 'a healthy site', site.meets, code(site.rule), found.fix.json.retest.before.state ?? 'not asked',
        code(provedIn(found)?.rule) || 'nothing', removedIn(found), found.fix.json.verdict.code]));

/// How sure it is of the right cause in the end, in a word: proved, or what the rule that is meant says.
const cause = (site, found) => (provedIn(found) ? 'proved' : (found.fix.json.findings.find(({ rule }) => rule === site.rule) ?? found.told.json.findings.find(({ rule }) => rule === site.rule))?.confidence ?? 'none');
const byRulesAlone = (site, { told }) => told.json.findings.find(({ rule }) => rule === site.rule)?.confidence ?? 'none';
const wrong = (site, found) => likely(found).filter(({ rule, confidence }) => confidence !== 'proved' && rule !== site.rule).map(({ rule }) => code(rule)).join(', ') || 'none';
const isInNow = (site, { after }) => after.meets === (site.removes ? site.in ?? '200 welcome' : site.meets);
const all = tableOf(['as in', 'the browser meets', 'rule', 'rules alone', 'right cause', 'wrong ones', 'removed', 'of', 'visits', 'seconds', 'then'], Array(11).fill('---'),
    ...[...measured].map(([site, found]) => [site.model ?? (site.removes || site.helps ? site.hosts[0] : 'a healthy site'), found.before, code(site.rule), isFault(site) ? byRulesAlone(site, found) : '',
        isFault(site) ? cause(site, found) : 'healthy', wrong(site, found), removedIn(found), found.total(found.told, 'found'),
        visitsOf(provedIn(found)) || '', Math.round(found.seconds), `${found.fix.json.verdict.code}; ${found.after.meets}`]));
const list = [...measured];
const faults = list.filter(([site]) => isFault(site));
const removable = list.filter(([site]) => site.removes);
const well = list.filter(([site]) => !isFault(site));
const isNamed = ([site, found]) => ['proved', 'high', 'medium'].includes(cause(site, found));
const counts = [
    `${list.length} sites: ${faults.length} on which somebody is stuck, ${well.length} healthy ones.`,
    `Cause proved or named with high or medium confidence: ${faults.filter(isNamed).length} of ${faults.length}.`,
    `Un-stuck by \`fix --least\`: ${removable.filter(([site, found]) => isInNow(site, found)).length} of the ${removable.length} that a removal can help.`,
    `False alarms on healthy sites (called stuck, something removed, or a cause called likely): ${well.filter(([, found]) => found.fix.json.retest.before.stuck || removedIn(found) !== 'nothing' || likely(found).length > 0).length} of ${well.length}.`,
    `Stuck, and told that nothing is wrong: ${faults.filter(([, found]) => found.fix.json.verdict.code === 'not-stuck' && found.fix.json.findings.every(({ confidence }) => confidence === 'low')).length} of ${faults.length}.`,
    `Visits to a proof: ${Math.max(0, ...list.map(([, found]) => visitsOf(provedIn(found))))} at most.`];
console.log(isAll || chosen ? `${table}\n\n${all}` : table);
console.log(counts.join('\n'));
for (const [site, found] of measured) {
    console.log(`      ${site.hosts[0]}: ${found.seconds} s; ${JSON.stringify(provedIn(found)?.evidence.visit ?? [found.fix.json.next, found.fix.json.retest.before.page])}`);
}
if (isAll && browser.id === 'chromium' && process.env.UNSTICK_APPROVE === '1') {
    const page = new URL('../../docs/measured.md', import.meta.url);
    const text = fs.readFileSync(page, 'utf8');
    fs.writeFileSync(page, `${text.slice(0, text.indexOf('\n- '))}\n${counts.map((line) => `- ${line}`).join('\n')}\n\n${all}\n`);
} else if (!isAll && !chosen && browser.id === 'chromium') {
    const page = new URL('../../docs/proof.md', import.meta.url);
    const text = fs.readFileSync(page, 'utf8');
    const committed = text.split('\n').filter((line) => line.startsWith('|')).join('\n');
    const start = committed.indexOf('| as in |');
    if (process.env.UNSTICK_APPROVE === '1') {
        fs.writeFileSync(page, text.replace(committed.slice(start), () => table));
    } else {
        const rows = committed.slice(start).split('\n');
        const expected = sites.length === candidates.length ? rows : rows.filter((row) => table.split('\n').includes(row));
        check('docs/proof.md shows this table (UNSTICK_APPROVE=1 writes it)', () => same(table, expected.join('\n')));
    }
}
fs.rmSync(scratch, { recursive: true, force: true });
finish();
