// The zoo's server, and unstick for its sites, whatever browser was on them.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';
import { notFound } from './zoo_animals.mjs';

export const domainOf = (host) => host.split('.').slice(-2).join('.');

/// Runs inside a page: leaves what every site has beside its broken sign-in, and must keep.
export async function leaveKeepsakes() {
    document.cookie = 'language=en; Max-Age=2592000';
    localStorage.setItem('draft', 'dear diary');
    await (await fetch('/logo')).text();
    await new Promise((done) => {
        const opening = indexedDB.open('notes', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('notes');
        opening.onsuccess = () => { opening.result.close(); done(); };
    });
}

/// Runs inside a page: which of them are there.
export const keepsakesHere = async () => [
    document.cookie.includes('language=en') && 'cookie', localStorage.getItem('draft') && 'storage',
    (await fetch('/logo', { cache: 'only-if-cached', mode: 'same-origin' }).catch(() => ({}))).ok && 'cache',
    (await indexedDB.databases()).some(({ name }) => name === 'notes') && 'database'];
export const allKeepsakes = ['cookie', 'storage', 'cache', 'database'];

/// Serves `sites`. They answer as they do today once `beToday` was called.
export async function serveZoo(scratch, sites) {
    const hosts = sites.flatMap((site) => site.hosts);
    const siteOf = (host) => sites.find((site) => site.hosts.includes(host));
    let today = false;
    const beToday = () => { today = true; };
    const isToday = () => today;

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
            siteOf(host)?.[today ? 'now' : 'then']({ host, path: pathname, header, sent, at: addressOn, plainAt }) ?? notFound;
        response.writeHead(status, headers).end(body);
    }

    const world = await startWorld(answer, hosts);
    const plainAt = (host) => `http://${host}:${world.plainPort}/`;
    const addressOn = (host, start = '/') => `https://${host}:${world.port}${start}`;
    const authorities = path.join(scratch, 'cert.pem');
    fs.writeFileSync(authorities, world.cert);

    const isPlain = (site) => today && site.plain;
    function addressOf(site, user = '') {
        const [host] = site.hosts;
        const start = site.start ?? '/';
        return isPlain(site) ? `http://${host}:${world.plainPort}${start}` : addressOn(user + host, start);
    }

    // --- unstick ---

    let runs = 0;
    function run(command, site, folder, ...more) {
        const reach = site.hosts.flatMap((host) => [world.port, world.plainPort].flatMap((port) => ['--resolve', `${host}:${port}:127.0.0.1`]));
        return unstick(path.join(scratch, `state${++runs}`), command, domainOf(site.hosts[0]), '--url', addressOf(site), ...more, '--json',
            '--user-data-dir', folder, '--cacert', authorities, ...reach);
    }

    const also = (site) => (site.also ? ['--also', site.also] : []);
    const storesOf = ({ json }) => json.profiles.flatMap((found) => found.stores);
    const removedBy = (result) => Object.fromEntries(storesOf(result).filter((store) => store.removed).map((store) => [store.store, store.removed]));
    /// What the browser met by itself, in a few words.
    const metBy = (probe) => probe?.method !== 'browser' ? 'not asked' : probe.error?.code ?? `${probe.status}${probe.from === 'site' ? '' : ` by the ${probe.from}`}`
        + (probe.shows_text === null ? '' : probe.shows_text ? ', as expected' : ', not as expected');
    /// The first value of `look` that is true, or what it says after five minutes.
    async function firstOf(look) {
        for (let i = 0; i < 6000 && !look(); ++i) {
            await new Promise((done) => setTimeout(done, 50));
        }
        return look();
    }
    /// What the last run left of its copies.
    const copiesIn = (folder) => fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name !== 'lock') : [];
    const copiesLeft = () => copiesIn(path.join(scratch, `state${runs}`, 'unstick', 'copies'));
    /// All files below a folder, with their bytes and times.
    const stateOf = (folder) => execFileSync('sh', ['-c', 'find "$1" -type f -exec sha256sum {} + | sort; find "$1" -printf "%p %T@ %s %m\\n" | sort', 'sh', folder],
        { maxBuffer: 1 << 28 }).toString();
    const total = (result, field) => storesOf(result).reduce((sum, store) => sum + store[field], 0);

    return { world, hosts, authorities, beToday, isToday, addressOn, addressOf, run, also, removedBy, metBy, firstOf, copiesIn, copiesLeft, stateOf, total };
}
