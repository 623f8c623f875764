// What should be seen after a run of unstick, from what was seen before: written without looking at how unstick does it.
import { kindOnDisk } from './disk.mjs';
import * as world from './world.mjs';

const hostOf = (cookie) => cookie.domain.replace(/^\./, '');
export const partitionOf = (cookie) => cookie.partitionKey?.topLevelSite?.replace(/^https?:\/\//, '') ?? '';

/// Is a host, with or without port, of this domain?
export const isOf = (domain) => (host) => host.split(':')[0] === domain || host.split(':')[0].endsWith('.' + domain);

/// What should be seen after removing `kinds` of the site whose hosts `mine` accepts; `partitions` accepts the
/// top-level sites under which other sites' data goes too.
export function without(before, mine, { kinds = ['cookies', 'cache', 'storage', 'auth'], partitions = mine } = {}) {
    const after = structuredClone(before);
    const empty = (owner) => ({
        ...owner,
        ...(kinds.includes('storage') ? { local: {}, databases: {}, caches: {}, files: {}, buckets: {}, workers: [] } : {}),
        ...(kinds.includes('cache') ? { cached: Object.fromEntries(Object.keys(owner.cached).map((key) => [key, null])) } : {}),
    });
    for (const host of Object.keys(after.origins).filter(mine)) {
        after.origins[host] = empty(after.origins[host]);
    }
    // What a page loaded from another site belongs to that one, and goes with its partition.
    for (const host of Object.keys(after.origins).filter((name) => kinds.includes('cache') && 'elsewhere' in before.origins[name].cached)) {
        const lost = mine(new URL(world.elsewhere(host)).host) || partitions(host);
        after.origins[host].cached.elsewhere = lost ? null : before.origins[host].cached.elsewhere;
    }
    for (const name of Object.keys(after.frames)) {
        const chain = name.split('>');
        if (mine(world.innermost(chain)) || partitions(chain[0])) {
            after.frames[name] = empty(after.frames[name]);
        }
    }
    for (const url of Object.keys(after.tabs)) {
        if (kinds.includes('storage') && mine(new URL(url).host)) {
            after.tabs[url] = {};
        }
    }
    for (const [name, cookie] of Object.entries(after.cookies)) {
        if (kinds.includes('cookies') && (mine(hostOf(cookie)) || partitions(partitionOf(cookie)))) {
            delete after.cookies[name];
        }
    }
    // The top-level site of a partition stands behind ^0, that of a frame without credentials nowhere.
    const owners = (line) => line.match(/https?:\/\/[^/ ^]+/g) ?? [];
    for (const [store, lines] of Object.entries(after.disk ?? {})) {
        if (kinds.includes(kindOnDisk[store])) {
            after.disk[store] = lines.filter((line) => !owners(line).some((url, i) => (i ? partitions : mine)(new URL(url).host)));
        }
    }
    after.logins = after.logins.filter((login) => {
        const [realm, scheme] = login.split('|');
        return !(kinds.includes(scheme === '0' ? 'passwords' : 'auth') && mine(new URL(realm).host));
    });
    return after;
}

/// All markers of a site, but for form passwords, which stay unless they are named.
export function secretsOf(hosts, frames) {
    const places = ['cookie', 'local', 'session', 'database', 'blob', 'cacheStorage', 'opfs', 'header', 'small', 'big',
        'worker', 'password1',
        'shared', 'range', 'script', 'wasm', 'dictionary'];
    return [
        ...places.map((place) => world.secret(world.nameless.ours[1], place, 'nameless')),
        ...hosts.flatMap((host) => places.map((place) => world.secret(host, place))),
        ...frames.flatMap((chain) => places.map((place) => world.secret(world.innermost(chain), place, world.around(chain)))),
    ];
}
