// Firefox, as the zoo's visitor: the members are those of zoo_chromium.mjs.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { executable, open } from './firefox.mjs';
import { startProxy } from './webkit.mjs';
import { domainOf } from './zoo_server.mjs';

/// How the zoo calls what Firefox calls otherwise.
const errors = { NS_ERROR_REDIRECT_LOOP: 'ERR_TOO_MANY_REDIRECTS', 'not secure': 'ERR_SSL_PROTOCOL_ERROR' };

const change = (database, ...statements) => execFileSync('sqlite3', [database, statements.join(';')]);
const microsecondsOf = (days) => days * 86400 * 1e6;

/// Runs in the browser's own window: what asks for a password is closed as by a user who knows none.
function closeQuestions() {
    globalThis.unstickQuestions = { observe: (asked) => setTimeout(() => asked.document?.querySelector('dialog')?.cancelDialog?.(), 0) };
    Services.obs.addObserver(globalThis.unstickQuestions, 'common-dialog-loaded');
}

/// The browser's last look for a newer script of the host's workers (the ninth line of a record) becomes that much earlier.
function ageWorkers(folder, host, days) {
    const file = `${folder}/serviceworker.txt`;
    const [, version, list] = /^(\d+\n)(.*)$/s.exec(fs.readFileSync(file, 'utf8'));
    const end = '#\n';
    let aged = 0;
    const records = list.split(end).map((record) => {
        const lines = record.split('\n');
        if (lines[1]?.startsWith(`https://${host}`)) {
            lines[8] = String(Number(lines[8]) - microsecondsOf(days));
            ++aged;
        }
        return lines.join('\n');
    });
    if (aged === 0) {
        throw new Error('no registration of a worker to make older: ' + host);
    }
    fs.writeFileSync(file, version + records.join(end));
}

export const firefox = {
    id: 'firefox',
    lock: 'lock',
    byItself: '--least',

    async browse(folder, { world, hosts }, work) {
        const opened = await open(folder, { authority: world.cert, preferences: { 'browser.startup.page': 3 }, here: hosts });
        await opened.js(closeQuestions);
        try {
            return await work(opened);
        } finally {
            await opened.close();
        }
    },

    /// A name and a password in the address are given when they are asked for: with such an address Firefox asks no worker.
    async meets(opened, address, { waits = false }) {
        const see = async (at) => {
            const { status, said, error, circles } = await opened.js((given) => globalThis.unstickTests.meets(given), { address: at, waits });
            return error ? errors[error] ?? error : circles ? 'goes in circles' : `${status} ${said}`;
        };
        const met = await see(address.replace(/\/\/.*@/, '//'));
        return met.startsWith('401 ') && address.includes('@') ? see(address) : met;
    },

    inPage: (opened, address, work) => opened.inPage(address, work),

    // Firefox's own requests would go elsewhere: a proxy hears them.
    async overhear({ world }) {
        const { address, asked, stop } = await startProxy(world);
        return { options: ['--proxy', address], asked: () => asked, stop };
    },

    // The profile itself has the authority; where the names lead, unstick is told for both its clients.
    byBrowser: () => ['--retest', 'browser', '--browser-program', executable],

    // --- A closed profile ---

    age(folder, { hosts: [host], daysAgo, worker }) {
        const times = ['creationTime', 'lastAccessed', 'updateTime'].map((time) => `${time} = ${time} - ${microsecondsOf(daysAgo)}`);
        change(`${folder}/cookies.sqlite`, `UPDATE moz_cookies SET ${times} WHERE host LIKE '%${domainOf(host)}'`);
        if (worker) {
            ageWorkers(folder, host, daysAgo);
        }
    },
    blockCookies: (folder, origin) => change(`${folder}/permissions.sqlite`,
        `INSERT INTO moz_perms (origin, type, permission, expireType, expireTime, modificationTime) VALUES ('${origin}', 'cookie', 2, 0, 0, 0)`),
    blockThirdParty: (folder) => fs.appendFileSync(`${folder}/prefs.js`, 'user_pref("network.cookie.cookieBehavior", 1);\n'),
    keepSession() {},  // `browse` says so each time
};
