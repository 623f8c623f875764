// Fills a profile as sites do: by pages, in a real browser.
import { execFileSync } from 'node:child_process';
import * as world from './world.mjs';

/// Runs inside a page or frame, in any browser: what a browser lacks is left out. Without `rangeSize` and `elsewhere`,
/// no ranges and nothing of other sites.
export async function fill({ marks, first, top, rangeSize, elsewhere }) {
    async function fillBucket(bucket, mark) {
        await new Promise((done, failed) => {
            const opening = bucket.indexedDB.open('db', 1);
            opening.onupgradeneeded = () => opening.result.createObjectStore('s');
            opening.onerror = () => failed(opening.error);
            opening.onsuccess = () => {
                const work = opening.result.transaction('s', 'readwrite');
                work.objectStore('s').put({ text: mark.database }, 'row');
                work.objectStore('s').put(new Blob([mark.blob + 'b'.repeat(200000)]), 'blob');
                work.oncomplete = () => { opening.result.close(); done(); };
            };
        });
        if (!isSecureContext) {
            return;
        }
        const cache = await bucket.caches.open('c1');
        await cache.put('/cached', new Response(mark.cacheStorage));
        const file = await (await (await bucket.getDirectory()).getFileHandle('f.txt', { create: true })).createWritable();
        await file.write(mark.opfs);
        await file.close();
    }
    localStorage.setItem('token', marks.local);
    // Enough for Chromium to write its databases' tables, not just their logs.
    localStorage.setItem('much', 'm'.repeat(50000));
    sessionStorage.setItem('much', 'm'.repeat(50000));
    localStorage.setItem('ünïcode ✓', marks.local + ' ✓');
    sessionStorage.setItem('tab', marks.session);
    await fillBucket({ indexedDB, caches: self.caches, getDirectory: () => navigator.storage.getDirectory() }, marks);
    if (isSecureContext && navigator.storageBuckets) {
        const named = Object.fromEntries(Object.entries(marks).map(([place, mark]) => [place, 'named ' + mark]));
        await fillBucket(await navigator.storageBuckets.open('named'), named);
    }
    await (await fetch('/small?top=' + top)).text();
    if (first) {
        await (await fetch('/small')).text();
        await (await fetch('/big')).text();
        await (await fetch('/moved')).text();
        for (const from of rangeSize ? [0, 2_000_000] : []) {
            await (await fetch('/ranges', { headers: { Range: `bytes=${from}-${from + rangeSize - 1}` } })).text();
        }
        if (elsewhere) {
            await (await fetch(elsewhere)).text();
        }
        if (isSecureContext) {
            await (await fetch('/dictionary')).text();
            await navigator.mediaDevices?.enumerateDevices();
            await navigator.serviceWorker.register('/sw.js', { scope: '/scope/' });
        }
        await new Promise((r) => setTimeout(r, 300));
    }
}

export function marksOf(host, top) {
    const marks = {};
    for (const place of ['local', 'session', 'database', 'blob', 'cacheStorage', 'opfs']) {
        marks[place] = world.secret(host, place, top);
    }
    return marks;
}

/// Runs inside a page: uses a module until Chromium keeps it compiled.
async function useModule() {
    const { instance } = await WebAssembly.instantiateStreaming(fetch('/code.wasm'));
    for (const used of Object.values(instance.exports)) {
        for (let i = 0; i < 2000; ++i) {
            used(100);
        }
    }
    await new Promise((r) => setTimeout(r, 300));
}

/// Scripts are kept compiled when they are loaded again and again.
async function plantCode(page, host) {
    for (let i = 0; i < 3; ++i) {
        await page.goto(world.address(host, '/code'));
    }
    await page.evaluate(useModule);
}

/// A frame without credentials: what it stores is under a key that nobody can name again.
async function plantNameless(context, top, host) {
    const page = await context.newPage();
    await page.goto(world.address(top, '/blank'));
    await page.evaluate((src) => new Promise((done) => {
        const frame = Object.assign(document.createElement('iframe'), { credentialless: true, src });
        frame.onload = done;
        document.body.append(frame);
    }), world.address(host, '/blank'));
    const marks = marksOf(host, 'nameless');
    await page.frames().at(-1).evaluate(fill, { marks, first: false, top: 'nameless' });
    await page.close();
}

export async function plant(context) {
    for (const host of world.all) {
        const page = await context.newPage();
        await page.goto(world.address(host, '/login'));
        await page.mouse.click(5, 5);
        await page.evaluate(fill, { marks: marksOf(host, ''), first: true, top: '', rangeSize: world.rangeSize, elsewhere: world.elsewhere(host) });
        if (!world.isPlain(host)) {
            await plantCode(page, host);
        }
        await page.goto(world.address(host, '/tab'));  // stays open: its session storage is kept with the tab
    }
    for (const chain of world.frames) {
        const page = await context.newPage();
        await page.goto(world.chainAddress(chain, '/frame'));
        const frame = page.frames().at(-1);
        const top = world.around(chain);
        await frame.evaluate(fill, { marks: marksOf(world.innermost(chain), top), first: false, top });
        await page.close();
    }
    await plantNameless(context, ...world.nameless.ours);
    await plantNameless(context, ...world.nameless.others);
    await new Promise((r) => setTimeout(r, 1500));
}

/// What a page cannot plant: saved sign-ins. Straight into the closed profile, in the browser's own schema.
export function plantLogins(folder) {
    const rows = [];
    for (const host of world.all) {
        for (const [scheme, realm] of [[0, world.address(host)], [1, world.address(host, '/Realm of ' + host)]]) {
            rows.push(`INSERT INTO logins(origin_url, username_element, username_value, password_element, password_value,
                submit_element, signon_realm, date_created, blacklisted_by_user, scheme)
                VALUES('${world.address(host)}', '', 'user', '', CAST('${world.secret(host, 'password' + scheme)}' AS BLOB), '',
                '${realm}', 13400000000000000, 0, ${scheme});`);
        }
    }
    rows.push('INSERT INTO password_notes(parent_id, key, value, date_created) SELECT id, \'k\', x\'00\', 1 FROM logins;');
    execFileSync('sqlite3', [`${folder}/Default/Login Data`, rows.join('\n')]);
}
