// The zoo: a real Chromium (or with the argument "firefox" Firefox) gets stuck on every site of zoo_animals.mjs; `why` has to name
// the cause, `fix --stale` to remove that and nothing else, and then the browser has to get in. So it has to by the browser's own
// re-test: Chromium step by step (`--escalate`), Firefox with a proof (`--least`). On some of the sites (sample.mjs), or all with
// the argument "all". The browser's columns go to docs/zoo.md with UNSTICK_APPROVE=1.
import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { isAll, sample } from './sample.mjs';
import { program, unstick } from './unstick.mjs';
import { animals as first, healthy } from './zoo_animals.mjs';
import { animals as byRules } from './zoo_animals_rules.mjs';
import { allKeepsakes, browser, domainOf, openZoo, seenBy } from './zoo_world.mjs';

const everyone = [...first, ...byRules, healthy].map((site, row) => ({ ...site, row }));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-zoo-'));
const sites = [...sample(seenBy(browser, everyone.slice(0, -1)), { chromium: 4, firefox: 1 }[browser.id]), ...seenBy(browser, everyone.slice(-1))];
const letsIn = (site) => (site.removes ? site.in ?? '200 welcome' : site.meets);
const zoo = await openZoo(scratch, sites, { visitor: browser });
const { profile, world, authorities, addressOf, meets, keepsakes, tour, run, byBrowser, byBrowserOn, also,
    removedBy, metBy, firstOf, copiesIn, copiesLeft, stateOf, total } = zoo;

// --- Today ---

zoo.beToday();
const stuck = await tour(profile, meets);
const seen = new Map(sites.map((site, i) => [site, { stuck: stuck[i] }]));
const escalated = profile + '-escalated';
execFileSync('cp', ['-a', profile, escalated]);
const retested = profile + '-retested';
execFileSync('cp', ['-a', profile, retested]);
{
    const before = stateOf(retested);
    const ear = await browser.overhear(zoo);
    const why = await run('why', healthy, retested, ...byBrowser, ...ear.options);
    check('the browser opened on a copy is let in where nothing is wrong, and keeps the session', () =>
        same([why.code, metBy(why.json.retest.before), why.json.problems], [0, '200', []]));
    check('it asks nobody but the site', () =>
        same([...new Set(ear.asked())], healthy.hosts));
    ear.stop();
    check('the profile is the same, byte for byte and with the same times', () => truly(stateOf(retested) === before));
    check('nothing of the copy stays', () => same(copiesLeft(), []));

    // Killed while the browser is open.
    const state = path.join(scratch, 'killed');
    const copies = path.join(state, 'unstick', 'copies');
    const command = [domainOf(healthy.hosts[0]), '--url', addressOf(healthy), '--cacert', authorities, '--user-data-dir', retested];
    const killed = spawn(program, ['why', ...command, ...byBrowser, '--resolve', `${healthy.hosts[0]}:${world.port}:127.0.0.1`],
        { env: { ...process.env, XDG_STATE_HOME: state }, stdio: 'ignore' });
    const copy = await firstOf(() => copiesIn(copies).find((name) => fs.readdirSync(path.join(copies, name), { recursive: true }).some((file) => file.endsWith(browser.lock))));
    killed.kill('SIGKILL');
    const processes = () => execFileSync('sh', ['-c', 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n"']).toString();
    const ended = copy && await firstOf(() => !processes().includes(path.join(copies, copy)));
    await unstick(state, 'profiles');
    check('when unstick is killed the browser ends, and the next start removes the copy', () =>
        same([Boolean(copy), ended, copiesIn(copies)], [true, true, []]));
}
for (const site of sites) {
    const found = seen.get(site);
    found.why = await run('why', site, profile, ...also(site));
    found.alone = site.pointer && await run('why', site, profile);
    const what = [...also(site), ...(site.with ? ['--with', site.with] : [])];
    found.fix = await run('fix', site, profile, '--stale', '--yes', ...what);
    found.escalate = site.removes && !site.unseen && await run('fix', site, escalated, '--escalate', '--yes', ...what);
    found.retest = site.removes && await run('fix', site, retested, browser.byItself, '--yes', ...what, ...byBrowserOn(site));
    if (found.retest) {
        check(`${site.hosts[0]}: nothing of the copies stays`, () => same(copiesLeft(), []));
    }
}
for (const [folder, after] of [[profile, 'fixed'], [escalated, 'escalated'], [retested, 'retested']]) {
    const met = await tour(folder, async (context, site) =>
        ({ meets: await meets(context, site), keepsakes: await keepsakes(context, site) }));
    sites.forEach((site, i) => { seen.get(site)[after] = met[i]; });
}

const rightIn = ({ why }, site) => why.json.findings.find((finding) => finding.rule === site.rule);
const wrongIn = ({ why }, site) => why.json.findings.filter((finding) => finding.rule !== site.rule);
const proofOf = ({ retest }) => retest.json.findings.find(({ confidence }) => confidence === 'proved')?.rule ?? '';

for (const [site, found] of seen) {
    const [name] = site.hosts;
    check(`${name}: at first the browser meets "${site.meets}"`, () => same(found.stuck, site.meets));
    const keeps = site.keeps ?? allKeepsakes;
    if (site.rule && !site.unseen) {
        check(`${name}: why names ${site.rule}`, () =>
            truly((site.confidence ?? ['proved', 'high', 'medium']).includes(rightIn(found, site)?.confidence), found.why.text));
        check(`${name}: why is sure of nothing else`, () => same(wrongIn(found, site).filter((finding) => finding.confidence === 'high'), []));
    } else {
        check(`${name}: why finds nothing wrong`, () => same([found.why.code, found.why.json.findings], [0, []]));
    }
    const stale = site.unseen ? { removes: {}, meets: site.meets, keeps: allKeepsakes } : { removes: site.removes ?? {}, meets: letsIn(site), keeps };
    check(`${name}: fix --stale removes just what is stuck`, () => same([removedBy(found.fix), found.fix.json.problems], [stale.removes, []]));
    check(`${name}: afterwards the browser meets "${stale.meets}"`, () => same(found.fixed.meets, stale.meets));
    check(`${name}: what else the site has is still there`, () => same(found.fixed.keepsakes, stale.keeps));
    if (found.escalate) {
        const likely = !site.confidence?.every((confidence) => confidence === 'low');  // a hint is no alarm
        check(`${name}: why and fix end well`, () => same([found.why.code, found.fix.code], [likely ? 10 : 0, 0]));
        check(`${name}: --escalate lets the browser in, and what else the site has is still there`, () =>
            same([found.escalate.code, found.escalated.meets, found.escalated.keepsakes], [0, letsIn(site), keeps]));
    }
    if (found.retest) {
        check(`${name}: the re-test by the browser itself sees it stuck before, and in after`, () =>
            same([found.retest.code, found.retest.json.verdict.code, found.retest.json.problems], [0, 'fixed', []]));
        check(`${name}: with it, ${browser.byItself} lets the browser in, and what else the site has is still there`, () =>
            same([found.retested.meets, found.retested.keepsakes], [letsIn(site), keeps]));
    }
    if (found.retest && browser.byItself === '--least') {
        check(`${name}: what it removes is proved, and no more than what is stuck`, () => truly(proofOf(found) !== '' &&
            Object.entries(removedBy(found.retest)).every(([store, count]) => count <= (site.removes[store] ?? 0)), found.retest.text));
    }
    if (site.pointer) {
        check(`${name}: why says where else to look`, () => truly(found.alone.json.findings.some((finding) =>
            finding.rule === site.pointer && finding.advice.includes(`--also ${site.also}`)), found.alone.text));
    }
}

// --- Beside curl ---

/// The schemes in the fields that `curl -sI` prints: each begins a field, or comes after a comma outside of quotes.
function schemesOf(fields) {
    const parts = fields.flatMap((field) => field.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g));
    return parts.map((part) => part.trim().split(' ')[0]).filter((word) => !word.includes('='));
}
for (const site of [...sites.slice(0, -1), { ...healthy, start: '/challenges' }].filter((site) => !site.plain)) {
    const [host] = site.hosts;
    const address = addressOf(site);
    const reach = ['--cacert', authorities, ...site.hosts.flatMap((name) => ['--resolve', `${name}:${world.port}:127.0.0.1`])];
    const curl = await new Promise((done) => execFile('curl', ['-sI', ...reach, address], (error, printed) => done(printed)));
    const fields = curl.split('\r\n').filter((line) => /^www-authenticate:/i.test(line)).map((line) => line.replace(/^[^:]*: /, ''));
    const test = await unstick(scratch, 'test', address, ...reach, '--json', '--retries', '0');
    const [first] = test.json.retest.before.hops;
    const asked = test.json.retest.before.hops.length === 1 ? test.json.retest.before.challenges : [];
    check(`${host}: the status and the challenges of unstick test are those that curl prints`, () => same(
        [first.status, asked.map(({ scheme }) => scheme)], [Number(curl.split(' ')[1]), schemesOf(fields)]));
}

// --- The table ---

const list = (removed) => Object.entries(removed).map(([store, count]) => `${store}: ${count}`).join(', ') || 'nothing';
const code = (rules) => rules.map((rule) => `\`${rule}\``).join(', ');
const rulesOf = (site) => [site.pointer, site.rule].filter(Boolean);
const share = (result) => (result ? `${total(result, 'removed')} of ${total(result, 'found')}` : '');

/// The columns of a site, and those of each browser on it, in the same order: [title, cell].
const head = [
    ['cause', (site) => site.causes ?? ''],
    ['rule', (site) => code(rulesOf(site)) || 'a healthy site'],
    ['as in', (site) => site.model ?? ''],
];
const seenIn = (name, end) => [
    [`${name} meets`, (site, found) => found.stuck],
    ['fired', (site, found) => rightIn(found, site)?.confidence ?? ''],
    ['false alarms', (site, found) => wrongIn(found, site).map(({ rule, confidence }) => `${rule} (${confidence})`).join(', ') || 'none'],
    ['`fix --stale` removes', (site, found) => list(removedBy(found.fix))],
    ['then it meets', (site, found) => found.fixed.meets + (site.helps ? ` (to do: ${site.helps})` : '')],
    ['`--escalate` removes', (site, found) => share(found.escalate)],
    [`the re-test by ${name}: before; after`, (site, { retest }) => (retest ? `${metBy(retest.json.retest.before)}; ${metBy(retest.json.retest.after)}` : '')],
    end,
];
const columns = {
    chromium: seenIn('Chromium', ['`--escalate` removes with it', (site, { retest }) => share(retest)]),
    firefox: seenIn('Firefox', ['`--least` removes with it; proved by', (site, found) => (found.retest ? `${share(found.retest)}; ${code([proofOf(found)])}` : '')]),
};

const titles = [...head, ...Object.values(columns).flat()].map(([title]) => title);

const page = new URL('../../docs/zoo.md', import.meta.url);
const text = fs.readFileSync(page, 'utf8');
const committed = text.split('\n').filter((line) => line.startsWith('|'));
const committedCells = committed.slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
/// The cells of a browser in a row: what was seen now, or why the site is left out there, or what the page says.
function cellsOf(id, row) {
    const now = id === browser.id && [...seen].find(([site]) => site.row === row);
    if (now) {
        return columns[id].map(([, cell]) => cell(...now));
    }
    const from = head.length + Object.keys(columns).indexOf(id) * columns[id].length;
    return columns[id].map((_, i) => (typeof everyone[row][id] !== 'string' ? committedCells[row]?.[from + i] ?? '' : i === 0 ? everyone[row][id] : ''));
}
const known = [...(await unstick(scratch, 'help', 'why')).text.split('\nRules:\n')[1].matchAll(/^  ([a-z-]+)$/gm)].map(([, rule]) => rule);
const shownElsewhere = { 'third-party-cookies-blocked': '[measured.md](measured.md)', 'renewal-refused': '[measured.md](measured.md)',
    'misfit-database': '[proof.md](proof.md)', 'proved-by-visits': '[proof.md](proof.md)' };
const rows = [
    titles,
    titles.map(() => '---'),
    ...everyone.map((site, row) => [...head.map(([, cell]) => cell(site)), ...Object.keys(columns).flatMap((id) => cellsOf(id, row))]),
    ...known.filter((rule) => !everyone.flatMap(rulesOf).includes(rule))
        .map((rule) => ['', code([rule]), shownElsewhere[rule] ?? 'unit tests only', ...titles.slice(head.length).map(() => '')]),
];
const table = rows.map((row) => `| ${row.join(' | ')} |`.replaceAll(/ {2,}/g, ' '));
if (process.env.UNSTICK_APPROVE === '1') {
    fs.writeFileSync(page, text.replace(committed.join('\n'), () => table.join('\n')));
} else {
    // How many items a site has in all differs: Chromium keeps statistics of a tab or does not.
    const comparable = (lines) => lines.map((line) => line.replaceAll(/ of \d+(?=;| \|)/g, ''));
    check('docs/zoo.md shows this table (UNSTICK_APPROVE=1 writes it)', () => same(comparable(table), comparable(committed)));
}
console.log(table.join('\n'));

world.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
