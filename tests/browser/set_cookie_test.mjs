// Which forms of Set-Cookie a browser stores, over https and over http: a real Chromium says so, and unstick has to say the
// same. The table goes to docs/judged-by-browsers.md with UNSTICK_APPROVE=1.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { approved } from './judged_table.mjs';
import { check, finish, same, truly } from './check.mjs';
import { close, open } from './chromium.mjs';
import { forms, usual } from './set_cookies.mjs';
import { unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-set-cookie-'));
const hosts = [...new Set(forms.map(([, host]) => host ?? usual))];
const world = await startWorld((request, response) => {
    const form = forms[Number(request.url.slice(1))];
    response.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': 'no-store', ...(form && { 'Set-Cookie': form[0] }) }).end('<!doctype html>');
}, hosts);
const portOf = { https: world.port, http: world.plainPort };
const address = (scheme, number) => `${scheme}://${forms[number][1] ?? usual}:${portOf[scheme]}/${number}`;
const schemes = Object.keys(portOf);
const authorities = path.join(scratch, 'cert.pem');
fs.writeFileSync(authorities, world.cert);

const profile = path.join(scratch, 'chromium');
const context = await open(profile, world, ['--host-resolver-rules=MAP * 127.0.0.1']);
const page = await context.newPage();
const devtools = await context.newCDPSession(page);
const stored = [];
for (let i = 0; i < forms.length; ++i) {
    stored.push({});
    for (const scheme of schemes) {
        await devtools.send('Network.clearBrowserCookies');
        await page.goto(address(scheme, i));
        stored[i][scheme] = (await devtools.send('Network.getAllCookies')).cookies.length === 1;
    }
}
await close(context, profile);

/// What unstick makes of the same answer: the reason why it is not stored, or "".
const reach = [...new Set(hosts)].flatMap((host) => Object.values(portOf).flatMap((port) => ['--resolve', `${host}:${port}:127.0.0.1`]));
const judged = [];
for (let i = 0; i < forms.length; ++i) {
    judged.push({});
    for (const scheme of schemes) {
        const { json } = await unstick(scratch, 'test', address(scheme, i), ...reach, '--cacert', authorities, '--retries', '0', '--json');
        judged[i][scheme] = json.retest.before.hops[0].refused_cookies.map(({ reason }) => reason).join();
    }
}
world.stop();

// --- Do they agree? ---

const cut = (text) => (text.length > 80 ? `${text.slice(0, 20)}... (${text.length} bytes)` : text);
const shown = (text) => '`' + cut(text).replaceAll('\t', '\\t') + '`';
const rows = [['Set-Cookie', 'set by', 'over https', 'over http'], Array(4).fill('---')];
forms.forEach(([field, host = usual], i) => {
    for (const scheme of schemes) {
        check(`${scheme}, ${host}: ${cut(field)}`, () => same(judged[i][scheme] === '', stored[i][scheme]));
    }
    rows.push([shown(field), host, ...schemes.map((scheme) => (stored[i][scheme] ? 'stored' : judged[i][scheme] || 'not stored'))]);
});
check('forms of Set-Cookie: 57 or more', () => truly(forms.length >= 57));
approved('Set-Cookie', rows);
fs.rmSync(scratch, { recursive: true, force: true });
finish();
