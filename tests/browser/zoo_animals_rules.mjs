// More of the zoo (zoo_animals.mjs says how to read it): as told in public threads, with what newer rules are about, and
// a healthy site with everything that these rules must not take for it.
import { cookies, hour, kept, notFound, runs, says, script, storageAsOne, to, token, tooManyRedirects, wantsSession, welcome, welcomeWith } from './zoo_animals.mjs';

const json = (value, headers) => ({ status: 200, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) });

/// A page that its script fills, which has another name after each release.
const pageWith = (name, headers) => ({ ...says('loading...'), headers: { 'Content-Type': 'text/html', ...headers },
    body: `<!doctype html><title>zoo</title><p id=said>loading...</p><script src=/app.${name}.js></script>` });
const app = script("document.getElementById('said').textContent = 'welcome';");

/// Whether a page of `host` may read what its API says; the browser keeps the answer.
const readsFrom = (address) => runs(`say(await fetch('${address}').then(() => 'welcome', () => 'cannot load'));`);

const random = (i) => `${String.fromCharCode(97 + (i % 26))}${i}Qx7bT2kWm9`.slice(0, 10);

export const animals = [
    {
        causes: 'R29', rule: 'outdated-page', model: 'kokarn/tarkov-tools#42', hosts: ['outdated.test'],
        then: ({ path }) => ({ '/': pageWith('old', { ...kept, ETag: '"old"' }), '/app.old.js': app })[path] ?? notFound,
        now: ({ path }) => ({ '/': pageWith('new', { 'Cache-Control': 'no-cache', ETag: '"new"' }), '/app.new.js': app })[path] ?? notFound,
        meets: '200 loading...', shows: 'welcome', removes: { 'HTTP cache': 1 },
    },
    {
        causes: 'R30', rule: 'cached-without-cors', model: 'aspnet/CORS#84', hosts: ['app.cors.test', 'www.cors.test', 'api.cors.test'],
        then: ({ host, at }) => ({
            'app.cors.test': to(at('www.cors.test')),
            'www.cors.test': readsFrom(at('api.cors.test', '/me')),
            'api.cors.test': json({}, { ...kept, 'Access-Control-Allow-Origin': at('www.cors.test', '') }),
        })[host],
        now: ({ host, at }) => (host === 'api.cors.test'
            ? json({}, { 'Access-Control-Allow-Origin': at('app.cors.test', ''), Vary: 'Origin' }) : readsFrom(at('api.cors.test', '/me'))),
        meets: '200 cannot load', shows: 'welcome', removes: { 'HTTP cache': 1 },
    },
    {
        causes: 'R31', rule: 'challenges-in-one-line', model: 'nicolargo/glances#3434', hosts: ['line.test'], helps: 'tell the administrator',
        then: () => welcome,
        now: () => says('Unauthorized', { 'WWW-Authenticate': 'Bearer, Basic realm="zoo"' }, 401),
        meets: '401 Unauthorized',
    },
    {
        causes: 'R6', rule: 'abandoned-login-cookies', model: 'oauth2-proxy/oauth2-proxy#2163', hosts: ['proxy.test'],
        then: () => welcomeWith(...Array.from({ length: 12 }, (_, i) => `_oauth2_proxy_csrf_${random(i)}=${'k'.repeat(400)}; Path=/; Secure`)),
        now: ({ header }) => (header('cookie').length > 4096 ? says('Header Fields Too Large', {}, 431) : welcome),
        meets: '431 Header Fields Too Large', removes: { Cookies: 12 },
    },
    {   // Tails of six characters.
        causes: 'R6', rule: 'abandoned-login-cookies', model: 'thomseddon/traefik-forward-auth#238', hosts: ['forward.test'],
        then: () => welcomeWith(...Array.from({ length: 30 }, (_, i) => `_forward_auth_csrf_${random(i).slice(0, 6)}=${'f'.repeat(130)}; Path=/; Secure`)),
        now: ({ header }) => (header('cookie').length > 4096 ? says('Cookie Too Large', {}, 400) : welcome),
        meets: '400 Cookie Too Large', removes: { Cookies: 30 },
    },
    {   // Sixty small ones: the size of each is known from its encrypted form within 8 bytes only.
        causes: 'R5', rule: 'cookie-header-too-big', model: 'jenkinsci/categorized-view-plugin#18', hosts: ['small.test'],
        then: () => welcomeWith(...Array.from({ length: 60 }, (_, i) =>
            `jenkins.categorized-view-collapse-state_team${String(i).padStart(2, '0')}=${'open,shut,'.repeat(9)}; Path=/; Secure`)),
        now: ({ header }) => (header('cookie').length > 8190 ? says('Header Fields Too Large', {}, 431) : welcome),
        meets: '431 Header Fields Too Large', removes: { Cookies: 31 },
    },
    {
        causes: 'R2', rule: 'shadowed-path-cookie', model: 'keycloak/keycloak#34727', hosts: ['realm.test'], start: '/realms/main/',
        then: () => welcomeWith('session=old; Path=/realms/main; Secure; SameSite=None'),
        now: wantsSession('Path=/; Secure; SameSite=None'),
        meets: tooManyRedirects, removes: { Cookies: 1 },
    },
    {   // Of the token only the entry beside it knows that its time is over.
        causes: 'R9', rule: 'dead-token', model: 'questdb/ui#395', hosts: ['opaque.test'],
        then: () => runs(`localStorage.setItem('access_token', 'opaque'); localStorage.setItem('expires_at', '${Date.now() - 240 * hour * 1000}'); say('welcome');`),
        now: ({ path }) => ({
            '/login': runs("localStorage.getItem('access_token') ? location.replace('/') : say('welcome');"),
            '/': runs("location.replace(Number(localStorage.getItem('expires_at')) > Date.now() ? '/home' : '/login');"),
        })[path],
        meets: 'goes in circles', removes: { 'Local storage': 2 },
        firefox: storageAsOne(),
    },
    {
        causes: 'R22', rule: 'refused-set-cookie', model: 'TecharoHQ/anubis#1680', hosts: ['parted.test'], helps: 'tell the administrator',
        then: () => welcome,
        now: wantsSession('Path=/; Partitioned'),
        meets: tooManyRedirects,
    },
    {   // https was tried once and is gone; the browser goes on asking by it, at the port of http.
        causes: 'R16', rule: 'stale-hsts', model: 'spring-projects/spring-security#9466', hosts: ['order.test'], plain: true, with: 'network', quick: true,
        then: () => says('welcome', { 'Strict-Transport-Security': 'max-age=31536000' }),
        now: () => welcome,
        meets: 'ERR_SSL_PROTOCOL_ERROR', removes: { 'HTTPS-only hosts (HSTS)': 1 },
    },
    {   // Healthy: a page and an answer that are kept and are the site's, an old token that a cookie renews, many cookies.
        hosts: ['www.hale.test', 'api.hale.test'],
        then: ({ host, path, at }) => (host === 'api.hale.test' ? json({}, { ...kept, 'Access-Control-Allow-Origin': '*' }) : ({
            '/': { ...runs(`
                localStorage.setItem('access_token', 'opaque');
                localStorage.setItem('expires_at', '${Date.now() - hour * 1000}');
                localStorage.setItem('cache_expires_at', '${Date.now() - hour * 1000}');
                say(await fetch('${at('api.hale.test', '/me')}').then((answer) => answer.json()).then(() => 'welcome', () => 'cannot load'));`),
            headers: { 'Content-Type': 'text/html', ...kept, ETag: '"same"', ...cookies('refresh_token=r; Path=/; Secure; HttpOnly',
                ...Array.from({ length: 12 }, (_, i) => `tile-${random(i)}=${'t'.repeat(300)}; Path=/; Secure`),
                ...Array.from({ length: 30 }, (_, i) => `view_${'abcdefghij'[i % 10]}olumns_shown_${'abc'[i % 3]}${i}=1; Path=/; Secure`)) } },
        })[path] ?? notFound),
        get now() { return this.then; },
        meets: '200 welcome',
    },
    {   // Healthy: a token that is good for another month, and its time beside it.
        hosts: ['sound.test'],
        then: () => ({ ...runs(`localStorage.setItem('auth.access_token', '${token(720 * hour)}'); localStorage.setItem('auth.expires_at', '${Date.now() + 720 * hour * 1000}'); say('welcome');`) }),
        get now() { return this.then; },
        meets: '200 welcome',
    },
];
