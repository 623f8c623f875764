// The zoo: a real Chromium gets stuck on every site of zoo_animals.mjs; `why` has to name the cause, `fix --stale` to remove
// that and nothing else, and then Chromium has to get in. The table goes to docs/zoo.md with UNSTICK_APPROVE=1.
import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { close, executable, open } from './chromium.mjs';
import { program, unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';
import { ageCookies, ageWorkers } from './zoo_age.mjs';
import { animals, healthy, notFound } from './zoo_animals.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-zoo-'));
const profile = path.join(scratch, 'chromium');
const sites = [...animals, healthy];
const hosts = sites.flatMap((site) => site.hosts);
const siteOf = (host) => sites.find((site) => site.hosts.includes(host));
const domainOf = (host) => host.split('.').slice(-2).join('.');
const letsIn = (site) => site.in ?? '200 welcome';
let today = false;

// --- The server ---

/// The same on every site, at any time.
const everywhere = {
    '/keepsakes': { status: 200, headers: { 'Content-Type': 'text/html', 'Cache-Control': 'no-store' }, body: '<!doctype html>' },
    '/logo': { status: 200, headers: { 'Content-Type': 'text/plain', 'Cache-Control': 'max-age=864000' }, body: 'logo' },
    '/favicon.ico': notFound,
    '/challenges': { status: 401, headers: { 'WWW-Authenticate': ['Negotiate, basic realm="Zoo, east"', 'Digest realm="d", nonce="n", qop="auth"',
        'Bearer error="invalid_token"'] }, body: '' },
};

function answer(request, response) {
    const host = request.headers.host.split(':')[0];
    const { pathname } = new URL(request.url, 'http://any');
    const header = (name) => request.headers[name] ?? '';
    const sent = (name) => header('cookie').split('; ').filter((pair) => pair.startsWith(name + '=')).map((pair) => pair.slice(name.length + 1));
    const { status, headers, body } = everywhere[pathname] ??
        siteOf(host)?.[today ? 'now' : 'then']({ host, path: pathname, header, sent, at: addressOn }) ?? notFound;
    response.writeHead(status, headers).end(body);
}

const world = await startWorld(answer, hosts);
const addressOn = (host, start = '/') => `https://${host}:${world.port}${start}`;
const authorities = path.join(scratch, 'cert.pem');
fs.writeFileSync(authorities, world.cert);

const isPlain = (site) => today && site.plain;
function addressOf(site, user = '') {
    const [host] = site.hosts;
    const start = site.start ?? '/';
    return isPlain(site) ? `http://${host}:${world.plainPort}${start}` : addressOn(user + host, start);
}

// --- The browser ---

const browse = async (folder, work) => {
    const context = await open(folder, world, ['--host-resolver-rules=MAP * 127.0.0.1']);
    try {
        return await work(context);
    } finally {
        await close(context, folder);
    }
};

async function onPage(context, work) {
    const page = await context.newPage();
    try {
        return await work(page);
    } finally {
        await page.close();
    }
}

/// What a user sees in the end: "200 welcome", a status without a page, or the name of the browser's error.
const meets = (context, site) => onPage(context, async (page) => {
    const circle = 10;  // navigations that follow one another
    let navigations = 0;
    let status = 0;
    const circles = new Promise((done) => page.on('framenavigated', () => ++navigations === circle && done('goes in circles')));
    page.on('response', (response) => { status = response.request().isNavigationRequest() ? response.status() : status; });
    const seen = page.goto(addressOf(site, today && site.user ? site.user + '@' : ''))
        .then(() => page.waitForSelector('#said', { timeout: 30000 }))
        .then(async (said) => `${status} ${await said.textContent()}`)
        .catch((error) => {
            const name = /net::(ERR_\w+)/.exec(error.message)?.[1] ?? error.message;
            return name === 'ERR_HTTP_RESPONSE_CODE_FAILURE' ? String(status) : name;
        });
    const met = await Promise.race([seen, circles]);
    await page.route('**/*', (route) => route.abort());  // a page that goes on in circles cannot be closed
    return met;
});

/// What every site has beside its broken sign-in, and must keep.
const leaveKeepsakes = (page) => page.evaluate(async () => {
    document.cookie = 'language=en; Max-Age=2592000';
    localStorage.setItem('draft', 'dear diary');
    await (await fetch('/logo')).text();
    await new Promise((done) => {
        const opening = indexedDB.open('notes', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('notes');
        opening.onsuccess = () => { opening.result.close(); done(); };
    });
});
const keepsakes = (page) => page.evaluate(async () => [
    document.cookie.includes('language=en') && 'cookie', localStorage.getItem('draft') && 'storage',
    (await fetch('/logo', { cache: 'only-if-cached', mode: 'same-origin' }).catch(() => ({}))).ok && 'cache',
    (await indexedDB.databases()).some(({ name }) => name === 'notes') && 'database']);
const allKeepsakes = ['cookie', 'storage', 'cache', 'database'];
const onKeepsakes = (context, site, work) => onPage(context, async (page) => {
    await page.goto(addressOn(site.hosts[0], '/keepsakes'));
    return work(page);
});

/// What `look` sees on every site, in order.
const tour = (folder, look) => browse(folder, async (context) => {
    const seen = [];
    for (const site of sites) {
        seen.push(await look(context, site));
    }
    return seen;
});

// --- unstick ---

let runs = 0;
function run(command, site, folder, ...more) {
    const reach = site.hosts.flatMap((host) => [world.port, world.plainPort].flatMap((port) => ['--resolve', `${host}:${port}:127.0.0.1`]));
    return unstick(path.join(scratch, `state${++runs}`), command, domainOf(site.hosts[0]), '--url', addressOf(site), ...more, '--json',
        '--user-data-dir', folder, '--cacert', authorities, ...reach);
}

/// With the re-test by the browser itself, which is told what ours is told, and may ask nobody but our servers.
const byBrowser = ['--retest', 'browser', '--browser-program', executable, ...[
    '--no-sandbox', '--disable-quic', '--disable-features=LocalNetworkAccessChecks,NetworkTimeServiceQuerying,OptimizationHints,MediaRouter',
    `--ignore-certificate-errors-spki-list=${world.spki}`, `--host-resolver-rules=MAP *:443 127.0.0.1:${world.port}, MAP *:80 127.0.0.1:${world.plainPort}, MAP * 127.0.0.1`,
].map((argument) => `--browser-argument=${argument}`)];
const byBrowserOn = (site) => [...byBrowser, ...(site.shows ? ['--expect-text', site.shows] : [])];

const also = (site) => (site.also ? ['--also', site.also] : []);
const storesOf = ({ json }) => json.profiles.flatMap((found) => found.stores);
const removedBy = (result) => Object.fromEntries(storesOf(result).filter((store) => store.removed).map((store) => [store.store, store.removed]));
/// What the browser met by itself, in a few words.
const metBy = (probe) => probe?.method !== 'browser' ? 'not asked' : probe.error?.code ?? `${probe.status}${probe.from === 'site' ? '' : ` by the ${probe.from}`}`
    + (probe.shows_text === null ? '' : probe.shows_text ? ', as expected' : ', not as expected');
/// The first value of `look` that is true, or what it says after twenty seconds.
async function until(look) {
    for (let i = 0; i < 400 && !look(); ++i) {
        await new Promise((done) => setTimeout(done, 50));
    }
    return look();
}
/// What the last run left of its copies.
const copiesLeft = () => fs.readdirSync(path.join(scratch, `state${runs}`, 'unstick', 'retest'));
/// All files below a folder, with their bytes and times.
const stateOf = (folder) => execFileSync('sh', ['-c', 'find "$1" -type f -exec sha256sum {} + | sort; find "$1" -printf "%p %T@ %s %m\\n" | sort', 'sh', folder],
    { maxBuffer: 1 << 28 }).toString();
const total = (result, field) => storesOf(result).reduce((sum, store) => sum + store[field], 0);

// --- Some time ago ---

await tour(profile, async (context, site) => {
    await onKeepsakes(context, site, leaveKeepsakes);
    await meets(context, site);
});
for (const { hosts: [host], daysAgo, worker } of sites.filter((site) => site.daysAgo)) {
    ageCookies(profile, domainOf(host), daysAgo);
    if (worker) {
        ageWorkers(profile, host, daysAgo);
    }
}

/// As a user does it in the settings.
function blockCookies(folder, host) {
    const file = `${folder}/Default/Preferences`;
    const preferences = JSON.parse(fs.readFileSync(file, 'utf8'));
    preferences.profile.content_settings.exceptions.cookies = { [`[*.]${host},*`]: { last_modified: '13350000000000000', setting: 2 } };
    fs.writeFileSync(file, JSON.stringify(preferences));
}
/// Cookies without an end live on after a restart, as the user has chosen in the settings.
function keepSession(folder) {
    const file = `${folder}/Default/Preferences`;
    const preferences = JSON.parse(fs.readFileSync(file, 'utf8'));
    preferences.session = { ...preferences.session, restore_on_startup: 1 };
    fs.writeFileSync(file, JSON.stringify(preferences));
}
keepSession(profile);
sites.filter((site) => site.cookiesBlocked).forEach((site) => blockCookies(profile, site.hosts[0]));

// --- Today ---

today = true;
const stuck = await tour(profile, meets);
const seen = new Map(sites.map((site, i) => [site, { stuck: stuck[i] }]));
const escalated = profile + '-escalated';
execFileSync('cp', ['-a', profile, escalated]);
const retested = profile + '-retested';
execFileSync('cp', ['-a', profile, retested]);
{
    const before = stateOf(retested);
    world.log.length = 0;
    const why = await run('why', healthy, retested, ...byBrowser);
    check('the browser opened on a copy is let in where nothing is wrong, and keeps the session', () =>
        same([why.code, metBy(why.json.retest.before), why.json.problems], [0, '200', []]));
    check('it asks nobody but the site', () =>
        same([...new Set(world.log.map((line) => line.split(/[:/]/)[0]))], healthy.hosts));
    check('the profile is the same, byte for byte and with the same times', () => truly(stateOf(retested) === before));
    check('nothing of the copy stays', () => same(copiesLeft(), []));

    // Killed while the browser is open.
    const state = path.join(scratch, 'killed');
    const copies = path.join(state, 'unstick', 'retest');
    const command = [domainOf(healthy.hosts[0]), '--url', addressOf(healthy), '--cacert', authorities, '--user-data-dir', retested];
    const killed = spawn(program, ['why', ...command, ...byBrowser, '--resolve', `${healthy.hosts[0]}:${world.port}:127.0.0.1`],
        { env: { ...process.env, XDG_STATE_HOME: state }, stdio: 'ignore' });
    const copy = await until(() => fs.existsSync(copies) && fs.readdirSync(copies).find((name) => fs.readdirSync(path.join(copies, name)).includes('SingletonLock')));
    killed.kill('SIGKILL');
    const processes = () => execFileSync('sh', ['-c', 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n"']).toString();
    const ended = copy && await until(() => !processes().includes(path.join(copies, copy)));
    await unstick(state, 'profiles');
    check('when unstick is killed the browser ends, and the next start removes the copy', () =>
        same([Boolean(copy), ended, fs.readdirSync(copies)], [true, true, []]));
}
for (const site of sites) {
    const found = seen.get(site);
    found.why = await run('why', site, profile, ...also(site));
    found.alone = site.pointer && await run('why', site, profile);
    const what = [...also(site), ...(site.with ? ['--with', site.with] : [])];
    found.fix = await run('fix', site, profile, '--stale', '--yes', ...what);
    found.escalate = site.removes && await run('fix', site, escalated, '--escalate', '--yes', ...what);
    found.retest = site.removes && await run('fix', site, retested, '--escalate', '--yes', ...what, ...byBrowserOn(site));
    if (found.retest) {
        check(`${site.hosts[0]}: nothing of the copies stays`, () => same(copiesLeft(), []));
    }
}
for (const [folder, after] of [[profile, 'fixed'], [escalated, 'escalated'], [retested, 'retested']]) {
    const met = await tour(folder, async (context, site) =>
        ({ meets: await meets(context, site), keepsakes: await onKeepsakes(context, site, keepsakes) }));
    sites.forEach((site, i) => { seen.get(site)[after] = met[i]; });
}

const rightIn = ({ why }, site) => why.json.findings.find((finding) => finding.rule === site.rule);
const wrongIn = ({ why }, site) => why.json.findings.filter((finding) => finding.rule !== site.rule);

for (const [site, found] of seen) {
    const [name] = site.hosts;
    check(`${name}: at first the browser meets "${site.meets}"`, () => same(found.stuck, site.meets));
    if (site.rule) {
        check(`${name}: why names ${site.rule}`, () =>
            truly((site.confidence ?? ['high', 'medium']).includes(rightIn(found, site)?.confidence), found.why.text));
        check(`${name}: why is sure of nothing else`, () => same(wrongIn(found, site).filter((finding) => finding.confidence === 'high'), []));
    } else {
        check(`${name}: why finds nothing wrong`, () => same([found.why.code, found.why.json.findings], [0, []]));
    }
    check(`${name}: fix --stale removes just what is stuck`, () =>
        same([removedBy(found.fix), found.fix.json.problems], [site.removes ?? {}, []]));
    check(`${name}: afterwards the browser meets "${site.removes ? letsIn(site) : site.meets}"`, () =>
        same(found.fixed.meets, site.removes ? letsIn(site) : site.meets));
    check(`${name}: what else the site has is still there`, () => same(found.fixed.keepsakes, allKeepsakes));
    if (site.removes) {
        const likely = !site.confidence?.every((confidence) => confidence === 'low');  // a hint is no alarm
        check(`${name}: why and fix end well`, () => same([found.why.code, found.fix.code], [likely ? 10 : 0, 0]));
        check(`${name}: --escalate lets the browser in, and what else the site has is still there`, () =>
            same([found.escalate.code, found.escalated.meets, found.escalated.keepsakes], [0, letsIn(site), allKeepsakes]));
        check(`${name}: the re-test by the browser itself sees it stuck before, and in after`, () =>
            same([found.retest.code, found.retest.json.verdict.code, found.retest.json.problems], [0, 'fixed', []]));
        check(`${name}: with it, --escalate lets the browser in, and what else the site has is still there`, () =>
            same([found.retested.meets, found.retested.keepsakes], [letsIn(site), allKeepsakes]));
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
for (const site of [...animals, { ...healthy, start: '/challenges' }].filter((site) => !site.plain)) {
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
const rowOf = ([site, found]) => [
    site.causes ?? '', code(rulesOf(site)) || 'a healthy site', site.model ?? '', found.stuck,
    rightIn(found, site)?.confidence ?? '', wrongIn(found, site).map(({ rule, confidence }) => `${rule} (${confidence})`).join(', ') || 'none',
    list(removedBy(found.fix)), found.fixed.meets + (site.helps ? ` (to do: ${site.helps})` : ''),
    share(found.escalate), found.retest ? `${metBy(found.retest.json.retest.before)}; ${metBy(found.retest.json.retest.after)}` : '',
    share(found.retest)];
const known = [...(await unstick(scratch, 'help', 'why')).text.split('\nRules:\n')[1].matchAll(/^  ([a-z-]+)$/gm)].map(([, rule]) => rule);
const rows = [
    ['cause', 'rule', 'as in', 'the browser meets', 'fired', 'false alarms', '`fix --stale` removes', 'then it meets', '`--escalate` removes',
        'the re-test by the browser: before; after', '`--escalate` removes with it'],
    Array(11).fill('---'),
    ...[...seen].map(rowOf),
    ...known.filter((rule) => !animals.flatMap(rulesOf).includes(rule)).map((rule) => ['', code([rule]), 'unit tests only', ...Array(8).fill('')]),
];
const table = rows.map((row) => `| ${row.join(' | ')} |`.replaceAll(/ {2,}/g, ' ')).join('\n');
const page = new URL('../../docs/zoo.md', import.meta.url);
const text = fs.readFileSync(page, 'utf8');
const committed = text.split('\n').filter((line) => line.startsWith('|')).join('\n');
if (process.env.UNSTICK_APPROVE === '1') {
    fs.writeFileSync(page, text.replace(committed, () => table));
} else {
    // How many items a site has in all differs: Chromium keeps statistics of a tab or does not.
    const comparable = (lines) => lines.replaceAll(/ of \d+ \|/g, ' |').split('\n');
    check('docs/zoo.md shows this table (UNSTICK_APPROVE=1 writes it)', () => same(comparable(table), comparable(committed)));
}
console.log(table);

world.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
