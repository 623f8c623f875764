// A real WebKit (webkit.py) on folders of its own, and what stands between it and the world: WebKit has no option to map
// all hosts to one server, so it is given a proxy.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const driver = fileURLToPath(new URL('webkit.py', import.meta.url));

/// A proxy that leads every tunnel to the world's HTTPS server (but those to the port of its HTTP server) and every plain request
/// to its HTTP server. `asked`: the hosts that it was asked for.
export async function startProxy(world) {
    const asked = [];
    const proxy = http.createServer((request, response) => {
        const { pathname, search, hostname } = new URL(request.url);
        asked.push(hostname);
        const onward = http.request({ port: world.plainPort, method: request.method, path: pathname + search,
            headers: request.headers }, (answer) => {
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
        });
        request.pipe(onward);
    });
    proxy.on('connect', (request, socket, head) => {
        const [host, port] = request.url.split(':');
        asked.push(host);
        const server = net.connect(Number(port) === world.plainPort ? world.plainPort : world.port, '127.0.0.1', () => {
            socket.write('HTTP/1.1 200 OK\r\n\r\n');
            server.write(head);
            server.pipe(socket).pipe(server);
        });
        for (const end of [server, socket]) {
            end.on('error', () => { server.destroy(); socket.destroy(); });
        }
    });
    await new Promise((ready) => proxy.listen(0, '127.0.0.1', ready));
    return { address: `http://127.0.0.1:${proxy.address().port}`, asked, stop: () => { proxy.closeAllConnections(); proxy.close(); } };
}

/// A step for `browse`: runs a function, as text, with an argument in the innermost frame of a page.
export const step = (url, work, argument) => ({ url, script: `return (${work})(${JSON.stringify(argument)})` });

/// Opens WebKit on { data, cache }, takes the steps, closes it: what each step gave. Throws if one failed.
export async function browse(api, { data, cache }, proxy, steps) {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-webkit-home-'));
    fs.mkdirSync(data, { recursive: true });
    fs.mkdirSync(cache, { recursive: true });
    const child = spawn('xvfb-run', ['-a', '/usr/bin/python3', driver, api, data, cache, proxy.address], {
        env: {
            PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: home, XDG_RUNTIME_DIR: home, TMPDIR: home, GDK_BACKEND: 'x11',
            GIO_USE_VFS: 'local', GSETTINGS_BACKEND: 'memory', GSK_RENDERER: 'cairo', GTK_A11Y: 'none', NO_AT_BRIDGE: '1',
            LIBGL_ALWAYS_SOFTWARE: '1',
            WEBKIT_DISABLE_COMPOSITING_MODE: '1', WEBKIT_DISABLE_DMABUF_RENDERER: '1',
            // Only our own pages are loaded, and its sandbox does not start within another one.
            WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
        },
        stdio: ['pipe', 'pipe', 'pipe'], timeout: 600000,
    });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) {
        child[stream].setEncoding('utf8').on('data', (chunk) => { text[stream] += chunk; });
    }
    child.stdin.end(JSON.stringify(steps));
    const code = await new Promise((done) => child.on('close', done));
    fs.rmSync(home, { recursive: true, force: true });
    if (code !== 0) {
        throw new Error(`WebKit ended with ${code}; ./scripts/setup installs what it needs:\n${text.stderr}`);
    }
    return JSON.parse(text.stdout).map(({ value, error }, i) => {
        if (error) {
            throw new Error(`${JSON.stringify(steps[i]).slice(0, 80)}: ${error}`);
        }
        return value;
    });
}
