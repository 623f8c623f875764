// Sites for the proof by experiment, as those of zoo_animals.mjs: some on which a browser is stuck for what no rule can know, and
// some on which nothing is wrong though it looks like it. `removes` is what has to go, by store;
// `keeps`: what is left of the keepsakes, if not all; `tells: false`: what it shows does not tell whether the browser is stuck;
// `waits`: it says something before it has come to an end ('quiet': and has no script that knows when).
import { cookies, notFound, runs, says, script, storageAsOne, to, tooManyRedirects, welcome } from './zoo_animals.mjs';

const manyWith = (...list) => says('welcome', cookies('theme=dark; Path=/', 'visited=1; Path=/', 'region=eu; Path=/', 'beta=0; Path=/',
    'tour=done; Path=/', ...list));
const fails = "throw new TypeError('state is undefined')";

/// No rule that looks at what is stored alone names what is wrong.
export const unnamed = [
    {   // What a neighbour on the same domain has set cannot be read by this one's server.
        model: 'ajnart/homarr#740', hosts: ['app.neighbour.test'],
        then: () => manyWith('sso_prefs=100%; Path=/; Domain=neighbour.test'),
        now: ({ sent }) => (sent('sso_prefs').length > 0 ? says('Internal Server Error', {}, 500) : welcome),
        meets: '500 Internal Server Error', removes: { Cookies: 1 },
    },
    {   // The count of chunks is left of a longer session, and so are the chunks.
        model: 'OpenIDC/mod_auth_openidc#450', hosts: ['chunks.test'],
        then: () => manyWith('oidc_session_0=old; Path=/; Secure', 'oidc_session_count=1; Path=/; Secure'),
        now: ({ path, sent }) => (path === '/login' ? to('/', cookies('oidc_session=new; Path=/; Secure'))
            : sent('oidc_session_count').length === 0 && sent('oidc_session')[0] === 'new' ? welcome : to('/login')),
        meets: tooManyRedirects, removes: { Cookies: 1 },
    },
    {   // Either of two is enough to be refused: both have to go.
        model: 'auth0/nextjs-auth0#465', hosts: ['either.test'],
        then: () => manyWith('appSession=old; Path=/; Secure', 'appSession.0=old; Path=/; Secure'),
        now: ({ sent }) => (sent('appSession').length + sent('appSession.0').length > 0 ? says('Bad Request', {}, 400) : welcome),
        meets: '400 Bad Request', removes: { Cookies: 2 },
    },
    {   // A state that an older version of the scripts has kept: the page stays white.
        model: 'cryostatio/cryostat-web#753', hosts: ['state.test'],
        then: () => runs("localStorage.setItem('layout', '{\"v\":1}'); localStorage.setItem('recent', '[]'); say('welcome');"),
        now: () => runs(`if ((localStorage.getItem('layout') ?? '"v":2').includes('"v":1')) { say('<br>'); ${fails}; } say('welcome');`),
        meets: '200 ', removes: { 'Local storage': 1 },
        firefox: storageAsOne(),
    },
    {   // A database without the object store that the scripts ask for.
        rule: 'misfit-database', model: 'dexie/Dexie.js#595', hosts: ['store.test'], waits: true,
        then: () => runs(`await new Promise((done) => {
            const opening = indexedDB.open('app', 1);
            opening.onupgradeneeded = () => opening.result.createObjectStore('old');
            opening.onsuccess = () => { opening.result.close(); done(); };
        }); say('welcome');`),
        now: () => runs(`say('<br>');
            const opening = indexedDB.open('app', 1);
            opening.onupgradeneeded = () => opening.result.createObjectStore('users');
            await new Promise((done) => { opening.onsuccess = done; });
            opening.result.transaction('users');
            say('welcome');`),
        meets: '200 ', removes: { IndexedDB: 1 }, keeps: ['cookie', 'storage', 'cache', false],  // an origin's databases lie in one folder
        firefox: { removes: { 'Site storage': 1 } },
    },
    {   // A token that the server does not renew any more, though nothing in it says so: the page waits for ever.
        model: 'OpenNeuroOrg/openneuro#380', hosts: ['spinner.test'], waits: true,
        then: () => runs("localStorage.setItem('account', 'ann'); localStorage.setItem('renew', 'r1'); say('welcome');"),
        now: ({ path }) => (path === '/token' ? says('{"error":"invalid_grant"}', {}, 400) : path === '/' ? runs(`
            say('Loading...');
            const kept = localStorage.getItem('renew');
            const renewed = kept ? await fetch('/token') : { ok: true };
            await renewed.text?.();
            if (renewed.ok) say('please sign in to go on, or look at what is public here');`) : notFound),
        meets: '200 Loading...', removes: { 'Local storage': 1 }, in: '200 please sign in to go on, or look at what is public here',
        firefox: storageAsOne(),
    },
];

const app = (more = '') => `<nav><a href=/logout>Sign out</a></nav><p id=said>welcome</p>${more}`;
const signIn = { ...says(''), body: '<!doctype html><title>zoo</title><p id=said>please sign in</p><form method=post><input name=user><input type=password name=pw></form>' };

/// Nothing is wrong: nothing may be removed, and nothing called stuck.
export const wellOff = [
    {   // An app whose worker gives its first page, and which the site has in the same form.
        model: 'a Workbox app', hosts: ['offline.test'],
        then: ({ path }) => (path === '/sw.js'
            ? script(`self.addEventListener('fetch', (event) => new URL(event.request.url).pathname === '/' && event.respondWith(
                new Response('<!doctype html><title>zoo</title><p id=said>welcome</p>', { headers: { 'Content-Type': 'text/html' } })));`)
            : path === '/' ? runs("await navigator.serviceWorker.register('/sw.js'); await navigator.serviceWorker.ready; say('welcome');") : notFound),
        get now() { return this.then; },
        meets: '200 welcome',
    },
    {   // Somebody who is signed in, in an app in which something always fails.
        model: 'an app with noise', hosts: ['noisy.test'],
        then: () => says('welcome', cookies('session=good; Path=/; Secure; HttpOnly')),
        now: ({ path, sent }) => (path === '/api/ads' ? says('', {}, 403) : sent('session')[0] === 'good'
            ? { ...says(''), body: `<!doctype html><title>zoo</title>${app("<script type=module>fetch('/api/ads'); throw new Error('of no matter');</script>")}` } : signIn),
        meets: '200 welcome',
    },
    {   // A sign-in form that waits, with what a first visit leaves.
        model: 'a sign-in form', hosts: ['form.well.test'],
        then: () => ({ ...signIn, headers: { ...signIn.headers, ...cookies('csrf=c; Path=/; Secure', 'language=en; Path=/') } }),
        get now() { return this.then; },
        meets: '200 please sign in', tells: false,
    },
    {   // Signed in, in a small app without a way to sign out: what it shows does not tell.
        model: 'a small app', hosts: ['tiny.test'],
        then: () => says('welcome', cookies('session=good; Path=/; Secure')),
        now: ({ sent }) => (sent('session')[0] === 'good' ? says('three new messages') : signIn),
        meets: '200 three new messages', tells: false,
    },
];
