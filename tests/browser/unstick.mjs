// Runs the program under test and keeps everything that it prints.
import { spawn } from 'node:child_process';
import fs from 'node:fs';

export const program = process.env.UNSTICK;
export const printed = [];

/// unstick ARGS: { code, json, text }. Our own servers go on answering meanwhile.
export async function unstick(state, ...args) {
    if (!program || !fs.existsSync(program)) {
        throw new Error('UNSTICK has to name the program under test');
    }
    const child = spawn(program, args, {
        env: { ...process.env, XDG_STATE_HOME: state, XDG_CONFIG_HOME: state, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'], timeout: 600000,  // only a run that hangs lasts so long
    });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) {
        child[stream].setEncoding('utf8').on('data', (chunk) => { text[stream] += chunk; });
    }
    const code = await new Promise((done) => child.on('close', done));
    printed.push(text.stdout, text.stderr);
    if (/Sanitizer|runtime error/.test(text.stderr)) {
        throw new Error('a sanitizer spoke:\n' + text.stderr);
    }
    let json = null;
    try {
        json = JSON.parse(text.stdout);
    } catch { /* text was asked for */ }
    return { code, json, text: text.stdout + text.stderr };
}
