// What the browser shows of a profile: one plain value, for comparing. No times, nothing that looking changes.
import { execFileSync } from 'node:child_process';
import * as world from './world.mjs';

/// Runs inside a page or frame, in any browser. `rangeSize` and `elsewhere` as in plant.mjs.
export async function look({ first, top, rangeSize, elsewhere }) {
    const allRows = (indexedDB, name) => new Promise((done, failed) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => failed(opening.error);
        opening.onsuccess = () => {
            const rows = {};
            const work = opening.result.transaction([...opening.result.objectStoreNames]);
            const cursor = work.objectStore('s').openCursor();
            cursor.onsuccess = () => {
                if (cursor.result) {
                    rows[cursor.result.key] = cursor.result.value;
                    cursor.result.continue();
                }
            };
            work.oncomplete = async () => {
                for (const [key, value] of Object.entries(rows)) {
                    rows[key] = value instanceof Blob ? `blob ${await value.text()}` : value;
                }
                opening.result.close();
                done(rows);
            };
        };
    });
    async function lookInto(bucket) {
        const seen = { databases: {}, caches: {}, files: {} };
        for (const { name } of await bucket.indexedDB.databases()) {
            seen.databases[name] = await allRows(bucket.indexedDB, name);
        }
        if (!isSecureContext) {
            return seen;
        }
        for (const name of await bucket.caches.keys()) {
            seen.caches[name] = {};
            const cache = await bucket.caches.open(name);
            for (const request of await cache.keys()) {
                seen.caches[name][request.url] = await (await cache.match(request)).text();
            }
        }
        for await (const [name, handle] of (await bucket.getDirectory()).entries()) {
            seen.files[name] = await (await handle.getFile()).text();
        }
        return seen;
    }
    const seen = {
        local: { ...localStorage }, buckets: {}, workers: [], cached: {},
        ...await lookInto({ indexedDB, caches: self.caches, getDirectory: () => navigator.storage.getDirectory() }),
    };
    if (isSecureContext) {
        for (const name of await navigator.storageBuckets?.keys() ?? []) {
            seen.buckets[name] = await lookInto(await navigator.storageBuckets.open(name));
        }
        for (const worker of await navigator.serviceWorker.getRegistrations()) {
            seen.workers.push([worker.scope, worker.active?.scriptURL]);
        }
    }
    // Only from the HTTP cache: a miss is a network error, never a request.
    for (const path of first ? ['/small', '/big', '/moved', '/small?top='] : ['/small?top=' + top]) {
        try {
            const response = await fetch(path, { cache: 'only-if-cached', mode: 'same-origin', redirect: 'manual' });
            const text = await response.text();
            seen.cached[path] = `${response.type} ${response.status} ${text.length} ${text.slice(0, 80)}`;
        } catch {
            seen.cached[path] = null;
        }
    }
    // Neither for ranges nor across sites: there the server refuses.
    for (const from of first && rangeSize ? [0, 2_000_000] : []) {
        const response = await fetch('/ranges', { cache: 'force-cache',
            headers: { 'X-Only-If-Cached': '1', Range: `bytes=${from}-${from + rangeSize - 1}` } });
        seen.cached[`range ${from}`] = response.ok ? `${response.status} ${(await response.text()).length}` : null;
    }
    if (first && elsewhere) {
        const response = await fetch(elsewhere, { cache: 'force-cache', headers: { 'X-Only-If-Cached': '1' } });
        seen.cached.elsewhere = response.ok ? await response.text() : null;
    }
    return seen;
}

export function sorted(value) {
    if (Array.isArray(value)) {
        return value.map(sorted);
    }
    return value && typeof value === 'object'
        ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value;
}

/// What the browser itself says of broken files: its databases' logs, and files that it put aside.
function damage(folder) {
    const found = execFileSync('sh', ['-c', `cd '${folder}' && find . -name '*.bad' && \
        find . -name 'LOG*' -type f -exec grep -iE 'corrupt|repair|checksum' {} +; true`]);
    return found.toString().split('\n').filter(Boolean);
}

/// The tabs that were open last time. Chromium opens them again one by one after its start, slowly on a busy machine.
async function restoredTabs(context) {
    const tabs = () => context.pages().filter((page) => page.url().endsWith('/tab'));
    for (let i = 0; i < 600 && tabs().length < world.all.length; ++i) {
        await new Promise((r) => setTimeout(r, 100));
    }
    return tabs();
}

/// Everything, by owner: { cookies, origins: {host: ...}, frames: {"top>inner": ...}, tabs, damage }.
/// `folder` is the profile that the context has open.
export async function observe(context, folder) {
    const seen = { cookies: {}, origins: {}, frames: {}, tabs: {} };
    for (const tab of await restoredTabs(context)) {
        seen.tabs[tab.url()] = await tab.evaluate(() => ({ ...sessionStorage }));
    }
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    for (const cookie of (await session.send('Network.getAllCookies')).cookies) {
        const { expires, size, ...rest } = cookie;
        const name = `${rest.domain} ${rest.path} ${rest.name} ${JSON.stringify(rest.partitionKey ?? '')}`;
        seen.cookies[name] = { ...rest, expires: Math.round(expires) };
    }
    for (const host of world.all) {
        await page.goto(world.address(host, '/blank'));
        seen.origins[host] = await page.evaluate(look, { first: true, top: '', rangeSize: world.rangeSize, elsewhere: world.elsewhere(host) });
    }
    for (const chain of world.frames) {
        await page.goto(world.chainAddress(chain, '/blank'));
        seen.frames[chain.join('>')] = await page.frames().at(-1).evaluate(look, { first: false, top: world.around(chain) });
    }
    seen.damage = damage(folder);
    return sorted(seen);
}

/// The saved sign-ins of a closed profile, with their notes: no page can ask for them.
export function loginsIn(folder) {
    return execFileSync('sqlite3', [`file:${folder}/Default/Login Data?mode=ro`,
        'SELECT signon_realm, scheme, (SELECT count(*) FROM password_notes n WHERE n.parent_id = l.id) FROM logins l ORDER BY 1, 2'])
        .toString().trim().split('\n').filter(Boolean);
}
