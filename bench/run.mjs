// npm run bench: measures the engine against its peers and against its targets, in one run on one machine.
//   node bench/run.mjs [--quick] [--readme] [--json FILE]
//
// --quick   a short run, for a look     --readme   puts the tables into README.md     --json   a second copy of the JSON

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from '../scripts/build.mjs';
import { build } from '../scripts/lib/cmake.mjs';
import { main, Refusal, root } from '../scripts/lib/process.mjs';
import { viteBuild } from '../scripts/lib/vite.mjs';
import { installPackages, setup } from '../scripts/setup.mjs';
import { fileSizes, firstLoads } from './bytes.mjs';
import { Contestant, contestants } from './contestants.mjs';
import { insertIntoReadme, report } from './table.mjs';

const FILES = ['engine/engine-simd.wasm', 'engine/engine-scalar.wasm', 'batchnorm-lab.html'];
const PAGES = {
  home: 'index.html',
  'chapter 1': 'a-batch-normalised.html',
  claims: 'claims.html',
  quiz: 'quiz.html',
  lab: 'lab.html',
};

await main(async () => {
  const { values: options } = parseArgs({
    options: { quick: { type: 'boolean' }, readme: { type: 'boolean' }, json: { type: 'string' } },
  });
  await prepare();
  const results = await measure(options.quick ? { rounds: 3, seconds: 0.15 } : { rounds: 9, seconds: 0.5 });
  const text = report(results);
  console.log(`\n${text}\n`);

  const json = `${JSON.stringify(results, null, 2)}\n`;
  for (const file of [path.join(root, 'build/bench.json'), options.json].filter(Boolean)) {
    fs.writeFileSync(file, json);
    console.log(`Written: ${file}`);
  }
  if (options.readme) {
    const readme = path.join(root, 'README.md');
    fs.writeFileSync(readme, insertIntoReadme(fs.readFileSync(readme, 'utf8'), text));
  }
});

async function prepare() {
  setup('bench');
  installPackages(path.join(root, 'bench'));
  await buildAll();
  if ((await viteBuild('bench/page/vite.config.ts')) !== 0)
    throw new Refusal('The page to be measured could not be built.');
  for (const preset of ['native-bench', 'native-march', 'wasm-bench']) {
    if ((await build(preset)) !== 0)
      throw new Refusal(`The preset ${preset} could not be built; the lines above say why.`);
  }
}

async function measure({ rounds, seconds }) {
  const cores = os.availableParallelism();
  const machine = {
    processor: os.cpus()[0].model.trim(),
    cores,
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    load_before: os.loadavg()[0],
  };
  if (machine.load_before > 0.5) {
    console.log(
      `Other programs keep this machine busy (load ${machine.load_before.toFixed(1)}): expect wide ranges.`,
    );
  }
  const bytes = {
    files: fileSizes(path.join(root, 'dist'), FILES),
    firstLoads: await firstLoads(path.join(root, 'dist'), PAGES),
  };

  const running = [];
  for (const [id, entry] of Object.entries(contestants(cores)))
    running.push(await Contestant.start(id, entry));
  if (!running.some(({ id }) => id === 'torch'))
    console.log('PyTorch is not installed (python3-torch): left out.');
  const rates = await roundRobin(running, rounds, seconds);
  for (const contestant of running) contestant.stop();
  return {
    machine,
    rounds,
    seconds,
    cores,
    contestants: Object.fromEntries(
      running.map(({ id, name, note }) => [id, { name, note, rates: rates[id] }]),
    ),
    bytes,
  };
}

/**
 * Every contestant in turn, workload by workload, round by round, so that what is compared is measured side by side. The
 * first round only warms up.
 */
async function roundRobin(running, rounds, seconds) {
  const rates = Object.fromEntries(
    running.map(({ id, workloads }) => [id, Object.fromEntries(workloads.map((workload) => [workload, []]))]),
  );
  const workloads = [...new Set(running.flatMap((contestant) => contestant.workloads))];
  for (let round = 0; round <= rounds; round++) {
    console.log(round === 0 ? 'Warming up' : `Round ${round} of ${rounds}`);
    for (const workload of workloads) {
      for (const contestant of running.filter((each) => each.workloads.includes(workload))) {
        const rate = await contestant.measure(workload, seconds);
        if (round > 0) rates[contestant.id][workload].push(rate);
      }
    }
  }
  return rates;
}
