// A small web on this machine: one HTTPS server that is every host, and one HTTP server that is every host on port 8080.
// Everything they serve is made from the host's name, so that each site has secrets of its own.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { moduleWith } from './wasm.mjs';

export const ours = ['stuck.test', 'www.stuck.test', 'app.stuck.test', 'app.stuck.test:8443', 'plain.stuck.test:8080'];
export const others = ['notstuck.test', 'stuck.test.evil.test', 'partner.test', 'a.github.io', 'b.github.io',
    'xn--bcher-kva.test', 'other.test', 'plain.other.test:8080'];
export const all = [...ours, ...others];
// A page of the first, in it a frame of the second, in that one of the third.
export const framesOfOurs = [['partner.test', 'app.stuck.test'], ['other.test', 'www.stuck.test:8443'],
    ['www.stuck.test', 'partner.test', 'www.stuck.test']];
export const framesUnderOurs = [['www.stuck.test', 'partner.test']];
export const framesOfOthers = [['partner.test', 'other.test'], ['other.test', 'notstuck.test'],
    ['partner.test', 'other.test', 'partner.test']];
export const frames = [...framesOfOurs, ...framesUnderOurs, ...framesOfOthers];

/// Frames without credentials: [top, inner].
export const nameless = { ours: ['other.test', 'app.stuck.test'], others: ['partner.test', 'other.test'] };

export const isPlain = (host) => host.endsWith(':8080');
export const address = (host, path = '/') => `${isPlain(host) ? 'http' : 'https'}://${host}${path}`;

/// The marker of a host's data in a place; `top` is what is around the frame.
export function secret(host, place, top = '') {
    return `SECRET.${host.replace(/\W/g, '_')}.${top.replace(/\W/g, '_')}.${place}.TERCES`;
}

/// Of a chain of frames: the innermost host, and the name of what is around it.
export const innermost = (chain) => chain.at(-1);
export const around = (chain) => chain.slice(0, -1).join('>');

/// The page that shows a chain of frames; the innermost shows `path`.
export function chainAddress(chain, path) {
    return chain.slice(0, -1).reduceRight((inner, host) => address(host, '/around?frame=' + encodeURIComponent(inner)),
        address(innermost(chain), path));
}

export const bigSize = 1_200_000;
export const rangeSize = 300_000;

/// What a page of `host` loads from another site: of ours by others, and the other way round.
export const elsewhere = (host) => address(host.split(':')[0].endsWith('.stuck.test') || host === 'stuck.test' ? 'partner.test' : 'www.stuck.test',
    '/shared?by=' + host);

/// Headers by which a host asks the browser to remember things beside its pages.
function remembered(host) {
    return isPlain(host) ? {} : {
        'Strict-Transport-Security': 'max-age=86400',
        'Report-To': JSON.stringify({ group: 'errors', max_age: 86400, endpoints: [{ url: address(host, '/report') }] }),
        NEL: JSON.stringify({ report_to: 'errors', max_age: 86400 }),
        'Alt-Svc': 'h3=":443"; ma=86400',
        'Accept-CH': 'Sec-CH-UA-Platform-Version',
    };
}

/// Chromium is told to trust the server's key, whatever the host; other clients get `names` and the authority that signed it.
function certificate(names) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-cert-'));
    const at = (file) => path.join(folder, file);
    const make = (to, key, ...more) => execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
        '-nodes', '-keyout', at(key), '-out', at(to), '-days', '2', ...more], { stdio: 'ignore' });
    make('authority.pem', 'authority-key.pem', '-subj', '/CN=unstick test authority');
    make('cert.pem', 'key.pem', '-subj', '/CN=unstick test', '-CA', at('authority.pem'), '-CAkey', at('authority-key.pem'),
        '-addext', 'basicConstraints=critical,CA:FALSE',
        '-addext', 'subjectAltName=' + names.map((name) => (/^[\d.]+$/.test(name) ? 'IP:' : 'DNS:') + name).join(','));
    const spki = execFileSync('sh', ['-c', `openssl x509 -in '${at('cert.pem')}' -pubkey -noout | openssl pkey -pubin -outform der` +
        ' | openssl dgst -sha256 -binary | base64']).toString().trim();
    const made = { key: fs.readFileSync(at('key.pem')), chain: fs.readFileSync(at('cert.pem')), cert: fs.readFileSync(at('authority.pem')), spki };
    fs.rmSync(folder, { recursive: true });
    return made;
}

function answer(request, response) {
    const host = request.headers.host;
    const url = new URL(request.url, 'http://any');
    const cached = { 'Cache-Control': 'max-age=864000' };
    const fresh = { 'Cache-Control': 'no-store', 'Content-Type': 'text/html' };
    const open = { ...cached, 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
    // What `look` asks the HTTP cache for, where Chromium knows no 'only-if-cached': the server refuses instead.
    if (request.method === 'OPTIONS' || request.headers['x-only-if-cached']) {
        response.writeHead(request.method === 'OPTIONS' ? 204 : 504, { ...open, 'Cache-Control': 'no-store' });
        return response.end();
    }
    switch (url.pathname) {
        case '/clear':
            response.writeHead(200, { ...fresh, 'Clear-Site-Data': '"*"' });
            return response.end('<!doctype html><title>clear</title>');
        case '/shared':
            response.writeHead(200, { ...open, 'Content-Type': 'text/plain' });
            return response.end(secret(host, 'shared'));
        case '/ranges': {
            const [from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range).slice(1).map(Number);
            response.writeHead(206, { ...cached, 'Accept-Ranges': 'bytes', ETag: '"1"', 'Content-Type': 'video/mp4',
                'Content-Range': `bytes ${from}-${to}/5000000` });
            return response.end(secret(host, 'range').padEnd(to - from + 1, 'r'));
        }
        case '/code.js':  // long enough for Chromium to keep it compiled
            response.writeHead(200, { ...cached, 'Content-Type': 'text/javascript' });
            return response.end(Array.from({ length: 300 }, (_, n) =>
                `self.f${n} = (x) => { const s = '${secret(host, 'script')}'; return s.length + x + ${n}; };\nself.f${n}(1);\n`).join(''));
        case '/code.wasm':
            response.writeHead(200, { ...cached, 'Content-Type': 'application/wasm' });
            return response.end(moduleWith(secret(host, 'wasm')));
        case '/code':
            response.writeHead(200, fresh);
            return response.end('<!doctype html><title>code</title><script src="/code.js"></script>');
        case '/dictionary':
            response.writeHead(200, { ...cached, 'Content-Type': 'text/plain', 'Use-As-Dictionary': 'match="/compressed/*"' });
            return response.end(secret(host, 'dictionary').repeat(50));
        case '/small':
            response.writeHead(200, { ...cached, 'Content-Type': 'text/plain', 'X-Secret': secret(host, 'header') });
            return response.end(secret(host, 'small', url.searchParams.get('top') ?? ''));
        case '/big':
            response.writeHead(200, { ...cached, 'Content-Type': 'application/octet-stream' });
            return response.end(secret(host, 'big') + 'x'.repeat(bigSize));
        case '/moved':
            response.writeHead(301, { ...cached, Location: '/small' });
            return response.end();
        case '/sw.js':
            response.writeHead(200, { ...cached, 'Content-Type': 'text/javascript' });
            return response.end(`// ${secret(host, 'worker')}\nself.addEventListener('install', () => self.skipWaiting());`);
        case '/login': {
            const name = host.replace(/\W/g, '_');
            const domain = host.split(':')[0].split('.').slice(-2).join('.');
            const shared = domain === 'github.io' ? host : domain;
            response.writeHead(200, {
                ...fresh, ...remembered(host),
                'Set-Cookie': [
                    `host_only=${secret(host, 'cookie')}; Max-Age=86400; Path=/`,
                    `from_${name}=${secret(host, 'cookie')}; Max-Age=86400; Path=/; Domain=${shared}; Secure; HttpOnly; SameSite=Lax`,
                    `__Host-strict=${secret(host, 'cookie')}; Max-Age=86400; Path=/; Secure; SameSite=Strict`,
                    `until_quit=${secret(host, 'cookie')}; Path=/; Secure`,
                    `deep=${secret(host, 'cookie')}; Max-Age=86400; Path=/deep; Secure; SameSite=None`,
                ],
            });
            return response.end('<!doctype html><title>login</title>');
        }
        case '/frame': {
            const top = new URL(request.headers.referer).host;
            response.writeHead(200, {
                ...fresh,
                'Set-Cookie': `__Host-parted=${secret(host, 'cookie', top)}; Max-Age=86400; Path=/; Secure; SameSite=None; Partitioned`,
            });
            return response.end('<!doctype html><title>frame</title>');
        }
        case '/around':
            response.writeHead(200, fresh);
            return response.end(`<!doctype html><title>around</title><iframe src="${url.searchParams.get('frame')}"></iframe>`);
        default:
            response.writeHead(200, fresh);
            return response.end('<!doctype html><title>blank</title>');
    }
}

/// Starts the servers. `log` is the list of all requests: "host path"; `cert` the authority for clients that are told to trust one.
export async function startWorld(handler = answer, names = ['localhost']) {
    const { key, chain, cert, spki } = certificate(names);
    const log = [];
    const answerAndLog = (request, response) => {
        log.push(`${request.headers.host}${request.url}`);
        handler(request, response);
    };
    const servers = [https.createServer({ key, cert: chain }, answerAndLog), http.createServer(answerAndLog)];
    for (const server of servers) {
        await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    }
    const [port, plainPort] = servers.map((server) => server.address().port);
    const stop = () => servers.forEach((server) => { server.closeAllConnections(); server.close(); });
    return { port, plainPort, spki, cert, log, stop };
}
