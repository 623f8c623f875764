// unstick on a terminal of its own, as wide as wanted, with somebody who types.
import { spawn } from 'node:child_process';
import { program } from './unstick.mjs';
import { until } from './until.mjs';

/// What is left to be seen of the bytes that came: 'erase to the end of the line' and carriage returns obeyed.
const screen = (bytes) => bytes.replaceAll(/[^\n]*\r\x1b\[K/g, '').replaceAll('\r', '');

/// Starts it: { answer, ended, shown }. `environment` is added to ours.
export function onTerminal(columns, environment, ...args) {
    const words = ['unstick', ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).slice(1).join(' ');
    const child = spawn('script', ['-qec', `stty rows 24 cols ${columns} && exec "$UNSTICK" ${words}`, '/dev/null'],
        { env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', UNSTICK: program, ...environment }, stdio: ['pipe', 'pipe', 'inherit'] });
    let bytes = '';
    let answeredAt = 0;
    let code = null;
    child.stdout.setEncoding('utf8').on('data', (chunk) => { bytes += chunk; });
    child.on('close', (ended) => { code = ended; });
    return {
        /// Waits until it asks with these words, and types the answer.
        async answer(question, typed) {
            await until(`it asks "${question}":\n${bytes.slice(answeredAt)}`, () => {
                if (code !== null) {
                    throw new Error(`it ended with ${code} instead of asking "${question}":\n${screen(bytes)}`);
                }
                return bytes.slice(answeredAt).endsWith(question + ' ');
            });
            answeredAt = bytes.length;
            child.stdin.write(typed + '\n');
        },
        /// Its exit code, when it has ended.
        async ended() {
            await until('it ends:\n' + bytes.slice(answeredAt), () => code !== null);
            return code;
        },
        shown: () => screen(bytes),
    };
}
