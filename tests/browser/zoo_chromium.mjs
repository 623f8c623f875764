// Chromium, as the zoo's visitor. Each visitor of the zoo (zoo_firefox.mjs is another) has the same members.
import fs from 'node:fs';
import { close, executable, open } from './chromium.mjs';
import { ageCookies, ageWorkers } from './zoo_age.mjs';
import { domainOf } from './zoo_server.mjs';

async function onPage(context, work) {
    const page = await context.newPage();
    try {
        return await work(page);
    } finally {
        await page.close();
    }
}

function changePreferences(folder, change) {
    const file = `${folder}/Default/Preferences`;
    const preferences = JSON.parse(fs.readFileSync(file, 'utf8'));
    change(preferences);
    fs.writeFileSync(file, JSON.stringify(preferences));
}

export const chromium = {
    id: 'chromium',

    /// A file that is there while it is open on a profile.
    lock: 'SingletonLock',

    /// How `fix` goes on where the browser itself is asked.
    byItself: '--escalate',

    /// Opens it on a profile, of the zoo's `world`, for `work`, and closes it.
    async browse(folder, { world }, work) {
        const context = await open(folder, world, ['--host-resolver-rules=MAP * 127.0.0.1']);
        try {
            return await work(context);
        } finally {
            await close(context, folder);
        }
    },

    /// What a user sees of an address in the end: "200 welcome", a status without a page, or the name of the browser's error.
    meets: (context, address, { waits }) => onPage(context, async (page) => {
        const circle = 10;  // navigations that follow one another
        let navigations = 0;
        let status = 0;
        const circles = new Promise((done) => page.on('framenavigated', () => ++navigations === circle && done('goes in circles')));
        page.on('response', (response) => {
            const request = response.request();
            status = request.isNavigationRequest() && request.frame() === page.mainFrame() ? response.status() : status;
        });
        const seen = page.goto(address)
            .then(() => page.waitForSelector('#said'))
            .then(() => waits && (waits === 'quiet' ? page.waitForLoadState('networkidle') : page.waitForSelector('[data-ended]', { state: 'attached' })))
            .then(async () => `${status} ${await page.locator('#said').textContent()}`)
            .catch((error) => {
                const name = /net::(ERR_\w+)/.exec(error.message)?.[1] ?? error.message;
                return name === 'ERR_HTTP_RESPONSE_CODE_FAILURE' ? String(status) : name;
            });
        const met = await Promise.race([seen, circles]);
        await page.route('**/*', (route) => route.abort());  // a page that goes on in circles cannot be closed
        return met;
    }),

    /// What `work`, a function for a page, says on the page of an address.
    inPage: (context, address, work) => onPage(context, async (page) => {
        await page.goto(address);
        return page.evaluate(work);
    }),

    /// Listens to what hosts the browser asks when unstick is told `options`.
    async overhear({ world }) {
        world.log.length = 0;
        return { options: [], asked: () => world.log.map((line) => line.split(/[:/]/)[0]), stop() {} };
    },

    /// What unstick is told for the re-test by the browser itself: what ours is told; it may ask nobody but our servers.
    byBrowser: ({ world }) => ['--retest', 'browser', '--browser-program', executable, ...[
        '--no-sandbox', '--disable-quic', '--disable-features=LocalNetworkAccessChecks,NetworkTimeServiceQuerying,OptimizationHints,MediaRouter',
        `--ignore-certificate-errors-spki-list=${world.spki}`, `--host-resolver-rules=MAP *:443 127.0.0.1:${world.port}, MAP *:80 127.0.0.1:${world.plainPort}, MAP * 127.0.0.1`,
    ].map((argument) => `--browser-argument=${argument}`)],

    // --- A closed profile ---

    /// Days pass for a site.
    age(folder, { hosts: [host], daysAgo, worker }) {
        ageCookies(folder, domainOf(host), daysAgo);
        if (worker) {
            ageWorkers(folder, host, daysAgo);
        }
    },
    /// As a user does it in the settings, for a site by its origin.
    blockCookies: (folder, origin) => changePreferences(folder, ({ profile }) => {
        profile.content_settings.exceptions.cookies = { [`[*.]${new URL(origin).hostname},*`]: { last_modified: '13350000000000000', setting: 2 } };
    }),
    /// As the settings' "Block third-party cookies" does it.
    blockThirdParty: (folder) => changePreferences(folder, (preferences) => {
        preferences.profile = { ...preferences.profile, cookie_controls_mode: 1, block_third_party_cookies: true };
    }),
    /// Cookies without an end live on after a restart, as the user has chosen in the settings.
    keepSession: (folder) => changePreferences(folder, (preferences) => {
        preferences.session = { ...preferences.session, restore_on_startup: 1 };
    }),
};
