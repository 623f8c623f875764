// A real Firefox on a profile, asked over its own debugger's server on a socket in a private folder, and closed cleanly. No WebDriver:
// a session of that wipes what Firefox keeps of orders to use https.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { until } from './until.mjs';

export const executable = [process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'].find((file) => file && fs.existsSync(file));

const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

const nowhere = 'http://127.0.0.1:9/';  // nobody listens there
const quiet = {
    'devtools.debugger.remote-enabled': true, 'devtools.chrome.enabled': true, 'devtools.debugger.prompt-connection': false,
    'app.normandy.enabled': false, 'app.update.enabled': false, 'browser.aboutwelcome.enabled': false, 'browser.discovery.enabled': false,
    'browser.newtabpage.enabled': false, 'browser.preonboarding.enabled': false, 'browser.region.network.url': '',
    'browser.safebrowsing.malware.enabled': false, 'browser.safebrowsing.phishing.enabled': false, 'browser.search.update': false,
    'browser.shell.checkDefaultBrowser': false, 'browser.startup.page': 0, 'browser.topsites.contile.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false, 'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
    'dom.push.connection.enabled': false, 'extensions.getAddons.cache.enabled': false, 'extensions.update.enabled': false,
    'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false,
    'network.http.speculative-parallel-limit': 0, 'network.lna.enabled': false, 'network.lna.blocking': false,
    // One process for all pages: what Firefox keeps of them is the same, and a process for each site costs most of the time.
    'dom.ipc.processCount': 1, 'dom.ipc.processPrelaunch.enabled': false, 'extensions.webextensions.remote': false,
    'fission.webContentIsolationStrategy': 0,
    'privacy.userContext.enabled': true, 'services.settings.server': nowhere, 'signon.management.page.breach-alerts.enabled': false,
    'termsofuse.bypassNotification': true, 'toolkit.telemetry.reportingpolicy.firstRun': false, 'toolkit.telemetry.server': nowhere,
    'trailhead.firstrun.didSeeAboutWelcome': true,
};

/// Preferences of the tests: all go through the proxy, also what is called localhost.
export const through = (proxy) => ({
    'network.proxy.type': 1, 'network.proxy.http': '127.0.0.1', 'network.proxy.ssl': '127.0.0.1',
    'network.proxy.http_port': Number(new URL(proxy.address).port), 'network.proxy.ssl_port': Number(new URL(proxy.address).port),
    'network.proxy.no_proxies_on': '', 'network.proxy.allow_hijacking_localhost': true,
});

// --- The debugger's server: "LENGTH:JSON", one after the other ---

class Wire {
    constructor(socket) {
        this.socket = socket;
        this.heard = Buffer.alloc(0);
        this.waiting = [];
        this.packets = [];
        socket.on('data', (bytes) => this.take(bytes)).on('error', () => {}).on('close', () => {
            this.closed = true;
            this.wake();
        });
    }

    wake() {
        this.waiting.splice(0).forEach((go) => go());
    }

    take(bytes) {
        this.heard = Buffer.concat([this.heard, bytes]);
        for (let colon; (colon = this.heard.indexOf(':')) > 0;) {
            const end = colon + 1 + Number(this.heard.subarray(0, colon));
            if (this.heard.length < end) {
                break;
            }
            this.packets.push(JSON.parse(this.heard.subarray(colon + 1, end)));
            this.heard = this.heard.subarray(end);
        }
        this.wake();
    }

    async next(isWanted) {
        for (;;) {
            const at = this.packets.findIndex(isWanted);
            if (at >= 0) {
                return this.packets.splice(at, 1)[0];
            }
            if (this.closed) {
                throw new Error('Firefox has closed the connection');
            }
            await new Promise((go) => this.waiting.push(go));
        }
    }

    send(packet) {
        const text = JSON.stringify(packet);
        this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    }

    async ask(packet) {
        this.send(packet);
        const answer = await this.next((one) => one.from === packet.to && !one.type);
        if (answer.error) {
            throw new Error(`${answer.error}: ${answer.message}`);
        }
        return answer;
    }
}

// Runs in the page or frame itself. Its module has to be a file that pages' processes can read.
const actor = `export class UnstickTestsChild extends JSWindowActorChild {
    async receiveMessage({ data: { work, argument } }) {
        const page = Cu.waiveXrays(this.contentWindow);
        return page.eval('(async () => JSON.stringify(await (' + work + ')(' + argument + ')) ?? "null")()');
    }
}
export class UnstickTestsParent extends JSWindowActorParent {}`;

/// Runs in the browser's own window, with its rights: what the driver asks for.
function prepare({ folder, addresses }) {
    const names = Cc['@mozilla.org/network/native-dns-override;1'].getService(Ci.nsINativeDNSResolverOverride);
    addresses.forEach((host) => names.addIPOverride(host, '127.0.0.1'));
    const place = Cc['@mozilla.org/file/local;1'].createInstance(Ci.nsIFile);
    place.initWithPath(folder);
    Services.io.getProtocolHandler('resource').QueryInterface(Ci.nsIResProtocolHandler)
        .setSubstitution('unstick-tests', Services.io.newFileURI(place));
    const module = 'resource://unstick-tests/actor.sys.mjs';
    ChromeUtils.registerWindowActor('UnstickTests', { parent: { esModuleURI: module }, child: { esModuleURI: module }, allFrames: true });
    /// Loads an address in a new tab: what it came to, when all of it has loaded.
    const load = (address, container) => new Promise((done) => {
        const principal = Services.scriptSecurityManager.getSystemPrincipal();
        const tab = gBrowser.addTab('about:blank', { triggeringPrincipal: principal, userContextId: container });
        const listener = {
            QueryInterface: ChromeUtils.generateQI(['nsIWebProgressListener', 'nsISupportsWeakReference']),
            onStateChange(progress, request, flags, status) {
                const { STATE_STOP, STATE_IS_NETWORK } = Ci.nsIWebProgressListener;
                if (progress.isTopLevel && (flags & STATE_STOP) && (flags & STATE_IS_NETWORK) && tab.linkedBrowser.currentURI.spec !== 'about:blank') {
                    tab.linkedBrowser.removeProgressListener(listener);
                    done(tab);
                }
            },
        };
        tab.linkedBrowser.addProgressListener(listener, Ci.nsIWebProgress.NOTIFY_ALL);
        gBrowser.selectedTab = tab;
        tab.linkedBrowser.loadURI(Services.io.newURI(address), { triggeringPrincipal: principal });
        tab.unstickListener = listener;  // it is held weakly
    });
    /// What a page says of itself, if it is there.
    const said = (tab) => tab.linkedBrowser.browsingContext.currentWindowGlobal?.getActor('UnstickTests')
        .sendQuery('run', { argument: 'null', work: `() => { const [load] = performance.getEntriesByType('navigation');
            const text = document.querySelector('#said')?.textContent ?? null; return text === null ? null : { status: load.responseStatus, text }; }` })
        .then(JSON.parse, () => null);
    globalThis.unstickTests = {
        /// Opens an address in a new tab: { status, said } when it has loaded and says something (and asks for nothing more, if it
        /// `waits`), or { error }, Firefox's name of it, or { circles }, after as many pages that led to each other.
        async meets({ address, waits }) {
            const principal = Services.scriptSecurityManager.getSystemPrincipal();
            const tab = gBrowser.addTab('about:blank', { triggeringPrincipal: principal });
            const seen = { error: null, pages: 0, busy: true };
            const listener = {
                QueryInterface: ChromeUtils.generateQI(['nsIWebProgressListener', 'nsISupportsWeakReference']),
                onStateChange(progress, request, flags, status) {
                    const { STATE_START, STATE_STOP, STATE_IS_NETWORK } = Ci.nsIWebProgressListener;
                    if (!progress.isTopLevel || !(flags & STATE_IS_NETWORK)) {
                        return;
                    }
                    seen.busy = Boolean(flags & STATE_START);
                    seen.pages += seen.busy ? 1 : 0;
                    if ((flags & STATE_STOP) && !Components.isSuccessCode(status) && status !== Cr.NS_BINDING_ABORTED) {
                        seen.error = Components.Exception('', status).name || 'not secure';
                    }
                },
            };
            tab.linkedBrowser.addProgressListener(listener, Ci.nsIWebProgress.NOTIFY_ALL);
            gBrowser.selectedTab = tab;
            tab.linkedBrowser.loadURI(Services.io.newURI(address), { triggeringPrincipal: principal });
            const most = 10;
            let last = null;
            const isOver = (quiet) => seen.error || seen.pages >= most || quiet >= (waits ? 10 : 1) && last !== null;
            for (let quiet = 0; !isOver(quiet);) {
                await new Promise((done) => setTimeout(done, 100));
                const now = await said(tab);
                quiet = now?.text === last?.text && !seen.busy ? quiet + 1 : 0;
                last = now;
            }
            tab.linkedBrowser.removeProgressListener(listener);
            gBrowser.removeTab(tab);
            return seen.error ? { error: seen.error } : seen.pages >= most ? { circles: seen.pages } : { status: last.status, said: last.text };
        },
        /// Runs `work` in the innermost frame of a page, in a new tab, which stays if `keep`.
        async inPage({ address, container, work, argument, keep }) {
            const tab = await load(address, container);
            try {
                let context = tab.linkedBrowser.browsingContext;
                while (context.children.length > 0) {
                    context = context.children[0];
                }
                return await context.currentWindowGlobal.getActor('UnstickTests').sendQuery('run', { work, argument });
            } finally {
                if (!keep) {
                    gBrowser.removeTab(tab);
                }
            }
        },
    };
}

class Firefox {
    constructor(child, ended, wire, target, console, scratch) {
        Object.assign(this, { child, ended, wire, target, console, scratch });
    }

    /// Runs a function with the browser's rights: what it returns, as JSON.
    async js(work, argument) {
        const parts = 5000;  // a longer text comes in pieces
        // What a promise is rejected with would not be told: it is caught here.
        const length = await this.evaluate(`(async () => {
            const answer = await (async () => (${work})(${JSON.stringify(argument ?? null)}))().then((value) => ({ value: value ?? null }), (error) => ({ error: String(error) }));
            globalThis.unstickAnswer = JSON.stringify(answer);
            return globalThis.unstickAnswer.length;
        })()`);
        let answer = '';
        while (answer.length < length) {
            answer += await this.evaluate(`globalThis.unstickAnswer.slice(${answer.length}, ${answer.length + parts})`);
        }
        const { value, error } = JSON.parse(answer);
        if (error) {
            throw new Error('in Firefox: ' + error);
        }
        return value;
    }

    async evaluate(text) {
        const { resultID } = await this.wire.ask({ to: this.console, type: 'evaluateJSAsync', text, mapped: { await: true } });
        const answer = await this.wire.next((one) => one.type === 'evaluationResult' && one.resultID === resultID);
        if (answer.hasException || answer.topLevelAwaitRejected) {
            throw new Error(`in Firefox: ${answer.exceptionMessage ?? JSON.stringify(answer.exception)}`.slice(0, 2000));
        }
        return answer.result;
    }

    /// Runs a function in the innermost frame of a page, opened in a tab of its own.
    async inPage(address, work, argument, { container = 0, keep = false } = {}) {
        return JSON.parse(await this.js((given) => globalThis.unstickTests.inPage(given),
            { address, container, keep, work: String(work), argument: JSON.stringify(argument ?? null) }));
    }

    /// Closes it as its user does, and waits until its process has ended.
    async close() {
        this.wire.send({ to: this.console, type: 'evaluateJSAsync', text: 'Services.startup.quit(Ci.nsIAppStartup.eAttemptQuit)' });
        await this.gone();
    }

    async kill() {
        this.child.kill('SIGKILL');
        await this.gone();
    }

    async gone() {
        await this.ended;
        fs.rmSync(this.scratch, { recursive: true, force: true });
    }
}

/// Starts a Firefox and leaves it alone: { child, ended, words }.
export function start(folder, args = [], home = folder + '-home') {
    fs.mkdirSync(home, { recursive: true });
    const child = spawn(executable, ['--headless', '--no-remote', '--profile', folder, ...args], {
        env: { ...process.env, HOME: home, XDG_CACHE_HOME: home + '/.cache', MOZ_CRASHREPORTER_DISABLE: '1', MOZ_DISABLE_CONTENT_SANDBOX: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    const started = { child, words: '' };
    for (const stream of ['stdout', 'stderr']) {
        child[stream].setEncoding('utf8').on('data', (text) => { started.words += text; });
    }
    started.ended = new Promise((done) => child.on('close', (code, signal) => {
        children.delete(child);
        done({ code, signal });
    }));
    return started;
}

/// Opens `folder` as a profile. `authority`: a certificate (PEM) to trust. `preferences` stay in the profile.
/// `here`: hosts that are this computer, for this time.
export async function open(folder, { authority, preferences = {}, here = [], args = [] } = {}) {
    if (!executable) {
        throw new Error('Firefox is not installed: ./scripts/setup installs it');
    }
    fs.mkdirSync(folder, { recursive: true });
    const lines = Object.entries({ ...quiet, ...preferences }).map((entry) => `user_pref(${entry.map((one) => JSON.stringify(one)).join(', ')});\n`);
    fs.writeFileSync(`${folder}/user.js`, lines.join(''));
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-ff-'));
    fs.writeFileSync(`${scratch}/actor.sys.mjs`, actor);
    const started = start(folder, ['--start-debugger-server', `${scratch}/s`, ...args]);
    const { child, ended } = started;
    let over = null;
    ended.then((end) => { over = end; });
    let socket = null;
    await until('Firefox listens', async () => {
        if (over) {
            throw new Error(`Firefox has ended: ${JSON.stringify(over)} ${started.words}`);
        }
        socket = await new Promise((done) => {
            const one = net.connect(`${scratch}/s`, () => done(one)).on('error', () => done(null));
        });
        return socket;
    });
    const wire = new Wire(socket);
    await wire.next((one) => one.from === 'root');
    const { processDescriptor } = await wire.ask({ to: 'root', type: 'getProcess', id: 0 });
    const { process: target } = await wire.ask({ to: processDescriptor.actor, type: 'getTarget' });
    const firefox = new Firefox(child, ended, wire, target.actor, target.consoleActor, scratch);
    await until('its window is complete', () => firefox.evaluate(
        `location.href === 'chrome://browser/content/browser.xhtml' && !!globalThis.gBrowserInit?.delayedStartupFinished`));
    await firefox.js(prepare, { folder: scratch, addresses: here });
    if (authority) {
        await firefox.js((pem) => {
            const text = pem.replace(/-----[^-]+-----|\s/g, '');
            Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB).addCertFromBase64(text, 'C,,');
        }, String(authority));
    }
    return firefox;
}
