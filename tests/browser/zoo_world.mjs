// What the tests with the zoo's sites have in common: a server for the sites, a browser that was on all of them some time ago,
// and unstick.
import path from 'node:path';
import { chromium } from './zoo_chromium.mjs';
import { firefox } from './zoo_firefox.mjs';
import { allKeepsakes, domainOf, keepsakesHere, leaveKeepsakes, serveZoo } from './zoo_server.mjs';

export { allKeepsakes, domainOf };

/// The browser that the test's arguments name.
export const browser = process.argv.includes('firefox') ? firefox : chromium;

/// The sites as the browser sees them: with what is otherwise there. Those are left out of which a text says why.
export const seenBy = (visitor, sites) => sites.filter((site) => typeof site[visitor.id] !== 'string')
    .map((site) => ({ ...site, ...site[visitor.id] }));

/// Serves `sites`, and fills a profile below `scratch` with what they left there some time ago. They answer as they do today once
/// `beToday` was called. `thirdPartyBlocked`: the user has forbidden cookies of other sites since.
export async function openZoo(scratch, sites, { visitor = chromium, thirdPartyBlocked = false } = {}) {
    const profile = path.join(scratch, visitor.id);
    const zoo = await serveZoo(scratch, sites);
    const { isToday, addressOn, addressOf } = zoo;

    /// What a user sees in the end.
    const meets = (opened, site) => visitor.meets(opened, addressOf(site, isToday() && site.user ? site.user + '@' : ''), site);
    const onKeepsakes = (opened, site, work) => visitor.inPage(opened, addressOn(site.hosts[0], '/keepsakes'), work);
    const keepsakes = (opened, site) => onKeepsakes(opened, site, keepsakesHere);

    /// What `look` sees on every site, in order.
    const tour = (folder, look) => visitor.browse(folder, zoo, async (opened) => {
        const seen = [];
        for (const site of sites) {
            seen.push(await look(opened, site));
        }
        return seen;
    });

    const byBrowser = visitor.byBrowser(zoo);
    const byBrowserOn = (site) => [...byBrowser, ...(site.shows ? ['--expect-text', site.shows] : [])];

    // --- Some time ago ---

    await tour(profile, async (opened, site) => {
        await onKeepsakes(opened, site, leaveKeepsakes);
        await meets(opened, site);
    });
    sites.filter((site) => site.daysAgo).forEach((site) => visitor.age(profile, site));
    visitor.keepSession(profile);
    if (thirdPartyBlocked) {
        visitor.blockThirdParty(profile);
    }
    sites.filter((site) => site.cookiesBlocked).forEach((site) => visitor.blockCookies(profile, addressOn(site.hosts[0], '')));

    return { ...zoo, profile, meets, keepsakes, tour, byBrowser, byBrowserOn };
}
