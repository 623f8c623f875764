// What is left of a site by several ways to remove it, as the sections of docs/comparison.md.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { searchBytes } from './bytes.mjs';
import { check, same } from './check.mjs';
import { unstick } from './unstick.mjs';

const page = new URL('../../docs/comparison.md', import.meta.url);
const asked = (folder, site) => ['fix', site, '--user-data-dir', folder, '--with', 'network,permissions,passwords', '--retest', 'none'];

/// The way that is ours.
export const byUnstick = (folder) => unstick(folder + '-state', ...asked(folder, 'stuck.test'), '--yes');

/// Items of a site in each store.
export async function itemsIn(folder, site = 'stuck.test') {
    const { json } = await unstick(folder + '-look', ...asked(folder, site), '--dry-run', '--json');
    const items = {};
    for (const store of json.profiles.flatMap((profile) => profile.stores)) {
        items[store.store] = (items[store.store] ?? 0) + store.found;
    }
    return items;
}

/// Files below each part of the profile that hold a secret of the site.
export function filesWithSecrets(folder, markers) {
    const files = {};
    for (const file of new Set(searchBytes(folder, markers).map((hit) => hit.slice(0, hit.indexOf(': '))))) {
        const part = file.split('/').slice(0, 2).join('/');
        files[part] = (files[part] ?? 0) + 1;
    }
    return files;
}

/// A table with a column for each way, of what `look` sees in `planted` and in copies that were cleaned. { table, seen }.
export function tableOf(title, seen) {
    const columns = Object.keys(seen);
    return [`| ${title} | ${columns.join(' | ')} |`, `| --- |${' --- |'.repeat(columns.length)}`,
        ...[...new Set(columns.flatMap((column) => Object.keys(seen[column])))].sort().map((row) =>
            `| ${row} | ${columns.map((column) => seen[column][row] ?? 0).join(' | ')} |`)].join('\n');
}

/// What each look sees before and after each way: { look: { way: seen } }.
export async function compare(scratch, planted, ways, looks) {
    const seen = Object.fromEntries(Object.keys(looks).map((look) => [look, {}]));
    for (const [name, remove] of [['before', async () => {}], ...Object.entries(ways)]) {
        const folder = path.join(scratch, name.replace(/\W/g, ''));
        execFileSync('cp', ['-a', planted, folder]);
        await remove(folder);
        for (const [look, work] of Object.entries(looks)) {
            seen[look][name] = await work(folder);
        }
    }
    return seen;
}

/// Writes a section of the page (UNSTICK_APPROVE=1), or checks that it says the same of unstick, the last column. `late`: stores
/// that the browser writes some time after the visit, so that one run sees them and another does not.
export function approve(name, text, late = []) {
    console.log(text);
    const old = fs.readFileSync(page, 'utf8');
    const [head, ...sections] = old.split(/^(?=## )/m);
    if (process.env.UNSTICK_APPROVE === '1') {
        const others = sections.filter((section) => !section.startsWith(`## ${name}\n`));
        fs.writeFileSync(page, [head, ...[...others, `## ${name}\n\n${text}`].sort()].map((part) => part.trimEnd() + '\n').join('\n'));
    }
    const rows = (source) => source.split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|')).map((cells) => [cells[1], cells.at(-2)].join('|'));
    const known = [...rows(fs.readFileSync(page, 'utf8').split(/^(?=## )/m).find((section) => section.startsWith(`## ${name}\n`)) ?? ''),
        ...late.map((store) => ` ${store} | 0 `)];
    check('docs/comparison.md says so, of all these stores', () => same(rows(text).filter((row) => !known.includes(row)), []));
}
