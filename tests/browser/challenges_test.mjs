// Which forms of WWW-Authenticate make a browser ask for a password: a real Chromium says so, and unstick has to say the
// same. The table goes to docs/judged-by-browsers.md with UNSTICK_APPROVE=1.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { approved } from './judged_table.mjs';
import { check, finish, same, truly } from './check.mjs';
import { close, open } from './chromium.mjs';
import { forms } from './challenges.mjs';
import { unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-challenges-'));
const host = 'www.challenges.test';
const world = await startWorld((request, response) => {
    const form = forms[Number(request.url.slice(1))];
    response.writeHead(form ? 401 : 404, { 'Content-Type': 'text/html', ...(form && { 'WWW-Authenticate': form }) }).end('<!doctype html>');
}, [host]);
const address = (number) => `https://${host}:${world.port}/${number}`;
const authorities = path.join(scratch, 'cert.pem');
fs.writeFileSync(authorities, world.cert);

/// What the browser asks for: { scheme, realm }, or null.
async function askedFor(devtools, page, number) {
    let asked = null;
    const onQuestion = ({ requestId, authChallenge: { scheme, realm } }) => {
        asked ??= { scheme, realm };
        devtools.send('Fetch.continueWithAuth', { requestId, authChallengeResponse: { response: 'CancelAuth' } });
    };
    devtools.on('Fetch.authRequired', onQuestion);
    await page.goto(address(number)).catch(() => {});
    devtools.off('Fetch.authRequired', onQuestion);
    return asked;
}

const profile = path.join(scratch, 'chromium');
const context = await open(profile, world, ['--host-resolver-rules=MAP * 127.0.0.1']);
const page = await context.newPage();
const devtools = await context.newCDPSession(page);
await devtools.send('Fetch.enable', { handleAuthRequests: true });
devtools.on('Fetch.requestPaused', ({ requestId }) => devtools.send('Fetch.continueRequest', { requestId }).catch(() => {}));
const asked = [];
for (let i = 0; i < forms.length; ++i) {
    asked.push(await askedFor(devtools, page, i));
}
await close(context, profile);

/// Does unstick say that a browser asks?
const judged = [];
for (let i = 0; i < forms.length; ++i) {
    const { json } = await unstick(scratch, 'test', address(i), '--resolve', `${host}:${world.port}:127.0.0.1`, '--cacert', authorities,
        '--retries', '0', '--json');
    judged.push({ code: json.exit_code, usable: json.retest.before.challenges.filter((challenge) => challenge.usable_by_browser) });
}
world.stop();

// --- Do they agree? ---

const shown = (form) => form.map((line) => `\`${line.replaceAll('\t', '\\t') || ' '}\``).join('<br>');
const rows = [['WWW-Authenticate (a line each)', 'Chromium asks', 'realm'], Array(3).fill('---')];
forms.forEach((form, i) => {
    check(`${form.join(' | ')}: ${asked[i] ? 'asks' : 'does not ask'}`, () =>
        same([judged[i].usable.length > 0, judged[i].code], asked[i] ? [true, 0] : [false, 4]));
    rows.push([shown(form), asked[i] ? asked[i].scheme : 'no', asked[i] ? asked[i].realm && `\`${asked[i].realm}\`` : '']);
});
check('forms of WWW-Authenticate: 52 or more', () => truly(forms.length >= 52));
approved('WWW-Authenticate', rows);
fs.rmSync(scratch, { recursive: true, force: true });
finish();
