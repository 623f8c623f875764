// A real Chromium on a profile, driven and closed cleanly.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { chromium } from 'playwright-core';

export const executable = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((p) => fs.existsSync(p));

/// Opens `folder` as user data directory. Requests for any host go to the world's server.
export async function open(folder, world, more = []) {
    if (!executable) {
        throw new Error('Chromium is not installed: ./scripts/setup installs it');
    }
    return chromium.launchPersistentContext(folder, {
        executablePath: executable,
        headless: true,
        chromiumSandbox: false,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync', '--password-store=basic',
            '--disable-features=LocalNetworkAccessChecks', `--ignore-certificate-errors-spki-list=${world.spki}`,
            `--host-resolver-rules=MAP * 127.0.0.1:${world.port}`, '--restore-last-session', ...more],
    });
}

/// Closes it and waits until its process has let go of the profile.
export async function close(context, folder) {
    await context.close();
    for (let i = 0; i < 100; ++i) {
        try {
            fs.lstatSync(`${folder}/SingletonLock`);
        } catch {
            return;
        }
        await new Promise((r) => setTimeout(r, 100));
    }
    throw new Error('Chromium did not let go of ' + folder);
}

/// Runs `look` in Chromium on a copy of the profile: looking changes things, the profile itself stays as it is.
export async function onCopy(folder, world, look) {
    const copy = folder + '-copy';
    execFileSync('cp', ['-a', folder, copy]);
    try {
        const context = await open(copy, world);
        try {
            return await look(context);
        } finally {
            await close(context, copy);
        }
    } finally {
        fs.rmSync(copy, { recursive: true, force: true });
    }
}
