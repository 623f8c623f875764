// Runs of unstick that are killed at one of their operations on files.
import fs from 'node:fs';
import path from 'node:path';

/// `run` with an operation on files at which it is killed; 0: counts them. `more`: variables of fault_preload.cpp.
export async function killedAt(at, run, scratch, more = {}) {
    const count = path.join(scratch, 'count');
    const variables = { LD_PRELOAD: process.env.FAULT_PRELOAD, UNSTICK_FAULT: 'kill', UNSTICK_FAULT_AT: String(at || 1 << 30),
        UNSTICK_FAULT_COUNT: count, ...more, ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` };
    const kept = { ...process.env };
    Object.assign(process.env, variables);
    const running = run();  // has its variables now
    for (const name of Object.keys(variables)) {
        name in kept ? process.env[name] = kept[name] : delete process.env[name];
    }
    const result = await running;
    return at ? result : Number(fs.readFileSync(count, 'utf8'));
}
