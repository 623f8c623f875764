// The tables of docs/judged-by-browsers.md: each below its heading, written with UNSTICK_APPROVE=1 and compared without.
import fs from 'node:fs';
import { check, same } from './check.mjs';

const page = new URL('../../docs/judged-by-browsers.md', import.meta.url);

/// Where the table below a heading begins and ends.
function placeOf(text, heading) {
    const begin = text.indexOf('\n| ', text.indexOf(`## ${heading}\n`)) + 1;
    const end = text.indexOf('\n\n', begin) < 0 ? text.length - 1 : text.indexOf('\n\n', begin);
    return { begin, end };
}

/// The rows of the table below a heading, as it stands there, without its head.
export function rowsOf(heading) {
    const text = fs.readFileSync(page, 'utf8');
    const { begin, end } = placeOf(text, heading);
    return text.slice(begin, end).split('\n').slice(2).map((line) =>
        line.slice(2, -2).split(/ \| /).map((cell) => cell.replaceAll('\\|', '|')));
}

export function approved(heading, rows) {
    const table = rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
    const text = fs.readFileSync(page, 'utf8');
    const { begin, end } = placeOf(text, heading);
    if (process.env.UNSTICK_APPROVE === '1') {
        fs.writeFileSync(page, text.slice(0, begin) + table + text.slice(end));
    } else {
        check(`docs/judged-by-browsers.md shows the table of ${heading} (UNSTICK_APPROVE=1 writes it)`, () =>
            same(text.slice(begin, end).split('\n'), table.split('\n')));
    }
}
