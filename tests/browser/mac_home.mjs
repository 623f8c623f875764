// WebKitGTK's files as Safari has them in a home folder on a Mac, and back. They are the same files in other places, but
// for cookies: WebKitGTK keeps them in a database.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const library = 'Library/Containers/com.apple.Safari/Data/Library';
const jarOf = (home) => path.join(home, library, 'Cookies/Cookies.binarycookies');

/// Folders of WebKitGTK and where the same is on a Mac.
const places = ({ data, cache }) => [
    [`${data}/storage`, 'WebKit/WebsiteData/Default'],
    [`${data}/itp`, 'WebKit/WebsiteData/ResourceLoadStatistics'],
    [`${data}/localstorage`, 'Safari/LocalStorage'],
    [`${data}/databases/indexeddb`, 'Safari/Databases/___IndexedDB'],
    [`${data}/serviceworkers`, 'Caches/WebKit/ServiceWorkers'],
    [`${cache}/WebKitCache`, 'Caches/com.apple.Safari/WebKitCache'],
    [`${cache}/CacheStorage`, 'Caches/WebKit/CacheStorage'],
];

function move(from, to) {
    if (fs.existsSync(from)) {
        fs.mkdirSync(path.dirname(to), { recursive: true });
        fs.renameSync(from, to);
    }
}

/// libsoup's numbers of SameSite -> flags in a jar.
const sameSiteFlags = [0, 8, 24];
const secondsTo2001 = 978307200;

/// The cookies of a jar; shares no code with unstick.
function cookiesIn(file) {
    const jar = fs.readFileSync(file);
    const cookies = [];
    const pages = jar.readUInt32BE(4);
    for (let i = 0, at = 8 + 4 * pages; i < pages; ++i) {
        const page = jar.subarray(at, at += jar.readUInt32BE(8 + 4 * i));
        for (let k = 0; k < page.readUInt32LE(4); ++k) {
            const record = page.subarray(page.readUInt32LE(8 + 4 * k));
            const text = (place) => {
                const start = record.readUInt32LE(place);
                return record.toString('utf8', start, record.indexOf(0, start));
            };
            const flags = record.readUInt32LE(8);
            cookies.push({ host: text(16), name: text(20), path: text(24), value: text(28), isSecure: flags & 1,
                isHttpOnly: (flags >> 2) & 1, sameSite: sameSiteFlags.indexOf(flags & 24),
                expiry: record.readDoubleLE(40) + secondsTo2001 });
        }
    }
    return cookies;
}

/// One record of a jar: docs/formats-safari.md.
function recordOf(cookie) {
    const header = Buffer.alloc(56);
    const strings = [cookie.host, cookie.name, cookie.path, cookie.value].map((text) => Buffer.from(text + '\0'));
    header.writeUInt32LE(cookie.isSecure | cookie.isHttpOnly << 2 | sameSiteFlags[cookie.sameSite], 8);
    let size = header.length;
    strings.forEach((text, i) => { header.writeUInt32LE(size, 16 + 4 * i); size += text.length; });
    header.writeUInt32LE(size, 0);
    header.writeDoubleLE(cookie.expiry - secondsTo2001, 40);
    return Buffer.concat([header, ...strings]);
}

function makeJar(file, cookies) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    execFileSync(process.env.JAR_TOOL, ['make', file], { input: Buffer.concat(cookies.map(recordOf)) });
}

/// Turns { data, cache } below `home` into a Mac's home folder.
export function layOut(home, folders) {
    for (const [from, to] of places(folders)) {
        move(from, path.join(home, library, to));
    }
    const database = `${folders.data}/cookies.sqlite`;
    makeJar(jarOf(home), JSON.parse(execFileSync('sqlite3', ['-json', database, 'SELECT * FROM moz_cookies'])));
    execFileSync('sqlite3', [database, 'DELETE FROM moz_cookies']);
}

/// The other way round. What is not on a Mac stayed where it was.
export function layBack(home, folders) {
    for (const [from, to] of places(folders)) {
        move(path.join(home, library, to), from);
    }
    const quoted = (value) => typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : value;
    const rows = cookiesIn(jarOf(home)).map((cookie) => `INSERT INTO moz_cookies(${Object.keys(cookie)})
        VALUES(${Object.values(cookie).map(quoted)});`);
    execFileSync('sqlite3', [`${folders.data}/cookies.sqlite`], { input: rows.join('\n') });
}

export const isMac = (home) => fs.existsSync(jarOf(home));
