// The scripts for Intune, as far as that can be told without PowerShell: they parse, and use nothing that Windows
// PowerShell 5.1 does not have. They are not run here.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

const folder = new URL('../../fleet/intune/', import.meta.url);
const grammar = createRequire(import.meta.url).resolve('tree-sitter-powershell/tree-sitter-powershell.wasm');
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(grammar));

let failed = false;
function expect(condition, what, ...facts) {
    console.log(condition ? 'ok:' : 'FAILED:', what, ...(condition ? [] : facts));
    failed ||= !condition;
}

/** Kinds of syntax nodes, without the text of strings and comments. */
function* nodes(node) {
    yield node;
    for (const child of node.children) {
        yield* nodes(child);
    }
}

function faultsOf(text) {
    const faults = [];
    for (const node of nodes(parser.parse(text).rootNode)) {
        const where = `line ${node.startPosition.row + 1}`;
        if (node.isError || node.isMissing) {
            faults.push(`${where}: no syntax: ${node.text.slice(0, 40)}`);
        }
        // Came with PowerShell 7.
        if (['&&', '||', '??', '??=', '?.', '?[', 'ternary_expression'].includes(node.type)) {
            faults.push(`${where}: not in 5.1: ${node.type}`);
        }
    }
    if (/[^\x00-\x7f]/.test(text)) {
        faults.push('a letter that 5.1 reads in another encoding');
    }
    return faults;
}

const schema = JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'));
const fields = new Set(Object.values(schema.$defs).flatMap((definition) => Object.keys(definition.properties ?? {})));
const nested = Object.values(schema.$defs.report.properties).flatMap((value) => Object.keys(value.properties ?? {}));
nested.forEach((field) => fields.add(field));

for (const name of ['detect.ps1', 'remediate.ps1']) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const faults = faultsOf(text);
    expect(faults.length === 0, `${name} is Windows PowerShell 5.1`, faults);
    const ends = [...text.matchAll(/^\s*exit (.*)$/gm)].map((match) => match[1]);
    expect(ends.length > 0 && ends.every((code) => code === '0' || code === '1'), `${name} ends with 0 or 1`, ends);
    const read = [...text.matchAll(/\$(?:report|_|store|browserProfile|problem)((?:\.[a-z_]+)+)/g)].flatMap((match) =>
        match[1].slice(1).split('.'));
    const unknown = read.filter((field) => !fields.has(field));
    expect(read.length > 0 && unknown.length === 0, `${name} reads fields that reports have`, unknown);
    for (const [what, damaged] of [
        ['a brace is missing', text.replace(/\}(?![\s\S]*\})/, '')],
        ['a quote is missing', text.replace("'intranet.example'", "'intranet.example")],
        ['&&', text + '\nGet-Date && Get-Date\n'],
        ['another letter', text + '# \u00fc\n'],
    ]) {
        expect(faultsOf(damaged).length > 0, `${name}: the test sees that ${what}`);
    }
}
process.exit(failed ? 1 : 0);
