#include "profiles/gecko/remote_agent.h"

namespace unstick {

const std::string_view gecko_agent = R"js(async (given) => {
'use strict';
const win = Services.wm.getMostRecentWindow('navigator:browser');
if (!win?.gBrowserInit?.delayedStartupFinished) {
    return false;
}
const { gBrowser, setTimeout, clearTimeout } = win;
const page = 'page';

// --- What we say ---

let unsent = '';
let wake = null;
const tell = (message) => { unsent += JSON.stringify(message) + '\0'; wake?.(); wake = null; };
const event = (method, params) => tell({ method, params });

// --- What the page asks for ---

const idleAfter = 500;  // milliseconds
let browser = null;
let loads = 0;
let current = null;  // the page's own request: { id, url, reply, answered, failed }
let isLoaded = false;
let idleTimer = null;
const open = new Set();  // channels of what is in the page that have no end yet
const askedByWorkers = new Set();  // addresses

const isOurs = (info) => [info.browsingContextID, info.frameBrowsingContextID, info.targetBrowsingContextID]
    .some((id) => id && BrowsingContext.get(id)?.top === browser.browsingContext);
const isPage = (info) => info.externalContentPolicyType === Ci.nsIContentPolicy.TYPE_DOCUMENT;
const bare = (url) => url.split('#')[0];

function headersOf(channel) {
    const headers = {};
    const visitor = { visitHeader(name, value) { headers[name] = name in headers ? headers[name] + '\n' + value : value; } };
    try {
        channel.visitOriginalResponseHeaders(visitor);
    } catch {
        channel.visitResponseHeaders(visitor);
    }
    return headers;
}

function waitForQuiet() {
    clearTimeout(idleTimer);
    if (isLoaded && open.size === 0) {
        const { id } = current;
        idleTimer = setTimeout(() => event('Page.lifecycleEvent', { frameId: page, loaderId: id, name: 'networkIdle' }), idleAfter);
    }
}

/// A page begins to load, or is led on: by an answer, or by the browser itself to https (HSTS).
function onPageRequest(channel, info) {
    const url = channel.URI.spec;
    const isContinued = current && info.redirectChainIncludingInternalRedirects.length > 0;
    const before = current?.reply;
    if (isContinued && !before && bare(url) === bare(current.url)) {
        return;  // on its way through a worker
    }
    if (!isContinued) {
        current = { id: 'load-' + (++loads) };
        isLoaded = false;
        open.clear();
        askedByWorkers.clear();
    }
    Object.assign(current, { url, reply: null, answered: false, failed: false });
    const ledBy = { redirectResponse: before ?? { status: 307, headers: { Location: url, 'Non-Authoritative-Reason': 'HSTS' } } };
    event('Network.requestWillBeSent', { requestId: current.id, loaderId: current.id, frameId: page, type: 'Document',
        request: { url }, ...(isContinued ? ledBy : {}) });
}

const partOf = (channel) => 'part-' + channel.channelId;
const unimportant = [Ci.nsIContentPolicy.TYPE_BEACON, Ci.nsIContentPolicy.TYPE_PING];

/// What is in the page and is asked of the site; what a worker answers is not seen.
function onPartRequest(channel, info) {
    open.add(channel.channelId);
    event('Network.requestWillBeSent', { requestId: partOf(channel), frameId: 'part',
        type: unimportant.includes(info.externalContentPolicyType) ? 'Ping' : 'Other', request: { url: channel.URI.spec } });
    waitForQuiet();
}

function onRequest(channel) {
    const info = channel.loadInfo;
    if (isOurs(info)) {
        if (isPage(info)) {
            onPageRequest(channel, info);
        }
    } else if (info.triggeringPrincipal?.isSystemPrincipal) {
        channel.cancel(Cr.NS_ERROR_ABORT);  // what the browser would ask by itself, of its maker above all
    }
}

function onConnect(channel) {
    const info = channel.loadInfo;
    if (isOurs(info) && !isPage(info)) {
        onPartRequest(channel, info);
    }
}

const leadsOn = ({ status, headers }) => [301, 302, 303, 307, 308].includes(status) &&
    Object.keys(headers).some((name) => name.toLowerCase() === 'location');

function onResponse(channel, fromDiskCache) {
    const info = channel.loadInfo;
    const status = channel.responseStatus;
    if (!isOurs(info)) {
        askedByWorkers.add(bare(channel.URI.spec));
    } else if (!isPage(info)) {
        event('Network.responseReceived', { requestId: partOf(channel), response: { status } });
    } else if (current) {
        current.reply = { status, headers: headersOf(channel), fromDiskCache };
        if (!leadsOn(current.reply)) {
            current.answered = true;
            event('Network.responseReceived', { requestId: current.id, response: current.reply });
        }
    }
}

/// How Firefox calls what went wrong; of a connection that never became secure it has only the kind.
function nameOf(status, channel) {
    const name = channel?.securityInfo?.errorCodeString || Components.Exception('', status).name;
    if (name) {
        return name;
    }
    try {
        const { getErrorClass, ERROR_CLASS_BAD_CERT } = Cc['@mozilla.org/nss_errors_service;1'].getService(Ci.nsINSSErrorsService);
        return getErrorClass(status) === ERROR_CLASS_BAD_CERT ? 'SEC_ERROR_' : 'SSL_ERROR_';
    } catch {
        return 'NS_ERROR_' + status.toString(16);
    }
}
const isMere = (status) => [Cr.NS_BINDING_ABORTED, Cr.NS_BINDING_REDIRECTED, Cr.NS_BINDING_RETARGETED].includes(status);

function onPageFailure(status, channel) {
    if (!current || current.failed || (isMere(status) && !current.answered)) {
        return;
    }
    current.failed = true;
    event('Network.loadingFailed', { requestId: current.id, errorText: isMere(status) ? 'net::ERR_ABORTED' : nameOf(status, channel) });
}

function onStop(channel) {
    const info = channel.loadInfo;
    const { status } = channel;
    const failed = !Components.isSuccessCode(status);
    if (!isOurs(info)) {
        return;
    }
    if (isPage(info)) {
        if (failed && !isMere(status)) {
            onPageFailure(status, channel);
        }
        return;
    }
    open.delete(channel.channelId);
    event(failed ? 'Network.loadingFailed' : 'Network.loadingFinished', { requestId: partOf(channel),
        ...(failed ? { errorText: nameOf(status, channel), canceled: isMere(status) } : {}),
        ...(status === Cr.NS_ERROR_DOM_BAD_URI ? { corsErrorStatus: {} } : {}) });
    waitForQuiet();
}

const http = {
    'http-on-modify-request': onRequest,
    'http-on-before-connect': onConnect,
    'http-on-examine-response': (channel) => onResponse(channel, false),
    'http-on-examine-merged-response': (channel) => onResponse(channel, false),
    'http-on-examine-cached-response': (channel) => onResponse(channel, true),
    'http-on-stop-request': onStop,
};
const watcher = {
    observe(subject, topic) {
        if (subject instanceof Ci.nsIHttpChannel) {
            http[topic](subject);
        }
    },
};

/// The page has loaded. If a worker answered, only the page knows with what.
async function onLoad(load) {
    if (!load.answered) {
        const seen = await ask("(() => { const [one] = performance.getEntriesByType('navigation'); return { status: one?.responseStatus }; })()");
        if (load !== current) {
            return;
        }
        load.answered = true;
        event('Network.responseReceived', { requestId: load.id, response: { status: seen?.status || 200, headers: {}, fromServiceWorker: true,
            serviceWorkerResponseSource: askedByWorkers.has(bare(load.url)) ? 'network' : 'cache-storage' } });
    }
    isLoaded = true;
    event('Page.lifecycleEvent', { frameId: page, loaderId: load.id, name: 'load' });
    waitForQuiet();
}

const progress = {
    QueryInterface: ChromeUtils.generateQI(['nsIWebProgressListener', 'nsISupportsWeakReference']),
    onStateChange(where, request, flags, status) {
        const { STATE_STOP, STATE_IS_NETWORK } = Ci.nsIWebProgressListener;
        if (!where.isTopLevel || !(flags & STATE_STOP) || !(flags & STATE_IS_NETWORK) || !current) {
            return;
        }
        if (Components.isSuccessCode(status)) {
            onLoad(current);
        } else {
            onPageFailure(status);
        }
    },
};

/// Which window they come from is not said; pages are in our tab only.
const exceptions = {
    observe(message) {
        if (message instanceof Ci.nsIScriptError && message.category === 'content javascript' && !(message.flags & Ci.nsIScriptError.warningFlag)) {
            event('Runtime.exceptionThrown', { exceptionDetails: { exception: { description: message.errorMessage.slice(0, 100) } } });
        }
    },
};

/// Questions for a password, and what pages tell or ask: closed without an answer.
const dialogs = {
    observe(subject) {
        setTimeout(() => subject.document?.querySelector('dialog')?.cancelDialog?.(), 0);
    },
};

// --- A world of our own in the page, in which none of its scripts can answer ---

const patienceToAnswer = 2000;  // milliseconds
let asked = 0;
function ask(expression) {
    const name = 'unstick-' + (++asked);
    const script = `(() => {
        let value = null;
        try {
            value = Cu.evalInSandbox(${JSON.stringify(expression)}, new Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: true }));
        } catch {}
        sendAsyncMessage(${JSON.stringify(name)}, JSON.stringify(value) ?? 'null');
    })()`;
    const { messageManager } = browser;
    return new Promise((done) => {
        const answer = (value) => {
            clearTimeout(timer);
            messageManager.removeMessageListener(name, listener);
            done(value);
        };
        const listener = { receiveMessage: ({ data }) => answer(JSON.parse(data)) };
        const timer = setTimeout(() => answer(null), patienceToAnswer);
        messageManager.addMessageListener(name, listener);
        messageManager.loadFrameScript('data:text/javascript;charset=utf-8,' + encodeURIComponent(script), false);
    });
}

// --- What we are told ---

/// Cookies without an end, which the browser would bring back with the tabs.
async function bringBackSession() {
    for (const name of ['sessionstore.jsonlz4', 'sessionstore-backups/recovery.jsonlz4']) {
        const path = PathUtils.join(PathUtils.profileDir, ...name.split('/'));
        if (await IOUtils.exists(path)) {
            const { cookies } = JSON.parse(await IOUtils.readUTF8(path, { decompress: true }));
            const { SessionCookies } = ChromeUtils.importESModule('resource:///modules/sessionstore/SessionCookies.sys.mjs');
            SessionCookies.restore(cookies ?? []);
            return;
        }
    }
}

function setPreference(name, value) {
    const { prefs } = Services;
    ({ boolean: prefs.setBoolPref, number: prefs.setIntPref, string: prefs.setStringPref })[typeof value].call(prefs, name, value);
}

const system = () => Services.scriptSecurityManager.getSystemPrincipal();
let pastCaches = false;
const methods = {
    async 'Target.createTarget'() {
        const names = Cc['@mozilla.org/network/native-dns-override;1'].getService(Ci.nsINativeDNSResolverOverride);
        given.addresses.forEach(([host, address]) => names.addIPOverride(host, address));
        Object.entries(given.preferences).forEach(([name, value]) => setPreference(name, value));
        if (given.keepsSession) {
            await bringBackSession().catch(() => {});
        }
        const tab = gBrowser.addTab('about:blank', { triggeringPrincipal: system() });
        gBrowser.selectedTab = tab;
        browser = tab.linkedBrowser;
        browser.addProgressListener(progress, Ci.nsIWebProgress.NOTIFY_ALL);
        Object.keys(http).forEach((topic) => Services.obs.addObserver(watcher, topic));
        Services.obs.addObserver(dialogs, 'common-dialog-loaded');
        Services.console.registerListener(exceptions);
        win.unstick.kept = [progress, watcher, dialogs, exceptions];  // some are held weakly
        return { targetId: page };
    },
    'Target.attachToTarget': () => ({ sessionId: 'session' }),
    'Network.setBypassServiceWorker'() { Services.prefs.setBoolPref('dom.serviceWorkers.enabled', false); },
    'Network.setCacheDisabled'() { pastCaches = true; },
    /// How many, and nothing of them.
    'Network.getCookies'({ urls: [url] }) {
        const { host } = Services.io.newURI(url);
        const isFor = (cookie) => host === cookie.rawHost || (cookie.isDomain && host.endsWith('.' + cookie.rawHost));
        return { cookies: Services.cookies.cookies.filter(isFor).map(() => ({})) };
    },
    'Page.navigate'({ url }) {
        if (pastCaches) {
            browser.browsingContext.defaultLoadFlags = Ci.nsIRequest.LOAD_BYPASS_CACHE;
        }
        browser.loadURI(Services.io.newURI(url), { triggeringPrincipal: system(),
            loadFlags: pastCaches ? Ci.nsIWebNavigation.LOAD_FLAGS_BYPASS_CACHE : Ci.nsIWebNavigation.LOAD_FLAGS_NONE });
    },
    'Page.createIsolatedWorld': () => ({ executionContextId: 1 }),
    async 'Runtime.evaluate'({ expression }) { return { result: { value: await ask(expression) } }; },
    'Browser.close'() { Services.startup.quit(Ci.nsIAppStartup.eForceQuit); },
};

win.unstick = {
    async hear(text) {
        const { id, method, params } = JSON.parse(text);
        try {
            tell({ id, result: await methods[method]?.(params) ?? {} });
        } catch (error) {
            tell({ id, error: { message: String(error).slice(0, 200) } });
        }
    },
    async next() {
        if (!unsent) {
            await new Promise((go) => { wake = go; });
        }
        const part = unsent.slice(0, 5000);
        unsent = unsent.slice(part.length);
        return part;
    },
};
return true;
})js";

}  // namespace unstick
