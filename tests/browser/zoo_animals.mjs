// The zoo: sites with one broken sign-in each, as people met them. `then` is how the site answered some time ago, `now` how
// it answers today; `meets` is what the browser is stuck on, `removes` what has to go, by store. Where no removal helps,
// `helps` says what does. `model` is the thread that told of it, `causes` the numbers of issue 5. Also, where needed:
// `start`: the page to open; `plain`: today over http; `daysAgo`: how long ago `then` was, and `worker`: for a worker, too;
// `cookiesBlocked`: by the user's settings, and `with`: the kind of data that has to be named for `fix`; `user`: who signs in; `also`: another site to look at, and `pointer`: the rule that says so; `confidence`: what `why` may
// say, high or medium if not given; `in`: what the browser meets when it gets in;
// `shows`: what only a page of somebody who is let in shows, where the status does not tell; `keeps`: what is left of the keepsakes,
// if not all; `unseen`: no rule can see it, only experiments; `firefox`: what is otherwise with Firefox, or a text, why the site is left out there.

export const says = (text, headers = {}, status = 200) => ({
    status, headers: { 'Content-Type': 'text/html', 'Cache-Control': 'no-store', ...headers },
    body: `<!doctype html><title>zoo</title><p id=said>${text}</p>`,
});
/// A page whose script calls say(TEXT); `data-ended` is set when it has come to an end.
export const runs = (script) => ({
    ...says(''), body: `<!doctype html><title>zoo</title><body><script type=module>
        const say = (text) => { document.body.innerHTML = '<p id=said>' + text; };
        try { ${script} } finally { document.documentElement.dataset.ended = ''; }</script>`,
});
export const to = (address, headers = {}, status = 302) => ({ status, headers: { 'Cache-Control': 'no-store', ...headers, Location: address }, body: '' });
export const script = (body) => ({ ...says(''), headers: { 'Content-Type': 'text/javascript' }, body });
export const kept = { 'Cache-Control': 'max-age=864000' };
export const welcome = says('welcome');
export const notFound = says('not found', {}, 404);
export const tooManyRedirects = 'ERR_TOO_MANY_REDIRECTS';

export const cookies = (...list) => ({ 'Set-Cookie': list.map((cookie) => `${cookie}; Max-Age=2592000`) });
export const welcomeWith = (...list) => says('welcome', cookies(...list));

/// Pages want the session of today, the sign-in sets it with `attributes`. Of two cookies of one name the server takes the
/// first, as most do.
export const wantsSession = (attributes) => ({ path, sent }) => {
    if (path.endsWith('/login')) {
        return to('./', cookies(`session=new; ${attributes}`));
    }
    return sent('session')[0] === 'new' ? welcome : to('login');
};

/// A site with a worker that answers for its first page; the picture in it comes from the site.
const withWorker = (text) => ({ path }) => (path === '/sw.js'
    ? script(`self.addEventListener('fetch', (event) => new URL(event.request.url).pathname === '/' && event.respondWith(
        new Response('<p id=said>${text}</p><img src=/picture>', { headers: { 'Content-Type': 'text/html' } })));`)
    : runs("await navigator.serviceWorker.register('/sw.js'); await navigator.serviceWorker.ready; say('welcome');"));

/// A page with a form that holds a token of its day, and sets it as a cookie, too.
function formWith(token, headers = {}) {
    const page = runs(`const sent = await fetch('/submit/${token}', { cache: 'no-store' }); say(sent.ok ? 'welcome' : 'page expired');`);
    return { ...page, headers: { ...page.headers, ...cookies(`csrf=${token}; Path=/; Secure`), ...headers } };
}

/// A JSON Web Token without a secret: { exp } in seconds from now.
export function token(seconds) {
    const part = (json) => Buffer.from(JSON.stringify(json)).toString('base64url');
    return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'ann', exp: Math.floor(Date.now() / 1000) + seconds })}.c2lnbmF0dXJl`;
}

export const hour = 3600;

/// With Firefox: all of an origin's local storage is one database, which goes as a whole.
export const storageAsOne = (others = {}) => ({ removes: { ...others, 'Site storage': 1 }, keeps: ['cookie', null, 'cache', 'database'] });
/// With Firefox: it gets in by itself.
const notStuck = { rule: undefined, removes: undefined, meets: '200 welcome' };

export const animals = [
    {
        causes: 'R1', rule: 'shadowed-cookie', model: 'arXiv/arxiv-auth#62', hosts: ['app.shadowed.test'],
        then: () => welcomeWith('session=old; Path=/; Secure; Domain=shadowed.test'),
        now: wantsSession('Path=/; Secure'),
        meets: tooManyRedirects, removes: { Cookies: 2 },
    },
    {
        causes: 'R2', rule: 'shadowed-path-cookie', model: 'spring-security#3947', hosts: ['nested.test'], start: '/app/',
        then: () => welcomeWith('session=old; Path=/app; Secure'),
        now: wantsSession('Path=/; Secure'),
        meets: tooManyRedirects, removes: { Cookies: 1 },
    },
    {
        causes: 'R3', rule: 'duplicate-partitioned-cookie', model: 'better-auth#9231', hosts: ['twin.test'],
        then: () => welcomeWith('session=old; Path=/; Secure; SameSite=None'),
        now: wantsSession('Path=/; Secure; SameSite=None; Partitioned'),
        meets: tooManyRedirects, removes: { Cookies: 1 },
    },
    {
        causes: 'R28', rule: 'outlived-cookie', model: 'jshttp/cookie#18', hosts: ['app.outlived.test'], daysAgo: 30,
        then: () => welcomeWith('session=old; Path=/; Secure; Domain=outlived.test'),
        now: wantsSession('Path=/; Secure'),
        meets: tooManyRedirects, removes: { Cookies: 1 },
    },
    {
        causes: 'R4', rule: 'secure-cookie-blocks', model: 'phpmyadmin#14184', hosts: ['plain.test'], plain: true,
        then: () => welcomeWith('session=old; Path=/; Secure'),
        now: wantsSession('Path=/'),
        meets: tooManyRedirects, removes: { Cookies: 1 },
    },
    {   // Node itself refuses more than 16 KB.
        causes: 'R5', rule: 'cookie-header-too-big', model: 'Altinn#19008', hosts: ['big.test'],
        then: () => welcomeWith(...[0, 1, 2, 3, 4].map((i) => `chunk.${i}=${'x'.repeat(3500)}; Path=/; Secure`)),
        now: () => welcome,
        meets: '431', removes: { Cookies: 4 },
        firefox: { meets: 'NS_ERROR_NET_EMPTY_RESPONSE' },  // its name for an error without a page
    },
    {
        causes: 'R6', rule: 'abandoned-login-cookies', model: 'aspnetcore#17247', hosts: ['litter.test'],
        then: () => welcomeWith(...Array.from({ length: 20 }, (_, i) =>
            `.AspNetCore.OpenIdConnect.Nonce.CfDJ8${String(i).padStart(3, 'q')}${'kR7x'.repeat(50)}=N; Path=/; Secure`)),
        now: ({ header }) => (header('cookie').length > 4096 ? says('Request Too Long', {}, 400) : welcome),
        meets: '400 Request Too Long', removes: { Cookies: 20 },
    },
    {   // That a cookie is old says little: the rule is sure to a low degree only.
        causes: 'R20', rule: 'restored-session-cookie', confidence: ['low'], model: 'brave-browser#5948', hosts: ['undead.test'], daysAgo: 30,
        then: () => says('welcome', { 'Set-Cookie': 'session=old; Path=/; Secure' }),
        now: ({ sent }) => (sent('session').includes('old') ? says('Forbidden', {}, 403) : welcome),
        meets: '403 Forbidden', removes: { Cookies: 1 },
        firefox: { unseen: true, removes: { 'Session cookies': 1 } },  // it does not keep when such a cookie was made
    },
    {
        causes: 'R8', rule: 'wrong-clock', model: 'aspnet/Security#1163', hosts: ['clock.test'], helps: 'set the clock',
        then: () => welcome,
        now: () => ({
            ...runs(`const issued = ${Date.now() + 2 * hour * 1000}; say(issued > Date.now() + 300000 ? 'token used too early' : 'welcome');`),
            headers: { 'Content-Type': 'text/html', Date: new Date(Date.now() + 2 * hour * 1000).toUTCString() },
        }),
        meets: '200 token used too early',
    },
    {
        causes: 'R9', rule: 'dead-token', model: 'base44/javascript-sdk#264', hosts: ['token.test'],
        then: () => runs(`localStorage.setItem('access_token', '${token(-240 * hour)}'); say('welcome');`),
        now: ({ path, header }) => ({
            '/api/me': says('', {}, header('authorization') ? 401 : 200),
            '/login': runs("localStorage.getItem('access_token') ? location.replace('/') : say('welcome');"),
            '/': runs(`const token = localStorage.getItem('access_token');
                const me = await fetch('/api/me', { headers: token ? { Authorization: 'Bearer ' + token } : {} });
                location.replace(me.ok && token ? '/home' : '/login');`),
        })[path],
        meets: 'goes in circles', removes: { 'Local storage': 1 },
        firefox: storageAsOne(),
    },
    {
        causes: 'R10', rule: 'login-in-progress', model: 'MSAL.js#1069', hosts: ['progress.test'],
        then: () => runs(`localStorage.setItem('msal.interaction.status', 'login');
            document.cookie = 'msal.interaction.status=login; Max-Age=2592000; Secure'; say('welcome');`),
        now: () => runs(`const flag = localStorage.getItem('msal.interaction.status') || document.cookie.includes('msal.interaction');
            say(flag ? 'interaction_in_progress' : 'welcome');`),
        meets: '200 interaction_in_progress', shows: 'welcome', removes: { Cookies: 1, 'Local storage': 1 },
        firefox: storageAsOne({ Cookies: 1 }),
    },
    {   // The script cannot be had: Chromium keeps the worker, and the time of the last look that went well.
        causes: 'R11', rule: 'stale-service-worker', model: 'cht-core#6337', hosts: ['app.worker.test'], daysAgo: 30, worker: true,
        then: withWorker('a page of last month'),
        now: ({ path }) => (path === '/' ? welcome : says('down', {}, 500)),
        meets: '200 a page of last month', removes: { 'Service workers': 1 },
    },
    {   // The script is gone: Chromium keeps the worker all the same.
        causes: 'R11', rule: 'orphaned-service-worker', model: 'create-react-app#2715', hosts: ['gone.test'],
        then: withWorker('a page of yesterday'),
        now: ({ path }) => (path === '/' ? welcome : notFound),
        meets: '200 a page of yesterday', removes: { 'Service workers': 1 },
    },
    {
        causes: 'R11b', rule: 'worker-hides-sign-in', model: 'w3c/ServiceWorker#1400', hosts: ['hidden.test'], user: 'ann:secret',
        then: withWorker('offline'),
        now: ({ header }) => (header('authorization') ? welcome : says('who are you?', { 'WWW-Authenticate': 'Basic realm="zoo"' }, 401)),
        meets: '200 offline', removes: { 'Service workers': 1 },
        // Signed in so, it gives no answer any more that it kept from before: not lost, but not seen.
        firefox: { keeps: ['cookie', 'storage', null, 'database'] },
    },
    {
        causes: 'R12', rule: 'cached-redirect', model: 'galaxyproject/infrastructure-playbook#43', hosts: ['moved.test'],
        then: ({ path }) => (path === '/' ? to('/maintenance', kept, 301) : says('back soon')),
        now: ({ path }) => (path === '/' ? welcome : to('/')),
        meets: tooManyRedirects, removes: { 'HTTP cache': 1 },
        firefox: notStuck,  // it asks again where a kept redirect leads back to itself
    },
    {
        causes: 'R13', rule: 'cached-refusal', model: 'mapbox/mapbox-gl-js#9495', hosts: ['refused.test'],
        then: () => says('not from this network', kept, 403),
        now: () => welcome,
        meets: '403 not from this network', removes: { 'HTTP cache': 1 },
        firefox: notStuck,  // it keeps no 403
    },
    {   // That a page is kept says little: the rule is sure to a low degree only.
        causes: 'R27', rule: 'cached-form', confidence: ['low'], model: 'statamic#9981', hosts: ['form.test'],
        then: () => formWith('old', kept),
        now: ({ path }) => (path === '/' ? formWith('new') : says('', {}, path === '/submit/new' ? 200 : 419)),
        meets: '200 page expired', removes: { 'HTTP cache': 1 }, shows: 'welcome',
    },
    {
        causes: 'R15', rule: 'no-usable-challenge', model: 'caddy#3239', hosts: ['challenge.test'], helps: 'tell the administrator',
        then: () => welcome,
        now: () => says('Unauthorized', {}, 401),
        meets: '401 Unauthorized',
    },
    {
        causes: 'R17', rule: 'cookies-blocked', model: 'stackblitz#3498', hosts: ['blocked.test'], cookiesBlocked: true, with: 'permissions',
        then: () => welcome,
        now: wantsSession('Path=/; Secure'),
        meets: tooManyRedirects, removes: { 'Site settings': 1 },
    },
    {
        causes: 'R22', rule: 'refused-set-cookie', model: 'cloudfront-auth#48', hosts: ['lint.test'], helps: 'tell the administrator',
        then: () => welcome,
        now: wantsSession('Path=/; SameSite=None'),
        meets: tooManyRedirects,
    },
    {   // What is stuck is the provider's: one finding points there, and with --also another names it.
        causes: 'R26, R1', pointer: 'sign-in-elsewhere', rule: 'shadowed-cookie', model: 'craftcms/cms#5799',
        hosts: ['work.test', 'login.provider.test'], also: 'provider.test',
        then: ({ host, at }) => (host === 'work.test' ? to(at('login.provider.test'))
            : welcomeWith('session=old; Path=/; Secure; Domain=provider.test', 'session=new; Path=/; Secure')),
        now: ({ host, at, sent }) => (host === 'work.test' ? to(at('login.provider.test'))
            : sent('session')[0] === 'old' ? to(at('work.test')) : says('please sign in')),
        meets: tooManyRedirects, removes: { Cookies: 2 }, in: '200 please sign in',
    },
];

/// A site on which nothing is wrong, with some of everything: no rule may say a word about it.
export const healthy = {
    hosts: ['www.healthy.test'],
    then: ({ path, sent }) => ({
        '/login': to('/', cookies('session=new; Path=/; Secure; HttpOnly', 'csrf=c; Path=/; Secure; SameSite=Strict',
            'seen=1; Path=/login; Secure', 'visitor=v; Domain=healthy.test; Path=/; Secure',
            ...[0, 1, 2].map((i) => `profile.${i}=${'p'.repeat(900)}; Path=/; Secure`))),
        '/sw.js': script("self.addEventListener('fetch', () => {});"),
        '/api/me': says('{}', kept),
        '/old': to('/api/me', kept, 301),
        '/': sent('session')[0] !== 'new' ? to('/login') : runs(`
            localStorage.setItem('access_token', '${token(-hour)}');  // with a token beside it that renews it
            localStorage.setItem('refresh_token', '${token(240 * hour)}');
            sessionStorage.setItem('tab', '1');
            await navigator.serviceWorker.register('/sw.js');
            await navigator.serviceWorker.ready;
            await (await caches.open('pages')).put('/api/me', await fetch('/old'));
            say('welcome');`),
    })[path],
    get now() { return this.then; },
    meets: '200 welcome',
};
