// Which forms of WWW-Authenticate and Set-Cookie another engine than Chromium takes: a real Firefox or WebKitGTK is asked about
// those of challenges.mjs and set_cookies.mjs. What it does otherwise than Chromium goes to docs/judged-by-browsers.md with
// UNSTICK_APPROVE=1, where Chromium's answers stand.     node judged_test.mjs firefox|webkit
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { forms as challenges } from './challenges.mjs';
import { approved, rowsOf } from './judged_table.mjs';
import { forms as cookies, usual } from './set_cookies.mjs';
import * as firefox from './firefox.mjs';
import { browse, startProxy } from './webkit.mjs';
import { unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';

const engine = process.argv[2];
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-judged-'));
const isChallenge = /^f(\d+)\.challenges\.test/;
/// A challenge is asked for once: whoever answers it gets a page. Each has a host of its own, as browsers remember what they sent.
const answered = new Map();
const hosts = [...new Set(cookies.map(([, host]) => host ?? usual))];
const world = await startWorld((request, response) => {
    const html = { 'Content-Type': 'text/html', 'Cache-Control': 'no-store' };
    const number = isChallenge.exec(request.headers.host)?.[1];
    if (number === undefined) {
        const form = cookies[Number(request.url.slice(1))];
        response.writeHead(200, { ...html, ...(form && { 'Set-Cookie': form[0] }) }).end('<!doctype html>');
        return;
    }
    const { authorization } = request.headers;
    if (authorization) {
        answered.set(Number(number), authorization.split(' ')[0].toLowerCase());
    }
    response.writeHead(authorization ? 200 : 401, { ...html, ...(!authorization && { 'WWW-Authenticate': challenges[number] }) }).end('<!doctype html>');
}, hosts);
const proxy = await startProxy(world);
const schemes = ['https', 'http'];
const challengeAt = (i) => `http://f${i}.challenges.test/`;
const visits = cookies.flatMap(([, host = usual], i) => schemes.map((scheme) => `${scheme}://${host}/${i}`));

/// { asks: the scheme that it answers with or asks for, by form; stores: by form and scheme }.
async function askFirefox() {
    const browser = await firefox.open(path.join(scratch, 'profile'), { authority: world.cert, preferences: {
        ...firefox.through(proxy), 'dom.security.https_first': false, 'dom.security.https_first_schemeless': false } });
    const stores = await browser.js(async ({ addresses, visits }) => {
        const answer = (address) => new Promise((done) => {
            const request = new XMLHttpRequest();
            request.open('GET', address, true, 'ann', 'secret');
            request.onloadend = done;
            request.send();
        });
        const tab = gBrowser.addTab('about:blank', { triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal() });
        const open = (address) => new Promise((done) => {
            const listener = {
                QueryInterface: ChromeUtils.generateQI(['nsIWebProgressListener', 'nsISupportsWeakReference']),
                onStateChange(progress, request, flags, status) {
                    const { STATE_STOP, STATE_IS_NETWORK } = Ci.nsIWebProgressListener;
                    if (progress.isTopLevel && (flags & STATE_STOP) && (flags & STATE_IS_NETWORK) && tab.linkedBrowser.currentURI.spec === address) {
                        tab.linkedBrowser.removeProgressListener(listener);
                        done(Components.isSuccessCode(status));
                    }
                },
            };
            tab.linkedBrowser.addProgressListener(listener, Ci.nsIWebProgress.NOTIFY_ALL);
            tab.linkedBrowser.loadURI(Services.io.newURI(address), { triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal() });
            tab.unstickListener = listener;  // it is held weakly
        });
        for (const address of addresses) {
            await answer(address);
        }
        const stores = [];
        for (const address of visits) {
            Services.cookies.removeAll();
            const end = new Promise((done) => setTimeout(() => done(false), 10000));
            stores.push(await Promise.race([open(address), end]) ? Services.cookies.cookies.length === 1 : `not loaded: ${tab.linkedBrowser.currentURI.spec}`);
        }
        return stores;
    }, { addresses: challenges.map((_, i) => challengeAt(i)), visits });
    await browser.close();
    return { asks: challenges.map((_, i) => answered.get(i) ?? null), stores };
}

async function askWebKit() {
    const place = { data: path.join(scratch, 'data'), cache: path.join(scratch, 'cache') };
    const seen = await browse('6.0', place, proxy, [...challenges.map((_, i) => ({ asks: challengeAt(i) })), ...visits.map((url) => ({ stores: url }))]);
    return { asks: seen.slice(0, challenges.length), stores: seen.slice(challenges.length) };
}

const { asks, stores } = await (engine === 'firefox' ? askFirefox() : askWebKit());
proxy.stop();

/// unstick says of each form whether this engine asks.
const judged = [];
for (let i = 0; i < challenges.length; ++i) {
    const host = `f${i}.challenges.test`;
    const { json, text } = await unstick(scratch, 'test', `http://${host}:${world.plainPort}/`, '--resolve', `${host}:${world.plainPort}:127.0.0.1`,
        '--retries', '0', '--json');
    truly(json, text);
    judged.push((json.retest.before.asked_by ?? []).includes(engine));
}
world.stop();

// --- Where it differs from Chromium ---

const name = { firefox: 'Firefox', webkit: 'WebKitGTK' }[engine];
const byChromium = rowsOf('WWW-Authenticate');
const chromiumStores = rowsOf('Set-Cookie');
check('Chromium was asked about the same forms', () => truly(byChromium.length === challenges.length && chromiumStores.length === cookies.length));
check(`${name} asks for a password where the standard says so`, () => truly(asks[0] === 'basic' && asks[12] === 'digest', JSON.stringify(asks.slice(0, 20))));
check(`${name} stores a plain cookie`, () => truly(stores[0] === true && stores[1] === true, JSON.stringify(stores.slice(0, 8))));
const rows = [['WWW-Authenticate (a line each)', 'Chromium asks', `${name} asks`], Array(3).fill('---')];
byChromium.forEach(([form, chromium], i) => {
    const own = asks[i] ?? 'no';
    check(`${form}: ${own}`, () => same(judged[i], own !== 'no'));
    if (own !== chromium) {
        rows.push([form, chromium, own]);
    }
});
approved(`WWW-Authenticate, ${name}`, rows);
const cookieRows = [['Set-Cookie', 'set by', 'over', 'Chromium', name], Array(5).fill('---')];
chromiumStores.forEach(([form, host, ...known], i) => schemes.forEach((scheme, s) => {
    const own = stores[i * schemes.length + s];
    const chromium = known[s] === 'stored';
    if (own !== chromium) {
        const word = (answer) => (answer === true ? 'stored' : answer || 'not stored');
        cookieRows.push([form, host, scheme, word(chromium), word(own)]);
    }
}));
approved(`Set-Cookie, ${name}`, cookieRows);
fs.rmSync(scratch, { recursive: true, force: true });
finish();
