// The smallest test runner: named checks, a count, an exit code.
import assert from 'node:assert/strict';

let passed = 0;
let failed = 0;

export function check(name, test) {
    try {
        test();
        ++passed;
        console.log(`ok    ${name}`);
    } catch (error) {
        ++failed;
        console.log(`FAIL  ${name}\n${String(error.message).split('\n').slice(0, 40).map((line) => '      ' + line.slice(0, 200)).join('\n')}`);
    }
}

export const same = (seen, expected) => assert.deepEqual(seen, expected);
export const truly = (value, message) => assert.ok(value, message);

/// Prints the count and ends the process.
export function finish() {
    console.log(`${passed} passed, ${failed} failed`);
    process.exit(failed === 0 && passed > 0 ? 0 : 1);
}
