// The world of world.mjs in a real Firefox: filled by pages and, where no page can, by the browser's own services; and what the
// browser shows of a profile, as one plain value.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { without } from './expect.mjs';
import { open, through } from './firefox.mjs';
import { look, sorted } from './observe.mjs';
import { fill, marksOf } from './plant.mjs';
import { startProxy } from './webkit.mjs';
import * as world from './world.mjs';

const container = 2;  // "Work", as Firefox has it by itself
/// Hosts that are visited in a container, too.
const contained = ['app.stuck.test', 'other.test'];
/// A page of the first, in which frames of the second are let out of their partition.
const letOut = [['partner.test', 'www.stuck.test'], ['other.test', 'partner.test']];

/// Hosts whose pages use cameras, and a module for protected media.
const withMedia = ['www.stuck.test', 'other.test'];

/// All of the world, or a part: hosts that are visited, those of them also in a container, and chains of frames.
export const whole = { hosts: world.all, contained, chains: world.frames };
export const few = { hosts: ['www.stuck.test', 'app.stuck.test', 'other.test'], contained: [], chains: [['other.test', 'www.stuck.test']] };

const names = [...new Set([...world.all, ...world.frames.flat()].map((host) => host.split(':')[0]))];

export async function startWorld() {
    const web = await world.startWorld(undefined, names);
    const proxy = await startProxy(web);
    return { ...web, proxy, stop: () => { proxy.stop(); web.stop(); } };
}

/// Tabs and what belongs to them come back, as after "open previous windows and tabs".
export const openOn = (folder, web, preferences = {}) => open(folder, { authority: web.cert,
    preferences: { ...through(web.proxy), 'browser.startup.page': 3, 'browser.sessionstore.interval': 1000,
        'dom.security.credentialmanagement.identity.enabled': true, 'media.navigator.streams.fake': true, ...preferences } });

/// Runs in the browser: what no page can plant.
async function plantPrivileged({ hosts, letOut, withMedia, secrets }) {
    const { scriptSecurityManager, perms, logins } = Services;
    const of = (url, attributes = {}) => scriptSecurityManager.createContentPrincipal(Services.io.newURI(url), attributes);
    const zoom = Cc['@mozilla.org/content-pref/service;1'].getService(Ci.nsIContentPrefService2);
    const identities = Cc['@mozilla.org/browser/identity-credential-storage-service;1'].getService(Ci.nsIIdentityCredentialStorageService);
    const overrides = Cc['@mozilla.org/security/certoverride;1'].getService(Ci.nsICertOverrideService);
    const choices = Cc['@mozilla.org/security/clientAuthRememberService;1'].getService(Ci.nsIClientAuthRememberService);
    const certificate = Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB).getCerts()[0];
    const bounces = Cc['@mozilla.org/bounce-tracking-protection;1'].getService(Ci.nsIBounceTrackingProtection);
    const Login = Components.Constructor('@mozilla.org/login-manager/loginInfo;1', Ci.nsILoginInfo, 'init');
    const save = (...parts) => (logins.addLoginAsync ?? logins.addLogin).call(logins, new Login(...parts, '', ''));
    for (const { url, name, isSite } of hosts) {
        perms.addFromPrincipal(of(url), 'geo', perms.ALLOW_ACTION);
        perms.addFromPrincipal(of(url, { userContextId: 2 }), 'desktop-notification', perms.DENY_ACTION);
        await new Promise((done) => zoom.set(url, 'browser.content.full-zoom', 1.5, null, { handleCompletion: done, handleResult() {}, handleError() {} }));
        await save(url, url, null, 'user', secrets[name].form);
        await save(url, null, 'Realm of ' + name, 'user', secrets[name].http);
        if (url.startsWith('https:') && !name.includes(':')) {
            overrides.rememberValidityOverride(name, 8444, {}, certificate, false);
            choices.rememberDecisionScriptable(name, {}, certificate, choices.Permanent ?? Ci.nsIClientAuthRememberService.Permanent);
            if (isSite) {
                bounces.testAddBounceTrackerCandidate({}, name, Date.now() * 1000);
            }
        }
    }
    for (const host of withMedia) {
        ['camera', 'microphone'].forEach((type) => perms.addFromPrincipal(of('https://' + host), type, perms.ALLOW_ACTION));
        identities.setState(of('https://' + host), of('https://partner.test'), 'credential', true, false);
    }
    identities.setState(of('https://partner.test'), of('https://www.stuck.test'), 'credential', true, false);
    // A realm that names the site, of somebody else.
    await save('https://other.test', null, 'www.stuck.test', 'user', secrets['other.test'].http);
    for (const [top, inner] of letOut) {
        perms.addFromPrincipal(of('https://' + top), '3rdPartyFrameStorage^https://' + inner, perms.ALLOW_ACTION);
        perms.addFromPrincipal(of('https://' + top), '3rdPartyStorage^https://' + inner, perms.ALLOW_ACTION);
    }
}

/// Runs in a page: it uses a camera, and a module for protected media, and has session storage.
async function plantTab({ mark, usesMedia }) {
    sessionStorage.setItem('tab', mark);
    if (usesMedia) {
        await navigator.mediaDevices.getUserMedia({ video: true });
        await navigator.mediaDevices.enumerateDevices();
        const access = await navigator.requestMediaKeySystemAccess('org.w3.clearkey',
            [{ initDataTypes: ['keyids'], audioCapabilities: [{ contentType: 'audio/webm; codecs="opus"' }] }]);
        await (await access.createMediaKeys()).createSession().generateRequest('keyids', new TextEncoder().encode('{"kids":["LwVHf8JLtPrv2GUXFW2v_A"]}'));
    }
}

/// Fills the profile in `folder`.
export async function plant(folder, web, part = whole) {
    const firefox = await openOn(folder, web);
    const secrets = Object.fromEntries(part.hosts.map((host) => [host, { form: world.secret(host, 'password0'), http: world.secret(host, 'password1') }]));
    const hosts = part.hosts.map((host) => ({ name: host, url: world.address(host, ''), isSite: host.split('.').length === (host.endsWith('github.io') ? 3 : 2) }));
    const steps = [...part.hosts.map((host) => [host, 0]), ...part.contained.map((host) => [host, container])];
    for (const [host, where] of steps) {
        await firefox.inPage(world.address(host, '/login'), fill, { marks: marksOf(host, ''), first: true, top: '', elsewhere: world.elsewhere(host) },
            { container: where });
    }
    for (const chain of part.chains) {
        const top = world.around(chain);
        await firefox.inPage(world.chainAddress(chain, '/frame'), fill, { marks: marksOf(world.innermost(chain), top), first: false, top });
    }
    await firefox.js(plantPrivileged, { hosts, letOut, withMedia, secrets });
    for (const host of part.hosts) {  // these stay open: their session storage is kept with the tab
        await firefox.inPage(world.address(host, '/tab'), plantTab, { mark: world.secret(host, 'session'), usesMedia: withMedia.includes(host) },
            { keep: true });
    }
    await firefox.close();
}

/// Runs in the browser: what no page can show. Of each: whose it is, and what.
async function observePrivileged({ names }) {
    const isOurs = (text) => names.some((name) => text.includes(name));
    const lists = {};
    lists.cookies = Services.cookies.cookies.map((cookie) => ({
        domain: cookie.host, path: cookie.path, name: cookie.name, value: cookie.value, secure: cookie.isSecure, httpOnly: cookie.isHttpOnly,
        session: cookie.isSession, sameSite: cookie.sameSite, expires: cookie.isSession ? 0 : cookie.expiry, partitioned: cookie.isPartitioned ?? false,
        attributes: cookie.originAttributes, partition: cookie.originAttributes.partitionKey ?? '' }));
    lists.permissions = Services.perms.all.filter(({ principal }) => isOurs(principal.origin)).map((one) => `${one.principal.origin} ${one.type} ${one.capability}`);
    lists.logins = (await Services.logins.getAllLogins()).map((one) => one.httpRealm === null
        ? `${one.origin}|0|${one.username}|${one.password}` : `${one.origin}/${one.httpRealm}|1|${one.username}|${one.password}`);
    const workers = Cc['@mozilla.org/serviceworkers/manager;1'].getService(Ci.nsIServiceWorkerManager).getAllRegistrations();
    lists.workers = Array.from({ length: workers.length }, (_, i) => workers.queryElementAt(i, Ci.nsIServiceWorkerRegistrationInfo))
        .map((one) => `${one.scope} ${one.principal.originSuffix}`);
    const secure = Cc['@mozilla.org/ssservice;1'].getService(Ci.nsISiteSecurityService);
    lists.hsts = names.filter((name) => ['', `(https,${name.split('.').slice(-2).join('.')})`]
        .some((partitionKey) => secure.isSecureURI(Services.io.newURI(`http://${name}/`), { partitionKey }))).map((name) => `https://${name}`);
    const zoom = Cc['@mozilla.org/content-pref/service;1'].getService(Ci.nsIContentPrefService2);
    lists.zoom = await new Promise((done) => {
        const found = [];
        zoom.getByName('browser.content.full-zoom', null, { handleResult: ({ domain, value }) => found.push(`https://${domain} ${value}`), handleCompletion: () => done(found), handleError() {} });
    });
    lists.exceptions = Cc['@mozilla.org/security/certoverride;1'].getService(Ci.nsICertOverrideService).getOverrides().map(({ hostPort }) => `https://${hostPort}`);
    lists.certificates = Cc['@mozilla.org/security/clientAuthRememberService;1'].getService(Ci.nsIClientAuthRememberService).getDecisions()
        .map(({ asciiHost }) => `https://${asciiHost}`);
    lists.bounces = Cc['@mozilla.org/bounce-tracking-protection;1'].getService(Ci.nsIBounceTrackingProtection).testGetBounceTrackerCandidateHosts({})
        .map(({ siteHost }) => `https://${siteHost}`);
    return lists;
}

/// What only the files show: lines that begin with whose it is.
function observeFiles(folder) {
    const text = (file) => fs.readFileSync(path.join(folder, file), 'utf8');
    const [, ...salts] = text('enumerate_devices.txt').trim().split('\n');
    const licences = fs.readdirSync(path.join(folder, 'gmp'), { recursive: true }).filter((file) => file.endsWith('/origin')).map((file) => path.join('gmp', file));
    return {
        salts: salts.map((line) => line.split(' ').reverse().join(' ')),
        licences: licences.map((file) => `${text(file)} ${text(file.replace(/origin$/, 'topLevelOrigin'))} ${text(file.replace(/origin$/, 'salt'))}`),
        identities: execFileSync('sqlite3', [path.join(folder, 'credentialstate.sqlite'), "SELECT rpOrigin || ' ' || idpOrigin FROM identity"])
            .toString().split('\n').filter(Boolean),
    };
}

/// Runs in the browser: tabs of last time at these addresses, each selected once so that it loads, with its session storage.
async function observeTabs({ addresses }) {
    const tabs = () => [...gBrowser.tabs].filter((tab) => addresses.some((address) =>
        (tab.linkedBrowser.currentURI.spec + (SessionStore.getTabState(tab) ?? '')).includes(address)));
    while (tabs().length < addresses.length) {
        await new Promise((done) => setTimeout(done, 100));
    }
    const seen = {};
    for (const tab of tabs()) {
        gBrowser.selectedTab = tab;
        const here = () => tab.linkedBrowser.currentURI.spec.endsWith('/tab') && !tab.hasAttribute('pending') && !tab.hasAttribute('busy');
        while (!here()) {
            await new Promise((done) => setTimeout(done, 50));
        }
        // A page that is brought back may yet move to another process, and who asked it then gets no answer.
        const asked = () => tab.linkedBrowser.browsingContext.currentWindowGlobal?.getActor('UnstickTests')
            .sendQuery('run', { work: '() => location.pathname === "/tab" ? { ...sessionStorage } : null', argument: 'null' }).then(JSON.parse, () => null);
        let answer = null;
        while (!answer) {
            await new Promise((done) => setTimeout(done, 50));
            answer = await asked();
        }
        seen[tab.linkedBrowser.currentURI.spec] = answer;
    }
    return seen;
}

/// What Firefox shows of a profile, in the shape of observe.mjs, and `lists`. It looks at a copy: looking changes things.
export async function seenIn(folder, web, part = whole) {
    const copy = folder + '-copy';
    execFileSync('cp', ['-a', folder, copy]);
    fs.rmSync(copy + '-home', { recursive: true, force: true });
    const firefox = await openOn(copy, web);
    const seen = { origins: {}, frames: {}, containers: {}, cookies: {} };
    const { cookies, logins, ...shown } = await firefox.js(observePrivileged, { names });
    for (const cookie of cookies) {
        // "(https,stuck.test,8443,f)": the site is its second part.
        const site = cookie.partition.slice(1, -1).split(',')[1];
        seen.cookies[`${cookie.domain} ${cookie.path} ${cookie.name} ${JSON.stringify(cookie.attributes)}`] =
            { ...cookie, ...(site ? { partitionKey: { topLevelSite: 'https://' + site } } : {}) };
    }
    seen.tabs = await firefox.js(observeTabs, { addresses: part.hosts.map((host) => world.address(host, '/tab')) });
    const here = (host) => ({ first: true, top: '', elsewhere: world.elsewhere(host) });
    for (const host of part.hosts) {
        seen.origins[host] = await firefox.inPage(world.address(host, '/blank'), look, here(host));
    }
    for (const host of part.contained) {
        seen.containers[host] = await firefox.inPage(world.address(host, '/blank'), look, here(host), { container });
    }
    for (const chain of part.chains) {
        seen.frames[chain.join('>')] = await firefox.inPage(world.chainAddress(chain, '/blank'), look, { first: false, top: world.around(chain) });
    }
    await firefox.close();
    fs.rmSync(copy, { recursive: true, force: true });
    fs.rmSync(copy + '-home', { recursive: true, force: true });
    const lists = { ...shown, ...observeFiles(folder) };
    for (const list of Object.values(lists)) {
        list.sort();
    }
    return sorted({ ...seen, logins: logins.sort(), lists });
}

/// Of what was seen, what a look at a part would have shown.
export function partOf(seen, part) {
    const only = (all, names) => Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
    return { ...seen, origins: only(seen.origins, part.hosts), containers: only(seen.containers, part.contained),
        frames: only(seen.frames, part.chains.map((chain) => chain.join('>'))), tabs: only(seen.tabs, part.hosts.map((host) => world.address(host, '/tab'))) };
}

/// Which kind each list is.
const kindOfList = { identities: 'auth', salts: 'storage', licences: 'storage', permissions: 'permissions', zoom: 'permissions', workers: 'storage', bounces: 'storage', hsts: 'network', exceptions: 'network', certificates: 'network' };

/// What should be seen after removing `kinds` of the site whose hosts `mine` accepts.
export function withoutSite(before, mine, kinds = ['cookies', 'cache', 'storage', 'auth']) {
    const after = without(before, mine, { kinds });
    after.containers = without({ ...before, origins: before.containers, frames: {}, tabs: {}, cookies: {}, logins: [] }, mine, { kinds }).origins;
    for (const [name, lines] of Object.entries(before.lists)) {
        if (kinds.includes(kindOfList[name])) {
            after.lists[name] = lines.filter((line) => !line.match(/https?:\/\/[^/ ^]+/g).some((url) => mine(new URL(url).host)));
        }
    }
    return after;
}
