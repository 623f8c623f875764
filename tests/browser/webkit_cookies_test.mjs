// The re-test with the browser's own cookies, on profiles of a real WebKit: as one of GNOME Web, and laid out as Safari's
// on a Mac. One site has changed its keys and refuses everybody whom it knew, another is well.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { layOut } from './mac_home.mjs';
import { printed, unstick } from './unstick.mjs';
import { browse, startProxy, step } from './webkit.mjs';
import { startWorld } from './world.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-webkit-cookies-'));
const hosts = ['app.rotated.test', 'www.well.test'];
let today = false;
const seenCookies = [];

function answer(request, response) {
    const host = request.headers.host.split(':')[0];
    const cookie = request.headers.cookie ?? '';
    seenCookies.push({ host, cookie, isOurs: /unstick/.test(request.headers['user-agent'] ?? '') });
    const page = (status, text, headers = {}) => response.writeHead(status, { 'Content-Type': 'text/html', 'Cache-Control': 'no-store', ...headers })
        .end(`<!doctype html><title>${text}</title><p id=said>${text}</p>`);
    if (!today) {
        return page(200, 'welcome', { 'Set-Cookie': [
            `session=SECRET.${host}; Max-Age=864000; Path=/; Secure; HttpOnly`,
            `all=SECRET.all.${host}; Max-Age=864000; Path=/; Secure; Domain=${host.split('.').slice(1).join('.')}`,
            `strict=SECRET.strict.${host}; Max-Age=864000; Path=/; Secure; SameSite=Strict`,
            `far=SECRET.far.${host}; Max-Age=864000; Path=/far; Secure`] });
    }
    return host === 'app.rotated.test' && /session=SECRET/.test(cookie) ? page(400, 'bad cookie') : page(200, 'welcome');
}

const web = await startWorld(answer, hosts);
const proxy = await startProxy(web);
const authorities = path.join(scratch, 'cert.pem');
fs.writeFileSync(authorities, web.cert);
const foldersOf = (home) => ({ data: `${home}/.local/share/epiphany`, cache: `${home}/.cache/epiphany` });
const meets = (home) => browse('6.0', foldersOf(home), proxy, hosts.map((host) =>
    step(`https://${host}/`, () => document.querySelector('#said').textContent, null)));

const planted = path.join(scratch, 'planted');
const asIs = { name: 'GNOME Web', home: planted, args: ['--browser', 'epiphany'], where: 'epiphany/Default' };
await meets(planted);
await browse('6.0', foldersOf(planted), proxy, [{ rest: 4 }]);
const mac = path.join(scratch, 'mac');
execFileSync('cp', ['-a', planted, mac]);
layOut(mac, foldersOf(mac));
today = true;
const stuck = await meets(planted);
check('the browser is refused by the one site and let in by the other', () => same(stuck, ['bad cookie', 'welcome']));

for (const { name, home, args, where } of [asIs,
    { name: 'Safari', home: mac, args: ['--os', 'macos', '--browser', 'safari'], where: 'safari/Default' }]) {
    const run = (command, host, ...more) => unstick(path.join(scratch, `state-${where.split('/')[0]}`), command, `https://${host}:${web.port}/`,
        '--home', home, ...args, '--cacert', authorities, '--resolve', `${host}:${web.port}:127.0.0.1`, '--json', ...more);
    const why = await run('why', 'app.rotated.test');
    const finding = why.json.findings.find(({ rule }) => rule === 'cookies-refused');
    check(`${name}: why proves which of the cookies is refused`, () => same(
        [why.code, finding?.confidence, finding?.where, finding?.items], [10, 'proved', where, 1]));
    check(`${name}: its words say so`, () => truly(why.json.verdict.text.includes(
        'With 1 cookie (session of app.rotated.test) of this browser the site refuses; with all its other cookies it lets in.'), why.json.verdict.text));
    check(`${name}: nothing else is sure`, () => same(why.json.findings.filter(({ rule, confidence }) =>
        rule !== 'cookies-refused' && confidence === 'high'), []));
    const well = await run('why', 'www.well.test');
    check(`${name}: a site that takes its cookies is no finding of high confidence`, () => same(
        [well.json.findings.filter(({ confidence }) => confidence === 'high'), well.json.retest.with_cookies.map((one) => one.sent)], [[], [3]]));
    const clean = await run('why', 'app.rotated.test', '--retest', 'clean');
    check(`${name}: --retest clean sends none`, () => same(clean.json.retest.with_cookies, []));
    const fixed = await run('fix', 'app.rotated.test', '--stale', '--rule', 'cookies-refused', '--yes');
    check(`${name}: fix removes that one, and the site takes what is left`, () => same(
        [fixed.code, fixed.json.profiles.flatMap(({ stores }) => stores.map((store) => [store.store, store.removed])),
            fixed.json.retest.with_cookies[0].after.status], [0, [['Cookies', 1]], 200]));
}
const fixed = await meets(planted);
check('then the browser is let in, and is still known to the other site', () => same(fixed, ['welcome', 'welcome']));
check('each site got its own cookies only, and those of another path nobody', () => {
    const ours = seenCookies.filter(({ isOurs }) => isOurs);
    truly(ours.some(({ cookie }) => /session=.*|all=.*|strict=.*/.test(cookie)), 'cookies were sent');
    same(ours.filter(({ host, cookie }) => cookie.includes('far=') || cookie.split('; ').some((pair) => pair && !pair.endsWith(host))), []);
});
check('no secret was printed', () => same(printed.filter((text) => /SECRET\./.test(text)), []));

web.stop();
proxy.stop();
fs.rmSync(scratch, { recursive: true, force: true });
finish();
