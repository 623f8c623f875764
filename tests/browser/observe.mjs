// What the browser shows of a profile: one plain value, for comparing. No times, nothing that looking changes.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import * as world from './world.mjs';

/// Runs inside a page or frame.
async function look({ first, top }) {
    const seen = { local: { ...localStorage }, databases: {}, caches: {}, files: {}, workers: [], cached: {} };
    for (const { name } of await indexedDB.databases()) {
        seen.databases[name] = await new Promise((done, failed) => {
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
    }
    for (const name of await caches.keys()) {
        seen.caches[name] = {};
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            seen.caches[name][request.url] = await (await cache.match(request)).text();
        }
    }
    for await (const [name, handle] of (await navigator.storage.getDirectory()).entries()) {
        seen.files[name] = await (await handle.getFile()).text();
    }
    for (const worker of await navigator.serviceWorker.getRegistrations()) {
        seen.workers.push([worker.scope, worker.active?.scriptURL]);
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
    return seen;
}

function sorted(value) {
    if (Array.isArray(value)) {
        return value.map(sorted);
    }
    return value && typeof value === 'object'
        ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value;
}

/// Everything, by owner: { cookies, origins: {host: ...}, frames: {"top>inner": ...}, tabs, logins }.
export async function observe(context, folder) {
    const seen = { cookies: {}, origins: {}, frames: {}, tabs: {}, logins: [] };
    for (const page of context.pages()) {
        const url = page.url();
        if (url.endsWith('/tab')) {
            seen.tabs[url] = await page.evaluate(() => ({ ...sessionStorage }));
        }
    }
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    for (const cookie of (await session.send('Network.getAllCookies')).cookies) {
        const { expires, size, ...rest } = cookie;
        const partition = rest.partitionKey?.topLevelSite ?? '';
        seen.cookies[`${rest.domain} ${rest.path} ${rest.name} ${partition}`] = { ...rest, expires: Math.round(expires) };
    }
    for (const host of [...world.ours, ...world.others]) {
        await page.goto(`https://${host}/blank`);
        seen.origins[host] = await page.evaluate(look, { first: true, top: '' });
    }
    for (const [top, inner] of [...world.framesOfOurs, ...world.framesUnderOurs, ...world.framesOfOthers]) {
        await page.goto(`https://${top}/around?frame=https://${inner}/blank`);
        const frame = page.frame('inner');
        await frame.waitForLoadState();
        seen.frames[`${top}>${inner}`] = await frame.evaluate(look, { first: false, top });
    }
    seen.logins = execFileSync('sqlite3', [`file:${folder}/Default/Login Data?mode=ro`,
        'SELECT signon_realm, scheme, (SELECT count(*) FROM password_notes n WHERE n.parent_id = l.id) FROM logins l ORDER BY 1, 2'])
        .toString().trim().split('\n').filter(Boolean);
    return sorted(seen);
}

/// Files of a folder that hold any of the texts, in UTF-8 or UTF-16: "file: text".
export function searchBytes(folder, texts) {
    const hits = [];
    const list = execFileSync('find', [folder, '-type', 'f', '-print0']).toString().split('\0').filter(Boolean);
    for (const file of list) {
        const bytes = fs.readFileSync(file);
        for (const text of texts) {
            if (bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'))) {
                hits.push(`${file.slice(folder.length + 1)}: ${text}`);
            }
        }
    }
    return hits;
}
