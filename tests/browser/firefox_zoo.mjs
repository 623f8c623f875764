// The zoo's sites, a Firefox that was on all of them some time ago, and unstick.
import path from 'node:path';
import { executable, open } from './firefox.mjs';
import { keepsakesHere, leaveKeepsakes, serveZoo } from './zoo_server.mjs';

/// How zoo_animals.mjs calls what Firefox calls otherwise.
const errors = { NS_ERROR_REDIRECT_LOOP: 'ERR_TOO_MANY_REDIRECTS', 'not secure': 'ERR_SSL_PROTOCOL_ERROR' };

/// As openZoo of zoo_world.mjs, with the parts that tests with Firefox use.
export async function openFirefoxZoo(scratch, sites) {
    const profile = path.join(scratch, 'firefox');
    const zoo = await serveZoo(scratch, sites);
    const { world, addressOn, addressOf } = zoo;

    const browse = async (folder, work) => {
        const firefox = await open(folder, { authority: world.cert, preferences: { 'browser.startup.page': 3 }, here: sites.flatMap((site) => site.hosts) });
        try {
            return await work(firefox);
        } finally {
            await firefox.close();
        }
    };

    /// What a user sees in the end: "200 welcome", or the name of the browser's error.
    async function meets(firefox, site) {
        const { status, said, error, circles } = await firefox.js((given) => globalThis.unstickTests.meets(given),
            { address: addressOf(site), waits: site.waits ?? false });
        return error ? errors[error] ?? error : circles ? 'goes in circles' : `${status} ${said}`;
    }
    const onKeepsakes = (firefox, site, work) => firefox.inPage(addressOn(site.hosts[0], '/keepsakes'), work);
    const keepsakes = (firefox, site) => onKeepsakes(firefox, site, keepsakesHere);

    /// What `look` sees on every site, in order.
    const tour = (folder, look) => browse(folder, async (firefox) => {
        const seen = [];
        for (const site of sites) {
            seen.push(await look(firefox, site));
        }
        return seen;
    });

    // The profile itself has the authority; where the names lead, unstick is told for both its clients.
    const byBrowserOn = (site) => ['--retest', 'browser', '--browser-program', executable, ...(site.shows ? ['--expect-text', site.shows] : [])];

    await tour(profile, async (firefox, site) => {
        await onKeepsakes(firefox, site, leaveKeepsakes);
        await meets(firefox, site);
    });
    return { ...zoo, profile, meets, keepsakes, tour, byBrowserOn };
}
