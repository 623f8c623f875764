// More sites for the proof by experiment, as those of zoo_animals_proof.mjs: each as a public thread tells of it, whether a rule
// knows of it or not. `thirdPartyBlocked`: the user has forbidden cookies of other sites, in a profile of its own; `quick`: it is
// looked at each time.
import { cookies, hour, kept, notFound, runs, says, script, storageAsOne, to, token, tooManyRedirects, wantsSession, welcome, welcomeWith } from './zoo_animals.mjs';

const litter = ['theme=dark; Path=/', 'visited=1; Path=/', 'region=eu; Path=/', 'tour=done; Path=/'];
const welcomeAmong = (...list) => says('welcome', cookies(...litter, ...list));
const json = (value, status = 200, headers = {}) => ({ status, headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers }, body: JSON.stringify(value) });
const html = { 'Content-Type': 'text/html', 'Cache-Control': 'no-store' };
export const form = { ...says(''), body: '<!doctype html><title>zoo</title><p id=said>please sign in</p><form method=post><input name=user><input type=password name=pw></form>' };
/// Writes a form for a password with its script.
const asksForPassword = "document.body.innerHTML = '<p id=said>please sign in</p><form method=post><input name=user><input type=password name=pw></form>';";

/// A worker that keeps the site's first page, as tools that build apps make them: pages come from the cache, the rest from the
/// network.
const keepsPages = `
    self.addEventListener('install', (event) => event.waitUntil(caches.open('precache-v1').then((cache) => cache.add('/'))));
    self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
    self.addEventListener('fetch', (event) => event.request.mode === 'navigate' && new URL(event.request.url).pathname === '/' && event.respondWith(
        caches.match('/').then((kept) => kept || fetch(event.request))));`;
const registers = "await navigator.serviceWorker.register('/sw.js'); await navigator.serviceWorker.ready;";

/// The code of a page that makes a database with these stores, and `ends`.
const makesDatabase = (name, version, stores, ends) => `await new Promise((done, failed) => {
    const opening = indexedDB.open('${name}', ${version});
    opening.onupgradeneeded = () => ${JSON.stringify(stores)}.forEach((store) => opening.result.createObjectStore(store));
    opening.onsuccess = () => { opening.result.close(); done(); };
    opening.onerror = () => failed(opening.error);
}); ${ends}`;

export const stuck = [
    {   // The application behind a login of its own set the session for the whole host, the program one for its folder.
        rule: 'shadowed-path-cookie', model: 'grafana/grafana#91772', hosts: ['ops.grafana.test'], start: '/grafana/',
        then: () => welcomeAmong('grafana_session=anonymous; Path=/grafana; Secure; HttpOnly', 'grafana_session=new; Path=/; Secure; HttpOnly'),
        now: ({ path, sent }) => (path === '/grafana/login' ? form : sent('grafana_session')[0] === 'anonymous' ? to('/grafana/login')
            : sent('grafana_session')[0] === 'new' ? welcome : to('/grafana/login')),
        meets: '200 please sign in', shows: 'welcome', removes: { Cookies: 1 },
    },
    {   // The user has another name at the provider now; the session holds the old one.
        model: 'huboard/huboard-web#142', hosts: ['huboard.test'],
        then: () => welcomeAmong('_huboard_session=renamed; Path=/; Secure; HttpOnly'),
        now: ({ sent }) => (sent('_huboard_session')[0] === 'renamed' ? says('We are sorry, but something went wrong.', {}, 500) : form),
        meets: '500 We are sorry, but something went wrong.', removes: { Cookies: 1 }, in: '200 please sign in',
    },
    {   // The session is over at the server: its pages send to the form, and the form sends back whoever has a cookie.
        model: 'croffasia/itsaplan#316', hosts: ['plan.test'],
        then: () => welcomeAmong('better-auth.session_token=over; Path=/; Secure; HttpOnly', 'better-auth.session_data=d; Path=/; Secure; HttpOnly'),
        now: ({ path, sent }) => {
            const has = sent('better-auth.session_token').length > 0;
            return { '/api/projects': json({}, 401), '/login': has ? to('/') : form,
                '/': has ? runs("const met = await fetch('/api/projects'); if (met.status === 401) location.replace('/login?expired=1');") : to('/login') }[path] ?? notFound;
        },
        meets: 'goes in circles', removes: { Cookies: 1 }, in: '200 please sign in',
    },
    {   // The server takes the session back for its own host only; it was set for the domain.
        model: 'appstrate/appstrate#345', hosts: ['app.strate.test'],
        then: () => welcomeAmong('__Secure-better-auth.session_token=old; Path=/; Secure; HttpOnly; Domain=strate.test'),
        now: ({ path, sent }) => {
            const has = sent('__Secure-better-auth.session_token').length > 0;
            const takesBack = { 'Set-Cookie': '__Secure-better-auth.session_token=; Path=/; Secure; HttpOnly; Max-Age=0' };
            return { '/api/me': json({}, has ? 401 : 200, has ? takesBack : {}),
                '/auth/callback': runs("location.replace('/');"),
                '/login': has ? to('/auth/callback') : form,
                '/': runs("const me = await fetch('/api/me'); me.status === 401 ? location.replace('/login') : location.replace('/login');") }[path] ?? notFound;
        },
        meets: 'goes in circles', removes: { Cookies: 1 }, in: '200 please sign in',
    },
    {   // The database is there, and empty: another tab was closed while it was made.
        rule: 'misfit-database', model: 'firebase/firebase-js-sdk#634', hosts: ['fire.test'], quick: true, waits: true,
        then: () => runs(makesDatabase('firebaseLocalStorageDb', 1, [], "say('welcome');")),
        now: () => runs(`say('<br>');
            const db = await new Promise((done, failed) => {
                const opening = indexedDB.open('firebaseLocalStorageDb', 1);
                opening.onupgradeneeded = () => opening.result.createObjectStore('firebaseLocalStorage', { keyPath: 'fbase_key' });
                opening.onsuccess = () => done(opening.result);
                opening.onerror = () => failed(opening.error);
            });
            db.transaction('firebaseLocalStorage');
            ${asksForPassword}`),
        meets: '200 ', removes: { IndexedDB: 1 }, in: '200 please sign in', keeps: ['cookie', 'storage', 'cache', false],
        firefox: { removes: { 'Site storage': 1 } },
    },
    {   // The way in that gave this token exists no more; the page waits for what its token will not bring.
        rule: 'renewal-refused', model: 'home-assistant/core#16663', hosts: ['home.test'], waits: true,
        then: () => runs(`localStorage.setItem('hassTokens', JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 1800,
            refresh_token: 'r', hassUrl: location.origin })); localStorage.setItem('selectedTheme', '"dark"'); say('welcome');`),
        now: ({ path }) => ({ '/auth/token': json({ error: 'invalid_request' }, 400), '/': runs(`say('Loading data');
            const renewed = localStorage.getItem('hassTokens') ? await fetch('/auth/token', { method: 'POST' }) : null;
            await renewed?.text();
            if (!renewed || renewed.ok) { ${asksForPassword} }`) })[path] ?? notFound,
        meets: '200 Loading data', removes: { 'Local storage': 1 }, in: '200 please sign in',
        firefox: storageAsOne(),
    },
    {   // The token is told to be not active, and the program begins anew, every time.
        rule: 'renewal-refused', model: 'mauriciovigolo/keycloak-angular#564', hosts: ['angular.test'],
        then: () => runs("localStorage.setItem('kc_token', 'opaque'); localStorage.setItem('kc_refreshToken', 'opaque'); localStorage.setItem('columns', '7'); say('welcome');"),
        now: ({ path }) => ({ '/realms/main/protocol/openid-connect/token': json({ error: 'invalid_grant', error_description: 'Token is not active' }, 400),
            '/': runs(`if (localStorage.getItem('kc_refreshToken')) {
                const renewed = await fetch('/realms/main/protocol/openid-connect/token', { method: 'POST' });
                await renewed.text();
                if (!renewed.ok) location.reload();
            } else ${`{ ${asksForPassword} }`}`) })[path] ?? notFound,
        meets: 'goes in circles', removes: { 'Local storage': 2 }, in: '200 please sign in',
        firefox: storageAsOne(),
    },
    {   // The database of the project was emptied; the server's code throws at the refresh token in the cookie.
        model: 'supabase-community/vercel-ai-chatbot#10', hosts: ['chat.test'],
        then: () => welcomeAmong('sb-chat-auth-token.0=base64-a; Path=/; Secure', 'sb-chat-auth-token.1=b; Path=/; Secure'),
        now: ({ sent }) => (sent('sb-chat-auth-token.0').length > 0 ? says('Application error: a server-side exception has occurred', {}, 500) : form),
        meets: '500 Application error: a server-side exception has occurred', removes: { Cookies: 1 }, in: '200 please sign in',
    },
    {   // The app's pages come from its worker, and what they ask for is led to the provider, which no script may read.
        model: 'thomseddon/traefik-forward-auth#253', hosts: ['shell.test', 'sso.provider2.test'],
        then: ({ path }) => ({ '/sw.js': script(keepsPages), '/api/me': json({ name: 'ann' }),
            '/': runs(`say('<br>'); ${registers} await (await fetch('/api/me')).json(); say('welcome');`) })[path] ?? notFound,
        now: ({ host, at }) => (host === 'sso.provider2.test' ? form : to(at('sso.provider2.test', '/authorize'))),
        meets: '200 ', removes: { 'Service workers': 1, 'Cache Storage': 1 }, in: '200 please sign in', waits: true,  // either of them
        firefox: { removes: { 'Service workers': 1, 'Site storage': 1 } },
    },
    {   // The page in the app's own cache names a script that went with the last release.
        model: 'GoogleChrome/workbox#1528', hosts: ['workbox.test'],
        then: ({ path }) => ({ '/sw.js': script(keepsPages), '/app.old.js': script("document.getElementById('said').textContent = 'welcome';"),
            '/': { ...says(''), body: `<!doctype html><title>zoo</title><p id=said><br></p><script src=/app.old.js></script><script type=module>${registers}</script>` } })[path] ?? notFound,
        now: ({ path }) => ({ '/sw.js': script(keepsPages), '/app.new.js': script("document.getElementById('said').textContent = 'welcome';"),
            '/': { ...says(''), body: '<!doctype html><title>zoo</title><p id=said><br></p><script src=/app.new.js></script>' } })[path] ?? notFound,
        meets: '200 ', removes: { 'Cache Storage': 1, 'Service workers': 1 }, waits: 'quiet',
        firefox: { removes: { 'Service workers': 1, 'Site storage': 1 } },
    },
    {   // All night the page, which the worker keeps, begins anew at each 401; the login before it is never asked.
        model: 'TAJD/projektor#135', hosts: ['projector.test'],
        then: ({ path }) => ({ '/sw.js': script(keepsPages), '/api/me': json({}, 200),
            '/': runs(`${registers} const me = await fetch('/api/me'); await me.text(); me.ok ? say('welcome') : location.reload();`) })[path] ?? notFound,
        now: ({ path }) => ({ '/sw.js': script(keepsPages), '/api/me': json({}, 401), '/': form })[path] ?? notFound,
        meets: 'goes in circles', removes: { 'Service workers': 1, 'Cache Storage': 1 }, in: '200 please sign in',
        firefox: { removes: { 'Service workers': 1, 'Site storage': 1 } },
    },
    {   // Of the flow that was begun the server knows nothing more, and answers 503 for it.
        model: 'goauthentik/authentik#2224', hosts: ['authentik.test'], waits: true,
        then: () => welcomeAmong('authentik_session=gone; Path=/; Secure; HttpOnly; SameSite=None', 'authentik_csrf=c; Path=/; Secure'),
        now: ({ path, sent }) => ({ '/api/v3/flows/executor/default/': sent('authentik_session').length > 0 ? json({}, 503) : json({ component: 'identification' }),
            '/': runs(`say('Loading...'); const flow = await fetch('/api/v3/flows/executor/default/'); await flow.text();
                if (flow.ok) { ${asksForPassword} }`) })[path] ?? notFound,
        meets: '200 Loading...', removes: { Cookies: 1 }, in: '200 please sign in',
    },
    {   // A language that the server's code does not check.
        model: 'GoogleChrome/web.dev#2669', hosts: ['webdev.test'],
        then: () => welcomeAmong('preferred_lang=xx; Path=/'),
        now: ({ sent }) => (sent('preferred_lang').includes('xx') ? says('Internal Server Error', {}, 500) : welcome),
        meets: '500 Internal Server Error', removes: { Cookies: 1 },
    },
    {   // What is left of a sign-in that failed: the answer to the next one does not fit to it.
        model: 'linode/manager#13564', hosts: ['cloud.linode.test', 'login.linode.test'],
        then: () => runs("localStorage.setItem('authentication/nonce', 'stale'); localStorage.setItem('authentication/code-verifier', 'stale'); localStorage.setItem('GROUP_LINODES', 'true'); say('welcome');"),
        now: ({ host, path, at }) => (host === 'login.linode.test' ? to(at('cloud.linode.test', '/oauth/callback')) : ({
            '/oauth/callback': runs(`const nonce = localStorage.getItem('authentication/nonce');
                nonce === 'stale' ? location.replace('/') : say('welcome');`),
            '/': runs(`if (!localStorage.getItem('authentication/nonce')) localStorage.setItem('authentication/nonce', 'today'); location.replace('${at('login.linode.test', '/authorize')}');`),
        })[path] ?? notFound),
        meets: 'goes in circles', removes: { 'Local storage': 1 },
        firefox: storageAsOne(),
    },
    {   // The redirect was deleted, and where it led to is gone.
        rule: 'cached-redirect', model: 'johngodley/redirection#3030', hosts: ['redirection.test'],
        then: ({ path }) => (path === '/' ? to('/old-landing', kept, 301) : says('old landing')),
        now: ({ path }) => (path === '/' ? welcome : notFound),
        meets: '404 not found', removes: { 'HTTP cache': 1 },
    },
    {   // The time is in the value of the cookie, not in its expiry; whoever has one counts as signed in.
        model: 'Automattic/wp-calypso#15817', hosts: ['calypso.test'],
        then: () => welcomeAmong('wordpress_logged_in=ann%7C1%7Cold; Path=/; Secure; HttpOnly'),
        now: ({ path, sent }) => (path === '/log-in' ? (sent('wordpress_logged_in').length > 0 ? to('/') : form)
            : to('/log-in?redirect_to=%2F')),
        meets: tooManyRedirects, removes: { Cookies: 1 }, in: '200 please sign in',
    },
    {   // What a script could not read it wrote as text.
        model: 'destinygg/website#108', hosts: ['settings.test'],
        then: () => runs("localStorage.setItem('chat.settings', undefined); localStorage.setItem('chat.ignoring', '[]'); say('welcome');"),
        now: () => runs("say('<br>'); JSON.parse(localStorage.getItem('chat.settings') ?? '{}'); JSON.parse(localStorage.getItem('chat.ignoring') ?? '{}'); say('welcome');"),
        meets: '200 ', removes: { 'Local storage': 1 },
        firefox: storageAsOne(),
    },
    {   // The page is made for a newer form of its database than the release to which the site went back.
        rule: 'misfit-database', model: 'geldata/gel-ui#359', hosts: ['rolled-back.test'], waits: true,
        then: () => runs(makesDatabase('EdgeDBStudio', 4, ['schema'], "say('welcome');")),
        now: () => runs(`say('<br>'); ${makesDatabase('EdgeDBStudio', 3, ['schema'], "say('welcome');")}`),
        meets: '200 ', removes: { IndexedDB: 1 }, keeps: ['cookie', 'storage', 'cache', false],
        firefox: { removes: { 'Site storage': 1 } },
    },
    {   // An app in a frame: without its cookie it signs in again and again.
        rule: 'third-party-cookies-blocked', model: 'Shopify/shopify_app#677', hosts: ['admin.shop.test', 'app.framed.test'], thirdPartyBlocked: true,
        helps: 'allow cookies of other sites',
        then: ({ host }) => (host === 'admin.shop.test' ? welcome : welcomeWith('app_session=new; Path=/; Secure; SameSite=None')),
        now: ({ host, path, sent, at }) => (host === 'admin.shop.test'
            ? { status: 200, headers: html, body: `<!doctype html><title>zoo</title><p id=said>Loading app</p><iframe src="${at('app.framed.test')}"></iframe>
                <script>addEventListener('message', () => { document.getElementById('said').textContent = 'welcome'; });</script>` }
            : path === '/login' ? to('/', cookies('app_session=new; Path=/; Secure; SameSite=None'))
            : sent('app_session').length > 0 ? { status: 200, headers: html, body: "<script>parent.postMessage('in', '*');</script>" } : to('/login')),
        meets: '200 Loading app', waits: 'quiet',
    },
];

const signOut = '<nav><a href=/logout>Sign out</a></nav>';
const page = (body, headers = {}) => ({ status: 200, headers: { ...html, ...headers }, body: `<!doctype html><title>zoo</title>${body}` });
const once = (then, now, rest) => ({ then, now, ...rest });
const always = (answer, rest) => once(answer, answer, rest);

/// Nothing is wrong, though each looks like a fault: nothing may be removed, and nothing called stuck or likely.
export const healthy = [
    {   // Signed in, among all that statistics and consent leave.
        hosts: ['www.counted.test'], model: 'a shop with statistics',
        then: () => says('welcome', cookies('session=good; Path=/; Secure; HttpOnly', '_ga=GA1.1.1; Path=/; Domain=counted.test', '_ga=GA1.2.2; Path=/',
            '_gid=1; Path=/; Domain=counted.test', '_fbp=fb.1; Path=/; Domain=counted.test', '_gcl_au=1.1; Path=/; Domain=counted.test',
            'OptanonConsent=a; Path=/; Domain=counted.test', 'OptanonConsent=b; Path=/', 'CookieConsent=1; Path=/', '_hjSessionUser_1=h; Path=/',
            '_hjSession_1=h; Path=/', 'ajs_anonymous_id=a; Path=/', 'amplitude_id_1=a; Path=/', '_clck=c; Path=/', '_clsk=c; Path=/',
            '_uetsid=u; Path=/', '_uetvid=u; Path=/', 'hubspotutk=h; Path=/', '__hstc=h; Path=/', '__hssc=h; Path=/', 'intercom-id-x=i; Path=/')),
        now: ({ sent }) => (sent('session')[0] === 'good' ? page(`${signOut}<p id=said>welcome</p>`) : form),
        meets: '200 welcome',
    },
    {   // Two cookies of one name, of the host and of the domain: the server takes the one that it knows.
        hosts: ['my.both.test'], model: 'a session of the host and one of the domain',
        then: () => says('welcome', cookies('session=host; Path=/; Secure; HttpOnly', 'session=domain; Path=/; Secure; HttpOnly; Domain=both.test')),
        now: ({ sent }) => (sent('session').includes('host') && sent('session').length === 2 ? page(`${signOut}<p id=said>welcome</p>`) : form),
        meets: '200 welcome',
    },
    {   // The frame of the page comes from its worker, what is in it from the site, for who is signed in.
        hosts: ['app.shelled.test'], model: 'an app shell from a worker',
        then: ({ path, sent }) => ({ '/sw.js': script(keepsPages), '/api/me': json({}, sent('session')[0] === 'good' ? 200 : 401),
            '/': { ...runs(`${registers} const me = await fetch('/api/me'); await me.text();
                document.body.innerHTML = me.ok ? '${signOut}<p id=said>welcome</p>' : '<p id=said>please sign in</p><input type=password>';`),
            headers: { ...html, ...(sent('session').length ? {} : cookies('session=good; Path=/; Secure; HttpOnly')) } } })[path] ?? notFound,
        now: ({ path, sent }) => ({ '/sw.js': script(keepsPages), '/api/me': json({}, sent('session')[0] === 'good' ? 200 : 401),
            '/': runs(`${registers} const me = await fetch('/api/me'); await me.text();
                document.body.innerHTML = me.ok ? '${signOut}<p id=said>welcome</p>' : '<p id=said>please sign in</p><input type=password>';`) })[path] ?? notFound,
        meets: '200 welcome', waits: true,
    },
    {   // Signed in, a few words and a script that fails, and no way to sign out in sight: what it shows does not tell.
        hosts: ['gauge.test'], quick: true, model: 'a small panel with an error in its scripts',
        then: () => says('welcome', cookies('session=good; Path=/; Secure')),
        now: ({ sent }) => (sent('session')[0] === 'good'
            ? page("<h1>Panel of the greenhouse</h1><p id=said>23 degrees, 41 per cent, windows closed; the pump ran for 12 minutes today.</p><script type=module>throw new TypeError('chart is null');</script>") : form),
        meets: '200 23 degrees, 41 per cent, windows closed; the pump ran for 12 minutes today.', tells: false,
    },
    {   // The access token is over and a cookie that no script sees renews it.
        hosts: ['renews.test'], model: 'an expired token that is renewed',
        then: () => ({ ...runs(`localStorage.setItem('access_token', '${token(-hour)}'); say('welcome');`), headers: { ...html, ...cookies('rt=good; Path=/; Secure; HttpOnly') } }),
        now: ({ path, sent }) => ({ '/auth/refresh': sent('rt')[0] === 'good' ? json({}) : json({}, 401),
            '/': runs(`const renewed = localStorage.getItem('access_token') && await fetch('/auth/refresh', { method: 'POST' }); if (renewed) await renewed.text();
                document.body.innerHTML = renewed && renewed.ok ? '${signOut}<p id=said>welcome</p>' : '<p id=said>please sign in</p><input type=password>';`) })[path] ?? notFound,
        meets: '200 welcome', waits: true,
    },
    {   // For guests too the page asks who they are, and is told 401: that is what it is for.
        hosts: ['guests.test'], model: 'an API that answers 401 by design',
        ...always(({ path }) => ({ '/api/me': json({}, 401), '/api/token/refresh': json({}, 401),
            '/': runs("const me = await fetch('/api/me'); await me.text(); const r = await fetch('/api/token/refresh'); await r.text(); localStorage.setItem('refresh_hint', '1'); say('welcome');") })[path] ?? notFound),
        meets: '200 welcome', waits: true,
    },
    {   // Half of the visitors get another page, and keep it.
        hosts: ['variant.test'], model: 'a page in two forms',
        then: () => says('welcome', cookies('experiment_home=B; Path=/', 'experiment_price=A; Path=/', 'bucket=17; Path=/')),
        now: ({ sent }) => (sent('experiment_home')[0] === 'B' ? page('<p id=said>welcome</p><p>All prices of today, what is new in the garden this week, and three things to do before the frost comes.</p>')
            : page('<p id=said>welcome</p><p>Our garden: seeds, pots, tools. Order until five and have it tomorrow.</p>')),
        meets: '200 welcome', tells: false,
    },
    {   // https only, and https answers.
        hosts: ['strict.test'], model: 'an order to use https only',
        ...always(() => says('welcome', { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains', ...cookies('seen=1; Path=/; Secure') })),
        meets: '200 welcome',
    },
    {   // Over three hosts and seven redirects, and in.
        hosts: ['start.way.test', 'mid.way.test', 'idp.way2.test'], model: 'a long way that ends well',
        then: ({ host }) => (host === 'start.way.test' ? runs("say('welcome');") : welcome),
        now: ({ host, path, at, sent }) => ({
            'start.way.test/': sent('app')[0] === 'in' ? page(`${signOut}<p id=said>welcome</p>`) : to('/login'),
            'start.way.test/login': to(at('mid.way.test', '/a')),
            'mid.way.test/a': to('/b'),
            'mid.way.test/b': to('/c'),
            'mid.way.test/c': to(at('idp.way2.test', '/authorize')),
            'idp.way2.test/authorize': to(at('start.way.test', '/callback')),
            'start.way.test/callback': to('/', cookies('app=in; Path=/; Secure; HttpOnly')),
        })[host + path] ?? notFound,
        meets: '200 welcome',
    },
    {   // A script looks for a part of the page that is gone: an error of the same name as that of a database.
        hosts: ['react.test'], model: 'an error of another kind by the same name',
        then: () => ({ ...runs(makesDatabase('app', 1, ['state'], "say('welcome');")), headers: { ...html, ...cookies('session=good; Path=/; Secure') } }),
        now: ({ sent }) => (sent('session')[0] === 'good'
            ? page(`${signOut}<p id=said>welcome</p><script type=module>document.body.removeChild(document.createElement('i'));</script>`) : form),
        meets: '200 welcome',
    },
    {   // Signed out: the token was refused, and the page asks for the password, as it should.
        hosts: ['over.test'], model: 'a form after a sign-in that is over',
        then: () => runs("localStorage.setItem('auth.refresh_token', 'r'); localStorage.setItem('auth.access_token', 'a'); say('welcome');"),
        now: ({ path }) => ({ '/oauth/token': json({ error: 'invalid_grant' }, 400),
            '/': runs(`if (localStorage.getItem('auth.refresh_token')) { const renewed = await fetch('/oauth/token', { method: 'POST' }); await renewed.text(); }
                ${asksForPassword}`) })[path] ?? notFound,
        meets: '200 please sign in', tells: false, waits: true,
    },
    {   // A frame that counts visitors goes without its cookies, and nobody misses them.
        hosts: ['paper.test', 'ads.counter.test'], model: 'a frame without its cookies', thirdPartyBlocked: true,
        then: ({ host }) => (host === 'paper.test' ? says('welcome', cookies('session=good; Path=/; Secure')) : welcomeWith('uid=1; Path=/; Secure; SameSite=None')),
        now: ({ host, sent, at }) => (host === 'paper.test' ? (sent('session')[0] === 'good'
            ? page(`${signOut}<p id=said>welcome</p><iframe src="${at('ads.counter.test')}"></iframe>`) : form)
            : { status: 200, headers: { ...html, ...cookies('uid=1; Path=/; Secure; SameSite=None') }, body: 'an advertisement' }),
        meets: '200 welcome',
    },
];
