// `unstick` alone on a terminal, with a real Chromium that is stuck: from the site to the browser's own test, the smallest
// removal, and back again, on terminals of several widths, in the C locale and in UTF-8; and once with Chromium open in a window.
// UNSTICK_SHOW=1 prints what was seen on each.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { check, finish, same, truly } from './check.mjs';
import { executable, until } from './chromium.mjs';
import { onTerminal } from './terminal.mjs';
import { unnamed } from './zoo_animals_proof.mjs';
import { openZoo } from './zoo_world.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-guide-'));
const answered = [];  // to browsers that a user sees
const [stuck] = unnamed;  // no rule names what is wrong: only the browser's own test can
const site = { ...stuck, now: (request) => {
    const answer = stuck.now(request);
    if (!request.header('user-agent').includes('Headless')) {
        answered.push(answer.status);
    }
    return answer;
} };
const zoo = await openZoo(scratch, [site]);
const { profile, world, authorities, addressOf, meets, tour, byBrowser } = zoo;
zoo.beToday();

// Nobody types options in the guide: what only the test needs of them stands in the configuration file.
const config = path.join(scratch, 'config/unstick');
fs.mkdirSync(config, { recursive: true });
const setting = (name, value) => `${name.slice(2)}=${value}\n`;
const settings = [['--user-data-dir', profile], ['--cacert', authorities], ['--resolve', `${site.hosts[0]}:${world.port}:127.0.0.1`],
    ...byBrowser.filter((word) => word.startsWith('--browser-argument=')).map((word) => ['--browser-argument', word.slice(word.indexOf('=') + 1)]),
    ['--browser-program', executable]];
fs.writeFileSync(path.join(config, 'config'), settings.map(([name, value]) => setting(name, value)).join(''));

const browserMeets = async () => (await tour(profile, meets))[0];
const met = await browserMeets();
check(`at first the browser meets "${site.meets}"`, () => same(met, site.meets));

/// Types the answers, each to its question: { code, shown }.
async function guided(name, columns, locale, conversation) {
    const guide = onTerminal(columns, { LC_ALL: locale, XDG_CONFIG_HOME: path.dirname(config), XDG_STATE_HOME: path.join(scratch, `state-${name}`) });
    let code;
    try {
        for (const [question, typed] of conversation) {
            await guide.answer(question, typed);
        }
        code = await guide.ended();
    } catch (error) {
        code = error.message;
    }
    const shown = guide.shown();
    if (process.env.UNSTICK_SHOW) {
        console.log(`--- ${name}\n${shown}---`);
    }
    return { code, shown, said: shown.split(/\s+/).join(' ') };
}
const says = (guide, ...sentences) => sentences.forEach((words) =>
    check(`  it says "${words}"`, () => truly(guide.said.includes(words), guide.shown)));
const toTheRemoval = [['Site:', addressOf(site)], ['Number [1]:', ''], ['[y/N]', 'y']];

for (const [columns, locale] of [[40, 'C'], [60, 'C.UTF-8'], [80, 'C'], [120, 'C.UTF-8']]) {
    const name = `${columns} columns, ${locale}`;
    const guide = await guided(name, columns, locale, [...toTheRemoval, ['Number [1]:', '3']]);
    const back = await browserMeets();
    check(`${name}: from the site to a removal and back again`, () => same([guide.code, back], [0, site.meets]));
    says(guide, 'Let the browser itself try', 'Remove all this?', 'Now sign in with your browser. Are you in?', 'Everything is back');
    check('  no line but an address or a command is longer', () =>
        same(guide.shown.split('\n').filter((line) => line.length > columns && /\S\s+\S/.test(line.trim()) && !/^ +unstick /.test(line)), []));
    check('  plain characters only in the C locale', () => truly(locale !== 'C' || /^[\n\x20-\x7e]*$/.test(guide.shown), guide.shown));
}

/// The process that holds the profile; 0 if none does.
function holder() {
    try {
        const pid = Number(fs.readlinkSync(`${profile}/SingletonLock`).split('-').at(-1));
        return /^State:\tZ/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ? 0 : pid;
    } catch {
        return 0;
    }
}

if (process.env.DISPLAY) {
    spawn(executable, ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
        '--disable-sync', '--password-store=basic', '--disable-features=LocalNetworkAccessChecks', `--ignore-certificate-errors-spki-list=${world.spki}`,
        '--host-resolver-rules=MAP * 127.0.0.1', `--user-data-dir=${profile}`, addressOf(site)], { stdio: 'ignore' });
    await until('the page is refused', () => answered.includes(500));
    const first = holder();
    answered.length = 0;
    const guide = await guided('open', 80, 'C.UTF-8', [...toTheRemoval.slice(0, 2), ['[Y/n]', 'y'], ['[y/N]', 'y'], ['Number [1]:', '1']]);
    await until('it runs again, with its page', () => holder() !== 0 && holder() !== first && answered.includes(200));
    check('Chromium that is open: closed, un-stuck, and open again with the page that it was refused', () => same(guide.code, 0));
    says(guide, 'Close it now', 'Remove all this?', 'Are you in?', 'unstick undo');
    await until('it has ended', () => {  // one that is only just starting may miss a first signal
        const pid = holder();
        if (pid !== 0) {
            process.kill(pid, 'SIGTERM');
        }
        return pid === 0;
    });
} else {
    console.log('not tried with an open window: there is no display (xvfb-run)');
}
world.stop();
await new Promise((done) => setTimeout(done, 1000));  // the browser's children end soon after it
fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 20 });
finish();
