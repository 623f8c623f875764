// A real stuck login, from stuck to fixed, in a throw-away profile: what ./scripts/demo shows.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { close, open } from './chromium.mjs';
import { unstick } from './unstick.mjs';
import { startWorld } from './world.mjs';

const color = process.stdout.isTTY && !process.env.NO_COLOR;
const bold = (text) => (color ? `\x1b[1m${text}\x1b[0m` : text);
const site = 'intranet.example';

/// Answers 401 as long as the cookie of an old session is sent: the server has forgotten the session, and does not
/// offer to sign in again. A client without the cookie gets in.
function stuckLogin(request, response) {
    const cookies = request.headers.cookie ?? '';
    if (new URL(request.url, 'https://x').pathname === '/old-session') {
        response.writeHead(200, { 'Set-Cookie': 'session=of-last-week; Max-Age=864000; Path=/; Secure; HttpOnly' });
        return response.end('signed in, last week');
    }
    if (cookies.includes('session=of-last-week')) {
        response.writeHead(401, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' });
        return response.end('401 Unauthorized');
    }
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' });
    return response.end('Welcome: please sign in');
}

async function visit(folder, world, url) {
    const context = await open(folder, world);
    const page = await context.newPage();
    const response = await page.goto(url);
    const seen = `${response.status()} ${await response.text()}`;
    await page.close();
    await close(context, folder);
    return seen;
}

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-demo-'));
const profile = path.join(scratch, 'chromium');
const world = await startWorld(stuckLogin, [site]);
const authorities = path.join(scratch, 'cert.pem');
fs.writeFileSync(authorities, world.cert);

/// Runs unstick and shows it, without the options that only this demonstration needs.
async function run(...args) {
    const own = ['--resolve', '--cacert', '--url'];
    const shown = args.filter((arg, i) => !own.includes(arg) && !own.includes(args[i - 1]));
    console.log(bold(`\n$ unstick ${shown.join(' ').replaceAll(profile, 'PROFILE')}`));
    const { code, text } = await unstick(path.join(scratch, 'state'), ...args);
    process.stdout.write(text.replaceAll(scratch, 'SCRATCH'));
    console.log(`(exit code ${code})`);
    return code;
}

// The demonstration's site exists on this machine only, so the re-test is told where it is and which certificate to trust.
const where = ['--user-data-dir', profile];
const reach = ['--resolve', `${site}:443:127.0.0.1`, '--resolve', `${site}:${world.port}:127.0.0.1`, '--cacert', authorities,
    '--url', `https://${site}:${world.port}/`];
let good = true;
const expect = (seen, wanted) => { good = good && seen === wanted; };
try {
    console.log(bold('1. Last week the user signed in at two sites, with a real Chromium:'));
    console.log('   ' + await visit(profile, world, `https://${site}/old-session`));
    console.log('   ' + await visit(profile, world, 'https://other.example/old-session'));
    console.log(bold('2. Today the login is stuck. Chromium gets:'));
    const stuck = await visit(profile, world, `https://${site}/`);
    console.log('   ' + stuck);
    expect(stuck, '401 401 Unauthorized');
    console.log(bold('3. unstick removes what this one site left behind:'));
    expect(await run(site, '--yes', ...where, ...reach), 0);
    console.log(bold('\n4. The same Chromium, the same profile:'));
    const fixed = await visit(profile, world, `https://${site}/`);
    console.log('   ' + fixed);
    expect(fixed, '200 Welcome: please sign in');
    const other = await visit(profile, world, 'https://other.example/');
    console.log(`   the other site still has its session: ${other.startsWith('401') ? 'yes' : 'NO'}`);
    expect(other, '401 401 Unauthorized');
    console.log(bold('5. And back again, if that was not wanted:'));
    expect(await run('undo', '--yes'), 0);
    expect(await visit(profile, world, `https://${site}/`), '401 401 Unauthorized');
} finally {
    world.stop();
    fs.rmSync(scratch, { recursive: true, force: true });
}
console.log(good ? bold('\nThe demonstration went as it should.') : 'THE DEMONSTRATION FAILED');
process.exit(good ? 0 : 1);
