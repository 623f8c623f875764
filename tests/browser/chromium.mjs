// A real Chromium on a profile, driven and closed cleanly.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { patience, until } from './until.mjs';

export { until };

const driver = await import('playwright-core').then((module) => module.chromium, () => null);

/// The system's Chromium, or the one that the driver can install where the system has none outside a sandbox of its own.
export const executable = [process.env.CHROMIUM, '/usr/bin/chromium', driver?.executablePath()]
    .find((file) => file && fs.existsSync(file));

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--password-store=basic'];
const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/// Opens `folder` as user data directory. Requests for any host go to the world's server.
export async function open(folder, world, more = []) {
    if (!driver || !executable) {
        throw new Error(`${driver ? 'Chromium' : 'playwright-core'} is not installed: ./scripts/setup installs it`);
    }
    const context = await driver.launchPersistentContext(folder, {
        timeout: patience * 1000,
        executablePath: executable,
        headless: true,
        chromiumSandbox: false,
        args: [...flags, '--disable-features=LocalNetworkAccessChecks', `--ignore-certificate-errors-spki-list=${world.spki}`,
            `--host-resolver-rules=MAP *:8080 127.0.0.1:${world.plainPort}, MAP * 127.0.0.1:${world.port}`, '--restore-last-session', ...more],
    });
    context.setDefaultTimeout(patience * 1000);
    return context;
}

/// Closes it and waits until its process has let go of the profile.
export async function close(context, folder) {
    await context.close();
    await until('Chromium lets go of ' + folder, () => !fs.lstatSync(`${folder}/SingletonLock`, { throwIfNoEntry: false }));
}

/// Runs `look` in Chromium on a copy of the profile: looking changes things, the profile itself stays as it is.
export async function onCopy(folder, world, look, more = []) {
    const copy = folder + '-copy';
    execFileSync('cp', ['-a', folder, copy]);
    try {
        const context = await open(copy, world, more);
        try {
            return await look(context, copy);
        } finally {
            await close(context, copy);
        }
    } finally {
        fs.rmSync(copy, { recursive: true, force: true });
    }
}

/// Starts it as a user does, without a driver: { child, ended }, when it holds the profile and has its page open.
export async function start(folder) {
    const port = `${folder}/DevToolsActivePort`;
    fs.rmSync(port, { force: true });
    const child = spawn(executable, ['--headless=new', ...flags, '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'], { stdio: 'ignore' });
    children.add(child);
    const ended = new Promise((done) => child.on('exit', (code, signal) => {
        children.delete(child);
        done({ code, signal });
    }));
    await until('Chromium has its page open', async () => {
        const [number] = fs.existsSync(port) ? fs.readFileSync(port, 'utf8').split('\n') : [];
        const pages = number ? await fetch(`http://127.0.0.1:${number}/json/list`).then((answer) => answer.json(), () => []) : [];
        return pages.some(({ url }) => url === 'about:blank');
    });
    return { child, ended };
}
