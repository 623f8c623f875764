// The report of --report in a real Chromium: it loads nothing, runs nothing, fits a telephone and a desk, can be read in
// light and dark, on paper and without its style. All golden reports, the hostile one among them, and one of a real run.
//     UNSTICK_SCREENSHOTS=FOLDER keeps what was seen, to be looked at.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { executable } from './chromium.mjs';
import { unstick } from './unstick.mjs';

const { chromium } = await import('playwright-core');
const golden = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'golden');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-report-'));
const pictures = process.env.UNSTICK_SCREENSHOTS;
let good = true;

function check(what, condition, seen = '') {
    console.log(`${condition ? 'ok' : 'FAILED'}: ${what}${condition ? '' : '\n' + JSON.stringify(seen, null, 2)}`);
    good = good && Boolean(condition);
}

/// In the page: text whose contrast with what is behind it is below what WCAG 2 asks for (level AA, 4.5).
function pale() {
    const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color) => channels(color).slice(0, 3).map((c) => c / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const background = (element) => {
        for (let e = element; e; e = e.parentElement) {
            const color = getComputedStyle(e).backgroundColor;
            if ((channels(color)[3] ?? 1) > 0) return color;
        }
        return 'rgb(255, 255, 255)';
    };
    return [...document.querySelectorAll('main *, footer *')].filter((e) => e.childNodes.length && e.innerText?.trim())
        .map((e) => {
            const [low, high] = [luminance(getComputedStyle(e).color), luminance(background(e))].sort((a, b) => a - b);
            return { tag: e.tagName, ratio: (high + 0.05) / (low + 0.05) };
        }).filter(({ ratio }) => ratio < 4.5);
}

/// In the page: what a reader that has no eyes for it would miss.
function nameless() {
    return [
        ...[...document.querySelectorAll('table')].filter((table) => !table.caption?.innerText.trim()).map(() => 'a table without a caption'),
        ...[...document.querySelectorAll('th')].filter((th) => !th.scope).map((th) => 'a heading cell without a scope: ' + th.innerText),
        ...(document.documentElement.lang === 'en' ? [] : ['no language']),
        ...(document.title ? [] : ['no title']),
        ...(document.querySelectorAll('h1').length === 1 ? [] : ['not one h1']),
        ...[...document.querySelectorAll('h1, h2, h3')].map((h) => Number(h.tagName[1]))
            .flatMap((level, i, all) => (i && level > all[i - 1] + 1 ? [`h${all[i - 1]} is followed by h${level}`] : [])),
    ];
}

async function look(browser, file, name) {
    const html = fs.readFileSync(file, 'utf8');
    const context = await browser.newContext();
    const page = await context.newPage();
    const said = [], asked = [], dialogs = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('dialog', (dialog) => { dialogs.push(dialog.message()); dialog.dismiss(); });
    page.on('request', (request) => asked.push(request.url()));
    const url = pathToFileURL(file).href;
    for (const [width, height] of [[375, 800], [1280, 900]]) {
        for (const colorScheme of ['light', 'dark']) {
            await page.setViewportSize({ width, height });
            await page.emulateMedia({ colorScheme, media: 'screen' });
            await page.goto(url);
            const needed = await page.evaluate(() => document.documentElement.scrollWidth);
            check(`${name}: fits ${width} pixels, ${colorScheme}`, needed <= width, needed);
            const low = await page.evaluate(pale);
            check(`${name}: can be read at ${width} pixels, ${colorScheme}`, low.length === 0, low);
            if (pictures) {
                await page.screenshot({ path: path.join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
            }
        }
    }
    const styled = await page.evaluate(() => getComputedStyle(document.querySelector('table')).borderCollapse);
    check(`${name}: its style is allowed by its own policy`, styled === 'collapse', styled);
    const missing = await page.evaluate(nameless);
    check(`${name}: can be read by programs that read aloud`, missing.length === 0, missing);
    check(`${name}: nothing could run, load or point elsewhere`, await page.evaluate(() =>
        document.querySelectorAll('script, img, iframe, object, embed, link, a, form, [style], [onerror], [src], [href]').length) === 0);
    check(`${name}: its title is its own`, (await page.title()).startsWith('unstick report: '), await page.title());

    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    check(`${name}: prints black on white`, paper === 'rgb(255, 255, 255)', paper);
    const pdf = await page.pdf({ format: 'A4' });
    check(`${name}: prints`, pdf.length > 1000);
    if (pictures) {
        fs.writeFileSync(path.join(pictures, `${name}.pdf`), pdf);
    }

    // Without its style: a reader's browser may have its own, or none.
    const verdict = await page.evaluate(() => document.querySelector('.result').innerText);
    const plain = path.join(scratch, 'plain.html');
    fs.writeFileSync(plain, html.replace(/<style>[\s\S]*?<\/style>/, ''));
    await page.goto(pathToFileURL(plain).href);
    const text = await page.evaluate(() => document.body.innerText);
    check(`${name}: says the same without style`, verdict && text.indexOf(verdict) > 0 && text.indexOf(verdict) < 400, text.slice(0, 400));
    if (pictures) {
        await page.screenshot({ path: path.join(pictures, `${name}-plain.png`), fullPage: true });
    }

    check(`${name}: nothing was loaded but the page`, asked.every((one) => one.startsWith('file://') && one.endsWith('.html')), asked);
    check(`${name}: the console is empty`, said.length === 0, said);
    check(`${name}: nothing ran`, dialogs.length === 0, dialogs);
    await context.close();
}

if (!executable) {
    throw new Error('Chromium is not installed: ./scripts/setup installs it');
}
const browser = await chromium.launch({ executablePath: executable, chromiumSandbox: false,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
try {
    for (const file of fs.readdirSync(golden).filter((name) => name.endsWith('.html'))) {
        await look(browser, path.join(golden, file), file.replace('.html', ''));
    }
    const real = path.join(scratch, 'real.html');
    await unstick(scratch, 'test', 'http://127.0.0.1:9/', '--retries', '0', '--report', real);
    await look(browser, real, 'real');
} finally {
    await browser.close();
    fs.rmSync(scratch, { recursive: true, force: true });
}
process.exit(good ? 0 : 1);
