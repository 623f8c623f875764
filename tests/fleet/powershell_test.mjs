// The scripts for Intune, as far as that can be told without PowerShell: they parse, and use nothing that Windows
// PowerShell 5.1 does not have. They are not run here.
import { execFileSync } from 'node:child_process';
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

const completion = execFileSync(process.argv[2], ['help', 'powershell'], { encoding: 'utf8' });
expect(faultsOf(completion).length === 0, 'unstick help powershell is Windows PowerShell 5.1', faultsOf(completion));
expect(faultsOf(completion.replace('param(', 'param((')).length > 0, 'the test sees what is not');

for (const name of ['detect.ps1', 'remediate.ps1']) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const faults = faultsOf(text);
    expect(faults.length === 0, `${name} is Windows PowerShell 5.1`, faults);
    const ends = [...text.matchAll(/^\s*exit (.*)$/gm)].map((match) => match[1]);
    const codes = name === 'detect.ps1' ? ['0', '1', '$unknown'] : ['0', '1'];
    expect(ends.length > 0 && ends.every((code) => codes.includes(code)), `${name} ends with 0 or 1`, ends);
    expect(text.includes('& $Unstick @Arguments 2>$null') && !/Write-Error|throw |\[Console\]::Error/.test(text),
        `${name} writes nothing to the error stream`);
    for (const place of ['$env:ProgramFiles', "Get-Command -Name 'unstick.exe'", 'Programs\\unstick', 'WinGet\\Links', 'scoop\\shims']) {
        expect(text.includes(place), `${name} looks for the program: ${place}`);
    }
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
const first = readFileSync(new URL('../../scripts/first-run-windows.ps1', import.meta.url), 'utf8');
expect(faultsOf(first).length === 0, 'first-run-windows.ps1 is Windows PowerShell 5.1', faultsOf(first));
expect(!/Stop-Process|\.Kill\(/.test(first) && first.includes("GetTempPath") && first.includes('--user-data-dir='),
    'first-run-windows.ps1 kills nothing and works on a folder of its own');
// What could not be told is one line, and red only where that is wanted; a removal follows a finding only.
const detect = readFileSync(new URL('detect.ps1', folder), 'utf8');
expect(/\$unknown = \[int\]\[bool\]\$FailWhenUnknown/.test(detect), 'detect.ps1 has -FailWhenUnknown');
for (const words of ['unstick is not installed', '$($ran.Fault)', 'exit code $($ran.Code).']) {
    const at = detect.indexOf(words);
    expect(at > 0 && /^[^\n]*\n\s*exit \$unknown\n/.test(detect.slice(at)), `detect.ps1: "${words}" ends with what is chosen for it`);
}
const remediate = readFileSync(new URL('remediate.ps1', folder), 'utf8');
expect(/if \(\$ran\.Code -eq 10\) \{ \$ran = Invoke-Unstick \(@\('fix'/.test(remediate) && remediate.split("'fix', $Site").length === 2,
    'remediate.ps1 removes only after a look that finds something');
// What both do is the same text.
const shared = (text) => text.slice(text.indexOf('# Where unstick is'), text.lastIndexOf('    return @{ Code = $code;')).replace(/\} (detect|remediate)?:/g, '').replace(/ (detect|remediate): /g, ' ');
expect(shared(detect) === shared(remediate) && shared(detect).length > 1000, 'what both scripts do is the same in both');
process.exit(failed ? 1 : 0);
