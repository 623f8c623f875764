// What the tests with the zoo's sites have in common: a server for the sites, a Chromium that was on all of them some time ago,
// and unstick.
import fs from 'node:fs';
import path from 'node:path';
import { close, executable, open } from './chromium.mjs';
import { ageCookies, ageWorkers } from './zoo_age.mjs';
import { allKeepsakes, domainOf, keepsakesHere, leaveKeepsakes, serveZoo } from './zoo_server.mjs';

export { domainOf };

/// Serves `sites`, and fills a profile below `scratch` with what they left there some time ago. They answer as they do today once
/// `beToday` was called. `thirdPartyBlocked`: the user has forbidden cookies of other sites since.
export async function openZoo(scratch, sites, { thirdPartyBlocked = false } = {}) {
    const profile = path.join(scratch, 'chromium');
    const zoo = await serveZoo(scratch, sites);
    const { world, isToday, addressOn, addressOf } = zoo;

    // --- The browser ---

    const browse = async (folder, work) => {
        const context = await open(folder, world, ['--host-resolver-rules=MAP * 127.0.0.1']);
        try {
            return await work(context);
        } finally {
            await close(context, folder);
        }
    };

    async function onPage(context, work) {
        const page = await context.newPage();
        try {
            return await work(page);
        } finally {
            await page.close();
        }
    }

    /// What a user sees in the end: "200 welcome", a status without a page, or the name of the browser's error.
    const meets = (context, site) => onPage(context, async (page) => {
        const circle = 10;  // navigations that follow one another
        let navigations = 0;
        let status = 0;
        const circles = new Promise((done) => page.on('framenavigated', () => ++navigations === circle && done('goes in circles')));
        page.on('response', (response) => {
            const request = response.request();
            status = request.isNavigationRequest() && request.frame() === page.mainFrame() ? response.status() : status;
        });
        const seen = page.goto(addressOf(site, isToday() && site.user ? site.user + '@' : ''))
            .then(() => page.waitForSelector('#said'))
            .then(() => site.waits && (site.waits === 'quiet' ? page.waitForLoadState('networkidle') : page.waitForSelector('[data-ended]', { state: 'attached' })))
            .then(async () => `${status} ${await page.locator('#said').textContent()}`)
            .catch((error) => {
                const name = /net::(ERR_\w+)/.exec(error.message)?.[1] ?? error.message;
                return name === 'ERR_HTTP_RESPONSE_CODE_FAILURE' ? String(status) : name;
            });
        const met = await Promise.race([seen, circles]);
        await page.route('**/*', (route) => route.abort());  // a page that goes on in circles cannot be closed
        return met;
    });

    const keepsakes = (page) => page.evaluate(keepsakesHere);
    const onKeepsakes = (context, site, work) => onPage(context, async (page) => {
        await page.goto(addressOn(site.hosts[0], '/keepsakes'));
        return work(page);
    });

    /// What `look` sees on every site, in order.
    const tour = (folder, look) => browse(folder, async (context) => {
        const seen = [];
        for (const site of sites) {
            seen.push(await look(context, site));
        }
        return seen;
    });

    /// With the re-test by the browser itself, which is told what ours is told, and may ask nobody but our servers.
    const byBrowser = ['--retest', 'browser', '--browser-program', executable, ...[
        '--no-sandbox', '--disable-quic', '--disable-features=LocalNetworkAccessChecks,NetworkTimeServiceQuerying,OptimizationHints,MediaRouter',
        `--ignore-certificate-errors-spki-list=${world.spki}`, `--host-resolver-rules=MAP *:443 127.0.0.1:${world.port}, MAP *:80 127.0.0.1:${world.plainPort}, MAP * 127.0.0.1`,
    ].map((argument) => `--browser-argument=${argument}`)];
    const byBrowserOn = (site) => [...byBrowser, ...(site.shows ? ['--expect-text', site.shows] : [])];

    // --- Some time ago ---

    await tour(profile, async (context, site) => {
        await onKeepsakes(context, site, (page) => page.evaluate(leaveKeepsakes));
        await meets(context, site);
    });
    for (const { hosts: [host], daysAgo, worker } of sites.filter((site) => site.daysAgo)) {
        ageCookies(profile, domainOf(host), daysAgo);
        if (worker) {
            ageWorkers(profile, host, daysAgo);
        }
    }

    /// As a user does it in the settings.
    function blockCookies(folder, host) {
        const file = `${folder}/Default/Preferences`;
        const preferences = JSON.parse(fs.readFileSync(file, 'utf8'));
        preferences.profile.content_settings.exceptions.cookies = { [`[*.]${host},*`]: { last_modified: '13350000000000000', setting: 2 } };
        fs.writeFileSync(file, JSON.stringify(preferences));
    }
    /// As the settings' "Block third-party cookies" does it.
    function blockThirdParty(folder) {
        const file = `${folder}/Default/Preferences`;
        const preferences = JSON.parse(fs.readFileSync(file, 'utf8'));
        preferences.profile = { ...preferences.profile, cookie_controls_mode: 1, block_third_party_cookies: true };
        fs.writeFileSync(file, JSON.stringify(preferences));
    }
    /// Cookies without an end live on after a restart, as the user has chosen in the settings.
    function keepSession(folder) {
        const file = `${folder}/Default/Preferences`;
        const preferences = JSON.parse(fs.readFileSync(file, 'utf8'));
        preferences.session = { ...preferences.session, restore_on_startup: 1 };
        fs.writeFileSync(file, JSON.stringify(preferences));
    }
    keepSession(profile);
    if (thirdPartyBlocked) {
        blockThirdParty(profile);
    }
    sites.filter((site) => site.cookiesBlocked).forEach((site) => blockCookies(profile, site.hosts[0]));

    return { ...zoo, profile, meets, keepsakes, allKeepsakes, onKeepsakes, tour, byBrowser, byBrowserOn };
}
