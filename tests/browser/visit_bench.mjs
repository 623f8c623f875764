// What a re-test by the browser itself costs, and a proof by experiment, as ratios to one bare start of the same browser. Run by
// scripts/bench; UNSTICK names the release build.     node visit_bench.mjs [RUNS]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { executable } from './chromium.mjs';
import { healthy } from './zoo_animals.mjs';
import { unnamed } from './zoo_animals_proof.mjs';
import { openZoo } from './zoo_world.mjs';

const runs = Number(process.argv[2] ?? 5);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'unstick-visits-'));
const stuck = unnamed[0];
const zoo = await openZoo(scratch, [stuck, healthy]);
zoo.beToday();

async function best(work) {
    let least = { seconds: Infinity };
    for (let run = 0; run < runs; ++run) {
        const begin = performance.now();
        const result = await work(run);
        const seconds = (performance.now() - begin) / 1000;
        least = seconds < least.seconds ? { seconds, result } : least;
    }
    return least;
}

const bare = await best((run) => spawnSync(executable, ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--dump-dom',
    `--user-data-dir=${path.join(scratch, `bare${run}`)}`, 'about:blank'], { stdio: 'ignore' }));
const row = (what, { seconds, result }, visits) => console.log([what, `${seconds.toFixed(2)} s`, `${(seconds / bare.seconds).toFixed(2)} starts`,
    ...(visits ? [`${visits} visits`, `${(seconds / visits).toFixed(2)} s and ${(seconds / visits / bare.seconds).toFixed(2)} starts a visit`] : []),
    ...(result?.json ? [result.json.verdict.code] : [])].join('; '));
row('a bare start', bare);

const look = (command, site) => best(() => zoo.run(command, site, zoo.profile, ...zoo.byBrowserOn(site)));
row('why --retest browser, not stuck', await look('why', healthy), 2);  // the profile's and a fresh one's
const proved = await look('why', stuck);
// The first of the evidence is the visit that showed that it is stuck; beside these a fresh browser's.
row('why --retest browser, to proof', proved, [proved.result.json.findings[0].evidence.visit].flat().length + 1);
zoo.world.stop();
fs.rmSync(scratch, { recursive: true, force: true });
