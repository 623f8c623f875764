// What one host keeps for several ports, and orders to use https for names without a domain, as Chromium has them: it fills
// a profile from two ports of localhost, unstick takes one of them, and Chromium shows what is left. Then a server that
// orders https (HSTS) for localhost and for a single label: which of the two Chromium obeys, unstick obeys.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { close, onCopy, open } from './chromium.mjs';
import { unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-ports-'));
const data = path.join(scratch, 'data');
const answer = (request, response) => {
    const port = request.socket.localPort;
    const headers = { 'Content-Type': 'text/html', 'Cache-Control': 'no-store' };
    if (request.url === '/kept') {
        headers['Cache-Control'] = 'max-age=864000';
    } else if (request.url === '/sign-in') {
        headers['Set-Cookie'] = `${port === one ? 'one' : 'two'}=1; Max-Age=86400; Path=/`;
    }
    if (request.socket.encrypted) {
        headers['Strict-Transport-Security'] = 'max-age=86400; includeSubDomains';
    }
    response.writeHead(200, headers);
    response.end('<!doctype html><title>page</title>');
};
const worlds = [await startWorld(answer, ['localhost', 'printer']), await startWorld(answer)];
const [one, two] = worlds.map(({ plainPort }) => plainPort);
const switches = [`--ignore-certificate-errors-spki-list=${worlds[0].spki}`, '--host-resolver-rules=MAP printer 127.0.0.1, MAP *.localhost 127.0.0.1'];
const run = (...args) => unstick(path.join(scratch, 'state'), ...args, '--user-data-dir', data, '--json');

async function inPage(context, url, work) {
    const page = await context.newPage();
    try {
        await page.goto(url);
        return await page.evaluate(work);
    } finally {
        await page.close();
    }
}

async function store() {
    localStorage.setItem('kept', '1');
    await (await caches.open('kept')).put('/kept', new Response('kept'));
    await new Promise((done, failed) => {
        const request = indexedDB.open('kept');
        request.onupgradeneeded = () => request.result.createObjectStore('kept');
        request.onsuccess = () => { request.result.close(); done(); };
        request.onerror = failed;
    });
    await (await fetch('/kept')).text();
    await new Promise((r) => setTimeout(r, 500));  // the cache is written a little later
}

async function stored() {
    const cached = await fetch('/kept', { cache: 'only-if-cached', mode: 'same-origin' }).then(({ ok }) => ok, () => false);
    return {
        local: localStorage.getItem('kept'), cached, caches: await caches.keys(),
        databases: (await indexedDB.databases()).map(({ name }) => name), cookies: document.cookie.split('; ').sort().join(),
    };
}

const look = () => onCopy(data, worlds[0], async (context) => ({
    one: await inPage(context, `http://localhost:${one}/`, stored), two: await inPage(context, `http://localhost:${two}/`, stored),
}), switches);
const all = { local: '1', cached: true, caches: ['kept'], databases: ['kept'], cookies: 'one=1,two=1' };
const nothing = { local: null, cached: false, caches: [], databases: [], cookies: 'one=1,two=1' };

// --- Ports ---
{
    const context = await open(data, worlds[0], switches);
    for (const port of [one, two]) {
        await inPage(context, `http://localhost:${port}/sign-in`, store);
    }
    await close(context, data);
    const before = await look();
    check('Chromium: ports have storage and cache apart, and share cookies', () => same(before, { one: all, two: all }));

    const fixed = await run('fix', `localhost:${one}`, '--yes', '--retest', 'none');
    check('one port is cleaned', () => same([fixed.code, fixed.json?.problems], [0, []]));
    const after = await look();
    check('its storage and cache are gone, the other port has all, and cookies are there', () => same(after, { one: nothing, two: all }));
    check('the report names the command that takes the cookies', () => truly(fixed.json.next.some((text) =>
        text.includes('--only cookies --all-ports')), fixed.text));

    const cookies = await run('fix', `localhost:${one}`, '--yes', '--retest', 'none', '--only', 'cookies', '--all-ports');
    check('which does', () => same([cookies.code, cookies.json?.problems], [0, []]));
    const without = await look();
    check('and takes nothing else', () => same(without, { one: { ...nothing, cookies: '' }, two: { ...all, cookies: '' } }));
    for (let undone = 0; undone < 2; ++undone) {
        const back = await unstick(path.join(scratch, 'state'), 'undo', '--yes', '--json');
        check('undo', () => same(back.code, 0));
    }
    const again = await look();
    check('brings all back', () => same(again, before));
}

// --- Orders to use https ---
{
    const file = path.join(data, 'Default/TransportSecurity');
    const hashOf = (host) => createHash('sha256').update(Buffer.concat([...host.split('.').map((label) =>
        Buffer.concat([Buffer.of(label.length), Buffer.from(label)])), Buffer.of(0)])).digest('base64');
    const orders = () => JSON.parse(fs.readFileSync(file)).sts;
    const goesByHttp = async (host) => {
        const context = await open(data, worlds[0], switches);
        const went = await inPage(context, `http://${host}:${one}/`, () => location.protocol === 'http:').catch((error) => {
            if (!error.message.includes('ERR_SSL_PROTOCOL_ERROR')) {
                throw error;
            }
            return false;  // https, which nobody speaks at this port
        });
        await close(context, data);
        return went;
    };
    const asked = async (host) => (await run('test', `http://${host}:${one}/`, '--retries', '0')).json?.target;

    const context = await open(data, worlds[0], switches);
    for (const host of ['localhost', 'printer']) {
        await inPage(context, `https://${host}:${worlds[0].port}/`, () => null);
    }
    await close(context, data);
    check('Chromium notes an order for a label, and none for localhost', () => same(orders().map(({ host }) => host), [hashOf('printer')]));
    const document = JSON.parse(fs.readFileSync(file));
    document.sts.push({ ...document.sts[0], host: hashOf('localhost') });  // as versions before 132 left them
    fs.writeFileSync(file, JSON.stringify(document));
    for (const [host, obeys] of [['printer', true], ['localhost', false], ['app.localhost', false]]) {
        const plain = await goesByHttp(host);
        check(`Chromium ${obeys ? 'obeys' : 'does not obey'} an order for ${host}`, () => same(plain, !obeys));
        const target = await asked(host);
        check('  so does unstick', () => same(target, `${obeys ? 'https' : 'http'}://${host}:${one}/`));
    }
    const fixed = await run('fix', 'localhost', '--yes', '--retest', 'none', '--only', 'network');
    check('the order that is not obeyed can be removed all the same', () => same([fixed.code, orders().map(({ host }) => host)],
        [0, [hashOf('printer')]]));
}

worlds.forEach(({ stop }) => stop());
fs.rmSync(scratch, { recursive: true, force: true });
finish();
