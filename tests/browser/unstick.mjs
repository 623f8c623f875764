// Runs the program under test and keeps everything that it prints.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

export const program = process.env.UNSTICK;
export const printed = [];

/// unstick ARGS: { code, json, text }.
export function unstick(state, ...args) {
    if (!program || !fs.existsSync(program)) {
        throw new Error('UNSTICK has to name the program under test');
    }
    const result = spawnSync(program, args, {
        env: { ...process.env, XDG_STATE_HOME: state, XDG_CONFIG_HOME: state, NO_COLOR: '1' },
        encoding: 'utf8', input: '', timeout: 120000,
    });
    printed.push(result.stdout, result.stderr);
    if (/Sanitizer|runtime error/.test(result.stderr)) {
        throw new Error('a sanitizer spoke:\n' + result.stderr);
    }
    let json = null;
    try {
        json = JSON.parse(result.stdout);
    } catch { /* text was asked for */ }
    return { code: result.status, json, text: result.stdout + result.stderr };
}
