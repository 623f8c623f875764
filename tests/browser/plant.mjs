// Fills a profile as sites do: by pages, in a real browser.
import { execFileSync } from 'node:child_process';
import * as world from './world.mjs';

/// Runs inside a page or frame.
async function fill({ marks, withWorker, top }) {
    localStorage.setItem('token', marks.local);
    localStorage.setItem('ünïcode ✓', marks.local + ' ✓');
    sessionStorage.setItem('tab', marks.session);
    await new Promise((done, failed) => {
        const opening = indexedDB.open('db', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('s');
        opening.onerror = () => failed(opening.error);
        opening.onsuccess = () => {
            const work = opening.result.transaction('s', 'readwrite');
            work.objectStore('s').put({ text: marks.database }, 'row');
            work.objectStore('s').put(new Blob([marks.blob + 'b'.repeat(200000)]), 'blob');
            work.oncomplete = () => { opening.result.close(); done(); };
        };
    });
    const cache = await caches.open('c1');
    await cache.put('/cached', new Response(marks.cacheStorage));
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle('f.txt', { create: true })).createWritable();
    await file.write(marks.opfs);
    await file.close();
    await (await fetch('/small?top=' + top)).text();
    if (withWorker) {
        await (await fetch('/small')).text();
        await (await fetch('/big')).text();
        await (await fetch('/moved')).text();
        await navigator.serviceWorker.register('/sw.js', { scope: '/scope/' });
        await new Promise((r) => setTimeout(r, 300));
    }
}

function marksOf(host, top) {
    const marks = {};
    for (const place of ['local', 'session', 'database', 'blob', 'cacheStorage', 'opfs']) {
        marks[place] = world.secret(host, place, top);
    }
    return marks;
}

export async function plant(context) {
    for (const host of [...world.ours, ...world.others]) {
        const page = await context.newPage();
        await page.goto(`https://${host}/login`);
        await page.evaluate(fill, { marks: marksOf(host, ''), withWorker: true, top: '' });
        await page.goto(`https://${host}/tab`);  // stays open: its session storage is kept with the tab
    }
    for (const [top, inner] of [...world.framesOfOurs, ...world.framesUnderOurs, ...world.framesOfOthers]) {
        const page = await context.newPage();
        await page.goto(`https://${top}/around?frame=https://${inner}/frame`);
        const frame = page.frame('inner');
        await frame.waitForLoadState();
        await frame.evaluate(fill, { marks: marksOf(inner, top), withWorker: false, top });
        await page.close();
    }
    await new Promise((r) => setTimeout(r, 1500));
}

/// What a page cannot plant: saved sign-ins. Straight into the closed profile, in the browser's own schema.
export function plantLogins(folder) {
    const rows = [];
    for (const [host, kind] of [...world.ours.map((h) => [h, 'ours']), ...world.others.map((h) => [h, 'others'])]) {
        for (const [scheme, realm] of [[0, `https://${host}/`], [1, `https://${host}/Realm of ${kind}`]]) {
            rows.push(`INSERT INTO logins(origin_url, username_element, username_value, password_element, password_value,
                submit_element, signon_realm, date_created, blacklisted_by_user, scheme)
                VALUES('https://${host}/', '', 'user', '', CAST('${world.secret(host, 'password' + scheme)}' AS BLOB), '',
                '${realm}', 13400000000000000, 0, ${scheme});`);
        }
    }
    rows.push('INSERT INTO password_notes(parent_id, key, value, date_created) SELECT id, \'k\', x\'00\', 1 FROM logins;');
    execFileSync('sqlite3', [`${folder}/Default/Login Data`, rows.join('\n')]);
}
